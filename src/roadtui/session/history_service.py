"""What happens to the vault is told to its history, behind the screens' back: nothing waits for it.

The history works in threads, after the screen has shown what it is told, and is imported with the first news.
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
    from roadtui.vault.history import EventSource, History
    from roadtui.vault.snapshot import VaultNote
    from roadtui.vault.vault import Vault


class _ChangeEvent(NamedTuple):
    """Somebody changed the vault."""

    origin: str
    """Name of a `vault.history.Origin`."""
    path: str | None = None
    """The note that `origin` is about; None where another program changed what there is."""


class HistoryService:
    """Owns the history of one vault."""

    def __init__(
        self, vault: Vault, state: Path | None, now: Callable[[], datetime], told: Callable[[list[str]], None]
    ) -> None:
        """Make the worker for `vault`.

        Args:
            vault: The vault.
            state: The folder that the journal is kept in; None remembers nothing beyond this run.
            now: Gives the time, with its zone.
            told: Hears after each look, in the event loop, what the user should be told.
        """
        self._vault = vault
        self._state = state
        self._now = now
        self._told = told
        self._news: asyncio.Queue[_ChangeEvent] = asyncio.Queue()
        self._history: History | None = None

    @property
    def history(self) -> History | None:
        """The history; None until the vault was looked at for the first time. Its calls block."""
        return self._history

    def changed_here(self, path: str, *, is_taken_back: bool) -> None:
        """We changed the note at `path`: an edit, or one taken back."""
        self._news.put_nowait(_ChangeEvent("UNDONE" if is_taken_back else "HERE", path))

    def changed_outside(self) -> None:
        """The vault was loaded, or another program changed something."""
        self._news.put_nowait(_ChangeEvent("OUTSIDE"))

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        """What the history knows of the days of `notes`; nothing until it was opened. For a thread."""
        from roadtui.core.stats.activity import NO_KNOWN_DATES  # In the thread, after the first screen.

        return self._history.known_dates(notes) if self._history is not None else NO_KNOWN_DATES

    def spent(self, notes: Iterable[VaultNote]) -> Mapping[Task, int]:
        """Seconds that were spent on tasks of `notes`, as far as they are known. For a thread."""
        if self._history is None:
            return {}
        found: dict[Task, int] = {}
        for note in notes:
            found.update(self._history.seconds_spent(note))
        return found

    def is_news(self, path: str, trail: tuple[str, ...], total: int) -> bool:
        """Whether a finished section was not celebrated yet (see `celebrations.Celebrated`). For a thread."""
        return self._history is not None and self._history.record_milestone(path, trail, total, self._now())

    async def run(self) -> None:
        """Take the news in, for as long as the app runs."""
        while True:
            news = await self._news.get()
            self._told(await asyncio.to_thread(self._take_in, news))
            self._news.task_done()

    def _take_in(self, news: _ChangeEvent) -> list[str]:
        from roadtui.vault.history import (  # After the first screen: it brings in sqlite3.
            EventSource,
            History,
        )

        origin: EventSource = EventSource[news.origin]
        history = self._history or History(self._state, self._vault.scope)
        history.record_snapshot(lambda: self._vault.snapshot, self._now(), origin, news.path)
        self._history = history
        return history.drain_messages()

    async def close(self, seconds: float) -> None:
        """Take in what is left, and let go of the journal; what takes longer is seen at the next start."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.join()
                if self._history is not None:
                    await asyncio.to_thread(self._close, self._history)

    def _close(self, history: History) -> None:
        """A vault that is missing is not watched: what was done in it since is dated by its files later."""
        history.close(None if self._vault.folder.is_missing() else self._now())
