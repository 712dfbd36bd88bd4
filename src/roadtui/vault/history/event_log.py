"""One machine's journal of one vault: an SQLite file of events, and of the notes as they were last seen.

It is one file whenever nobody is writing, so that it can be copied to another machine as it is: hence no
write-ahead log. A journal that can't be used never stands in anybody's way: a damaged one is set aside, and
where there can be none at the moment, a copy in memory takes its place.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from roadtui.core.matching import MatchKey
from roadtui.vault.history.events import Event
from roadtui.vault.state_database import (
    IN_MEMORY,
    DamagedDatabaseError,
    NewerDatabaseError,
    connect,
    connect_to_read,
    transaction,
)

SUFFIX = ".sqlite"
LOOKED = "looked"
"""Fact: the moment the vault was last looked at."""
_VERSION = 1
PATIENCE_SECONDS = 2.0
"""How long another process may keep the journal locked."""

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
    """A note as it was last seen."""

    digest: bytes
    tasks: array[int]
    """The number of the task of each entry; 0 for a heading."""
    entries: Sequence[MatchKey]
    is_gone: bool = False
    """Whether it was not there any more when the vault was last looked at."""

    def without_moved(self, departed: Collection[int]) -> KnownNote:
        """The note without the boxes that are in another one by now: if it is gone, those not `departed`."""
        if not self.is_gone:
            return self
        pairs = zip(self.tasks, self.entries, strict=True)
        left = [(task, entry) for task, entry in pairs if not entry.is_checkbox or task in departed]
        return self._replace(
            tasks=array("q", (task for task, _ in left)), entries=[entry for _, entry in left]
        )


class KnownTasks(NamedTuple):
    """What tells which tasks are in a note, without what they say."""

    digest: bytes
    tasks: array[int]


class MissingTask(NamedTuple):
    """A box that is nowhere at the moment; it may have been cut to be pasted elsewhere."""

    task: int
    at: int
    """Microseconds since 1970, UTC."""
    words: str
    status_symbol: str


class EventLog:
    """One file. One thread at a time; several processes take turns."""

    def __init__(self, connection: sqlite3.Connection, file: Path | None) -> None:
        self._connection = connection
        self.file = file
        """None where it is kept in memory."""
        self._seen_version = self._version()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else writes meanwhile; what is written is kept as a whole or not at all."""
        with transaction(self._connection):
            yield

    def was_written_by_others(self) -> bool:
        """Whether another process has written since this was last asked."""
        before, self._seen_version = self._seen_version, self._version()
        return before != self._seen_version

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def wait_for_others(self) -> None:
        """Wait from now on, as usual, for another process that is using the file."""
        self._connection.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000:.0f}")

    # Events

    def events(self) -> list[Event]:
        """Every event, in no order; a row that another program spoilt is left out."""
        rows = self._connection.execute("SELECT * FROM event")
        return [Event(*row) for row in rows if _is_sound(row)]

    def add(self, events: Iterable[Event]) -> None:
        """Write events; those that are there already stay as they are."""
        rows = (found._replace(path=_plain(found.path), words=_plain(found.words)) for found in events)
        self._connection.executemany("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def remove(self, uuids: Iterable[str]) -> None:
        """Take events out."""
        self._connection.executemany("DELETE FROM event WHERE uuid = ?", ((uuid,) for uuid in uuids))

    def shrink(self) -> None:
        """Give the space of what was taken out back to the disk, where that is possible now."""
        with suppress(sqlite3.Error):
            self._connection.execute("VACUUM")

    # Notes

    def known(self) -> dict[str, KnownTasks]:
        """The notes that were there, by path."""
        rows = self._connection.execute("SELECT path, digest, tasks FROM note WHERE gone IS NULL")
        try:
            return {_decoded(path): KnownTasks(digest, array("q", tasks)) for path, digest, tasks in rows}
        except (ValueError, TypeError, AttributeError) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def remembered(self, path: str) -> KnownNote | None:
        """One note as it was last seen."""
        row = self._connection.execute(
            "SELECT digest, tasks, entries, gone FROM note WHERE path = ?", (_encoded(path),)
        ).fetchone()
        if row is None:
            return None
        digest, tasks, packed, gone = row
        try:
            entries = [MatchKey(words, mark) for words, mark in json.loads(zlib.decompress(packed))]
            return KnownNote(digest, array("q", tasks), entries, gone is not None)
        except (ValueError, TypeError, zlib.error) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def remember(self, path: str, note: KnownNote) -> None:
        """Keep a note as it is now."""
        packed = zlib.compress(json.dumps(note.entries, separators=(",", ":")).encode("ascii"), 1)
        self._connection.execute(
            "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, NULL)",
            (_encoded(path), note.digest, note.tasks.tobytes(), packed),
        )

    def part(self, path: str, at: int) -> None:
        """A note is gone since `at`; it may come back, as with a disk that was not there."""
        self._connection.execute("UPDATE note SET gone = ? WHERE path = ?", (at, _encoded(path)))

    # Boxes that are nowhere

    def departed(self) -> list[MissingTask]:
        """The boxes that went, the first first."""
        rows = self._connection.execute("SELECT task, at, words, mark FROM departed ORDER BY at, task")
        try:
            return [
                MissingTask(task, at, json.loads(words), json.loads(mark)) for task, at, words, mark in rows
            ]
        except (ValueError, TypeError) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def depart(self, boxes: Iterable[MissingTask]) -> None:
        """Keep boxes in mind that are nowhere."""
        rows = ((task, at, _packed(words), _packed(mark)) for task, at, words, mark in boxes)
        self._connection.executemany("INSERT OR REPLACE INTO departed VALUES (?, ?, ?, ?)", rows)

    def reappear(self, task: int) -> None:
        """A box is somewhere again."""
        self._connection.execute("DELETE FROM departed WHERE task = ?", (task,))

    def give_up(self, before: int) -> None:
        """No longer wait for boxes and notes that went before this moment."""
        self._connection.execute("DELETE FROM departed WHERE at < ?", (before,))
        self._connection.execute("DELETE FROM note WHERE gone < ?", (before,))

    # Facts

    def fact(self, name: str) -> int | None:
        """A number that is kept by name."""
        row = self._connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        try:
            return None if row is None else int(row[0])
        except (ValueError, TypeError) as error:
            raise DamagedDatabaseError("it is damaged") from error

    def state(self, name: str, value: int) -> None:
        """Keep a number by name."""
        self._connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def open_file(file: Path, patience: float = PATIENCE_SECONDS) -> EventLog:
    """The journal in `file`, made if it is missing. Raises sqlite3.Error where it can't be used now."""
    return EventLog(_prepared(file, patience), file)


def in_memory(like: Path | None = None) -> EventLog:
    """A journal in memory, with what the file `like` holds, as far as that can be read."""
    if like is not None:
        with suppress(sqlite3.Error):
            return read_other(like)
    return EventLog(_prepared(IN_MEMORY), None)


def read_other(file: Path) -> EventLog:
    """Another machine's journal, copied here; it is never written.

    Raises:
        sqlite3.Error: it can't be read.
    """
    with closing(connect_to_read(file)) as connection:
        _check(connection)
        memory = connect(IN_MEMORY, 0.0)
        connection.backup(memory)
    return EventLog(memory, None)


def count_notes(file: Path) -> int | None:
    """How many notes the vault had at the last look; None where the journal in `file` can't tell."""
    with suppress(sqlite3.Error), closing(connect_to_read(file)) as connection:
        _check(connection)
        looked = connection.execute("SELECT 1 FROM fact WHERE name = ?", (LOOKED,)).fetchone()
        if looked is not None:
            return int(connection.execute("SELECT COUNT(*) FROM note WHERE gone IS NULL").fetchone()[0])
    return None


def _prepared(file: Path | str, patience: float = 0.0) -> sqlite3.Connection:
    connection = connect(file, patience)
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
        raise sqlite3.DatabaseError("it is no journal")


def _is_sound(row: Sequence[object]) -> bool:
    uuid, at, day, task, kind, origin, path, words, seconds = row
    return (
        all(isinstance(number, int) for number in (at, task, seconds))
        and all(isinstance(text, str) for text in (uuid, kind, origin, path, words))
        and (day is None or (isinstance(day, int) and 0 < day <= date.max.toordinal()))
    )


def _encoded(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _decoded(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")


def _packed(text: str) -> str:
    """Text that may hold half characters, which SQLite can't keep as they are."""
    return json.dumps(text)


def _plain(text: str) -> str:
    """Text that is only read by people; half characters are escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
