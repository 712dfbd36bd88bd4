"""One task on a screen without a tree: a context with which commands work on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textual.geometry import Region, Size
from typing_extensions import override

from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section
from roadtui.session.tracking.tracked_task import TrackedTask
from roadtui.ui.commands.context import CommandContext, SavedAt
from roadtui.ui.commands.screen_context import ScreenContext, TaskScreen
from roadtui.ui.commands.selection import Selection, check_writable
from roadtui.ui.dialogs.anchor import AnchorPosition, DialogAnchor, beside_text
from roadtui.ui.dialogs.placement import MenuSpot
from roadtui.ui.widgets.focus.card import FocusCard
from roadtui.ui.widgets.footer import FOOTER_LINES
from roadtui.vault.snapshot import VaultNote


def tick(context: CommandContext, tracked: TrackedTask, then: Callable[[SavedAt | None], None]) -> bool:
    """Have `tracked` ticked; False where that is refused at once, which is shown to the user."""
    try:
        step = context.actions.build("tick", tracked.note, [tracked.task])
    except RefusedError as error:
        context.refuse(error)
        return False
    context.submit(step, then)
    return True


class SingleTaskHost(TaskScreen, Protocol):
    """The screen that shows the task."""

    @property
    def tracked(self) -> TrackedTask | None:
        """The task."""

    @property
    def card(self) -> FocusCard:
        """The card with the task."""

    @property
    def size(self) -> Size:
        """Of the screen."""

    def saved(self, saved: SavedAt) -> None:
        """A transaction on the task was written."""


class FocusCardAnchor(DialogAnchor):
    """Anchors a dialog on the task's description, or below it."""

    def __init__(self, host: SingleTaskHost, *, is_over: bool) -> None:
        self._host = host
        self._is_over = is_over

    @property
    @override
    def width(self) -> int:
        return self._host.card.text_region.width

    @property
    @override
    def indent(self) -> int:
        return 0

    @override
    def open(self, lines: int) -> Region:
        text = self._host.card.text_region
        first = 0 if self._is_over else text.height
        most = max(1, self._host.size.height - FOOTER_LINES - text.y - first)
        wanted = max(lines, text.height) if self._is_over else lines
        return Region(text.x, text.y + first, text.width, min(wanted, most))

    @override
    def close(self) -> None:
        pass

    @override
    def beside(self, area: Region) -> MenuSpot:
        text = self._host.card.text_region
        return beside_text([text], text.x, area)


class SingleTaskSelection(Selection):
    """The task is all that is selected."""

    def __init__(self, host: SingleTaskHost) -> None:
        self._host = host

    @property
    def _tracked(self) -> TrackedTask:
        tracked = self._host.tracked
        if tracked is None:
            raise RefusedError("There is not a task.")
        check_writable(tracked.note)
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
    def selected(self) -> Sequence[ListItem]:
        return [self._tracked.task]


class SingleTaskContext(ScreenContext):
    """The context of the commands on one task."""

    def __init__(self, host: SingleTaskHost, below: CommandContext) -> None:
        """`below`: the context of the dashboard."""
        super().__init__(host, below, SingleTaskSelection(host))
        self._screen = host

    @override
    def anchor(self, where: AnchorPosition, deeper: int = 0) -> DialogAnchor:
        return FocusCardAnchor(self._screen, is_over=where is AnchorPosition.OVER)

    @override
    def go_to(self, saved: SavedAt | None) -> None:
        if saved is not None:
            self._screen.saved(saved)
