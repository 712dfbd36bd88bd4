"""Numbers over time: completions by day, streak, pace, burn-up. Pure: days come in as arguments."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from roadtui.core.note import Note, Section, Task
from roadtui.core.stats.progress import NoteProgress, Progress
from roadtui.core.tasks.field_specs import FieldKind, TaskFormat, markers_of
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType

PACE_WEEKS = 8
"""How many weeks back a pace looks."""

_DATED = markers_of(FieldKind.DONE, FieldKind.CREATED)


class KnownDates(NamedTuple):
    """What is known of some tasks besides what they say: from a journal, or from git."""

    done: Mapping[Task, date]
    """Since when a task is done; only asked for tasks that are."""
    added: Mapping[Task, date]
    """When a task was first seen."""


NO_DAYS = KnownDates({}, {})
"""Where nothing is known besides."""


@dataclass(frozen=True, slots=True)
class ActivityTimeline:
    """How a number of tasks went: what was done when, and since when they are there."""

    done: Mapping[date, int]
    """Completions by day, by the tasks' own done dates, else by what is known besides."""
    done_undated: int
    """Completions that nothing dates; they are on no day."""
    added: Mapping[date, int]
    """Tasks by their created date, else by the day they were first seen; never after they were done."""
    added_undated: int
    """Tasks without one, or done on a day that nobody knows: there from the beginning."""


def course(
    tasks: Iterable[Task], statuses: StatusRegistry, format: TaskFormat, days: KnownDates = NO_DAYS
) -> ActivityTimeline:
    """The course of `tasks`, which are taken as they are: leave out those that do not count."""
    done: Counter[date] = Counter()
    added: Counter[date] = Counter()
    done_undated = added_undated = 0
    for task in tasks:
        own = own_days(task, format)
        added_on = own.added or days.added.get(task)
        if statuses.type_of(task.status_symbol) is StatusType.DONE:
            done_on = own.done or days.done.get(task)
            if done_on is not None:
                done[done_on] += 1
                added_on = min(added_on, done_on) if added_on is not None else None
            else:
                done_undated += 1
                added_on = None
        if added_on is not None:
            added[added_on] += 1
        else:
            added_undated += 1
    return ActivityTimeline(done, done_undated, added, added_undated)


class TaskDates(NamedTuple):
    """The days that a task itself names."""

    done: date | None = None
    added: date | None = None


_NO_OWN_DAYS = TaskDates()


def own_days(task: Task, format: TaskFormat) -> TaskDates:
    """The done date and the created date in the line of `task`."""
    if not any(sign in task.source for sign in _DATED):
        return _NO_OWN_DAYS
    fields = read_fields(task.text, format)
    return TaskDates(fields.done, fields.created)


@dataclass(frozen=True, slots=True)
class Streak:
    """Days on which something was done, without a break."""

    current: int
    """Up to today; a day that is not over yet does not break it."""
    longest: int


def streak_length(days: int) -> str:
    """What stands before the word streak: `no`, `1-day`, `12-day`."""
    return f"{days}-day" if days else "no"


def streak(days: Iterable[date], today: date, grace: int = 0) -> Streak:
    """The streaks in `days`; days after `today` are left out.

    Args:
        days: On which something was done.
        today: Not over yet.
        grace: How many days in a row may be missed without a break; they are not counted.
    """
    active = sorted({day.toordinal() for day in days if day <= today})
    longest = run = 0
    last: int | None = None
    for day in active:
        run = run + 1 if last is not None and day - last <= grace + 1 else 1
        longest = max(longest, run)
        last = day
    is_current = last is not None and today.toordinal() - last <= grace + 1
    return Streak(run if is_current else 0, longest)


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


HEAT_LEVELS = 4
"""How many shades a heatmap has above nothing."""


def heat_level(number: int, most: int) -> int:
    """The shade of a day with `number` completions: 0 for nothing, 1 to `HEAT_LEVELS` for quarters of `most`.

    The best day has the top shade, however little was done on it.
    """
    return min(HEAT_LEVELS, -(-number * HEAT_LEVELS // most)) if number > 0 else 0


class ActiveWeek(NamedTuple):
    """Completions of one week."""

    monday: date
    done: int


def weekly(days: Mapping[date, int], today: date, weeks: int) -> list[ActiveWeek]:
    """Completions by week from Monday on: each of the last `weeks` weeks, that of `today` the last."""
    this = today.toordinal() - today.weekday()
    counts = [0] * weeks
    for day, count in days.items():
        back = (this - day.toordinal() + 6) // 7
        if day <= today and back < weeks:
            counts[weeks - 1 - back] += count
    return [ActiveWeek(date.fromordinal(this - 7 * (weeks - 1 - at)), done) for at, done in enumerate(counts)]


def by_weekday(days: Mapping[date, int], start: date, end: date) -> list[int]:
    """Completions from `start` to `end`, both included, by weekday from Monday."""
    counts = [0] * 7
    for day, count in days.items():
        if start <= day <= end:
            counts[day.weekday()] += count
    return counts


def year_grid(days: Mapping[date, int], year: int, today: date) -> list[list[int | None]]:
    """Completions of a calendar year: a row a weekday from Monday, a column a week.

    None outside the year, and after today.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    lead = first.weekday()
    length = last.toordinal() - first.toordinal() + 1
    columns = (lead + length + 6) // 7
    grid: list[list[int | None]] = [[None] * columns for _ in range(7)]
    for offset in range(length):
        day = date.fromordinal(first.toordinal() + offset)
        if day > today:
            break
        grid[day.weekday()][(lead + offset) // 7] = days.get(day, 0)
    return grid


class BurnUp(NamedTuple):
    """Two lines over the same days."""

    start: date
    scope: list[int]
    """How many tasks there were at the end of each day."""
    done: list[int]
    """How many of them were done."""


def burn_up(course: ActivityTimeline, start: date, end: date) -> BurnUp:
    """Scope and completions on each day from `start` to `end`, both included.

    What is not dated was there, and done, before.
    """
    scope = cumulative(course.added, start, end, course.added_undated)
    return BurnUp(start, scope, cumulative(course.done, start, end, course.done_undated))


AGES = (7, 30, 91, 182, 365)
"""Bounds in days, by which open tasks are told apart: a week, a month, a quarter, half a year, a year."""


class AgeBuckets(NamedTuple):
    """Open tasks by how long they have been there."""

    counts: tuple[int, ...]
    """One number for each of `AGES`: younger than that, and not counted before; the last: older than all."""
    unknown: int
    """Of those nobody knows; they are at least as old as the history."""


def open_ages(
    tasks: Iterable[Task],
    statuses: StatusRegistry,
    format: TaskFormat,
    today: date,
    days: KnownDates = NO_DAYS,
) -> AgeBuckets:
    """How old the open ones of `tasks` are, by their created date, else by the day they were first seen."""
    counts = [0] * (len(AGES) + 1)
    unknown = 0
    for task in tasks:
        if not statuses.type_of(task.status_symbol).is_open:
            continue
        added = own_days(task, format).added or days.added.get(task)
        if added is None:
            unknown += 1
        else:
            counts[bisect_right(AGES, (today - added).days)] += 1
    return AgeBuckets(tuple(counts), unknown)


def progress_by_section(note: Note, tally: NoteProgress) -> list[tuple[Section, Progress]]:
    """The sections to compare: the outermost that are more than one, each with all that is below it.

    A note with a single title is compared by the sections below that. Those without tasks are left out, and
    what stands beside the sections is one of its own, as `Note.sections[0]` or the title.
    """
    parts: dict[int, list[Section]] = {}
    for section in note.sections[1:]:
        if section.parent is not None and tally.of_section(section).total:
            parts.setdefault(section.parent.index, []).append(section)
    around = note.sections[0]
    while len(below := parts.get(around.index, [])) == 1:
        if tally.of_section(below[0]) != tally.of_section(around):
            break
        around = below[0]
    shares = [(section, tally.of_section(section)) for section in below]
    whole = tally.of_section(around)
    beside = Progress(
        whole.done - sum(share.done for _, share in shares),
        whole.in_progress - sum(share.in_progress for _, share in shares),
        whole.open - sum(share.open for _, share in shares),
        whole.cancelled - sum(share.cancelled for _, share in shares),
    )
    return [(around, beside), *shares] if beside.total else shares
