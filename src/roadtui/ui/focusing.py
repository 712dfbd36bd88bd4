"""What to focus when `f` is pressed in the dashboard."""

from __future__ import annotations

from roadtui.core.note import Task
from roadtui.ui.held import Held, open_leaf
from roadtui.ui.screens.home import Home


def under_cursor(home: Home) -> Held | None:
    """The task under the cursor of the tree, if it is an open leaf; with the reasons that speak for it."""
    note, task = home.task_tree.note, home.task_tree.current
    if note is None or not isinstance(task, Task):
        return None
    snapshot, today = home.view.snapshot, home.view.today
    if open_leaf(note, task, snapshot) is not task:
        return None
    suggestions = snapshot.all_suggestions([note], today)
    reasons = next((found.reasons for found in suggestions if found.task is task), ())
    return Held(note, task, reasons or ("you chose it, though it can't be done yet",))
