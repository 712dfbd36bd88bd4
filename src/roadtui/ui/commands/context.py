"""What a command works with: what is selected, where panels open, who takes the result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from textual.message import Message
from textual.notifications import SeverityLevel

from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.tasks.titles import short_title
from roadtui.core.terminal_text import display_text
from roadtui.session.actions import TaskActions
from roadtui.ui.dialogs.anchor import AnchorPosition, BottomAnchor, DialogAnchor, RowAnchor
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.messages import TransactionSubmitted
from roadtui.ui.mounting import has_children
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.note_pane import NotePane
from roadtui.ui.widgets.task_row import TaskDisplayContext
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import Snapshot, VaultNote

Answer = TypeVar("Answer")


Selected = TypeVar("Selected")


class SavedAt(NamedTuple):
    """Where a transaction took place."""

    note: VaultNote
    """With the transaction in it."""
    line: int
    """The first one that is new or changed, from 0."""


class _PendingTransaction(NamedTuple):
    """What goes on once a transaction is written, or was refused."""

    transaction: Transaction
    """Kept, so that no other gets its `id`."""
    then: Callable[[Any], None]
    """Called with where it took place, or with None where it was refused and `refused` is None."""
    refused: Callable[[RoadtuiError], None] | None


class CommandContext:
    """One pane's. Lives as long as the pane; what is selected is looked up anew for every command."""

    def __init__(self, pane: NotePane, edits: Callable[[], TaskActions]) -> None:
        """`edits`: makes them for the vault as it is now, and today."""
        self.pane = pane
        """Where the note is shown, and messages go up from."""
        self._edits = edits
        self._waiting: dict[int, _PendingTransaction] = {}
        self.copied = ""
        """What was copied last; other programs may have put something else on the clipboard."""

    # What is selected

    @property
    def tree(self) -> TaskTree:
        """The tree."""
        return self.pane.task_tree

    @property
    def note(self) -> VaultNote:
        """The note in the tree. Raises `RefusedError` where there is none."""
        note = self.tree.note
        if note is None:
            raise RefusedError("No note is open.")
        check_writable(note)
        return note

    @property
    def at(self) -> Section | ListItem | None:
        """What the cursor is on."""
        return self.tree.current

    @property
    def items(self) -> list[ListItem]:
        """What is marked, else what the cursor is on; without what is inside another of them."""
        chosen = self.tree.selected
        inside = {id(item) for item in chosen}
        return [item for item in chosen if not any(id(outer) in inside for outer in item.ancestors)]

    @property
    def contents(self) -> list[Section | ListItem]:
        """The same, where a heading under the cursor will do as well."""
        at = self.at
        return [at] if isinstance(at, Section) and not self.items else [*self.items]

    @property
    def content(self) -> Section | ListItem:
        """The only heading or item that is selected. Raises `RefusedError` where there are several."""
        at = self.at
        return at if isinstance(at, Section) and not self.tree.selected else _only(self.tree.selected)

    @property
    def tasks(self) -> list[Task]:
        """The tasks that are marked, else the one that the cursor is on."""
        return [item for item in self.tree.selected if isinstance(item, Task)]

    @property
    def task(self) -> Task:
        """The only task that is selected. Raises `RefusedError` where there are several."""
        return _only(self.tasks)

    # Around it

    @property
    def reading(self) -> TaskDisplayContext:
        """By what the note is read."""
        reading = self.tree.reading
        assert reading is not None, "set before the first key"
        return reading

    @property
    def text_styles(self) -> TextStyles:
        """The colours."""
        text_styles = self.tree.text_styles
        assert text_styles is not None, "set before the first key"
        return text_styles

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it is shown."""
        snapshot = self.pane.snapshot
        assert snapshot is not None, "set before the first key"
        return snapshot

    def opening(self, where: AnchorPosition, deeper: int = 0) -> DialogAnchor:
        """Room for a panel at the row under the cursor; at the bottom where there is no row."""
        if self.tree.current is None or not self.tree.region:
            return self.at_bottom()
        return RowAnchor(self.tree, where, deeper)

    def at_bottom(self) -> DialogAnchor:
        """Room for a panel that is about no row."""
        pane = self.pane
        return BottomAnchor(pane) if pane.region else BottomAnchor(pane.screen, spared=1)

    # What comes of it

    @property
    def edits(self) -> TaskActions:
        """For the vault as it is now, and today."""
        return self._edits()

    def submit(
        self, transaction: Transaction, then: Callable[[SavedAt | None], None] | None = None
    ) -> Transaction:
        """Have `transaction` written; `then` is called with where, or with None where it was refused."""
        if then is not None:
            self._waiting[id(transaction)] = _PendingTransaction(transaction, then, None)
        self.post(TransactionSubmitted(transaction))
        return transaction

    async def written(self, transaction: Transaction) -> SavedAt:
        """Have `transaction` written, and wait for it; gives where.

        Raises:
            RoadtuiError: it was refused, or could not be written. The caller shows why.
        """
        outcome: asyncio.Future[SavedAt] = asyncio.get_running_loop().create_future()
        self._waiting[id(transaction)] = _PendingTransaction(
            transaction, outcome.set_result, outcome.set_exception
        )
        self.post(TransactionSubmitted(transaction))
        try:
            return await outcome
        finally:
            self._waiting.pop(id(transaction), None)

    def settled(self, transaction: object, saved: SavedAt) -> None:
        """`transaction` is written: go on with what waits for it."""
        waiting = self._waiting.pop(id(transaction), None)
        if waiting is not None:
            waiting.then(saved)

    def refused(self, transaction: object, error: RoadtuiError) -> bool:
        """`transaction` was refused: go on with what waits for it. Gives whether that shows why."""
        waiting = self._waiting.pop(id(transaction), None)
        if waiting is None:
            return False
        if waiting.refused is None:
            waiting.then(None)
            return False
        waiting.refused(error)
        return True

    def go_to(self, saved: SavedAt | None) -> None:
        """Put the cursor where a transaction took place; the tree may show it a moment later."""
        if saved is not None and self.tree.note is not None and self.tree.note.path == saved.note.path:
            self.tree.go_to_line(saved.line)

    async def ask(self, panel: InlineDialog[Answer], then: Callable[[Answer], None] | None = None) -> None:
        """Open `panel`; `then` gets the answer, if there is one."""

        def answered(answer: Answer | None) -> None:
            if answer is None or then is None:
                return
            try:
                then(answer)
            except RefusedError as error:
                self.say(str(error), "error")

        await self.pane.app.push_screen(panel, answered)

    def post(self, message: Message) -> None:
        """Have the app know.

        Posted by the screen: a message bubbles no further than to the parent that made it, and many are made
        by the screen's own handlers.
        """
        self.pane.screen.post_message(message)

    def say(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Show a sentence for a while."""
        timeout = 5 if severity == "information" else 10
        self.pane.notify(display_text(sentence), severity=severity, timeout=timeout, markup=False)

    def key_of(self, id: str) -> str:
        """The key that is bound to the command `id`, as it is shown to the user."""
        app = self.pane.app
        bindings = (active.binding for active in self.pane.screen.active_bindings.values())
        return next((app.get_key_display(one) for one in bindings if one.id == id), id)

    def put_on_clipboard(self, text: str) -> None:
        """For other programs, and for pasting here."""
        self.copied = text
        self.pane.app.copy_to_clipboard(text)

    def panel_follows(self) -> None:
        """An open panel goes with its row."""
        screen = self.pane.app.screen
        if isinstance(screen, InlineDialog) and has_children(screen):
            screen.place()


def check_writable(note: VaultNote) -> None:
    """Raise RefusedError where `note` is shown only."""
    if note.label:
        raise RefusedError(f"{note.path} can only be read: it is {note.label}.")


def _only(selected: Sequence[Selected]) -> Selected:
    if len(selected) != 1:
        raise RefusedError("This goes for one task at a time. Press escape to unmark the others.")
    return selected[0]


def title_of(content: Section | ListItem) -> str:
    """The words of a heading or an item, short and harmless."""
    if isinstance(content, Section):
        return short_title(content.title)
    return short_title(content.text if isinstance(content, Task) else content.source.strip())
