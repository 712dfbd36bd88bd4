"""The card "activity by day"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from rich.segment import Segment
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.stats.activity import streak_length, weekly
from roadtui.session.reports.metrics import Metrics
from roadtui.ui.charts.card import CardTable, ChartArea, DatedCard, Metric, Slot, weeks_text
from roadtui.ui.charts.heatmap import draw_heatmap, weeks_that_fit

_WEEKS: Final = 53
_MINUTE: Final = 60
_WIDTHS: Final = (63, 116)
"""With the weeks side by side, and with a blank between them."""


class YearCard(DatedCard):
    """On which days of the year was something done?"""

    title = "activity by day"
    medium = Slot(1, _WIDTHS)
    wide = Slot(1, _WIDTHS)
    least_metric_lines = 1
    says_how_to_get_dates = True

    @override
    def metrics(self, data: Metrics) -> Sequence[Metric]:
        first = data.today.toordinal() - data.today.weekday() - 7 * (_WEEKS - 1)
        year = {
            day: count
            for day, count in data.timeline.done.items()
            if count and first <= day.toordinal() <= data.today.toordinal()
        }
        return [
            Metric(str(sum(year.values())), "done"),
            Metric(str(len(year)), "active day" if len(year) == 1 else "active days"),
            Metric(streak_length(data.streak.current), "streak"),
            Metric(streak_length(data.streak.longest), "longest"),
            *([Metric(_duration(data.seconds), "in focus")] if data.seconds >= _MINUTE else []),
        ]

    @override
    def draw(self, data: Metrics, area: ChartArea) -> list[Strip]:
        weeks = weeks_that_fit(area.width, _WEEKS)
        return draw_heatmap(data.timeline.done, data.today, weeks, area.width, area.text_styles)

    @override
    def legend(self, data: Metrics, area: ChartArea) -> list[Segment]:
        return [Segment(weeks_text(weeks_that_fit(area.width, _WEEKS), _WEEKS), area.text_styles.faint)]

    @override
    def table(self, data: Metrics) -> CardTable:
        """By month; a table of days would have 371 rows."""
        first = weekly(data.timeline.done, data.today, _WEEKS)[0].monday
        months: dict[tuple[int, int], list[int]] = {}
        for ordinal in range(first.toordinal(), data.today.toordinal() + 1):
            day = date.fromordinal(ordinal)
            months.setdefault((day.year, day.month), []).append(data.timeline.done.get(day, 0))
        rows = [
            (date(year, month, 1).strftime("%Y-%m"), str(sum(counts)), str(sum(map(bool, counts))))
            for (year, month), counts in months.items()
        ]
        return CardTable(("month", "done", "active days"), rows)


def _duration(seconds: int) -> str:
    """`2 h 5 min`."""
    hours, minutes = divmod(seconds // _MINUTE, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
