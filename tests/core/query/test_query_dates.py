"""The days and periods of queries: which days each of them names, and what lies before, in and after it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from roadtui.core.query.dates import read_period

FRIDAY = date(2026, 3, 13)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("today", "2026-03-13", "2026-03-13"),
        (" Tomorrow ", "2026-03-14", "2026-03-14"),
        ("yesterday", "2026-03-12", "2026-03-12"),
        ("+2w", "2026-03-27", "2026-03-27"),
        ("2026-02-28", "2026-02-28", "2026-02-28"),
        ("last-week", "2026-03-02", "2026-03-08"),
        ("this-week", "2026-03-09", "2026-03-15"),
        ("next week", "2026-03-16", "2026-03-22"),
        ("last-month", "2026-02-01", "2026-02-28"),
        ("this-month", "2026-03-01", "2026-03-31"),
        ("next-month", "2026-04-01", "2026-04-30"),
        ("last-year", "2025-01-01", "2025-12-31"),
        ("2024-2", "2024-02-01", "2024-02-29"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2026-03-01..2026-03-02", "2026-03-01", "2026-03-02"),
        ("today..today", "2026-03-13", "2026-03-13"),
        ("2026-02..this-week", "2026-02-01", "2026-03-15"),
    ],
)
@pytest.mark.parametrize("is_past", [False, True])
def test_what_a_period_names(text: str, first: str, last: str, is_past: bool) -> None:
    assert read_period(text, FRIDAY, is_past=is_past) == (day(first), day(last))


@pytest.mark.parametrize(
    "text",
    [
        *("", "..", "today..", "..today", "some-week", "this-day", "2026-13", "2026-02-30", "0000", "+9999y"),
        *("2026-03-02..2026-03-01", "tomorrow..today", "this-week..2026-03-08"),
    ],
)
def test_what_names_no_period(text: str) -> None:
    assert read_period(text, FRIDAY, is_past=False) is None


@pytest.mark.parametrize(
    ("text", "to_come", "past"),
    [
        ("thu", "2026-03-19", "2026-03-12"),
        ("sat", "2026-03-14", "2026-03-07"),
        ("saturday", "2026-03-14", "2026-03-07"),
        ("fri", "2026-03-20", "2026-03-13"),
    ],
)
def test_a_weekday_is_the_next_one_or_of_what_is_past_the_last_one(
    text: str, to_come: str, past: str
) -> None:
    assert read_period(text, FRIDAY, is_past=False) == (day(to_come),) * 2
    assert read_period(text, FRIDAY, is_past=True) == (day(past),) * 2


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("", [False, True, True, True, False]),
        ("=", [False, True, True, True, False]),
        ("<", [True, False, False, False, False]),
        ("<=", [True, True, True, True, False]),
        (">", [False, False, False, False, True]),
        (">=", [False, True, True, True, True]),
    ],
)
def test_days_before_in_and_after_a_period(operator: str, expected: list[bool]) -> None:
    week = read_period("this-week", FRIDAY, is_past=False)
    assert week is not None
    days = [day("2026-03-08"), week.first, FRIDAY, week.last, week.last + timedelta(1)]
    assert [week.contains(each, operator) for each in days] == expected
