from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.recurrence import Frequency, next_date, next_dates, read_rule

SATURDAY = date(2026, 3, 14)


@pytest.mark.parametrize(
    ("text", "after", "follows"),
    [
        ("every day", "2026-03-14", "2026-03-15"),
        ("every 3 days", "2026-03-14", "2026-03-17"),
        ("every week", "2026-03-14", "2026-03-21"),
        ("every 2 weeks", "2026-03-14", "2026-03-28"),
        ("every weekday", "2026-03-14", "2026-03-16"),
        ("every weekday", "2026-03-16", "2026-03-17"),
        ("every weekend", "2026-03-14", "2026-03-15"),
        ("every weekend", "2026-03-15", "2026-03-21"),
        ("every Sunday", "2026-03-14", "2026-03-15"),
        ("every mon, wed and fri", "2026-03-16", "2026-03-18"),
        ("every week on Tuesday, Friday", "2026-03-14", "2026-03-17"),
        ("every 2 weeks on Sunday", "2026-03-14", "2026-03-15"),
        ("every 2 weeks on Sunday", "2026-03-15", "2026-03-29"),
        ("every month", "2026-03-14", "2026-04-14"),
        ("every month", "2026-01-31", "2026-02-28"),
        ("every month", "2028-01-31", "2028-02-29"),
        ("every 3 months", "2026-11-30", "2027-02-28"),
        ("every month on the 31st", "2026-01-31", "2026-03-31"),
        ("every month on the 15th", "2026-03-14", "2026-03-15"),
        ("every month on the 1st and 15th", "2026-03-02", "2026-03-15"),
        ("every month on the last", "2026-02-28", "2026-03-31"),
        ("every month on the last Friday", "2026-03-14", "2026-03-27"),
        ("every month on the 2nd last Friday", "2026-03-14", "2026-03-20"),
        ("every month on the first Monday", "2026-03-14", "2026-04-06"),
        ("every month on the second Tuesday", "2026-03-14", "2026-04-14"),
        ("every 2 months on the 1st", "2026-03-14", "2026-05-01"),
        ("every year", "2026-03-14", "2027-03-14"),
        ("every year", "2028-02-29", "2029-02-28"),
        ("every 2 years", "2026-12-31", "2028-12-31"),
        ("every January", "2026-03-14", "2027-01-14"),
        ("every January on the 15th", "2026-01-15", "2027-01-15"),
        ("every April and December on the 1st and 24th", "2026-03-14", "2026-04-01"),
        ("every April and December on the 1st and 24th", "2026-04-24", "2026-12-01"),
        ("every year on the first Monday in September", "2026-03-14", "2026-09-07"),
        ("every year in week 20 on Monday", "2026-03-14", "2026-05-11"),
        ("every week on Monday until January 1, 2027", "2026-12-20", "2026-12-21"),
        ("every day until 15 March 2026", "2026-03-14", "2026-03-15"),
        ("every month until 2026-04-14", "2026-03-14", "2026-04-14"),
        ("every week on Monday until 21 December 2026", "2026-12-20", "2026-12-21"),
        ("every week until 21 March 2026", "2026-03-14", "2026-03-21"),
        ("every day until 2026-03-15", "2026-03-14", "2026-03-15"),
        ("every month until 2026-02-28", "2026-01-31", "2026-02-28"),
        ("every day for 3 times", "2026-03-14", "2026-03-15"),
        ("every month for 2 times", "2026-03-14", "2026-04-14"),
        ("every day at 9", "2026-03-14", "2026-03-15"),
        ("EVERY DAY!", "2026-03-14", "2026-03-15"),
        ("every mondays", "2026-03-14", "2026-03-16"),
        ("every week on Tuesday, weekday", "2026-03-14", "2026-03-17"),
        ("every week on Tuesday, weekend", "2026-03-14", "2026-03-17"),
        ("every 2 weeks on weekdays", "2026-03-14", "2026-03-23"),
        ("every month on the weekend", "2026-03-16", "2026-03-21"),
        ("every day or so", "2026-03-14", "2026-03-15"),
    ],
)
def test_the_next_date_follows_from_the_rule(text: str, after: str, follows: str) -> None:
    rule = read_rule(text)
    assert rule is not None
    assert next_date(rule, date.fromisoformat(after)) == date.fromisoformat(follows)


@pytest.mark.parametrize("length", [2, 3, 9])
@pytest.mark.parametrize(
    ("number", "name"),
    enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
)
def test_weekdays_may_be_short(number: int, name: str, length: int) -> None:
    rule = read_rule(f"every week on {name[:length]}")
    assert rule is not None
    follows = next_date(rule, SATURDAY)
    assert follows is not None
    assert follows.weekday() == number
    assert 0 < (follows - SATURDAY).days <= 7


@pytest.mark.parametrize("length", [3, 9])
@pytest.mark.parametrize(
    ("number", "name"),
    enumerate(
        (
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        1,
    ),
)
def test_months_may_be_short(number: int, name: str, length: int) -> None:
    rule = read_rule(f"every {name[:length]} on the 20th")
    assert rule is not None
    assert next_date(rule, date(2026, 12, 31)) == date(2027, number, 20)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("every tues", "every Tuesday"),
        ("every thur", "every Thursday"),
        ("every sept", "every September"),
        ("every weekdays", "every weekday"),
        ("every weekends", "every weekend"),
        ("every 1 day", "every day"),
        ("every days", "every day"),
        ("every month on first Monday", "every month on the 1st Monday"),
        ("every month on the second Monday", "every month on the 2nd Monday"),
        ("every month on the third Monday", "every month on the 3rd Monday"),
        ("every month on the 1. Monday", "every month on the 1st Monday"),
        ("every year in May", "every May"),
        ("every year on May", "every May"),
        ("every day til 2026-05-01", "every day until 2026-05-01"),
        ("every month on the 1st, 2nd", "every month on the 1st and 2nd"),
        ("every month on the 1st or 2nd", "every month on the 1st and 2nd"),
        ("every month on the 15th day", "every month on the 15th"),
        ("every month on the last day", "every month on the last"),
        ("every week on Monday, and Tuesday", "every week on Monday, Tuesday"),
    ],
)
def test_other_words_for_the_same_rule(text: str, same: str) -> None:
    rule = read_rule(text)
    assert rule is not None
    assert rule == read_rule(same)


@pytest.mark.parametrize(
    "text",
    [
        *("", "every", "every 2", "every 0 days", "daily", "every other day", "each week", "every two weeks"),
        *(
            "every week on the 400th",
            "every day until soon",
            "every day for ever",
            "every 36 hours",
            "every week on Monday in week",
            "every year on the 367th",
        ),
    ],
)
def test_a_rule_that_nobody_can_read_is_none(text: str) -> None:
    assert read_rule(text) is None
    assert next_dates(text, {FieldKind.DUE: SATURDAY}, SATURDAY) is None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("every week until 1 March 2026", "2026-02-28"),
        ("every week until 20 March 2026", "2026-03-14"),
        ("every day until 2026-03-14", "2026-03-14"),
        ("every month until 1 March 2026", "2026-02-28"),
        ("every day for 1 time", "2026-03-14"),
        ("every month for 1 time", "2026-03-14"),
        ("every month on the 40th", "2026-03-14"),
        ("every Monday on the 40th", "2026-03-14"),
        ("every February on the 30th", "2026-03-14"),
        ("every year", "9999-01-01"),
        ("every 99999 years", "2026-03-14"),
        ("every day", "9999-12-31"),
    ],
)
def test_a_rule_that_is_over_has_no_next_date(text: str, after: str) -> None:
    rule = read_rule(text)
    assert rule is not None
    assert next_date(rule, date.fromisoformat(after)) is None


START, SCHEDULED, DUE = FieldKind.START, FieldKind.SCHEDULED, FieldKind.DUE


@pytest.mark.parametrize(
    ("text", "dates", "drop_scheduled", "expected"),
    [
        ("every week", {}, False, {}),
        ("every week", {DUE: "2020-01-01"}, False, {DUE: "2020-01-08"}),
        ("every week when done", {DUE: "2020-01-01"}, False, {DUE: "2026-03-21"}),
        ("every week WHEN DONE", {DUE: "2020-01-01"}, False, {DUE: "2026-03-21"}),
        ("every week when done", {}, False, {}),
        (
            "every month",
            {START: "2026-01-20", SCHEDULED: "2026-01-25", DUE: "2026-01-31"},
            False,
            {START: "2026-02-17", SCHEDULED: "2026-02-22", DUE: "2026-02-28"},
        ),
        (
            "every week on Monday",
            {START: "2026-03-01", SCHEDULED: "2026-03-04"},
            False,
            {START: "2026-03-06", SCHEDULED: "2026-03-09"},
        ),
        ("every week on Monday", {START: "2026-03-01", SCHEDULED: "2026-03-04"}, True, {START: "2026-03-02"}),
        ("every week", {SCHEDULED: "2026-03-04", DUE: "2026-03-05"}, True, {DUE: "2026-03-12"}),
        ("every week", {SCHEDULED: "2026-03-04"}, True, {SCHEDULED: "2026-03-11"}),
        ("every week", {START: None, DUE: "2026-03-05"}, False, {START: None, DUE: "2026-03-12"}),
        ("every week", {START: "2026-03-05", DUE: None}, False, None),
        ("every week when done", {DUE: None}, False, None),
        ("every day until 2026-03-14", {DUE: "2026-03-14"}, False, None),
        (
            "every day",
            {START: "0001-01-01", DUE: "9999-12-30"},
            False,
            {START: "0001-01-02", DUE: "9999-12-31"},
        ),
        ("every day when done", {START: "0001-01-01", DUE: "9999-12-30"}, False, None),
    ],
)
def test_the_other_dates_keep_their_distance_to_the_reference_date(
    text: str,
    dates: dict[FieldKind, str | None],
    drop_scheduled: bool,
    expected: dict[FieldKind, str | None] | None,
) -> None:
    def days(given: dict[FieldKind, str | None]) -> dict[FieldKind, date | None]:
        return {kind: None if day is None else date.fromisoformat(day) for kind, day in given.items()}

    found = next_dates(text, days(dates), SATURDAY, drop_scheduled=drop_scheduled)
    assert found == (None if expected is None else days(expected))


RULE_WORDS = st.sampled_from(
    [
        *("2", "3", "31", "day", "days", "week", "weeks", "month", "year", "weekday", "weekend"),
        *("on", "in", "the", "last", "first", "15th", "31st", "5th", "Monday", "fri", "January", "feb"),
        *("and", ",", "at", "for", "until", "2027", "when", "done", "!", "x"),
    ]
)


# No deadline: a rule that never comes true, such as 30 February, is looked for up to the year 9999.
@given(st.lists(RULE_WORDS, max_size=8), st.dates())
def test_any_words_are_read_and_the_next_date_lies_ahead(words: list[str], reference: date) -> None:
    rule = read_rule(" ".join(["every", *words]))
    follows = next_date(rule, reference) if rule is not None else None
    assert follows is None or follows > reference


@given(
    st.sampled_from((Frequency.DAY, Frequency.WEEK)),
    st.integers(1, 500),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
def test_days_and_weeks_are_counted_evenly(every: Frequency, interval: int, reference: date) -> None:
    rule = read_rule(f"every {interval} {every.name}s")
    assert rule is not None
    days = interval * (7 if every is Frequency.WEEK else 1)
    assert next_date(rule, reference) == reference + timedelta(days)
