"""The cards of the insights. A new one is a module of its own, and a line here."""

from __future__ import annotations

from typing import Final

from roadtui.ui.charts.card import Card
from roadtui.ui.charts.cards.ages import AgesCard
from roadtui.ui.charts.cards.burn_up import BurnUpCard
from roadtui.ui.charts.cards.forecast import ForecastCard
from roadtui.ui.charts.cards.sections import SectionsCard
from roadtui.ui.charts.cards.weekdays import WeekdaysCard
from roadtui.ui.charts.cards.weeks import WeeksCard
from roadtui.ui.charts.cards.year import YearCard

CARDS: Final[tuple[Card, ...]] = (
    BurnUpCard(),
    ForecastCard(),
    YearCard(),
    WeeksCard(),
    WeekdaysCard(),
    SectionsCard(),
    AgesCard(),
)
"""In their order on a narrow page and in the tables; on wider pages a row keeps this order too."""
