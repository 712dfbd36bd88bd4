"""Whether an open task can be started yet, and what it waits for. Pure.

A task waits (Tasks plugin) while a task named by its ⛔ field is open, and until its 🛫 day. The tasks nested
in a waiting task wait as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import FieldKind, TaskFormat, markers_of
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.tasks.status import StatusRegistry

_MARKERS = markers_of(FieldKind.DEPENDS_ON, FieldKind.START)


class Waiting(NamedTuple):
    """What a task waits for: other tasks, a day, or both."""

    tasks: tuple[str, ...]
    """The descriptions of the open tasks that have to be done first."""
    start: date | None
    """The day from which the task can be done, if that is in the future."""


def waiting(
    depends_on: Iterable[str],
    start: date | None,
    open_ids: Mapping[str, str],
    today: date,
    *,
    is_doing: bool,
) -> Waiting | None:
    """What an open task waits for; None where it can be done.

    Args:
        depends_on: Ids of the tasks that have to be done first.
        start: The day from which the task can be done.
        open_ids: Ids of the vault's open tasks, each with the description of its task.
        today: The day of the user.
        is_doing: Whether the task is in progress; then its start day is ignored.
    """
    tasks = tuple(open_ids[id] for id in depends_on if id in open_ids)
    later = start if start is not None and start > today and not is_doing else None
    return Waiting(tasks, later) if tasks or later is not None else None


def waiting_by_fields(
    fields: Fields, open_ids: Mapping[str, str], today: date, *, is_doing: bool
) -> Waiting | None:
    """What an open task waits for by its own `fields`; None where it can be done."""
    depends_on = [id for id in fields.depends_on if id != fields.id]
    return waiting(depends_on, fields.start, open_ids, today, is_doing=is_doing)


def is_nested_in_waiting(
    task: Task,
    statuses: StatusRegistry,
    format: TaskFormat,
    open_ids: Mapping[str, str],
    today: date,
    *,
    is_doing: bool,
) -> bool:
    """Whether an open parent of `task` waits; `is_doing` tells whether `task` itself is in progress."""
    parent = task.parent_task
    while parent is not None:
        if (
            any(marker in parent.source for marker in _MARKERS)
            and statuses.type_of(parent.status_symbol).is_open
        ):
            fields = read_fields(parent.text, format)
            if waiting_by_fields(fields, open_ids, today, is_doing=is_doing) is not None:
                return True
        parent = parent.parent_task
    return False
