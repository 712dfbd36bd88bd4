"""Finds the candidates for the next action in a note, and its due tasks, in one pass over its tasks. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from roadtui.core.inline import may_hold_any
from roadtui.core.next_actions.candidates import (
    NO_SCHEDULING,
    SHORTLIST,
    Candidate,
    DueTask,
    NoteCandidates,
    NoteOutlook,
    Scheduling,
)
from roadtui.core.note import Note, Section, Task
from roadtui.core.patterns import LazyPattern
from roadtui.core.tasks.field_specs import (
    PLANNED_DATES,
    FieldKind,
    TaskFormat,
    parse_day,
    signs_of,
    start_pattern,
)
from roadtui.core.tasks.fields import field_text, read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType

_may_hold_sign = re.compile("[^\x00-\xff]").search  # Compiled in a twentieth of the time of `[Ā-…]`.
"""Most lines with an umlaut have no sign: a much cheaper check than for the signs themselves."""
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
_PLAINLY_DUE = LazyPattern(
    rf"[^{signs_of(*FieldKind)}:]* [{signs_of(FieldKind.DUE)}]\ufe0f? *({_DAY})[ \t]*\Z"
)
"""A line whose only field is a due date at its end, which is what most tasks with fields have."""


class PlannedTasks(NamedTuple):
    """What one pass over the tasks of a note finds."""

    candidates: NoteCandidates
    due: tuple[DueTask, ...]
    """The open tasks that have a due date of their own, in order of lines."""


def find_planned(
    path: str,
    note: Note,
    parents: Collection[int],
    statuses: StatusRegistry,
    format: TaskFormat,
    *,
    is_short: bool = False,
) -> PlannedTasks:
    """The candidates for the next action in the note at `path`, and its due tasks.

    Args:
        path: Relative to the vault.
        note: The note.
        parents: `Task.index` of the tasks with subtasks, such as `NoteProgress.parents`.
        statuses: The statuses of the vault.
        format: How the vault writes fields.
        is_short: Whether to leave out candidates that `ranking.rank` cannot put among the first `SHORTLIST`.
    """
    collector = _Collector(path, statuses, format)
    collector.run(note, parents)
    last_done = last_completions(collector.done)
    found = collector.candidates
    if is_short:
        found = _shortened(found, last_done)
    outlook = NoteOutlook(tuple(found), collector.open_ids, tuple(collector.depended_on), last_done)
    return PlannedTasks(NoteCandidates.of(path, outlook), tuple(collector.due))


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
    """Collects in one pass over the tasks of a note, parents before their subtasks."""

    def __init__(self, path: str, statuses: StatusRegistry, format: TaskFormat) -> None:
        self._path = path
        self._statuses = statuses
        self._format = format
        self.candidates: list[Candidate] = []
        self.due: list[DueTask] = []
        self.open_ids: dict[str, str] = {}
        self.depended_on: list[str] = []
        self.done: list[tuple[Task, date]] = []

    def run(self, note: Note, parents: Collection[int]) -> None:
        """Collect from `note`. One loop with local names: it runs for every task of every note."""
        kinds: dict[str, tuple[StatusType, bool]] = {}
        inherited_from: dict[int, Scheduling | None] = {}
        # The scheduling that subtasks inherit, by `Task.index` of the parent; None if it is cancelled.
        with_open_tasks: set[int] = set()
        # What has open tasks directly inside: `Task.index` of parents, -1 - `Section.index` of sections.
        for task in note.items:
            if not isinstance(task, Task):
                continue
            source, index = task.source, task.index
            symbol = source[task.symbol_index]
            known = kinds.get(symbol)
            if known is None:
                kind = self._statuses.type_of(symbol)
                known = kinds[symbol] = kind, kind.is_open
            kind, is_open = known
            may_have_fields = "::" in source or (not source.isascii() and _may_hold_sign(source) is not None)
            is_leaf = index not in parents
            if kind is StatusType.DONE:
                if may_have_fields and (day := self._done_day(task)) is not None:
                    self.done.append((task, day))
                if not inherited_from:
                    continue
            parent = task.parent
            if parent is not None and not isinstance(parent, Task):
                parent = task.parent_task
            inherited: Scheduling | None = NO_SCHEDULING
            if kind is StatusType.CANCELLED:
                inherited = None
            elif inherited_from and parent is not None:
                inherited = inherited_from.get(parent.index, NO_SCHEDULING)
            own = NO_SCHEDULING
            if kind is StatusType.ON_HOLD or (may_have_fields and is_open):
                own = self._own_scheduling(task, kind)
            scheduling = inherited and (own if inherited is NO_SCHEDULING else _merged(own, inherited))
            if scheduling is not NO_SCHEDULING and not is_leaf:
                inherited_from[index] = scheduling and _inherited_from(scheduling, task)
            if is_open:
                container = parent.index if parent is not None else -1 - task.section.index
                is_first = container not in with_open_tasks
                if is_first:
                    with_open_tasks.add(container)
                if is_leaf and scheduling is not None:
                    is_doing = kind is StatusType.IN_PROGRESS
                    self.candidates.append(
                        Candidate(index, task.section.index, is_doing, scheduling, is_first)
                    )

    def _own_scheduling(self, task: Task, kind: StatusType) -> Scheduling:
        is_on_hold = kind is StatusType.ON_HOLD
        text = task.text
        plain = None if may_hold_any(text) else _PLAINLY_DUE.match(text)
        if plain is not None:
            day = parse_day(plain[1])
            if day is not None:
                self.due.append(DueTask(self._path, task, day))
                return Scheduling(due=day, is_on_hold=is_on_hold)
        if _SIGNS_OF_SCHEDULING.search(text) is None:
            return NO_SCHEDULING if not is_on_hold else NO_SCHEDULING._replace(is_on_hold=True)
        fields = read_fields(text, self._format)
        due, id = fields.due, fields.id
        if due is not None:
            self.due.append(DueTask(self._path, task, due))
        if id is not None:
            self.open_ids.setdefault(id, fields.description or text)
        depends_on = frozenset(fields.depends_on) - {id or ""}
        self.depended_on.extend(sorted(depends_on))
        scheduling = Scheduling(
            fields.priority,
            due,
            start=fields.start,
            scheduled=fields.scheduled,
            id=id,
            depends_on=depends_on,
            is_on_hold=is_on_hold,
        )
        return scheduling if scheduling != NO_SCHEDULING else NO_SCHEDULING

    def _done_day(self, task: Task) -> date | None:
        """The done date of `task`; the fields are only read where the date is not at the end of the line."""
        found = _DONE.search(task.source)
        if found is None:
            return None
        plain = _PLAINLY_DONE.match(task.source, found.start())
        if plain is None or may_hold_any(task.source, task.symbol_index + 2):
            return read_fields(task.text, self._format).done
        return parse_day(plain[1] or plain[2])  # None for such as 30 February.


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
            section = candidate.section
            is_first = section in last_done and section not in sections
            sections.add(section)
            plain += 1
            if plain > SHORTLIST and not is_first:
                continue
        kept.append(candidate)
    return kept
