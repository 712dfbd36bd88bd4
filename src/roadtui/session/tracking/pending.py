"""The tasks whose edits another program has overwritten, and the status symbols that re-applying will set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.note import Task
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.session.tracking.tracked_task import TrackedTask


class _Pending(NamedTuple):
    key: object
    tracked: TrackedTask
    status_symbol: str


class PendingStatuses:
    """Status symbols that are about to be re-applied, by their tasks in the vault as it is shown."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []

    def add(self, key: object, note: VaultNote, symbols: Iterable[tuple[Task, str]], now: Snapshot) -> None:
        """Show tasks of `note` with `symbols` until `clear(key)`; the vault is shown as `now`."""
        from roadtui.session.tracking.tracked_task import (
            TrackedTask,  # With the first edit that is overwritten.
        )

        self._pending += [_Pending(key, TrackedTask(note, task), symbol) for task, symbol in symbols]
        self.follow({**now.notes, note.path: note}, now)

    def clear(self, key: object) -> bool:
        """Clear the symbols of `key`, whose write has ended; return whether there were any."""
        left = [one for one in self._pending if one.key is not key]
        was_pending = len(left) < len(self._pending)
        self._pending = left
        return was_pending

    def follow(self, notes: Mapping[str, VaultNote], now: Snapshot) -> None:
        """Update the tasks after the vault changed from `notes` to `now`; drop those that are gone."""
        if self._pending:
            from roadtui.session.tracking.tracked_task import track  # As above.

            found = track([one.tracked for one in self._pending], notes, now)
            pairs = zip(self._pending, found, strict=True)
            self._pending = [one._replace(tracked=tracked) for one, tracked in pairs if tracked is not None]

    def symbol_of(self, task: Task) -> str:
        """The status symbol that `task` will have after the pending writes."""
        return next(
            (one.status_symbol for one in reversed(self._pending) if one.tracked.task is task),
            task.status_symbol,
        )

    def about_to_close(self, now: Snapshot) -> list[TrackedTask]:
        """The tasks that are open in the notes, but will be closed by the pending writes."""
        found = [
            one.tracked
            for one in self._pending
            if now.statuses.type_of(one.tracked.task.status_symbol).is_open
        ]
        return [one for one in found if not now.statuses.type_of(self.symbol_of(one.task)).is_open]
