"""Writing into the note's own file: its inode, birth time, links, mode and attributes stay what they are.

`InPlaceStrategy` is the last resort, for a file system that has neither leases nor exchange. It looks once
more right before it writes, which leaves a few microseconds to chance. `LeaseStrategy` closes them and shares
every step.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

from roadtui.core.errors import RoadtuiError
from roadtui.vault.reader import FileStamp
from roadtui.vault.writing.note_file import ByteChange, OpenNote, open_target, scratch_file
from roadtui.vault.writing.rebasing import PendingEdit, write_proven
from roadtui.vault.writing.strategy import (
    DeniedError,
    HalfWrittenError,
    NotNowError,
    ProposedWrite,
    SafetyLevel,
    StrategyBase,
    Transform,
    WriteResult,
    busy,
    persist,
)
from roadtui.vault.writing.stray import is_made, stray_in
from roadtui.vault.writing.uninterrupted import uninterrupted
from roadtui.vault.writing.write_ahead_log import RecoveredEdit, RecoveryOutcome, WalRecord

OPEN_TOO_LONG: Final = 1.0
"""Seconds from looking to writing after which we were stopped or swapped out, and look again."""


class InPlaceStrategy(StrategyBase):
    """Look, write the bytes that change, look again."""

    name = "in place, verified"
    promise = SafetyLevel.WEAKER

    @property
    def unsettled(self) -> int:
        """Nothing is ever kept; what was found may have to be told."""
        return len(self._found)

    def settle(self, write: Callable[[Path, Transform], WriteResult]) -> list[RecoveredEdit]:
        """What was found and is not told yet."""
        return self.leave()

    def leave(self) -> list[RecoveredEdit]:
        """What was found and is not told yet."""
        told, self._found = self._found, []
        return told

    def probe(self, folder: Path) -> None:
        """Works wherever a file can be written."""
        with scratch_file(self._system, folder):
            pass

    def write(self, path: Path, transform: Transform) -> WriteResult:
        """Apply the edit; tried again while the note changes under it."""
        return write_proven(path, transform, self._write)

    def _write(self, path: Path, edit: PendingEdit) -> WriteResult:
        return persist(
            self._system,
            self._retry_policy,
            path,
            attempt=lambda: self._attempt(path, edit),
            denied=lambda: self.denied_for_long(path),
            is_at_its_end=self.is_at_its_end,
        )

    def admit(self, target: OpenNote) -> None:
        """Raise UnsuitableError if it is clear from the start that this strategy is not for this note."""

    def admit_change(self, target: OpenNote, change: ByteChange) -> None:
        """Raise NotNowError if it is clear, before the log is written, that the change cannot be made."""
        if change.can_be_cut_short and self._system.writers([target.path], target.fd).paths:
            raise DeniedError

    @contextmanager
    def guarded(self, target: OpenNote) -> Iterator[None]:
        """Keep others out for the length of the block, if this strategy can; DeniedError if they are in."""
        with uninterrupted():
            yield

    def denied_for_long(self, path: Path) -> Exception:
        """What a lasting denial means: a final error, or UnsuitableError to hand on."""
        return busy(path)

    def _attempt(self, path: Path, edit: PendingEdit) -> WriteResult | None:
        """One try; None if the note changed on the way and has to be looked at again."""
        system = self._system
        may_rebase = self._may_rebase(edit.last)
        with (
            uninterrupted() if may_rebase else nullcontext(),
            open_target(system, path, os.O_RDWR) as target,
        ):
            self.admit(target)
            proposal = edit.propose(target.read(system), may_rebase=may_rebase)
            change = ByteChange.between(proposal.base, proposal.new)
            self.admit_change(target, change)
            with self._logged(target, change):
                signature = self._put(target, proposal, change)
                if signature is not None and not change.is_nothing:
                    self._sync(target, change)
        if signature is None:
            return None
        return WriteResult.by(self, path, proposal, signature)

    @contextmanager
    def _logged(self, target: OpenNote, change: ByteChange) -> Iterator[None]:
        """Keep both versions in the log until the note is known to be one of them; one byte needs none."""
        if not change.can_be_cut_short:
            yield
            return
        entry = self._wal.record(WalRecord(target.path, change.base, change.new))
        try:
            yield
        except HalfWrittenError:
            entry.leave()
            raise
        except (OSError, RoadtuiError, NotNowError):
            entry.drop()
            raise
        entry.drop()

    def _put(self, target: OpenNote, proposal: ProposedWrite, change: ByteChange) -> FileStamp | None:
        """Write the change if the note still is what the edit was made for; None if it is not."""
        system = self._system
        since = system.now()
        with self.guarded(target):
            signature = target.at_its_path(system)
            if signature is None or target.read(system) != proposal.base:
                return None
            if proposal.refusal is not None:
                if self.promise is SafetyLevel.WEAKER and target.was_just_written(system, self._retry_policy):
                    return None
                raise proposal.refusal
            if change.is_nothing:
                return signature
            if system.now() - since > OPEN_TOO_LONG:
                return None
            try:
                change.put(system, target.fd)
                # A rename since the look above would have left our bytes in a file that is the note no more.
                signature = target.at_its_path(system)
                if signature is not None:
                    return (
                        signature
                        if self.promise is SafetyLevel.FULL or self._stands(target, change)
                        else None
                    )
            except OSError as error:
                self._revert(target, change, error)
                raise
            self._revert(target, change, None)
            return None

    def _may_rebase(self, last: ProposedWrite | None) -> bool:
        """Whether what was tried last may be merged into another text: one byte may, if nothing keeps others
        out.
        """
        if last is None or self.promise is SafetyLevel.FULL:
            return False
        return not ByteChange.between(last.base, last.new).can_be_cut_short

    def _stands(self, target: OpenNote, change: ByteChange) -> bool:
        """Whether the edit is there, although nothing kept others out; what it damaged is put right.

        Another program can have rewritten the note between our last look and our write. False where its text
        took the place of ours: the edit is to be made again.
        """
        if change.can_be_cut_short:
            return True
        system, found = self._system, target.read(self._system)
        if is_made(found, change):
            return True
        until = system.now() + self._retry_policy.soon
        while (again := target.read(system)) != found and system.now() < until:  # it is still writing
            found = again
            system.sleep(self._retry_policy.step)
        stray = stray_in(found, change)
        if stray is None:
            return is_made(found, change)
        if stray.repair is None:
            self._found.append(RecoveredEdit(target.path, RecoveryOutcome.STRAY, detail=str(stray.line)))
        elif target.read(system) == found:
            stray.repair.put(system, target.fd)
        return False

    def _sync(self, target: OpenNote, change: ByteChange) -> None:
        """Put it on the disk. If that fails the note is made what it was, unless others came in between."""
        try:
            self._system.sync(target.fd)
        except OSError as error:
            if self._is_made_undone(target, change, error):
                raise
            raise HalfWrittenError(
                target.path,
                f"{target.path.name} was changed, but the disk did not confirm it ({error.strerror}), "
                "and another program wrote to it meanwhile. Check it before you go on.",
            ) from error

    def _is_made_undone(self, target: OpenNote, change: ByteChange, cause: OSError) -> bool:
        try:
            with self.guarded(target):
                if target.read(self._system) != change.new:
                    return False
                self._revert(target, change, cause)
        except NotNowError:
            return False
        return True

    def _revert(self, target: OpenNote, change: ByteChange, cause: OSError | None) -> None:
        """Make the note what it was; HalfWrittenError if the disk refuses that too."""
        try:
            if target.read(self._system) != change.base:
                change.revert(self._system, target.fd)
        except OSError as error:
            raise HalfWrittenError(
                target.path,
                f"{target.path.name} could be written only in part ({error.strerror}); "
                "its text is kept, and is restored at the next start.",
            ) from (cause or error)
