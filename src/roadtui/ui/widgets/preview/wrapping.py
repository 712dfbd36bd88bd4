"""Wraps styled text: between words, else within one, and never inside a grapheme cluster. Counts cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style

from roadtui.core.terminal_text import graphemes

LEAST_COLUMN = 5
"""A table with narrower columns is shown as a list of its cells."""

_words = re.compile(r"[ ]+|[^ ]+").findall


class StyledPiece(NamedTuple):
    """A text with one style on one line. A line break is a piece of its own."""

    text: str
    style: Style
    link: int = -1
    """Index in `Block.links`; -1 for text that is no link."""


def fit_columns(widths: Sequence[int], cells: int) -> list[int] | None:
    """The widths of columns that fit into `cells`, the widest narrowed first; None if they cannot."""
    fitted = [max(1, width) for width in widths]
    if sum(min(width, LEAST_COLUMN) for width in fitted) > cells:
        return None
    while (over := sum(fitted) - cells) > 0:
        widest = max(fitted)
        at = fitted.index(widest)
        others = [width for width in fitted if width < widest]
        fitted[at] = max(LEAST_COLUMN, widest - over, max(others, default=1) if others else widest - 1)
        if fitted[at] == widest:
            fitted[at] = max(LEAST_COLUMN, widest - 1)
    return fitted


def lines_of_pieces(pieces: Iterable[StyledPiece]) -> Iterator[list[StyledPiece]]:
    """`pieces`, divided at their line breaks."""
    line: list[StyledPiece] = []
    for piece in pieces:
        if piece.text == "\n":
            yield line
            line = []
        else:
            line.append(piece)
    yield line


def wrap_pieces(pieces: Iterable[StyledPiece], cells: int) -> Iterator[list[StyledPiece]]:
    """`pieces` in lines of at most `cells` cells, divided between words, else within one."""
    for line in lines_of_pieces(pieces):
        yield from _wrap_line(line, cells)


def _wrap_line(pieces: Iterable[StyledPiece], cells: int) -> Iterator[list[StyledPiece]]:
    row: list[StyledPiece] = []
    used = 0
    space: StyledPiece | None = None
    for word in _whole_words(pieces):
        if word[0].text.startswith(" "):
            space = word[0] if row else None
            continue
        needed = sum(cell_len(piece.text) for piece in word)
        gap = 1 if space is not None else 0
        if row and used + gap + needed > cells:
            yield row
            row, used, gap = [], 0, 0
        if gap and space is not None:
            row.append(space._replace(text=" "))
        space = None
        if needed > cells:
            *full, word = break_pieces(word, cells)
            yield from full
            needed = sum(cell_len(piece.text) for piece in word)
        row += word
        used += gap + needed
    yield row


def _whole_words(pieces: Iterable[StyledPiece]) -> Iterator[list[StyledPiece]]:
    """Words, which may change their style within, and the spaces between them."""
    word: list[StyledPiece] = []
    for piece in pieces:
        for text in _words(piece.text):
            if text[0] == " ":
                if word:
                    yield word
                    word = []
                yield [piece._replace(text=text)]
            else:
                word.append(piece._replace(text=text))
    if word:
        yield word


def break_pieces(pieces: Iterable[StyledPiece], cells: int) -> list[list[StyledPiece]]:
    """`pieces` in full lines of `cells` cells, never divided inside a grapheme cluster."""
    rows: list[list[StyledPiece]] = []
    row: list[StyledPiece] = []
    left = cells
    for piece in pieces:
        if cell_len(piece.text) <= left:
            row.append(piece)
            left -= cell_len(piece.text)
            continue
        text = ""
        for cluster in graphemes(piece.text):
            needed = cell_len(cluster)
            if needed > cells:
                cluster, needed = "…", 1
            if needed > left:
                if text:
                    row.append(piece._replace(text=text))
                rows.append(row)
                row, text, left = [], "", cells
            text += cluster
            left -= needed
        if text:
            row.append(piece._replace(text=text))
    if row or not rows:
        rows.append(row)
    return rows
