"""What the program does for commands: it writes transactions, opens notes and editors, and saves views."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from textual.app import App
from typing_extensions import override

from roadtui.core.edits.edit import Transaction
from roadtui.session.actions import TaskActions
from roadtui.session.activity.activity import NO_ACTIVITY, Activity
from roadtui.session.edit_queue import EditQueue
from roadtui.session.find.find_service import FindService
from roadtui.session.find.saved_views import SavedViews
from roadtui.ui.commands.host import CommandHost
from roadtui.ui.lifetime import Lifetime
from roadtui.ui.notifications import Notifier
from roadtui.ui.presenters.find_presenter import FindPresenter
from roadtui.ui.presenters.session_presenter import SessionPresenter
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.ui.terminal.suspension import ProgramSuspender
from roadtui.vault.commit import TransactionResult
from roadtui.vault.vault import Vault


class ProgramCommandHost(CommandHost):
    """The running program, as commands see it. Made with the first of them."""

    def __init__(
        self,
        app: App[Any],
        dashboard: DashboardScreen,
        vault: Vault,
        edits: EditQueue[Any],
        presenter: SessionPresenter,
        lifetime: Lifetime,
        suspender: ProgramSuspender,
        find: FindPresenter,
        notifier: Notifier,
        actions: Callable[[], TaskActions],
    ) -> None:
        """Make the host.

        Args:
            app: The program.
            dashboard: Shows the notes that are gone to.
            vault: The vault that is shown.
            edits: Writes transactions.
            presenter: Shows that an edit is on its way to the disk.
            lifetime: Knows whether the program still takes edits.
            suspender: Lends the terminal to an editor.
            find: Has the saved views.
            notifier: Shows sentences.
            actions: Makes what builds transactions, for the vault as it is now, and today.
        """
        self._app = app
        self._dashboard = dashboard
        self._vault = vault
        self._edits = edits
        self._presenter = presenter
        self._lifetime = lifetime
        self._suspender = suspender
        self._find = find
        self._notifier = notifier
        self._actions = actions

    @property
    @override
    def notifier(self) -> Notifier:
        return self._notifier

    @property
    @override
    def vault(self) -> Vault:
        return self._vault

    @override
    def open_note(self, path: str, line: int | None = None) -> None:
        screen = self._app.screen
        if isinstance(screen, OverlayScreen):
            screen.open_note(path, line)
        else:
            self._dashboard.open(path, line)

    @override
    async def edits_are_written(self) -> bool:
        return await self._suspender.edits_are_written()

    @override
    async def run_editor(self, command: Sequence[str], path: str) -> int:
        return await self._suspender.run_in_foreground(command, path)

    @override
    def make_actions(self) -> TaskActions:
        return self._actions()

    @property
    @override
    def activity(self) -> Activity:
        service = self._dashboard.activity_service
        return service.activity if service is not None else NO_ACTIVITY

    @property
    @override
    def find(self) -> FindService:
        return self._find.service

    @property
    @override
    def views(self) -> SavedViews:
        return self._find.service.views

    @override
    async def save_view(self, name: str, query: str) -> None:
        await self._find.views.save(name, query)

    @override
    async def remove_view(self, name: str) -> None:
        await self._find.views.remove(name)

    @override
    def submit(self, transaction: Transaction) -> asyncio.Future[TransactionResult | None]:
        if self._lifetime.takes_edits(transaction.title):
            self._notifier.edit_begins()
            self._presenter.show_saving()
            return self._edits.submit(transaction)
        result: asyncio.Future[TransactionResult | None] = asyncio.get_running_loop().create_future()
        result.cancel()
        return result
