"""What keeps screen and disk in step: loading, watching, and one writer that takes edits in their order.

Blocking work runs in threads; everything else here runs in the app's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing
from enum import Enum
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from roadtui.core.errors import RoadtuiError
from roadtui.vault.errors import NoteBusyError, VaultMissingError
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.core.edit import Edit
    from roadtui.vault.vault import Committed, Vault

View = TypeVar("View")
"""What the audience makes of a snapshot to show it."""

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


class Audience(Protocol[View]):
    """Who is told what became of the vault and of the edits: the app."""

    def view(self, snapshot: Snapshot) -> View:
        """Work out what is shown of `snapshot`. Called in a thread."""

    def vault_changed(self, view: View, origin: Origin) -> None:
        """The vault is now as `view` says."""

    def edit_saved(self, job: Job, committed: Committed, view: View | None) -> None:
        """An edit is on disk; `view` has it in it, and is None where a later one is shown already."""

    def edit_waits(self, job: Job, error: RoadtuiError) -> None:
        """An edit cannot be written now and will be tried again."""

    def edit_refused(self, job: Job, error: RoadtuiError) -> None:
        """An edit was not made; the note is as it was."""

    def nothing_left(self, direction: Direction) -> None:
        """There is nothing to undo, or to make again."""

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        """The vault is watched in another way from now on."""


class Keeper(Generic[View]):
    """Owns the queue of edits and the undo list of one vault."""

    def __init__(self, vault: Vault, audience: Audience[View]) -> None:
        self._vault = vault
        self._audience = audience
        self._jobs: asyncio.Queue[Edit | Direction] = asyncio.Queue()
        """Edits to make, and wishes to undo or redo: which edit that is, is known when its turn comes."""
        self._undo: list[Edit] = []
        self._redo: list[Edit] = []
        self._look_around: Callable[[], None] | None = None
        self._shown = vault.snapshot

    # Reading

    async def load(self, first: str | None) -> None:
        """Read the whole vault, showing what there is now and then."""
        snapshots = self._vault.load(first)

        def following() -> tuple[Snapshot, View] | None:
            snapshot = next(snapshots, None)
            return (snapshot, self._audience.view(snapshot)) if snapshot is not None else None

        try:
            while (found := await asyncio.to_thread(following)) is not None:
                if self._is_news(found[0]):
                    self._audience.vault_changed(found[1], Origin.HERE)
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
                            await self._tell(self._vault.reload_settings)
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
        await self._tell(partial(self._vault.refresh, paths))
        while (again := self._vault.look_again_at) is not None:
            at, doubtful = again
            await asyncio.sleep(max(0.0, at - monotonic()))
            await self._tell(partial(self._vault.refresh, doubtful))

    async def _tell(self, read: Callable[[], Snapshot]) -> None:
        """Read, and tell what has changed."""

        def changed() -> tuple[Snapshot, View] | None:
            before = self._vault.snapshot
            snapshot = read()
            if not self._vault.root.is_dir():
                raise VaultMissingError("vault is missing")
            return (snapshot, self._audience.view(snapshot)) if snapshot is not before else None

        try:
            found = await asyncio.to_thread(changed)
        except VaultMissingError as error:
            self._audience.watching_changed(str(error), is_live=False)
            return
        if found is not None and self._is_news(found[0]):
            self._audience.vault_changed(found[1], Origin.OUTSIDE)

    def _is_news(self, snapshot: Snapshot) -> bool:
        """Whether to show `snapshot`: views are made side by side, and a later one may be ready first."""
        if self._shown is self._vault.snapshot and snapshot is not self._shown:
            return False
        self._shown = snapshot
        return True

    # Writing

    def submit(self, edit: Edit) -> None:
        """Have `edit` written after those before it."""
        self._jobs.put_nowait(edit)

    def undo(self) -> None:
        """Have the last edit taken back, once those on their way are written."""
        self._jobs.put_nowait(Direction.UNDO)

    def redo(self) -> None:
        """Have the last undone edit made again."""
        self._jobs.put_nowait(Direction.REDO)

    async def write(self) -> None:
        """Write edits in their order, for as long as the app runs."""
        while True:
            wanted = await self._jobs.get()
            try:
                if isinstance(wanted, Direction):
                    edits = self._undo if wanted is Direction.UNDO else self._redo
                    if edits:
                        await self._write(Job(edits.pop(), wanted))
                    else:
                        self._audience.nothing_left(wanted)
                else:
                    await self._write(Job(wanted, Direction.DO))
            finally:
                self._jobs.task_done()

    async def _write(self, job: Job) -> None:
        def commit() -> tuple[Committed, View]:
            committed = self._vault.commit(job.edit)
            return committed, self._audience.view(committed.snapshot)

        while True:
            try:
                committed, view = await asyncio.to_thread(commit)
            except NoteBusyError as error:
                self._audience.edit_waits(job, error)
                await asyncio.sleep(_BUSY_WAIT)
            except RoadtuiError as error:
                self._audience.edit_refused(job, error)
                await self.refresh([job.edit.path])
                return
            else:
                self._remember(job, committed.inverse)
                is_news = self._is_news(committed.snapshot)
                self._audience.edit_saved(job, committed, view if is_news else None)
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
            await asyncio.wait_for(self._jobs.join(), seconds)
        except TimeoutError:
            return False
        return True
