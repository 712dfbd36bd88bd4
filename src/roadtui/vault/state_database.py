"""SQLite files in the state folder: what their errors mean, and what is done about each.

One rule for the undo list and the history. A file that is only in use, full, read-only or out of reach at the
moment is left as it is, and used again once it can be. Only a file that is damaged is set aside, under a
number.
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
"""What opening and using such a file can raise."""

_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_READ_ONLY: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
_COMPANIONS: Final = ("-journal", "-wal", "-shm")
"""Ends of the names of the files that SQLite keeps beside its own."""


class DamagedDatabaseError(sqlite3.DatabaseError):
    """The file is an SQLite database, but its content cannot be read."""


class NewerDatabaseError(sqlite3.OperationalError):
    """The file was written by a later version of the program."""


class NotPlainFileError(sqlite3.OperationalError):
    """There is a folder, a pipe or a device where the file should be."""


IN_MEMORY: Final = ":memory:"
"""The name of a database that is not kept."""


def connect(file: Path | str, patience: float) -> sqlite3.Connection:
    """Open the database `file`, or one `IN_MEMORY`; transactions are begun and ended by `transaction`.

    Args:
        file: The database; it is made if it is missing.
        patience: Seconds to wait for another program that is using it.

    Raises:
        NotPlainFileError: `file` is not a plain file. SQLite would wait for the other end of a pipe.
    """
    if file != IN_MEMORY:
        _check_plain(Path(file))
    return sqlite3.connect(file, timeout=patience, isolation_level=None, check_same_thread=False)


def connect_to_read(file: Path) -> sqlite3.Connection:
    """Open a database that is only read, whoever has locked it.

    Raises:
        NotPlainFileError: as by `connect`.
        sqlite3.Error: it is missing or cannot be read.
    """
    _check_plain(file)
    uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(uri, isolation_level=None, check_same_thread=False, uri=True)


def _check_plain(file: Path) -> None:
    try:
        kind = stat.S_IFMT(os.stat(file).st_mode)
    except OSError:
        return  # SQLite says what is wrong with it, or makes it.
    if kind != stat.S_IFREG:
        raise NotPlainFileError("it is not a plain file")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Keep all that the block writes, or none of it; no other program writes meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            with suppress(sqlite3.Error):  # What made it fail is the error to report.
                connection.execute("ROLLBACK")


def is_damaged(error: Exception) -> bool:
    """Whether `error` means that the file will never be readable again, whoever opens it when."""
    return isinstance(error, DamagedDatabaseError) or _code(error) in _DAMAGED


def is_busy(error: Exception) -> bool:
    """Whether `error` means that another program is using the file at the moment."""
    return _code(error) in _BUSY


def explain(error: Exception, name: str, file: Path) -> str:
    """Why a file cannot be used, without a full stop.

    Args:
        error: What SQLite or the system said.
        name: What the file is: `undo list`.
        file: Where it is.
    """
    if isinstance(error, OSError):
        return f"the state folder {file.parent} can't be written ({_words(error)})"
    code = _code(error)
    if code in (*_READ_ONLY, sqlite3.SQLITE_CANTOPEN) and not os.access(file.parent, os.W_OK):
        return f"the state folder {file.parent} can't be written"
    if code in _BUSY:
        return f"another program is using the {name} {file}"
    if code == sqlite3.SQLITE_FULL:
        return f"the disk that the {name} {file} lies on is full"
    if code in _READ_ONLY:
        return f"the {name} {file} is read-only"
    return f"the {name} {file} can't be used ({_words(error)})"


class DatabaseFile:
    """A database in the state folder, which is replaced by a new one where it is damaged.

    That happens once in a run: if the new one is damaged as well, the cause is not the file.
    """

    def __init__(self, path: Path, when_set_aside: Callable[[Path], None]) -> None:
        """Make one for `path`; `when_set_aside` is called with the new path of a damaged file."""
        self.path = path
        self._when_set_aside = when_set_aside
        self._was_replaced = False
        self._opened: tuple[int, int] | None = None
        """Which file was opened last."""

    def open(self, open_file: Callable[[Path], T]) -> T:
        """What `open_file` makes of the path; the file is made if it is missing, with its folder.

        Raises:
            sqlite3.Error: it cannot be used at the moment; it is left as it is.
            OSError: its folder cannot be made, or a damaged file cannot be renamed.
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

    def is_elsewhere(self) -> bool:
        """Whether the file that was opened last is no longer at its path: it was deleted or renamed."""
        return self._opened != _identity(self.path)

    def replace_damaged(self, error: sqlite3.Error) -> bool:
        """Set the file aside if `error` says that it is damaged. Returns whether a new one can be opened.

        Raises:
            OSError: it cannot be renamed.
        """
        if not is_damaged(error) or self._was_replaced:
            return False
        if not self.is_elsewhere():  # Else another process has set it aside meanwhile.
            self._was_replaced = True
            self._when_set_aside(set_aside(self.path))
        return True


def set_aside(file: Path) -> Path:
    """Rename a damaged database to `NAME.damaged-1` or the next free number, and give that path.

    The files that SQLite keeps beside it are renamed too: a new database must not find them.

    Raises:
        OSError: it cannot be renamed.
    """
    free = (file.with_name(f"{file.stem}.damaged-{number}") for number in count(1))
    aside = next(path for path in free if not os.path.lexists(path))
    file.rename(aside)
    for end in _COMPANIONS:
        with suppress(FileNotFoundError):
            file.with_name(file.name + end).rename(aside.with_name(aside.name + end))
    return aside


def _code(error: Exception) -> int | None:
    """The primary result code of SQLite (sqlite.org/rescode.html); None where there is none."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None


def _words(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _identity(file: Path) -> tuple[int, int] | None:
    """Device and inode of a file, which a new one in its place does not share; None where there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
