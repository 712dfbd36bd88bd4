"""Writes edits into the notes of one vault, and takes what was written into its model.

Everything here blocks. The parts that only writing needs are imported with the first edit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from threading import RLock
from time import monotonic, time_ns
from typing import TYPE_CHECKING, NamedTuple, Protocol

from roadtui.config import Config
from roadtui.core.errors import RefusedError
from roadtui.vault.errors import NoteGoneError, UnreadableNoteError, WriteFailedError
from roadtui.vault.reader import NoteRead, refuse_too_large
from roadtui.vault.rebase import EditRebaser
from roadtui.vault.root import VaultRoot
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Edit, EditResult
    from roadtui.core.edits.patch import Hunk
    from roadtui.core.note import Note
    from roadtui.vault.writing import NoteWriter


class EditCommit(NamedTuple):
    """What came of writing an edit."""

    snapshot: Snapshot
    note: VaultNote
    """The note as the edit left it. `snapshot` lacks it where it was taken away after that."""
    path: str
    line: int
    """Where the edit took place, from 0."""
    inverse: Edit | None
    """The edit that takes it back; None where nothing was written."""
    data: bytes
    """The bytes of the note now."""
    note_before: Note
    """The parse of the bytes that the edit was made in."""
    before: bytes
    """Their fingerprint."""
    hunks: tuple[Hunk, ...]
    """What differs, in order of lines; empty where nothing was written."""


class NoteModel(Protocol):
    """The notes of a vault as they were last seen."""

    @property
    def root(self) -> Path:
        """The vault's folder."""

    @property
    def folder(self) -> VaultRoot:
        """Says whether the vault is there."""

    @property
    def config(self) -> Config:
        """The user's settings."""

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it was last seen."""

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read the notes at `paths` again."""

    def put(self, path: str, found: NoteRead) -> Snapshot:
        """Take in what was just written to `path`."""

    def drop(self, path: str) -> Snapshot:
        """Leave out the note at `path`, which was removed for good."""


class EditWriter:
    """Writes edits through one `NoteWriter`. Safe to use from several threads; calls take their turn."""

    def __init__(
        self,
        model: NoteModel,
        lock: RLock,
        rebaser: EditRebaser,
        make_writer: Callable[[], NoteWriter],
    ) -> None:
        """Make the writer of a vault.

        Args:
            model: The vault's notes.
            lock: Held while a note is written, and by the model while it reads.
            rebaser: Adapts an edit to what has become of its note since it was asked for.
            make_writer: Gives what writes bytes; called once, for the first edit.
        """
        self._model = model
        self._lock = lock
        self._rebaser = rebaser
        self._make_writer = make_writer
        self._writer: NoteWriter | None = None
        self._ends_at: float | None = None
        """When (of `time.monotonic`) the program ends, once that is known."""

    def commit(self, edit: Edit) -> EditCommit:
        """Write `edit` into its note on disk and into the model.

        Raises:
            RefusedError: the task is gone, is not as it was seen, or the note is not written by roadtui.
            NoteAwayError: the note has just gone, and may come back: try again soon.
            WriteFailedError: the note could not be written; it is as it was.
            VaultMissingError: the vault is missing; nothing was written.
        """
        with self._lock:
            self._model.folder.find("Not changed: the")
            if edit.path not in self._model.snapshot.notes and os.path.lexists(self._model.root / edit.path):
                self._model.refresh([edit.path])  # It is back, and nobody has looked yet.
            seen = edit.seen
            edit = self._rebaser.edit(edit, self._model.snapshot)
            if edit.makes_note:
                return self._write_new(edit)
            made = self._write(edit)
            return self._without_note(edit, made) if edit.takes_away and made.before in seen else made

    def _write_new(self, edit: Edit) -> EditCommit:
        """Write `edit` into its note, which is made if it is missing; what takes it back takes it away."""
        from roadtui.vault.new_note import note_for_writing  # With the first note that is made.

        with note_for_writing(self._model.root, edit.path, self._open_writer().system) as new:
            made = self._write(replace(edit, path=new.path))
        if made.inverse is None or not new.made:
            return made
        return made._replace(inverse=replace(made.inverse, takes_away=new.made))

    def _without_note(self, edit: Edit, made: EditCommit) -> EditCommit:
        """Take the note that `edit` has emptied away again, if it still is what was made for it."""
        from roadtui.vault.new_note import take_away  # As above.

        if made.data or made.inverse is None or edit.takes_away[0] != made.path:
            return made
        take_away(self._model.root, edit.takes_away, self._open_writer().system)
        if os.path.lexists(self._model.root / made.path):
            return made
        return made._replace(
            snapshot=self._model.drop(made.path), inverse=replace(made.inverse, makes_note=True)
        )

    def _write(self, edit: Edit) -> EditCommit:
        known = self._model.snapshot.notes.get(edit.path)
        if known is not None and known.label:
            raise RefusedError(f"Not changed: {known.name} is shown only ({known.label}).")
        self._refuse_too_large(self._model.root / edit.path)
        from roadtui.core.edits.edit import (
            apply_edit,  # Not on the way to the first screen: edits come later.
        )

        made: list[EditResult] = []

        def transform(data: bytes) -> bytes:
            made.append(apply_edit(edit, data))
            return made[-1].data

        try:
            written = self._open_writer().write(self._model.root / edit.path, transform)
        except NoteGoneError:
            if known is not None and edit.path not in self._model.refresh([edit.path]).notes:
                return self.commit(edit)  # It has just been moved, or may come back.
            raise
        applied = made[-1]
        self._rebaser.made(edit.path, applied)
        found = NoteRead(
            applied.note, applied.digest, len(applied.data), written.signature, time_ns(), False, ""
        )
        snapshot = self._model.put(edit.path, found)
        return EditCommit(
            snapshot,
            snapshot.notes[edit.path],
            edit.path,
            applied.line,
            applied.inverse,
            applied.data,
            applied.note_before,
            applied.before,
            applied.hunks,
        )

    def recover(self, state: Path) -> list[str]:
        """Settle what an earlier run left unfinished in the folder `state`; a sentence for each find.

        Raises:
            VaultMissingError: the vault is missing; what is left is waited with.
        """
        from roadtui.vault.writing import recover  # After the first screen, like everything that writes.

        with self._lock:
            self._model.folder.find()
            return [found.message for found in recover(state, self._open_writer())]

    @property
    def is_unsettled(self) -> bool:
        """Whether a file is kept beside a note until nobody can write into it any more; then `settle`."""
        return self._writer is not None and self._writer.unsettled > 0

    def settle(self) -> list[str]:
        """Look at those files again; a sentence for each late edit that was found in one."""
        with self._lock:
            if self._model.folder.is_missing():
                return []
            return [found.message for found in self._open_writer().settle()]

    def end_within(self, seconds: float) -> None:
        """Have a write that is under way, or begins from now on, give up within `seconds`; waits for none."""
        self._ends_at = monotonic() + seconds
        if self._writer is not None:
            self._writer.end_within(seconds)

    def close(self, seconds: float | None = None) -> list[str]:
        """Settle what can be settled in a few seconds, or in `seconds`, and leave the rest to the next start.

        What is told is a sentence each. A write that is under way comes first: see `end_within`.
        """
        with self._lock:
            if self._writer is None:
                return []
            found = self._writer.close() if seconds is None else self._writer.close(seconds)
            return [each.message for each in found]

    def _refuse_too_large(self, path: Path) -> None:
        """Raise WriteFailedError if the note has grown too large to be parsed since it was read."""
        try:
            refuse_too_large(path, os.stat(path), self._model.config.max_note_bytes)
        except UnreadableNoteError as error:
            raise WriteFailedError(path, f"Not changed: {error}") from error
        except OSError:
            return  # The writer says what is wrong.

    def _open_writer(self) -> NoteWriter:
        if self._writer is None:
            self._writer = self._make_writer()
            if self._ends_at is not None:
                self._writer.end_within(self._ends_at - monotonic())
        return self._writer
