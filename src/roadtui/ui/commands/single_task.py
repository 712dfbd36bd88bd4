"""One task that stands on a screen without a tree: ticking it, and a context at which commands work on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from textual.geometry import Region
from typing_extensions import override

from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.session.tracked_task import TrackedTask
from roadtui.ui.commands.context import CommandContext, SavedAt
from roadtui.ui.dialogs.anchor import AnchorPosition, DialogAnchor
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.task_row import TaskDisplayContext
from roadtui.vault.snapshot import VaultNote


def tick(context: CommandContext, tracked: TrackedTask, then: Callable[[SavedAt | None], None]) -> bool:
    """Have `tracked` ticked; False where that is refused at once, and said."""
    try:
        step = context.edits.toggle(tracked.note, [tracked.task], [tracked.task.status_symbol])
    except RefusedError as error:
        context.say(str(error), "error")
        return False
    context.submit(step, then)
    return True


class SingleTaskHost(Protocol):
    """The screen that the task stands on."""

    @property
    def tracked(self) -> TrackedTask | None:
        """The task."""

    @property
    def reading(self) -> TaskDisplayContext:
        """By what its note is read."""

    @property
    def text_styles(self) -> TextStyles | None:
        """The colours."""

    @property
    def words_region(self) -> Region:
        """Where on the screen its words are."""

    @property
    def room_below(self) -> int:
        """Lines of the screen below the first one of its words."""

    def saved(self, saved: SavedAt) -> None:
        """What was asked for is in the note."""


class FocusCardAnchor(DialogAnchor):
    """Room for a panel: on the words, or below them."""

    def __init__(self, stage: SingleTaskHost, *, is_over: bool) -> None:
        self._stage = stage
        self._is_over = is_over

    @property
    @override
    def width(self) -> int:
        return self._stage.words_region.width

    @property
    @override
    def indent(self) -> int:
        return 0

    @override
    def open(self, lines: int) -> Region:
        words = self._stage.words_region
        first = 0 if self._is_over else words.height
        room = max(1, self._stage.room_below - first)
        wanted = max(lines, words.height) if self._is_over else lines
        return Region(words.x, words.y + first, words.width, min(wanted, room))

    @override
    def close(self) -> None:
        pass


class SingleTaskContext(CommandContext):
    """What a command works with where there is no tree. It submits through the dashboard below."""

    def __init__(self, stage: SingleTaskHost, below: CommandContext) -> None:
        """`below`: that of the dashboard."""
        super().__init__(below.pane, lambda: below.edits)
        self._below = below
        self._stage = stage

    @property
    def _tracked(self) -> TrackedTask:
        tracked = self._stage.tracked
        if tracked is None:
            raise RefusedError("There is no task.")
        if tracked.note.label:
            raise RefusedError(f"{tracked.note.path} can only be read: it is {tracked.note.label}.")
        return tracked

    @property
    @override
    def note(self) -> VaultNote:
        return self._tracked.note

    @property
    @override
    def at(self) -> Section | ListItem | None:
        return self._tracked.task

    @property
    @override
    def items(self) -> list[ListItem]:
        return [self._tracked.task]

    @property
    @override
    def tasks(self) -> list[Task]:
        return [self._tracked.task]

    @property
    @override
    def reading(self) -> TaskDisplayContext:
        return self._stage.reading

    @property
    @override
    def text_styles(self) -> TextStyles:
        text_styles = self._stage.text_styles
        assert text_styles is not None, "set before the first key"
        return text_styles

    @override
    def opening(self, where: AnchorPosition, deeper: int = 0) -> DialogAnchor:
        return FocusCardAnchor(self._stage, is_over=where is AnchorPosition.OVER)

    @override
    def submit(
        self, transaction: Transaction, then: Callable[[SavedAt | None], None] | None = None
    ) -> Transaction:
        return self._below.submit(transaction, then)

    @override
    async def written(self, transaction: Transaction) -> SavedAt:
        return await self._below.written(transaction)

    @override
    def go_to(self, saved: SavedAt | None) -> None:
        if saved is not None:
            self._stage.saved(saved)
