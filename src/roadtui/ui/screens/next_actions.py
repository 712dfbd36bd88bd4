"""The next actions: all that can be done now, in order, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from typing_extensions import override

from roadtui.core.next_actions.candidates import MOST_SUGGESTED
from roadtui.core.note import Task
from roadtui.session.empty_states import no_next_actions_text
from roadtui.session.tracking.tracked_task import TrackedTask, track, track_suggestion
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import COMMANDS_BY_ID, Scope, bindings_in
from roadtui.ui.commands.context import SavedAt
from roadtui.ui.commands.single_task import tick
from roadtui.ui.messages import OpenScreen
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.suggestion_list import (
    ListItemRow,
    ListMessage,
    SuggestionList,
    list_rows,
)
from roadtui.ui.workers import FollowingWork
from roadtui.vault.snapshot import VaultNote


class NextActionsScreen(OverlayScreen, inherit_bindings=False):
    """Lists the next actions; the list is computed in a thread whenever the vault changes."""

    AUTO_FOCUS = "SuggestionList"
    DEFAULT_CSS = """
    NextActionsScreen {
        align-horizontal: center;
        #list { max-width: 120; height: 1fr; background: $surface; padding: 1 0 0 1; }
        &.-medium #list { margin: 1 1 0 1; }
        &.-short #list { padding: 0 0 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.OVERLAY)]

    def __init__(self, host: OverlayHost) -> None:
        super().__init__(host)
        self._listed_for: Mapping[str, VaultNote] = self.view.snapshot.notes
        self._listing_work = FollowingWork(self, lambda: (self.view,), self._list_all)

    @override
    def content(self) -> ComposeResult:
        with Vertical(id="list"):
            yield SuggestionList().data_bind(NextActionsScreen.text_styles)

    def on_mount(self) -> None:
        """Start the first list."""
        self.show(self.view)

    @property
    def listing(self) -> SuggestionList:
        """The list."""
        return self.query_one(SuggestionList)

    @override
    def show(self, view: DashboardModel) -> None:
        self._listing_work.start()

    async def _list_all(self, view: DashboardModel) -> None:
        if self.listing.current is None:
            await self._list(view, first_entries)
        await self._list(view, entries_of)

    async def _list(
        self, view: DashboardModel, make: Callable[[DashboardModel, Collection[Task]], list[ListItemRow]]
    ) -> None:
        current, notes = self.listing.current, self._listed_for
        closing = frozenset(one.task for one in self.host.pending.about_to_close(self.host.view.snapshot))

        def work() -> tuple[list[ListItemRow], TrackedTask | None]:
            found = track([current], notes, view.snapshot)[0] if current is not None else None
            return make(view, closing), found

        entries, current = await asyncio.to_thread(work)
        self._listed_for = view.snapshot.notes
        self.listing.display_context = TaskDisplayContext(
            view.snapshot.statuses, view.snapshot.format, view.today
        )
        self.listing.show(entries, current)

    @on(SuggestionList.ActionRequested)
    def _act(self, message: SuggestionList.ActionRequested) -> None:
        tracked = message.tracked
        if message.action == "open":
            self.open_note(tracked.note.path, tracked.task.line)
        elif message.action == "focus":
            self.post_message(OpenScreen(COMMANDS_BY_ID["focus"].opens, tracked))
        elif not self.listing.is_ticked(tracked):
            self._tick(tracked)

    def _tick(self, tracked: TrackedTask) -> None:
        if tick(self.host.commands.context, tracked, partial(self._written, tracked)):
            self.listing.mark_ticked(tracked, is_ticked=True)

    def _written(self, tracked: TrackedTask, saved: SavedAt | None) -> None:
        if saved is None and self.is_attached:
            self.listing.mark_ticked(tracked, is_ticked=False)


def first_entries(view: DashboardModel, closing: Collection[Task] = ()) -> list[ListItemRow]:
    """The rows of the first few, which are known already: in a large vault the others take seconds."""
    snapshot = view.snapshot
    suggestions = snapshot.suggestions(snapshot.suggested_roadmaps, view.today, MOST_SUGGESTED)
    return list_rows([track_suggestion(snapshot, one) for one in suggestions if one.task not in closing])


def entries_of(view: DashboardModel, closing: Collection[Task] = ()) -> list[ListItemRow]:
    """The rows of the list for one state of the vault. Reads every task: for a thread.

    `closing`: tasks that are about to be no longer open.
    """
    snapshot = view.snapshot
    suggestions = snapshot.all_suggestions(snapshot.suggested_roadmaps, view.today)
    suggestions = [one for one in suggestions if one.task not in closing]
    if suggestions:
        return list_rows([track_suggestion(snapshot, one) for one in suggestions])
    text = no_next_actions_text(view)
    entries: list[ListItemRow] = [ListMessage(text.title, is_title=True)]
    for sentence in text.sentences:
        entries += [ListMessage(""), ListMessage(sentence)]
    return entries
