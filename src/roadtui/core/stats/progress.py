"""How far a note is: leaves counted by status type, rolled up to tasks, sections and the note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from typing import NamedTuple

from roadtui.core.note import Note, Section, Task
from roadtui.core.tasks.status import StatusRegistry, StatusType


class CountMode(Enum):
    """What is counted (`count` in the config)."""

    LEAVES = "leaves"
    """Tasks without task children; a parent is a roll-up and counts for nothing itself."""
    ALL = "all"
    """Every box."""


class RollUp(Enum):
    """Whether a parent is ticked with its last open child (`roll_up` in the config)."""

    NEVER = "never"
    COMPLETE = "complete"
    """A parent is ticked when the last of its children is."""
    BOTH = "both"
    """And opened again when one of them is."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Numbers of tasks. Cancelled ones are known but are no part of the total."""

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
        """What there is to do, done or not."""
        return self.done + self.in_progress + self.open

    @property
    def percent(self) -> int:
        """Whole percent, floored: 100 only when all is done, and at least 1 once something is."""
        if not self.done:
            return 0
        return max(1, self.done * 100 // self.total)

    @property
    def is_complete(self) -> bool:
        """Whether there was something to do and all of it is done."""
        return 0 < self.done == self.total


def add_up(parts: Iterable[Progress]) -> Progress:
    """The sum of `parts`."""
    return reduce(Progress.__add__, parts, Progress())


@dataclass(frozen=True, slots=True, eq=False)
class NoteProgress:
    """The progress of one note and of everything in it that has parts."""

    note: Progress
    sections: tuple[Progress, ...]
    """By `Section.index`, subsections included."""
    parents: dict[int, Progress]
    """By `Task.index`, for tasks that have tasks below them: what stands below, without the task itself."""

    def of_section(self, section: Section) -> Progress:
        """What stands in `section` and its subsections."""
        return self.sections[section.index]

    def of_task(self, task: Task) -> Progress | None:
        """What stands below `task`; None for a leaf."""
        return self.parents.get(task.index)

    def is_ready(self, task: Task, statuses: StatusRegistry) -> bool:
        """Whether all below `task` is done while the task itself is still open."""
        below = self.parents.get(task.index)
        return below is not None and below.is_complete and statuses.type_of(task.status_symbol).is_open


def counted(note: Note, tally: NoteProgress, statuses: StatusRegistry, count: CountMode) -> Iterator[Task]:
    """The tasks of `note` that its total is made of, in order of lines."""
    for task in note.tasks:
        if statuses.type_of(task.status_symbol).counts and (
            count is CountMode.ALL or task.index not in tally.parents
        ):
            yield task


NOTHING = NoteProgress(Progress(), (), {})
"""The tally of a note that has not been counted."""

_DONE, _DOING, _OPEN, _CANCELLED = range(4)

_COLUMN = {
    StatusType.DONE: _DONE,
    StatusType.IN_PROGRESS: _DOING,
    StatusType.TODO: _OPEN,
    StatusType.ON_HOLD: _OPEN,
    StatusType.EMPTY: _OPEN,
    StatusType.CANCELLED: _CANCELLED,
}
"""Which number of a `Progress` a type adds to; NON_TASK adds to none."""


def count_progress(note: Note, statuses: StatusRegistry, count: CountMode = CountMode.LEAVES) -> NoteProgress:
    """Count `note`. Time is linear in its items, whatever their nesting."""
    below: dict[int, list[int]] = {}
    sections = [[0, 0, 0, 0] for _ in note.sections]
    column_of = {
        mark: _COLUMN.get(statuses.type_of(mark)) for mark in {task.status_symbol for task in note.tasks}
    }
    for task in reversed(tuple(note.tasks)):
        inside = below.get(task.index)
        own = column_of[task.status_symbol] if inside is None or count is CountMode.ALL else None
        if own is not None:
            sections[task.section.index][own] += 1
        parent = task.parent_task
        if parent is not None:
            sums = below.setdefault(parent.index, [0, 0, 0, 0])
            for column, number in enumerate(inside or ()):
                sums[column] += number
            if own is not None:
                sums[own] += 1
    for section in reversed(note.sections):
        if section.parent is not None:
            for column, number in enumerate(sections[section.index]):
                sections[section.parent.index][column] += number
    totals = tuple(Progress(*numbers) for numbers in sections)
    return NoteProgress(totals[0], totals, {index: Progress(*numbers) for index, numbers in below.items()})


class CompletedScope(NamedTuple):
    """A section, or the whole note, of which everything is done now."""

    section: Section
    """Of the later state; that before the first heading stands for the whole note."""
    total: int
    """How many tasks that is."""

    @property
    def is_note(self) -> bool:
        """Whether it is the whole note."""
        return not self.section.level


def newly_completed(
    before: tuple[Note, NoteProgress], after: tuple[Note, NoteProgress]
) -> list[CompletedScope]:
    """What is all done in `after`, was not in `before`, and had something done in between.

    So deleting what is open finishes nothing. The outermost comes first; what is all there is of the note is
    the note. Sections are told apart by their titles, as they may have moved.
    """
    known = dict(_numbers(*before))
    totals: list[int] = []
    found = []
    for (key, now), section in zip(_numbers(*after), after[0].sections, strict=True):
        totals.append(now.total)
        was = known.get(key)
        is_new = was is not None and now.is_complete and not was.is_complete and now.done > was.done
        if is_new and (section.parent is None or totals[section.parent.index] != now.total):
            found.append(CompletedScope(section, now.total))
    return sorted(found, key=lambda each: -each.total)


def _numbers(note: Note, tally: NoteProgress) -> Iterator[tuple[tuple[tuple[str, ...], int], Progress]]:
    """Each section's titles, how many before it have the same, and what stands in it; first the note's."""
    seen: Counter[tuple[str, ...]] = Counter()
    for section in note.sections:
        heading_path = section.heading_path
        whole = tally.of_section(section) if section.level else tally.note
        yield (heading_path, seen[heading_path]), whole
        seen[heading_path] += 1
