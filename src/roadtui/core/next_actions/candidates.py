"""The candidates for the next action in one note: its open tasks without open subtasks. Pure.

They are collected once for each state of a note, so that a change of the vault only ranks a few candidates
and reads no fields. `core.next_actions.ranking` compares the notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import NamedTuple, Protocol

from roadtui.core.inline import may_hold_any
from roadtui.core.note import Note, Section, Task
from roadtui.core.patterns import LazyPattern
from roadtui.core.stats.progress import NoteProgress
from roadtui.core.tasks.field_specs import (
    PLANNED_DATES,
    FieldKind,
    Priority,
    TaskFormat,
    markers_of,
    signs_of,
    start_pattern,
)
from roadtui.core.tasks.fields import field_text, read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType

SOON_DAYS = 7
"""A task due within this many days is due soon."""

NEVER = date.max.toordinal()
"""The ordinal that stands for no due date."""

SHORTLIST = 3
"""How many candidates without fields a short list keeps: as many as a screen suggests."""

_SIGNS_OF_SCHEDULING = LazyPattern(
    f"[{signs_of(FieldKind.PRIORITY, *PLANNED_DATES, FieldKind.ID, FieldKind.DEPENDS_ON)}]|::"
)
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DONE = LazyPattern(start_pattern(FieldKind.DONE) + _DAY)
_WRITTEN_DONE = (field_text(FieldKind.DONE, "DAY", format) for format in TaskFormat)
_PLAINLY_DONE = LazyPattern(
    f"(?:{'|'.join(re.escape(written).replace('DAY', f'({_DAY})') for written in _WRITTEN_DONE)})"
    r"(?: \^[a-zA-Z0-9-]+)?[ \t]*\Z"
)
"""A done date where the plugin writes it: the last of the line, which is what most done tasks have."""


class Scheduling(NamedTuple):
    """When a task can and has to be done, by its own fields and those it inherits from its parents."""

    priority: Priority = Priority.NONE
    due: date | None = None
    """The task's own due date, else that of its nearest parent that has one."""
    due_from: int | None = None
    """`Task.index` of the parent that the due date is inherited from; None for the task's own."""
    start: date | None = None
    """The latest start date among the task and its parents."""
    scheduled: date | None = None
    id: str | None = None
    depends_on: frozenset[str] = frozenset()
    """Ids of the tasks that the task or one of its parents depends on."""
    is_on_hold: bool = False
    """Whether the task or one of its parents is on hold."""


NO_SCHEDULING = Scheduling()
"""The scheduling of a task without fields."""


class Candidate(NamedTuple):
    """An open task without open subtasks. Subtasks of a cancelled task are never candidates."""

    task: Task
    is_doing: bool
    """Whether the task is in progress."""
    scheduling: Scheduling
    is_first_open: bool = False
    """Whether it is the first open task directly below its parent task, or in its section."""


class RankKey(NamedTuple):
    """The criteria by which candidates are ranked, most important first; the smaller key comes first."""

    is_waiting: bool = False
    """Whether the task is on hold, or scheduled for a later day: after all others."""
    due_soon: int = SOON_DAYS + 1
    """Days until the due date, negative when overdue; `SOON_DAYS` + 1 for later or no due date."""
    is_not_doing: bool = True
    urgency_deficit: float = 0.0
    """By how much its urgency, by priority and scheduled day, is below that of a task without fields."""
    negated_unlocks: int = 0
    """Minus the number of open tasks that depend on the task."""
    is_not_next: bool = True
    negated_neglect: int = 0
    """Minus the weeks since something was done in its section, if the section is neglected."""
    due: int = NEVER
    is_not_started: bool = True


class SuggestionGroup(Enum):
    """The groups of suggestions, in their order."""

    DUE = "due"
    """Late, or due within `SOON_DAYS`."""
    IN_PROGRESS = "in progress"
    NEXT = "next"
    """The best of the other tasks of a roadmap."""
    LATER = "later"


class RankedCandidate(NamedTuple):
    """A candidate and its place among those of its note.

    `Task.index` is unique in a note, so that sorting never compares candidates.
    """

    is_waiting: bool
    group: int
    """Position in `SuggestionGroup`."""
    round: int
    """0, but 1 for the second task of a roadmap that is in none of the first two groups, 2 for the third …"""
    rank_key: RankKey
    position: int
    """`Task.index`."""
    candidate: Candidate


class NoteCandidates(NamedTuple):
    """The candidates for the next action in one note, whatever the day."""

    path: str
    candidates: tuple[Candidate, ...]
    """In order of lines."""
    open_ids: Mapping[str, str]
    """Ids of the note's open tasks, each with the description of the first task that has it."""
    depended_on: tuple[str, ...]
    """Ids that its open tasks depend on, once for each task that names them."""
    last_done: Mapping[int, date]
    """The last day with a completion, by `Section.index`, subsections included; 0 is the whole note."""
    has_dependencies: bool
    """Whether a candidate has an id or depends on other tasks."""
    best_by_day: dict[date, tuple[RankedCandidate, ...]]
    """A cache of `core.next_actions.ranking`: the first `SHORTLIST` candidates by day."""


NO_CANDIDATES = NoteCandidates("", (), {}, (), {}, False, {})


def find_candidates(
    path: str,
    note: Note,
    progress: NoteProgress,
    statuses: StatusRegistry,
    format: TaskFormat,
    *,
    is_short: bool = False,
) -> NoteCandidates:
    """The candidates for the next action in the note at `path`.

    Args:
        path: Relative to the vault.
        note: The note.
        progress: The progress of the note, which knows the tasks with subtasks.
        statuses: The statuses of the vault.
        format: How the vault writes fields.
        is_short: Whether to leave out candidates that `ranking.rank` cannot put among the first `SHORTLIST`.
    """
    collector = _Collector(progress, statuses, format)
    for task in note.tasks:
        collector.add(task)
    last_done = last_completions(collector.done)
    found = collector.candidates
    if is_short:
        found = _shortened(found, last_done)
    has_dependencies = any(candidate.scheduling.id or candidate.scheduling.depends_on for candidate in found)
    return NoteCandidates(
        path,
        tuple(found),
        collector.open_ids,
        tuple(collector.depended_on),
        last_done,
        has_dependencies,
        best_by_day={},
    )


def last_completions(done: Iterable[tuple[Task, date]]) -> dict[int, date]:
    """The last day of `done` by `Section.index`, subsections included."""
    last: dict[int, date] = {}
    for task, day in done:
        section: Section | None = task.section
        while section is not None and last.get(section.index, date.min) < day:
            last[section.index] = day
            section = section.parent
    return last


class _Collector:
    """Collects candidates in one pass over the tasks of a note, parents before their subtasks."""

    def __init__(self, progress: NoteProgress, statuses: StatusRegistry, format: TaskFormat) -> None:
        self._progress = progress
        self._statuses = statuses
        self._format = format
        self._kinds: dict[str, StatusType] = {}
        self._inherited_from: dict[int, Scheduling | None] = {}
        """The scheduling that subtasks inherit, by `Task.index` of the parent; None if it is cancelled."""
        self._with_open_tasks: set[int] = set()
        """What has open tasks directly inside: `Task.index` of parents, -1 - `Section.index` of sections."""
        self.candidates: list[Candidate] = []
        self.open_ids: dict[str, str] = {}
        self.depended_on: list[str] = []
        self.done: list[tuple[Task, date]] = []

    def add(self, task: Task) -> None:
        source = task.source
        may_have_fields = not source.isascii() or "::" in source
        kind = self._kind(task.status_symbol)
        inherited_scheduling = self._scheduling_around(task) if self._inherited_from else NO_SCHEDULING
        if kind is StatusType.CANCELLED:
            inherited_scheduling = None
        own = NO_SCHEDULING
        if kind is StatusType.ON_HOLD or (may_have_fields and kind.is_open):
            own = self._own_scheduling(task, kind)
        scheduling = _merged(own, inherited_scheduling) if inherited_scheduling is not None else None
        is_leaf = task.index not in self._progress.parents
        if scheduling is not NO_SCHEDULING and not is_leaf:
            self._inherited_from[task.index] = scheduling and _inherited_from(scheduling, task)
        if kind is StatusType.DONE:
            if may_have_fields:
                self._add_done(task)
        elif kind.is_open:
            parent = task.parent_task
            container = parent.index if parent is not None else -1 - task.section.index
            is_first = container not in self._with_open_tasks
            if is_first:
                self._with_open_tasks.add(container)
            if is_leaf and scheduling is not None:
                is_doing = kind is StatusType.IN_PROGRESS
                self.candidates.append(Candidate(task, is_doing, scheduling, is_first))

    def _kind(self, symbol: str) -> StatusType:
        kind = self._kinds.get(symbol)
        if kind is None:
            kind = self._kinds[symbol] = self._statuses.type_of(symbol)
        return kind

    def _scheduling_around(self, task: Task) -> Scheduling | None:
        parent = task.parent_task
        return self._inherited_from.get(parent.index, NO_SCHEDULING) if parent is not None else NO_SCHEDULING

    def _own_scheduling(self, task: Task, kind: StatusType) -> Scheduling:
        is_on_hold = kind is StatusType.ON_HOLD
        if _SIGNS_OF_SCHEDULING.search(task.source) is None:
            return NO_SCHEDULING if not is_on_hold else NO_SCHEDULING._replace(is_on_hold=True)
        fields = read_fields(task.text, self._format)
        if fields.id is not None:
            self.open_ids.setdefault(fields.id, fields.description or task.text)
        depends_on = frozenset(fields.depends_on) - {fields.id or ""}
        self.depended_on.extend(sorted(depends_on))
        scheduling = Scheduling(
            fields.priority,
            fields.due,
            start=fields.start,
            scheduled=fields.scheduled,
            id=fields.id,
            depends_on=depends_on,
            is_on_hold=is_on_hold,
        )
        return scheduling if scheduling != NO_SCHEDULING else NO_SCHEDULING

    def _add_done(self, task: Task) -> None:
        day = self._done_day(task)
        if day is not None:
            self.done.append((task, day))

    def _done_day(self, task: Task) -> date | None:
        """The done date of `task`; the fields are only read where the date is not at the end of the line."""
        found = _DONE.search(task.source)
        if found is None:
            return None
        plain = _PLAINLY_DONE.match(task.source, found.start())
        if plain is None or may_hold_any(task.source, task.symbol_index + 2):
            return read_fields(task.text, self._format).done
        try:
            return date.fromisoformat(plain[1] or plain[2])
        except ValueError:  # Such as 30 February.
            return None


def _inherited_from(scheduling: Scheduling, task: Task) -> Scheduling:
    """The part of `scheduling`, that of `task`, that subtasks inherit."""
    is_own = scheduling.due is not None and scheduling.due_from is None
    inherited = Scheduling(
        due=scheduling.due,
        due_from=task.index if is_own else scheduling.due_from,
        start=scheduling.start,
        depends_on=scheduling.depends_on,
        is_on_hold=scheduling.is_on_hold,
    )
    return inherited if inherited != NO_SCHEDULING else NO_SCHEDULING


def _merged(own: Scheduling, inherited_scheduling: Scheduling) -> Scheduling:
    """The scheduling of a task from its own fields and the inherited ones."""
    if inherited_scheduling is NO_SCHEDULING:
        return own
    starts = [start for start in (own.start, inherited_scheduling.start) if start is not None]
    return own._replace(
        due=own.due or inherited_scheduling.due,
        due_from=inherited_scheduling.due_from if own.due is None else None,
        start=max(starts, default=None),
        depends_on=own.depends_on | inherited_scheduling.depends_on,
        is_on_hold=own.is_on_hold or inherited_scheduling.is_on_hold,
    )


def _shortened(candidates: Iterable[Candidate], last_done: Mapping[int, date]) -> list[Candidate]:
    """The candidates that can come first on some day.

    Of candidates without fields, these are the first few, and the first of each section with completions, as
    that section may become neglected.
    """
    kept: list[Candidate] = []
    plain = 0
    sections: set[int] = set()
    for candidate in candidates:
        if not candidate.is_doing and candidate.scheduling is NO_SCHEDULING:
            section = candidate.task.section.index
            is_first = section in last_done and section not in sections
            sections.add(section)
            plain += 1
            if plain > SHORTLIST and not is_first:
                continue
        kept.append(candidate)
    return kept


_PRIORITY_SCORE = {
    Priority.HIGHEST: 9.0,
    Priority.HIGH: 6.0,
    Priority.MEDIUM: 3.9,
    Priority.NONE: 1.95,
    Priority.LOW: 0.0,
    Priority.LOWEST: -1.8,
}
_MAX_DUE_SCORE = 12.0
_SCHEDULED_SCORE = 5.0
_FOR_FUTURE_START = -3.0


class HasUrgency(Protocol):
    """The fields that decide a task's urgency; `Fields` and `Scheduling` have them."""

    @property
    def priority(self) -> Priority:
        """The priority; `Priority.NONE` where the task has none."""

    @property
    def due(self) -> date | None:
        """The day by which the task has to be done."""

    @property
    def scheduled(self) -> date | None:
        """The day for which the task is planned."""

    @property
    def start(self) -> date | None:
        """The day from which the task can be done."""


def urgency(task: HasUrgency, today: date) -> float:
    """The score of a task on `today`, from -4.8 to 26, most urgent highest (source: Tasks plugin)."""
    score = _PRIORITY_SCORE[task.priority]
    due, scheduled, start = task.due, task.scheduled, task.start
    if due is not None:
        score += _MAX_DUE_SCORE * _share_of_due((today - due).days)
    if scheduled is not None and scheduled <= today:
        score += _SCHEDULED_SCORE
    if start is not None and start > today:
        score += _FOR_FUTURE_START
    return score


def _share_of_due(days_late: int) -> float:
    """Linear from 0.2 at two weeks before the due date, or earlier, to 1.0 at a week overdue."""
    if days_late >= 7:
        return 1.0
    if days_late >= -14:
        return (days_late + 14) * 0.8 / 21 + 0.2
    return 0.2


_DUE_MARKERS = markers_of(FieldKind.DUE)


class DueTask(NamedTuple):
    """An open task that has a due date."""

    path: str
    task: Task
    day: date


def due_tasks(path: str, note: Note, statuses: StatusRegistry, format: TaskFormat) -> list[DueTask]:
    """The open tasks of `note` that have a due date, in order of lines."""
    found = []
    for task in note.tasks:
        if task.source.isascii() and "::" not in task.source:
            continue
        if (
            any(marker in task.source for marker in _DUE_MARKERS)
            and statuses.type_of(task.status_symbol).is_open
        ):
            day = read_fields(task.text, format).due
            if day is not None:
                found.append(DueTask(path, task, day))
    return found
