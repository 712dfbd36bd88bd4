"""The card "age of open tasks"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.strip import Strip
from typing_extensions import override

from roadtui.core.tasks.field_specs import FIELD_SPECS, FieldKind
from roadtui.session.reports.metrics import Metrics
from roadtui.ui.charts.bar_chart import draw_bars
from roadtui.ui.charts.card import Card, CardTable, ChartArea, Metric, Slot

_NAMES: Final = (
    "under a week",
    "up to a month",
    "up to 3 months",
    "up to 6 months",
    "up to a year",
    "over a year",
    "not known",
)


class AgesCard(Card):
    """How long have the open tasks been there?"""

    title = "age of open tasks"
    medium = Slot(2)
    wide = Slot(2, (42,))

    @override
    def empty_message(self, data: Metrics) -> str:
        if not data.left:
            return super().empty_message(data) or "Nothing is open."
        if data.ages.unknown == data.left:
            sign = FIELD_SPECS[FieldKind.CREATED].emoji
            return f"No creation dates yet. Add {sign} dates, or roadtui records them from now on."
        return ""

    @override
    def metrics(self, data: Metrics) -> Sequence[Metric]:
        old = sum(data.ages.counts[-2:])
        return [Metric(str(data.left), "open"), Metric(str(old), "for more than half a year")]

    @override
    def draw(self, data: Metrics, area: ChartArea) -> list[Strip]:
        styles = area.text_styles
        return draw_bars(_counts(data), area.width, area.height, styles.accent, styles)

    @override
    def table(self, data: Metrics) -> CardTable:
        return CardTable(("there for", "open"), [(name, str(count)) for name, count in _counts(data)])


def _counts(data: Metrics) -> list[tuple[str, int]]:
    return list(zip(_NAMES, (*data.ages.counts, data.ages.unknown), strict=True))
