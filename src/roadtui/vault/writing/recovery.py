"""After a crash: what the write-ahead log says was under way, compared with what is on the disk.

Nothing is written unless every sector of the note is one that our own interrupted write could have left
there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from roadtui.core.errors import RefusedError
from roadtui.vault.errors import WriteFailedError
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem, opened, remove_file, write_all
from roadtui.vault.reader import FileStamp
from roadtui.vault.writing.displaced_files import DisplacedFile, DisplacedFiles, DisplacedState
from roadtui.vault.writing.note_file import open_target, scratch_name
from roadtui.vault.writing.three_way_merge import merge
from roadtui.vault.writing.write_ahead_log import (
    RecoveredEdit,
    RecoveryOutcome,
    WalEntry,
    WalRecord,
    WriteAheadLog,
)
from roadtui.vault.writing.writer import NoteWriter

SECTOR: Final = 512
"""Bytes that a disk writes whole or not at all."""
LONGEST_LOOK: Final = 1.2
"""Seconds that displaced files are looked at where no lease tells at once whether somebody writes them."""
BETWEEN_LOOKS: Final = 0.05
"""Seconds between two such looks."""


def recover(
    state_folder: Path, writer: NoteWriter | None = None, system: FileSystem = REAL_FILE_SYSTEM
) -> list[RecoveredEdit]:
    """Settle what a crash left behind; to be called at start, before anything is written."""
    wal = WriteAheadLog(state_folder, system)
    recovery = _Recovery(writer or NoteWriter(state_folder, system=system), state_folder / "aside", system)
    recovered: list[RecoveredEdit] = []
    for record, entry in wal.left_behind():
        try:
            settled = recovery.settle(record, entry)
        except (OSError, WriteFailedError) as error:
            entry.leave()
            path = entry.path if record is None else record.path
            detail = (error.strerror or "refused") if isinstance(error, OSError) else str(error)
            recovered.append(RecoveredEdit(path, RecoveryOutcome.LATER, detail=detail))
        else:
            entry.drop()
            recovered += settled
    return recovered


def judge(disk: bytes, record: WalRecord) -> RecoveryOutcome:
    """What the note's bytes say of an edit in place; COMPLETED means that it has yet to be completed."""
    if disk == record.base:
        return RecoveryOutcome.NOT_SAVED
    if disk == record.new:
        return RecoveryOutcome.SAVED
    return (
        RecoveryOutcome.COMPLETED
        if is_half_written(disk, record.base, record.new)
        else RecoveryOutcome.SET_ASIDE
    )


def is_half_written(disk: bytes, base: bytes, new: bytes) -> bool:
    """Whether every sector is the base's, the new text's or zeros: what a power cut can leave of our own
    write.

    While the note grows, its last old sector may end in zeros; while it shrinks, the new text may still be
    followed by the rest of the old.
    """
    shorter, longer = sorted((len(base), len(new)))
    if not shorter <= len(disk) <= longer:
        return False
    was = base.ljust(longer, b"\0")
    will_be = new + base[len(new) :]
    for at in range(0, len(disk), SECTOR):
        piece = disk[at : at + SECTOR]
        end = at + len(piece)
        if piece not in (was[at:end], will_be[at:end], bytes(len(piece))):
            return False
    return True


class _Recovery:
    """Settles entries, one at a time."""

    def __init__(self, writer: NoteWriter, aside: Path, system: FileSystem) -> None:
        self._writer = writer
        self._aside = aside
        self._system = system
        self._until = system.now() + LONGEST_LOOK

    def settle(self, record: WalRecord | None, entry: WalEntry) -> list[RecoveredEdit]:
        """What one entry comes to; then it can be dropped. OSError or WriteFailedError: not yet.

        A note whose whole folder is gone may lie on a disk that is not mounted now: it is waited for.
        """
        if record is not None:
            self._system.stat(record.path.parent)
        if record is None:
            return [self._damaged(entry)]
        beside = record.other_file
        if beside is None:
            return [self._in_place(record)]
        found = self._exchange(record, beside, entry)
        return [each for each in found if not (entry.is_reported and each.outcome is RecoveryOutcome.SAVED)]

    def _damaged(self, entry: WalEntry) -> RecoveredEdit:
        """An entry gets its name when it is whole on the disk: this one was damaged since, and is kept."""
        self._system.make_folder(self._aside)
        copy = self._aside / entry.path.name
        self._system.rename(entry.path, copy)
        for folder in (self._aside, entry.path.parent):
            self._system.sync_folder(folder)
        return RecoveredEdit(copy, RecoveryOutcome.DAMAGED)

    def _in_place(self, record: WalRecord) -> RecoveredEdit:
        """An edit in the note's own file may be half there."""
        try:
            outcome = judge(self._read(record.path), record)
        except FileNotFoundError:
            outcome = RecoveryOutcome.SET_ASIDE
        if outcome is RecoveryOutcome.COMPLETED:
            try:
                self._writer.write(record.path, lambda disk: _completed(disk, record))
            except RefusedError:
                outcome = RecoveryOutcome.SET_ASIDE
        return self._recovered(record, outcome)

    def _exchange(self, record: WalRecord, beside: Path, entry: WalEntry) -> list[RecoveredEdit]:
        """The note is whole in any case; the other file is our new one, the old one, or a late edit."""
        scratch = scratch_name(beside)
        for each in dict.fromkeys((record.path.with_name(scratch.name), scratch)):
            self._tidy_scratch(each, beside, record)
        try:
            note: bytes | None = self._read(record.path)
        except FileNotFoundError:
            note = None
        try:
            found = self._read(beside)
        except FileNotFoundError:
            return [self._recovered(record, self._without_other_file(record, note, entry))]
        if note is None:  # deleted or moved since; what lies beside may be all that is left of it
            recovered = self._recovered(record, RecoveryOutcome.SET_ASIDE, late=found)
            remove_file(self._system, beside)
            return [recovered]
        if self._is_new_file(record, note, beside, found):
            recovered = self._recovered(record, _outcome_of_new_file(record, note))
            remove_file(self._system, beside)
            return [recovered]
        is_merged = self._complete_merged(record, note, found)
        displaced = DisplacedFile(record.path, beside, found if is_merged else record.base, entry)
        # A text that was merged and not synced, when another came at the exchange, is known to nothing here.
        is_known = is_merged or found == record.base or _holds_edit(record, note)
        outcome = RecoveryOutcome.SAVED if is_known or entry.is_reported else RecoveryOutcome.SET_ASIDE
        late = self._settle_displaced(displaced)
        return [self._recovered(record, outcome), *late]

    def _without_other_file(self, record: WalRecord, note: bytes | None, entry: WalEntry) -> RecoveryOutcome:
        """What became of the edit where there is no file beside the note: not yet, or not any more."""
        if note is None:
            return RecoveryOutcome.SET_ASIDE
        is_new_file = record.new_inode != 0 and self._inode(record.path) == record.new_inode
        if entry.is_reported or (is_new_file and note != record.base):
            return RecoveryOutcome.SAVED
        return _outcome_of_new_file(record, note)

    def _is_new_file(self, record: WalRecord, note: bytes, beside: Path, found: bytes) -> bool:
        """Whether the file beside the note is the one that we made, which never was at the note's place.

        Its number is noted once it is whole on the disk, so without one an old file's text may be the first
        part of the new one. A number can be given again, as to the files of a restored backup: what the
        files hold counts more.
        """
        is_clear_by_bytes = found == record.base or note == record.new
        if record.new_inode and not is_clear_by_bytes and self._inode(beside) == record.new_inode:
            return True
        if found == record.base and note != record.base and (record.new_inode or _holds_edit(record, note)):
            return False
        return _is_part_of_new_file(found, note, record)

    def _inode(self, path: Path) -> int:
        return self._system.stat(path).st_ino

    def _complete_merged(self, record: WalRecord, note: bytes, found: bytes) -> bool:
        """Whether the note holds the old file's text and our edit; completed if it was not synced whole."""
        merged = merge(record.base, record.new, found)
        if merged is None or found == record.base:
            return False
        if note in (merged, record.new) or not is_half_written(note, record.new, merged):
            return note == merged
        rest = replace(record, base=record.new, new=merged)
        try:
            self._writer.write(record.path, lambda disk: _completed(disk, rest))
        except RefusedError:
            return False
        return True

    def _tidy_scratch(self, scratch: Path, beside: Path, record: WalRecord) -> None:
        """A test of the exchange was cut short: one of the two is empty, the other our new file.

        On Windows, where an exchange takes two steps, it is the old file on its way to the other name.
        """
        try:
            found = self._read(scratch)
        except FileNotFoundError:
            return
        if is_half_written(found, b"", record.new):
            remove_file(self._system, scratch)
        else:
            self._system.rename(scratch, beside)

    def _settle_displaced(self, displaced: DisplacedFile) -> list[RecoveredEdit]:
        """Look until it is clear; for no longer than edits can wait, however many there are."""
        system = self._system
        found = system.stat(displaced.beside)
        age = system.wall_clock() - max(found.st_mtime, found.st_ctime)
        displaced.seen, displaced.since = FileStamp.of(found), system.now() - max(age, 0.0)
        displacements = DisplacedFiles(system)
        displacements.hurry()
        late_edits: list[RecoveredEdit] = []
        while True:
            state, late = displacements.look(displaced)
            while state is DisplacedState.HELD and displaced.is_leaseless and system.now() < self._until:
                system.sleep(BETWEEN_LOOKS)
                state, late = displacements.look(displaced)
            if state is DisplacedState.REMOVED:
                return late_edits
            if state is DisplacedState.HELD:
                raise WriteFailedError(displaced.note, "another program still writes into its old file")
            late_edits.append(displacements.save_late_edit(displaced, late, self._writer.write))

    def _read(self, path: Path) -> bytes:
        with open_target(self._system, path, os.O_RDONLY) as target:
            return target.read(self._system)

    def _recovered(
        self, record: WalRecord, outcome: RecoveryOutcome, late: bytes | None = None
    ) -> RecoveredEdit:
        if outcome is not RecoveryOutcome.SET_ASIDE:
            return RecoveredEdit(record.path, outcome)
        versions = {"before": record.base, "after": record.new}
        if late is not None and late not in versions.values():
            versions["late"] = late
        return RecoveredEdit(record.path, outcome, tuple(self._set_aside(record.path, versions)))

    def _set_aside(self, note: Path, versions: dict[str, bytes]) -> Iterator[Path]:
        """Keep the versions where the user finds them and no sync client does."""
        system, mark = self._system, os.urandom(4).hex()
        system.make_folder(self._aside)
        for label, data in versions.items():
            copy = self._aside / f"{note.stem[:60]}.{mark}.{label}{note.suffix}"
            with opened(system, copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as fd:
                write_all(system, fd, data, 0)
                system.sync(fd)
            yield copy
        system.sync_folder(self._aside)


def _outcome_of_new_file(record: WalRecord, note: bytes) -> RecoveryOutcome:
    """What became of an edit whose new file never took the note's place."""
    if note == record.base:
        return RecoveryOutcome.NOT_SAVED
    return RecoveryOutcome.SAVED if _holds_edit(record, note) else RecoveryOutcome.SET_ASIDE


def _holds_edit(record: WalRecord, note: bytes) -> bool:
    """Whether the note is the new text, or that and edits of others on other lines."""
    return merge(record.base, record.new, note) == note


def _is_part_of_new_file(found: bytes, note: bytes, record: WalRecord) -> bool:
    """Whether `found` may be our new file, half written, or rewritten for the edits of others."""
    merged = merge(record.base, record.new, note)
    return is_half_written(found, b"", record.new) or (
        merged is not None and is_half_written(found, record.new, merged)
    )


def _completed(disk: bytes, record: WalRecord) -> bytes:
    """What recovery writes; it looks again, because the note may have been edited since it was judged."""
    if disk != record.new and not is_half_written(disk, record.base, record.new):
        raise RefusedError(f"{record.path.name} was edited since.")
    return record.new
