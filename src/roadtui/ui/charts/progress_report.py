"""The report of the progress pane: what is counted and drawn beforehand, in a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from textual.geometry import Size

from roadtui.core.next_actions.candidates import DueTask
from roadtui.core.stats.activity import ActivityTimeline, Streak, burn_up, pace, streak
from roadtui.core.stats.forecast import Forecast, NoForecast
from roadtui.core.stats.progress import Progress
from roadtui.session.reports.report_scope import Breakdown, ReportScope, ScopeLevel, part_at_cursor
from roadtui.session.reports.summary import forecast_of
from roadtui.session.view_model import ReportContext
from roadtui.ui.charts.braille import draw_line

WEEKS = 18
"""How far back the pane looks."""
_WEEKS_OF_WIDE_PANES = 26
_WIDE = 48
"""Cells from which a pane looks back further, and draws higher."""
CHART_ROWS = 6
_MOST_CHART_ROWS = 12
_ROWS_BESIDE_CHART = 27
"""Rows of the pane that are not the burn-up chart."""
AXIS_CELLS = 6


@dataclass(frozen=True, slots=True)
class Report:
    """What the pane shows, computed beforehand."""

    title: str
    progress: Progress
    timeline: ActivityTimeline
    today: date
    size: Size
    """Cells and rows of the pane that the charts were drawn for."""
    streak: Streak
    pace: float
    """Completions a week."""
    put_off: int
    """Open tasks that start on a later day; the forecast leaves them out."""
    forecast: Forecast | NoForecast
    deadline: date | None
    here: Breakdown | None = None
    """The section or parent task under the cursor; None where that is the whole."""
    shares: Sequence[Breakdown] = ()
    """The parts of the whole."""
    due: Sequence[DueTask] = ()
    """Open tasks with a due date, the earliest first."""
    scope_rows: Sequence[str] = ()
    done_rows: Sequence[str] = ()

    @property
    def has_recent_days(self) -> bool:
        """Whether a day is known, of those that the pane shows, on which something was done."""
        since = self.today - timedelta(weeks=weeks_shown(self.size.width))
        return any(count and since < day <= self.today for day, count in self.timeline.done.items())

    @property
    def has_room_for_parts(self) -> bool:
        """Whether the pane is wide enough for the parts below the charts."""
        return self.has_recent_days and bool(self.shares) and self.size.width >= _WIDE


def draw_report(context: ReportContext, size: Size) -> Report:
    """Count the note in `context`, and draw it for a pane of `size`."""
    scope, today = ReportScope.of(context, ScopeLevel.NOTE), context.view.today
    timeline = scope.timeline
    start = today - timedelta(weeks=weeks_shown(size.width))
    _, total, done = burn_up(timeline, start, today)
    cells, rows = chart_cells(size.width), chart_rows(size)
    top = max(total, default=0)
    put_off = scope.put_off(today)
    return Report(
        scope.title,
        scope.progress,
        timeline,
        today,
        size,
        streak(timeline.done, today, scope.grace),
        pace(timeline.done, today),
        put_off,
        forecast_of(scope.progress, timeline, put_off, today, scope.deadline),
        scope.deadline,
        part_at_cursor(context),
        scope.shares,
        scope.due,
        draw_line(total, cells, rows, top),
        draw_line(done, cells, rows, top),
    )


def weeks_shown(width: int) -> int:
    """How many weeks a pane of `width` cells looks back."""
    return _WEEKS_OF_WIDE_PANES if width >= _WIDE else WEEKS


def chart_cells(width: int) -> int:
    """Cells that a chart has in a pane `width` cells wide."""
    return max(0, width - AXIS_CELLS)


def chart_rows(size: Size) -> int:
    """Rows that the burn-up has in a pane of `size`: more in one that is wide and has rows left."""
    most = _MOST_CHART_ROWS if size.width >= _WIDE else CHART_ROWS
    return max(CHART_ROWS, min(most, size.height - _ROWS_BESIDE_CHART))
