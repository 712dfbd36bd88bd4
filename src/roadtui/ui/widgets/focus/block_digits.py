"""A time in large digits, drawn in block characters. Pure."""

from __future__ import annotations

_PIXELS = {
    "0": "###,# #,# #,# #,###",
    "1": " # ,## , # , # ,###",
    "2": "###,  #,###,#  ,###",
    "3": "###,  #,###,  #,###",
    "4": "# #,# #,###,  #,  #",
    "5": "###,#  ,###,  #,###",
    "6": "###,#  ,###,# #,###",
    "7": "###,  #,  #,  #,  #",
    "8": "###,# #,###,# #,###",
    "9": "###,# #,###,  #,###",
    ":": " ,#, ,#, ",
}
"""The rows of each character from the top."""
_HALVES = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
LARGE_ROWS, SMALL_ROWS = 5, 3


def block_digits(text: str, rows: int) -> list[str]:
    """`text`, of digits and colons, in `rows` lines of one width: `LARGE_ROWS` or `SMALL_ROWS`."""
    glyphs = [_PIXELS[character].split(",") for character in text]
    lines = [" ".join(glyph[row] for glyph in glyphs) for row in range(5)]
    if rows == LARGE_ROWS:
        return ["".join("██" if pixel == "#" else "  " for pixel in line) for line in lines]
    blank = " " * len(lines[0])
    pairs = zip(lines[::2], [*lines[1::2], blank], strict=True)
    return [
        "".join(_HALVES[top == "#", bottom == "#"] for top, bottom in zip(upper, lower, strict=True))
        for upper, lower in pairs
    ]
