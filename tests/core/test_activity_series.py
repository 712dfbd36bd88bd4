"""The series of the insights screen, each against the plainest computation there is."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.markdown import parse
from roadtui.core.stats.activity import (
    AGES,
    KnownDates,
    Streak,
    activity_timeline,
    burn_up,
    by_weekday,
    heat_level,
    open_ages,
    progress_by_section,
    streak,
    weekly,
)
from roadtui.core.stats.progress import count_progress
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry

TODAY = date(2026, 3, 14)
STATUSES = StatusRegistry()
EMOJI = TaskFormat.EMOJI
dates = st.dates(date(2025, 11, 1), date(2026, 3, 20))
counts = st.dictionaries(dates, st.integers(1, 9))


def each_day(start: date, end: date) -> list[date]:
    return [start + timedelta(offset) for offset in range((end - start).days + 1)]


def test_days_known_besides_fill_what_the_tasks_do_not_say() -> None:
    note = parse("- [x] own ✅ 2026-01-01\n- [x] known\n- [x] nobody knows\n- [ ] open\n")
    own, known, _, still_open = note.tasks
    day = date(2026, 2, 2)
    days = KnownDates(dict.fromkeys((own, known, still_open), day), {known: day, still_open: day})
    found = activity_timeline(note.tasks, STATUSES, EMOJI, days)
    assert found.done == {date(2026, 1, 1): 1, day: 1}
    assert (found.done_undated, found.added, found.added_undated) == (1, {day: 2}, 2)


def test_a_task_is_never_there_later_than_it_was_done() -> None:
    note = parse("- [x] a ✅ 2026-01-01 ➕ 2026-01-09\n")
    assert activity_timeline(note.tasks, STATUSES, EMOJI).added == {date(2026, 1, 1): 1}


@pytest.mark.parametrize(
    ("ago", "grace", "expected"),
    [
        ([], 1, Streak(0, 0)),
        ([0, 2, 4], 0, Streak(1, 1)),
        ([0, 2, 4], 1, Streak(3, 3)),
        ([2, 4], 1, Streak(2, 2)),
        ([3, 4], 1, Streak(0, 2)),
        ([3, 4], 2, Streak(2, 2)),
        ([0, 3, 4, 6, 20], 1, Streak(1, 3)),
        ([-1, 1], 1, Streak(1, 1)),
    ],
)
def test_a_day_of_grace_does_not_break_a_streak(ago: list[int], grace: int, expected: Streak) -> None:
    assert streak([TODAY - timedelta(number) for number in ago], TODAY, grace) == expected


@pytest.mark.parametrize(
    ("most", "levels"),
    [
        (0, [0]),
        (1, [0, 4]),
        (2, [0, 2, 4]),
        (3, [0, 2, 3, 4]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 1, 2, 3, 4, 4]),
        (8, [0, 1, 1, 2, 2, 3, 3, 4, 4]),
        (12, [0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]),
    ],
)
def test_shades_are_quarters_of_the_most_and_the_best_day_has_the_top_one(
    most: int, levels: list[int]
) -> None:
    assert [heat_level(number, most) for number in range(most + 1)] == levels


@given(st.sets(dates), st.integers(0, 3))
def test_streaks_are_what_walking_day_by_day_finds(days: set[date], grace: int) -> None:
    run = longest = missed = 0
    for day in each_day(date(2025, 11, 1), TODAY):
        if day in days:
            run, missed = run + 1, 0
        elif day != TODAY:
            missed += 1
            run = run if missed <= grace else 0
        longest = max(longest, run)
    assert streak(days, TODAY, grace) == Streak(run, longest)


@given(counts, dates, st.integers(1, 30))
def test_weeks_are_what_their_days_add_up_to(days: dict[date, int], today: date, weeks: int) -> None:
    found = weekly(days, today, weeks)
    assert len(found) == weeks
    assert found[-1].monday <= today < found[-1].monday + timedelta(7)
    for week in found:
        own = [week.monday + timedelta(offset) for offset in range(7)]
        assert own[0].weekday() == 0
        assert week.done == sum(days.get(day, 0) for day in own if day <= today)


@given(counts, dates, dates)
def test_weekdays(days: dict[date, int], start: date, end: date) -> None:
    expected: Counter[int] = Counter()
    for day in each_day(start, end):
        expected[day.weekday()] += days.get(day, 0)
    assert by_weekday(days, start, end) == [expected[number] for number in range(7)]


@given(
    st.lists(st.tuples(st.sampled_from(" x-"), st.none() | dates, st.none() | dates), max_size=12),
    dates,
    st.integers(0, 90),
)
def test_a_burn_up_counts_what_was_there_and_done_on_each_day(
    drawn: list[tuple[str, date | None, date | None]], start: date, length: int
) -> None:
    note = parse("".join(f"- [{mark}] a\n" for mark, _, _ in drawn))
    tasks = list(note.tasks)
    facts = list(zip(tasks, drawn, strict=True))
    days = KnownDates(
        {task: done for task, (_, done, _) in facts if done is not None},
        {task: added for task, (_, _, added) in facts if added is not None},
    )
    end = start + timedelta(length)
    found = burn_up(activity_timeline(tasks, STATUSES, EMOJI, days), start, end)
    for day, scope, done in zip(each_day(start, end), found.scope, found.done, strict=True):
        assert done == sum(mark == "x" and (on is None or on <= day) for mark, on, _ in drawn)
        assert scope == sum(
            came is None or came <= day or (mark == "x" and (on is None or on <= day))
            for mark, on, came in drawn
        )
        assert done <= scope


def test_open_tasks_by_age() -> None:
    ages = [0, 6, 7, 29, 30, 91, 364, 365, 5000]
    lines = [f"- [ ] a ➕ {TODAY - timedelta(age)}\n" for age in ages]
    note = parse("".join([*lines, "- [ ] known\n", "- [/] unknown\n", f"- [x] b ➕ {TODAY}\n", "- [-] c\n"]))
    known = next(task for task in note.tasks if task.text == "known")
    days = KnownDates({}, {known: TODAY - timedelta(8)})
    found = open_ages(note.tasks, STATUSES, EMOJI, TODAY, days)
    assert len(found.counts) == len(AGES) + 1
    assert found == ((2, 3, 1, 1, 1, 2), 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# A\n- [x] a\n# B\n- [ ] b\n## C\n- [ ] c\n", [("A", 1, 1), ("B", 0, 2)]),
        ("# Title\n## A\n- [x] a\n## B\n- [ ] b\n## Empty\n", [("A", 1, 1), ("B", 0, 1)]),
        ("# Title\n- [ ] alone\n## A\n- [x] a\n## B\n- [ ] b\n", [("Title", 0, 1), ("A", 1, 1), ("B", 0, 1)]),
        ("- [x] alone\n# A\n- [x] a\n", [("", 1, 1), ("A", 1, 1)]),
        ("- [x] a\n", [("", 1, 1)]),
        ("nothing\n", []),
    ],
)
def test_sections_side_by_side(text: str, expected: list[tuple[str, int, int]]) -> None:
    note = parse(text)
    found = progress_by_section(note, count_progress(note, STATUSES))
    assert [(section.title, part.done, part.total) for section, part in found] == expected
    assert sum(part.total for _, part in found) == count_progress(note, STATUSES).note.total
