"""What keeps screen and disk in step: loading, watching, and one writer that takes edits in their order.

Blocking work runs in threads; everything else here runs in the app's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing
from enum import Enum
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Protocol

from roadtui.core.errors import RoadtuiError
from roadtui.vault.errors import NoteBusyError, VaultMissingError
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.core.edit import Edit
    from roadtui.vault.vault import Committed, Vault

_BUSY_WAIT = 0.5
"""Seconds between two attempts to write a note that another program holds."""


class Origin(Enum):
    """Who made a change."""

    HERE = "here"
    OUTSIDE = "outside"


class Direction(Enum):
    """What an edit is to the undo list."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


class Job(NamedTuple):
    """An edit on its way to the disk."""

    edit: Edit
    direction: Direction


class Audience(Protocol):
    """Who is told what became of the vault and of the edits: the app."""

    def vault_changed(self, snapshot: Snapshot, origin: Origin) -> None:
        """The vault is now `snapshot`."""

    def edit_saved(self, job: Job, committed: Committed) -> None:
        """An edit is on disk."""

    def edit_waits(self, job: Job, error: RoadtuiError) -> None:
        """An edit cannot be written now and will be tried again."""

    def edit_refused(self, job: Job, error: RoadtuiError) -> None:
        """An edit was not made; the note is as it was."""

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        """The vault is watched in another way from now on."""


class Keeper:
    """Owns the queue of edits and the undo list of one vault."""

    def __init__(self, vault: Vault, audience: Audience) -> None:
        self._vault = vault
        self._audience = audience
        self._jobs: asyncio.Queue[Job] = asyncio.Queue()
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []
        self._look_around: Callable[[], None] | None = None

    # Reading

    async def load(self, first: str | None) -> None:
        """Read the whole vault, showing what there is now and then."""
        snapshots = self._vault.load(first)
        try:
            while (snapshot := await asyncio.to_thread(next, snapshots, None)) is not None:
                self._audience.vault_changed(snapshot, Origin.HERE)
        except VaultMissingError as error:
            self._audience.watching_changed(str(error), is_live=False)

    async def watch(self) -> None:
        """Follow what other programs do to the vault, for as long as the app runs."""
        from roadtui.vault.watching import (  # After the first paint: it brings in watchfiles.
            LookAtEverything,
            NotesTouched,
            SettingsTouched,
            StateChanged,
            Watcher,
            WatchState,
        )

        while True:
            rules = self._vault.rules
            watcher = Watcher(self._vault.root, rules)
            self._look_around = watcher.look_at_everything
            async with aclosing(aiter(watcher)) as news:
                async for event in news:
                    match event:
                        case NotesTouched(paths):
                            await self.refresh(paths)
                        case LookAtEverything():
                            await self.refresh(None)
                        case SettingsTouched():
                            await self._tell(asyncio.to_thread(self._vault.reload_settings))
                        case StateChanged(state):
                            words = "vault is missing" if state is WatchState.MISSING else state.value
                            self._audience.watching_changed(words, is_live=state is WatchState.LIVE)
                    if self._vault.rules != rules:
                        break

    def look_around(self) -> None:
        """Look at everything soon: the user is back and may have worked elsewhere."""
        if self._look_around is not None:
            self._look_around()

    async def refresh(self, paths: Iterable[str] | None) -> None:
        """Read again what may have changed, and once more later where a read was in doubt."""
        await self._tell(asyncio.to_thread(self._vault.refresh, paths))
        while (again := self._vault.look_again_at) is not None:
            at, doubtful = again
            await asyncio.sleep(max(0.0, at - monotonic()))
            await self._tell(asyncio.to_thread(self._vault.refresh, doubtful))

    async def _tell(self, reading: Awaitable[Snapshot]) -> None:
        before = self._vault.snapshot
        try:
            snapshot = await reading
        except VaultMissingError as error:
            self._audience.watching_changed(str(error), is_live=False)
            return
        if snapshot is not before:
            self._audience.vault_changed(snapshot, Origin.OUTSIDE)

    # Writing

    def submit(self, edit: Edit) -> None:
        """Have `edit` written after those before it."""
        self._jobs.put_nowait(Job(edit, Direction.DO))

    def undo(self) -> Edit | None:
        """Have the last edit taken back; gives what takes it back, None where there is nothing."""
        return self._pop(self._undo, Direction.UNDO)

    def redo(self) -> Edit | None:
        """Have the last undone edit made again."""
        return self._pop(self._redo, Direction.REDO)

    def _pop(self, edits: list[Edit], direction: Direction) -> Edit | None:
        if not edits:
            return None
        self._jobs.put_nowait(Job(edits[-1], direction))
        return edits.pop()

    async def write(self) -> None:
        """Write edits in their order, for as long as the app runs."""
        while True:
            job = await self._jobs.get()
            try:
                await self._write(job)
            finally:
                self._jobs.task_done()

    async def _write(self, job: Job) -> None:
        while True:
            try:
                committed = await asyncio.to_thread(self._vault.commit, job.edit)
            except NoteBusyError as error:
                self._audience.edit_waits(job, error)
                await asyncio.sleep(_BUSY_WAIT)
            except RoadtuiError as error:
                self._audience.edit_refused(job, error)
                await self.refresh([job.edit.path])
                return
            else:
                self._remember(job, committed.inverse)
                self._audience.edit_saved(job, committed)
                return

    def _remember(self, job: Job, inverse: Edit | None) -> None:
        if inverse is None:
            return
        if job.direction is Direction.UNDO:
            self._redo.append(inverse)
            return
        self._undo.append(inverse)
        if job.direction is Direction.DO:
            self._redo.clear()

    async def finish(self, seconds: float) -> bool:
        """Wait until every edit is on disk, but no longer than `seconds`; gives whether all are."""
        try:
            async with asyncio.timeout(seconds):
                await self._jobs.join()
        except TimeoutError:
            return False
        return True
