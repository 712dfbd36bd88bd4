"""Opens the screens on top of the dashboard, each imported with its first use."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.app import App

from roadtui.config import Config
from roadtui.core.errors import RoadtuiError
from roadtui.ui.command_table import COMMANDS_BY_ID, WAITING_ROUND
from roadtui.ui.notifications import Notifier
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.ui.workers import start_worker
from roadtui.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message

    from roadtui.clock import Clock
    from roadtui.session.find.find_service import FindService
    from roadtui.session.history_service import HistoryService
    from roadtui.session.tracking.tracked_task import TrackedTask
    from roadtui.ui.focus_rounds import FocusRounds
    from roadtui.ui.screens.dashboard import DashboardScreen
    from roadtui.vault.git.import_completions import Imported

_SECONDS_FOR_GIT = 0.5
"""Seconds that git may take before a message shows what the program waits for."""


def screen_class(opens: str) -> type[OverlayScreen]:
    """The screen that `Command.opens` names. Imports its module with the first use."""
    module, _, name = opens.partition(".")
    found: type[OverlayScreen] = getattr(import_module(f"roadtui.ui.screens.{module}"), name)
    return found


class ScreenNavigator:
    """Opens the screens on top of the dashboard."""

    def __init__(
        self,
        app: App[Any],
        dashboard: DashboardScreen,
        vault: Vault,
        config: Config,
        clock: Clock,
        history: HistoryService,
        notifier: Notifier,
        find: Callable[[], FindService],
        imported: Callable[[], None],
    ) -> None:
        """Make the navigator.

        Args:
            app: The program, whose screens these are.
            dashboard: The screen below all others.
            vault: The vault that is shown.
            config: Lengths of focus and break, how the end of one is notified, what is counted.
            clock: Returns day and time.
            history: Records the time spent.
            notifier: Shows sentences.
            find: Gives what finds things in the vault; made on first use.
            imported: Called when dates were imported into the history.
        """
        self._app = app
        self._find = find
        self._imported = imported
        self._dashboard = dashboard
        self._vault = vault
        self._config = config
        self._clock = clock
        self._history = history
        self._notifier = notifier
        self._rounds: FocusRounds | None = None

    async def open(self, opens: str, tracked: TrackedTask | None = None, query: str = "") -> None:
        """Open a screen, unless the program ends.

        Args:
            opens: The screen, as `Command.opens` names it.
            tracked: The task to focus; None for the one under the cursor, or the best suggestion.
            query: What to find.
        """
        if not self._dashboard.is_attached:
            return
        if opens == COMMANDS_BY_ID["focus"].opens:
            await self._rounds_of_focus().open(tracked)
        elif opens == WAITING_ROUND:
            await self._rounds_of_focus().resume()
        elif opens == COMMANDS_BY_ID["find"].opens:
            from roadtui.ui.screens.find import FindScreen  # With the first use of the screen.

            await self._app.push_screen(
                FindScreen(self._dashboard, self._find(), self._dashboard.path, query)
            )
        elif opens == COMMANDS_BY_ID["past"].opens:
            start_worker(self._app, self._look_back, exclusive=True, group="past")
        else:
            await self._app.push_screen(screen_class(opens)(self._dashboard))

    def use_config(self, config: Config) -> None:
        """Take `config` for the user's settings from now on; a round that has begun keeps its length."""
        self._config = config
        if self._rounds is not None:
            self._rounds.use_config(config)

    def post_to_dashboard(self, message: Message) -> bool:
        """Have the dashboard handle `message` after all that it was sent before; False where it is closed."""
        return self._dashboard.post_message(message)

    async def close(self) -> None:
        """Suspend the open screens, and wait until the time spent is recorded. The program ends."""
        for screen in self._app.screen_stack[1:]:
            if isinstance(screen, OverlayScreen):
                screen.suspend()
        if self._rounds is not None:
            await self._rounds.close()

    async def _look_back(self) -> None:
        from roadtui.ui.screens.time_machine import TimeMachineScreen  # With the first use of the screen.
        from roadtui.vault.git.time_machine import TimeMachine

        config, vault = self._config, self._vault

        def ask() -> TimeMachine:
            vault.folder.find()  # Git would report a missing vault as one without a repository.
            return TimeMachine(vault.root, vault.rules, config.count, config.max_note_bytes)

        asking = asyncio.create_task(asyncio.to_thread(ask))
        _, waiting = await asyncio.wait({asking}, timeout=_SECONDS_FOR_GIT)
        if waiting:
            self._notifier.show("Reading the days from git…")
        try:
            past = await asking
        except RoadtuiError as error:
            self._notifier.show(str(error), "warning")
            return
        if self._app.screen is self._dashboard and self._dashboard.is_attached:
            dashboard = self._dashboard
            positions = dashboard.task_tree.positions()
            self._app.push_screen(TimeMachineScreen(dashboard, past, dashboard.path, positions))

    def import_history(self) -> None:
        """Find in the vault's git when each completed task was completed."""
        from roadtui.ui.dialogs.progress import import_dialog, import_message  # From the palette, seldom.

        history, text_styles = self._history.history, self._dashboard.text_styles
        if history is None or text_styles is None:
            self._notifier.show("Not possible yet: the vault is still being read.")
            return

        def show_outcome(found: Imported | RoadtuiError | None) -> None:
            if found is not None:
                is_error = isinstance(found, RoadtuiError)
                self._notifier.show(import_message(found), "error" if is_error else "information")
                self._dashboard.report.show()
                self._imported()

        dialog = import_dialog(self._vault, history, self._dashboard.panes.note, text_styles)
        self._app.push_screen(dialog, show_outcome)

    def _rounds_of_focus(self) -> FocusRounds:
        from roadtui.ui.focus_rounds import FocusRounds  # With the first use of the screen.

        if self._rounds is None:
            self._rounds = FocusRounds(
                self._app,
                self._dashboard,
                self._config,
                self._clock,
                self._history,
                self._notifier,
                lambda: self._dashboard.commands.context.key_of("focus_back"),
            )
        return self._rounds
