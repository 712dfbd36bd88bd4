"""What can be undone, kept in the state folder so that it can be undone after a restart, too.

Each step is the inverses of its edits, each with the note as it was left: finding the place again then
goes the same careful way as for any edit, and refuses like it. A log that cannot be used is set aside, and
one in memory takes its place: losing the undo list must never stand in the way of an edit.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum
from pathlib import Path

from roadtui.core.digest import digest
from roadtui.core.edit import Edit, Lines, Restore, Transaction, Untouched
from roadtui.core.locate import Anchor, Content
from roadtui.core.markdown import parse
from roadtui.core.note import Section

MOST_ENTRIES = 500
"""Steps that are kept for one vault, the newest."""

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
    PRIMARY KEY (step, place)
);
"""
"""`entry` is what versions before 0.2 kept."""


_ITEM, _SECTION = "item", "section"


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

    def push(self, stack: Stack, title: str, inverses: Sequence[tuple[Edit, bytes]]) -> None:
        """Put a step on top of `stack`.

        Args:
            stack: Where it belongs.
            title: What the step did.
            inverses: The edits that take it back, in the order in which they are to be made, each with the
                bytes of the note that it is anchored in.
        """
        rows = [(edit.path, *_row(edit, data)) for edit, data in inverses]
        with self._open() as connection:
            step = connection.execute(
                "INSERT INTO step (vault, stack, title) VALUES (?, ?, ?)",
                (self._vault, stack.value, json.dumps(title)),
            ).lastrowid
            connection.executemany(
                "INSERT INTO edit (step, place, path, note, anchors, lines) VALUES (?, ?, ?, ?, ?, ?)",
                [(step, place, json.dumps(path), *row) for place, (path, *row) in enumerate(rows)],
            )
            connection.execute(
                "DELETE FROM step WHERE vault = ? AND id <= (SELECT MAX(id) FROM step WHERE vault = ?) - ?",
                (self._vault, self._vault, MOST_ENTRIES),
            )

    def pop(self, stack: Stack) -> Transaction | None:
        """Take the newest step off `stack`; None where it is empty. A damaged one is passed over."""
        with self._open() as connection:
            while True:
                found = connection.execute(
                    "SELECT id, title FROM step WHERE vault = ? AND stack = ? ORDER BY id DESC LIMIT 1",
                    (self._vault, stack.value),
                ).fetchone()
                if found is None:
                    return None
                step, title = found
                rows = connection.execute(
                    "SELECT path, note, anchors, lines FROM edit WHERE step = ? ORDER BY place", (step,)
                ).fetchall()
                connection.execute("DELETE FROM step WHERE id = ?", (step,))
                with suppress(ValueError, TypeError, IndexError, zlib.error):
                    name = str(json.loads(title))
                    edits = tuple(_edit(name, *row) for row in rows)
                    if edits:
                        return Transaction(name, edits)

    def clear(self, stack: Stack) -> None:
        """Forget what is on `stack`."""
        with self._open() as connection:
            connection.execute("DELETE FROM step WHERE vault = ? AND stack = ?", (self._vault, stack.value))

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
        connection.execute("PRAGMA foreign_keys = ON")
        connection.executescript(_SCHEMA)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _row(edit: Edit, data: bytes) -> tuple[bytes, str, str]:
    """What is kept of one edit beside its path."""
    if not isinstance(edit.change, Restore):
        raise ValueError("Only the inverse of an edit can be kept.")
    anchors: list[list[str | int]] | None = None
    if not isinstance(edit.anchors, Untouched):
        anchors = []
        for anchor in edit.anchors:
            if anchor.digest != digest(data):
                raise ValueError("An edit is kept with the note that it is anchored in.")
            kind = _SECTION if isinstance(anchor.content, Section) else _ITEM
            anchors.append([kind, anchor.content.index])
    return zlib.compress(data, 1), json.dumps(anchors), json.dumps(edit.change.parts)


def _edit(title: str, path: str, note: bytes, anchors: str, lines: str) -> Edit:
    """The edit that one row holds."""
    data = zlib.decompress(note)
    fingerprint = digest(data)
    parts = tuple(
        Lines(int(offset), tuple(map(str, seen)), tuple(map(str, wanted)))
        for offset, seen, wanted in json.loads(lines)
    )
    held = json.loads(anchors)
    if held is None:
        return Edit(json.loads(path), title, Untouched(fingerprint), Restore(parts))
    parsed = parse(data.decode("utf-8", "surrogateescape"))
    contents: list[Content] = [
        parsed.sections[index] if kind == _SECTION else parsed.items[index] for kind, index in held
    ]
    if len(contents) != len(parts):
        raise ValueError("This row does not say where its lines belong.")
    found = tuple(Anchor(parsed, fingerprint, content) for content in contents)
    return Edit(json.loads(path), title, found, Restore(parts))
