"""The pane in the middle: one note, and the keys for all that can be done to its tasks."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.reactive import var

from roadtui.core.note import ListItem, Section
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.messages import PasteRequested, RowMoved
from roadtui.ui.widgets.marked_view import MarkedView
from roadtui.ui.widgets.note_title import NoteTitle
from roadtui.ui.widgets.row_view import RowView
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import Snapshot


class NotePane(Vertical, inherit_bindings=False):
    """Holds title and tree. Its keys run commands of the screen; other requests go up as messages."""

    BINDING_GROUP_TITLE = "Tasks"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.NOTE)]

    snapshot: var[Snapshot | None] = var(None)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._kind: type[Section | ListItem] | None = None
        """What the cursor is on: other keys make sense on a heading than on a task."""

    @property
    def task_tree(self) -> TaskTree:
        """The tree."""
        return self.query_one(TaskTree)

    @on(MarkedView.MarksChanged)
    def _count_marks(self, message: MarkedView.MarksChanged) -> None:
        self.query_one(NoteTitle).marked = message.count

    @on(RowView.CursorMoved)
    def _follow(self) -> None:
        kind = type(self.task_tree.current) if self.task_tree.current is not None else None
        if kind is not self._kind:
            self._kind = kind
            self.refresh_bindings()
        self.post_message(RowMoved())

    def on_resize(self) -> None:
        """The rows are elsewhere, once they are drawn."""
        self.call_after_refresh(self.post_message, RowMoved())

    def on_paste(self, event: events.Paste) -> None:
        """Have pasted text made tasks."""
        event.stop()
        self.post_message(PasteRequested(event.text))
