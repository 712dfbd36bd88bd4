"""The card "weekdays"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.strip import Strip
from typing_extensions import override

from roadtui.session.reports.metrics import Metrics
from roadtui.ui.charts.bar_chart import draw_bars
from roadtui.ui.charts.card import CardTable, ChartArea, DatedCard, Metric, Slot

_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class WeekdaysCard(DatedCard):
    """On which weekdays is most done?"""

    title = "weekdays"
    medium = Slot(1)
    wide = Slot(1)

    @override
    def metrics(self, data: Metrics) -> Sequence[Metric]:
        most = max(data.weekdays)
        best = [name for name, count in _counts(data) if count == most]
        found = [Metric(str(data.done_in_span), data.span.in_label)]
        return [*found, Metric(best[0], "busiest")] if most and len(best) == 1 else found

    @override
    def draw(self, data: Metrics, area: ChartArea) -> list[Strip]:
        styles = area.text_styles
        return draw_bars(_counts(data), area.width, area.height, styles.done, styles)

    @override
    def table(self, data: Metrics) -> CardTable:
        return CardTable(("weekday", "done"), [(name, str(count)) for name, count in _counts(data)])


def _counts(data: Metrics) -> list[tuple[str, int]]:
    return list(zip(_NAMES, data.weekdays, strict=True))
