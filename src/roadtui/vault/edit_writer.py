"""Writes edits into the notes of one vault, and updates the model of the vault.

Everything here blocks. Modules that only writing needs are imported with the first edit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
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
    """The result of writing an edit."""

    snapshot: Snapshot
    """The vault after the edit."""
    note: VaultNote
    """The note after the edit. It is not in `snapshot` if it was deleted after that."""
    path: str
    """The path of the note, relative to the vault."""
    line: int
    """The line to show the user, from 0."""
    inverse: Edit | None
    """The edit that undoes this one; None where nothing was written."""
    data: bytes
    """The bytes of the note after the edit."""
    note_before: Note
    """The parse of the bytes that the edit was applied to."""
    before: bytes
    """Content hash of the bytes that the edit was applied to."""
    hunks: tuple[Hunk, ...]
    """The ranges of lines that differ, in order; empty where nothing was written."""


class NoteModel(Protocol):
    """The notes of a vault as they were last read."""

    @property
    def root(self) -> Path:
        """The vault's folder."""

    @property
    def folder(self) -> VaultRoot:
        """The vault's folder, which may be missing."""

    @property
    def config(self) -> Config:
        """The user's settings."""

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it was last read."""

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read the notes at `paths` again."""

    def put(self, path: str, found: NoteRead) -> Snapshot:
        """Update the note at `path`, which was just written."""

    def drop(self, path: str) -> Snapshot:
        """Remove the note at `path`, which was deleted on disk."""


class EditWriter:
    """Writes edits through one `NoteWriter`. Thread-safe; calls are serialized."""

    def __init__(
        self,
        model: NoteModel,
        rebaser: EditRebaser,
        make_writer: Callable[[], NoteWriter],
    ) -> None:
        """Make the writer of a vault.

        Args:
            model: The vault's notes.
            rebaser: Rebases each edit onto the present state of its note.
            make_writer: Makes the writer of bytes; called once, for the first edit.
        """
        self._model = model
        self._lock = RLock()
        """Held while a note is written."""
        self._path: str | None = None
        """The note that was written last."""
        self._rebaser = rebaser
        self._make_writer = make_writer
        self._writer: NoteWriter | None = None
        self._deadline: float | None = None
        """When the program ends, in seconds of `time.monotonic`; None while it runs on."""

    def commit(self, edit: Edit) -> EditCommit:
        """Write `edit` into its note on disk and into the model.

        Raises:
            RefusedError: the task is gone or no longer as the user saw it, or the note is never written.
            NoteAwayError: the note has just disappeared and may come back: try again soon.
            WriteFailedError: the note could not be written; it is unchanged.
            VaultMissingError: the vault is missing; nothing was written.
        """
        with self._lock:
            self._model.folder.find("Not changed: the")
            if edit.path not in self._model.snapshot.notes and os.path.lexists(self._model.root / edit.path):
                self._model.refresh([edit.path])  # The note is back, but was not read yet.
            seen = edit.seen
            edit = self._rebaser.rebase(edit, self._model.snapshot)
            if edit.creates_note:
                return self._write_into_new_note(edit)
            result = self._write(edit)
            return (
                self._delete_emptied_note(edit, result) if edit.deletes and result.before in seen else result
            )

    def _write_into_new_note(self, edit: Edit) -> EditCommit:
        """Write `edit` into its note, which is created if it is missing; the inverse deletes it again."""
        from roadtui.vault.new_note import note_for_writing  # Only for a new note.

        with note_for_writing(self._model.root, edit.path, self._open_writer().system) as target:
            result = self._write(replace(edit, path=target.path))
        if not target.created:
            return result
        inverse = result.inverse or _without_lines(edit, result)
        return result._replace(inverse=replace(inverse, deletes=target.created))

    def _delete_emptied_note(self, edit: Edit, result: EditCommit) -> EditCommit:
        """Delete the note that `edit` has emptied, if it is the one that was created for the undone edit."""
        from roadtui.vault.new_note import delete_created  # As above.

        if result.data or edit.deletes[0] != result.path:
            return result
        delete_created(self._model.root, edit.deletes, self._open_writer().system)
        if os.path.lexists(self._model.root / result.path):
            return result
        return result._replace(
            snapshot=self._model.drop(result.path),
            inverse=replace(result.inverse or _without_lines(edit, result), creates_note=True),
        )

    def _write(self, edit: Edit) -> EditCommit:
        self._path = edit.path
        last_note = self._model.snapshot.notes.get(edit.path)
        if last_note is not None and last_note.label:
            raise RefusedError(f"Not changed: {last_note.name} is shown only ({last_note.label}).")
        self._refuse_too_large(self._model.root / edit.path)
        from roadtui.core.edits.edit import (
            apply_edit,  # Not on the way to the first screen: edits come later.
        )

        results: list[EditResult] = []

        def transform(data: bytes) -> bytes:
            results.append(apply_edit(edit, data))
            return results[-1].data

        try:
            written = self._open_writer().write(self._model.root / edit.path, transform)
        except NoteGoneError:
            if last_note is not None and edit.path not in self._model.refresh([edit.path]).notes:
                return self.commit(edit)  # The note has just been moved, or may come back.
            raise
        result = results[-1]
        self._rebaser.record_edit(edit.path, result)
        found = NoteRead(
            result.note, result.digest, len(result.data), written.signature, time_ns(), False, ""
        )
        snapshot = self._model.put(edit.path, found)
        return EditCommit(
            snapshot,
            snapshot.notes[edit.path],
            edit.path,
            result.line,
            result.inverse,
            result.data,
            result.note_before,
            result.before,
            result.hunks,
        )

    def pause(self, path: str) -> AbstractContextManager[object]:
        """Return the context in which to read the bytes of the note at `path`.

        A note that is being edited is not written meanwhile: the writer gets no lease on a note that is open.
        """
        return self._lock if path == self._path else nullcontext()

    def recover(self, state: Path) -> list[str]:
        """Finish or undo the writes that an earlier run left unfinished in the state folder `state`.

        Returns a sentence for the user about each of them.

        Raises:
            VaultMissingError: the vault is missing; recovery has to wait.
        """
        from roadtui.vault.writing import recover  # After the first screen, like everything that writes.

        with self._lock:
            self._model.folder.find()
            return [found.message for found in recover(state, self._open_writer())]

    @property
    def is_unsettled(self) -> bool:
        """Whether a displaced file is kept until no other program can write into it; see `settle`."""
        return self._writer is not None and self._writer.unsettled > 0

    def settle(self) -> list[str]:
        """Check the displaced files again; a sentence for the user about each late edit found in one."""
        with self._lock:
            if self._model.folder.is_missing():
                return []
            return [found.message for found in self._open_writer().settle()]

    def end_within(self, seconds: float) -> None:
        """Make any running or future write give up within `seconds`. Does not wait."""
        self._deadline = monotonic() + seconds
        if self._writer is not None:
            self._writer.end_within(seconds)

    def close(self, seconds: float | None = None) -> list[str]:
        """Check the displaced files for a few seconds, or `seconds`, and leave the rest to the next start.

        Waits for a running write first: see `end_within`. Returns sentences for the user.
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
            return  # The write reports the error.

    def _open_writer(self) -> NoteWriter:
        if self._writer is None:
            self._writer = self._make_writer()
            if self._deadline is not None:
                self._writer.end_within(self._deadline - monotonic())
        return self._writer


def _without_lines(edit: Edit, result: EditCommit) -> Edit:
    """The inverse of an edit that creates or deletes an empty note: it changes no line."""
    from roadtui.core.edits.edit import Edit, RestoreLines, WholeNoteAnchor  # As above.
    from roadtui.core.markdown import content_hash

    return Edit(result.path, edit.title, WholeNoteAnchor(content_hash(result.data)), RestoreLines(()))
