"""The tree of a note as it was: it folds and scrolls, and nothing in it can be changed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.widgets.task_tree import TaskTree


class PastTree(TaskTree, inherit_bindings=False):
    """Follows its rows from day to day as the tree of now follows them from change to change."""

    BINDING_GROUP_TITLE = "Tree of an earlier day"
    HELP = """
The notes as git has them at the end of a day. Nothing here can be changed, and nothing on disk is touched.

- `[` goes a day with changes back, `]` forward; what changed on the way glows.
- `esc` returns to now.
"""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.READ_ONLY_TREE, Scope.LIST)]

    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """See `RowView`: clicks fold, and tick nothing."""
        if is_double:
            self.action_toggle_fold()
