"""What a card of the insights is: it answers one question with numbers, a picture and a table."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from roadtui.session.reports.metrics import Metrics
from roadtui.ui.charts.line_charts import Plotter
from roadtui.ui.styles import TextStyles

NO_TASKS = "There are no tasks here."
NO_DATES = (
    "No dates yet: ticks made here are recorded from now on; "
    "`roadtui history import` finds older ones in git."
)


_NO_DATES_EITHER = "No dates yet."


class Metric(NamedTuple):
    """One number and what it is a number of."""

    value: str
    label: str
    is_late: bool = False


class CardTable(NamedTuple):
    """The numbers of a card as text."""

    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class ChartArea(NamedTuple):
    """The area of a card that its picture is drawn in."""

    width: int
    height: int
    text_styles: TextStyles
    plot: Plotter | None
    """None until the library that draws lines is loaded."""


class Slot(NamedTuple):
    """The place of a card on a page: cards of one row stand side by side, in the order of `CARDS`."""

    row: int
    """The row, from 0."""
    widths: tuple[int, ...] = ()
    """The widths it can have, in cells, ascending; none: what is left of the row, shared equally."""


class Card(ABC):
    """One card. Its docstring is the question that it answers."""

    title: ClassVar[str]
    medium: ClassVar[Slot]
    """Its place on a page with two cards side by side. A narrow page has one card in a row."""
    wide: ClassVar[Slot]
    """Its place on a page with up to three cards side by side."""
    least_metric_lines: ClassVar[int] = 2
    """Lines that the metrics may take where the page is low."""

    def empty_message(self, data: Metrics) -> str:
        """The sentence in place of the picture; empty where there is something to draw."""
        return "" if data.progress.total else NO_TASKS

    @abstractmethod
    def metrics(self, data: Metrics) -> Sequence[Metric]:
        """The numbers below the title, the most important one first."""

    @abstractmethod
    def draw(self, data: Metrics, area: ChartArea) -> list[Strip]:
        """The picture."""

    @abstractmethod
    def table(self, data: Metrics) -> CardTable:
        """The numbers of the picture."""

    def legend(self, data: Metrics, area: ChartArea) -> list[Segment]:
        """What the colours of the picture mean, or what it shows; stands beside the title."""
        return []


class DatedCard(Card):
    """A card about the days on which tasks were completed."""

    says_how_to_get_dates: ClassVar[bool] = False
    """Whether it says where dates come from: one of the cards does."""

    def empty_message(self, data: Metrics) -> str:
        """The sentence in place of the picture where no day is known."""
        sentence = NO_DATES if self.says_how_to_get_dates else _NO_DATES_EITHER
        return super().empty_message(data) or ("" if data.timeline.done else sentence)


def weeks_text(shown: int, all_weeks: int) -> str:
    """The legend of a picture of weeks: how many it shows."""
    return f"{all_weeks} weeks" if shown == all_weeks else f"… last {shown} of {all_weeks} weeks"
