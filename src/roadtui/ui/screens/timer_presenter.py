"""Counts the time of a focus session, and shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen
from textual.widgets import Static

from roadtui.session.focus_session import FocusSession, Phase
from roadtui.ui.widgets.focus.timer import FocusTimer, TimerState

_TICK_SECONDS = 0.5


class TimerPresenter:
    """Has the timer of one screen go on: twice a second, and not while the program is in the background."""

    def __init__(self, screen: Screen[Any], session: FocusSession, ended: Callable[[Phase], None]) -> None:
        """Make a presenter.

        Args:
            screen: Has a `FocusTimer`, and a `Static` with the id `timer` for what was done.
            session: Keeps the time.
            ended: Called when a phase has ended.
        """
        self._screen = screen
        self._session = session
        self._ended = ended

    def start(self) -> None:
        """Count from now on, until the screen is closed."""
        screen, session = self._screen, self._session
        screen.set_interval(_TICK_SECONDS, self.tick)
        screen.app.app_suspend_signal.subscribe(screen, lambda _: session.suspend(), immediate=True)
        screen.app.app_resume_signal.subscribe(screen, lambda _: session.resume())

    def tick(self) -> None:
        """Count the time that has passed."""
        ended = self._session.tick()
        if ended is not None:
            self._ended(ended)
        self.show()

    def show(self) -> None:
        """Show the time that is left, and what was done."""
        self._screen.query_one(FocusTimer).left = TimerState.of(self._session.timer)
        self._screen.query_one("#timer", Static).update(self._session.summary_text)
