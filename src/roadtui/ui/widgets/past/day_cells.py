"""Draws days side by side in one line, their months above them or in between. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import MONTHS
from roadtui.ui.styles import TextStyles

_DAY_CELLS = 3
"""A blank and two digits; the brackets of the chosen day stand in the blanks around it."""
_MONTH_GAP = 1
"""Blank cells between two months, so that the names above them stand apart."""
_MONTH_CELLS = 4
"""A blank and the name of a month between the days."""
_EDGE = 1
"""Cells at either end for the sign that days are left out."""
LEAST_CELLS = 2 * _EDGE + _MONTH_CELLS + _DAY_CELLS + 1
"""With fewer cells only the chosen day is drawn."""


class DayPlace(NamedTuple):
    """Cells of the line, from `start` to before `end`, that stand for a day."""

    start: int
    end: int
    at: int
    """Index of the day; for a sign that days are left out, of the nearest of them."""


class DrawnDays(NamedTuple):
    """Two lines, as wide as was asked for."""

    months: Strip
    """Blank where the months are between the days."""
    days: Strip
    places: tuple[DayPlace, ...]

    def day_at(self, x: int) -> int | None:
        """The index of the day that is drawn in cell `x`."""
        return next((place.at for place in self.places if place.start <= x < place.end), None)


def draw_days(
    days: Sequence[date], chosen: int, width: int, text_styles: TextStyles, *, months_above: bool
) -> DrawnDays:
    """As many of `days` as fit around `days[chosen]`, which is in brackets.

    `days` are in ascending order. `…` stands for earlier and later ones that are left out.
    """
    if width < LEAST_CELLS:
        only = Strip([Segment(f"[{days[chosen].day:2}]", _lit(text_styles))]).adjust_cell_length(width)
        return DrawnDays(Strip.blank(width), only, (DayPlace(0, width, chosen),))
    first, end = _that_fit(days, chosen, width - 2 * _EDGE - 1, months_above=months_above)
    row = _Row(text_styles)
    row.add("…" if first else " ", text_styles.faint, first - 1 if first else None)
    for at in range(first, end):
        day = days[at]
        if at == first or _month(days[at - 1]) != _month(day):
            if not months_above:
                row.add(f" {MONTHS[day.month - 1][:3].title()}", text_styles.faint)
            elif at > first:
                row.add(" " * _MONTH_GAP, text_styles.dim)
            month_end = next((after for after in range(at, end) if _month(days[after]) != _month(day)), end)
            row.name_month(day, _DAY_CELLS * (month_end - at) - 1, has_year=day.year != days[chosen].year)
        row.add_day(day, at, is_chosen=at == chosen)
    row.add(" ", text_styles.dim)
    is_cut = end < len(days)
    if is_cut:
        row.add("…", text_styles.faint, end)
    months = Strip(row.months).adjust_cell_length(width) if months_above else Strip.blank(width)
    return DrawnDays(months, Strip(row.segments).adjust_cell_length(width), tuple(row.places))


def _that_fit(days: Sequence[date], chosen: int, cells: int, *, months_above: bool) -> tuple[int, int]:
    """The first of the days around `chosen` that fit into `cells`, and the one after their last."""

    def needed(first: int, end: int) -> int:
        months = sum(_month(days[at]) != _month(days[at - 1]) for at in range(first + 1, end))
        extra = _MONTH_GAP * months if months_above else _MONTH_CELLS * (months + 1)
        return _DAY_CELLS * (end - first) + extra

    first, end = chosen, chosen + 1
    grows = True
    while grows:
        grows = False
        if first and needed(first - 1, end) <= cells:
            first, grows = first - 1, True
        if end < len(days) and needed(first, end + 1) <= cells:
            end, grows = end + 1, True
    return first, end


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _lit(text_styles: TextStyles) -> Style:
    return text_styles.strong + text_styles.cursor


class _Row:
    """The line of the days while it is put together, and the one above it."""

    def __init__(self, text_styles: TextStyles) -> None:
        self.segments: list[Segment] = []
        self.months: list[Segment] = []
        self.places: list[DayPlace] = []
        self._text_styles = text_styles
        self._cells = 0
        self._month_cells = 0

    def add(self, text: str, style: Style, at: int | None = None) -> None:
        """Add `text`, which stands for the day `at`. The bracket before it takes the place of its blank."""
        if self.segments and self.segments[-1].text.endswith("]"):
            text = text.removeprefix(" ")
        self.segments.append(Segment(text, style))
        if at is not None:
            self.places.append(DayPlace(self._cells, self._cells + len(text), at))
        self._cells += len(text)

    def add_day(self, day: date, at: int, *, is_chosen: bool) -> None:
        """Add the number of `day`."""
        if is_chosen:
            self.add(f"[{day.day:2}]", _lit(self._text_styles), at)
        else:
            self.add(f" {day.day:2}", self._text_styles.dim, at)

    def name_month(self, day: date, cells: int, *, has_year: bool) -> None:
        """Write the month of `day` above the digits of the next, with its year if that fits in `cells`."""
        name = MONTHS[day.month - 1][:3].title()
        if has_year and cells >= len(name) + 5:
            name = f"{name} {day.year}"
        start = self._cells + 1
        self.months += [Segment(" " * (start - self._month_cells)), Segment(name, self._text_styles.faint)]
        self._month_cells = start + len(name)
