"""What a history would know of tasks, as a test says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from roadtui.core.note import Task
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.vault.snapshot import VaultNote


@dataclass
class Records:
    """Dates by note and seconds by task."""

    days_of: Callable[[list[VaultNote]], KnownDates] = lambda _notes: NO_KNOWN_DATES
    seconds: Mapping[Task, int] = field(default_factory=dict)

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        return self.days_of(list(notes))

    def spent(self, notes: Iterable[VaultNote]) -> Mapping[Task, int]:
        return self.seconds
