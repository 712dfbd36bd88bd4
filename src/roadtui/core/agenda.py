"""What is due, and what could be done next. Pure rankings of open tasks, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from roadtui.core.fields import TaskFormat, read_fields
from roadtui.core.note import Note, Task
from roadtui.core.progress import Tally
from roadtui.core.status import StatusRegistry, StatusType

_DUE_SIGNS = ("📅", "📆", "🗓", "due::")

_IN_ORDER = ("in progress", "next in line", "on hold")
"""Reasons to choose a step, the best first."""

_REASONS = {
    StatusType.IN_PROGRESS: "in progress",
    StatusType.TODO: "next in line",
    StatusType.EMPTY: "next in line",
    StatusType.ON_HOLD: "on hold",
}


class Due(NamedTuple):
    """An open task that has a due date."""

    path: str
    task: Task
    day: date


class Step(NamedTuple):
    """A task that could be done next, and why it was chosen."""

    path: str
    task: Task
    reason: str


def due_tasks(path: str, note: Note, statuses: StatusRegistry, format: TaskFormat) -> list[Due]:
    """The open tasks of `note` that have a due date, in order of lines."""
    found = []
    for task in note.tasks:
        if any(sign in task.source for sign in _DUE_SIGNS) and statuses.type_of(task.mark).is_open:
            day = read_fields(task.text, format).due
            if day is not None:
                found.append(Due(path, task, day))
    return found


def first_step(path: str, note: Note, counted: Tally, statuses: StatusRegistry) -> Step | None:
    """The leaf of `note` to do next: the first in progress, else the first to do, else one that is on hold.

    What stands below a cancelled task is cancelled with it.
    """
    first: dict[str, Task] = {}
    for task in note.tasks:
        reason = _REASONS.get(statuses.type_of(task.mark))
        if reason is None or reason in first or counted.of_task(task) is not None:
            continue
        if any(statuses.type_of(parent.mark) is StatusType.CANCELLED for parent in _tasks_around(task)):
            continue
        if reason == _IN_ORDER[0]:
            return Step(path, task, reason)
        first[reason] = task
    return next((Step(path, first[reason], reason) for reason in _IN_ORDER if reason in first), None)


def _tasks_around(task: Task) -> Iterator[Task]:
    return (item for item in task.ancestors if isinstance(item, Task))


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Steps that are under way first, those on hold last; otherwise as they came."""
    return sorted(steps, key=lambda step: _IN_ORDER.index(step.reason))
