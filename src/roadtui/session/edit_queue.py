"""The queue of edits of one vault: a single writer takes them in order.

Writing and the undo list block, so they run in threads; everything else runs in the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from roadtui.core.errors import RoadtuiError
from roadtui.session.listener import SessionListener, View, WriteKind, WriteRequest
from roadtui.vault.errors import NoteAwayError, NoteBusyError, VaultMissingError

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Transaction
    from roadtui.vault.commit import TransactionResult
    from roadtui.vault.undo_log import UndoDirection, UndoLog
    from roadtui.vault.vault import Vault

Shown = TypeVar("Shown", contravariant=True)
"""The view model that is passed to the observer."""

_SETTLE_WAIT = 0.25
"""Seconds between two checks of a displaced file that a late writer may still hold."""
_BUSY_WAIT = 0.5
"""Seconds between two attempts to write a note that another program holds."""
_AWAY_WAIT = 0.1
"""Seconds between two attempts to write a note that is not at its path just now."""


class _Queued(NamedTuple):
    kind: WriteKind
    transaction: Transaction | None
    """None for an undo or redo until its turn comes: then it is taken from the undo list."""
    result: asyncio.Future[TransactionResult | None]

    @property
    def title(self) -> str:
        return self.transaction.title if self.transaction is not None else self.kind.value


class WriteObserver(Protocol[Shown]):
    """Callbacks for a transaction whose write has ended; called before its future is done."""

    def is_superseded(self, transaction: Transaction) -> bool:
        """Whether a re-applied transaction is out of date: the user has changed the same tasks since."""

    async def written(self, request: WriteRequest, result: TransactionResult, view: Shown) -> None:
        """`request` is on disk; `view` is the view model that includes it."""

    async def refused(self, request: WriteRequest, error: RoadtuiError) -> None:
        """`request` was not written; the notes are as they were."""

    async def held_up(self) -> None:
        """A transaction could not be written now, and will be tried again."""


class EditQueue(Generic[View]):
    """Writes transactions, undos and redos in the order of their requests. Owns the vault's undo list."""

    def __init__(
        self,
        vault: Vault,
        listener: SessionListener[View],
        observer: WriteObserver[View],
        state: Path | None,
    ) -> None:
        """Make an empty queue; `run` processes it.

        Args:
            vault: What is written to.
            listener: Called when a transaction waits or is dropped, and with sentences for the user.
            observer: Called when a transaction was written or refused.
            state: The folder in which the undo list is kept; None: in memory.
        """
        self._vault = vault
        self._listener = listener
        self._observer = observer
        self._state = state
        self._queue: asyncio.Queue[_Queued] = asyncio.Queue()
        self._to_save = 0
        self._under_way: _Queued | None = None
        """The request that is being written, until it is on disk or refused."""
        self.paths_in_write: frozenset[str] = frozenset()
        """The notes that a thread writes now: the snapshot may have what no observer was told of."""
        self._is_closing = False
        self._turn = asyncio.Lock()
        """Held while a thread writes, and while the queue is being closed."""
        self._is_recovered = False
        self._log: UndoLog | None = None
        self.last_written = vault.snapshot
        """The snapshot that the last write made; a concurrent read may return the same one."""

    @property
    def to_save(self) -> int:
        """How many submitted transactions are neither on disk nor refused; undo and redo do not count."""
        return self._to_save

    def submit(self, transaction: Transaction) -> asyncio.Future[TransactionResult | None]:
        """Queue `transaction`; those that were queued before are written first.

        The future is done when the transaction is on disk. It raises RoadtuiError if the transaction was
        refused, and is cancelled if the queue is closed before.
        """
        self._to_save += 1
        return self._put(WriteKind.DO, transaction)

    def reapply(self, request: WriteRequest) -> None:
        """Queue an overwritten edit to be written once more, unless it is superseded by then."""
        self._put(request.kind, request.transaction)

    def undo(self) -> asyncio.Future[TransactionResult | None]:
        """Undo the last transaction, once all queued ones are written. The result is None without one."""
        return self._put(WriteKind.UNDO, None)

    def redo(self) -> asyncio.Future[TransactionResult | None]:
        """Redo the last undone transaction. The result is None without one."""
        return self._put(WriteKind.REDO, None)

    def _put(
        self, kind: WriteKind, transaction: Transaction | None
    ) -> asyncio.Future[TransactionResult | None]:
        result: asyncio.Future[TransactionResult | None] = asyncio.get_running_loop().create_future()
        result.add_done_callback(_retrieve)
        self._queue.put_nowait(_Queued(kind, transaction, result))
        return result

    async def run(self) -> None:
        """Recover the unfinished writes of an earlier run, then write for as long as the app runs."""
        await self._recover()
        while not self._is_closing:
            queued = self._under_way = await self._next()
            try:
                await self._recover()
                if queued.transaction is None:
                    queued = await self._popped(queued)
                if queued.transaction is not None:
                    await self._write(queued, WriteRequest(queued.transaction, queued.kind))
                elif not self._is_closing:
                    self._listener.nothing_to_undo(queued.kind)
                    _finish(queued, None)
            except RoadtuiError as error:  # The undo list cannot be used.
                self._listener.found(str(error))
                _finish(queued, error)
            finally:
                if self._log is not None:
                    self._report(self._log.drain_messages())
                if not self._is_closing:
                    self._under_way = None
                self._queue.task_done()

    async def _popped(self, queued: _Queued) -> _Queued:
        """An undo or redo with its transaction; unchanged if the undo list is empty or the queue closes."""
        async with self._turn:
            if not self._is_closing:
                queued = queued._replace(transaction=await asyncio.to_thread(self._pop, queued.kind))
                self._under_way = queued if queued.transaction is not None else None
        return queued

    async def _recover(self) -> None:
        """Recover the unfinished writes of an earlier run, once, as soon as the vault is there."""
        if self._state is not None and not self._is_recovered:
            with suppress(VaultMissingError):  # The banner says so.
                self._report(await asyncio.to_thread(self._vault.writer.recover, self._state))
                self._is_recovered = True

    async def _next(self) -> _Queued:
        while self._vault.writer.is_unsettled:
            with suppress(TimeoutError):
                async with asyncio.timeout(_SETTLE_WAIT):
                    return await self._queue.get()
            self._report(await asyncio.to_thread(self._vault.writer.settle))
        return await self._queue.get()

    def _report(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self._listener.found(sentence)

    async def _write(self, queued: _Queued, request: WriteRequest) -> None:
        def write() -> tuple[TransactionResult, View]:
            from roadtui.vault.commit import commit  # With the first edit.

            done = commit(self._vault, request.transaction)
            self.last_written = done.snapshot
            self._record(request, done)
            return done, self._listener.view(done.snapshot)

        if request.kind is WriteKind.REAPPLY and self._observer.is_superseded(request.transaction):
            self._listener.reapply_dropped(request)
            _finish(queued, None)
            return
        await self._listener.ready_for_write()
        while True:
            try:
                async with self._turn:
                    if self._is_closing:
                        return
                    self.paths_in_write = frozenset(edit.path for edit in request.transaction.edits)
                    try:
                        done, view = await asyncio.to_thread(write)
                    finally:
                        self.paths_in_write = frozenset()
                    self._under_way = None
            except NoteBusyError as error:
                await self._observer.held_up()
                self._listener.transaction_waits(request, error)
                await asyncio.sleep(_AWAY_WAIT if isinstance(error, NoteAwayError) else _BUSY_WAIT)
            except RoadtuiError as error:
                if request.kind.is_undo_or_redo and self._log is not None:
                    await asyncio.to_thread(self._log.put_back_after, error)
                self._to_save -= request.kind is WriteKind.DO
                await self._observer.refused(request, error)
                _finish(queued, error)
                return
            else:
                self._to_save -= request.kind is WriteKind.DO
                await self._observer.written(request, done, view)
                _finish(queued, done)
                return

    # The undo list (in the writer's thread)

    def _open_log(self) -> UndoLog:
        if self._log is None:
            from roadtui.vault.undo_log import UndoLog  # With the first edit: it brings in sqlite3.

            self._log = UndoLog(self._state, self._vault.root)
        return self._log

    def _pop(self, kind: WriteKind) -> Transaction | None:
        return self._open_log().pop(_undo_direction(kind))

    def _record(self, request: WriteRequest, result: TransactionResult) -> None:
        """Record the inverse of the transaction in the undo list."""
        if request.kind is not WriteKind.REAPPLY and result.inverses:
            direction = _undo_direction(request.kind) if request.kind.is_undo_or_redo else None
            self._open_log().record(request.transaction.title, result.inverses, direction)

    # The end

    async def finish(self, seconds: float) -> bool:
        """Wait until every transaction is on disk, but no longer than `seconds`; return whether all are."""
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            return False
        return True

    async def close(self) -> list[str]:
        """Stop writing. Returns the titles of the transactions that were not written, in order.

        Waits for a running write first.
        """
        self._is_closing = True
        async with self._turn:
            left = self._take_all()
            if self._log is not None:
                if left and left[0].transaction is not None and left[0].kind.is_undo_or_redo:
                    await asyncio.to_thread(self._log.put_back)
                await asyncio.to_thread(self._log.close)
        for queued in left:
            queued.result.cancel()
        return [queued.title for queued in left]

    def give_up(self) -> list[str]:
        """Titles of the transactions that are not known to be on disk, in order. No further write begins.

        For a program that ends at once: does not wait, so the first transaction may be being written.
        """
        self._is_closing = True
        return [queued.title for queued in self._take_all()]

    def _take_all(self) -> list[_Queued]:
        left = [] if self._under_way is None else [self._under_way]
        while not self._queue.empty():
            left.append(self._queue.get_nowait())
            self._queue.task_done()
        return left


def _finish(queued: _Queued, outcome: TransactionResult | RoadtuiError | None) -> None:
    if queued.result.done():
        return
    if isinstance(outcome, RoadtuiError):
        queued.result.set_exception(outcome)
    else:
        queued.result.set_result(outcome)


def _retrieve(result: asyncio.Future[TransactionResult | None]) -> None:
    """Retrieve the exception, so that asyncio does not warn: the observer has reported it already."""
    if not result.cancelled():
        result.exception()


def _undo_direction(kind: WriteKind) -> UndoDirection:
    from roadtui.vault.undo_log import UndoDirection  # It brings in sqlite3.

    return UndoDirection(kind.value)
