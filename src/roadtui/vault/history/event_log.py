"""The event log of one vault on one machine: an SQLite file of events, and of the notes as last recorded.

It is a single file whenever nobody is writing, so that it can be copied to another machine: hence no SQLite
write-ahead log. An unusable file never blocks the program: a damaged file is set aside, and while no file can
be used, a log in memory replaces it (`store`).
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from roadtui.core.matching import MatchKey
from roadtui.vault.history.events import Event
from roadtui.vault.reader import decode, encode
from roadtui.vault.state_database import (
    IN_MEMORY,
    DamagedDatabaseError,
    NewerDatabaseError,
    StateDatabase,
    connect,
    connect_to_read,
)

LAST_SEEN = "looked"
"""Name of the number that holds when the vault was last recorded, in microseconds since 1970, UTC."""
_VERSION = 1
TIMEOUT_SECONDS = 2.0
"""How long to wait for another process that has locked the file."""

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS event (
    uuid TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    day INTEGER,
    task INTEGER NOT NULL,
    kind TEXT NOT NULL,
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    words TEXT NOT NULL,
    seconds INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (
    path BLOB PRIMARY KEY,
    digest BLOB NOT NULL,
    tasks BLOB NOT NULL,
    entries BLOB NOT NULL,
    gone INTEGER
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS departed (
    task INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    words TEXT NOT NULL,
    mark TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
COMMIT;
"""


class KnownNote(NamedTuple):
    """A note as it was last recorded."""

    digest: bytes
    """Content hash of the note."""
    tasks: array[int]
    """The task number of each entry; 0 for a heading."""
    entries: Sequence[MatchKey]
    is_missing: bool = False
    """Whether the note did not exist when the vault was last recorded."""

    def without_moved(self, missing: Collection[int]) -> KnownNote:
        """A missing note without the tasks that are in another note now, which are those not in `missing`."""
        if not self.is_missing:
            return self
        pairs = zip(self.tasks, self.entries, strict=True)
        left = [(task, entry) for task, entry in pairs if not entry.is_checkbox or task in missing]
        return self._replace(
            tasks=array("q", (task for task, _ in left)), entries=[entry for _, entry in left]
        )


class KnownTasks(NamedTuple):
    """The task numbers of a note as it was last recorded, without its entries."""

    digest: bytes
    tasks: array[int]


class MissingTask(NamedTuple):
    """A task that is in no note at the moment; it may have been cut to be pasted elsewhere."""

    task: int
    at: int
    """Microseconds since 1970, UTC."""
    description: str
    status_symbol: str


class EventLog(StateDatabase):
    """The log in one file, or in memory. For one thread at a time; several processes may share a file."""

    def wait_for_others(self) -> None:
        """Restore the usual waiting time for other processes that are using the file."""
        self._connection.execute(f"PRAGMA busy_timeout = {TIMEOUT_SECONDS * 1000:.0f}")

    # Events

    def events(self) -> list[Event]:
        """All events, in no particular order; rows with invalid values are left out."""
        rows = self._connection.execute("SELECT * FROM event")
        return [Event(*row) for row in rows if _is_valid(row)]

    def add(self, events: Iterable[Event]) -> None:
        """Add events; an event with the id of an existing one is ignored."""
        rows = (
            found._replace(path=_plain(found.path), description=_plain(found.description)) for found in events
        )
        self._connection.executemany("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def remove(self, uuids: Iterable[str]) -> None:
        """Remove the events with these ids."""
        self._connection.executemany("DELETE FROM event WHERE uuid = ?", ((uuid,) for uuid in uuids))

    def vacuum(self) -> None:
        """Return the space of removed events to the disk, if that is possible now."""
        with suppress(sqlite3.Error):
            self._connection.execute("VACUUM")

    # Notes

    def known_notes(self) -> dict[str, KnownTasks]:
        """The notes that existed when the vault was last recorded, by path."""
        rows = self._connection.execute("SELECT path, digest, tasks FROM note WHERE gone IS NULL")
        try:
            return {decode(path): KnownTasks(digest, array("q", tasks)) for path, digest, tasks in rows}
        except (ValueError, TypeError, AttributeError) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def known_note(self, path: str) -> KnownNote | None:
        """The note at `path` as it was last recorded; None for an unknown note."""
        row = self._connection.execute(
            "SELECT digest, tasks, entries, gone FROM note WHERE path = ?", (encode(path),)
        ).fetchone()
        if row is None:
            return None
        digest, tasks, compressed, gone = row
        try:
            entries = [
                MatchKey(description, symbol)
                for description, symbol in json.loads(zlib.decompress(compressed))
            ]
            return KnownNote(digest, array("q", tasks), entries, gone is not None)
        except (ValueError, TypeError, zlib.error) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def save_note(self, path: str, note: KnownNote) -> None:
        """Save a note as it is now."""
        compressed = zlib.compress(json.dumps(note.entries, separators=(",", ":")).encode("ascii"), 1)
        self._connection.execute(
            "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, NULL)",
            (encode(path), note.digest, note.tasks.tobytes(), compressed),
        )

    def mark_missing(self, path: str, at: int) -> None:
        """Save that a note is missing since `at`; it may come back, as with a disk that was not mounted."""
        self._connection.execute("UPDATE note SET gone = ? WHERE path = ?", (at, encode(path)))

    # Missing tasks

    def missing_tasks(self) -> list[MissingTask]:
        """The missing tasks, the first removed first."""
        rows = self._connection.execute("SELECT task, at, words, mark FROM departed ORDER BY at, task")
        try:
            return [
                MissingTask(task, at, json.loads(description), json.loads(symbol))
                for task, at, description, symbol in rows
            ]
        except (ValueError, TypeError) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def add_missing_tasks(self, tasks: Iterable[MissingTask]) -> None:
        """Save tasks that are in no note."""
        rows = (
            (task, at, _as_json(description), _as_json(symbol)) for task, at, description, symbol in tasks
        )
        self._connection.executemany("INSERT OR REPLACE INTO departed VALUES (?, ?, ?, ?)", rows)

    def remove_missing_task(self, task: int) -> None:
        """Remove a task from the missing ones, as it is in a note again."""
        self._connection.execute("DELETE FROM departed WHERE task = ?", (task,))

    def drop_missing_before(self, before: int) -> None:
        """Forget the tasks and notes that are missing since before this moment."""
        self._connection.execute("DELETE FROM departed WHERE at < ?", (before,))
        self._connection.execute("DELETE FROM note WHERE gone < ?", (before,))

    # Numbers

    def read_number(self, name: str) -> int | None:
        """The number saved under `name`; None if there is none."""
        row = self._connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        try:
            return None if row is None else int(row[0])
        except (ValueError, TypeError) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def save_number(self, name: str, value: int) -> None:
        """Save a number under `name`."""
        self._connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def open_log(file: Path, timeout: float = TIMEOUT_SECONDS) -> EventLog:
    """Open the log in `file`, which is created if it is missing.

    Raises:
        sqlite3.Error: the file cannot be used at the moment.
    """
    return EventLog(_prepared(file, timeout), file)


def log_in_memory(like: Path | None = None) -> EventLog:
    """A log in memory, with a copy of the file `like` if that can be read."""
    if like is not None:
        with suppress(sqlite3.Error):
            return read_other_log(like)
    return EventLog(_prepared(IN_MEMORY), None)


def read_other_log(file: Path) -> EventLog:
    """A copy in memory of another machine's log file, which is never written.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    with closing(connect_to_read(file)) as connection:
        _check(connection)
        memory = connect(IN_MEMORY, 0.0)
        connection.backup(memory)
    return EventLog(memory, None)


def count_notes(file: Path) -> int | None:
    """The number of notes that the log in `file` last recorded; None if that cannot be read."""
    with suppress(sqlite3.Error), closing(connect_to_read(file)) as connection:
        _check(connection)
        is_recorded = connection.execute("SELECT 1 FROM fact WHERE name = ?", (LAST_SEEN,)).fetchone()
        if is_recorded is not None:
            return int(connection.execute("SELECT COUNT(*) FROM note WHERE gone IS NULL").fetchone()[0])
    return None


def _prepared(file: Path | str, timeout: float = 0.0) -> sqlite3.Connection:
    connection = connect(file, timeout)
    try:
        _check(connection, is_new=True)
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection, *, is_new: bool = False) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise NewerDatabaseError("it was made by a newer roadtui")
    if version == 0 and not is_new:
        raise sqlite3.DatabaseError("it is not a history file")


def _is_valid(row: Sequence[object]) -> bool:
    uuid, at, day, task, kind, origin, path, description, seconds = row
    return (
        all(isinstance(number, int) for number in (at, task, seconds))
        and all(isinstance(text, str) for text in (uuid, kind, origin, path, description))
        and (day is None or (isinstance(day, int) and 0 < day <= date.max.toordinal()))
    )


def _as_json(text: str) -> str:
    """`text` as ASCII JSON: it may contain lone surrogates, which SQLite cannot store."""
    return json.dumps(text)


def _plain(text: str) -> str:
    """`text` with lone surrogates escaped, for columns that are only read by people."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
