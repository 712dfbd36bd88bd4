"""What a history would know of tasks and milestones, as a test sets it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from typing_extensions import override

from roadtui.core.note import Task
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.session.milestones import MilestoneLog
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


class Celebrated(MilestoneLog):
    """Records milestones in memory."""

    def __init__(self) -> None:
        self._totals: dict[tuple[str, tuple[str, ...]], int] = {}

    @override
    def record_if_new(self, path: str, heading_path: tuple[str, ...], total: int) -> bool:
        has_grown = total > self._totals.get((path, heading_path), 0)
        if has_grown:
            self._totals[path, heading_path] = total
        return has_grown
