"""What to focus when `f` is pressed in the dashboard."""

from __future__ import annotations

from roadtui.core.note import Task
from roadtui.ui.held import Held, open_leaf, reasons_for
from roadtui.ui.screens.home import Home

_NOT_YET = "you chose it, though it waits for something"


def under_cursor(home: Home) -> Held | None:
    """The task under the cursor of the tree, if it is an open leaf; with the reasons that speak for it."""
    note, task = home.task_tree.note, home.task_tree.current
    if note is None or not isinstance(task, Task):
        return None
    if open_leaf(note, task, home.view.snapshot) is not task:
        return None
    held = Held(note, task)
    return held._replace(reasons=reasons_for(held, home.view) or (_NOT_YET,))
