"""Follows what other programs do to a vault: what the watcher reports, and what it may have lost."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection
from contextlib import aclosing
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from roadtui.session.listener import SessionListener
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.vault.vault import Vault
    from roadtui.vault.watch.watcher import VaultEvent, Watcher

OPEN_NOTE_WAIT = 1.0
"""Seconds between two looks at the note on the screen."""
MISSING = "vault is missing"
"""How the header says that the vault is not there."""
_REPORT_WAIT = 0.5
"""Seconds within which the system reports a change that a scan has found already."""
_LONG_READ = 0.02
"""Seconds that reading what others changed may take before it delays the next read."""

Read = Callable[[Callable[[], Snapshot]], Awaitable[None]]
"""Runs a function that reads, and shows what has changed."""


class VaultFollower:
    """Has notes read again that other programs changed. Runs in the event loop."""

    def __init__(self, vault: Vault, listener: SessionListener[Any], read: Read) -> None:
        """Make a follower that does nothing before `run`.

        Args:
            vault: The vault.
            listener: Knows which note is on the screen; told how the vault is watched.
            read: Reads and shows what has changed.
        """
        self._vault = vault
        self._listener = listener
        self._read = read
        self._watcher: Watcher | None = None

    async def run(self) -> None:
        """Follow the vault for as long as the app runs."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow())
            group.create_task(self._follow_open_note())

    def rescan(self) -> None:
        """Have the whole vault looked at soon."""
        if self._watcher is not None:
            self._watcher.request_rescan()

    async def _refresh(self, paths: Collection[str] | None) -> None:
        await self._read(partial(self._vault.refresh, paths))

    async def _follow_open_note(self) -> None:
        """Look once a second whether the note on the screen has changed, reported or not."""
        while True:
            await asyncio.sleep(OPEN_NOTE_WAIT)
            path = self._listener.open_path()
            note = self._vault.snapshot.notes.get(path) if path is not None else None
            if note is not None and await asyncio.to_thread(self._differs, note):
                await self._refresh([note.path])

    def _differs(self, note: VaultNote) -> bool:
        try:
            return FileStamp.of(os.stat(self._vault.root / note.path)) != note.stamp
        except OSError:
            return not self._vault.folder.is_missing()

    async def _follow(self) -> None:
        from roadtui.vault.watch.watcher import Watcher  # Not before the first screen.

        while True:
            rules = self._vault.rules
            watcher = self._watcher = Watcher(
                self._vault.root, rules, folder=self._vault.folder, has_notes_in=self._has_notes_in
            )
            async with aclosing(aiter(watcher)) as events:
                async for event in events:
                    began = monotonic()
                    await self._handle(event, watcher)
                    if self._vault.rules != rules:
                        break
                    # A vault that others change without a pause leaves half of the time to the user.
                    if (took := monotonic() - began) > _LONG_READ:
                        await asyncio.sleep(took)

    async def _handle(self, event: VaultEvent, watcher: Watcher) -> None:
        from roadtui.vault.watch.watcher import (  # As above.
            NotesChanged,
            RescanNeeded,
            SettingsChanged,
            WatchState,
            WatchStateChanged,
        )

        match event:
            case NotesChanged(paths):
                await self._refresh(paths)
            case RescanNeeded(is_routine):
                before = self._vault.snapshot
                await self._refresh(None)
                if is_routine:
                    await self._check_reports(watcher, before)
            case SettingsChanged():
                await self._read(self._vault.reload_settings)
            case WatchStateChanged(state):
                words = MISSING if state is WatchState.MISSING else state.value
                self._listener.watching_changed(words, is_live=state is WatchState.LIVE)

    async def _check_reports(self, watcher: Watcher, before: Snapshot) -> None:
        """Have a watcher begin anew that did not report what a routine scan has found."""
        notes, now = before.notes, self._vault.snapshot.notes
        changed = [path for path in {**notes, **now} if notes.get(path) is not now.get(path)]
        if changed:
            await asyncio.sleep(_REPORT_WAIT)
            if not watcher.has_reported(changed):
                watcher.restart()
        watcher.forget_reports()

    def _has_notes_in(self, paths: Collection[str]) -> bool:
        folders = {path.rpartition("/")[0] for path in self._vault.snapshot.notes}
        return any(folder == path or folder.startswith(f"{path}/") for folder in folders for path in paths)
