"""SQLite files in the state folder: opens them, and classifies and handles their errors.

The undo list and the history share the same rules. A file that is only busy, full, read-only or unreachable
at the moment is left as it is, and used again once that is possible. Only a damaged file is renamed.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

FAULTS: Final = (sqlite3.Error, OSError)
"""The errors of opening and using such a file."""

_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_READ_ONLY: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_COMPANIONS: Final = ("-journal", "-wal", "-shm")
"""Suffixes of the files that SQLite keeps beside a database."""


class DamagedDatabaseError(sqlite3.DatabaseError):
    """The file is an SQLite database, but its content cannot be read."""


class NewerDatabaseError(sqlite3.OperationalError):
    """The file was written by a later version of the program."""


class NotPlainFileError(sqlite3.OperationalError):
    """A folder, a pipe or a device is at the path of the file."""


IN_MEMORY: Final = ":memory:"
"""SQLite's name for a database in memory."""


def connect(file: Path | str, timeout: float) -> sqlite3.Connection:
    """Open the database `file`, or one `IN_MEMORY`; see `transaction`.

    Args:
        file: The database; it is created if it is missing.
        timeout: Seconds to wait for another process that is using it.

    Raises:
        NotPlainFileError: `file` is not a plain file. SQLite would block on a pipe.
    """
    if file != IN_MEMORY:
        _check_plain(Path(file))
    return sqlite3.connect(file, timeout=timeout, isolation_level=None, check_same_thread=False)


def connect_to_read(file: Path) -> sqlite3.Connection:
    """Open a database for reading, even if another process has locked it.

    Raises:
        NotPlainFileError: as `connect`.
        sqlite3.Error: the file is missing or cannot be read.
    """
    _check_plain(file)
    uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, isolation_level=None, check_same_thread=False, uri=True)


def _check_plain(file: Path) -> None:
    try:
        kind = stat.S_IFMT(os.stat(file).st_mode)
    except OSError:
        return  # SQLite reports what is wrong, or creates the file.
    if kind != stat.S_IFREG:
        raise NotPlainFileError("it is not a plain file")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit everything that the block writes, or nothing; other processes cannot write meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            with suppress(sqlite3.Error):  # The first error is the one to report.
                connection.execute("ROLLBACK")


class StateDatabase:
    """An open database, or one in memory. For one thread at a time; several processes may share a file."""

    def __init__(self, connection: sqlite3.Connection, file: Path | None) -> None:
        self._connection = connection
        self.file = file
        """None in memory."""
        self._last_version = self._version()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything that the block writes, or nothing; other processes cannot write meanwhile."""
        with transaction(self._connection):
            yield

    def was_written_by_others(self) -> bool:
        """Whether another process has written since the last call."""
        before, self._last_version = self._last_version, self._version()
        return before != self._last_version

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])


def is_damaged(error: Exception) -> bool:
    """Whether `error` means that the file is damaged, and will never be readable again."""
    return isinstance(error, DamagedDatabaseError) or _code(error) in _DAMAGED


def is_busy(error: Exception) -> bool:
    """Whether `error` means that another process is using the file at the moment."""
    return _code(error) in _BUSY


def explain(error: Exception, name: str, file: Path) -> str:
    """Why a file cannot be used, as a clause for a message.

    Args:
        error: The error of SQLite or the system.
        name: The user's name for the file: `undo list`.
        file: The path of the file.
    """
    if isinstance(error, OSError):
        return f"the state folder {file.parent} can't be written ({_message(error)})"
    code = _code(error)
    if code in (*_READ_ONLY, sqlite3.SQLITE_CANTOPEN) and not os.access(file.parent, os.W_OK):
        return f"the state folder {file.parent} can't be written"
    if code in _BUSY:
        return f"another program is using the {name} {file}"
    if code == sqlite3.SQLITE_FULL:
        return f"the disk that the {name} {file} lies on is full"
    if code in _READ_ONLY:
        return f"the {name} {file} is read-only"
    return f"the {name} {file} can't be used ({_message(error)})"


class DatabaseFile:
    """A database in the state folder, which is replaced by a new one if it is damaged.

    It is replaced once in a run: if the new file is damaged as well, the cause is elsewhere.
    """

    def __init__(self, path: Path, when_set_aside: Callable[[Path], None]) -> None:
        """Make the database at `path`; `when_set_aside` is called with the new path of a damaged file."""
        self.path = path
        self._when_set_aside = when_set_aside
        self._has_replaced = False
        self._opened: tuple[int, int] | None = None
        """Device and inode of the file that was opened last."""

    def open(self, open_file: Callable[[Path], T]) -> T:
        """Open the file by `open_file`; its folder is created if it is missing.

        Raises:
            sqlite3.Error: the file cannot be used at the moment; it is left as it is.
            OSError: the folder cannot be created, or a damaged file cannot be renamed.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._opened = _identity(self.path)
        try:
            found = open_file(self.path)
        except sqlite3.Error as error:
            if not self.replace_damaged(error):
                raise
            found = open_file(self.path)
        self._opened = _identity(self.path)
        return found

    def was_replaced(self) -> bool:
        """Whether the file that was opened last is no longer at its path, as it was deleted or renamed."""
        return self._opened != _identity(self.path)

    def replace_damaged(self, error: sqlite3.Error) -> bool:
        """Set the file aside if `error` means that it is damaged; whether a new one can be opened.

        Raises:
            OSError: the file cannot be renamed.
        """
        if not is_damaged(error) or self._has_replaced:
            return False
        if not self.was_replaced():  # Else another process has set it aside.
            self._has_replaced = True
            self._when_set_aside(set_aside(self.path))
        return True


def set_aside(file: Path) -> Path:
    """Rename a damaged database to `NAME.damaged-1` or the next free number; the new path.

    The files that SQLite keeps beside it are renamed as well, so that a new database does not use them.

    Raises:
        OSError: the file cannot be renamed.
    """
    free = (file.with_name(f"{file.stem}.damaged-{number}") for number in count(1))
    damaged_path = next(path for path in free if not os.path.lexists(path))
    file.rename(damaged_path)
    for end in _COMPANIONS:
        with suppress(FileNotFoundError):
            file.with_name(file.name + end).rename(damaged_path.with_name(damaged_path.name + end))
    return damaged_path


def _code(error: Exception) -> int | None:
    """The primary result code of SQLite (sqlite.org/rescode.html); None for any other error."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _message(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _identity(file: Path) -> tuple[int, int] | None:
    """Device and inode of a file, which identify it; None if it does not exist."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
