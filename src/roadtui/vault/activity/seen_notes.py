"""What was seen of the notes of one vault: tracks its states, and tells what differs from what was seen."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from pathlib import Path
from threading import RLock
from typing import NamedTuple, TypeVar

from roadtui.core.activity.changes import (
    IsDone,
    SeenAndTracked,
    ShownChange,
    TaskChange,
    changes_between,
    mark_seen,
)
from roadtui.core.activity.follow import follow, numbered
from roadtui.core.activity.rows import NO_ROWS, TrackedNote, TrackedNotes, rows_of
from roadtui.core.tasks.status import StatusType
from roadtui.vault.activity.own_edits import OwnEdit, is_later, left_as_written, rows_on_disk
from roadtui.vault.activity.seen_file import OwnLine, OwnLineKind, SeenFile, StoredNote
from roadtui.vault.activity.seen_store import SeenFileBusyError, SeenStore
from roadtui.vault.snapshot import Snapshot, VaultNote
from roadtui.vault.watch.conflict_names import sure_conflict_name

T = TypeVar("T")

_COMPLETE = "complete"
"""Name of the number that is there once all notes of the vault were recorded."""
_LAST_LOOK = "looked"
_NOTES_AT_ONCE = 100
_PAUSE = 0.005
"""Seconds between two groups of notes of a vault that is recorded for the first time."""


class SeenFileTrouble(NamedTuple):
    """What was wrong with the file of what was seen, as far as it was used."""

    fault: str
    """Why nothing is kept beyond this run, as a clause; empty where it is, or is not meant to be."""
    set_aside: Path | None
    """Where a damaged file is now; None while there was none."""


class SeenNotes:
    """What was seen of one vault. Thread-safe; every call may block, and may raise `SeenFileBusyError`."""

    def __init__(self, state_folder: Path | None, vault: Path) -> None:
        """Make it; the file is opened on first use.

        Args:
            state_folder: The user's state folder; None keeps nothing beyond this run.
            vault: The vault's folder, or the single note that is read alone.
        """
        self._lock = RLock()
        self._store = SeenStore(state_folder, vault)
        self._digests: dict[str, bytes] | None = None
        self._known_of: SeenFile | None = None
        """The file that `_digests` are of."""
        self._has_news = False
        """Whether another program has written the file since the last record."""
        self._last_paths: Collection[str] | None = None
        """The notes of the snapshot that was recorded last; None before the first one."""
        self._ids = count(1 + (int.from_bytes(os.urandom(8), "big") >> 2))
        """Numbers for new tasks, from a random start, so that no two programs use the same."""
        self._is_ending = False

    def _use(self, work: Callable[[SeenFile], T]) -> T:
        with self._lock:
            try:
                return self._store.use(work)
            except SeenFileBusyError:
                self._digests = None  # Not all of them may have been saved.
                raise

    # Recording

    def record(self, snapshot: Snapshot, *, is_hurried: bool = False) -> bool:
        """Track the notes as they are in `snapshot`; whether anything has changed since the last call.

        What another program of this machine has tracked or seen since counts as changed, too. A note of
        which `snapshot` is older than the disk is left out: the next snapshot has it. An incomplete snapshot
        is ignored. With the first snapshot of a vault everything counts as seen.
        `is_hurried`: whether somebody waits, so that a big vault is recorded without pauses.
        """
        if not snapshot.is_complete:
            return False
        return self._use(lambda file: self._record(file, snapshot, is_hurried=is_hurried))

    def _record(self, file: SeenFile, snapshot: Snapshot, *, is_hurried: bool) -> bool:
        known = self._known(file)
        unread = {problem.path for problem in snapshot.problems}
        gone = [path for path, digest in known.items() if digest and path not in snapshot.notes]
        gone = [path for path in gone if path not in unread and not self._is_added(snapshot, path)]
        self._last_paths = snapshot.notes
        changed = [
            note
            for path, note in snapshot.notes.items()
            if known.get(path) != note.digest and sure_conflict_name(path) is None
        ]
        if file.read_number(_COMPLETE) is None:
            self._record_all(file, snapshot, changed, is_hurried=is_hurried)
            return True
        now: dict[str, tuple[bytes, TrackedNote]] = {}
        for note in changed:
            rows = rows_on_disk(snapshot, note)
            if rows is not None:  # Else the next snapshot has newer bytes, which may be tracked already.
                now[note.path] = (note.digest, rows)
        if now or gone:
            self._track(file, now, gone)
        has_news, self._has_news = self._has_news, False
        return bool(now or gone or has_news)

    def _is_added(self, snapshot: Snapshot, path: str) -> bool:
        """Whether another program has tracked a new note at `path`, of which `snapshot` knows nothing yet."""
        if self._last_paths is None or path in self._last_paths:
            return False
        return os.path.lexists(snapshot.root / path)

    def _record_all(
        self, file: SeenFile, snapshot: Snapshot, notes: Iterable[VaultNote], *, is_hurried: bool
    ) -> None:
        """Record a vault for the first time: all of it counts as seen."""
        for group in _groups(notes):
            if self._is_ending:
                return  # The next start goes on with the others.
            rows: dict[str, StoredNote] = {}
            for note in group:
                parsed = note.content.peek()
                has_tasks = next(parsed.note.tasks, None) is not None
                found = rows_on_disk(snapshot, note, parsed) if has_tasks else None
                found = found or rows_of(parsed.note)
                tracked = numbered(found, lambda: next(self._ids))
                rows[note.path] = StoredNote(parsed.digest, tracked, tracked)
            with file.transaction():
                self._save(file, rows)
            if not is_hurried:
                time.sleep(_PAUSE)
        with file.transaction():
            file.save_number(_COMPLETE, 1)

    def record_own(self, edits: Sequence[OwnEdit], snapshot: Snapshot) -> None:
        """Track what edits of this program did, in their order; all of it counts as seen.

        What others did to the note before an edit, and was not read yet, does not; nor what they did after
        it, where that was tracked already. `snapshot`: the vault as it is now.
        """
        self._use(lambda file: self._record_own(file, edits, snapshot))

    def _record_own(self, file: SeenFile, edits: Sequence[OwnEdit], snapshot: Snapshot) -> None:
        if file.read_number(_COMPLETE) is None:
            return
        is_done = is_done_in(snapshot)
        paths, known = {edit.path for edit in edits}, self._known(file)
        ahead = {path for path in paths if is_later(known.get(path), path, edits, snapshot)}
        if ahead:
            own = [edit for edit in edits if edit.path in ahead]
            changes = changes_between(file.unsettled(), is_done)
            self._mark(file, left_as_written(own, changes, is_done), is_done)
        latest: dict[str, tuple[bytes, TrackedNote]] = {}
        for edit in edits:
            if edit.path in ahead:
                continue
            if edit.path not in latest and self._known(file).get(edit.path, b"") != edit.digest_before:
                rows = rows_of(edit.before)
                if rows.rows:  # Else the edit has created the note.
                    self._track(file, {edit.path: (edit.digest_before, rows)}, ())
            latest[edit.path] = (edit.digest_after, edit.rows_after)
        before = {path: _tracked(file, path) for path in latest}
        now = {path: found for path, found in latest.items() if found[0]}
        self._track(file, now, [path for path in latest if path not in now])
        ids: set[int] = set()
        for path, was in before.items():
            ids |= {id for id, *_ in _lines(was) ^ _lines(_tracked(file, path))}
        self._mark(file, ids, is_done)

    def _track(
        self, file: SeenFile, now: Mapping[str, tuple[bytes, TrackedNote]], gone: Collection[str]
    ) -> None:
        """Follow the notes to their states `now`, with their content hashes, and those that are `gone`."""
        with file.transaction():
            stored = {path: found for path in (*now, *gone) if (found := file.note(path)) is not None}
            before = {path: note.tracked for path, note in stored.items() if note.digest}
            states = file.unsettled()
            lost = {path: note for path, note in states.seen.items() if not self._known(file).get(path)}
            followed = follow(
                before,
                {path: rows for path, (_, rows) in now.items()},
                states.missing,
                lambda: next(self._ids),
                lost,
            )
            back = {path: file.note(path) for path in followed.renamed if path not in stored}
            stored.update((path, found) for path, found in back.items() if found is not None)
            old_path = {new: old for old, new in followed.renamed.items()}
            rows: dict[str, StoredNote] = {}
            for path, tracked in followed.notes.items():
                was = stored.get(old_path.get(path, path))
                digest = now[path][0] if path in now else b""
                rows[path] = StoredNote(digest, tracked, was.seen if was is not None else NO_ROWS)
            for path in followed.renamed:
                file.remove(path)
                self._known(file).pop(path, None)
            self._save(file, rows)
            file.forget_own_lines(
                _undone(file.own_lines(), {**dict.fromkeys(gone, NO_ROWS), **followed.notes})
            )

    def _save(self, file: SeenFile, notes: Mapping[str, StoredNote]) -> None:
        known = self._known(file)
        for path, note in notes.items():
            file.save(path, note)
            known[path] = note.digest

    # Telling

    @property
    def states(self) -> SeenAndTracked:
        """The notes of which not everything was seen."""
        return self._use(SeenFile.unsettled)

    def tracked(self, paths: Iterable[str]) -> dict[str, TrackedNote]:
        """The notes at `paths` as they were tracked last; without those that were never there."""

        def read(file: SeenFile) -> dict[str, TrackedNote]:
            found = {path: file.note(path) for path in paths}
            return {path: note.tracked for path, note in found.items() if note is not None}

        return self._use(read)

    def changes(self, is_done: IsDone) -> list[TaskChange]:
        """What differs from what was seen, in order of paths and lines."""
        return changes_between(self.states, is_done)

    def mark(self, ids: Collection[int], is_done: IsDone) -> None:
        """The tasks `ids` were seen as they are."""
        if ids:
            self._use(lambda file: self._mark(file, ids, is_done))

    def mark_shown(self, shown: Collection[ShownChange], is_done: IsDone) -> None:
        """What is still as it was `shown` was seen."""

        def mark(file: SeenFile) -> None:
            changes = changes_between(file.unsettled(), is_done)
            self._mark(file, {one.id for one in changes if one.shown in shown}, is_done)

        if shown:
            self._use(mark)

    def _mark(self, file: SeenFile, ids: Collection[int], is_done: IsDone) -> None:
        with file.transaction():
            states = file.unsettled()
            if file.own_lines():
                seen = [one for one in changes_between(states, is_done) if one.id in ids]
                file.forget_own_lines((one.path, one.row.source) for one in seen)
            settled: SeenAndTracked = mark_seen(states, ids, is_done)
            digests = self._known(file)
            rows = {
                path: StoredNote(digests.get(path, b""), settled.tracked[path], seen)
                for path, seen in settled.seen.items()
            }
            self._save(file, rows)

    def ids_of(self, path: str, digest: bytes) -> tuple[int, ...]:
        """The numbers of the tasks of the note at `path`, in order; empty if another state was tracked."""
        stored = self._use(lambda file: file.note(path))
        if stored is None or stored.digest != digest:
            return ()
        return tuple(row.id for row in stored.tracked.rows)

    @property
    def own_lines(self) -> dict[OwnLine, int]:
        """What commands of this machine have done, and when, in microseconds since 1970."""
        return self._use(SeenFile.own_lines)

    # Looks

    @property
    def is_recorded(self) -> bool:
        """Whether the vault was recorded before; else everything counts as seen."""
        return self._use(lambda file: file.read_number(_COMPLETE)) is not None

    @property
    def last_look(self) -> int | None:
        """When somebody looked last, in microseconds since 1970; None if never."""
        return self._use(lambda file: file.read_number(_LAST_LOOK))

    def save_look(self, at: int) -> None:
        """Save that somebody looks now, at `at` microseconds since 1970."""
        self._use(lambda file: file.save_number(_LAST_LOOK, at))

    def end(self) -> None:
        """Have a call that records a vault for the first time end soon. Takes no lock."""
        self._is_ending = True

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._store.close()
            self._digests = None

    @property
    def trouble(self) -> SeenFileTrouble:
        """What was wrong with the file."""
        return SeenFileTrouble(self._store.fault, self._store.set_aside)

    def _known(self, file: SeenFile) -> dict[str, bytes]:
        """The content hashes of the notes in `file`, by path."""
        if self._digests is None or self._known_of is not file or file.was_written_by_others():
            self._has_news = self._known_of is not None
            self._digests, self._known_of = file.digests(), file
        return self._digests


def _tracked(file: SeenFile, path: str) -> TrackedNote:
    stored = file.note(path)
    return stored.tracked if stored is not None else NO_ROWS


def _lines(note: TrackedNote) -> set[tuple[int, str, int, bool]]:
    """What an edit of a task changes; a renamed heading changes none."""
    return {(row.id, row.source, row.parent, row.is_moved) for row in note.rows}


def _undone(own_lines: Iterable[OwnLine], now: TrackedNotes) -> list[tuple[str, str]]:
    """Those of `own_lines` that somebody has changed since, by the state `now` of some notes."""
    sources = {path: {row.source for row in note.rows} for path, note in now.items()}
    return [
        (line.path, line.source)
        for line in own_lines
        if line.path in sources and (line.source in sources[line.path]) is (line.kind is OwnLineKind.REMOVED)
    ]


def is_done_in(snapshot: Snapshot) -> IsDone:
    """Whether a status symbol means done in the vault."""
    return lambda symbol: snapshot.statuses.type_of(symbol) is StatusType.DONE


def _groups(notes: Iterable[VaultNote]) -> Iterator[list[VaultNote]]:
    left = iter(notes)
    while group := list(islice(left, _NOTES_AT_ONCE)):
        yield group
