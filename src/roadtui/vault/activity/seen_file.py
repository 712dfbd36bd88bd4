"""The file of what was seen: each note as it was seen and as it was last tracked. One SQLite file, mode 0600.

It is this machine's alone, beside the event log of the history, and is never needed: without it, everything
counts as seen. It holds lines of tasks, so that they can be shown and restored.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from roadtui.core.activity.changes import SeenAndTracked
from roadtui.core.activity.rows import NO_ROWS, TrackedNote, TrackedRow
from roadtui.core.activity.text_below import LineBelow, TextBelow
from roadtui.vault.reader import decode, encode
from roadtui.vault.state_database import (
    IN_MEMORY,
    DamagedDatabaseError,
    NewerDatabaseError,
    StateDatabase,
    connect,
)

SUFFIX = ".activity"
_VERSION = 2
_MOST_OWN_LINES = 1_000
_TIMEOUT_SECONDS = 2.0
"""How long to wait for another process that has locked the file."""
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS note (
    path BLOB PRIMARY KEY, digest BLOB NOT NULL, tracked BLOB NOT NULL, seen BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unsettled ON note (path) WHERE seen IS NOT NULL;
DROP TABLE IF EXISTS own_line;
CREATE TABLE IF NOT EXISTS own_change (
    path BLOB NOT NULL, source BLOB NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (path, source, kind)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 2;
COMMIT;
"""


class StoredNote(NamedTuple):
    """A note in the file."""

    digest: bytes
    """Content hash of the tracked state; empty for a note that is gone."""
    tracked: TrackedNote
    seen: TrackedNote
    """Equal to `tracked` where everything was seen."""


class OwnLineKind(Enum):
    """What a command has done with the line of a task. The values are stored."""

    WRITTEN = "written"
    """The task is new, or had another line."""
    MOVED = "moved"
    """The task had the same line at another place of the note."""
    REMOVED = "removed"
    """The task is gone. The old line of a changed task is not removed."""


class OwnLine(NamedTuple):
    """A line of a task, and what a command of this program has done with it."""

    path: str
    source: str
    kind: OwnLineKind


class SeenFile(StateDatabase):
    """The content of one file, or of memory. For one thread at a time; several processes may share a file."""

    def digests(self) -> dict[str, bytes]:
        """The content hashes of the tracked states, by path; empty for notes that are gone."""
        rows = self._connection.execute("SELECT path, digest FROM note")
        try:
            return {decode(path): bytes(digest) for path, digest in rows}
        except (ValueError, TypeError, AttributeError) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def note(self, path: str) -> StoredNote | None:
        """The note at `path`; None if it is not in the file."""
        row = self._connection.execute(
            "SELECT digest, tracked, seen FROM note WHERE path = ?", (encode(path),)
        ).fetchone()
        return None if row is None else _stored(*row)

    def unsettled(self) -> SeenAndTracked:
        """The notes of which not everything was seen."""
        rows = self._connection.execute("SELECT path, digest, tracked, seen FROM note WHERE seen IS NOT NULL")
        notes = {decode(path): _stored(digest, tracked, seen) for path, digest, tracked, seen in rows}
        return SeenAndTracked(
            {path: note.seen for path, note in notes.items()},
            {path: note.tracked for path, note in notes.items()},
        )

    def save(self, path: str, note: StoredNote) -> None:
        """Save a note; one that is gone, and was seen to be, is removed."""
        is_settled = note.seen.rows == note.tracked.rows
        if is_settled and not note.digest:
            self.remove(path)
            return
        seen = None if is_settled else _packed(note.seen)
        self._connection.execute(
            "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?)",
            (encode(path), note.digest, _packed(note.tracked), seen),
        )

    def remove(self, path: str) -> None:
        """Remove a note."""
        self._connection.execute("DELETE FROM note WHERE path = ?", (encode(path),))

    def save_own_lines(self, lines: Iterable[OwnLine], at: int) -> None:
        """Save what a command has done, `at` microseconds since 1970, in place of what it did before."""
        with self.transaction():
            for line in lines:
                self._forget_own(line.path, line.source)
                self._connection.execute(
                    "INSERT OR REPLACE INTO own_change VALUES (?, ?, ?, ?)",
                    (encode(line.path), encode(line.source), line.kind.value, at),
                )
            self._connection.execute(
                "DELETE FROM own_change"
                " WHERE at < (SELECT at FROM own_change ORDER BY at DESC LIMIT 1 OFFSET ?)",
                (_MOST_OWN_LINES,),
            )

    def _forget_own(self, path: str, source: str) -> None:
        self._connection.execute(
            "DELETE FROM own_change WHERE path = ? AND source = ?", (encode(path), encode(source))
        )

    def forget_own_lines(self, lines: Iterable[tuple[str, str]]) -> None:
        """Forget what commands have done with lines, each given by its path and itself."""
        for path, source in lines:
            self._forget_own(path, source)

    def own_lines(self) -> dict[OwnLine, int]:
        """What commands have done last, and when, in microseconds since 1970."""
        rows = self._connection.execute("SELECT path, source, kind, at FROM own_change")
        try:
            return {
                OwnLine(decode(path), decode(source), OwnLineKind(kind)): int(at)
                for path, source, kind, at in rows
            }
        except ValueError as error:
            raise DamagedDatabaseError("it is damaged") from error

    def read_number(self, name: str) -> int | None:
        """The number saved under `name`; None if there is none."""
        row = self._connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row is not None and isinstance(row[0], int) else None

    def save_number(self, name: str, value: int) -> None:
        """Save a number under `name`."""
        self._connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def open_seen_file(file: Path) -> SeenFile:
    """Open `file`, which is created if it is missing.

    Raises:
        sqlite3.Error: the file cannot be used at the moment.
        OSError: as above.
    """
    with suppress(FileExistsError):  # SQLite would make it with the usual mode.
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    return SeenFile(_prepared(file, _TIMEOUT_SECONDS), file)


def seen_in_memory() -> SeenFile:
    """An empty file in memory."""
    return SeenFile(_prepared(IN_MEMORY, 0.0), None)


def _prepared(file: Path | str, timeout: float) -> sqlite3.Connection:
    connection = connect(file, timeout)
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
            raise NewerDatabaseError("it was made by a newer roadtui")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _stored(digest: bytes, tracked: bytes, seen: bytes | None) -> StoredNote:
    now = _unpacked(tracked)
    return StoredNote(bytes(digest), now, now if seen is None else _unpacked(seen))


def _packed(note: TrackedNote) -> bytes:
    if note == NO_ROWS:
        return b""
    sections = list(dict.fromkeys((*note.sections, *(row.section for row in note.rows))))
    number = {section: at for at, section in enumerate(sections)}
    rows = [
        (row.id, row.source, row.symbol_index, row.parent, number[row.section], int(row.is_moved), row.twin)
        for row in note.rows
    ]
    headings = [number[section] for section in note.sections]
    below = [*note.below.items()]
    text = json.dumps(
        (sections, headings, rows, below), separators=(",", ":")
    )  # ASCII: lone surrogates, too.
    return zlib.compress(text.encode("ascii"), 1)


def _below(text: Sequence[tuple[int, str]] | None) -> TextBelow | None:
    return None if text is None else tuple(LineBelow(int(after), str(line)) for after, line in text)


def _unpacked(packed: bytes) -> TrackedNote:
    if not packed:
        return NO_ROWS
    try:
        titles, headings, listed, *more = json.loads(zlib.decompress(packed))
        sections = [tuple(map(str, title)) for title in titles]
        rows = tuple(
            TrackedRow(
                int(id), str(source), int(at), int(parent), sections[section], bool(moved), *map(int, twin)
            )
            for id, source, at, parent, section, moved, *twin in listed
        )
        if any(not 0 <= row.symbol_index < len(row.source) for row in rows):
            raise DamagedDatabaseError("it is damaged")
        # Version 1 did not know what is below tasks, nor which of headings with the same path they are below.
        below = {int(id): _below(text) for id, text in more[0]} if more else {row.id: None for row in rows}
        return TrackedNote(tuple(sections[at] for at in headings), rows, below)
    except (ValueError, TypeError, LookupError, zlib.error) as error:
        raise DamagedDatabaseError("it is damaged") from error
