"""One sitting of focus: its timer, what was done in it, and whom the time spent is told. No widget in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from roadtui.ui.held import Held
from roadtui.ui.stopwatch import Phase, Stopwatch

if TYPE_CHECKING:
    from roadtui.clock import Clock

Spend = Callable[[Held, int, datetime], None]
"""Remembers that so many seconds were spent on a task, up to a moment."""


class Sitting:
    """Counts only while there is a task to work on, and the user has not stopped it."""

    def __init__(self, watch: Stopwatch, clock: Clock, spend: Spend) -> None:
        self.watch = watch
        self.done = 0
        """Tasks ticked."""
        self._clock = clock
        self._spend = spend
        self._seconds = 0
        self._moment = clock.moment()
        """When time was last looked at."""
        self._held: Held | None = None
        self._is_paused = False

    @property
    def words(self) -> str:
        """`2 done · 31 min`; empty at the start."""
        minutes = (self._seconds + int(self.watch.worked)) // 60
        words = [f"{self.done} done"] * bool(self.done) + [f"{minutes} min"] * bool(minutes)
        return " · ".join(words)

    def work_on(self, held: Held | None) -> None:
        """Time goes to `held` from now on; None lets it stand still. A break goes on all the same."""
        self.record()
        self._held = held
        self._run()

    def follow(self, held: Held) -> None:
        """The task is now in this state."""
        self._held = held

    def tick(self) -> Phase | None:
        """Time has passed; gives the phase that has just ended, if one has."""
        if self._clock.moment().date() != self._moment.date():
            self._hand_over()  # What was worked before midnight belongs to that day.
        self._moment = self._clock.moment()
        ended = self.watch.tick(self._clock.monotonic())
        if ended is not None:
            self._is_paused = self.watch.phase is Phase.WORK
            self._run()
        return ended

    def toggle_pause(self) -> None:
        """Stop the time, or let it go on; in a break, go back to work."""
        if self.watch.phase is Phase.REST:
            self._is_paused = False
            self.watch.work_on(self._clock.monotonic())
        else:
            self._is_paused = not self._is_paused
        self._run()

    def stand_still(self) -> None:
        """Let no time pass: the program is suspended, or the user leaves."""
        self.watch.stop(self._clock.monotonic())

    def resume(self) -> None:
        """Let it pass again, if it did."""
        self._run()

    def record(self) -> None:
        """Hand over what was spent so far."""
        self.stand_still()
        self._moment = self._clock.moment()
        self._hand_over()
        self._run()

    def _hand_over(self) -> None:
        seconds = self.watch.take()
        self._seconds += seconds
        if seconds and self._held is not None:
            self._spend(self._held, seconds, self._moment)

    def _run(self) -> None:
        if self.watch.phase is Phase.REST or (self._held is not None and not self._is_paused):
            self.watch.start(self._clock.monotonic())
        else:
            self.stand_still()
