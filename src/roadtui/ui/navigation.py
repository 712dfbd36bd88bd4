"""The screens beside the dashboard: what each is opened with. They are imported when they are wanted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from textual.app import App

from roadtui.config import Config, Notify
from roadtui.core.errors import RoadtuiError
from roadtui.core.note import Task
from roadtui.core.terminal_text import display_text
from roadtui.ui.messages import OpenScreen, ScreenName
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.vault import Vault

if TYPE_CHECKING:
    from roadtui.clock import Clock
    from roadtui.session.focus_session import Phase, PomodoroTimer
    from roadtui.session.tracked_task import TrackedTask
    from roadtui.ui.screens.dashboard import DashboardScreen


_PATIENCE = 0.5
"""Seconds that git may take before the user is told what is going on."""


class TimeLog(Protocol):
    """Remembers time spent. May block."""

    def record_time_spent(self, note: VaultNote, task: Task, seconds: int, at: datetime) -> None:
        """`seconds` were spent on a task of `note`, up to `at`."""


class ScreenNavigator:
    """Opens the screens on top of the dashboard."""

    def __init__(
        self,
        app: App[Any],
        home: DashboardScreen,
        vault: Vault,
        config: Config,
        clock: Clock,
        history: Callable[[], TimeLog | None],
    ) -> None:
        """`history`: what remembers time spent; None where nothing does."""
        self._app = app
        self._home = home
        self._vault = vault
        self._config = config
        self._clock = clock
        self._history = history
        self._watch: PomodoroTimer | None = None
        self._recording: set[asyncio.Task[None]] = set()

    def enter(self, wanted: OpenScreen) -> None:
        """Open a screen, unless the program ends."""
        if not self._home.is_attached:
            return
        if wanted.name is ScreenName.FOCUS:
            self._focus(wanted.tracked)
        elif wanted.name is ScreenName.NEXT:
            from roadtui.ui.screens.next_actions import NextActionsScreen  # With the first use of the screen.

            self._app.push_screen(NextActionsScreen(self._home))
        else:
            self._app.run_worker(self._look_back(), exclusive=True, group="past")

    async def close(self) -> None:
        """The program ends: leave what is open, and wait until all is remembered."""
        for screen in self._app.screen_stack[1:]:
            if isinstance(screen, OverlayScreen):
                screen.put_down()
        if self._recording:
            await asyncio.wait(self._recording)

    async def _look_back(self) -> None:
        from roadtui.ui.screens.time_machine import TimeMachineScreen  # With the first use of the screen.
        from roadtui.vault.git.time_machine import TimeMachine

        config, vault = self._config, self._vault

        def ask() -> TimeMachine:
            vault.folder.find()  # Git would take a missing vault for one without a repository.
            return TimeMachine(vault.root, vault.rules, config.count, config.max_note_bytes)

        asking = asyncio.create_task(asyncio.to_thread(ask))
        _, waiting = await asyncio.wait({asking}, timeout=_PATIENCE)
        if waiting:
            self._app.notify("Asking git which days there are…", timeout=5)
        try:
            past = await asking
        except RoadtuiError as error:
            self._app.notify(display_text(str(error)), timeout=10, markup=False)
            return
        if self._app.screen is self._home and self._home.is_attached:
            self._app.push_screen(TimeMachineScreen(self._home, past))

    # Focus

    def _focus(self, tracked: TrackedTask | None) -> None:
        # With the first use of the screen.
        from roadtui.session.focus_session import FocusSession
        from roadtui.ui.screens.focus import FocusScreen, under_cursor

        scope = None if tracked is not None else self._home.path
        focus_session = FocusSession(self._round(), self._clock, self._spend)
        tracked = tracked or under_cursor(self._home)
        self._app.push_screen(FocusScreen(self._home, focus_session, self._ring, tracked, scope))

    def _round(self) -> PomodoroTimer:
        """The round that was begun, else a new one: leaving focus to look something up does not end it."""
        from roadtui.session.focus_session import PomodoroTimer  # With the first round.

        if self._watch is None:
            config = self._config
            self._watch = PomodoroTimer(config.focus_minutes * 60, config.break_minutes * 60)
        return self._watch

    def _spend(self, tracked: TrackedTask, seconds: int, at: datetime) -> None:
        history = self._history()
        if history is not None:
            work = asyncio.to_thread(history.record_time_spent, tracked.note, tracked.task, seconds, at)
            task = asyncio.get_running_loop().create_task(work)
            self._recording.add(task)
            task.add_done_callback(self._recording.discard)

    def _ring(self, ended: Phase, tracked: TrackedTask | None) -> None:
        from roadtui.ui.desktop_notifications import notify_desktop, time_is_up  # With the end of a round.

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
