"""Statistics over time: completions by day, streak, pace, burn-up. Pure: days come in as arguments."""

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
"""The number of weeks over which a pace is measured."""

_DATED = markers_of(FieldKind.DONE, FieldKind.CREATED)


class KnownDates(NamedTuple):
    """Dates of tasks that are not in the notes: from the event log, or from git."""

    done: Mapping[Task, date]
    """The day of completion of done tasks."""
    added: Mapping[Task, date]
    """The day on which a task was first seen."""


NO_KNOWN_DATES = KnownDates({}, {})
"""No dates beyond those in the notes."""


@dataclass(frozen=True, slots=True)
class ActivityTimeline:
    """On which days tasks were added and done."""

    done: Mapping[date, int]
    """Completions by day, by the tasks' done dates, else by `KnownDates`."""
    done_undated: int
    """Completions without a known day."""
    added: Mapping[date, int]
    """Tasks by their created date, else by the day they were first seen; never after they were done."""
    added_undated: int
    """Tasks without such a day, and tasks done on an unknown day: they count from the beginning."""


def activity_timeline(
    tasks: Iterable[Task], statuses: StatusRegistry, format: TaskFormat, days: KnownDates = NO_KNOWN_DATES
) -> ActivityTimeline:
    """The timeline of `tasks`. The caller leaves out tasks that do not count, such as cancelled ones."""
    done: Counter[date] = Counter()
    added: Counter[date] = Counter()
    done_undated = added_undated = 0
    for task in tasks:
        own = task_dates(task, format)
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


def add_timelines(timelines: Iterable[ActivityTimeline]) -> ActivityTimeline:
    """The timeline of the tasks of all `timelines` together."""
    done: Counter[date] = Counter()
    added: Counter[date] = Counter()
    done_undated = added_undated = 0
    for one in timelines:
        for day, count in one.done.items():
            done[day] += count
        for day, count in one.added.items():
            added[day] += count
        done_undated += one.done_undated
        added_undated += one.added_undated
    return ActivityTimeline(done, done_undated, added, added_undated)


class TaskDates(NamedTuple):
    """The dates in a task's line."""

    done: date | None = None
    added: date | None = None


_NO_TASK_DATES = TaskDates()


def task_dates(task: Task, format: TaskFormat) -> TaskDates:
    """The done date and the created date in the line of `task`."""
    source = task.source
    if (source.isascii() and "::" not in source) or not any(sign in source for sign in _DATED):
        return _NO_TASK_DATES
    fields = read_fields(task.text, format)
    return TaskDates(fields.done, fields.created)


@dataclass(frozen=True, slots=True)
class Streak:
    """Numbers of consecutive days with a completion."""

    current: int
    """The streak up to today; today without a completion does not break it, as it is not over."""
    longest: int


def streak_length(days: int) -> str:
    """The text before the word streak: `no`, `1-day`, `12-day`."""
    return f"{days}-day" if days else "no"


def streak(days: Iterable[date], today: date, grace: int = 0) -> Streak:
    """The streaks in `days`; days after `today` are ignored.

    Args:
        days: Days with a completion.
        today: The current day, which is not over yet.
        grace: How many consecutive days may be missed without a break; they are not counted.
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
    """Completions by day: a row for each weekday from Monday, a column for each of the last weeks.

    None for days after `today`.
    """
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
"""The number of shades of a heatmap, apart from empty."""


def heat_level(number: int, most: int) -> int:
    """The shade of a day with `number` completions: 0 for none, 1 to `HEAT_LEVELS` for quarters of `most`.

    The best day has the top shade, even with few completions.
    """
    return min(HEAT_LEVELS, -(-number * HEAT_LEVELS // most)) if number > 0 else 0


class ActiveWeek(NamedTuple):
    """Completions of one week."""

    monday: date
    done: int


def weekly(days: Mapping[date, int], today: date, weeks: int) -> list[ActiveWeek]:
    """Completions in each of the last `weeks` weeks, from Monday on; the last is the week of `today`."""
    this = today.toordinal() - today.weekday()
    counts = [0] * weeks
    for day, count in days.items():
        back = (this - day.toordinal() + 6) // 7
        if day <= today and back < weeks:
            counts[weeks - 1 - back] += count
    return [ActiveWeek(date.fromordinal(this - 7 * (weeks - 1 - at)), done) for at, done in enumerate(counts)]


def by_weekday(days: Mapping[date, int], start: date, end: date) -> list[int]:
    """Completions from `start` to `end`, both included, for each weekday from Monday."""
    counts = [0] * 7
    for day, count in days.items():
        if start <= day <= end:
            counts[day.weekday()] += count
    return counts


class BurnUp(NamedTuple):
    """The two lines of a burn-up chart, with a value for each day."""

    start: date
    """The first day."""
    scope: list[int]
    """The number of tasks at the end of each day."""
    done: list[int]
    """The number of done tasks at the end of each day."""


def burn_up(timeline: ActivityTimeline, start: date, end: date) -> BurnUp:
    """Scope and completions on each day from `start` to `end`, both included.

    Tasks without a known day count as added, and done, before `start`.
    """
    scope = cumulative(timeline.added, start, end, timeline.added_undated)
    return BurnUp(start, scope, cumulative(timeline.done, start, end, timeline.done_undated))


AGES = (7, 30, 91, 182, 365)
"""Bounds of the age groups, in days: a week, a month, a quarter, half a year, a year."""


class AgeBuckets(NamedTuple):
    """Numbers of open tasks by age."""

    counts: tuple[int, ...]
    """For each bound of `AGES`, the tasks between the bound before and it; last, all older tasks."""
    unknown: int
    """Tasks of unknown age, which are at least as old as the history."""


def open_ages(
    tasks: Iterable[Task],
    statuses: StatusRegistry,
    format: TaskFormat,
    today: date,
    days: KnownDates = NO_KNOWN_DATES,
) -> AgeBuckets:
    """The ages of the open tasks of `tasks`, by their created date, else by the day they were first seen."""
    counts = [0] * (len(AGES) + 1)
    unknown = 0
    for task in tasks:
        if not statuses.type_of(task.status_symbol).is_open:
            continue
        added = task_dates(task, format).added or days.added.get(task)
        if added is None:
            unknown += 1
        else:
            counts[bisect_right(AGES, (today - added).days)] += 1
    return AgeBuckets(tuple(counts), unknown)


def progress_by_section(note: Note, progress: NoteProgress) -> list[tuple[Section, Progress]]:
    """The progress of the outermost sections of a note, or of the next level while that is a single section.

    Sections without tasks are left out. Tasks outside these sections come first, under `Note.sections[0]` or
    the single section around them.
    """
    parts: dict[int, list[Section]] = {}
    for section in note.sections[1:]:
        if section.parent is not None and progress.of_section(section).total:
            parts.setdefault(section.parent.index, []).append(section)
    around = note.sections[0]
    while len(below := parts.get(around.index, [])) == 1:
        if progress.of_section(below[0]) != progress.of_section(around):
            break
        around = below[0]
    shares = [(section, progress.of_section(section)) for section in below]
    whole = progress.of_section(around)
    beside = Progress(
        whole.done - sum(share.done for _, share in shares),
        whole.in_progress - sum(share.in_progress for _, share in shares),
        whole.open - sum(share.open for _, share in shares),
        whole.cancelled - sum(share.cancelled for _, share in shares),
    )
    return [(around, beside), *shares] if beside.total else shares
