"""Summarizes a vault, a folder or a note: progress, next actions, pace, forecast. Reads snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from roadtui.core.next_actions.candidates import DueTask
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.note import Task
from roadtui.core.stats.activity import (
    NO_KNOWN_DATES,
    ActivityTimeline,
    KnownDates,
    Streak,
    activity_timeline,
    add_timelines,
    pace,
    streak,
)
from roadtui.core.stats.forecast import (
    Forecast,
    NoForecast,
    all_put_off,
    done_before_weeks,
    forecast,
    recent_weeks,
)
from roadtui.core.stats.progress import CountMode, Progress, add_up, counted
from roadtui.core.stats.put_off import tasks_put_off
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.vault.snapshot import Snapshot, VaultNote

DUE_DAYS = 14
"""A summary lists what is due within so many days."""


@dataclass(frozen=True, slots=True)
class VaultSummary:
    """The summary of a vault, a folder or a note on one day."""

    name: str
    today: date
    progress: Progress
    count: CountMode
    """Which tasks are counted in `progress`."""
    checkboxes: int
    """The number of checkboxes, counted or not."""
    roadmaps: tuple[VaultNote, ...]
    suggestions: tuple[Suggestion, ...]
    due: tuple[DueTask, ...]
    """Overdue, and due within `DUE_DAYS`; the earliest first."""
    done_undated: int
    """Completions without a date: they count in the progress, but not in streak, pace and forecast."""
    streak: Streak
    pace: float
    """Completions a week."""
    put_off: int
    """Open tasks that start on a later day; the forecast leaves them out."""
    forecast: Forecast | NoForecast
    deadline: date | None
    """The deadline of the note, if the summary is of a single one."""


class NextSteps(NamedTuple):
    """The progress of a vault, a folder or a note, and what is next there. Needs summaries of notes alone."""

    lone: VaultNote | None
    """The note, if it is about a single one."""
    notes: list[VaultNote]
    progress: Progress
    roadmaps: tuple[VaultNote, ...]
    suggestions: tuple[Suggestion, ...]


def next_steps(snapshot: Snapshot, below: str, today: date, most_suggestions: int | None) -> NextSteps:
    """The progress of the notes at or below `below` (empty: the vault), and the next actions there.

    `most_suggestions`: the most to list, None for all; more than `SHORTLIST` take reading every task.
    """
    notes = snapshot.below(below)
    listed = {note.path for note in snapshot.roadmaps}
    lone = next((note for note in notes if note.path == below), None)
    roadmaps = tuple(note for note in notes if note.has_tasks and (note.path in listed or note is lone))
    asked_for = snapshot.archives.hold(below) or (lone is not None and snapshot.archives.hold(lone.folder))
    suggested = roadmaps if asked_for else snapshot.outside_archives(roadmaps)
    suggestions = snapshot.all_suggestions(suggested, today, most_suggestions)
    progress = add_up(note.progress for note in notes)
    return NextSteps(lone, notes, progress, roadmaps, tuple(suggestions))


def summarize(
    snapshot: Snapshot,
    below: str,
    today: date,
    count: CountMode,
    most_suggestions: int | None,
    days: Callable[[Iterable[VaultNote]], KnownDates] = lambda _notes: NO_KNOWN_DATES,
    grace: int = 0,
) -> VaultSummary:
    """The summary of the notes at or below `below` (empty: the vault) on `today`.

    Args:
        snapshot: The vault.
        below: A note or folder.
        today: The day.
        count: What is counted.
        most_suggestions: The most next actions to list; None for all.
        days: Returns the recorded dates of notes' tasks, beyond the dates that the notes contain.
        grace: How many days in a row may be missed without breaking a streak.
    """
    lone, notes, progress, roadmaps, suggestions = next_steps(snapshot, below, today, most_suggestions)
    timeline = timeline_of(notes, snapshot, count, days)
    deadline = lone.deadline if lone is not None else None
    put_off = count_put_off(notes, snapshot, count, today)
    soon = [
        task
        for note in notes
        for due in note.due
        if (due.day - today).days <= DUE_DAYS and (task := note.due_task(due)) is not None
    ]
    return VaultSummary(
        lone.name if lone is not None else below or snapshot.root.name,
        today,
        progress,
        count,
        sum(note.content.summary.checkboxes for note in notes),
        roadmaps,
        suggestions,
        tuple(sorted(soon, key=lambda due: (due.day, due.path, due.task.line))),
        timeline.done_undated,
        streak(timeline.done, today, grace),
        pace(timeline.done, today),
        put_off,
        forecast_of(progress, timeline, put_off, today, deadline),
        deadline,
    )


def timeline_of(
    notes: Sequence[VaultNote],
    snapshot: Snapshot,
    count: CountMode,
    days: Callable[[Iterable[VaultNote]], KnownDates] = lambda _notes: NO_KNOWN_DATES,
) -> ActivityTimeline:
    """The activity of the counted tasks of all `notes` together.

    It is that of their summaries, but for the notes of which `days` knows more than they contain.
    """
    has_records = any(days(notes))
    is_summarized = count is snapshot.count_mode

    def of_note(note: VaultNote) -> ActivityTimeline:
        known = days([note]) if has_records else NO_KNOWN_DATES
        if is_summarized and not any(known):
            return note.content.summary.facts.timeline
        parsed = note.content.peek()
        tasks = counted(parsed.note.tasks, parsed.progress, snapshot.statuses, count)
        return activity_timeline(tasks, snapshot.statuses, snapshot.format, known)

    return add_timelines(map(of_note, notes))


def count_put_off(notes: Iterable[VaultNote], snapshot: Snapshot, count: CountMode, today: date) -> int:
    """How many of the counted open tasks of `notes` are put off on `today`. Reads notes with later starts."""
    number = 0
    for note in notes:
        if note.content.summary.facts.last_start > today.toordinal():
            parsed = note.content.peek()
            tasks = counted(parsed.note.tasks, parsed.progress, snapshot.statuses, count)
            number += sum(1 for _ in tasks_put_off(tasks, snapshot.statuses, snapshot.format, today))
    return number


def forecast_of(
    progress: Progress,
    timeline: ActivityTimeline,
    put_off: int,
    today: date,
    deadline: date | None,
    *,
    has_fan: bool = False,
) -> Forecast | NoForecast:
    """When what is left of `progress` will be done, at the pace of the last weeks.

    Args:
        progress: What is counted.
        timeline: When the same tasks were done and added.
        put_off: How many of them are put off; they are left out until their day.
        today: The last past day.
        deadline: The day by whose end all is to be done.
        has_fan: Whether to compute the fan.
    """
    weeks = recent_weeks(timeline.done, timeline.added, today)
    left = progress.total - progress.done - put_off
    if not left and put_off:
        return all_put_off(put_off)
    before = done_before_weeks(timeline.done, today, weeks)
    return forecast(weeks, left, today, deadline, done_before=before, has_fan=has_fan)


def deadline_of(note: VaultNote, task: Task | None, format: TaskFormat) -> date | None:
    """The day by which `task` of `note`, or all of it, is to be done.

    The task's own due date, else that of its nearest ancestor that has one, else the note's `deadline`. A
    section has no deadline of its own: the note's applies.
    """
    while task is not None:
        due = read_fields(task.text, format).due
        if due is not None:
            return due
        task = task.parent_task
    return note.deadline


def why_nothing_is_next(progress: Progress) -> str:
    """Why none of the tasks that `progress` counts can be suggested."""
    if not progress.total:
        return "There are no tasks here."
    if not (progress.open or progress.in_progress):
        return "Everything is done."
    return "Nothing can be done now: all open tasks wait for another task or for their start date."


def odds_in_words(odds: float) -> str:
    """`3 in 10`, `even odds`, `9 in 10`; at the ends `hardly any chance` and `almost sure`."""
    if odds < 0.02 or odds > 0.98:
        return "hardly any chance" if odds < 0.5 else "almost sure"
    if not 0.075 <= odds <= 0.925:
        return "1 in 20" if odds < 0.5 else "19 in 20"
    tenths = min(9, max(1, round(10 * odds)))
    return "even odds" if tenths == 5 else f"{tenths} in 10"


def odds_text(odds: float) -> str:
    """`31 % likely`; never 0 or 100, as a forecast is no promise."""
    if odds < 0.01:
        return "less than 1 % likely"
    return "more than 99 % likely" if odds > 0.99 else f"{int(100 * odds)} % likely"
