"""What a command works with: what is selected, where dialogs open, who writes the transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from textual.message import Message
from textual.notifications import SeverityLevel

from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError
from roadtui.session.actions import TaskActions
from roadtui.ui.commands.host import CommandHost
from roadtui.ui.commands.selection import Selection, TreeSelection
from roadtui.ui.dialogs.anchor import AnchorPosition, BottomAnchor, DialogAnchor, RowAnchor
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.mounting import has_children
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import FOOTER_LINES
from roadtui.ui.widgets.note_pane import NotePane
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.vault.commit import TransactionResult

Answer = TypeVar("Answer")


class SavedAt(NamedTuple):
    """Where a transaction was written."""

    note: VaultNote
    """The note with the transaction in it."""
    line: int
    """The first line that is new or changed, from 0."""

    @classmethod
    def of(cls, result: TransactionResult | None) -> SavedAt:
        """Where the transaction with this `result` was written."""
        assert result is not None, "only an undo without an edit has no result"
        return cls(result.snapshot.notes[result.path], result.line)


class CommandContext:
    """The context of the commands on the note in one pane. Lives as long as the pane."""

    def __init__(self, pane: NotePane, host: CommandHost, selection: Selection | None = None) -> None:
        """Make a context.

        Args:
            pane: Shows the note.
            host: Makes, writes and reports transactions.
            selection: What commands work on; None for the selection in the tree of `pane`.
        """
        self.pane = pane
        """Shows the note; messages are posted from its screen."""
        self.host = host
        self.selection = selection or TreeSelection(pane.task_tree)
        """What commands work on."""
        self.copied = ""
        """The text that was copied last; other programs may have put something else on the clipboard."""

    # What is shown

    @property
    def tree(self) -> TaskTree:
        """The tree of the pane."""
        return self.pane.task_tree

    @property
    def display_context(self) -> TaskDisplayContext:
        """The statuses, the field format and the day by which tasks are read."""
        display_context = self.tree.display_context
        assert display_context is not None, "set before the first key"
        return display_context

    @property
    def text_styles(self) -> TextStyles:
        """The text styles of the theme."""
        text_styles = self.tree.text_styles
        assert text_styles is not None, "set before the first key"
        return text_styles

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it is shown."""
        snapshot = self.pane.snapshot
        assert snapshot is not None, "set before the first key"
        return snapshot

    # Transactions

    @property
    def actions(self) -> TaskActions:
        """Builds transactions for the vault as it is now, and today."""
        return self.host.make_actions()

    def submit(
        self, transaction: Transaction, then: Callable[[SavedAt | None], None] | None = None
    ) -> Transaction:
        """Have `transaction` written, and show why where it is refused.

        `then` is called once it is written, with where; or with None if it is refused.
        """
        self._submit(transaction).add_done_callback(partial(self._finish, then))
        return transaction

    def _submit(
        self, transaction: Transaction, *, stays: bool = False
    ) -> asyncio.Future[TransactionResult | None]:
        """Have `transaction` written, and show the rows that it will leave, if they can be told."""
        result = self.host.submit(transaction)
        if not result.done() and self.tree.ahead.begin(transaction, stays=stays):
            screen = self.pane.app.screen
            if isinstance(screen, InlineDialog):
                screen.look_closed()
        return result

    def _finish(
        self,
        then: Callable[[SavedAt | None], None] | None,
        result: asyncio.Future[TransactionResult | None],
    ) -> None:
        if result.cancelled():  # The program has ended.
            return
        error = result.exception()
        if then is not None:
            then(SavedAt.of(result.result()) if error is None else None)
        if error is not None:
            self.say(str(error), "error")

    async def written(self, transaction: Transaction, *, stays: bool = False) -> SavedAt:
        """Have `transaction` written, and wait for it; gives where.

        `stays`: whether the cursor stays on its row where a row is added.

        Raises:
            RoadtuiError: it was refused, or could not be written. The caller shows why.
        """
        return SavedAt.of(await self._submit(transaction, stays=stays))

    def go_to(self, saved: SavedAt | None) -> None:
        """Put the cursor where a transaction was written; the tree may show it a moment later."""
        if self.tree.ahead.is_shown:
            return  # The cursor is there already; the lines are not those of the rows that are shown.
        if saved is not None and self.tree.note is not None and self.tree.note.path == saved.note.path:
            self.tree.go_to_line(saved.line)

    # Dialogs

    def anchor(self, where: AnchorPosition, deeper: int = 0) -> DialogAnchor:
        """An anchor at the row under the cursor; at the bottom where there is no row."""
        if self.tree.current is None or not self.tree.region:
            return self.anchor_at_bottom()
        return RowAnchor(self.tree, where, deeper)

    def anchor_at_bottom(self) -> DialogAnchor:
        """An anchor for a dialog that is about no row."""
        pane = self.pane
        return BottomAnchor(pane) if pane.region else BottomAnchor(pane.screen, spared=FOOTER_LINES)

    async def ask(self, dialog: InlineDialog[Answer], then: Callable[[Answer], None] | None = None) -> None:
        """Open `dialog`; `then` gets the answer, if there is one."""

        def answered(answer: Answer | None) -> None:
            if answer is None or then is None:
                return
            try:
                then(answer)
            except RefusedError as error:
                self.refuse(error)

        await self.pane.app.push_screen(dialog, answered)

    def follow_row(self) -> None:
        """Move an open dialog to where its row is now."""
        screen = self.pane.app.screen
        if isinstance(screen, InlineDialog) and has_children(screen):
            screen.place()

    # Around it

    def post(self, message: Message) -> None:
        """Post `message` to the app.

        It is posted by the screen: a message bubbles no further than to the parent that made it, and many are
        made by the screen's own handlers.
        """
        self.pane.screen.post_message(message)

    def say(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Show a sentence for a while."""
        self.host.notifier.show(sentence, severity)

    def say_done(self, sentence: str) -> None:
        """Show what an edit has done, until the next edit."""
        self.host.notifier.show_edit(sentence)

    def refuse(self, error: RefusedError) -> None:
        """Show why the key could do nothing, until the next key."""
        self.host.notifier.hint(str(error))

    def key_of(self, id: str) -> str:
        """The key that is bound to the command `id`, as it is shown to the user."""
        app = self.pane.app
        bindings = (active.binding for active in self.pane.screen.active_bindings.values())
        return next((app.get_key_display(one) for one in bindings if one.id == id), id)

    def put_on_clipboard(self, text: str) -> None:
        """Copy `text` for other programs, and for pasting here."""
        self.copied = text
        self.pane.app.copy_to_clipboard(text)
