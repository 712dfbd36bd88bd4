"""Which open tasks are put off: those whose start date is still to come. Pure.

A task that is put off is counted in the progress, and left out of the forecast until its day: a forecast says
when all will be done that can be worked on. A task in progress has been started, whatever its start date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import FieldKind, TaskFormat, markers_of
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType

_MARKERS = markers_of(FieldKind.START)


def tasks_put_off(
    tasks: Iterable[Task], statuses: StatusRegistry, format: TaskFormat, today: date
) -> Iterator[Task]:
    """The tasks, of `tasks`, that are put off on `today`.

    They are open, not in progress, and start later, by their own date or that of an open task around them.
    """
    starts = _StartDates(statuses, format, today)
    for task in tasks:
        kind = statuses.type_of(task.status_symbol)
        if kind.is_open and kind is not StatusType.IN_PROGRESS and starts.is_later(task):
            yield task


class _StartDates:
    """Whether tasks start later; each parent is read once."""

    def __init__(self, statuses: StatusRegistry, format: TaskFormat, today: date) -> None:
        self._statuses = statuses
        self._format = format
        self._today = today
        self._is_later: dict[Task, bool] = {}

    def is_later(self, task: Task) -> bool:
        """Whether `task`, or an open task around it, starts later."""
        parent = task.parent_task
        return self._starts_later(task) or (parent is not None and self._is_around_later(parent))

    def _is_around_later(self, parent: Task) -> bool:
        unknown: list[Task] = []
        around: Task | None = parent
        found = False
        while around is not None:
            known = self._is_later.get(around)
            if known is not None:
                found = known
                break
            unknown.append(around)
            around = around.parent_task
        for one in reversed(unknown):
            found = self._is_later[one] = found or self._starts_later(one)
        return found

    def _starts_later(self, task: Task) -> bool:
        source = task.source
        if source.isascii() and "::" not in source:
            return False
        if not any(marker in source for marker in _MARKERS):
            return False
        start = read_fields(task.text, self._format).start
        is_open = self._statuses.type_of(task.status_symbol).is_open
        return is_open and start is not None and start > self._today
