"""Where the program takes the day and the time from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from time import monotonic
from typing import NamedTuple


class Clock(NamedTuple):
    """Where the day and the time come from; scripts and tests bring their own."""

    today: Callable[[], date] = date.today
    now: Callable[[], datetime] = datetime.now
    monotonic: Callable[[], float] = monotonic
    """Seconds that only ever grow, and do not while the machine sleeps."""

    def moment(self) -> datetime:
        """Now, on the clock's day, with the zone that the user lives in."""
        return datetime.combine(self.today(), self.now().time()).astimezone()
