"""Runs verbs on the note in the dashboard. What they need is imported with the first of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from roadtui.core.note import Task
from roadtui.ui.verbs import BY_ID, Needs
from roadtui.ui.widgets.note_pane import NotePane
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.core.errors import RoadtuiError
    from roadtui.ui.editing.desk import Desk
    from roadtui.vault.edits import Edits


async def run(id: str, desk: Desk) -> None:
    """Do what the verb `id` says with what is selected at `desk`, and say so where it is refused.

    A verb opens its panel before this returns: what is typed next belongs there.
    """
    # With the first edit: it brings in every panel.
    from roadtui.core.errors import RefusedError
    from roadtui.ui.editing.handlers import RUN

    try:
        await RUN[id](desk)
    except RefusedError as error:
        desk.say(str(error), "error")


class VerbRunner:
    """The verbs of one pane. Its desk is made with the first of them: the first screen has no panel."""

    def __init__(self, pane: Callable[[], NotePane], edits: Callable[[], Edits]) -> None:
        """Make a runner.

        Args:
            pane: Gives the pane with the note; not asked before the screen is composed.
            edits: Makes the steps that can be taken now.
        """
        self._pane = pane
        self._edits = edits
        self._desk: Desk | None = None

    @property
    def desk(self) -> Desk:
        """What verbs work with here."""
        if self._desk is None:
            from roadtui.ui.editing.desk import Desk  # With the first edit.

            self._desk = Desk(self._pane(), self._edits)
        return self._desk

    def offers(self, id: str) -> bool:
        """Whether the verb `id` makes sense on the row under the cursor, or on the marked ones."""
        return self._has(BY_ID[id].needs)

    def _has(self, needs: Needs) -> bool:
        if needs is Needs.NOTHING:
            return True
        tree = self._pane().task_tree
        if tree.note is None or tree.note.label:
            return False
        if needs is Needs.NOTE:
            return True
        if needs is Needs.ROW:
            return tree.current is not None
        selected = tree.selected
        return bool(selected) if needs is Needs.ITEM else any(isinstance(item, Task) for item in selected)

    async def run(self, id: str) -> None:
        """Do what the verb `id` says."""
        await run(id, self.desk)

    def tick(self, asked: TaskTree.ToggleRequested) -> None:
        """Tick what was asked for."""
        from roadtui.ui.editing import state  # With the first edit.

        state.tick(self.desk, asked)

    async def paste(self, text: str) -> None:
        """Make `text` tasks below the cursor, where the note can be written."""
        if self._has(Needs.NOTE):
            from roadtui.ui.editing import order  # With the first edit.

            await order.paste_text(self.desk, text)

    def settled(self, transaction: object, note: VaultNote, line: int) -> None:
        """`transaction` is written, at `line` of `note`."""
        if self._desk is not None:
            from roadtui.ui.editing.desk import Saved  # Imported with the desk.

            self._desk.settled(transaction, Saved(note, line))

    def refused(self, transaction: object, error: RoadtuiError) -> bool:
        """`transaction` was refused. Gives whether the user is shown why, beside what was typed."""
        return self._desk is not None and self._desk.refused(transaction, error)

    def panel_follows(self) -> None:
        """Take an open panel along with its row."""
        if self._desk is not None:
            self._desk.panel_follows()
