"""Numbers over time: completions by day, streak, pace, burn-up. Pure: days come in as arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from roadtui.core.fields import TaskFormat, read_fields
from roadtui.core.note import Task
from roadtui.core.status import StatusRegistry, StatusType

PACE_WEEKS = 8
"""How many weeks back a pace looks."""

_DATED = ("✅", "➕", "completion::", "created::")


class Days(NamedTuple):
    """What is known of some tasks besides what they say: from a journal, or from git."""

    done: Mapping[Task, date]
    """Since when a task is done; only asked for tasks that are."""
    added: Mapping[Task, date]
    """When a task was first seen."""


NO_DAYS = Days({}, {})
"""Where nothing is known besides."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a number of tasks went: what was done when, and since when they are there."""

    done: Mapping[date, int]
    """Completions by day, by the tasks' own done dates, else by what is known besides."""
    done_undated: int
    """Completions that nothing dates; they are on no day."""
    added: Mapping[date, int]
    """Tasks by their created date, else by the day they were first seen."""
    added_undated: int
    """Tasks without one: there from the beginning."""


def course(
    tasks: Iterable[Task], statuses: StatusRegistry, format: TaskFormat, days: Days = NO_DAYS
) -> Course:
    """The course of `tasks`, which are taken as they are: leave out those that do not count."""
    done: Counter[date] = Counter()
    added: Counter[date] = Counter()
    done_undated = added_undated = 0
    for task in tasks:
        own = own_days(task, format)
        if statuses.type_of(task.mark) is StatusType.DONE:
            done_on = own.done or days.done.get(task)
            if done_on is not None:
                done[done_on] += 1
            else:
                done_undated += 1
        added_on = own.added or days.added.get(task)
        if added_on is not None:
            added[added_on] += 1
        else:
            added_undated += 1
    return Course(done, done_undated, added, added_undated)


class OwnDays(NamedTuple):
    """The days that a task itself names."""

    done: date | None = None
    added: date | None = None


_NO_OWN_DAYS = OwnDays()


def own_days(task: Task, format: TaskFormat) -> OwnDays:
    """The done date and the created date in the line of `task`."""
    if not any(sign in task.source for sign in _DATED):
        return _NO_OWN_DAYS
    fields = read_fields(task.text, format)
    return OwnDays(fields.done, fields.created)


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row on which something was done."""

    current: int
    """Up to today; a day that is not over yet does not break it."""
    longest: int


def streak(days: Iterable[date], today: date) -> Streak:
    """The streaks in `days`; days after `today` are left out."""
    active = {day.toordinal() for day in days if day <= today}
    longest = 0
    for day in active:
        if day - 1 not in active:
            longest = max(longest, _run(active, day, 1))
    last = today.toordinal()
    return Streak(_run(active, last if last in active else last - 1, -1), longest)


def _run(active: set[int], start: int, step: int) -> int:
    length = 0
    while start + step * length in active:
        length += 1
    return length


def pace(days: Mapping[date, int], today: date, weeks: int = PACE_WEEKS) -> float:
    """Completions a week over the last `weeks` weeks, today included."""
    since = today - timedelta(weeks=weeks)
    return sum(count for day, count in days.items() if since < day <= today) / weeks


def cumulative(days: Mapping[date, int], start: date, end: date, before: int = 0) -> list[int]:
    """The sum of `days` up to each day from `start` to `end`, both included, on top of `before`."""
    total = before + sum(count for day, count in days.items() if day < start)
    series = []
    for offset in range((end - start).days + 1):
        total += days.get(start + timedelta(offset), 0)
        series.append(total)
    return series


def week_grid(days: Mapping[date, int], today: date, weeks: int) -> list[list[int | None]]:
    """Completions by week: a row a weekday from Monday, a column each of the last weeks; None after today."""
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    grid: list[list[int | None]] = []
    for weekday in range(7):
        row: list[int | None] = []
        for week in range(weeks):
            day = monday + timedelta(days=weekday, weeks=week)
            row.append(days.get(day, 0) if day <= today else None)
        grid.append(row)
    return grid
