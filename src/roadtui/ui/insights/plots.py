"""Lines and bands by plotext, in the theme's colours: only the picture, without axes and words.

Importing this module imports plotext, which takes a fifth of a second: for a thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import plotext
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.ui.insights.shapes import Band, Line, Point

_CODE = re.compile(r"\x1b\[([0-9;]*)m")
_MARKER = "braille"


def plot(width: int, height: int, right: float, top: float, shapes: Sequence[Line | Band]) -> list[Strip]:
    """`height` rows of `width` cells that show `shapes`, later ones before earlier ones.

    Args:
        width: Cells.
        height: Rows.
        right: Where the right edge lies; the left one is at 0.
        top: Where the upper edge lies; the lower one is at 0.
        shapes: What to draw.
    """
    plotext.terminal.limit(False, False)
    figure = type(plotext.figure)(
        plotext.terminal
    )  # One of our own: that of plotext is shared by all threads.
    figure.plot_size(width, height)
    figure.canvas("default")
    figure.axes(False)
    figure.legend(False)
    for axis, limit in (("x", right), ("y", top)):
        figure.ruler(axis).lim(0, max(limit, 1))
        figure.ruler(axis).ticks([])
    inks: dict[str, Style] = {}
    for shape in shapes:
        colour = tuple((shape.ink.color or Color.default()).get_truecolor())
        inks[";".join(map(str, (38, 2, *colour)))] = shape.ink
        marker = plotext.marker(_MARKER, plotext.pixel(foreground=colour))
        upper, *lower = [shape.points] if isinstance(shape, Line) else [shape.upper, shape.lower]
        signal = figure.signal(*_split(upper), marker=marker).lines(True)
        for points in lower:
            signal.fill(figure.signal(*_split(points), marker=marker))
        figure.draw(signal)
    rows = figure.build().string().split("\n")[:height]
    return [Strip(list(_segments(row, inks))).adjust_cell_length(width) for row in rows]


def _split(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _segments(row: str, inks: dict[str, Style]) -> Iterator[Segment]:
    """The text of `row`, in the ink whose colour stands before it."""
    ink: Style | None = None
    for at, part in enumerate(_CODE.split(row)):
        if at % 2:
            ink = inks.get(part)
        elif part:
            yield Segment(part, ink)
