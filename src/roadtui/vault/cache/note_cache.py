"""Keeps the summaries of notes from one start to the next, so that unchanged notes are not read again.

One SQLite file for each vault, in the user's cache folder. It may be deleted at any time. A file that is
damaged, of another version of the program, or not the user's own is ignored and made anew; so is a cache on a
full or read-only disk. A summary counts only for a file whose stamp is the one that it was read with. Edits
never rely on it: they find their tasks in the bytes of the moment. Several programs may use it at a time.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path
from struct import error as StructError

from roadtui import __version__
from roadtui.core.markdown import content_hash
from roadtui.vault.cache.note_rows import NoteRow, decode_row, encode_row, first_candidates, row_of, stamp_in
from roadtui.vault.note_content import CountSettings, ParsedNotes
from roadtui.vault.note_updates import CachedNote
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote

_FORMAT = 5
"""Of rows, and of what is counted: to be raised with every change of either."""
_NOTES = """
CREATE TABLE IF NOT EXISTS note (
    path BLOB PRIMARY KEY, head BLOB NOT NULL, due BLOB NOT NULL, first BLOB NOT NULL, best BLOB NOT NULL,
    symbols BLOB NOT NULL, frontmatter BLOB, body BLOB NOT NULL, sum INTEGER NOT NULL
) WITHOUT ROWID;
"""
_SCHEMA = f"CREATE TABLE IF NOT EXISTS made_for (key TEXT NOT NULL);{_NOTES}"
_WAIT = 1.0
"""Seconds to wait for another program that writes the cache."""
_ROWS_AT_ONCE = 100
_PASSING = frozenset(
    (
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOMEM),
    )
)
"""Errors of SQLite after which the file may still be as it should be."""
_MOST_AT_THE_END = 300
"""Rows that are written while the user waits for the end of the program: some 30 ms."""
_PAUSE = 0.005
"""Seconds between two batches of rows that are made while the program is used."""


class NoteCache:
    """The cache of one vault. For threads; one call at a time."""

    def __init__(self, folder: Path, root: Path) -> None:
        """Keep the notes of the vault at `root` in a file in `folder`."""
        name = content_hash(os.fsencode(os.path.realpath(root))).hex()
        self.file = folder / "notes" / f"{name}.db"
        """The file of the cache."""
        self._saved: dict[str, tuple[object, ...]] = {}
        """What of each note is in the file; see `_state`. Empty for what is not worth anything."""
        self._is_ending = False

    def end(self) -> None:
        """Have a call of `save` that runs now, or later without a hurry, end soon. Thread-safe."""
        self._is_ending = True

    def load(
        self, settings: CountSettings, stamps: Mapping[str, FileStamp], notes: ParsedNotes
    ) -> dict[str, CachedNote]:
        """The notes that have not changed, by path: those whose files have the `stamps` they were read with.

        `settings`: what tasks are counted by; a cache that was made by others is ignored.
        """
        found: dict[str, CachedNote] = {}
        rows: list[tuple[str, NoteRow]] = []
        try:
            with closing(self._open(create=False)) as database:
                database.execute("BEGIN")  # Both are read in one state of the file.
                if not _is_made_for(database, _key_of(settings)):
                    return {}
                for raw in database.execute("SELECT * FROM note"):
                    row = row_of(raw)
                    if row is None:
                        continue
                    path = row.path.decode("utf-8", "surrogateescape")
                    self._saved[path] = ()
                    if path in stamps and stamps[path] == stamp_in(row) and row.checksum() == row.sum:
                        rows.append((path, row))
            firsts = first_candidates([row for _, row in rows])
            for (path, row), first in zip(rows, firsts, strict=True):
                cached = CachedNote(*decode_row(path, row, first, settings, notes))
                if not cached.note.stamp.is_racy(cached.began_ns):
                    found[path] = cached
                    self._saved[path] = _state(*cached)
        except (sqlite3.Error, OSError, ValueError, LookupError, StructError) as error:
            found.clear()  # A row that is not as it should be makes all others doubtful.
            self._saved.clear()
            self._remove_damaged(error)
        return found

    def save(self, settings: CountSettings, notes: Iterable[CachedNote], *, is_hurried: bool = False) -> None:
        """Save the notes that differ from the saved ones, and forget all others; errors are ignored.

        `is_hurried`: whether somebody waits for the end, so that it makes no pauses, and only few notes that
        have changed are saved after `end`.
        """
        try:
            self._save(settings, {one.note.path: one for one in notes}, is_hurried=is_hurried)
        except (sqlite3.Error, OSError, ValueError) as error:
            self._saved.clear()
            self._remove_damaged(error)

    def _save(self, settings: CountSettings, notes: Mapping[str, CachedNote], *, is_hurried: bool) -> None:
        states = {path: _state(*one) for path, one in notes.items()}
        changed = [path for path, state in states.items() if self._saved.get(path) != state]
        gone = [path for path in self._saved if path not in notes]
        if not changed and not gone:
            return
        with closing(self._open(create=True)) as database:
            key = _key_of(settings)
            if not _is_made_for(database, key):
                changed = list(notes)
                database.execute("BEGIN IMMEDIATE")
                database.execute("DROP TABLE note")  # That of another version may have other columns.
                database.execute(_NOTES)
                database.execute("DELETE FROM made_for")
                database.execute("INSERT INTO made_for VALUES (?)", (key,))
                database.execute("COMMIT")
            if self._is_ending:
                changed = changed[:_MOST_AT_THE_END] if is_hurried else []
            for batch in _batches(changed):
                rows = [encode_row(notes[path].note, notes[path].began_ns) for path in batch]
                database.execute("BEGIN IMMEDIATE")
                if not _is_made_for(database, key):  # By now it is that of a program with other settings.
                    database.execute("ROLLBACK")
                    self._saved.clear()
                    return
                database.executemany("INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
                database.execute("COMMIT")
                self._saved.update((path, states[path]) for path in batch)
                if not is_hurried:
                    if self._is_ending:
                        return
                    time.sleep(_PAUSE)
            database.executemany(
                "DELETE FROM note WHERE path = ?",
                [(path.encode("utf-8", "surrogateescape"),) for path in gone],
            )
            for path in gone:
                self._saved.pop(path, None)

    def _open(self, *, create: bool) -> sqlite3.Connection:
        """Open the file, and with `create` make it if need be. Raises OSError, and what sqlite3 raises."""
        flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
        if create:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags |= os.O_CREAT
        fd = os.open(self.file, flags, 0o600)
        try:
            found = os.fstat(fd)
        finally:
            os.close(fd)
        is_foreign = hasattr(os, "geteuid") and (
            found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077
        )
        if is_foreign or not stat.S_ISREG(found.st_mode):
            raise PermissionError(f"{self.file} is not the user's own.")
        database = sqlite3.connect(self.file, timeout=_WAIT, isolation_level=None)
        try:
            database.execute("PRAGMA synchronous = OFF")  # It is a cache: what a crash damages is made anew.
            if create:
                database.execute("PRAGMA journal_mode = WAL")
                database.executescript(_SCHEMA)
        except BaseException:
            database.close()
            raise
        return database

    def _remove_damaged(self, error: Exception) -> None:
        """Remove the file after `error`, unless that says nothing about the file itself."""
        code = getattr(error, "sqlite_errorcode", None)
        if isinstance(error, OSError) or (code is not None and code & 0xFF in _PASSING):
            return
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                os.unlink(f"{self.file}{suffix}")


def _key_of(settings: CountSettings) -> str:
    """What a cache has to be made for: the program's version, and what tasks are counted by."""
    statuses = sorted((status.symbol, status.type.value) for status in settings.statuses)
    counted = repr((statuses, settings.format.value, settings.mode.value)).encode("utf-8", "surrogatepass")
    return f"{_FORMAT} {__version__} {content_hash(counted).hex()}"


def _is_made_for(database: sqlite3.Connection, key: str) -> bool:
    return bool(database.execute("SELECT key FROM made_for").fetchall() == [(key,)])


def _state(note: VaultNote, began_ns: int) -> tuple[object, ...]:
    """What a row of the cache depends on."""
    best = note.content.summary.candidates.best
    return note.content, note.stamp, began_ns, best.day if best is not None else 0


def _batches(paths: list[str]) -> Iterator[list[str]]:
    for at in range(0, len(paths), _ROWS_AT_ONCE):
        yield paths[at : at + _ROWS_AT_ONCE]
