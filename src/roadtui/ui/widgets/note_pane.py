"""The pane in the middle: one note, and the keys for all that can be done to its tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import var

from roadtui.core.note import ListItem, Section, Task
from roadtui.ui.verbs import BY_ID, IN_THE_NOTE, Needs
from roadtui.ui.widgets.marked_view import MarkedView
from roadtui.ui.widgets.note_title import NoteTitle
from roadtui.ui.widgets.row_view import RowView
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.edit import Transaction
    from roadtui.core.errors import RoadtuiError
    from roadtui.ui.editing.desk import Desk
    from roadtui.vault.edits import Edits


class NotePane(Vertical, inherit_bindings=False):
    """Holds title and tree. Verbs start here; what comes of them goes up as a message."""

    BINDING_GROUP_TITLE = "Tasks"
    BINDINGS: ClassVar[list[BindingType]] = [verb.binding for verb in IN_THE_NOTE]

    snapshot: var[Snapshot | None] = var(None)

    @dataclass
    class Submitted(Message):
        """The user wants this written."""

        transaction: Transaction

    class AllSubmitted(Message):
        """Comes after everything that was submitted before it was posted."""

    def __init__(self, edits: Callable[[], Edits], id: str | None = None) -> None:
        """`edits`: makes the steps that can be taken now."""
        super().__init__(id=id)
        self._edits = edits
        self._desk: Desk | None = None
        self._kind: type[Section | ListItem] | None = None
        """What the cursor is on: other keys make sense on a heading than on a task."""

    @property
    def task_tree(self) -> TaskTree:
        """The tree."""
        return self.query_one(TaskTree)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense on the row."""
        if action != "verb":
            return True
        return self._has(BY_ID[str(parameters[0])].needs)

    def _has(self, needs: Needs) -> bool:
        note = self.task_tree.note
        if needs is Needs.NOTHING:
            return True
        if note is None or note.label:
            return False
        if needs is Needs.NOTE:
            return True
        if needs is Needs.ROW:
            return self.task_tree.current is not None
        selected = self.task_tree.selected
        return bool(selected) if needs is Needs.ITEM else any(isinstance(item, Task) for item in selected)

    async def action_verb(self, id: str) -> None:
        """Do what the verb `id` says.

        It opens its panel before it returns: what is typed next belongs there.
        """
        from roadtui.core.errors import RefusedError  # With the first edit.
        from roadtui.ui.editing import RUN

        desk = self.desk
        try:
            await RUN[id](desk)
        except RefusedError as error:
            desk.say(str(error), "error")

    @property
    def desk(self) -> Desk:
        """What verbs work with here."""
        if self._desk is None:
            from roadtui.ui.editing.desk import Desk  # With the first edit: the first screen has no panel.

            self._desk = Desk(self, self._edits)
        return self._desk

    def settled(self, transaction: object, note: VaultNote, line: int) -> None:
        """`transaction` is written, at `line` of `note`."""
        if self._desk is not None:
            from roadtui.ui.editing.desk import Saved  # Imported with the desk.

            self._desk.settled(transaction, Saved(note, line))

    def refused(self, transaction: object, error: RoadtuiError) -> bool:
        """`transaction` was refused. Gives whether the user is shown why, beside what was typed."""
        return self._desk is not None and self._desk.refused(transaction, error)

    @on(TaskTree.ToggleRequested)
    async def _tick(self, message: TaskTree.ToggleRequested) -> None:
        from roadtui.ui.editing import state  # With the first edit.

        state.tick(self.desk, message)

    @on(MarkedView.MarksChanged)
    def _count_marks(self, message: MarkedView.MarksChanged) -> None:
        self.query_one(NoteTitle).marked = message.count

    @on(RowView.CursorMoved)
    def _follow(self) -> None:
        kind = type(self.task_tree.current) if self.task_tree.current is not None else None
        if kind is not self._kind:
            self._kind = kind
            self.refresh_bindings()
        if self._desk is not None:
            self._desk.panel_follows()

    def on_resize(self) -> None:
        """Take an open panel along."""
        if self._desk is not None:
            self.call_after_refresh(self._desk.panel_follows)

    async def on_paste(self, event: events.Paste) -> None:
        """Text pasted onto the tree becomes tasks below the cursor."""
        if self._has(Needs.NOTE):
            from roadtui.ui.editing import order  # With the first edit.

            event.stop()
            await order.paste_text(self.desk, event.text)
