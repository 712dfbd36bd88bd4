"""One task that stands on a screen without a tree: ticking it, and a desk at which commands work on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from textual.geometry import Region

from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.session.tracked_task import TrackedTask
from roadtui.ui.commands.context import CommandContext, SavedAt
from roadtui.ui.dialogs.anchor import AnchorPosition, DialogAnchor
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.task_row import TaskDisplayContext
from roadtui.vault.snapshot import VaultNote


def tick(desk: CommandContext, held: TrackedTask, then: Callable[[SavedAt | None], None]) -> bool:
    """Have `held` ticked; False where that is refused at once, and said."""
    try:
        step = desk.edits.toggle(held.note, [held.task], [held.task.mark])
    except RefusedError as error:
        desk.say(str(error), "error")
        return False
    desk.submit(step, then)
    return True


class SingleTaskHost(Protocol):
    """The screen that the task stands on."""

    @property
    def held(self) -> TrackedTask | None:
        """The task."""

    @property
    def reading(self) -> TaskDisplayContext:
        """By what its note is read."""

    @property
    def inks(self) -> TextStyles | None:
        """The colours."""

    @property
    def words_region(self) -> Region:
        """Where on the screen its words are."""

    @property
    def room_below(self) -> int:
        """Lines of the screen below the first one of its words."""

    def saved(self, saved: SavedAt) -> None:
        """What was asked for is in the note."""


class FocusCardAnchor:
    """Room for a panel: on the words, or below them."""

    def __init__(self, stage: SingleTaskHost, *, is_over: bool) -> None:
        self._stage = stage
        self._is_over = is_over

    @property
    def width(self) -> int:
        """See `DialogAnchor`."""
        return self._stage.words_region.width

    @property
    def indent(self) -> int:
        """See `DialogAnchor`."""
        return 0

    def open(self, lines: int) -> Region:
        """See `DialogAnchor`."""
        words = self._stage.words_region
        first = 0 if self._is_over else words.height
        room = max(1, self._stage.room_below - first)
        wanted = max(lines, words.height) if self._is_over else lines
        return Region(words.x, words.y + first, words.width, min(wanted, room))

    def close(self) -> None:
        """See `DialogAnchor`."""


class SingleTaskContext(CommandContext):
    """What a command works with where there is no tree. It submits through the dashboard below."""

    def __init__(self, stage: SingleTaskHost, below: CommandContext) -> None:
        """`below`: that of the dashboard."""
        super().__init__(below.pane, lambda: below.edits)
        self._below = below
        self._stage = stage

    @property
    def _held(self) -> TrackedTask:
        held = self._stage.held
        if held is None:
            raise RefusedError("There is no task.")
        if held.note.label:
            raise RefusedError(f"{held.note.path} can only be read: it is {held.note.label}.")
        return held

    @property
    def note(self) -> VaultNote:
        """See `Desk`."""
        return self._held.note

    @property
    def at(self) -> Section | ListItem | None:
        """See `Desk`."""
        return self._held.task

    @property
    def items(self) -> list[ListItem]:
        """See `Desk`."""
        return [self._held.task]

    @property
    def tasks(self) -> list[Task]:
        """See `Desk`."""
        return [self._held.task]

    @property
    def reading(self) -> TaskDisplayContext:
        """See `Desk`."""
        return self._stage.reading

    @property
    def inks(self) -> TextStyles:
        """See `Desk`."""
        inks = self._stage.inks
        assert inks is not None, "set before the first key"
        return inks

    def opening(self, where: AnchorPosition, deeper: int = 0) -> DialogAnchor:
        """See `Desk`."""
        return FocusCardAnchor(self._stage, is_over=where is AnchorPosition.OVER)

    def submit(
        self, transaction: Transaction, then: Callable[[SavedAt | None], None] | None = None
    ) -> Transaction:
        """See `Desk`."""
        return self._below.submit(transaction, then)

    async def written(self, transaction: Transaction) -> SavedAt:
        """See `Desk`."""
        return await self._below.written(transaction)

    def go_to(self, saved: SavedAt | None) -> None:
        """See `Desk`."""
        if saved is not None:
            self._stage.saved(saved)
