"""The card "completions per week"."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.dates import day_text
from roadtui.session.reports.metrics import Metrics
from roadtui.ui.charts.bar_chart import columns_that_fit, draw_columns
from roadtui.ui.charts.card import CardTable, ChartArea, DatedCard, Metric, Slot, weeks_text


class WeeksCard(DatedCard):
    """How much was done in each week?"""

    title = "completions per week"
    medium = Slot(2)
    wide = Slot(2)

    @override
    def metrics(self, data: Metrics) -> Sequence[Metric]:
        best = max(data.weeks, key=lambda week: week.done)
        average = data.done_in_span * 7 / len(data.burn_up.done)
        return [
            Metric(str(data.weeks[-1].done), "this week"),
            Metric(f"{average:.1f}", "on average"),
            Metric(str(best.done), f"best, {day_text(best.monday, data.today)}"),
        ]

    @override
    def draw(self, data: Metrics, area: ChartArea) -> list[Strip]:
        return draw_columns(data.weeks, area.width, area.height, area.text_styles)

    @override
    def legend(self, data: Metrics, area: ChartArea) -> list[Segment]:
        shown = columns_that_fit(area.width, len(data.weeks))
        return [Segment(weeks_text(shown, len(data.weeks)), area.text_styles.faint)]

    @override
    def table(self, data: Metrics) -> CardTable:
        rows = [(week.monday.isoformat(), str(week.done)) for week in data.weeks]
        return CardTable(("week from", "done"), rows)
