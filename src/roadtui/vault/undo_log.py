"""What can be undone, kept in the state folder so that it can be undone after a restart, too.

Each entry is the inverse of an edit together with the note as that edit left it: finding the place again then
goes the same careful way as for any edit, and refuses like it. A log that cannot be used is set aside, and
one in memory takes its place: losing the undo list must never stand in the way of an edit.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from contextlib import suppress
from enum import Enum
from pathlib import Path

from roadtui.core.digest import digest
from roadtui.core.edit import Edit, Restore, Untouched
from roadtui.core.locate import Anchor
from roadtui.core.markdown import parse
from roadtui.core.note import Task

MOST_ENTRIES = 500
"""Entries that are kept for one vault, the newest."""

_NO_TASK = -1
"""In the column `task`: the entry holds on to a note without a task, and only its very bytes will do."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vault TEXT NOT NULL,
    stack TEXT NOT NULL,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    note BLOB NOT NULL,
    task INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    seen TEXT NOT NULL,
    wanted TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS newest ON entry (vault, stack, id);
"""


class Stack(Enum):
    """Which way an entry leads."""

    UNDO = "undo"
    REDO = "redo"


class UndoLog:
    """The undo and the redo list of one vault. One thread at a time: the writer's."""

    def __init__(self, folder: Path | None, vault: Path) -> None:
        """Make the log of `vault` in `folder`; nothing is opened before it is needed.

        Args:
            folder: The state folder, made if it is missing; None keeps the log in memory.
            vault: The vault's root, by which entries of several vaults are told apart.
        """
        self._file = folder / "undo.sqlite" if folder is not None else None
        self._vault = os.fsencode(vault).decode("utf-8", "backslashreplace")
        self._connection: sqlite3.Connection | None = None

    def push(self, stack: Stack, inverse: Edit, data: bytes) -> None:
        """Put `inverse` on top of `stack`.

        Args:
            stack: Where it belongs.
            inverse: An edit that restores lines (what `core.edit.apply` gives as an inverse).
            data: The bytes of the note that `inverse` is anchored in.
        """
        change = inverse.change
        if not isinstance(change, Restore) or digest(data) != inverse.anchor.digest:
            raise ValueError("Only the inverse of an edit, with the note it is anchored in, can be kept.")
        values = (
            self._vault,
            stack.value,
            json.dumps(inverse.path),
            json.dumps(inverse.title),
            zlib.compress(data, 1),
            inverse.anchor.task.index if isinstance(inverse.anchor, Anchor) else _NO_TASK,
            change.offset,
            json.dumps(change.seen),
            json.dumps(change.wanted),
        )
        with self._open() as connection:
            connection.execute(
                "INSERT INTO entry (vault, stack, path, title, note, task, offset, seen, wanted)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            )
            connection.execute(
                "DELETE FROM entry WHERE vault = ? AND id <= (SELECT MAX(id) FROM entry WHERE vault = ?) - ?",
                (self._vault, self._vault, MOST_ENTRIES),
            )

    def pop(self, stack: Stack) -> Edit | None:
        """Take the newest entry off `stack`; None where it is empty. A damaged entry is passed over."""
        with self._open() as connection:
            while True:
                found = connection.execute(
                    "SELECT id, path, title, note, task, offset, seen, wanted FROM entry"
                    " WHERE vault = ? AND stack = ? ORDER BY id DESC LIMIT 1",
                    (self._vault, stack.value),
                ).fetchone()
                if found is None:
                    return None
                connection.execute("DELETE FROM entry WHERE id = ?", (found[0],))
                with suppress(ValueError, TypeError, IndexError, zlib.error):
                    return _edit(*found[1:])

    def clear(self, stack: Stack) -> None:
        """Forget what is on `stack`."""
        with self._open() as connection:
            connection.execute("DELETE FROM entry WHERE vault = ? AND stack = ?", (self._vault, stack.value))

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect_to_file() or _connect(":memory:")
        return self._connection

    def _connect_to_file(self) -> sqlite3.Connection | None:
        """The log on disk; one that is damaged is set aside first. None where there can be none."""
        if self._file is None:
            return None
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(sqlite3.DatabaseError):
            return _connect(self._file)
        with suppress(OSError, sqlite3.DatabaseError):
            self._file.replace(self._file.with_suffix(".damaged"))
            return _connect(self._file)
        return None


def _connect(file: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=1.0, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        connection.executescript(_SCHEMA)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _edit(path: str, title: str, note: bytes, task: int, offset: int, seen: str, wanted: str) -> Edit:
    """The edit that one row holds."""
    data = zlib.decompress(note)
    parsed = parse(data.decode("utf-8", "surrogateescape"))
    anchor: Anchor | Untouched = Untouched(digest(data))
    if task != _NO_TASK:
        item = parsed.items[task]
        if not isinstance(item, Task):
            raise ValueError("This row names no task.")
        anchor = Anchor(parsed, digest(data), item)
    change = Restore(int(offset), tuple(json.loads(seen)), tuple(json.loads(wanted)))
    return Edit(json.loads(path), json.loads(title), anchor, change)
