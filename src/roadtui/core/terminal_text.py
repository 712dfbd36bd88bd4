"""Makes text safe for a terminal: it cannot control the terminal, hide, or shift columns. Pure.

Notes may come from anywhere. An escape sequence in a task's text must not set the clipboard, a bidi control
must not make one file name look like another, and a cut must not split an emoji. Mojibake is repaired first
(`core.mojibake`), as it may contain C1 controls, which are replaced here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from unicodedata import category, combining

from roadtui.core.mojibake import repair
from roadtui.core.patterns import LazyPattern


def escape_terminal(text: str) -> str:
    """`text` as one line for a terminal, with control and invisible characters replaced by visible ones.

    A tab becomes a space, C0 controls and DEL become their control pictures (`␛`), line and paragraph
    separators `␤`. Other unprintable characters become `�`: C1, bidi controls, stray tags, lone surrogates
    (bytes that are not UTF-8), noncharacters and zero-width characters that join nothing. Emoji sequences,
    variation selectors, combining marks, the joiners of Persian and Indic scripts and private use stay.
    """
    return text if text.isprintable() else _UNSAFE.sub(_stand_in, text)


def ellipsize(text: str, cells: int, width: Callable[[str], int]) -> str:
    """`text` cut to at most `cells` columns, with a final `…` if it was cut, never inside a grapheme cluster.

    `width` gives the number of columns of a text, and 1 for `…`. It is an argument so that the cut agrees
    with the renderer (`rich.cells.cell_len`).
    """
    if width(text) <= cells:
        return text
    if cells < 1:
        return ""
    cells_left = cells - 1
    kept: list[str] = []
    for cluster in graphemes(text):
        cells_left -= width(cluster)
        if cells_left < 0:
            break
        kept.append(cluster)
    return "".join(kept) + "…"


def graphemes(text: str) -> Iterator[str]:
    """The grapheme clusters of `text`, by the rules of Unicode Annex 29 that matter for a line of a note.

    In doubt, two characters stay together: a virama joins any letter.
    """
    start = 0
    for at in range(1, len(text)):
        if not _joins(text, start, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


_FLAG_WITH_TAGS = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
_HIDDEN = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\xad\u061c\u180e\u200b\u200e\u200f"  # soft hyphen, marks of direction, spaces without width
    "\u2028-\u202e\u2060-\u206f"  # separators, bidi controls, invisible operators
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ufdd0-\ufdef"  # byte order mark, annotation, noncharacters
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # controls of shorthand and musical notation
    "\U000e0000-\U000e00ff"  # tags
    "\ud800-\udfff"  # lone surrogates
)
_UNSAFE = LazyPattern(f"{_FLAG_WITH_TAGS}|[{_HIDDEN}]")


def _stand_in(match: re.Match[str]) -> str:
    found = match.group()
    if len(found) > 1:
        return found
    if found == "\t":
        return " "
    if found in "\u2028\u2029":
        return "␤"
    if found < " ":
        return chr(0x2400 + ord(found))
    return "␡" if found == "\x7f" else "�"


_ZWJ = "\u200d"
_VIRAMA = 9
"""The combining class of the sign that ties an Indic consonant to the next."""

_EXTENDING = LazyPattern(
    "[\u0e33\u0eb3"  # vowels of Thai and Lao that are letters by category
    "\u200c\uff9e\uff9f"  # the non-joiner and the voicing marks of half-width kana
    "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"  # skin tones and tags
)
_HANGUL_LEADING = LazyPattern("[\u1100-\u115f\ua960-\ua97c]")
_HANGUL_FOLLOWING = LazyPattern("[\u1160-\u11ff\ud7b0-\ud7c6\ud7cb-\ud7fb]")
_HANGUL = LazyPattern("[\u1100-\u11ff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb]")
_REGIONAL = LazyPattern("[\U0001f1e6-\U0001f1ff]")


def _joins(text: str, start: int, at: int) -> bool:
    """Whether `text[at]` belongs to the cluster that begins at `start`."""
    char, before = text[at], text[at - 1]
    if char < "\u0300":
        return False
    if char == _ZWJ or category(char) in ("Mn", "Mc", "Me") or _EXTENDING.match(char):
        return True
    if before < "\u0300":
        return False
    if _REGIONAL.match(char):
        return at - start == 1 and _REGIONAL.match(before) is not None
    if before == _ZWJ:
        return category(char) == "So" or (at - start > 1 and combining(text[at - 2]) == _VIRAMA)
    if combining(before) == _VIRAMA:
        return category(char) == "Lo"
    if _HANGUL.match(before):
        leads = _HANGUL_LEADING.match(before) and _HANGUL.match(char)
        return bool(leads or _HANGUL_FOLLOWING.match(char))
    return False


def display_text(text: str) -> str:
    """Text of a note as it may be shown: mojibake repaired, control characters replaced."""
    return escape_terminal(repair(text))
