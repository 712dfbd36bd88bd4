"""What keeps screen and disk in step: loading, watching, and one writer that takes edits in their order.

Blocking work runs in threads; everything else here runs in the app's event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import aclosing, suppress
from enum import Enum
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from roadtui.core.errors import RoadtuiError
from roadtui.vault.errors import NoteAwayError, NoteBusyError, VaultMissingError, WriteFailedError
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Edit, Transaction
    from roadtui.session.history_service import HistoryService
    from roadtui.session.reapplying import Overwritten, Reapplier
    from roadtui.vault.commit import TransactionResult
    from roadtui.vault.overwrite_guard import Loss, OverwrittenEdit
    from roadtui.vault.undo_log import UndoLog
    from roadtui.vault.vault import Vault

View = TypeVar("View")
"""What the audience makes of a snapshot to show it."""

_SETTLE_WAIT = 0.25
"""Seconds between two looks at a file that a late writer may still hold."""
_BUSY_WAIT = 0.5
"""Seconds between two attempts to write a note that another program holds."""
_AWAY_WAIT = 0.1
"""Seconds between two attempts to write a note that is not at its path just now."""

_LONG_LOOK = 0.02
"""Seconds that a look at what others changed may take before it delays the next one."""

_MISSING = "vault is missing"


class TransactionOrigin(Enum):
    """Who made a change."""

    HERE = "here"
    OUTSIDE = "outside"


class WriteKind(Enum):
    """What an edit is to the undo list."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"
    AGAIN = "again"
    """An edit that a stale buffer saved away is made once more; the undo list knows it already."""


class WriteRequest(NamedTuple):
    """A step on its way to the disk."""

    step: Transaction
    direction: WriteKind


_TAKEN_BACK = (WriteKind.UNDO, WriteKind.REDO)


class Ending(NamedTuple):
    """What is to be told as the program ends."""

    found: list[str]
    """Sentences about what was settled, or was left for the next start."""
    unsaved: list[str]
    """Titles of the edits that are in no note."""


class SessionListener(Protocol[View]):
    """Who is told what became of the vault and of the edits: the app."""

    def view(self, snapshot: Snapshot) -> View:
        """Work out what is shown of `snapshot`. Called in a thread."""

    def vault_changed(self, view: View, origin: TransactionOrigin) -> None:
        """The vault is now as `view` says."""

    def step_saved(self, job: WriteRequest, done: TransactionResult, view: View | None) -> None:
        """A step is on disk; `view` has it in it, and is None where a later one is shown already."""

    def step_waits(self, job: WriteRequest, error: RoadtuiError) -> None:
        """A step cannot be written now and will be tried again."""

    def step_refused(self, job: WriteRequest, error: RoadtuiError) -> None:
        """A step was not taken; the notes are as they were."""

    def step_pending(self, job: WriteRequest, fallen: OverwrittenEdit) -> None:
        """An edit that another program overwrote is about to be made again; show it as if it were."""

    def step_dropped(self, job: WriteRequest) -> None:
        """A step that was pending is not taken: the user has gone further meanwhile."""

    def edit_lost(self, edit: Edit, loss: Loss) -> None:
        """Another program has overwritten an edit, and it will not be made again."""

    def found(self, sentence: str) -> None:
        """Something became of an earlier write: of a run that was cut short, or of a late writer."""

    def nothing_left(self, direction: WriteKind) -> None:
        """There is nothing to undo, or to make again."""

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        """The vault is watched in another way from now on."""


class VaultSession(Generic[View]):
    """Owns the queue of edits and the undo list of one vault."""

    def __init__(
        self,
        vault: Vault,
        audience: SessionListener[View],
        state: Path | None,
        history: HistoryService | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Make the keeper of a vault.

        Args:
            vault: The vault.
            audience: Who is told.
            state: The folder in which what can be undone is remembered; None: until the end.
            history: What happens is told to; None where nobody keeps it.
            clock: Gives seconds that never step back, for how long an edit is watched.
        """
        self._vault = vault
        self._history = history
        self._audience = audience
        self._state = state
        self._jobs: asyncio.Queue[WriteRequest | WriteKind] = asyncio.Queue()
        """Edits to make, and wishes to undo or redo: which edit that is, is known when its turn comes."""
        self._to_save = 0
        self._under_way: WriteRequest | WriteKind | None = None
        """What the writer is at, until it is on disk or refused."""
        self._is_closing = False
        self._turn = asyncio.Lock()
        """Held while a thread writes, or puts an end to writing."""
        self._is_recovered = False
        self._log: UndoLog | None = None
        self._clock = clock
        self._reapplier: Reapplier | None = None
        self._has_written = asyncio.Event()
        self._look_around: Callable[[], None] | None = None
        self._doubtful = asyncio.Event()
        """Set when a note was read, and may have been torn."""
        self._shown = vault.snapshot
        self._made_here = vault.snapshot
        """What our last edit made: a look that was on its way meanwhile may come back with it."""

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
                    self._audience.vault_changed(found[1], TransactionOrigin.HERE)
        except VaultMissingError as error:
            self._audience.watching_changed(str(error), is_live=False)
            self._audience.found(str(error))
        else:
            self._changed_outside()

    def _changed_outside(self) -> None:
        if self._history is not None:
            self._history.changed_outside()

    async def watch(self) -> None:
        """Follow what other programs do to the vault, for as long as the app runs."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._look_again())
            group.create_task(self._reapply_after_git())
            group.create_task(self._follow())

    async def _look_again(self) -> None:
        """Read once more, later, what could not be believed; beside the news of other notes."""
        while True:
            self._doubtful.clear()
            if (again := self._vault.look_again_at) is None:
                await self._doubtful.wait()
                continue
            at, paths = again
            await asyncio.sleep(max(0.0, at - monotonic()))
            await self._tell(partial(self._vault.refresh, paths))

    async def _follow(self) -> None:
        # Not before the first screen.
        from roadtui.vault.watch.watcher import (
            NotesChanged,
            RescanNeeded,
            SettingsChanged,
            Watcher,
            WatchState,
            WatchStateChanged,
        )

        while True:
            rules = self._vault.rules
            watcher = Watcher(self._vault.root, rules, folder=self._vault.folder)
            self._look_around = watcher.look_at_everything
            async with aclosing(aiter(watcher)) as news:
                async for event in news:
                    began = monotonic()
                    match event:
                        case NotesChanged(paths):
                            await self.refresh(paths)
                        case RescanNeeded():
                            await self.refresh(None)
                        case SettingsChanged():
                            await self._tell(self._vault.reload_settings)
                        case WatchStateChanged(state):
                            words = _MISSING if state is WatchState.MISSING else state.value
                            self._audience.watching_changed(words, is_live=state is WatchState.LIVE)
                    if self._vault.rules != rules:
                        break
                    # A vault that others change without a pause leaves half of the time to the user.
                    if (took := monotonic() - began) > _LONG_LOOK:
                        await asyncio.sleep(took)

    def look_around(self) -> None:
        """Look at everything soon: the user is back and may have worked elsewhere."""
        if self._look_around is not None:
            self._look_around()

    async def refresh(self, paths: Iterable[str] | None) -> None:
        """Read again what may have changed; what could not be believed is read once more later."""
        await self._tell(partial(self._vault.refresh, paths))

    async def _tell(self, read: Callable[[], Snapshot]) -> None:
        """Read, and tell what has changed."""

        def changed() -> tuple[Snapshot, View] | None:
            before = self._vault.snapshot
            snapshot = read()
            is_news = snapshot is not before and snapshot is not self._made_here
            return (snapshot, self._audience.view(snapshot)) if is_news else None

        try:
            found = await asyncio.to_thread(changed)
        except VaultMissingError:
            self._audience.watching_changed(_MISSING, is_live=False)
            return
        finally:
            self._doubtful.set()
            if self._reapplier is not None:
                self._reapplier.watch_on(self._in_doubt())
        if found is not None:
            overwritten = await self._overwritten()
            if self._is_news(found[0]):
                self._audience.vault_changed(found[1], TransactionOrigin.OUTSIDE)
            self._reapply(overwritten)
            self._changed_outside()

    def _in_doubt(self) -> frozenset[str]:
        """The notes whose last read may have been torn."""
        again = self._vault.look_again_at
        return again[1] if again is not None else frozenset()

    def _is_news(self, snapshot: Snapshot) -> bool:
        """Whether to show `snapshot`: views are made side by side, and a later one may be ready first."""
        if self._shown is self._vault.snapshot and snapshot is not self._shown:
            return False
        self._shown = snapshot
        return True

    async def _overwritten(self) -> Overwritten | None:
        """What another program has overwritten, as the vault was last seen."""
        return await self._reapplier.look(self._vault.snapshot) if self._reapplier is not None else None

    def _reapply(self, overwritten: Overwritten | None) -> None:
        """Queue what is to be made again, and tell what is lost. Call right after the note is shown."""
        if overwritten is None:
            return
        from roadtui.core.edits.edit import Transaction  # Loaded with the first edit, as the reapplier was.

        for fallen in overwritten.lost:
            assert fallen.loss is not None
            self._audience.edit_lost(fallen.edit, fallen.loss)
        for fallen in overwritten.to_reapply:
            job = WriteRequest(Transaction.of(fallen.edit), WriteKind.AGAIN)
            self._audience.step_pending(job, fallen)
            self._jobs.put_nowait(job)

    async def _reapply_after_git(self) -> None:
        """Once git is done, make again what it has put back without meaning to."""
        await self._has_written.wait()
        assert self._reapplier is not None
        while True:
            await self._reapplier.wait_for_git()
            paths = await self._reapplier.paths_after_git()
            if paths:
                await self.refresh(paths)
                self._reapply(await self._reapplier.look_after_git(self._vault.snapshot))

    # Writing

    @property
    def to_save(self) -> int:
        """How many steps were asked for and are neither on disk nor refused; undo and redo are none."""
        return self._to_save

    def submit(self, step: Transaction) -> None:
        """Have `step` written after those before it."""
        self._to_save += 1
        self._jobs.put_nowait(WriteRequest(step, WriteKind.DO))

    def undo(self) -> None:
        """Have the last edit taken back, once those on their way are written."""
        self._jobs.put_nowait(WriteKind.UNDO)

    def redo(self) -> None:
        """Have the last undone edit made again."""
        self._jobs.put_nowait(WriteKind.REDO)

    async def write(self) -> None:
        """Settle what an earlier run left, then write edits in their order, for as long as the app runs."""
        await self._recover()
        while not self._is_closing:
            wanted = self._under_way = await self._next_job()
            try:
                await self._recover()
                if isinstance(wanted, WriteRequest):
                    await self._write(wanted)
                elif (step := await asyncio.to_thread(self._take_back, wanted)) is not None:
                    await self._write(WriteRequest(step, wanted))
                else:
                    self._audience.nothing_left(wanted)
            except RoadtuiError as error:  # The undo list cannot be used.
                self._audience.found(str(error))
            finally:
                if self._log is not None:
                    self._tell_found(self._log.take_messages())
                if not self._is_closing:
                    self._under_way = None
                self._jobs.task_done()

    async def _recover(self) -> None:
        """Settle what an earlier run left, once, as soon as the vault is there."""
        if self._state is not None and not self._is_recovered:
            with suppress(VaultMissingError):  # The banner says so.
                self._tell_found(await asyncio.to_thread(self._vault.recover, self._state))
                self._is_recovered = True

    async def _next_job(self) -> WriteRequest | WriteKind:
        while self._vault.is_unsettled:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SETTLE_WAIT):
                    return await self._jobs.get()
            self._tell_found(await asyncio.to_thread(self._vault.settle))
        return await self._jobs.get()

    def _tell_found(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self._audience.found(sentence)

    async def _write(self, job: WriteRequest) -> None:
        def write() -> tuple[TransactionResult, View]:
            from roadtui.vault.commit import commit  # With the first edit.

            done = commit(self._vault, job.step)
            self._made_here = done.snapshot
            self._remember(job, done)
            return done, self._audience.view(done.snapshot)

        if job.direction is WriteKind.AGAIN and not self._open_reapplier().is_watched(job.step):
            self._audience.step_dropped(job)
            return
        self._under_way = job
        while True:
            try:
                async with self._turn:
                    if self._is_closing:
                        return
                    done, view = await asyncio.to_thread(write)
                    self._under_way = None
            except NoteBusyError as error:
                self._audience.step_waits(job, error)
                await asyncio.sleep(_AWAY_WAIT if isinstance(error, NoteAwayError) else _BUSY_WAIT)
            except RoadtuiError as error:
                if self._reapplier is not None:
                    self._reapplier.refused(job.step)
                await self._put_back(job, error)
                self._to_save -= job.direction is WriteKind.DO
                self._audience.step_refused(job, error)
                await self.refresh([edit.path for edit in job.step.edits])
                return
            else:
                for edit, part in zip(job.step.edits, done.parts, strict=True):
                    self._open_reapplier().written(edit, part)
                overwritten = await self._overwritten()
                is_news = self._is_news(done.snapshot)
                self._to_save -= job.direction is WriteKind.DO
                self._audience.step_saved(job, done, view if is_news else None)
                self._reapply(overwritten)
                self._changed_here(job, done)
                return

    def _changed_here(self, job: WriteRequest, done: TransactionResult) -> None:
        if self._history is not None and done.inverses:
            is_taken_back = job.direction in _TAKEN_BACK
            self._history.changed_here(done.path, is_taken_back=is_taken_back)

    def _open_reapplier(self) -> Reapplier:
        if self._reapplier is None:
            from roadtui.session.reapplying import Reapplier  # With the first edit.

            self._reapplier = Reapplier(self._vault.root, self._clock)
            self._has_written.set()
        return self._reapplier

    # What can be undone (in the writer's thread)

    def _open_log(self) -> UndoLog:
        if self._log is None:
            from roadtui.vault.undo_log import UndoLog  # With the first edit: it brings in sqlite3.

            self._log = UndoLog(self._state, self._vault.root)
        return self._log

    def _take_back(self, direction: WriteKind) -> Transaction | None:
        from roadtui.vault.undo_log import UndoDirection  # With the first undo.

        return self._open_log().pop(UndoDirection(direction.value))

    async def _put_back(self, job: WriteRequest, error: RoadtuiError) -> None:
        """Keep an undo or redo that could not be written, to be tried again."""
        is_taken_back = job.direction in _TAKEN_BACK
        if (
            self._log is not None
            and is_taken_back
            and isinstance(error, WriteFailedError | VaultMissingError)
        ):
            await asyncio.to_thread(self._log.put_back)

    def _remember(self, job: WriteRequest, done: TransactionResult) -> None:
        """Keep what takes the step back."""
        if not done.inverses or job.direction is WriteKind.AGAIN:
            return
        from roadtui.vault.undo_log import UndoDirection  # With the first edit.

        stack = UndoDirection.REDO if job.direction is WriteKind.UNDO else UndoDirection.UNDO
        is_new = job.direction is WriteKind.DO
        self._open_log().push(stack, job.step.title, done.inverses, clears_redo=is_new)

    async def look_at_edits(self, seconds: float) -> None:
        """See whether the edits of the last seconds still stand, to have made again what does not.

        Takes longer, but no longer than `seconds`, where a note is in the middle of being written.
        """
        if self._reapplier is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.refresh(self._reapplier.paths)
                while self._in_doubt() & self._reapplier.paths:
                    await asyncio.sleep(_AWAY_WAIT)
                    await self.refresh(self._reapplier.paths)

    async def finish(self, seconds: float) -> bool:
        """Wait until every edit is on disk, but no longer than `seconds`; gives whether all are."""
        try:
            async with asyncio.timeout(seconds):
                await self._jobs.join()
        except TimeoutError:
            return False
        return True

    def end_within(self, seconds: float) -> None:
        """Have the write that is under way, and those to come, give up within `seconds`; waits for none."""
        self._vault.end_within(seconds)

    async def close(self, seconds: float | None = None) -> Ending:
        """Write no more, and leave nothing beside the notes that can be settled now, or within `seconds`.

        A write that is under way comes first: see `end_within`.
        """
        self._is_closing = True
        told: list[str] = []
        if self._reapplier is not None:
            told = [*self._reapplier.left_to_git(), *self._reapplier.in_doubt(self._in_doubt())]
        async with self._turn:
            unsaved = self._unsaved()
            if self._log is not None:
                if isinstance(self._under_way, WriteRequest) and self._under_way.direction in _TAKEN_BACK:
                    await asyncio.to_thread(self._log.put_back)
                await asyncio.to_thread(self._log.close)
            told += await asyncio.to_thread(self._vault.close, seconds)
        return Ending(told, unsaved)

    def give_up(self) -> list[str]:
        """Titles of the edits that are not known to be on disk; none of those that wait is written any more.

        The first one may be on its way to the disk.
        """
        self._is_closing = True
        return self._unsaved()

    def _unsaved(self) -> list[str]:
        """What was asked for and is neither on disk nor refused, in its order; takes it from the queue."""
        wanted = [] if self._under_way is None else [self._under_way]
        while not self._jobs.empty():
            wanted.append(self._jobs.get_nowait())
            self._jobs.task_done()
        return [each.step.title if isinstance(each, WriteRequest) else each.value for each in wanted]
