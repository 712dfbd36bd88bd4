"""The tasks that another program has overwritten, and the status symbols they are about to get again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.note import Task
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.session.tracked_task import TrackedTask


class _Pending(NamedTuple):
    key: object
    tracked: TrackedTask
    status_symbol: str


class PendingMarks:
    """Status symbols that are on their way to the disk again, by their tasks in the vault as it is shown."""

    def __init__(self) -> None:
        self._pending: list[_Pending] = []

    def add(self, key: object, note: VaultNote, marks: Iterable[tuple[Task, str]], now: Snapshot) -> None:
        """Tasks of `note` are about to get `marks`, until `settle(key)`; the vault is shown as `now`."""
        from roadtui.session.tracked_task import TrackedTask  # With the first edit that is overwritten.

        self._pending += [_Pending(key, TrackedTask(note, task), mark) for task, mark in marks]
        self.follow({note.path: note}, now)

    def settle(self, key: object) -> bool:
        """The write of `key` is over, however it ended; gives whether any mark was pending for it."""
        left = [one for one in self._pending if one.key is not key]
        was_pending = len(left) < len(self._pending)
        self._pending = left
        return was_pending

    def follow(self, notes: Mapping[str, VaultNote], now: Snapshot) -> None:
        """The vault was shown as `notes`, and is as `now`; a task that is gone gets no mark."""
        if self._pending:
            from roadtui.session.tracked_task import track  # As above.

            found = track([one.tracked for one in self._pending], notes, now)
            pairs = zip(self._pending, found, strict=True)
            self._pending = [one._replace(tracked=tracked) for one, tracked in pairs if tracked is not None]

    def mark_of(self, task: Task) -> str:
        """The mark of `task` as it will be."""
        return next(
            (one.status_symbol for one in reversed(self._pending) if one.tracked.task is task),
            task.status_symbol,
        )

    def about_to_close(self, now: Snapshot) -> list[TrackedTask]:
        """The tasks that are open in the notes and will not be."""
        found = [
            one.tracked
            for one in self._pending
            if now.statuses.type_of(one.tracked.task.status_symbol).is_open
        ]
        return [one for one in found if not now.statuses.type_of(self.mark_of(one.task)).is_open]
