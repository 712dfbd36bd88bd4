"""What a look at a note changes in the next snapshot: believed at once, after a second look, or not at all.

Asks the disk only whether a note that is missing is in the cloud, or went with its whole vault.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from roadtui.core.stats.progress import CountMode
from roadtui.vault.errors import Problem, Unreadable, UnreadableNoteError
from roadtui.vault.reader import FileStamp, NoteRead
from roadtui.vault.root import VaultRoot
from roadtui.vault.snapshot import Snapshot, VaultNote

IN_THE_CLOUD = "kept in the cloud"


class SnapshotBuilder:
    """The next snapshot in the making."""

    __slots__ = ("differs", "dropped", "last", "notes", "problems")

    def __init__(self, last: Snapshot, problems: Iterable[Problem]) -> None:
        self.last = last
        self.notes = dict(last.notes)
        self.problems = {problem.path: problem for problem in problems}
        self.differs = False
        """Whether any note differs from the last snapshot."""
        self.dropped: list[VaultNote] = []

    def put(self, note: VaultNote) -> None:
        """Have `note` at its path."""
        known = self.notes.get(note.path)
        if known is None or not known.is_same_as(note):
            self.notes[note.path] = note
            self.differs = True

    def drop(self, path: str) -> None:
        """Have no note at `path`."""
        note = self.notes.pop(path, None)
        if note is not None:
            self.dropped.append(note)
            self.differs = True

    def other_spellings(self, root: Path) -> list[str]:
        """Paths that lead to a note only because the file system takes upper and lower case for the same.

        Where a note was renamed so that only the case of letters differs, it still opens by its old name; the
        folder lists the new one alone.
        """
        added = {self.notes[path].signature.file: path for path in self.notes.keys() - self.last.notes.keys()}
        return [
            path
            for path, note in self.notes.items()
            if (new := added.get(note.signature.file, path)) != path
            and new.casefold() == path.casefold()
            and path.rpartition("/")[2] not in _names((root / path).parent)
        ]


def _names(folder: Path) -> list[str]:
    """What a folder lists; nothing where it does not."""
    try:
        return os.listdir(folder)
    except OSError:
        return []


class NoteUpdater:
    """Brings drafts up to date by looks at notes. Not safe to use from several threads."""

    def __init__(self, root: VaultRoot, count: CountMode) -> None:
        self._root = root
        self._count = count
        self._doubts: dict[str, UnconfirmedRead] = {}
        self._seen: dict[str, tuple[FileStamp, int]] = {}
        """The signature that each note was last read under, and when, of `time.time_ns`."""
        self.asked_meanwhile: set[str] | None = None
        """Notes that were looked at while a load went on, whose own look may be older; None: no load."""

    @property
    def look_again_at(self) -> tuple[float, frozenset[str]] | None:
        """When (of `time.monotonic`) to look again at which notes, as their last read may have been torn."""
        if not self._doubts:
            return None
        return min(doubt.look_at for doubt in self._doubts.values()), frozenset(self._doubts)

    def may_differ(self, known: VaultNote | None, path: str, signature: FileStamp) -> bool:
        """Whether the note at `path`, whose file now looks so, has to be read again."""
        if known is None or path in self._doubts or known.label == IN_THE_CLOUD:
            return True
        seen, read_at_ns = self._seen[path]
        return seen != signature or signature.may_hide_a_change(read_at_ns)

    def accept(self, path: str, found: NoteRead | UnreadableNoteError, draft: SnapshotBuilder) -> None:
        """Bring one note of `draft` up to date; what cannot be read is left out, and a problem of it."""
        self._ask(path)
        if isinstance(found, UnreadableNoteError):
            self._miss(path, found, draft)
            return
        draft.problems.pop(path, None)
        known = draft.notes.get(path)
        if not self._is_doubtful(path, known, found):
            self._seen[path] = found.signature, found.began_ns
            if known is not None and known.digest == found.digest:
                draft.put(replace(known, signature=found.signature, label=found.label))
            else:
                note = VaultNote(path, found.note, found.signature, found.digest, label=found.label)
                draft.put(self.counted(note, draft.last))

    def forget(self, path: str, draft: SnapshotBuilder) -> None:
        """There is no note at `path`."""
        self._ask(path)
        self._doubts.pop(path, None)
        self._seen.pop(path, None)
        draft.problems.pop(path, None)
        draft.drop(path)

    def drop_doubts(self) -> None:
        """Keep every note as it was seen last: the vault is missing, and read again when it is back."""
        self._doubts.clear()

    def counted(self, note: VaultNote, asked: Snapshot) -> VaultNote:
        """`note`, read by the statuses and settings of `asked`."""
        return note.counted(asked.statuses, asked.format, self._count)

    def _ask(self, path: str) -> None:
        if self.asked_meanwhile is not None:
            self.asked_meanwhile.add(path)

    def _miss(self, path: str, error: UnreadableNoteError, draft: SnapshotBuilder) -> None:
        """Take in that a note could not be read. What is only held up stays as it was seen last."""
        if error.reason is Unreadable.BUSY:
            doubt = retry_later(self._doubts.pop(path, None), monotonic())
            if doubt is not None:
                self._doubts[path] = doubt
            if path in draft.notes:
                return
        elif path in draft.notes and self._is_in_the_cloud(path, error):
            self._doubts.pop(path, None)
            draft.put(replace(draft.notes[path], label=IN_THE_CLOUD))
            return
        elif error.reason is Unreadable.GONE and self._root.is_missing():
            self._doubts.pop(path, None)  # The whole vault went away: none of its notes was deleted.
            return
        else:
            self.forget(path, draft)
        if error.reason is not Unreadable.GONE:
            draft.problems[path] = Problem(path, str(error))

    def _is_in_the_cloud(self, path: str, error: UnreadableNoteError) -> bool:
        note = self._root.path / path
        placeholder = note.with_name(f".{note.name}.icloud")
        return error.reason is Unreadable.NOT_HERE or (
            error.reason is Unreadable.GONE and os.path.exists(placeholder)
        )

    def _is_doubtful(self, path: str, known: VaultNote | None, found: NoteRead) -> bool:
        """Whether this may be a note that another program is in the middle of writing."""
        if not found.torn_risk or (known is not None and known.digest == found.digest):
            self._doubts.pop(path, None)
            return False

        before = (
            ReadSize(known.signature.size, sum(1 for _ in known.note.tasks)) if known is not None else None
        )
        read = ReadSize(found.size, sum(1 for _ in found.note.tasks), hash(found.digest))
        doubtful = confirm_read(before, read, self._doubts.pop(path, None), monotonic())
        if doubtful is not None:
            self._doubts[path] = doubtful
        return doubtful is not None


STAYS_SECONDS = 1.0
"""How long a shrunk note has to stay as it is before it is believed."""

PATIENCE_SECONDS = 5.0
"""After so long in doubt a note is believed although it keeps changing: it is in use, not half written."""


class ReadSize(NamedTuple):
    """How much one read of a note found."""

    size: int
    """In bytes."""
    tasks: int
    digest: int = 0
    """Anything that differs when the bytes do, such as their `hash`."""

    def lacks_some_of(self, known: ReadSize) -> bool:
        """Whether this read found less than `known`, in bytes or in tasks."""
        return self.size < known.size or self.tasks < known.tasks


class UnconfirmedRead(NamedTuple):
    """A read that is not believed yet. Show what was known before, and read the note again at `look_at`."""

    extent: ReadSize
    look_at: float
    """When this read, if it is still the same, may be believed; in the seconds of the caller's clock."""
    until: float
    """When doubt ends whatever is read then."""


_NOTHING_READ = ReadSize(-1, -1)


def confirm_read(
    known: ReadSize | None, read: ReadSize, earlier: UnconfirmedRead | None, now: float
) -> UnconfirmedRead | None:
    """The doubt that a read leaves; None to accept it.

    `known` is what was last accepted (None for a note that is new), `earlier` the doubt that the read before
    left, `now` a time in seconds of any clock that never steps back.
    """
    if known is None or not read.lacks_some_of(known):
        return None
    if earlier is None:
        return UnconfirmedRead(read, now + STAYS_SECONDS, now + PATIENCE_SECONDS)
    if now >= earlier.until:
        return None
    if read != earlier.extent:
        return UnconfirmedRead(read, min(now + STAYS_SECONDS, earlier.until), earlier.until)
    return None if now >= earlier.look_at else earlier


def retry_later(earlier: UnconfirmedRead | None, now: float) -> UnconfirmedRead | None:
    """The doubt about a note that cannot be read just now: look again soon; None where that took too long."""
    if earlier is None:
        return UnconfirmedRead(_NOTHING_READ, now + STAYS_SECONDS, now + PATIENCE_SECONDS)
    if now >= earlier.until:
        return None
    return UnconfirmedRead(_NOTHING_READ, min(now + STAYS_SECONDS, earlier.until), earlier.until)
