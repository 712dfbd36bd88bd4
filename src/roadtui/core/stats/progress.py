"""The progress of a note: its tasks by status type, for each parent task, each section and the note. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from roadtui.core.note import Note, Section, Task
from roadtui.core.tasks.status import StatusRegistry, StatusType


class CountMode(Enum):
    """Which tasks are counted (`count` in the config)."""

    LEAVES = "leaves"
    """Tasks without subtasks; parents only sum up their subtasks."""
    ALL = "all"
    """Every task."""


class RollUp(Enum):
    """Whether a parent follows the status of its subtasks (`roll_up` in the config)."""

    NEVER = "never"
    COMPLETE = "complete"
    """A parent is done when its last open subtask is done."""
    BOTH = "both"
    """As COMPLETE, and a parent is open again when one of its subtasks is."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Numbers of tasks by status. Cancelled tasks are not part of the total."""

    done: int = 0
    in_progress: int = 0
    open: int = 0
    """To do or on hold: neither done nor in progress."""
    cancelled: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(
            self.done + other.done,
            self.in_progress + other.in_progress,
            self.open + other.open,
            self.cancelled + other.cancelled,
        )

    @property
    def total(self) -> int:
        """The number of tasks, without cancelled ones."""
        return self.done + self.in_progress + self.open

    @property
    def percent(self) -> int:
        """The done tasks in percent, rounded down: 100 only if all are done, and at least 1 if any is."""
        if not self.done:
            return 0
        return max(1, self.done * 100 // self.total)

    @property
    def is_complete(self) -> bool:
        """Whether all tasks are done, and there is at least one."""
        return 0 < self.done == self.total


def add_up(parts: Iterable[Progress]) -> Progress:
    """The sum of `parts`."""
    done = in_progress = open = cancelled = 0
    for part in parts:
        done += part.done
        in_progress += part.in_progress
        open += part.open
        cancelled += part.cancelled
    return Progress(done, in_progress, open, cancelled)


@dataclass(frozen=True, slots=True, eq=False)
class NoteProgress:
    """The progress of a note, its sections and its tasks with subtasks."""

    note: Progress
    sections: tuple[Progress, ...]
    """By `Section.index`, subsections included."""
    parents: dict[int, Progress]
    """By `Task.index`, for tasks with subtasks: the progress of the subtasks, without the task itself."""

    def of_section(self, section: Section) -> Progress:
        """The progress of `section` and its subsections."""
        return self.sections[section.index]

    def of_task(self, task: Task) -> Progress | None:
        """The progress of the subtasks of `task`; None for a task without subtasks."""
        return self.parents.get(task.index)

    def is_ready(self, task: Task, statuses: StatusRegistry) -> bool:
        """Whether all subtasks of `task` are done while the task itself is still open."""
        below = self.parents.get(task.index)
        return below is not None and below.is_complete and statuses.type_of(task.status_symbol).is_open


def counted(
    tasks: Iterable[Task], progress: NoteProgress, statuses: StatusRegistry, count: CountMode
) -> Iterator[Task]:
    """Those of the `tasks` of a note that count towards its total; `progress`: that of the note."""
    for task in tasks:
        if statuses.type_of(task.status_symbol).counts and (
            count is CountMode.ALL or task.index not in progress.parents
        ):
            yield task


NO_PROGRESS = NoteProgress(Progress(), (), {})
"""The progress of a note that has not been counted."""

_DONE, _DOING, _OPEN, _CANCELLED = range(4)

_COLUMN = {
    StatusType.DONE: _DONE,
    StatusType.IN_PROGRESS: _DOING,
    StatusType.TODO: _OPEN,
    StatusType.ON_HOLD: _OPEN,
    StatusType.EMPTY: _OPEN,
    StatusType.CANCELLED: _CANCELLED,
}
"""The number of a `Progress` in which a status type counts; NON_TASK does not count."""


def count_progress(note: Note, statuses: StatusRegistry, count: CountMode = CountMode.LEAVES) -> NoteProgress:
    """Count the tasks of `note`. Time is linear in its items, whatever their nesting."""
    below: dict[int, list[int]] = {}
    sections = [[0, 0, 0, 0] for _ in note.sections]
    columns: dict[str, int | None] = {}
    for task in reversed(note.items):
        if not isinstance(task, Task):
            continue
        inside = below.get(task.index)
        own_column = None
        if inside is None or count is CountMode.ALL:
            symbol = task.source[task.symbol_index]
            if symbol not in columns:
                columns[symbol] = _COLUMN.get(statuses.type_of(symbol))
            own_column = columns[symbol]
            if own_column is not None:
                sections[task.section.index][own_column] += 1
        parent = task.parent
        if parent is not None and not isinstance(parent, Task):
            parent = task.parent_task
        if parent is not None:
            sums = below.get(parent.index)
            if sums is None:
                sums = below[parent.index] = [0, 0, 0, 0]
            if inside is not None:
                for column, number in enumerate(inside):
                    sums[column] += number
            if own_column is not None:
                sums[own_column] += 1
    for section in reversed(note.sections):
        if section.parent is not None:
            for column, number in enumerate(sections[section.index]):
                sections[section.parent.index][column] += number
    totals = tuple(_progress(*numbers) for numbers in sections)
    return NoteProgress(totals[0], totals, {index: _progress(*numbers) for index, numbers in below.items()})


@lru_cache(maxsize=4096)
def _progress(done: int, in_progress: int, open: int, cancelled: int) -> Progress:
    """As `Progress(...)`; equal ones are one object, as a vault has many of few kinds."""
    return Progress(done, in_progress, open, cancelled)


class CompletedScope(NamedTuple):
    """A section, or the whole note, in which all tasks have been completed."""

    section: Section
    """The section after the change; `Note.sections[0]` stands for the whole note."""
    total: int
    """The number of tasks in it."""

    @property
    def is_note(self) -> bool:
        """Whether the whole note is completed."""
        return not self.section.level


def newly_completed(
    before: tuple[Note, NoteProgress], after: tuple[Note, NoteProgress]
) -> list[CompletedScope]:
    """The sections that are complete in `after`, were not in `before`, and have more done tasks now.

    So deleting open tasks completes nothing. The largest comes first; a section with all tasks of its parent
    is left out in favour of the parent. Sections are matched by their heading path, as they may have moved.
    """
    progress_before = dict(_section_progress(*before))
    totals: list[int] = []
    found = []
    for (key, now), section in zip(_section_progress(*after), after[0].sections, strict=True):
        totals.append(now.total)
        earlier = progress_before.get(key)
        is_new = (
            earlier is not None and now.is_complete and not earlier.is_complete and now.done > earlier.done
        )
        if is_new and (section.parent is None or totals[section.parent.index] != now.total):
            found.append(CompletedScope(section, now.total))
    return sorted(found, key=lambda each: -each.total)


def _section_progress(
    note: Note, progress: NoteProgress
) -> Iterator[tuple[tuple[tuple[str, ...], int], Progress]]:
    """For each section its heading path, the number of earlier sections with the same, and its progress."""
    seen: Counter[tuple[str, ...]] = Counter()
    for section in note.sections:
        heading_path = section.heading_path
        whole = progress.of_section(section) if section.level else progress.note
        yield (heading_path, seen[heading_path]), whole
        seen[heading_path] += 1
