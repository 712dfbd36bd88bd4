"""The undo and redo lists of a vault, kept in the state folder so that they survive a restart.

An entry has the inverses of a transaction's edits, each with the bytes of the note as the edit left it. So
undo locates its lines as any edit does, and is refused for the same reasons. A file that cannot be used
never blocks an edit: the entry is kept elsewhere for the time being, or the user is told that it cannot be
undone.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Final, TypeVar

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.core.errors import RoadtuiError
from roadtui.vault.errors import VaultMissingError, WriteFailedError
from roadtui.vault.state_database import (
    FAULTS,
    IN_MEMORY,
    DatabaseFile,
    connect,
    explain,
    is_busy,
    transaction,
)
from roadtui.vault.undo_entries import QueuedEntries, UndoEntry, stored_edit

T = TypeVar("T")

MOST_ENTRIES = 500
"""The most entries kept for one vault; older ones are dropped."""
_TIMEOUT_SECONDS: Final = 1.0
"""How long to wait for another process that has locked the lists."""

_SCHEMA = """
DROP TABLE IF EXISTS entry;
CREATE TABLE IF NOT EXISTS step (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    vault TEXT NOT NULL,
    stack TEXT NOT NULL,
    title TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS newest ON step (vault, stack, id);
CREATE TABLE IF NOT EXISTS edit (
    step INTEGER NOT NULL REFERENCES step ON DELETE CASCADE,
    place INTEGER NOT NULL,
    path TEXT NOT NULL,
    note BLOB NOT NULL,
    anchors TEXT NOT NULL,
    lines TEXT NOT NULL,
    files TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (step, place)
);
"""
"""`entry` is a table of versions before 0.2, `stack` an `UndoDirection`, `place` the order of the edits."""
_NEW_COLUMN = "ALTER TABLE edit ADD COLUMN files TEXT NOT NULL DEFAULT ''"
"""Adds the column that older files lack."""


class UndoDirection(Enum):
    """The list that an entry belongs to. The values are stored."""

    UNDO = "undo"
    REDO = "redo"


class UndoLogError(RoadtuiError):
    """The undo list cannot be read or changed, so nothing was undone or redone."""


class UndoLog:
    """The undo and the redo list of one vault. For one thread at a time: that of the writer."""

    def __init__(self, folder: Path | None, vault: Path, *, keeps_in_memory: bool = True) -> None:
        """Make the log of `vault` in `folder`; files are opened on first use.

        Args:
            folder: The state folder, created if it is missing; None keeps the log in memory.
            vault: The vault's folder, which identifies its entries.
            keeps_in_memory: Whether an entry that cannot be written to the file can be undone until `close`.
        """
        self._path = (folder or Path()) / "undo.sqlite"
        self._file = DatabaseFile(self._path, self._report_set_aside) if folder is not None else None
        self._queue = QueuedEntries(folder / "undo-waiting") if folder is not None else None
        self._vault = os.fsencode(vault).decode("utf-8", "backslashreplace")
        self._keeps_in_memory = keeps_in_memory
        self._connection: sqlite3.Connection | None = None
        self._unwritten: list[tuple[UndoEntry, Path | None]] = []
        """Entries of this run that could not be written, each with the file in which it is queued, if any."""
        self._last_popped: UndoEntry | None = None
        self._fault = ""
        """Why the file could not be used the last time; empty if it could."""
        self._messages: list[str] = []

    def record(
        self, title: str, inverses: Sequence[tuple[Edit, bytes]], undid: UndoDirection | None = None
    ) -> None:
        """Save how to undo a written transaction. If that is not possible, `drain_messages` has a message.

        Args:
            title: What the transaction did.
            inverses: The edits that undo it, in order, each with the bytes of the note that it is anchored
                in. If there are none, nothing is saved.
            undid: The list that the transaction itself was popped from; its inverse goes to the other list.
                None for a new transaction, which clears the redo list.
        """
        if not inverses:
            return
        direction = UndoDirection.REDO if undid is UndoDirection.UNDO else UndoDirection.UNDO
        rows = tuple((json.dumps(edit.path), *stored_edit(edit, data)) for edit, data in inverses)
        self._push(UndoEntry(self._vault, direction.value, json.dumps(title), rows, undid is None))

    def pop(self, direction: UndoDirection) -> Transaction | None:
        """Remove and return the newest transaction of a list; None if the list is empty.

        Damaged entries are skipped.

        Raises:
            UndoLogError: the list cannot be used at the moment.
        """
        try:
            popped = self._use_file(lambda connection: _pop(connection, self._vault, direction.value))
        except FAULTS as error:
            popped = self._pop_unwritten(direction.value)
            is_cleared = direction is UndoDirection.REDO and any(
                entry.clears_redo for entry, _ in self._unwritten
            )
            if popped is None and not is_cleared:
                verb = "undone" if direction is UndoDirection.UNDO else "redone"
                raise UndoLogError(f"Nothing was {verb}: {self._explain(error)}.") from error
        if popped is None:
            return None
        self._last_popped, made = popped
        return made

    def put_back_after(self, error: RoadtuiError) -> None:
        """Put the last popped entry back if its commit failed with an `error` that may be temporary."""
        if isinstance(error, WriteFailedError | VaultMissingError):
            self.put_back()

    def put_back(self) -> None:
        """Put the last popped entry back on its list, as its commit failed."""
        if self._last_popped is not None:
            self._push(self._last_popped)
            self._last_popped = None

    def had_notes(self) -> bool:
        """Whether an entry exists, so that the vault had notes; False if unknown."""
        if self._file is None or not os.path.exists(self._path):
            return False
        query = "SELECT EXISTS (SELECT 1 FROM step WHERE vault = ?)"
        try:
            return bool(self._open().execute(query, (self._vault,)).fetchone()[0])
        except FAULTS:
            return False

    def drain_messages(self) -> list[str]:
        """The messages for the user since the last call, each a sentence."""
        messages, self._messages = self._messages, []
        return messages

    def close(self) -> None:
        """Write the entries that could not be written before, if possible, and close the file."""
        if self._unwritten:
            with suppress(*FAULTS):
                self._use_file(lambda _connection: None)
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _push(self, entry: UndoEntry) -> None:
        try:
            self._use_file(lambda connection: _insert(connection, entry))
        except FAULTS as error:
            self._keep_elsewhere(entry, error)

    def _keep_elsewhere(self, entry: UndoEntry, error: Exception) -> None:
        """Keep an entry that cannot be written to the file in memory or a queue, and add a message."""
        queued_file = self._queue.add(entry) if self._queue is not None and is_busy(error) else None
        reason = self._explain(error)
        if self._keeps_in_memory:
            self._unwritten = [*self._unwritten, (entry, queued_file)][-MOST_ENTRIES:]
            until = "after you quit, unless the undo list can be written by then"
        else:
            until = "until the undo list can be written again" if queued_file is not None else ""
        if reason != self._fault:  # One message, however many entries it concerns.
            self._messages.append(f"This change can't be undone{until and ' '}{until}: {reason}.")
        self._fault = reason

    def _explain(self, error: Exception) -> str:
        return explain(error, "undo list", self._path)

    def _pop_unwritten(self, direction: str) -> tuple[UndoEntry, Transaction] | None:
        """The newest entry of this run on the list `direction`, while the file cannot be used."""
        for at in reversed(range(len(self._unwritten))):
            entry, queued_file = self._unwritten[at]
            if entry.direction == direction and (made := entry.transaction()) is not None:
                del self._unwritten[at]
                if queued_file is not None:
                    queued_file.unlink(missing_ok=True)
                return entry, made
        return None

    def _use_file(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in a transaction, after writing the entries that could not be written before.

        Raises:
            sqlite3.Error, OSError: that is not possible at the moment.
        """
        connection = self._open()
        try:
            return self._transact(connection, work)
        except sqlite3.Error as error:
            self._disconnect()
            if self._file is None or not self._file.replace_damaged(error):
                raise
        return self._transact(self._open(), work)

    def _transact(self, connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
        with transaction(connection):
            queued = self._queue.read() if self._queue is not None else {}
            for entry in (
                *queued.values(),
                *(entry for entry, queued_file in self._unwritten if queued_file is None),
            ):
                _insert(connection, entry)
            done = work(connection)
        for file in queued:
            with suppress(OSError):
                file.unlink()
        self._unwritten.clear()
        if self._fault:
            self._fault = ""
            connection.execute(f"PRAGMA busy_timeout = {_TIMEOUT_SECONDS * 1000:.0f}")
        return done

    def _open(self) -> sqlite3.Connection:
        """The open database. If the file was deleted or renamed, a new one is created at its path."""
        if self._connection is not None and self._file is not None and self._file.was_replaced():
            self._disconnect()
        if self._connection is None:
            if self._file is None:
                self._connection = self._connect(IN_MEMORY)
            else:
                self._connection = self._file.open(self._connect)
        return self._connection

    def _connect(self, file: Path | str) -> sqlite3.Connection:
        """Open a database; without waiting if another process was using it the last time."""
        connection = connect(file, 0.0 if self._fault else _TIMEOUT_SECONDS)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.executescript(_SCHEMA)
            with transaction(connection):
                if all(column[1] != "files" for column in connection.execute("PRAGMA table_info(edit)")):
                    connection.execute(_NEW_COLUMN)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _report_set_aside(self, aside: Path) -> None:
        self._messages.append(
            f"The undo list was damaged and is set aside as {aside}. A new one was begun:"
            " earlier changes can't be undone."
        )


def _insert(connection: sqlite3.Connection, entry: UndoEntry) -> None:
    """Add `entry` to its list, and drop the oldest beyond `MOST_ENTRIES`."""
    if entry.clears_redo:
        connection.execute(
            "DELETE FROM step WHERE vault = ? AND stack = ?", (entry.vault, UndoDirection.REDO.value)
        )
    entry_id = connection.execute(
        "INSERT INTO step (vault, stack, title) VALUES (?, ?, ?)", (entry.vault, entry.direction, entry.title)
    ).lastrowid
    connection.executemany(
        "INSERT INTO edit (step, place, path, note, anchors, lines, files) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(entry_id, position, *row) for position, row in enumerate(entry.edits)],
    )
    connection.execute(
        "DELETE FROM step WHERE vault = ? AND id <="
        " (SELECT id FROM step WHERE vault = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (entry.vault, entry.vault, MOST_ENTRIES),
    )


def _pop(connection: sqlite3.Connection, vault: str, direction: str) -> tuple[UndoEntry, Transaction] | None:
    """Remove and return the newest readable entry of a list, with its transaction."""
    while True:
        found = connection.execute(
            "SELECT id, title FROM step WHERE vault = ? AND stack = ? ORDER BY id DESC LIMIT 1",
            (vault, direction),
        ).fetchone()
        if found is None:
            return None
        entry_id, title = found
        rows = connection.execute(
            "SELECT path, note, anchors, lines, files FROM edit WHERE step = ? ORDER BY place", (entry_id,)
        ).fetchall()
        connection.execute("DELETE FROM step WHERE id = ?", (entry_id,))
        entry = UndoEntry(vault, direction, title, tuple(rows))
        if (made := entry.transaction()) is not None:
            return entry, made
