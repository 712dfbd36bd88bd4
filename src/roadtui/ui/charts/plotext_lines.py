"""Lines and bands by plotext, in the theme's colours: only the picture, without axes and words.

Importing this module imports plotext, which takes a fifth of a second: for a thread.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotext
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.ui.charts.line_charts import PlotBand, PlotLine, Point

_MARKER = "braille"
_BLANK = " \u2800"


def plot(
    width: int, height: int, right: float, top: float, shapes: Sequence[PlotLine | PlotBand]
) -> list[Strip]:
    """`height` rows of `width` cells that show `shapes`, later ones before earlier ones.

    Args:
        width: Cells.
        height: Rows.
        right: Where the right edge lies; the left one is at 0.
        top: Where the upper edge lies; the lower one is at 0.
        shapes: What to draw.
    """
    cells: list[list[tuple[str, Style | None]]] = [[(" ", None)] * width for _ in range(height)]
    for shape in shapes:  # One by one: a cell of plotext has one colour for all that crosses it.
        for row, drawn in zip(cells, _draw(width, height, right, top, shape), strict=False):
            row[:] = [
                (glyph, shape.style) if glyph not in _BLANK else below
                for glyph, below in zip(drawn.ljust(width), row, strict=False)
            ]
    return [Strip(Segment.simplify(Segment(glyph, style) for glyph, style in row), width) for row in cells]


def _draw(width: int, height: int, right: float, top: float, shape: PlotLine | PlotBand) -> list[str]:
    plotext.terminal.limit(False, False)
    figure = type(plotext.figure)(plotext.terminal)  # One of our own: plotext's is shared by all threads.
    figure.plot_size(width, height)
    figure.canvas("default")
    figure.axes(False)
    figure.legend(False)
    for axis, limit in (("x", right), ("y", top)):
        figure.ruler(axis).lim(0, max(limit, 1))
        figure.ruler(axis).ticks([])
    upper, *lower = [shape.points] if isinstance(shape, PlotLine) else [shape.upper, shape.lower]
    signal = figure.signal(*_split(upper), marker=_MARKER).lines(True)
    for points in lower:
        signal.fill(figure.signal(*_split(points), marker=_MARKER))
    figure.draw(signal)
    drawn: str = figure.build().string(colorless=True)
    return drawn.split("\n")[:height]


def _split(points: Sequence[Point]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]
