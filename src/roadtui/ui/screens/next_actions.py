"""Next: all that can be done now, in order, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from roadtui.core.next_actions.candidates import HEADS
from roadtui.core.note import Task
from roadtui.session.empty_states import nothing_next
from roadtui.session.tracked_task import Held, follow, held_of
from roadtui.session.view_model import VaultView
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.commands.context import Saved
from roadtui.ui.commands.single_task import tick
from roadtui.ui.messages import RoomName, RoomWanted
from roadtui.ui.screens.overlay import Room
from roadtui.ui.widgets.suggestion_list import Entry, Sentence, SuggestionList, heading, listed
from roadtui.ui.widgets.task_row import Reading
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.ui.screens.dashboard import Home


class NextScreen(Room, inherit_bindings=False):
    """The list is made anew, in a thread, whenever the vault changes."""

    AUTO_FOCUS = "SuggestionList"
    DEFAULT_CSS = """
    NextScreen {
        align-horizontal: center;
        #list { max-width: 120; height: 1fr; background: $surface; padding: 1 0 0 1; }
        &.-medium #list { margin: 1 1 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.OVERLAY)]

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._listed_for: Mapping[str, VaultNote] = self.view.snapshot.notes
        self._is_at_work = False

    def content(self) -> ComposeResult:
        """See `Room`."""
        with Vertical(id="list"):
            yield SuggestionList().data_bind(NextScreen.inks)

    def on_mount(self) -> None:
        """Make the first list."""
        self.listing.show(heading(), None)
        self.show(self.view)

    @property
    def listing(self) -> SuggestionList:
        """What can be done."""
        return self.query_one(SuggestionList)

    def show(self, view: VaultView) -> None:
        """See `Room`."""
        if not self._is_at_work:
            self._is_at_work = True
            self.run_worker(self._keep_listing(), group="list")

    async def _keep_listing(self) -> None:
        """List the newest state, and again if the vault has changed meanwhile: one list at a time is made."""
        listed_for = None
        try:
            while listed_for is not self.view:
                listed_for = self.view
                if self.listing.current is None:
                    await self._list(listed_for, first_entries)
                await self._list(listed_for, entries_of)
        finally:
            self._is_at_work = False

    async def _list(
        self, view: VaultView, make: Callable[[VaultView, Collection[Task]], list[Entry]]
    ) -> None:
        current, notes = self.listing.current, self._listed_for
        closing = frozenset(one.task for one in self.home.about_to_close)

        def work() -> tuple[list[Entry], Held | None]:
            found = follow([current], notes, view.snapshot)[0] if current is not None else None
            return make(view, closing), found

        entries, current = await asyncio.to_thread(work)
        self._listed_for = view.snapshot.notes
        self.listing.reading = Reading(view.snapshot.statuses, view.snapshot.format, view.today)
        self.listing.show(entries, current)

    @on(SuggestionList.Wanted)
    def _act(self, message: SuggestionList.Wanted) -> None:
        held = message.held
        if message.what == "open":
            self.go_home(held.note.path, held.task.line)
        elif message.what == "focus":
            self.post_message(RoomWanted(RoomName.FOCUS, held))
        elif not self.listing.is_ticked(held):
            self._tick(held)

    def _tick(self, held: Held) -> None:
        if tick(self.home.commands.desk, held, partial(self._written, held)):
            self.listing.mark_ticked(held, is_ticked=True)

    def _written(self, held: Held, saved: Saved | None) -> None:
        if saved is None and self.is_attached:
            self.listing.mark_ticked(held, is_ticked=False)


def first_entries(view: VaultView, closing: Collection[Task] = ()) -> list[Entry]:
    """The first few, which are known already: in a vault of 10,000 notes the others take seconds."""
    snapshot = view.snapshot
    suggestions = snapshot.suggestions(snapshot.roadmaps, view.today, HEADS)
    return listed([held_of(snapshot, one) for one in suggestions if one.task not in closing]) or heading()


def entries_of(view: VaultView, closing: Collection[Task] = ()) -> list[Entry]:
    """What the list says of one state of the vault. Looks at every task: for a thread.

    `closing`: tasks that are about to be no longer open.
    """
    snapshot = view.snapshot
    suggestions = snapshot.all_suggestions(snapshot.roadmaps, view.today)
    suggestions = [one for one in suggestions if one.task not in closing]
    if suggestions:
        return listed([held_of(snapshot, one) for one in suggestions])
    words = nothing_next(view)
    entries: list[Entry] = [Sentence(words.title, is_title=True)]
    for sentence in words.sentences:
        entries += [Sentence(""), Sentence(sentence)]
    return entries
