"""What can be undone, kept in the state folder so that it can be undone after a restart, too.

Each step is the inverses of its edits, each with the note as it was left: finding the place again then
goes the same careful way as for any edit, and refuses like it. A file that cannot be used must never stand in
the way of an edit: the step is kept elsewhere for the time, or it is said that it cannot be undone.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from roadtui.core.edits.edit import Edit, RestoreLines, SavedLines, Transaction, WholeNoteAnchor
from roadtui.core.edits.locate import Anchor, Anchorable
from roadtui.core.errors import RoadtuiError
from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Section
from roadtui.settings_file import read_plain_file
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

T = TypeVar("T")

MOST_ENTRIES = 500
"""Steps that are kept for one vault, the newest."""
_DIGITS: Final = 8
"""Of the number that the name of a step's own file begins with."""
_PATIENCE_SECONDS: Final = 1.0
"""How long another process may keep the list locked."""

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
"""`entry` is what versions before 0.2 kept."""
_NEW_COLUMN = "ALTER TABLE edit ADD COLUMN files TEXT NOT NULL DEFAULT ''"
"""For a list that a version before it began."""


_ITEM, _SECTION = "item", "section"


class UndoDirection(Enum):
    """Which way an entry leads."""

    UNDO = "undo"
    REDO = "redo"


class Step(NamedTuple):
    """One step as it is kept."""

    vault: str
    stack: str
    title: str
    """As JSON."""
    edits: tuple[tuple[str, bytes, str, str, str], ...]
    """Of each edit: its path (JSON), the note (compressed), the anchors, the lines and the files (JSON)."""
    clears_redo: bool = False

    def transaction(self) -> Transaction | None:
        """The edits to make; None where the step is damaged."""
        with suppress(ValueError, TypeError, IndexError, zlib.error):
            title = str(json.loads(self.title))
            edits = tuple(_edit(title, *row) for row in self.edits)
            return Transaction(title, edits) if edits else None
        return None


class WaitingSteps:
    """Steps that wait, each in a file of its own, for an undo list that another program is using."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, step: Step) -> Path | None:
        """Write a step, whole or not at all; gives its file, None where that is not possible."""
        number = max((int(file.name[:_DIGITS]) for file in self.read()), default=0) + 1
        name = f"{number:0{_DIGITS}}-{os.urandom(4).hex()}"
        unfinished = self._folder / f"{name}.unfinished"
        edits = [[path, note.hex(), *others] for path, note, *others in step.edits]
        try:
            self._folder.mkdir(exist_ok=True)
            unfinished.write_text(json.dumps([*step._replace(edits=()), edits]), "ascii")
            return unfinished.rename(self._folder / f"{name}.json")
        except OSError:
            with suppress(OSError):
                unfinished.unlink()
            return None

    def read(self) -> dict[Path, Step]:
        """The steps by their files, the first first; what cannot be read, or not be removed, is left out."""
        found: dict[Path, Step] = {}
        if not os.access(self._folder, os.W_OK):
            return found
        with suppress(OSError):
            for file in sorted(file for file in self._folder.iterdir() if file.suffix == ".json"):
                with suppress(OSError, ValueError, TypeError):
                    int(file.name[:_DIGITS])
                    vault, stack, title, _, clears_redo, edits = json.loads(
                        read_plain_file(file).decode("ascii")
                    )
                    rows = tuple(
                        (path, bytes.fromhex(note), anchors, lines, files[0] if files else "")
                        for path, note, anchors, lines, *files in edits
                    )
                    found[file] = Step(vault, stack, title, rows, clears_redo)
        return found


class UndoLogError(RoadtuiError):
    """The undo list cannot be read or changed, so nothing was undone or redone."""


class UndoLog:
    """The undo and the redo list of one vault. One thread at a time: the writer's."""

    def __init__(self, folder: Path | None, vault: Path, *, keeps_in_memory: bool = True) -> None:
        """Make the log of `vault` in `folder`; nothing is opened before it is needed.

        Args:
            folder: The state folder, made if it is missing; None keeps the log in memory.
            vault: The vault's root, by which entries of several vaults are told apart.
            keeps_in_memory: Whether a step that cannot be written to the file can be undone until `close`.
        """
        self._path = (folder or Path()) / "undo.sqlite"
        self._file = DatabaseFile(self._path, self._report_set_aside) if folder is not None else None
        self._waiting = WaitingSteps(folder / "undo-waiting") if folder is not None else None
        self._vault = os.fsencode(vault).decode("utf-8", "backslashreplace")
        self._keeps_in_memory = keeps_in_memory
        self._connection: sqlite3.Connection | None = None
        self._unwritten: list[tuple[Step, Path | None]] = []
        """Steps of this run that the file could not take, each with the file that it waits in, if any."""
        self._popped: Step | None = None
        self._fault = ""
        """Why the file could not be used the last time; empty where it could."""
        self._messages: list[str] = []

    def record(
        self, title: str, inverses: Sequence[tuple[Edit, bytes]], took_back: UndoDirection | None = None
    ) -> None:
        """Keep what takes a written transaction back. If it cannot be kept, `drain_messages` says so.

        Args:
            title: What the transaction did.
            inverses: The edits that take it back, in the order in which they are to be made, each with the
                bytes of the note that it is anchored in. Nothing is kept where there are none.
            took_back: The list that the transaction itself was popped from; its inverse goes to the other
                one. None for a new transaction, after which nothing that was undone can be redone.
        """
        self._popped = None
        if not inverses:
            return
        goes_to = UndoDirection.REDO if took_back is UndoDirection.UNDO else UndoDirection.UNDO
        rows = tuple((json.dumps(edit.path), *_row(edit, data)) for edit, data in inverses)
        self._push(Step(self._vault, goes_to.value, json.dumps(title), rows, took_back is None))

    def pop(self, stack: UndoDirection) -> Transaction | None:
        """Take the newest step off `stack`; None where it is empty. A damaged one is passed over.

        Raises:
            UndoLogError: the list cannot be used at the moment.
        """
        try:
            popped = self._use_file(lambda connection: _pop(connection, self._vault, stack.value))
        except FAULTS as error:
            popped = self._pop_unwritten(stack.value)
            is_cleared = stack is UndoDirection.REDO and any(step.clears_redo for step, _ in self._unwritten)
            if popped is None and not is_cleared:
                verb = "undone" if stack is UndoDirection.UNDO else "redone"
                raise UndoLogError(f"Nothing was {verb}: {self._explain(error)}.") from error
        if popped is None:
            return None
        self._popped, step = popped
        return step

    def put_back_after(self, error: RoadtuiError) -> None:
        """Put the step that was popped last back, if `error` says that it may be possible later."""
        if isinstance(error, WriteFailedError | VaultMissingError):
            self.put_back()

    def put_back(self) -> None:
        """Put the step that was popped last on top of its stack again: it could not be made."""
        if self._popped is not None:
            self._push(self._popped)
            self._popped = None

    def knows_notes(self) -> bool:
        """Whether a step can be undone or redone, so that the vault had notes; False where unknown."""
        if self._file is None or not os.path.exists(self._path):
            return False
        query = "SELECT EXISTS (SELECT 1 FROM step WHERE vault = ?)"
        try:
            return bool(self._open().execute(query, (self._vault,)).fetchone()[0])
        except FAULTS:
            return False

    def drain_messages(self) -> list[str]:
        """What the user has to be told about the list since this was last called, a sentence each."""
        messages, self._messages = self._messages, []
        return messages

    def close(self) -> None:
        """Write what the file could not take before, if it can now, and let go of it."""
        if self._unwritten:
            with suppress(*FAULTS):
                self._use_file(lambda _connection: None)
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _push(self, step: Step) -> None:
        try:
            self._use_file(lambda connection: _insert(connection, step))
        except FAULTS as error:
            self._keep(step, error)

    def _keep(self, step: Step, error: Exception) -> None:
        """Keep a step elsewhere that the file cannot take, and say what that means."""
        waits_in = self._waiting.add(step) if self._waiting is not None and is_busy(error) else None
        reason = self._explain(error)
        if self._keeps_in_memory:
            self._unwritten = [*self._unwritten, (step, waits_in)][-MOST_ENTRIES:]
            until = "after you quit, unless the undo list can be written by then"
        else:
            until = "until the undo list can be written again" if waits_in is not None else ""
        if reason != self._fault:  # Said once, however many steps it concerns.
            self._messages.append(f"This step can't be undone{until and ' '}{until}: {reason}.")
        self._fault = reason

    def _explain(self, error: Exception) -> str:
        return explain(error, "undo list", self._path)

    def _pop_unwritten(self, stack: str) -> tuple[Step, Transaction] | None:
        """The newest step of this run on `stack`, where the file cannot be used."""
        for at in reversed(range(len(self._unwritten))):
            step, waits_in = self._unwritten[at]
            if step.stack == stack and (made := step.transaction()) is not None:
                del self._unwritten[at]
                if waits_in is not None:
                    waits_in.unlink(missing_ok=True)
                return step, made
        return None

    def _use_file(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in a transaction, after the steps that waited for the file.

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
            waiting = self._waiting.read() if self._waiting is not None else {}
            for step in (
                *waiting.values(),
                *(step for step, waits_in in self._unwritten if waits_in is None),
            ):
                _insert(connection, step)
            done = work(connection)
        for file in waiting:
            with suppress(OSError):
                file.unlink()
        self._unwritten.clear()
        if self._fault:
            self._fault = ""
            connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_SECONDS * 1000:.0f}")
        return done

    def _open(self) -> sqlite3.Connection:
        """The list. A file that was deleted or renamed meanwhile is begun anew at its path."""
        if self._connection is not None and self._file is not None and self._file.is_elsewhere():
            self._disconnect()
        if self._connection is None:
            if self._file is None:
                self._connection = self._connect(IN_MEMORY)
            else:
                self._connection = self._file.open(self._connect)
        return self._connection

    def _connect(self, file: Path | str) -> sqlite3.Connection:
        """Open a list; a program that was using it a moment ago is not waited for again."""
        connection = connect(file, 0.0 if self._fault else _PATIENCE_SECONDS)
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
            f"The undo list was damaged and is set aside as {aside}. A new one begins:"
            " what was done before can't be undone."
        )


def _insert(connection: sqlite3.Connection, step: Step) -> None:
    """Put `step` on top, and drop what is too old."""
    if step.clears_redo:
        connection.execute(
            "DELETE FROM step WHERE vault = ? AND stack = ?", (step.vault, UndoDirection.REDO.value)
        )
    number = connection.execute(
        "INSERT INTO step (vault, stack, title) VALUES (?, ?, ?)", (step.vault, step.stack, step.title)
    ).lastrowid
    connection.executemany(
        "INSERT INTO edit (step, place, path, note, anchors, lines, files) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(number, place, *row) for place, row in enumerate(step.edits)],
    )
    connection.execute(
        "DELETE FROM step WHERE vault = ? AND id <="
        " (SELECT id FROM step WHERE vault = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (step.vault, step.vault, MOST_ENTRIES),
    )


def _pop(connection: sqlite3.Connection, vault: str, stack: str) -> tuple[Step, Transaction] | None:
    """Take the newest step off a stack that can still be read."""
    while True:
        found = connection.execute(
            "SELECT id, title FROM step WHERE vault = ? AND stack = ? ORDER BY id DESC LIMIT 1",
            (vault, stack),
        ).fetchone()
        if found is None:
            return None
        number, title = found
        rows = connection.execute(
            "SELECT path, note, anchors, lines, files FROM edit WHERE step = ? ORDER BY place", (number,)
        ).fetchall()
        connection.execute("DELETE FROM step WHERE id = ?", (number,))
        step = Step(vault, stack, title, tuple(rows))
        if (made := step.transaction()) is not None:
            return step, made


def _row(edit: Edit, data: bytes) -> tuple[bytes, str, str, str]:
    """What is kept of one edit beside its path."""
    if not isinstance(edit.change, RestoreLines):
        raise ValueError("Only the inverse of an edit can be kept.")
    anchors: list[list[str | int]] | None = None
    if not isinstance(edit.anchors, WholeNoteAnchor):
        anchors = []
        for anchor in edit.anchors:
            if anchor.digest != content_hash(data):
                raise ValueError("An edit is kept with the note that it is anchored in.")
            kind = _SECTION if isinstance(anchor.content, Section) else _ITEM
            anchors.append([kind, anchor.content.index])
    files = ""
    if edit.makes_note or edit.takes_away:
        files = json.dumps({"makes_note": edit.makes_note, "takes_away": edit.takes_away})
    return zlib.compress(data, 1), json.dumps(anchors), json.dumps(edit.change.parts), files


def _edit(title: str, path: str, note: bytes, anchors: str, lines: str, files: str) -> Edit:
    """The edit that one row holds."""
    about_files = json.loads(files) if files else {}
    edit = _edit_of_text(title, json.loads(path), note, anchors, lines)
    return replace(
        edit,
        makes_note=bool(about_files.get("makes_note")),
        takes_away=tuple(map(str, about_files.get("takes_away", ()))),
    )


def _edit_of_text(title: str, path: str, note: bytes, anchors: str, lines: str) -> Edit:
    data = zlib.decompress(note)
    fingerprint = content_hash(data)
    parts = tuple(
        SavedLines(int(offset), tuple(map(str, seen)), tuple(map(str, wanted)))
        for offset, seen, wanted in json.loads(lines)
    )
    places = json.loads(anchors)
    if places is None:
        return Edit(path, title, WholeNoteAnchor(fingerprint), RestoreLines(parts))
    parsed = parse(data.decode("utf-8", "surrogateescape"))
    contents: list[Anchorable] = [
        parsed.sections[index] if kind == _SECTION else parsed.items[index] for kind, index in places
    ]
    if len(contents) != len(parts):
        raise ValueError("This row does not say where its lines belong.")
    found = tuple(Anchor(parsed, fingerprint, content) for content in contents)
    return Edit(path, title, found, RestoreLines(parts))
