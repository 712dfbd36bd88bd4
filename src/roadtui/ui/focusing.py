"""What to focus when `f` is pressed in the dashboard."""

from __future__ import annotations

from roadtui.core.brief import brief
from roadtui.core.dates import day_words
from roadtui.core.fields import read_fields
from roadtui.core.note import Task
from roadtui.core.status import StatusType
from roadtui.core.waiting import waiting_by_fields
from roadtui.ui.held import Held, open_leaf, reasons_for
from roadtui.ui.screens.home import Home
from roadtui.ui.vault_view import VaultView


def under_cursor(home: Home) -> Held | None:
    """The task under the cursor of the tree, if it is an open leaf; with the reasons that speak for it."""
    note, task = home.task_tree.note, home.task_tree.current
    if note is None or not isinstance(task, Task):
        return None
    if open_leaf(note, task, home.view.snapshot) is not task:
        return None
    held = Held(note, task)
    return held._replace(reasons=reasons_for(held, home.view) or (_not_yet(held, home.view),))


def _not_yet(held: Held, view: VaultView) -> str:
    """What is said of a task that was chosen although it can't be begun yet."""
    snapshot = view.snapshot
    is_doing = snapshot.statuses.type_of(held.task.mark) is StatusType.IN_PROGRESS
    fields = read_fields(held.task.text, snapshot.format)
    found = waiting_by_fields(fields, view.open_ids, view.today, is_doing=is_doing)
    if found is None:
        return "you chose it, though the task around it waits"
    if not found.tasks:
        assert found.start is not None, "it waits for one of the two"
        return f"you chose it, though it starts {day_words(found.start, view.today)}"
    others = f" and {len(found.tasks) - 1} more" if len(found.tasks) > 1 else ""
    return f"you chose it, though it waits for “{brief(found.tasks[0])}”{others}"
