"""Numbers over time: what a chart and a sentence about the pace are made of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import parse
from roadtui.core.stats.activity import Streak, activity_timeline, cumulative, pace, streak, week_grid
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import Status, StatusRegistry, StatusType

SATURDAY = date(2026, 3, 14)


def days_ago(*numbers: int) -> list[date]:
    return [SATURDAY - timedelta(number) for number in numbers]


def test_a_course_is_dated_by_the_tasks_own_fields_in_either_form() -> None:
    note = parse(
        "- [x] a ✅ 2026-03-01\n"
        "- [x] b [completion:: 2026-03-01] (created:: 2026-01-01)\n"
        "- [x] c\n"
        "- [x] d ✅ 2026-99-99\n"
        "- [ ] e ➕ 2026-01-02\n"
        "- [ ] f ✅ 2026-03-03\n"
        "- [k] g ✅ 2026-03-04\n"
    )
    statuses = StatusRegistry([Status("k", "Kept", " ", StatusType.DONE)])
    for format in TaskFormat:
        found = activity_timeline(note.tasks, statuses, format)
        assert found.done == {date(2026, 3, 1): 2, date(2026, 3, 4): 1}
        assert found.done_undated == 2
        assert found.added == {date(2026, 1, 1): 1, date(2026, 1, 2): 1}
        assert found.added_undated == 5


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], Streak(0, 0)),
        (days_ago(0), Streak(1, 1)),
        (days_ago(1), Streak(1, 1)),
        (days_ago(2), Streak(0, 1)),
        (days_ago(0, 1, 2), Streak(3, 3)),
        (days_ago(1, 2, 2, 2), Streak(2, 2)),
        (days_ago(0, 2, 3, 4, 9), Streak(1, 3)),
        (days_ago(-1, -2), Streak(0, 0)),
        ([date.min, date.min + timedelta(1)], Streak(0, 2)),
    ],
    ids=str,
)
def test_streaks(days: list[date], expected: Streak) -> None:
    assert streak(days, SATURDAY) == expected


@pytest.mark.parametrize("today", [date.min, date.max])
def test_a_streak_at_the_ends_of_time(today: date) -> None:
    assert streak([today], today) == Streak(1, 1)


@given(st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 14))))
def test_the_current_streak_is_never_longer_than_the_longest(days: set[date]) -> None:
    found = streak(days, SATURDAY)
    assert 0 <= found.current <= found.longest <= len(days)
    assert (found.longest > 0) == bool(days)


def test_pace_counts_whole_weeks_with_today() -> None:
    days = dict.fromkeys(days_ago(0, 6, 7, 13, 14), 3)
    assert pace(days, SATURDAY, weeks=1) == 6
    assert pace(days, SATURDAY, weeks=2) == 6
    assert pace({SATURDAY + timedelta(1): 9}, SATURDAY) == 0
    assert pace({SATURDAY: 4}, SATURDAY) == 0.5


def test_a_cumulative_sum_has_one_number_a_day_and_counts_what_was_before() -> None:
    start, end = date(2026, 3, 1), date(2026, 3, 4)
    days = {date(2026, 2, 1): 2, start: 1, end: 3, date(2026, 4, 1): 50}
    assert cumulative(days, start, end) == [3, 3, 3, 6]
    assert cumulative(days, start, end, before=10) == [13, 13, 13, 16]
    assert cumulative(days, end, end) == [6]
    assert cumulative(days, end, start) == []


def test_a_week_grid_begins_on_monday_and_ends_today() -> None:
    grid = week_grid({SATURDAY: 2, date(2026, 3, 2): 5, date(2026, 3, 1): 9}, SATURDAY, weeks=2)
    assert [len(row) for row in grid] == [2] * 7
    assert grid[0] == [5, 0]
    assert grid[5] == [0, 2]
    assert grid[6] == [0, None]
