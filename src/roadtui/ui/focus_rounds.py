"""The rounds of focus: one timer for all of them, what it recorded, and the round that waits meanwhile."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.timer import Timer

from roadtui.clock import Clock
from roadtui.config import Config, Notify
from roadtui.core.titles import short_title
from roadtui.session.focus_session import FocusSession, Phase, PomodoroTimer
from roadtui.session.history_service import HistoryService
from roadtui.session.tracking.tracked_task import TrackedTask, chosen_task, track
from roadtui.ui.notifications import Notifier
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.focus import FocusScreen
from roadtui.ui.terminal.desktop_notifications import notify_desktop, time_is_up
from roadtui.ui.widgets.focus.timer import TimerState
from roadtui.ui.widgets.header import WaitingRound

if TYPE_CHECKING:
    from collections.abc import Callable

    from roadtui.vault.history.history import History

_TICK_SECONDS = 1.0
_MOST_WAIT = 1.0
"""Seconds in which an edit of the task under the cursor is usually written."""


class FocusRounds:
    """Opens focus. A round that is left before its end waits, and the header shows it; a break goes on."""

    def __init__(
        self,
        app: App[Any],
        dashboard: DashboardScreen,
        config: Config,
        clock: Clock,
        history: HistoryService,
        notifier: Notifier,
        key: Callable[[], str],
    ) -> None:
        """Make the rounds; none has begun.

        Args:
            app: The program.
            dashboard: Shows the vault, and the round that waits.
            config: Lengths of focus and break, how the end of one is notified.
            clock: Returns day and time.
            history: Records the time spent.
            notifier: Shows sentences.
            key: Gives the key that goes back to the round.
        """
        self._app = app
        self._dashboard = dashboard
        self._config = config
        self._clock = clock
        self._history = history
        self._notifier = notifier
        self._key = key
        self._timer = PomodoroTimer(config.focus_minutes * 60, config.break_minutes * 60)
        self._session = self._new_session()
        self._waiting: TrackedTask | None = None
        """The task of the round that waits."""
        self._ticking: Timer | None = None
        """Runs during a break that goes on elsewhere."""
        self._recording: set[asyncio.Task[None]] = set()
        self._has_ended = False

    def use_config(self, config: Config) -> None:
        """Take `config` for the user's settings from now on; a round that has begun keeps its length."""
        self._config = config
        self._timer.set_lengths(config.focus_minutes * 60, config.break_minutes * 60)

    async def open(self, tracked: TrackedTask | None) -> None:
        """Focus on `tracked`; None for the task under the cursor of the dashboard, or the best suggestion."""
        scope = None if tracked is not None else self._dashboard.path
        tree = self._dashboard.task_tree
        if tracked is None and await tree.ahead.settled(_MOST_WAIT):
            tracked = chosen_task(self._dashboard.view, tree.note, tree.current)
        await self._push(tracked, scope)

    async def resume(self) -> None:
        """Go back to the round that waits; say so where there is none."""
        if self._dashboard.header.state.round is None:
            self._notifier.hint("No round is waiting. f starts one.")
            return
        tracked = self._waiting
        if tracked is not None:
            now = self._dashboard.view.snapshot
            tracked = track([tracked], now.notes, now)[0] or tracked
        await self._push(tracked, self._dashboard.path)

    async def close(self) -> None:
        """Wait until the time spent is recorded. The program ends."""
        self._has_ended = True
        if self._recording:
            await asyncio.wait(self._recording)

    async def _push(self, tracked: TrackedTask | None, scope: str | None) -> None:
        self._stop_ticking()
        self._waiting = None
        self._show()
        self._session = self._new_session()
        await self._app.push_screen(
            FocusScreen(self._dashboard, self._session, self._ring, tracked, scope, self._leave)
        )

    def _new_session(self) -> FocusSession:
        return FocusSession(self._timer, self._clock, self.record_time)

    # A round that waits

    def _leave(self, tracked: TrackedTask | None) -> None:
        if self._has_ended:
            return
        is_break = self._timer.phase is Phase.BREAK
        self._waiting = tracked if self._timer.elapsed or is_break else None
        if is_break and self._ticking is None:
            self._session.resume()
            self._ticking = self._app.set_interval(_TICK_SECONDS, self.tick)
        self._show()

    def tick(self) -> None:
        """Count the time of a break that goes on while the user is elsewhere."""
        ended = self._session.tick()
        if ended is not None:
            self._stop_ticking()
            self._ring(ended, self._waiting, is_elsewhere=True)
        self._show()

    def _stop_ticking(self) -> None:
        if self._ticking is not None:
            self._ticking.stop()
            self._ticking = None

    def _show(self) -> None:
        """Show in the header what waits."""
        is_break = self._ticking is not None
        waiting = None
        if is_break or self._waiting is not None:
            title = short_title(self._waiting.task.text) if self._waiting is not None else ""
            waiting = WaitingRound(TimerState.of(self._timer).text, title, is_break)
        if self._dashboard.header.state.round != waiting:
            self._dashboard.header.update(round=waiting)

    # Its time

    def record_time(self, tracked: TrackedTask, seconds: int, at: datetime) -> None:
        """Record in the history, in a thread, that `seconds` up to `at` were spent on `tracked`."""
        history = self._history.history
        if history is not None:
            task = asyncio.get_running_loop().create_task(_record(history, tracked, seconds, at))
            self._recording.add(task)
            task.add_done_callback(self._recording.discard)

    def _ring(self, ended: Phase, tracked: TrackedTask | None, *, is_elsewhere: bool = False) -> None:
        how, config = self._config.notify, self._config
        sentence = time_is_up(ended, config.focus_minutes, tracked.task.text if tracked else "")
        if ended is Phase.WORK and config.break_minutes:
            sentence = f"{sentence}. A break of {config.break_minutes} min, p ends it."
        if is_elsewhere and tracked is not None:
            sentence = f"{sentence} {self._key()} goes on with “{short_title(tracked.task.text)}”."
        self._notifier.show(sentence, "warning")
        if how is not Notify.NONE:
            self._app.bell()
        if how is Notify.DESKTOP and not self._app.app_focus:
            self._app.run_worker(lambda: notify_desktop(sentence, self._write), thread=True, group="ring")

    def _write(self, sequence: str) -> None:
        """Write a control sequence to the terminal, as `App.bell` does: Textual has no public way."""
        driver = self._app._driver
        if driver is not None:
            self._app.call_from_thread(driver.write, sequence)


async def _record(history: History, tracked: TrackedTask, seconds: int, at: datetime) -> None:
    await asyncio.to_thread(history.record_time_spent, tracked.note, tracked.task, seconds, at)
