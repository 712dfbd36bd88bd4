"""What was on the screen for a moment was seen."""

from __future__ import annotations

from roadtui.core.activity.changes import ShownChange

GLANCE_SECONDS = 0.7
"""What is on the screen twice, so many seconds apart and with the same line, was seen."""


class Glances:
    """Remembers which changes were on the screen the last time."""

    def __init__(self) -> None:
        self._last: frozenset[ShownChange] = frozenset()

    def seen(self, now: frozenset[ShownChange]) -> frozenset[ShownChange]:
        """Those of `now`, which are on the screen, that were there the last time, too."""
        both, self._last = now & self._last, now
        return both
