"""One open vault: loads it, follows what other programs do to it, and has edits written in their order.

Blocking work runs in threads; everything else runs in the event loop.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Generic, NamedTuple

from roadtui.config import Config
from roadtui.core.errors import RoadtuiError
from roadtui.session.edit_queue import EditQueue
from roadtui.session.follower import MISSING, VaultFollower
from roadtui.session.listener import SessionListener, TransactionOrigin, View, WriteKind, WriteRequest
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Transaction
    from roadtui.session.history_service import HistoryService
    from roadtui.session.reapplying import Overwritten, Reapplier
    from roadtui.vault.commit import TransactionResult
    from roadtui.vault.vault import Vault

_SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread that loads lets others run (`sys.setswitchinterval`)."""
_LONGEST_PAUSE = 1.0
"""Seconds between two views of a vault that is being loaded; the first ones follow more quickly."""
_RETRY_WAIT = 0.1
"""Seconds between two reads, as the program ends, of a note that another program is writing."""


class Ending(NamedTuple):
    """What to report to the user as the program ends."""

    found: list[str]
    """Sentences about displaced files and overwritten edits: settled, or left for the next start."""
    unsaved: list[str]
    """Titles of the transactions that were not written."""


class VaultSession(Generic[View]):
    """Keeps a listener's view model in step with the disk."""

    def __init__(
        self,
        vault: Vault,
        listener: SessionListener[View],
        state: Path | None,
        history: HistoryService | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Make the session of a vault; nothing is read before `load`.

        Args:
            vault: The vault.
            listener: Makes the view model and is called when it changes.
            state: The folder in which the undo list is kept; None: in memory.
            history: Records what happens; None where nothing is recorded.
            clock: Returns seconds that never step back; they limit how long an edit is guarded.
        """
        self._vault = vault
        self._history = history
        self._listener = listener
        self._clock = clock
        self.edits: EditQueue[View] = EditQueue(vault, listener, self, state)
        """Takes every edit, undo and redo."""
        self._reapplier: Reapplier | None = None
        self._has_written = asyncio.Event()
        self._follower = VaultFollower(vault, listener, self._read)
        self._was_read = asyncio.Event()
        """Set when a note was read, which may have been torn."""
        self._shown = vault.snapshot
        self._is_loaded = False

    # Reading

    async def load(self, first: str | None) -> None:
        """Read the whole vault, the note `first` before all others; show what is read from time to time."""
        snapshots = self._vault.load(first)

        began_at = monotonic()
        show_at = 0.0
        usual_interval = sys.getswitchinterval()

        def read_on() -> tuple[Snapshot, View] | None:
            """Read on until it is time to show something.

            Views may take a fifth of the load at most, and their repaints little of the event loop.
            """
            nonlocal show_at
            for snapshot in snapshots:
                began = monotonic()
                if snapshot.is_complete or began >= show_at:
                    view = self._listener.view(snapshot)
                    now = monotonic()
                    show_at = now + max(4 * (now - began), min((now - began_at) / 4, _LONGEST_PAUSE))
                    return snapshot, view
            return None

        sys.setswitchinterval(_SWITCH_INTERVAL)  # A key waits for the reading thread so long, several times.
        try:
            while (found := await asyncio.to_thread(read_on)) is not None:
                if self._takes_over(found[0]):
                    self._listener.vault_changed(found[1], TransactionOrigin.HERE)
        except VaultMissingError as error:
            self._listener.watching_changed(str(error), is_live=False)
            self._listener.found(str(error))
        else:
            self._is_loaded = True
            self._record_outside_changes()
            await asyncio.to_thread(self._vault.cache.save)
        finally:
            sys.setswitchinterval(usual_interval)

    async def watch(self) -> None:
        """Follow what other programs do to the vault, for as long as the app runs."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._confirm_reads())
            group.create_task(self._reapply_after_git())
            group.create_task(self._follower.run())

    async def _confirm_reads(self) -> None:
        """Read notes once more whose last read may have been torn, while other notes are followed."""
        while True:
            self._was_read.clear()
            if (again := self._vault.reread_at) is None:
                await self._was_read.wait()
                continue
            at, paths = again
            await asyncio.sleep(max(0.0, at - monotonic()))
            await self.refresh(paths)

    def rescan(self) -> None:
        """Scan the whole vault soon: the user is back and may have worked elsewhere."""
        self._follower.rescan()

    async def use_config(self, config: Config) -> None:
        """Take `config` for the user's settings from now on, and show the vault by them."""
        await self._read(partial(self._vault.use_config, config))

    async def refresh(self, paths: Iterable[str] | None) -> None:
        """Read the notes at `paths` again, or all that changed; a read that may be torn is repeated later."""
        await self._read(partial(self._vault.refresh, paths))

    async def _read(self, read: Callable[[], Snapshot]) -> None:
        """Read, and show what has changed."""

        def changed() -> tuple[Snapshot, View] | None:
            before = self._vault.snapshot
            snapshot = read()
            is_new = snapshot is not before and snapshot is not self.edits.last_written
            if self._is_loaded and snapshot.notes.keys() - before.notes.keys():
                from roadtui.vault.moves import new_conflict_copies  # Not at the start.

                sentences.extend(copy.message for copy in new_conflict_copies(before, snapshot))
            return (snapshot, self._listener.view(snapshot)) if is_new else None

        sentences: list[str] = []
        try:
            found = await asyncio.to_thread(changed)
        except VaultMissingError:
            self._listener.watching_changed(MISSING, is_live=False)
            return
        finally:
            self._was_read.set()
            if self._reapplier is not None:
                self._reapplier.extend_guard(self._unconfirmed())
        if found is not None:
            overwritten = await self._overwritten()
            if self._takes_over(found[0]):
                self._listener.vault_changed(found[1], TransactionOrigin.OUTSIDE)
            self._reapply(overwritten)
            self._record_outside_changes()
        for sentence in sentences:
            self._listener.found(sentence)

    def _record_outside_changes(self) -> None:
        if self._history is not None:
            self._history.changed_outside()

    def _unconfirmed(self) -> frozenset[str]:
        """The notes whose last read may have been torn."""
        again = self._vault.reread_at
        return again[1] if again is not None else frozenset()

    def _takes_over(self, snapshot: Snapshot) -> bool:
        """Whether to show `snapshot`: views are made concurrently, and a later one may be ready first."""
        if self._shown is self._vault.snapshot and snapshot is not self._shown:
            return False
        self._shown = snapshot
        return True

    # Overwritten edits

    def _open_reapplier(self) -> Reapplier:
        if self._reapplier is None:
            from roadtui.session.reapplying import Reapplier  # With the first edit.

            self._reapplier = Reapplier(self._vault.root, self._clock)
            self._has_written.set()
        return self._reapplier

    async def _overwritten(self) -> Overwritten | None:
        """The edits that other programs have overwritten, according to the last snapshot."""
        if self._reapplier is None:
            return None
        return await self._reapplier.look(self._vault.snapshot, self.edits.paths_in_write)

    def _reapply(self, overwritten: Overwritten | None) -> None:
        """Queue what is to be re-applied, and report what is lost. Call right after the note is shown."""
        if overwritten is None:
            return
        from roadtui.core.edits.edit import Transaction  # Loaded with the first edit, as the reapplier was.

        for edit in overwritten.lost:
            assert edit.loss is not None
            self._listener.edit_lost(edit.edit, edit.loss)
        for edit in overwritten.to_reapply:
            request = WriteRequest(Transaction.of(edit.edit), WriteKind.REAPPLY)
            self._listener.reapply_pending(request, edit)
            self.edits.reapply(request)

    async def _reapply_after_git(self) -> None:
        """Once git is done, re-apply the edits that it has overwritten unintentionally."""
        await self._has_written.wait()
        assert self._reapplier is not None
        while True:
            await self._reapplier.wait_for_git()
            paths = await self._reapplier.paths_after_git()
            if paths:
                await self.refresh(paths)
                self._reapply(await self._reapplier.check_after_git(self._vault.snapshot))

    async def check_edits(self, seconds: float) -> None:
        """Check whether the edits of the last seconds were overwritten, and queue those for re-applying.

        Takes longer, but no longer than `seconds`, while another program is writing one of the notes.
        """
        if self._reapplier is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.refresh(self._reapplier.paths)
                while self._unconfirmed() & self._reapplier.paths:
                    await asyncio.sleep(_RETRY_WAIT)
                    await self.refresh(self._reapplier.paths)

    # Results of writes (`WriteObserver`)

    def is_superseded(self, transaction: Transaction) -> bool:
        """Whether the user has changed the same tasks since."""
        return not self._open_reapplier().is_watched(transaction)

    async def written(self, request: WriteRequest, result: TransactionResult, view: View) -> None:
        """Show `view`, and guard the edits from now on."""
        for edit, part in zip(request.transaction.edits, result.parts, strict=True):
            await self._open_reapplier().written(edit, part)
        overwritten = await self._overwritten()
        is_latest = self._takes_over(result.snapshot)
        self._listener.transaction_saved(request, result, view if is_latest else None)
        self._reapply(overwritten)
        if self._history is not None and result.inverses:
            self._history.changed_here(result.path, is_undo_or_redo=request.kind.is_undo_or_redo)

    async def refused(self, request: WriteRequest, error: RoadtuiError) -> None:
        """Report the refusal, and read the notes again."""
        if self._reapplier is not None:
            await self._reapplier.refused(request.transaction)
        self._listener.transaction_refused(request, error)
        await self.refresh([edit.path for edit in request.transaction.edits])
        self._reapply(await self._overwritten())

    async def held_up(self) -> None:
        """Look for what others have overwritten meanwhile: that waits for the end of a write."""
        self._reapply(await self._overwritten())

    # The end

    @property
    def is_unsettled(self) -> bool:
        """Whether a write has displaced a file that must stay unchanged for a while before it is removed."""
        return self._vault.writer.is_unsettled

    def end_within(self, seconds: float) -> None:
        """Make the running write and all later ones give up within `seconds`. Does not wait."""
        self._vault.writer.end_within(seconds)

    async def close(self, seconds: float | None = None) -> Ending:
        """Stop writing, and settle the displaced files within a few seconds, or within `seconds`.

        Waits for a running write first: see `end_within`.
        """
        await asyncio.to_thread(self._vault.loader.stop)
        left: list[str] = []
        if self._reapplier is not None:
            left = [*self._reapplier.left_to_git(), *self._reapplier.unconfirmed_edits(self._unconfirmed())]
        unsaved = await self.edits.close()
        await asyncio.to_thread(self._vault.cache.end)
        left += await asyncio.to_thread(self._vault.close, seconds)
        return Ending(left, unsaved)
