from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.dates import (
    add_months,
    day_text,
    due_text,
    read_date,
    read_full_date,
    trailing_date,
    weekday_text,
)

SATURDAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2026-03-14"),
        ("  Tomorrow ", "2026-03-15"),
        ("tmr", "2026-03-15"),
        ("yesterday", "2026-03-13"),
        ("sun", "2026-03-15"),
        ("Friday", "2026-03-20"),
        ("sat", "2026-03-21"),
        ("this sat", "2026-03-14"),
        ("next friday", "2026-03-20"),
        ("next sun", "2026-03-22"),
        ("next week", "2026-03-21"),
        ("next month", "2026-04-14"),
        ("next year", "2027-03-14"),
        ("+2w", "2026-03-28"),
        ("2w", "2026-03-28"),
        ("+10", "2026-03-24"),
        ("-3", "2026-03-11"),
        ("-1m", "2026-02-14"),
        ("in 3 days", "2026-03-17"),
        ("in a month", "2026-04-14"),
        ("1 year", "2027-03-14"),
        ("2 weeks ago", "2026-02-28"),
        ("2026-12-01", "2026-12-01"),
        ("2026-2-3", "2026-02-03"),
        ("1 dec", "2026-12-01"),
        ("Dec 1", "2026-12-01"),
        ("the 1st of February", "2027-02-01"),
        ("14 march", "2026-03-14"),
        ("sept. 3", "2026-09-03"),
        ("29 feb", "2028-02-29"),
        ("Jan 15, 2027", "2027-01-15"),
        ("in two weeks", "2026-03-28"),
        ("three days ago", "2026-03-11"),
        ("twelve months", "2027-03-14"),
        ("end of month", "2026-03-31"),
        ("end of the week", "2026-03-15"),
        ("end of next week", "2026-03-22"),
        ("end of next month", "2026-04-30"),
        ("end of this year", "2026-12-31"),
        ("25.12.", "2026-12-25"),
        ("1.3.", "2027-03-01"),
        ("25.12.2027", "2027-12-25"),
    ],
)
def test_a_day_is_understood_as_people_type_it(text: str, expected: str) -> None:
    assert read_date(text, SATURDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "soon",
            "m",
            "ma",
            "may",
            "12",
            "12/1",
            "next",
            "next thing",
            "this",
            "in",
            "+",
            "+w",
            "3 moons",
        ),
        *("31.2.", "1.13.", "25.12", "1.2.3.", "end of", "end of day", "end", "thirteen days"),
        *("30 feb", "29 feb 2027", "2026-13-01", "2026-02-30", "0 jan", "+9999y", "1 foo", "in in 3 days"),
    ],
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert read_date(text, SATURDAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-15", date(2027, 1, 15)),
        ("15 January 2027", date(2027, 1, 15)),
        ("january 15, 2027", date(2027, 1, 15)),
        ("15 January", None),
        ("tomorrow", None),
        ("31 February 2027", None),
    ],
)
def test_a_full_date_needs_its_year(text: str, expected: date | None) -> None:
    assert read_full_date(text) == expected


@pytest.mark.parametrize(
    ("day", "of_due", "of_day"),
    [
        ("2026-03-14", "due today", "today"),
        ("2026-03-13", "1 day late", "yesterday"),
        ("2026-03-12", "2 days late", "12 Mar"),
        ("2025-12-31", "73 days late", "31 Dec 2025"),
        ("2026-03-15", "due tomorrow", "tomorrow"),
        ("2026-03-17", "Tue", "Tue"),
        ("2026-03-20", "Fri", "Fri"),
        ("2026-03-21", "21 Mar", "21 Mar"),
        ("2026-11-12", "12 Nov", "12 Nov"),
        ("2027-02-14", "14 Feb 2027", "14 Feb 2027"),
    ],
)
def test_a_date_is_said_in_few_words(day: str, of_due: str, of_day: str) -> None:
    assert due_text(date.fromisoformat(day), SATURDAY) == of_due
    assert day_text(date.fromisoformat(day), SATURDAY) == of_day


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2028-02-29", 12, "2029-02-28"),
    ],
)
def test_months_keep_the_day_or_step_back_to_the_last(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


TYPED = st.one_of(
    st.text("0123456789+-dwmy ,.", max_size=12),
    st.lists(
        st.sampled_from(["next", "in", "fri", "dec", "3", "31", "days", "week", "2027", "ago", "of"])
    ).map(" ".join),
)


@given(TYPED, st.dates())
def test_capitals_commas_and_spaces_make_no_difference(text: str, today: date) -> None:
    assert read_date(f" {text.upper()} ,", today) == read_date(text, today)


@given(st.dates(date(1000, 1, 1)), st.dates(date(1000, 1, 1), date(9998, 1, 1)))
def test_a_date_in_words_is_read_back(day: date, today: date) -> None:
    if (day - today).days >= -1 or day.year != today.year:
        assert read_date(day_text(day, today), today) == day


@given(st.integers(-20000, 20000))
def test_signed_days_count_from_today(days: int) -> None:
    expected = SATURDAY + timedelta(days)
    assert read_date(f"{days:+}d", SATURDAY) == (expected if abs(days) <= 9999 else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Buy book fri", (date(2026, 11, 27), "Buy book", "fri")),
        ("Buy book by Friday", (date(2026, 11, 27), "Buy book", "by Friday")),
        ("Buy book tomorrow ", (date(2026, 11, 23), "Buy book", "tomorrow")),
        ("Buy book +2w", (date(2026, 12, 6), "Buy book", "+2w")),
        ("Buy book end of month", (date(2026, 11, 30), "Buy book", "end of month")),
        ("Buy book in two weeks", (date(2026, 12, 6), "Buy book", "in two weeks")),
        ("Buy book 25.12.", (date(2026, 12, 25), "Buy book", "25.12.")),
        ("Buy book 2026-12-01", (date(2026, 12, 1), "Buy book", "2026-12-01")),
        (
            "Buy book on the 1st of december 2027",
            (date(2027, 12, 1), "Buy book", "on the 1st of december 2027"),
        ),
        ("Buy book next fri", (date(2026, 11, 27), "Buy book", "next fri")),
        ("Buy  book   fri", (date(2026, 11, 27), "Buy  book", "fri")),
        ("Stand by fri", (date(2026, 11, 27), "Stand", "by fri")),
        ("by fri", (date(2026, 11, 27), "by", "fri")),
        ("fri", None),
        ("", None),
        ("Buy fri book", None),
        ("Call Tom", None),
        ("Do it now", None),
        ("Exercise 3 days", None),
        ("Rest a week", None),
        ("Buy book yesterday", None),
        ("Buy book 2026-11-01", None),
        ("Read chapter 25", None),
        ("Buy book 📅 2026-12-01", (date(2026, 12, 1), "Buy book 📅", "2026-12-01")),
    ],
)
def test_a_date_at_the_end_of_a_text(text: str, expected: tuple[date, str, str] | None) -> None:
    assert trailing_date(text, date(2026, 11, 22)) == expected


def test_a_day_with_its_weekday() -> None:
    assert weekday_text(date(2026, 11, 27), date(2026, 11, 22)) == "Fri 27 Nov"
    assert weekday_text(date(2027, 1, 14), date(2026, 11, 22)) == "Thu 14 Jan 2027"
