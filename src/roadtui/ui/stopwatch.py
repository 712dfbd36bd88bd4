"""Rounds of work and rest, and the time that was really worked. No widget and no clock in it.

Readings of a monotonic clock come in with each tick. Two ticks far apart mean that the program did not run in
between, as its terminal was suspended or the machine slept: that time belongs to nobody.
"""

from __future__ import annotations

from enum import Enum

LONGEST_TICK = 10.0
"""Seconds between two ticks from which on the program was not running."""


class Phase(Enum):
    """What the time is for."""

    WORK = "work"
    REST = "break"


class Stopwatch:
    """Counts one phase down while it runs, and adds up what was worked."""

    def __init__(self, work: float, rest: float) -> None:
        """It stands still at the start of `work` seconds; `rest` seconds follow, where it is not 0."""
        self._lengths = {Phase.WORK: work, Phase.REST: rest}
        self.phase = Phase.WORK
        self.gone = 0.0
        """Seconds of the phase that have passed."""
        self.worked = 0.0
        """Seconds worked since they were last taken."""
        self._last: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether time passes."""
        return self._last is not None

    @property
    def length(self) -> float:
        """Seconds that the phase takes."""
        return self._lengths[self.phase]

    @property
    def left(self) -> float:
        """Seconds of the phase that are still to come."""
        return self.length - self.gone

    def start(self, now: float) -> None:
        """Let time pass from `now` on."""
        if self._last is None:
            self._last = now

    def stop(self, now: float) -> None:
        """Let it stand still from `now` on; a phase that ends at this very moment ends with the next tick."""
        self._pass(now)
        self._last = None

    def tick(self, now: float) -> Phase | None:
        """It is `now`; gives the phase that has just ended, if one has.

        Rest follows work by itself. After the rest the next round waits to be started.
        """
        self._pass(now)
        if self._last is None or self.left > 0:
            return None
        ended = self.phase
        self.phase = Phase.REST if ended is Phase.WORK and self._lengths[Phase.REST] else Phase.WORK
        self.gone = 0.0
        if self.phase is Phase.WORK:
            self._last = None
        return ended

    def work_on(self, now: float) -> None:
        """End the rest and begin the next round."""
        self.phase, self.gone, self._last = Phase.WORK, 0.0, now

    def take(self) -> int:
        """Whole seconds worked since this was last asked."""
        seconds, self.worked = int(self.worked), 0.0
        return seconds

    def _pass(self, now: float) -> None:
        if self._last is None:
            return
        passed = now - self._last
        self._last = now
        if not 0 <= passed <= LONGEST_TICK:
            return
        passed = min(passed, max(0.0, self.left))
        self.gone += passed
        if self.phase is Phase.WORK:
            self.worked += passed
