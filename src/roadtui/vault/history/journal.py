"""One machine's journal of one vault: an SQLite file of events, and of the notes as they were last seen.

It is one file whenever nobody is writing, so that it can be copied to another machine as it is: hence no
write-ahead log. A journal that can't be used never stands in anybody's way: a damaged one is set aside, and
where there can be none, one in memory takes its place.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from roadtui.core.following import Entry
from roadtui.vault.history.events import Event

SUFFIX = ".sqlite"
_VERSION = 1
_PATIENCE_SECONDS = 2.0
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


class NewerJournalError(sqlite3.OperationalError):
    """The file was written by a later version of the program."""


class Remembered(NamedTuple):
    """A note as it was last seen."""

    digest: bytes
    tasks: array[int]
    """The number of the task of each entry; 0 for a heading."""
    entries: Sequence[Entry]
    is_gone: bool = False
    """Whether it was not there any more when the vault was last looked at."""


class Known(NamedTuple):
    """What tells which tasks are in a note, without what they say."""

    digest: bytes
    tasks: array[int]


class Departed(NamedTuple):
    """A box that is nowhere at the moment; it may have been cut to be pasted elsewhere."""

    task: int
    at: int
    """Microseconds since 1970, UTC."""
    words: str
    mark: str


class Journal:
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
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def was_written_by_others(self) -> bool:
        """Whether another process has written since this was last asked."""
        before, self._seen_version = self._seen_version, self._version()
        return before != self._seen_version

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def copy(self) -> Journal:
        """The same in memory; an empty one where this can't be read."""
        memory = _connect(":memory:")
        try:
            self._connection.backup(memory)
            memory.executescript(_SCHEMA)
        except sqlite3.Error:
            memory = _prepared(":memory:")
        return Journal(memory, None)

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
        """Give the space of what was taken out back to the disk."""
        self._connection.execute("VACUUM")

    # Notes

    def known(self) -> dict[str, Known]:
        """The notes that were there, by path."""
        rows = self._connection.execute("SELECT path, digest, tasks FROM note WHERE gone IS NULL")
        try:
            return {_decoded(path): Known(digest, array("q", tasks)) for path, digest, tasks in rows}
        except (ValueError, TypeError, AttributeError) as error:
            raise sqlite3.DatabaseError("it is damaged") from error

    def remembered(self, path: str) -> Remembered | None:
        """One note as it was last seen."""
        row = self._connection.execute(
            "SELECT digest, tasks, entries, gone FROM note WHERE path = ?", (_encoded(path),)
        ).fetchone()
        if row is None:
            return None
        digest, tasks, packed, gone = row
        try:
            entries = [Entry(words, mark) for words, mark in json.loads(zlib.decompress(packed))]
            return Remembered(digest, array("q", tasks), entries, gone is not None)
        except (ValueError, TypeError, zlib.error) as error:
            raise sqlite3.DatabaseError("it is damaged") from error

    def remember(self, path: str, note: Remembered) -> None:
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

    def departed(self) -> list[Departed]:
        """The boxes that went, the first first."""
        rows = self._connection.execute("SELECT task, at, words, mark FROM departed ORDER BY at, task")
        return [Departed(task, at, json.loads(words), json.loads(mark)) for task, at, words, mark in rows]

    def depart(self, boxes: Iterable[Departed]) -> None:
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
        return None if row is None else int(row[0])

    def state(self, name: str, value: int) -> None:
        """Keep a number by name."""
        self._connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def open_journal(file: Path | None, tell: Callable[[str], None]) -> Journal:
    """The journal in `file`, made if it is missing; `None` keeps it in memory.

    Where the file can't be used, `tell` is given a sentence, and the journal is a new one or one in memory.
    """
    if file is None:
        return Journal(_prepared(":memory:"), None)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            return Journal(_prepared(file), file)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            set_aside(file, tell)
            return Journal(_prepared(file), file)
    except (OSError, sqlite3.Error) as error:
        tell(cannot_write(error))
        return _as_far_as_it_can_be_read(file)


def set_aside(file: Path, tell: Callable[[str], None]) -> None:
    """Move a damaged journal out of the way, which raises OSError where that is not allowed."""
    aside = next(
        free
        for number in range(1, 10_000)
        if not (free := file.with_suffix(f".damaged{number if number > 1 else ''}")).exists()
    )
    file.replace(aside)
    tell(
        f"The history of this vault was damaged and is set aside as {aside}. A new one begins;"
        " `roadtui history import` dates again what git knows."
    )


def cannot_write(error: Exception) -> str:
    """What to tell when the journal goes on in memory."""
    return f"The history can't be written ({error}): what happens now is remembered only until you quit."


def read_other(file: Path) -> Journal:
    """Another machine's journal, copied here; it is never written.

    Raises:
        sqlite3.Error: it can't be read.
    """
    with closing(_connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1")) as connection:
        _check(connection)
        memory = _connect(":memory:")
        connection.backup(memory)
    return Journal(memory, None)


def _as_far_as_it_can_be_read(file: Path) -> Journal:
    with suppress(sqlite3.Error):
        return read_other(file)
    return Journal(_prepared(":memory:"), None)


def _prepared(file: Path | str) -> sqlite3.Connection:
    connection = _connect(file)
    try:
        _check(connection, is_new=True)
        connection.executescript(_SCHEMA)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _connect(file: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(
        file,
        timeout=_PATIENCE_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        uri=isinstance(file, str) and file.startswith("file:"),
    )


def _check(connection: sqlite3.Connection, *, is_new: bool = False) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise NewerJournalError("it was made by a newer roadtui")
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
