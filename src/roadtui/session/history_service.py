"""Records vault changes in the completion history, in the background; the UI never waits for it.

The history runs in threads, after the screen has shown a change, and is imported with the first one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from roadtui.core.note import Task
    from roadtui.core.stats.activity import KnownDates
    from roadtui.vault.history.events import EventSource
    from roadtui.vault.history.history import History
    from roadtui.vault.snapshot import Snapshot, VaultNote
    from roadtui.vault.vault import Vault


class _ChangeEvent(NamedTuple):
    """Somebody changed the vault."""

    origin: str
    """Name of a `vault.history.EventSource`."""
    path: str | None = None
    """The note that changed; None where another program changed any of them."""


class HistoryService:
    """Owns the history of one vault."""

    def __init__(
        self,
        vault: Vault,
        state: Path | None,
        now: Callable[[], datetime],
        on_messages: Callable[[list[str]], None],
    ) -> None:
        """Make the service for `vault`.

        Args:
            vault: The vault.
            state: The folder that the event log is kept in; None keeps nothing beyond this run.
            now: Returns the time, with its zone.
            on_messages: Called in the event loop after each recording, with sentences for the user.
        """
        self._vault = vault
        self._state = state
        self._now = now
        self._on_messages = on_messages
        self._changes: asyncio.Queue[_ChangeEvent] = asyncio.Queue()
        self._history: History | None = None
        self._unrecorded = 0
        self.begin_with: Callable[[History, Snapshot], None] | None = None
        """Called in a thread once the whole vault was recorded for the first time, to record more."""

    @property
    def is_recorded(self) -> bool:
        """Whether everything that has happened is in the history."""
        return self._history is not None and not self._unrecorded

    @property
    def history(self) -> History | None:
        """The history; None until the vault was recorded for the first time. Its calls block."""
        return self._history

    def changed_here(self, path: str, *, is_undo_or_redo: bool) -> None:
        """An edit, undo or redo of this program has changed the note at `path`."""
        self._record_later(_ChangeEvent("UNDONE" if is_undo_or_redo else "HERE", path))

    def changed_outside(self) -> None:
        """The vault was loaded, or another program changed something."""
        self._record_later(_ChangeEvent("OUTSIDE"))

    def _record_later(self, change: _ChangeEvent) -> None:
        self._unrecorded += 1
        self._changes.put_nowait(change)

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        """Recorded dates of the tasks of `notes`; none until the history is open. For a thread."""
        from roadtui.core.stats.activity import NO_KNOWN_DATES  # In the thread, after the first screen.

        return self._history.known_dates(notes) if self._history is not None else NO_KNOWN_DATES

    def spent(self, notes: Iterable[VaultNote]) -> Mapping[Task, int]:
        """Recorded seconds that were spent on tasks of `notes`. For a thread."""
        if self._history is None:
            return {}
        found: dict[Task, int] = {}
        for note in notes:
            found.update(self._history.seconds_spent(note))
        return found

    def record_if_new(self, path: str, heading_path: tuple[str, ...], total: int) -> bool:
        """Whether a finished section was not celebrated yet (see `MilestoneLog`). For a thread."""
        if self._history is None:
            return False
        return self._history.record_milestone(path, heading_path, total, self._now())

    async def run(self) -> None:
        """Record the changes, for as long as the app runs."""
        while True:
            change = await self._changes.get()
            messages = await asyncio.to_thread(self._record, change)
            self._unrecorded -= 1
            self._on_messages(messages)
            self._changes.task_done()

    def _record(self, change: _ChangeEvent) -> list[str]:
        # After the first screen: it brings in sqlite3.
        from roadtui.vault.history.events import EventSource
        from roadtui.vault.history.history import History

        origin: EventSource = EventSource[change.origin]
        history = self._history or History(self._state, self._vault.scope)
        history.record_snapshot(lambda: self._vault.snapshot, self._now(), origin, change.path)
        self._history = history
        if self.begin_with is not None and self._vault.snapshot.is_complete:
            begin_with, self.begin_with = self.begin_with, None
            begin_with(history, self._vault.snapshot)
        return history.drain_messages()

    async def close(self, seconds: float) -> None:
        """Record the changes that are left, and close the event log.

        The next start finds the changes that take longer than `seconds`.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changes.join()
                if self._history is not None:
                    await asyncio.to_thread(self._close, self._history)

    def _close(self, history: History) -> None:
        """Close the history; without a time where the vault is missing, as nothing was observed in it."""
        history.close(None if self._vault.folder.is_missing() else self._now())
