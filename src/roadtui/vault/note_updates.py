"""Applies a re-read note to the next snapshot. A read that may be torn is confirmed by a second read first.

On disk, it only checks whether a missing note is in the cloud, and whether the whole vault is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from roadtui.vault.errors import Problem, Unreadable, UnreadableNoteError
from roadtui.vault.note_content import ParsedNotes
from roadtui.vault.reader import FileStamp, NoteRead
from roadtui.vault.root import VaultRoot
from roadtui.vault.snapshot import Snapshot, VaultNote

IN_THE_CLOUD = "kept in the cloud"


class SnapshotBuilder:
    """Builds the notes and problems of the next snapshot."""

    __slots__ = ("differs", "dropped", "last", "notes", "problems")

    def __init__(self, last: Snapshot, problems: Iterable[Problem]) -> None:
        self.last = last
        self.notes = dict(last.notes)
        self.problems = {problem.path: problem for problem in problems}
        self.differs = False
        """Whether any note differs from the last snapshot."""
        self.dropped: list[VaultNote] = []

    def put(self, note: VaultNote) -> None:
        """Add or replace the note at its path."""
        last = self.notes.get(note.path)
        if last is None or not last.is_same_as(note):
            self.notes[note.path] = note
            self.differs = True

    def drop(self, path: str) -> None:
        """Remove the note at `path`, if there is one."""
        note = self.notes.pop(path, None)
        if note is not None:
            self.dropped.append(note)
            self.differs = True

    def other_spellings(self, root: Path) -> list[str]:
        """Old paths of notes that were renamed in upper and lower case only.

        On a case-insensitive file system such a note still opens by its old name; only the folder's listing
        shows that it has the new one.
        """
        added = {self.notes[path].stamp.file: path for path in self.notes.keys() - self.last.notes.keys()}
        return [
            path
            for path, note in self.notes.items()
            if (new := added.get(note.stamp.file, path)) != path
            and new.casefold() == path.casefold()
            and path.rpartition("/")[2] not in _names((root / path).parent)
        ]


def _names(folder: Path) -> list[str]:
    """The names in a folder; empty if it cannot be read."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


class CachedNote(NamedTuple):
    """A note as an earlier run of the program has read it."""

    note: VaultNote
    """With the stamp of its file at the last read."""
    began_ns: int
    """When that read began (`time.time_ns`)."""


class PreparedRead(NamedTuple):
    """A read of one note with all that takes time done: what is left is to apply it to a snapshot."""

    path: str
    ticket: int
    """Greater for reads that began later; see `NoteUpdater.next_ticket`."""
    found: NoteRead | UnreadableNoteError
    note: VaultNote | None
    """The note with its tasks counted; None where the read failed or found the same bytes as before."""
    counted_for: Snapshot
    """The snapshot by whose statuses and settings the tasks were counted."""


class NoteUpdater:
    """Applies reads of notes to a `SnapshotBuilder`, and tracks unconfirmed reads.

    Reads are prepared in any thread and in any order; they are applied by one thread at a time. Of two reads
    of one note, the one that began later counts.
    """

    def __init__(self, root: VaultRoot, notes: ParsedNotes) -> None:
        """Track the notes below `root`; `notes` keeps their parses."""
        self._root = root
        self._notes = notes
        self._unconfirmed: dict[str, UnconfirmedRead] = {}
        self._last_read: dict[str, tuple[FileStamp, int]] = {}
        """The file stamp of each note's last read, and its time (`time.time_ns`)."""
        self._tickets = count()
        self._applied: dict[str, int] = {}
        """The ticket of the last read, write or removal of each note that was applied."""

    @property
    def reread_at(self) -> tuple[float, frozenset[str]] | None:
        """When (`time.monotonic`) to read which notes again, as their last read may be torn; else None."""
        if not self._unconfirmed:
            return None
        return min(unconfirmed.reread_at for unconfirmed in self._unconfirmed.values()), frozenset(
            self._unconfirmed
        )

    def next_ticket(self) -> int:
        """A ticket for what is found out from now on: a read of a note, or a scan. Thread-safe."""
        return next(self._tickets)

    def is_outdated(self, path: str, ticket: int) -> bool:
        """Whether something later than `ticket` was applied to the note at `path`."""
        return self._applied.get(path, -1) > ticket

    def prepare(
        self,
        path: str,
        ticket: int,
        found: NoteRead | UnreadableNoteError,
        snapshot: Snapshot,
        *,
        is_one_of_many: bool = False,
    ) -> PreparedRead:
        """Count the tasks of a note that was just read, by the settings of `snapshot`. Thread-safe.

        `is_one_of_many`: see `NoteContent`.
        """
        note = None
        if not isinstance(found, UnreadableNoteError):
            last = snapshot.notes.get(path)
            if last is None or last.digest != found.digest or last.content.is_stale:
                note = self._counted_read(path, found, snapshot, is_one_of_many=is_one_of_many)
        return PreparedRead(path, ticket, found, note, snapshot)

    def may_differ(self, last: VaultNote | None, path: str, stamp: FileStamp) -> bool:
        """Whether the note at `path`, whose file has `stamp` now, has to be read again."""
        if last is None or path in self._unconfirmed or last.label == IN_THE_CLOUD:
            return True
        seen, read_at_ns = self._last_read[path]
        return seen != stamp or stamp.is_racy(read_at_ns)

    def accept_cached(self, cached: CachedNote, ticket: int, builder: SnapshotBuilder) -> None:
        """Apply what an earlier run of the program read of a note that is unchanged since `ticket`."""
        path = cached.note.path
        if path in self._applied or path in builder.notes:
            return
        self._applied[path] = ticket
        self._last_read[path] = cached.note.stamp, cached.began_ns
        builder.put(cached.note)

    def cachable(self, snapshot: Snapshot) -> list[CachedNote]:
        """The notes of `snapshot` that a later run of the program can take for read."""
        found = []
        for path, note in snapshot.notes.items():
            last_read = self._last_read.get(path)
            if last_read is not None and not note.label and path not in self._unconfirmed:
                # The stamp of the last read: the bytes are the same as when they were first read.
                stamp, began_ns = last_read
                found.append(
                    CachedNote(note if note.stamp == stamp else replace(note, stamp=stamp), began_ns)
                )
        return found

    def accept(self, read: PreparedRead, builder: SnapshotBuilder) -> None:
        """Apply a read of one note to `builder`; an unreadable note is removed and reported as a problem.

        A read that began before the last one that was applied is left out.
        """
        path, found = read.path, read.found
        if self.is_outdated(path, read.ticket):
            return
        self._applied[path] = read.ticket
        if isinstance(found, UnreadableNoteError):
            self._record_unreadable(path, found, builder)
            return
        builder.problems.pop(path, None)
        last = builder.notes.get(path)
        if not self._is_unconfirmed(path, last, found):
            self._last_read[path] = found.stamp, found.began_ns
            if last is not None and last.digest == found.digest and not last.content.is_stale:
                builder.put(replace(last, stamp=found.stamp, label=found.label))
            elif read.note is not None and _counts_alike(read.counted_for, builder.last):
                builder.put(read.note)
            else:
                builder.put(self._counted_read(path, found, builder.last))

    def remove(self, path: str, ticket: int, builder: SnapshotBuilder) -> None:
        """Remove the note at `path`, which did not exist at `ticket`."""
        if self.is_outdated(path, ticket):
            return
        self._applied[path] = ticket
        self._forget(path, builder)

    def _forget(self, path: str, builder: SnapshotBuilder) -> None:
        self._unconfirmed.pop(path, None)
        self._last_read.pop(path, None)
        builder.problems.pop(path, None)
        builder.drop(path)

    def drop_unconfirmed(self) -> None:
        """Forget the unconfirmed reads: the vault is missing, and all of it is read again when it is back."""
        self._unconfirmed.clear()

    def counted(self, note: VaultNote, settings_of: Snapshot) -> VaultNote:
        """`note` with its tasks counted by the statuses and settings of the snapshot `settings_of`."""
        return note.counted(settings_of.count_settings, self._notes)

    def _counted_read(
        self, path: str, found: NoteRead, settings_of: Snapshot, *, is_one_of_many: bool = False
    ) -> VaultNote:
        return VaultNote.of(
            path,
            found.note,
            found.stamp,
            found.digest,
            settings_of.count_settings,
            self._notes,
            found.label,
            is_one_of_many=is_one_of_many,
        )

    def counted_anew(self, before: Snapshot, settings_of: Snapshot) -> dict[str, tuple[VaultNote, VaultNote]]:
        """Each note of `before`, and the same counted by the settings of another snapshot, by path."""
        return {path: (note, self.counted(note, settings_of)) for path, note in before.notes.items()}

    def counted_notes(
        self, latest: Snapshot, counted: Mapping[str, tuple[VaultNote, VaultNote]]
    ) -> dict[str, VaultNote]:
        """The notes of `latest` by its settings: those that are counted already, and those changed since."""
        return {
            path: counted[path][1]
            if path in counted and counted[path][0] is note
            else self.counted(note, latest)
            for path, note in latest.notes.items()
        }

    def _record_unreadable(self, path: str, error: UnreadableNoteError, builder: SnapshotBuilder) -> None:
        """Apply a failed read. A note that is only busy or in the cloud stays as it was last read."""
        if error.reason is Unreadable.BUSY:
            unconfirmed = retry_later(self._unconfirmed.pop(path, None), monotonic())
            if unconfirmed is not None:
                self._unconfirmed[path] = unconfirmed
            if path in builder.notes:
                return
        elif path in builder.notes and self._is_in_the_cloud(path, error):
            self._unconfirmed.pop(path, None)
            builder.put(replace(builder.notes[path], label=IN_THE_CLOUD))
            return
        elif error.reason is Unreadable.GONE and self._root.is_missing():
            self._unconfirmed.pop(path, None)  # The whole vault is missing: no note was deleted.
            return
        else:
            self._forget(path, builder)
        if error.reason is not Unreadable.GONE:
            builder.problems[path] = Problem(path, str(error))

    def _is_in_the_cloud(self, path: str, error: UnreadableNoteError) -> bool:
        note = self._root.path / path
        placeholder = note.with_name(f".{note.name}.icloud")
        return error.reason is Unreadable.NOT_HERE or (
            error.reason is Unreadable.GONE and os.path.exists(placeholder)
        )

    def _is_unconfirmed(self, path: str, last: VaultNote | None, found: NoteRead) -> bool:
        """Whether another program may be writing the note, so that a second read has to confirm this one."""
        if not found.torn_risk or (last is not None and last.digest == found.digest):
            self._unconfirmed.pop(path, None)
            return False

        before = ReadSize(last.stamp.size, last.content.summary.checkboxes) if last is not None else None
        read = ReadSize(found.size, sum(1 for _ in found.note.tasks), hash(found.digest))
        unconfirmed = confirm_read(before, read, self._unconfirmed.pop(path, None), monotonic())
        if unconfirmed is not None:
            self._unconfirmed[path] = unconfirmed
        return unconfirmed is not None


def _counts_alike(one: Snapshot, other: Snapshot) -> bool:
    """Whether tasks count the same by the settings of both snapshots."""
    return (
        one.statuses is other.statuses
        and one.settings is other.settings
        and one.count_mode is other.count_mode
    )


STAYS_SECONDS = 1.0
"""How long a shrunk note has to stay unchanged before it is accepted."""

TIMEOUT_SECONDS = 5.0
"""After this time a note is accepted although it keeps changing: it is in use, not half written."""


class ReadSize(NamedTuple):
    """The size of a note by one read, by which a shrunk note is noticed."""

    size: int
    """In bytes."""
    tasks: int
    """The number of tasks."""
    digest: int = 0
    """A number that differs when the bytes do."""

    def lacks_some_of(self, last: ReadSize) -> bool:
        """Whether this read has fewer bytes or fewer tasks than `last`."""
        return self.size < last.size or self.tasks < last.tasks


class UnconfirmedRead(NamedTuple):
    """A read that may be torn. The note stays as it was before, and has to be read again at `reread_at`."""

    read: ReadSize
    reread_at: float
    """When an equal second read confirms this one, in seconds of the caller's clock."""
    until: float
    """When any read is accepted, in seconds of the caller's clock."""


_NOTHING_READ = ReadSize(-1, -1)


def confirm_read(
    last: ReadSize | None, read: ReadSize, earlier: UnconfirmedRead | None, now: float
) -> UnconfirmedRead | None:
    """Decide whether a read has to be confirmed by another one; None to accept it.

    Args:
        last: The last accepted read; None for a new note.
        read: The present read.
        earlier: The result for the previous read.
        now: The time in seconds of any clock that never steps back.
    """
    if last is None or not read.lacks_some_of(last):
        return None
    if earlier is None:
        return UnconfirmedRead(read, now + STAYS_SECONDS, now + TIMEOUT_SECONDS)
    if now >= earlier.until:
        return None
    if read != earlier.read:
        return UnconfirmedRead(read, min(now + STAYS_SECONDS, earlier.until), earlier.until)
    return None if now >= earlier.reread_at else earlier


def retry_later(earlier: UnconfirmedRead | None, now: float) -> UnconfirmedRead | None:
    """Decide when to read a busy note again; None if that has taken too long. See `confirm_read`."""
    if earlier is None:
        return UnconfirmedRead(_NOTHING_READ, now + STAYS_SECONDS, now + TIMEOUT_SECONDS)
    if now >= earlier.until:
        return None
    return UnconfirmedRead(_NOTHING_READ, min(now + STAYS_SECONDS, earlier.until), earlier.until)
