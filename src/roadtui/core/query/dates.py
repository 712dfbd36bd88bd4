"""The days and periods of queries: `today`, `fri`, `this-week`, `2026-12`, `2026-12-01..2026-12-24`. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from roadtui.core.dates import WEEKDAYS, add_months, read_date

DAY_EXAMPLES = ("today", "tomorrow", "yesterday", "fri", "+2w", "-7d", "2026-12-01")
PERIODS = ("this-week", "next-week", "last-week", "this-month", "next-month", "last-month", "this-year")


class Period(NamedTuple):
    """Consecutive days, both included."""

    first: date
    last: date

    def contains(self, day: date, operator: str) -> bool:
        """Whether `day` lies in the period; with an operator before or after it (`<`, `<=`, `>`, `>=`)."""
        if operator == "<":
            return day < self.first
        if operator == "<=":
            return day <= self.last
        if operator == ">":
            return day > self.last
        if operator == ">=":
            return day >= self.first
        return self.first <= day <= self.last

    def earliest(self, operator: str) -> date:
        """The first of the days that are contained with this operator, or an earlier one."""
        return date.min if operator in ("<", "<=") else self.first


def read_period(text: str, today: date, *, is_past: bool) -> Period | None:
    """The period that `text` names: a day, week, month, year, or `first..last`; None where it names none.

    Args:
        text: As it stands in the query.
        today: The day of the user.
        is_past: Whether the days lie in the past, as done dates do: then `fri` is the last Friday.
    """
    first, dots, last = text.partition("..")
    if dots:
        start, end = (_read(part, today, is_past=is_past) for part in (first, last))
        return Period(start.first, end.last) if start and end and start.first <= end.last else None
    return _read(text, today, is_past=is_past)


def _read(text: str, today: date, *, is_past: bool) -> Period | None:
    text = text.strip().lower()
    try:
        return _named(text, today) or _calendar(text) or _day(text, today, is_past=is_past)
    except (ValueError, OverflowError):  # Before the year 1 or after 9999.
        return None


def _named(text: str, today: date) -> Period | None:
    which, _, unit = text.replace(" ", "-").partition("-")
    step = {"last": -1, "this": 0, "next": 1}.get(which)
    if step is None:
        return None
    if unit == "week":
        monday = today - timedelta(today.weekday()) + timedelta(weeks=step)
        return Period(monday, monday + timedelta(6))
    if unit == "month":
        day = add_months(today.replace(day=1), step)
        return _month(day.year, day.month)
    return _year(today.year + step) if unit == "year" else None


def _calendar(text: str) -> Period | None:
    found = re.fullmatch("([0-9]{4})(?:-([0-9]{1,2}))?", text)
    if found is None:
        return None
    return _month(int(found[1]), int(found[2])) if found[2] else _year(int(found[1]))


def _month(year: int, month: int) -> Period:
    first = date(year, month, 1)
    return Period(first, first.replace(day=monthrange(year, month)[1]))


def _year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def _day(text: str, today: date, *, is_past: bool) -> Period | None:
    day = read_date(text, today) or read_date(text.replace("-", " "), today)
    if day is None:
        return None
    if is_past and any(name.startswith(text) for name in WEEKDAYS):
        day -= timedelta(7)  # Read as the next one, which is never today.
    return Period(day, day)
