"""What of one note could be done next: its open leaves, and what they wait for. Pure.

Made once for each state of a note, so that a change of the vault costs the ranking of a few candidates and no
reading of fields (`core.ranking` compares the notes).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
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
"""A task due within so many days is due soon."""

NEVER = date.max.toordinal()
"""The due date, in ordinals, of what has none."""

SHORTLIST = 3
"""How many leaves of which nothing is special a short outlook keeps: as many as a screen suggests."""

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
    """What a task says of when it can and has to be done, with what the tasks around it say."""

    priority: Priority = Priority.NONE
    due: date | None = None
    """Its own, else that of the nearest task around it that has one."""
    is_due_inherited: bool = False
    start: date | None = None
    """The latest, of its own and those around it."""
    scheduled: date | None = None
    id: str | None = None
    depends_on: frozenset[str] = frozenset()
    """Ids that it, or a task around it, waits for."""
    is_held: bool = False
    """Whether it, or a task around it, is on hold."""


NO_SCHEDULING = Scheduling()
"""The terms of a task that says nothing."""


class Candidate(NamedTuple):
    """An open leaf. What stands below a cancelled task is cancelled with it and is none."""

    task: Task
    is_doing: bool
    terms: Scheduling


class RankKey(NamedTuple):
    """What speaks for a candidate, the heaviest first; the smaller one wins."""

    waits: bool = False
    """On hold, or planned for a later day: after all others."""
    is_not_doing: bool = True
    due_soon: int = SOON_DAYS + 1
    """Days until it is due, negative when it is late."""
    unwanted: float = 0.0
    """How much less than usual the user wants it, by priority and scheduled day."""
    not_unlocking: int = 0
    """Minus the number of tasks that wait for it."""
    is_not_next: bool = True
    not_neglected: int = 0
    """Minus the weeks since something was done in its section."""
    due: int = NEVER
    is_not_started: bool = True


Weighed = tuple[RankKey, int, Candidate]
"""A candidate with its weight and `Task.index`. No two of a note have the same index, so the first is never
compared by the candidate itself."""


class NoteCandidates(NamedTuple):
    """What of one note could be done next, whatever the day."""

    path: str
    candidates: tuple[Candidate, ...]
    """In order of lines."""
    open_ids: Mapping[str, str]
    """Ids of the note's open tasks, each with the description of the first that has it."""
    awaited: tuple[str, ...]
    """Ids that its open tasks wait for, each once for every task that names it."""
    last_done: Mapping[int, date]
    """The last day on which something was done, by `Section.index`, subsections included; 0 is the note."""
    is_tied: bool
    """Whether one of its candidates waits for others, or others may wait for it."""
    best_on: dict[date, Weighed | None]
    """The best candidate by day, as `core.ranking` finds it: few notes change at a time."""


NO_OUTLOOK = NoteCandidates("", (), {}, (), {}, False, {})


def outlook(
    path: str,
    note: Note,
    tally: NoteProgress,
    statuses: StatusRegistry,
    format: TaskFormat,
    *,
    is_short: bool = False,
) -> NoteCandidates:
    """The outlook of the note at `path`.

    Args:
        path: Relative to the vault.
        note: The note.
        tally: Its tally, which tells leaves from parents.
        statuses: The vault's.
        format: How the vault writes fields.
        is_short: Leave out leaves that cannot be among the first `SHORTLIST` that `ranking.rank` gives of it.
    """
    collector = _Collector(tally, statuses, format)
    for task in note.tasks:
        collector.take(task)
    last_done = last_completions(collector.done)
    found = collector.candidates
    if is_short:
        found = _shortened(found, last_done)
    is_tied = any(candidate.terms.id or candidate.terms.depends_on for candidate in found)
    return NoteCandidates(
        path,
        tuple(found),
        collector.open_ids,
        tuple(collector.awaited),
        last_done,
        is_tied,
        best_on={},
    )


def last_completions(done: Iterable[tuple[Task, date]]) -> dict[int, date]:
    """The last day of `done` by `Section.index`, with what stands in subsections."""
    last: dict[int, date] = {}
    for task, day in done:
        section: Section | None = task.section
        while section is not None and last.get(section.index, date.min) < day:
            last[section.index] = day
            section = section.parent
    return last


class _Collector:
    """One pass over the tasks of a note, from the top: a parent comes before what stands below it."""

    def __init__(self, tally: NoteProgress, statuses: StatusRegistry, format: TaskFormat) -> None:
        self._tally = tally
        self._statuses = statuses
        self._format = format
        self._kinds: dict[str, StatusType] = {}
        self._passed_on: dict[int, Scheduling | None] = {}
        """What tasks say for those below them, by `Task.index`; None where they are cancelled."""
        self.candidates: list[Candidate] = []
        self.open_ids: dict[str, str] = {}
        self.awaited: list[str] = []
        self.done: list[tuple[Task, date]] = []

    def take(self, task: Task) -> None:
        source = task.source
        says_something = not source.isascii() or "::" in source
        kind = self._kind(task.status_symbol)
        around = self._around(task) if self._passed_on else NO_SCHEDULING
        if kind is StatusType.CANCELLED:
            around = None
        own = NO_SCHEDULING
        if kind is StatusType.ON_HOLD or (says_something and kind.is_open):
            own = self._own(task, kind)
        terms = _joined(own, around) if around is not None else None
        is_leaf = task.index not in self._tally.parents
        if terms is not NO_SCHEDULING and not is_leaf:
            self._passed_on[task.index] = terms and _passed_on(terms)
        if kind is StatusType.DONE:
            if says_something:
                self._take_done(task)
        elif is_leaf and terms is not None and kind.is_open:
            self.candidates.append(Candidate(task, kind is StatusType.IN_PROGRESS, terms))

    def _kind(self, mark: str) -> StatusType:
        kind = self._kinds.get(mark)
        if kind is None:
            kind = self._kinds[mark] = self._statuses.type_of(mark)
        return kind

    def _around(self, task: Task) -> Scheduling | None:
        parent = task.parent_task
        return self._passed_on.get(parent.index, NO_SCHEDULING) if parent is not None else NO_SCHEDULING

    def _own(self, task: Task, kind: StatusType) -> Scheduling:
        is_held = kind is StatusType.ON_HOLD
        if _SIGNS_OF_SCHEDULING.search(task.source) is None:
            return NO_SCHEDULING if not is_held else NO_SCHEDULING._replace(is_held=True)
        fields = read_fields(task.text, self._format)
        if fields.id is not None:
            self.open_ids.setdefault(fields.id, fields.description or task.text)
        depends_on = frozenset(fields.depends_on) - {fields.id or ""}
        self.awaited.extend(sorted(depends_on))
        said = Scheduling(
            fields.priority,
            fields.due,
            start=fields.start,
            scheduled=fields.scheduled,
            id=fields.id,
            depends_on=depends_on,
            is_held=is_held,
        )
        return said if said != NO_SCHEDULING else NO_SCHEDULING

    def _take_done(self, task: Task) -> None:
        day = self._done_day(task)
        if day is not None:
            self.done.append((task, day))

    def _done_day(self, task: Task) -> date | None:
        """The done date of `task`, without a reading of all fields for those that end in it."""
        found = _DONE.search(task.source)
        if found is None:
            return None
        plain = _PLAINLY_DONE.match(task.source, found.start())
        if plain is None or may_hold_any(task.source, task.symbol_index + 2):
            return read_fields(task.text, self._format).done
        try:
            return date.fromisoformat(plain[1] or plain[2])
        except ValueError:  # Such as 30 February: it counts nowhere.
            return None


def _passed_on(terms: Scheduling) -> Scheduling:
    """What of `terms` holds for the tasks below as well."""
    passed = Scheduling(due=terms.due, start=terms.start, depends_on=terms.depends_on, is_held=terms.is_held)
    return passed if passed != NO_SCHEDULING else NO_SCHEDULING


def _joined(own: Scheduling, around: Scheduling) -> Scheduling:
    """The terms of a task that says `own` below tasks that pass on `around`."""
    if around is NO_SCHEDULING:
        return own
    starts = [start for start in (own.start, around.start) if start is not None]
    return own._replace(
        due=own.due or around.due,
        is_due_inherited=own.due is None and around.due is not None,
        start=max(starts, default=None),
        depends_on=own.depends_on | around.depends_on,
        is_held=own.is_held or around.is_held,
    )


def _shortened(candidates: Iterable[Candidate], last_done: Mapping[int, date]) -> list[Candidate]:
    """Those of `candidates` that can come first on some day.

    Of leaves of which nothing is special the first few, and the first in each section in which something was
    done, as that section may be neglected one day.
    """
    kept: list[Candidate] = []
    plain = 0
    sections: set[int] = set()
    for candidate in candidates:
        if not candidate.is_doing and candidate.terms is NO_SCHEDULING:
            section = candidate.task.section.index
            is_first = section in last_done and section not in sections
            sections.add(section)
            plain += 1
            if plain > SHORTLIST and not is_first:
                continue
        kept.append(candidate)
    return kept


_OF_PRIORITY = {
    Priority.HIGHEST: 9.0,
    Priority.HIGH: 6.0,
    Priority.MEDIUM: 3.9,
    Priority.NONE: 1.95,
    Priority.LOW: 0.0,
    Priority.LOWEST: -1.8,
}
_MOST_FOR_DUE = 12.0
_FOR_SCHEDULED = 5.0
_FOR_FUTURE_START = -3.0


class HasUrgency(Protocol):
    """What a task says about when it is wanted, and how much: `Fields` does, and `Scheduling`."""

    @property
    def priority(self) -> Priority:
        """How much it matters."""

    @property
    def due(self) -> date | None:
        """Day it has to be done by."""

    @property
    def scheduled(self) -> date | None:
        """Day it is planned for."""

    @property
    def start(self) -> date | None:
        """Day from which it can be done."""


def urgency(task: HasUrgency, today: date) -> float:
    """The score of a task on `today`, from -4.8 to 26, most urgent highest (source: Tasks plugin)."""
    score = _OF_PRIORITY[task.priority]
    due, scheduled, start = task.due, task.scheduled, task.start
    if due is not None:
        score += _MOST_FOR_DUE * _share_of_due((today - due).days)
    if scheduled is not None and scheduled <= today:
        score += _FOR_SCHEDULED
    if start is not None and start > today:
        score += _FOR_FUTURE_START
    return score


def _share_of_due(days_late: int) -> float:
    """From 0.2, two weeks ahead or more, in a straight line to 1.0 at a week late."""
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
