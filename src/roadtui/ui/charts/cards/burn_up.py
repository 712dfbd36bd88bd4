"""The card "burn-up"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.segment import Segment
from textual.strip import Strip
from typing_extensions import override

from roadtui.session.reports.metrics import Metrics
from roadtui.ui.charts.card import Card, CardTable, ChartArea, Metric, Slot
from roadtui.ui.charts.line_charts import draw_burn_up


class BurnUpCard(Card):
    """How did what there is to do grow, and how much of it is done?"""

    title = "burn-up"
    medium = Slot(0)
    wide = Slot(0)

    @override
    def metrics(self, data: Metrics) -> Sequence[Metric]:
        grown = data.burn_up.scope[-1] - data.burn_up.scope[0]
        found = [
            Metric(f"{data.progress.done}/{data.progress.total}", "done"),
            Metric(str(data.done_in_span), data.span.in_label),
            Metric(f"+{grown}", "scope"),
        ]
        undated = data.timeline.done_undated
        return [*found, Metric(str(undated), "without a date")] if undated else found

    @override
    def draw(self, data: Metrics, area: ChartArea) -> list[Strip]:
        return draw_burn_up(data, area.width, area.height, area.text_styles, area.plot)

    @override
    def legend(self, data: Metrics, area: ChartArea) -> list[Segment]:
        styles = area.text_styles
        return [Segment("─ scope", styles.dim), Segment("  ─ done", styles.done)]

    @override
    def table(self, data: Metrics) -> CardTable:
        """The last day of each month, and today."""
        burn_up = data.burn_up
        days = [date.fromordinal(burn_up.start.toordinal() + at) for at in range(len(burn_up.scope))]
        rows = [
            (day.isoformat(), str(scope), str(done))
            for day, scope, done in zip(days, burn_up.scope, burn_up.done, strict=True)
            if day in (days[0], data.today) or date.fromordinal(day.toordinal() + 1).day == 1
        ]
        return CardTable(("at the end of", "tasks", "done"), rows)
