"""Follows the changes of other programs to a vault: those the watcher reports, and those it may lose."""

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
"""Seconds between two checks of the note on the screen."""
MISSING = "vault is missing"
"""What the header shows while the vault is missing."""
_REPORT_WAIT = 0.5
"""Seconds within which the system reports a change that a scan has found already."""
_LONG_READ = 0.02
"""Seconds that reading what others changed may take before it delays the next read."""

Read = Callable[[Callable[[], Snapshot]], Awaitable[None]]
"""Runs a function that reads notes, and shows what has changed."""


class VaultFollower:
    """Re-reads the notes that other programs changed. Runs in the event loop."""

    def __init__(self, vault: Vault, listener: SessionListener[Any], read: Read) -> None:
        """Make a follower that does nothing before `run`.

        Args:
            vault: The vault.
            listener: Gives the path of the open note; called when the way of watching changes.
            read: See `Read`.
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
        """Request a scan of the whole vault."""
        if self._watcher is not None:
            self._watcher.request_rescan()

    async def _refresh(self, paths: Collection[str] | None) -> None:
        await self._read(partial(self._vault.refresh, paths))

    async def _follow_open_note(self) -> None:
        """Check once a second whether the note on the screen has changed, reported or not."""
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
                    # Where others change the vault without a pause, half of the time is left to the user.
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
        """Restart `watcher` if it did not report the changes that a routine scan has found."""
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
