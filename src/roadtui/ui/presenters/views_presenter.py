"""Shows the saved views in the sidebar, counts them when the vault changes, and saves and removes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App

from roadtui.core.terminal_text import display_text
from roadtui.session.find.find_service import FindService
from roadtui.session.find.note_views import views_in_note
from roadtui.session.find.saved_views import SavedView, ViewError, ViewOrigin, wrong_views
from roadtui.session.sidebar_items import SidebarView
from roadtui.session.view_model import DashboardModel
from roadtui.ui.notifications import Notifier
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.workers import start_worker
from roadtui.vault.snapshot import Snapshot, VaultNote

_SECONDS_OF_REST = 0.2
"""Seconds after a change before its notes are counted: of several changes, the last one is."""


class ViewsPresenter:
    """Keeps the views on the dashboard in step with the vault. Made after the first screen."""

    def __init__(
        self,
        app: App[Any],
        dashboard: DashboardScreen,
        service: FindService,
        notifier: Notifier,
        find: Callable[[str], None],
        max_note_bytes: int,
    ) -> None:
        """Make a presenter.

        Args:
            app: Runs the work that goes on in the background.
            dashboard: Shows the views.
            service: Counts them.
            notifier: Shows sentences.
            find: Opens the screen that shows what a query finds.
            max_note_bytes: Larger notes are not read.
        """
        self._app = app
        self._dashboard = dashboard
        self._service = service
        self._notifier = notifier
        self._find = find
        self._limit = max_note_bytes
        self._read_of: tuple[str, bytes] | None = None
        """Path and content hash of the note whose tasks blocks are known."""
        self._has_read = False
        """Whether those blocks were read."""
        self._counted_of: Snapshot | None = None
        """The state of the vault in which the views were counted last."""

    @property
    def is_up_to_date(self) -> bool:
        """Whether the numbers on the dashboard are those of the vault as it is shown."""
        return self._has_read and self._counted_of is self._dashboard.view.snapshot

    def are_saved(self) -> bool:
        """Whether the user's file holds the views that are shown. For a thread."""
        return self._service.views.is_up_to_date()

    async def start(self) -> None:
        """Read the views that the user has saved, and report those that are wrong."""
        try:
            await asyncio.to_thread(self._service.views.load)
        except ViewError as error:
            self._notifier.show(str(error), "warning")
        for sentence in wrong_views(self._service.saved_views()):
            self._notifier.show(sentence, "warning")
        self._dashboard.view_changed.subscribe(self._dashboard, self._vault_changed)
        self._dashboard.report.changed.subscribe(self._dashboard, lambda _: self._look_at_note())
        self._vault_changed(self._dashboard.view)
        self._look_at_note()

    def _vault_changed(self, view: DashboardModel) -> None:
        self._service.update(view.snapshot, view.today)
        if view.snapshot.is_complete:
            self.count()

    def _look_at_note(self) -> None:
        """Read the tasks blocks of the open note, if it is another one or has changed."""
        note = self._dashboard.view.snapshot.notes.get(self._dashboard.path or "")
        key = (note.path, note.digest) if note is not None else None
        if key != self._read_of:
            self._read_of = key
            self._has_read = False
            start_worker(self._app, self._read_note, note, group="note views", exclusive=True)

    async def _read_note(self, note: VaultNote | None) -> None:
        views: list[SavedView] = []
        if note is not None:
            await asyncio.sleep(_SECONDS_OF_REST)
            search = self._service.search
            views = await asyncio.to_thread(views_in_note, search.snapshot, note, self._limit, search.today)
        if views != self._service.note_views:
            self._service.note_views = views
            self.count()
        self._has_read = True

    def recorded(self) -> None:
        """Count again what depends on the history, as it knows the last changes now."""
        if self._service.recorded():
            self.count()

    def imported(self) -> None:
        """Count again what depends on the history, as it has learned when tasks were done."""
        self._service.imported()
        self.count()

    def count(self) -> None:
        """Count the views in the background, and show the numbers when they are known."""
        self._counted_of = None
        if self._dashboard.view.snapshot.is_complete and self._dashboard.is_running:
            start_worker(self._app, self._count, group="views", exclusive=True)

    async def _count(self) -> None:
        self._show()
        await asyncio.sleep(_SECONDS_OF_REST)
        snapshot = self._dashboard.view.snapshot
        await self._service.count_views()
        self._show()
        self._counted_of = snapshot

    def _show(self) -> None:
        if not self._dashboard.query("Sidebar"):  # The program is ending.
            return
        has_tasks = bool(self._service.search.snapshot.roadmaps)
        counted = self._service.counted_views() if has_tasks else []
        self._dashboard.panes.sidebar.show_views(
            [
                SidebarView(number, one.view.name, one.view.query, one.results, one.view.problem)
                for number, one in enumerate(counted, 1)
            ]
        )

    def open(self, number: int) -> None:
        """Show what the view with this number finds, from 1."""
        views = self._service.saved_views()
        if number > len(views):
            self._notifier.hint(f"There is no view {number}. ctrl+f finds, ctrl+s there saves a view.")
            return
        view = views[number - 1]
        if view.problem:
            place = {ViewOrigin.CONFIG: " of the config", ViewOrigin.OWN: ""}.get(view.origin, "")
            self._notifier.show(f"The view “{view.name}”{place} is wrong: {view.problem}", "warning")
        elif view.unmapped:
            left_out = display_text("; ".join(view.unmapped))
            self._notifier.show(f"Not part of this view, as queries have no such term: {left_out}.")
        self._find(view.query)

    async def save(self, name: str, query: str) -> None:
        """Save `query` as the view `name`. Raises ViewError if that fails."""
        today = self._service.search.today
        await asyncio.to_thread(self._service.views.save, name, query, today)
        self.count()

    async def remove(self, name: str) -> None:
        """Remove the view `name` that was saved. Raises ViewError if that fails."""
        await asyncio.to_thread(self._service.views.remove, name)
        self.count()
