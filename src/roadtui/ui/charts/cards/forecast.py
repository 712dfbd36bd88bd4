"""The card "forecast"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.segment import Segment
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.dates import day_text
from roadtui.core.stats.forecast import FAN, Forecast, NoForecast
from roadtui.session.reports.metrics import Metrics
from roadtui.session.reports.summary import odds_in_words
from roadtui.ui.charts.card import Card, CardTable, ChartArea, Metric, Slot
from roadtui.ui.charts.line_charts import draw_fan

_TABLE_ROWS = 12
_WIDE_LEGEND = 52
"""Cells of the card from which on two blanks are between the parts of its legend."""


class ForecastCard(Card):
    """When will all be done, and how certain is that?"""

    title = "forecast"
    medium = Slot(0)
    wide = Slot(0)

    @override
    def empty_message(self, data: Metrics) -> str:
        no_forecast = data.forecast.sentence if isinstance(data.forecast, NoForecast) else ""
        return super().empty_message(data) or no_forecast

    @override
    def metrics(self, data: Metrics) -> Sequence[Metric]:
        forecast, today = data.forecast, data.today
        found = []
        if isinstance(forecast, Forecast):
            found += [
                Metric(day_text(forecast.half, today), "even odds"),
                Metric(_likely(forecast, today), "4 in 5"),
            ]
            if data.put_off:
                found.append(Metric(str(data.put_off), "put off, not in it"))
        if data.deadline is not None and forecast.odds is not None:
            label = f"deadline, {odds_in_words(forecast.odds)}"
            found.append(Metric(day_text(data.deadline, today), label, is_late=forecast.odds < 0.5))
        return found

    @override
    def draw(self, data: Metrics, area: ChartArea) -> list[Strip]:
        assert isinstance(data.forecast, Forecast)
        return draw_fan(data, data.forecast, area.width, area.height, area.text_styles, area.plot)

    @override
    def legend(self, data: Metrics, area: ChartArea) -> list[Segment]:
        styles = area.text_styles
        gap = "  " if area.width >= _WIDE_LEGEND else " "
        return [
            Segment("─ left", styles.text),
            Segment(f"{gap}─ median", styles.accent),
            Segment(f"{gap}⣿", styles.faint),
            Segment(" 1 in 2", styles.dim),
            Segment(f"{gap}⣿", styles.track),
            Segment(" 4 in 5", styles.dim),
        ]

    @override
    def table(self, data: Metrics) -> CardTable:
        headers = ("left after", *(f"{share * 100:.0f} %" for share in FAN))
        if isinstance(data.forecast, NoForecast):
            return CardTable(headers, [])
        fan = data.forecast.fan
        step = max(1, len(fan) // _TABLE_ROWS)
        points = [*fan[:-1:step], fan[-1]]
        return CardTable(headers, [(point.day.isoformat(), *map(str, point.left)) for point in points])


def _likely(forecast: Forecast, today: date) -> str:
    return "over five years" if forecast.likely is None else day_text(forecast.likely, today)
