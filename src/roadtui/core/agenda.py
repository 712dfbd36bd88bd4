"""What is due. Pure; `core.ranking` says what to do next."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from roadtui.core.fields import TaskFormat, read_fields
from roadtui.core.note import Note, Task
from roadtui.core.status import StatusRegistry

_DUE_SIGNS = ("📅", "📆", "🗓", "due::")


class Due(NamedTuple):
    """An open task that has a due date."""

    path: str
    task: Task
    day: date


def due_tasks(path: str, note: Note, statuses: StatusRegistry, format: TaskFormat) -> list[Due]:
    """The open tasks of `note` that have a due date, in order of lines."""
    found = []
    for task in note.tasks:
        if task.source.isascii() and "::" not in task.source:
            continue
        if any(sign in task.source for sign in _DUE_SIGNS) and statuses.type_of(task.mark).is_open:
            day = read_fields(task.text, format).due
            if day is not None:
                found.append(Due(path, task, day))
    return found
