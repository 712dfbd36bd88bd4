"""What is due, and what could be done next. Pure rankings of open tasks, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from roadtui.core.fields import TaskFormat, read_fields
from roadtui.core.note import Note, Task
from roadtui.core.progress import Tally
from roadtui.core.status import StatusRegistry, StatusType

_DUE_SIGNS = ("📅", "📆", "🗓", "due::")


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
    """The leaf of `note` to do next: the first in progress, else the first open one."""
    first_open: Task | None = None
    for task in note.tasks:
        if counted.of_task(task) is not None:
            continue
        kind = statuses.type_of(task.mark)
        if kind is StatusType.IN_PROGRESS:
            return Step(path, task, "in progress")
        if first_open is None and kind.is_open:
            first_open = task
    if first_open is None:
        return None
    return Step(path, first_open, "next in line")


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Steps that are under way before those that are not; otherwise as they came."""
    return sorted(steps, key=lambda step: step.reason != "in progress")
