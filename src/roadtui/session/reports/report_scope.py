"""What a report is about: the vault, a note, the notes of a hub, or the section under the cursor.

Made from what is on the screen. Finding the tasks of a section takes time: for a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import partial
from typing import NamedTuple

from roadtui.core.line_text import plain_line
from roadtui.core.next_actions.candidates import DueTask
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.stats.activity import (
    NO_KNOWN_DATES,
    ActivityTimeline,
    KnownDates,
    activity_timeline,
    progress_by_section,
)
from roadtui.core.stats.progress import Progress, add_up, counted
from roadtui.core.stats.put_off import tasks_put_off
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.session.reports.summary import count_put_off, deadline_of, timeline_of
from roadtui.session.view_model import ReportContext
from roadtui.vault.snapshot import Snapshot, VaultNote

_MOST_DUE = 20
"""The most due tasks of several notes that a report has."""


class ScopeLevel(Enum):
    """How much around the cursor a report covers."""

    VAULT = "vault"
    NOTE = "note"
    SECTION = "section"
    """The section or the parent task under the cursor."""


class Breakdown(NamedTuple):
    """One of several parts that are compared."""

    title: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class ReportScope:
    """Some tasks taken together, and what is known of them."""

    title: str
    progress: Progress
    list_tasks: Callable[[], Sequence[Task]]
    """Returns those that count, in order."""
    shares: tuple[Breakdown, ...]
    """The parts that it is made of; empty if there are none to compare."""
    deadline: date | None
    snapshot: Snapshot
    days: KnownDates
    grace: int
    """How many days in a row may be missed without breaking a streak."""
    spent: Mapping[Task, int]
    """Seconds spent on tasks of its notes."""
    due: tuple[DueTask, ...]
    """Its open tasks with a due date, the earliest first; of several notes, the first few."""
    count_timeline: Callable[[], ActivityTimeline]
    """Returns the activity of its tasks over time."""
    count_put_off: Callable[[date], int]
    """Returns how many of its open tasks start after a day."""

    @classmethod
    def of(cls, context: ReportContext, level: ScopeLevel) -> ReportScope:
        """The scope at `level` in `context`; for a task without subtasks, a part is its parent or section."""
        note, view = context.note, context.view
        if note is None or level is ScopeLevel.VAULT:
            holding = [each for each in view.snapshot.notes.values() if each.has_tasks]
            return cls._of_notes(view.snapshot.root.name, holding, view.snapshot.roadmaps, context)
        led_to = view.hubs.get(note.path)
        if led_to is not None:
            return cls._of_notes(note.name, led_to, led_to, context)
        return cls._of_part(note, context.content if level is ScopeLevel.SECTION else None, context)

    @classmethod
    def _of_notes(
        cls, title: str, notes: Sequence[VaultNote], listed: Sequence[VaultNote], context: ReportContext
    ) -> ReportScope:
        snapshot = context.view.snapshot
        return cls(
            title,
            add_up(note.progress for note in notes),
            lambda: [task for note in notes for task in _counted(note, context)],
            tuple(Breakdown(note.name, note.progress) for note in listed if note.progress.total),
            None,
            snapshot,
            _days(notes, context),
            context.grace,
            _spent(notes, context),
            _due(notes),
            partial(_timeline, notes, context),
            partial(count_put_off, notes, snapshot, context.counts),
        )

    @classmethod
    def _of_part(
        cls, note: VaultNote, content: Section | ListItem | None, context: ReportContext
    ) -> ReportScope:
        snapshot = context.view.snapshot
        part = _part(note, content)
        tasks = [task for task in _counted(note, context) if part is None or _is_in(task, part)]
        days = _days([note], context)
        return cls(
            _title(note, part, snapshot.format),
            _progress(note, part),
            lambda: tasks,
            tuple(_shares(note, part, snapshot.format)),
            deadline_of(note, part if isinstance(part, Task) else None, snapshot.format),
            snapshot,
            days,
            context.grace,
            _spent([note], context),
            tuple(due for due in _due([note], None) if part is None or _is_in(due.task, part)),
            lambda: activity_timeline(tasks, snapshot.statuses, snapshot.format, days),
            lambda today: sum(1 for _ in tasks_put_off(tasks, snapshot.statuses, snapshot.format, today)),
        )

    @property
    def seconds(self) -> int:
        """Time spent on its tasks."""
        return sum(self.spent.get(task, 0) for task in self.list_tasks()) if self.spent else 0

    @property
    def timeline(self) -> ActivityTimeline:
        """The activity of its tasks over time; computed anew with each access."""
        return self.count_timeline()

    def put_off(self, today: date) -> int:
        """How many of its open tasks start after `today`: the forecast leaves them out."""
        return self.count_put_off(today)


def part_at_cursor(context: ReportContext) -> Breakdown | None:
    """The section or parent task under the cursor; None where that is the note as a whole."""
    note = context.note
    part = _part(note, context.content) if note is not None else None
    if note is None or part is None:
        return None
    return Breakdown(_title(note, part, context.view.snapshot.format), _progress(note, part))


def _due(notes: Sequence[VaultNote], most: int | None = _MOST_DUE) -> tuple[DueTask, ...]:
    dates = sorted(
        ((due.day, note.path, due.line, at, due) for at, note in enumerate(notes) for due in note.due)
    )
    found = (notes[at].due_task(due) for *_order, at, due in dates[:most])
    return tuple(task for task in found if task is not None)


def _timeline(notes: Sequence[VaultNote], context: ReportContext) -> ActivityTimeline:
    return timeline_of(notes, context.view.snapshot, context.counts, lambda some: _days(list(some), context))


def _days(notes: Sequence[VaultNote], context: ReportContext) -> KnownDates:
    return context.records.days(notes) if context.records is not None else NO_KNOWN_DATES


def _spent(notes: Sequence[VaultNote], context: ReportContext) -> Mapping[Task, int]:
    return context.records.spent(notes) if context.records is not None else {}


def _counted(note: VaultNote, context: ReportContext) -> Iterable[Task]:
    parsed = note.content.peek()
    return counted(parsed.note.tasks, parsed.progress, context.view.snapshot.statuses, context.counts)


def _part(note: VaultNote, content: Section | ListItem | None) -> Section | Task | None:
    """The nearest parent task around `content`, else its section; None for the whole note."""
    item = content if isinstance(content, ListItem) else None
    while item is not None:
        if isinstance(item, Task) and note.note_progress.of_task(item) is not None:
            return item
        item = item.parent
    section = content.section if isinstance(content, ListItem) else content
    return section if section is not None and section.level else None


def _title(note: VaultNote, part: Section | Task | None, format: TaskFormat) -> str:
    if part is None:
        return note.name
    return plain_line(part.title) if isinstance(part, Section) else _description(part, format)


def _description(task: Task, format: TaskFormat) -> str:
    return plain_line(read_fields(task.text, format).description or task.text)


def _progress(note: VaultNote, part: Section | Task | None) -> Progress:
    if part is None:
        return note.progress
    if isinstance(part, Section):
        return note.note_progress.of_section(part)
    return note.note_progress.of_task(part) or Progress()


def _is_in(task: Task, part: Section | Task) -> bool:
    if isinstance(part, Task):
        return part in task.ancestors
    section: Section | None = task.section
    while section is not None:
        if section is part:
            return True
        section = section.parent
    return False


def _shares(note: VaultNote, part: Section | Task | None, format: TaskFormat) -> Iterable[Breakdown]:
    """The sections of a note or of a section; where there are none, the parent tasks."""
    sections = (
        progress_by_section(note.note, note.note_progress)
        if part is None
        else [
            (section, note.note_progress.of_section(section))
            for section in note.note.sections
            if section.parent is part and note.note_progress.of_section(section).total
        ]
    )
    if len(sections) > 1:
        return [Breakdown(plain_line(section.title) or note.name, progress) for section, progress in sections]
    around = part if isinstance(part, Task) else None
    found = (
        (task, note.note_progress.of_task(task))
        for task in note.note.tasks
        if task.parent_task is around and (part is None or _is_in(task, part))
    )
    return [
        Breakdown(_description(task, format), below)
        for task, below in found
        if below is not None and below.total
    ]
