"""From what the cursor is on to the report of the progress pane. For a thread: it counts and draws charts."""

from __future__ import annotations

from datetime import timedelta

from roadtui.core.insight import burn_up, pace, streak
from roadtui.standing import forecast_of
from roadtui.ui.charts import draw_line
from roadtui.ui.progress_report import CHART_ROWS, WEEKS, Report, chart_cells
from roadtui.ui.subject import ScopeLevel, Subject
from roadtui.ui.vault_view import Gaze


def draw_report(gaze: Gaze, width: int) -> Report:
    """Count and draw what the cursor is on, for a pane `width` cells wide."""
    subject, today = Subject.of(gaze, ScopeLevel.PART), gaze.view.today
    went = subject.course
    _, scope, done = burn_up(went, today - timedelta(weeks=WEEKS), today)
    cells = chart_cells(width)
    top = max(scope, default=0)
    return Report(
        subject.title,
        subject.progress,
        went,
        today,
        width,
        streak(went.done, today, subject.grace),
        pace(went.done, today),
        forecast_of(subject.progress, went.done, went.added, today, subject.deadline),
        subject.deadline,
        draw_line(scope, cells, CHART_ROWS, top),
        draw_line(done, cells, CHART_ROWS, top),
    )
