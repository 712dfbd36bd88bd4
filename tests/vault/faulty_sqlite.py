"""A stand-in for SQLite that fails at a chosen call, with a chosen error."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

NEVER = 10**9
"""A call that never comes."""
BUSY, LOCKED = sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED
MOMENTARY = {
    "busy": BUSY,
    "locked": LOCKED,
    "read-only": sqlite3.SQLITE_READONLY,
    "full": sqlite3.SQLITE_FULL,
    "disk I/O": sqlite3.SQLITE_IOERR_FSYNC,
    "cannot open": sqlite3.SQLITE_CANTOPEN,
    "not permitted": sqlite3.SQLITE_PERM,
    "other": sqlite3.SQLITE_ERROR,
}
DAMAGED = {"corrupt": sqlite3.SQLITE_CORRUPT, "no database": sqlite3.SQLITE_NOTADB}


def error_of(code: int) -> sqlite3.Error:
    """The exception that Python makes of a result code."""
    kind = sqlite3.DatabaseError if code in DAMAGED.values() else sqlite3.OperationalError
    error = kind(f"error {code}")
    error.sqlite_errorcode = code
    return error


class Faults:
    """Fails at one call of a database on disk, counted from 1, and maybe at all that follow."""

    def __init__(self, code: int, at: int, *, lasts: bool) -> None:
        self._code = code
        self.at = at
        self._lasts = lasts
        self.calls = 0
        self._has_ended = False
        self.at_statement = ""
        """A statement that fails whenever it is made."""

    def end(self) -> None:
        """Fail no more, in connections that stay open either."""
        self._has_ended = True

    @property
    def is_met(self) -> bool:
        """Whether there were as many calls as that."""
        return self.calls >= self.at

    def call(self, statement: str = "") -> None:
        """Count a call, and raise the error if its turn has come."""
        if self._has_ended:
            return
        self.calls += 1
        if statement and statement == self.at_statement:
            raise error_of(self._code)
        if self.calls == self.at or (self._lasts and self.calls > self.at):
            raise error_of(self._code)


@contextmanager
def failing(code: int, at: int, *, lasts: bool) -> Iterator[Faults]:
    """Have SQLite fail within the block. Opening a file is a call; a database in memory never fails."""
    faults = Faults(code, at, lasts=lasts)
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect

    class Connection(sqlite3.Connection):
        def __init__(self, database: Any, *args: Any, **options: Any) -> None:
            super().__init__(database, *args, **options)
            self._is_on_disk = database != ":memory:"
            if self._is_on_disk:
                faults.call()

        def execute(self, *args: Any) -> sqlite3.Cursor:
            if self._is_on_disk and args[0] != "ROLLBACK":
                faults.call(args[0])
            return super().execute(*args)

        def executemany(self, *args: Any) -> sqlite3.Cursor:
            if self._is_on_disk:
                faults.call()
            return super().executemany(*args)

        def executescript(self, *args: Any) -> sqlite3.Cursor:
            if self._is_on_disk:
                faults.call()
            return super().executescript(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            sqlite3, "connect", lambda *args, **options: connect(*args, factory=Connection, **options)
        )
        yield faults
        faults.end()
