"""The file of what was seen: each note as it was seen and as it was last tracked. One SQLite file, mode 0600.

It is this machine's alone, beside the event log of the history, and is never needed: without it, everything
counts as seen. It holds lines of tasks, so that they can be shown and restored.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from roadtui.core.activity.changes import SeenAndTracked
from roadtui.core.activity.rows import NO_ROWS, TrackedNote, TrackedRow
from roadtui.vault.reader import decode, encode
from roadtui.vault.state_database import (
    IN_MEMORY,
    DamagedDatabaseError,
    NewerDatabaseError,
    StateDatabase,
    connect,
)

SUFFIX = ".activity"
_VERSION = 1
_MOST_OWN_LINES = 1_000
_TIMEOUT_SECONDS = 2.0
"""How long to wait for another process that has locked the file."""
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS note (
    path BLOB PRIMARY KEY, digest BLOB NOT NULL, tracked BLOB NOT NULL, seen BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unsettled ON note (path) WHERE seen IS NOT NULL;
CREATE TABLE IF NOT EXISTS own_line (
    path BLOB NOT NULL, source BLOB NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (path, source)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
COMMIT;
"""


class StoredNote(NamedTuple):
    """A note in the file."""

    digest: bytes
    """Content hash of the tracked state; empty for a note that is gone."""
    tracked: TrackedNote
    seen: TrackedNote
    """Equal to `tracked` where everything was seen."""


class OwnLine(NamedTuple):
    """A line of a task that this program has written from a command, or removed."""

    path: str
    source: str


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
        """Save that this program has written `lines`, at `at` microseconds since 1970."""
        rows = [(encode(line.path), encode(line.source), at) for line in lines]
        with self.transaction():
            self._connection.executemany("INSERT OR REPLACE INTO own_line VALUES (?, ?, ?)", rows)
            self._connection.execute(
                "DELETE FROM own_line WHERE at < (SELECT at FROM own_line ORDER BY at DESC LIMIT 1 OFFSET ?)",
                (_MOST_OWN_LINES,),
            )

    def own_lines(self) -> dict[OwnLine, int]:
        """The lines that commands have written last, and when, in microseconds since 1970."""
        rows = self._connection.execute("SELECT path, source, at FROM own_line")
        return {OwnLine(decode(path), decode(source)): int(at) for path, source, at in rows}

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
        (row.id, row.source, row.symbol_index, row.parent, number[row.section], int(row.is_moved))
        for row in note.rows
    ]
    headings = [number[section] for section in note.sections]
    text = json.dumps((sections, headings, rows), separators=(",", ":"))  # ASCII: lone surrogates, too.
    return zlib.compress(text.encode("ascii"), 1)


def _unpacked(packed: bytes) -> TrackedNote:
    if not packed:
        return NO_ROWS
    try:
        titles, headings, listed = json.loads(zlib.decompress(packed))
        sections = [tuple(map(str, title)) for title in titles]
        rows = tuple(
            TrackedRow(int(id), str(source), int(at), int(parent), sections[section], bool(moved))
            for id, source, at, parent, section, moved in listed
        )
        if any(not 0 <= row.symbol_index < len(row.source) for row in rows):
            raise DamagedDatabaseError("it is damaged")
        return TrackedNote(tuple(sections[at] for at in headings), rows)
    except (ValueError, TypeError, LookupError, zlib.error) as error:
        raise DamagedDatabaseError("it is damaged") from error
