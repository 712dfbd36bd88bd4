"""The time spent in focus, as a history has it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from roadtui.vault.history.events import EventKind
from roadtui.vault.history.history import History


def seconds_by_day(history: History) -> dict[date | None, int]:
    """Seconds spent in the vault by day; None has those of pruned days."""
    total: Counter[date | None] = Counter()
    for found in history.events():
        if found.kind == EventKind.SPENT.value:
            total[found.date] += found.seconds
    return dict(total)
