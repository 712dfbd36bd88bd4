"""The second choice: a whole new file beside the note, and the two names change places in one step.

For a note that another program keeps open for reading, that belongs to another user, or that lies on a
network or user-space file system. What comes out of the exchange shows what the new file replaced: if that is
not what the edit was made for, the two are exchanged back and the edit is made again. Costs the inode and the
birth time, so it is not for notes with several hard links.

Where there are no leases, a change of one byte is written in place all the same: it displaces nothing, and
can do no harm but to one byte, which is looked at again.

The new file lies in the state folder where that is on the note's file system, so that nothing is seen of it
in the vault.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from roadtui.vault.errors import StateFolderError
from roadtui.vault.file_system import (
    REAL_FILE_SYSTEM,
    FileSystem,
    Lease,
    opened,
    release_lease,
)
from roadtui.vault.reader import FileStamp
from roadtui.vault.writing.displaced_files import DisplacedFile, DisplacedFiles, Write
from roadtui.vault.writing.note_file import OpenNote, open_target, scratch_file, temporary_name
from roadtui.vault.writing.one_byte import OneByteStrategy
from roadtui.vault.writing.rebasing import PendingEdit, may_be_cut_short, write_proven
from roadtui.vault.writing.replacement import ReplacementFiles
from roadtui.vault.writing.strategy import (
    DeniedError,
    HalfWrittenError,
    ProposedWrite,
    RetryPolicy,
    SafetyLevel,
    StrategyBase,
    Transform,
    UnsuitableError,
    WriteResult,
    busy,
    persist,
)
from roadtui.vault.writing.three_way_merge import merge
from roadtui.vault.writing.uninterrupted import uninterrupted
from roadtui.vault.writing.write_ahead_log import RecoveredEdit, WalRecord, WriteAheadLog

MOST_LOOKS: Final = 64
"""How often the note is looked at before the new file is made anew, while another program is writing it."""


class ExchangeStrategy(StrategyBase):
    """A new file takes the note's place; the old one is kept until nobody can be writing into it."""

    name = "exchange with a file beside it"
    promise = SafetyLevel.FULL

    def __init__(
        self,
        wal: WriteAheadLog,
        system: FileSystem = REAL_FILE_SYSTEM,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        super().__init__(wal, system, retry_policy)
        self._one_byte = OneByteStrategy(wal, system, retry_policy)
        self._displaced = DisplacedFiles(system, retry_policy)
        self._replacements = ReplacementFiles(wal.exchange_folder, system)

    @property
    def unsettled(self) -> int:
        """How many displaced files are still kept, and finds not yet told."""
        return len(self._displaced) + len(self._found) + self._one_byte.unsettled

    def settle(self, write: Write) -> list[RecoveredEdit]:
        """Remove displaced files that nobody holds, and save late edits found in them."""
        return [*self._finds(), *self._displaced.settle(write)]

    def hurry(self) -> None:
        """The program is about to end."""
        super().hurry()
        self._one_byte.hurry()
        self._displaced.hurry()

    def end_within(self, seconds: float) -> None:
        """The program ends within `seconds`."""
        super().end_within(seconds)
        self._one_byte.end_within(seconds)

    def leave(self) -> list[RecoveredEdit]:
        """Hand the displaced files that are still kept to the next start."""
        return [*self._finds(), *self._displaced.leave()]

    def _finds(self) -> list[RecoveredEdit]:
        told, self._found = self._found, []
        return [*told, *self._one_byte.leave()]

    def probe(self, folder: Path) -> None:
        """Exchange two scratch files in `folder` and see that they did change places."""
        with scratch_file(self._system, folder) as one:
            self._replacements.prove(one, folder)

    def write(self, path: Path, transform: Transform) -> WriteResult:
        """Apply the edit; tried again while the note changes under it."""
        try:
            return self._one_byte.write(path, transform)
        except UnsuitableError:
            written = self._exchanged(path, transform, self._retry_policy)
        self._found += self._displaced.settle_soon(
            lambda path, late: self._exchanged(path, late, self._retry_policy.in_a_hurry)
        )
        return written

    def _exchanged(self, path: Path, transform: Transform, retry_policy: RetryPolicy) -> WriteResult:
        def write(path: Path, edit: PendingEdit) -> WriteResult:
            return persist(
                self._system,
                retry_policy,
                path,
                attempt=lambda: self._attempt(path, edit),
                denied=lambda: busy(path),
                is_at_its_end=self.is_at_its_end,
            )

        return write_proven(path, transform, write)

    def _attempt(self, path: Path, edit: PendingEdit) -> WriteResult | None:
        """One try; None if the note changed on the way and has to be looked at again."""
        system = self._system
        with open_target(system, path, os.O_RDONLY) as target:
            folder = self._replacements.folder_for(target)
            base, leased = self._read(target)
            proposal = edit.propose(base, may_rebase=False)
            if proposal.refusal is not None:
                if not leased and target.was_just_written(system, self._retry_policy):
                    return None
                raise proposal.refusal
            if proposal.is_nothing:
                return WriteResult.by(self, path, proposal, FileStamp.of(target.found))
            try:
                return self._replace(path, target, edit, folder / temporary_name(), leased)
            except UnsuitableError as reason:
                if folder == target.path.parent:
                    raise
                self._replacements.refute(folder, target.path.parent, str(reason))
        return self._attempt(path, edit)  # Beside the note it may work; nobody has changed the note.

    def _replace(
        self, path: Path, target: OpenNote, edit: PendingEdit, beside: Path, leased: bool
    ) -> WriteResult | None:
        """Make the new file and exchange it; None, and all as it was, if the wrong thing came out."""
        proposal = edit.last
        assert proposal is not None
        record = WalRecord(target.path, proposal.base, proposal.new, os.fspath(beside))
        try:
            entry = self._wal.record(record)
        except StateFolderError as error:  # One byte can still be written in place: no log needed.
            raise UnsuitableError("no write-ahead log can be kept in the state folder") from error
        displaced = DisplacedFile(target.path, beside, proposal.base, entry)
        with ExitStack() as files:
            try:
                new_file = self._replacements.put(target, beside, proposal.new)
                entry.note_inode(new_file.st_ino)
                self._replacements.prove(beside, target.path.parent)
                with uninterrupted():
                    found = self._exchange_in_time(path, target, edit, beside, files, may_rebase=not leased)
            except (OSError, UnsuitableError):
                self._discard(displaced)
                raise
            if found is None:
                self._discard(displaced)
                return None
            proposal = edit.last
            assert proposal is not None
            displaced.expected = proposal.base
            try:
                if proposal.base != record.base:
                    self._sync_note(displaced.note)
                came_out_right = self._came_out_right(displaced, found, proposal.new, leased)
            except OSError:
                self._exchange_back(displaced, proposal.new)
                raise
            if not came_out_right:
                self._exchange_back(displaced, proposal.new)
                return None
            if proposal.base != record.base:
                self._record_anew(displaced, proposal, new_file.st_ino)
            return WriteResult.by(self, path, proposal, self._signature(target.path, new_file))

    def _record_anew(self, displaced: DisplacedFile, proposal: ProposedWrite, inode: int) -> None:
        """Record in the log what the displaced file holds; without that a crash costs a needless copy.

        The new file, which is the note now, has the number `inode`.
        """
        record = WalRecord(displaced.note, proposal.base, proposal.new, os.fspath(displaced.beside), inode)
        with suppress(StateFolderError, BlockingIOError):
            entry = self._wal.record(record)
            displaced.entry.drop()
            displaced.entry = entry

    def _exchange_in_time(
        self,
        path: Path,
        target: OpenNote,
        edit: PendingEdit,
        beside: Path,
        files: ExitStack,
        *,
        may_rebase: bool,
    ) -> OpenNote | None:
        """Exchange the new file with the note as it is; gives the old file, or None where nothing was done.

        Where others have changed or replaced the note meanwhile, the new file gets their edit as well: the
        journal and the new file take longer to make than some programs pause. It is not synced then before
        it is the note. After a power cut recovery makes it anew of the journal and the old file, which tell
        of one such text only: it is rewritten once.
        """
        system = self._system
        is_rewritten = False
        for _ in range(MOST_LOOKS):
            assert edit.last is not None
            is_same_file = target.at_its_path(system) is not None
            if is_same_file and target.read(system) == edit.last.base:
                system.exchange(beside, target.path)
                return target
            if not may_rebase or is_rewritten or self.is_at_its_end():
                return None
            if not is_same_file:
                place = target.path
                files.close()
                target = files.enter_context(open_target(system, path, os.O_RDONLY))
                if target.path != place or target.found.st_nlink > 1:
                    return None
            before = FileStamp.of(system.fstat(target.fd))
            now = target.read(system)
            is_changing = FileStamp.of(system.fstat(target.fd)) != before
            if is_changing or may_be_cut_short(now, edit.last.base):
                system.sleep(self._retry_policy.step)
                continue
            proposal = edit.rebase(now)
            if proposal is None:
                return None
            self._replacements.rewrite(target, beside, proposal.new, is_same_file=is_same_file)
            is_rewritten = True
        return None

    def _signature(self, path: Path, new_file: os.stat_result) -> FileStamp:
        """How the new file looks at its place; a signature of the past if somebody was there already."""
        with suppress(OSError):
            now = self._system.stat(path)
            if now.st_ino == new_file.st_ino:
                return FileStamp.of(now)
        return FileStamp.of(new_file)

    def _sync_note(self, note: Path) -> None:
        """Put a text on the disk that was merged after the new file was made."""
        with suppress(FileNotFoundError), opened(self._system, note, os.O_RDONLY) as fd:
            self._system.sync(fd)

    def _sync_folders(self, beside: Path, folder: Path) -> None:
        """Put both names that changed places on the disk."""
        for each in dict.fromkeys((folder, beside.parent)):
            self._system.sync_folder(each)

    def _read(self, target: OpenNote) -> tuple[bytes, bool]:
        """The note's bytes, and whether a lease proved that nobody was writing them."""
        system = self._system
        try:
            leased = system.lease(target.fd, Lease.READ)
        except OSError:
            if system.writers([target.path]).paths:
                raise DeniedError from None  # what it writes from now on would go into the displaced file
            before = FileStamp.of(system.fstat(target.fd))
            base = target.read(system)
            if FileStamp.of(system.fstat(target.fd)) != before:
                raise DeniedError from None
            return base, False
        if not leased:
            raise DeniedError
        try:
            return target.read(system), True
        finally:
            release_lease(system, target.fd)

    def _came_out_right(self, displaced: DisplacedFile, target: OpenNote, new: bytes, leased: bool) -> bool:
        """Whether what the new file replaced is what the edit was made for, with nobody writing into it.

        Without leases it is kept, and what others wrote, or still write into it, is merged. To exchange
        the two back would displace what others have written into the new file by then, or made of it.
        """
        system = self._system
        with open_target(system, displaced.beside, os.O_RDONLY) as old:
            found = old.read(system)
            is_as_expected = found == displaced.expected and old.found.st_ino == target.found.st_ino
            if not is_as_expected and (leased or merge(displaced.expected, new, found) is None):
                return False
            if not leased:
                with suppress(OSError):  # Syncthing would remove an old file under this name
                    system.touch(old.fd)
        self._sync_folders(displaced.beside, displaced.note.parent)
        if leased:
            return self._displaced.remove(displaced)
        self._displaced.keep(displaced, new)
        return True

    def _exchange_back(self, displaced: DisplacedFile, new: bytes) -> None:
        """Give the other file its place back; ours is displaced now, and may have been edited too."""
        try:
            displaced.entry.note_inode(0)
            self._system.exchange(displaced.beside, displaced.note)
        except OSError as error:
            self._displaced.keep(displaced, new)
            raise HalfWrittenError(
                displaced.note,
                f"{displaced.note.name} holds the edit, but the disk did not confirm it ({error.strerror}).",
            ) from error
        old, displaced.expected = displaced.expected, new
        try:
            self._sync_folders(displaced.beside, displaced.note.parent)
            is_removed = self._displaced.remove(displaced)
        except OSError:
            is_removed = False
        if not is_removed:
            self._displaced.keep(displaced, old)

    def _discard(self, displaced: DisplacedFile) -> None:
        """Nothing was exchanged: remove the new file, or let the next start do it."""
        if self._replacements.discard(displaced.beside, displaced.note):
            displaced.entry.drop()
        else:
            displaced.entry.leave()
