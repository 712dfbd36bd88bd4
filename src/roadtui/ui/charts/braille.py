"""Lines in braille, two by four dots a cell, laid over each other in colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille cell, by column and row, from the top (Unicode block U+2800)."""


def draw_line(values: Sequence[float], width: int, height: int, top: float) -> list[str]:
    """One line in braille: `height` rows of `width` cells, `values` spread over the width, from 0 to `top`.

    Steps are joined by upright strokes. The rows hold no colour: lines of the same scale can be laid over
    each other and coloured by the theme.
    """
    if not values or width < 1 or height < 1:
        return [" " * max(0, width)] * max(0, height)
    cells = [[0] * width for _ in range(height)]
    columns, lowest = 2 * width, 4 * height - 1
    before: int | None = None
    for column in range(columns):
        value = values[column * (len(values) - 1) // max(1, columns - 1)]
        dot = lowest - round(min(value, top) / max(top, 1) * lowest)
        last = dot if before is None else before
        for at in range(min(dot, last), max(dot, last) + 1):
            cells[at // 4][column // 2] |= _DOTS[column % 2][at % 4]
        before = dot
    return ["".join(chr(0x2800 + bits) if bits else " " for bits in row) for row in cells]


def overlay(front: str, front_style: Style, back: str, back_style: Style) -> list[Segment]:
    """Two drawn rows of the same length, cell by cell; `front` hides `back`."""
    cells = [
        Segment(over, front_style) if over not in " ⠀" else Segment(under, back_style)
        for over, under in zip(front, back, strict=True)
    ]
    return list(Segment.simplify(cells))
