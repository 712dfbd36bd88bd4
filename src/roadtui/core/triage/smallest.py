"""The smallest of the tasks that can be done next: what a start of two minutes is for. Pure.

How long a task takes, nobody has written down. Taken for the smallest is the task with the fewest words: a
name is begun sooner than a sentence of several things. A task that links to another note stands for that
note, and comes after all others. Of equals, the one that is suggested first counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from roadtui.core.line_text import line_text
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType


def smallest_first(
    suggestions: Iterable[Suggestion], statuses: StatusRegistry, format: TaskFormat, today: date
) -> list[Suggestion]:
    """The `suggestions` that can be begun on `today`, the smallest first; see the module.

    Left out is what is on hold, or planned for a later day.
    """
    can_begin = (one for one in suggestions if not _is_for_later(one.task, statuses, format, today))
    return sorted(can_begin, key=lambda one: _size(one.task, format))


def _is_for_later(task: Task, statuses: StatusRegistry, format: TaskFormat, today: date) -> bool:
    around = (item for item in (task, *task.ancestors) if isinstance(item, Task))
    if any(statuses.type_of(one.status_symbol) is StatusType.ON_HOLD for one in around):
        return True
    scheduled = read_fields(task.text, format).scheduled
    is_doing = statuses.type_of(task.status_symbol) is StatusType.IN_PROGRESS
    return scheduled is not None and scheduled > today and not is_doing


def _size(task: Task, format: TaskFormat) -> tuple[bool, int]:
    shown = line_text(read_fields(task.text, format).description or task.text)
    words = [word for word in shown.text.split() if word[0] != "#" and any(map(str.isalnum, word))]
    return bool(shown.links), len(words)
