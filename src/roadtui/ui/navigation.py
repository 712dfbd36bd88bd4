"""Opens the screens on top of the dashboard, each imported with its first use."""

from __future__ import annotations

import asyncio
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from textual.app import App

from roadtui.config import Config, Notify
from roadtui.core.errors import RoadtuiError
from roadtui.core.terminal_text import display_text
from roadtui.ui.command_table import COMMANDS_BY_ID
from roadtui.ui.notifications import Notifier
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from roadtui.clock import Clock
    from roadtui.session.find.find_service import FindService
    from roadtui.session.focus_session import Phase, PomodoroTimer
    from roadtui.session.history_service import HistoryService
    from roadtui.session.tracking.tracked_task import TrackedTask
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
        self._timer: PomodoroTimer | None = None
        self._recording: set[asyncio.Task[None]] = set()

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
            await self._focus(tracked)
        elif opens == COMMANDS_BY_ID["find"].opens:
            from roadtui.ui.screens.find import FindScreen  # With the first use of the screen.

            await self._app.push_screen(
                FindScreen(self._dashboard, self._find(), self._dashboard.path, query)
            )
        elif opens == COMMANDS_BY_ID["past"].opens:
            self._app.run_worker(self._look_back(), exclusive=True, group="past")
        else:
            await self._app.push_screen(screen_class(opens)(self._dashboard))

    def use_config(self, config: Config) -> None:
        """Take `config` for the user's settings from now on; a round that has begun keeps its length."""
        self._config = config
        if self._timer is not None:
            self._timer.set_lengths(config.focus_minutes * 60, config.break_minutes * 60)

    async def close(self) -> None:
        """Suspend the open screens, and wait until the time spent is recorded. The program ends."""
        for screen in self._app.screen_stack[1:]:
            if isinstance(screen, OverlayScreen):
                screen.suspend()
        if self._recording:
            await asyncio.wait(self._recording)

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
            self._app.notify("Reading the days from git…", timeout=5)
        try:
            past = await asking
        except RoadtuiError as error:
            self._app.notify(display_text(str(error)), timeout=10, markup=False)
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
                self._dashboard.report()
                self._imported()

        dialog = import_dialog(self._vault, history, self._dashboard.panes.note, text_styles)
        self._app.push_screen(dialog, show_outcome)

    # Focus

    async def _focus(self, tracked: TrackedTask | None) -> None:
        # With the first use of the screen.
        from roadtui.session.focus_session import FocusSession
        from roadtui.session.tracking.tracked_task import chosen_task
        from roadtui.ui.screens.focus import FocusScreen

        scope = None if tracked is not None else self._dashboard.path
        focus_session = FocusSession(self._shared_timer(), self._clock, self.record_time)
        tree = self._dashboard.task_tree
        tracked = tracked or chosen_task(self._dashboard.view, tree.note, tree.current)
        await self._app.push_screen(FocusScreen(self._dashboard, focus_session, self._ring, tracked, scope))

    def _shared_timer(self) -> PomodoroTimer:
        """The timer of earlier focus sessions, else a new one: leaving the focus screen does not end it."""
        from roadtui.session.focus_session import PomodoroTimer  # With the first focus session.

        if self._timer is None:
            config = self._config
            self._timer = PomodoroTimer(config.focus_minutes * 60, config.break_minutes * 60)
        return self._timer

    def record_time(self, tracked: TrackedTask, seconds: int, at: datetime) -> None:
        """Record in the history, in a thread, that `seconds` up to `at` were spent on `tracked`."""
        history = self._history.history
        if history is not None:
            work = asyncio.to_thread(history.record_time_spent, tracked.note, tracked.task, seconds, at)
            task = asyncio.get_running_loop().create_task(work)
            self._recording.add(task)
            task.add_done_callback(self._recording.discard)

    def _ring(self, ended: Phase, tracked: TrackedTask | None) -> None:
        from roadtui.ui.desktop_notifications import notify_desktop, time_is_up  # With the end of a phase.

        how = self._config.notify
        sentence = time_is_up(ended, self._config.focus_minutes, tracked.task.text if tracked else "")
        self._app.notify(sentence, timeout=10, markup=False)
        if how is not Notify.NONE:
            self._app.bell()
        if how is Notify.DESKTOP and not self._app.app_focus:
            self._app.run_worker(lambda: notify_desktop(sentence, self._write), thread=True, group="ring")

    def _write(self, sequence: str) -> None:
        """Write a control sequence to the terminal, as `App.bell` does: Textual has no public way."""
        driver = self._app._driver
        if driver is not None:
            self._app.call_from_thread(driver.write, sequence)
