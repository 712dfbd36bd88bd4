"""Reads from a task what its row says at the right edge. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from roadtui.core.line_text import plain_line
from roadtui.core.next_actions.waiting import is_nested_in_waiting, waiting
from roadtui.core.note import Task
from roadtui.core.stats.progress import NoteProgress
from roadtui.core.tasks.field_specs import PLANNED_DATES, FieldKind
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.tasks.status import StatusType
from roadtui.ui.widgets.rows.day_words import TaskFacts
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext

_OTHER_PLANNED_DATES = [kind for kind in PLANNED_DATES if kind not in (FieldKind.DUE, FieldKind.START)]
"""The dates that a row shows where it has no due date, and nothing to say of its start."""
_PLANNED_WORDS = {FieldKind.SCHEDULED: "planned"}


def task_facts(
    task: Task,
    mark: str,
    context: TaskDisplayContext,
    progress: NoteProgress,
    day: Callable[[FieldKind], date | None],
    depends_on: Iterable[str],
) -> TaskFacts:
    """What the row of `task` has to say in its date column.

    Args:
        task: The task.
        mark: The status symbol that is shown for it.
        context: Statuses, day and open ids.
        progress: The progress of its note.
        day: Gives the days of its fields.
        depends_on: Ids of the tasks that have to be done first.
    """
    kind = context.statuses.type_of(mark)
    if not kind.is_open:
        is_done = kind is StatusType.DONE
        return TaskFacts(
            kind,
            done=day(FieldKind.DONE) if is_done else None,
            cancelled=day(FieldKind.CANCELLED) if kind is StatusType.CANCELLED else None,
        )
    is_doing = kind is StatusType.IN_PROGRESS
    start = day(FieldKind.START)
    own = waiting(depends_on, start, context.open_ids, context.today, is_doing=is_doing)
    statuses, format, today, open_ids, _ = context
    is_held = own is not None or is_nested_in_waiting(
        task, statuses, format, open_ids, today, is_doing=is_doing
    )
    planned = None
    for field in () if is_doing else _OTHER_PLANNED_DATES:
        if planned is None and (planned_day := day(field)) is not None:
            planned = _PLANNED_WORDS.get(field, field.value), planned_day
    return TaskFacts(
        kind,
        tuple(plain_line(name_and_tags(read_fields(one, format))[0]) for one in own.tasks) if own else (),
        own.start if own else None,
        is_held,
        has_waiting_box=is_held and mark == " ",
        is_ready=mark == task.status_symbol and progress.is_ready(task, statuses),
        has_bar=progress.of_task(task) is not None,
        due=day(FieldKind.DUE),
        started=start if is_doing and start is not None and start <= today else None,
        planned=planned,
    )


def name_and_tags(fields: Fields) -> tuple[str, tuple[str, ...]]:
    """The description of a task without the tags at its end, and those; tags alone are its name."""
    text = fields.description
    at = len(fields.tags)
    while at and text.endswith(f" {fields.tags[at - 1]}"):
        at -= 1
        text = text.removesuffix(fields.tags[at]).rstrip()
    return text, fields.tags[at:]
