"""The two charts with lines, burn-up and forecast fan. The function that draws the lines is an argument."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple, Protocol

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import day_text
from roadtui.core.stats.activity import burn_up
from roadtui.core.stats.forecast import Forecast
from roadtui.session.reports.metrics import Metrics
from roadtui.ui.styles import TextStyles

Point = tuple[float, float]


class PlotLine(NamedTuple):
    """A line through some points, from left to right."""

    points: Sequence[Point]
    style: Style


class PlotBand(NamedTuple):
    """The area between two lines over the same x values."""

    lower: Sequence[Point]
    upper: Sequence[Point]
    style: Style


class Plotter(Protocol):
    """Draws lines and bands; see `plotext_lines.plot`."""

    def __call__(
        self, width: int, height: int, right: float, top: float, shapes: Sequence[PlotLine | PlotBand]
    ) -> list[Strip]:
        """Rows that show `shapes`."""


AXIS_CELLS = 6
_PAST_WEEKS = 12
"""How much of the past the fan shows: as much as the forecast is drawn from."""


def draw_burn_up(
    facts: Metrics, width: int, height: int, text_styles: TextStyles, plot: Plotter | None
) -> list[Strip]:
    """Scope and done, day by day."""
    cells, rows = width - AXIS_CELLS, height - 1
    scope, done = facts.burn_up.scope, facts.burn_up.done
    top = max(*scope, *done, 1)
    picture = []
    if plot is not None:
        lines = [
            PlotLine(_thinned(scope, 2 * cells), text_styles.dim),
            PlotLine(_thinned(done, 2 * cells), text_styles.done),
        ]
        picture = plot(cells, rows, len(scope) - 1, top, lines)
    start = day_text(facts.start, facts.today)
    return [*_with_axis(picture, rows, top, text_styles), _ends(start, "", "today", width, text_styles)]


def draw_fan(
    facts: Metrics, found: Forecast, width: int, height: int, text_styles: TextStyles, plot: Plotter | None
) -> list[Strip]:
    """What was left up to today, and what may be left from then on: half of the runs, and four fifths."""
    cells, rows = width - AXIS_CELLS, height - 1
    start = facts.today - timedelta(weeks=_PAST_WEEKS)
    past = burn_up(facts.timeline, start, facts.today)
    left = [scope - done for scope, done in zip(past.scope, past.done, strict=True)]
    end = found.fan[-1].day
    top = max(*left, *(point.left[-1] for point in found.fan), 1)
    days = max(1, (end - start).days)
    picture = []
    if plot is not None:

        def quantile(which: int) -> list[Point]:
            return [((point.day - start).days, point.left[which]) for point in found.fan]

        shapes: list[PlotLine | PlotBand] = [
            PlotBand(quantile(0), quantile(4), text_styles.track),
            PlotBand(quantile(1), quantile(3), text_styles.faint),
            PlotLine(quantile(2), text_styles.accent),
            PlotLine(list(enumerate(left)), text_styles.text),
        ]
        picture = plot(cells, rows, days, top, shapes)
    at = AXIS_CELLS + (facts.today - start).days * (cells - 1) // days
    ends = _ends(day_text(start, facts.today), "today", day_text(end, facts.today), width, text_styles, at)
    return [*_with_axis(picture, rows, top, text_styles), ends]


def _thinned(values: Sequence[int], most: int) -> list[Point]:
    """Steps through `values`, one a day: where they change, and at most `most` of them."""
    step = max(1, len(values) // max(1, most))
    last = len(values) - 1
    return [(at, values[at]) for at in sorted({*range(0, last, step), last})]


def _with_axis(picture: Sequence[Strip], rows: int, top: int, text_styles: TextStyles) -> list[Strip]:
    strips = []
    for at in range(rows):
        number = str(top) if at == 0 else "0" if at == rows - 1 else ""
        axis = Segment(f"{number.rjust(AXIS_CELLS - 2)}  ", text_styles.faint)
        strips.append(Strip([axis, *(picture[at] if picture else ())]))
    return strips


def _ends(first: str, middle: str, last: str, width: int, text_styles: TextStyles, at: int = 0) -> Strip:
    """Labels below an axis: at its ends, and one between them where it fits."""
    text = " " * AXIS_CELLS + first
    at = min(at - len(middle) // 2, width - len(last) - len(middle) - 1)
    if middle and at > len(text):
        text = text.ljust(at) + middle
    return Strip([Segment(text.ljust(width - len(last)) + last, text_styles.faint)])
