"""Errors of reading and writing notes, each a type with a sentence for the user.

After an error of a write, the note has the bytes it had before, unless the sentence says otherwise.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import NamedTuple

from roadtui.core.errors import RoadtuiError


class Unreadable(Enum):
    """Why a note cannot be read."""

    GONE = "is gone"
    NOT_A_FILE = "is not a plain file (a folder, a pipe or a device)"
    DENIED = "may not be read: permission denied"
    TOO_LARGE = "is too large to be read"
    BUSY = "is being written by another program"
    NOT_HERE = "is kept in the cloud and is not downloaded yet"
    FAILED = "could not be read"


class UnreadableNoteError(RoadtuiError):
    """A note cannot be read. It is reported as a problem, and the rest of the vault is shown."""

    def __init__(self, path: Path, reason: Unreadable, detail: str = "") -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path.name} {reason.value}{f' ({detail})' if detail else ''}.")


class WriteFailedError(RoadtuiError):
    """A note could not be written. Reasons with a type of their own are subclasses."""

    def __init__(self, path: Path, sentence: str) -> None:
        self.path = path
        super().__init__(sentence)


class NoteBusyError(WriteFailedError):
    """Another program is using the note; the same write can be tried again later."""


class ReadOnlyNoteError(WriteFailedError):
    """The note, its folder or its file system may not be written."""


class NoSpaceError(WriteFailedError):
    """The disk, or the user's share of it, is full."""


class NoteGoneError(WriteFailedError):
    """The note no longer exists at its path."""


class StateFolderError(WriteFailedError):
    """The state folder may not be written, so that a change of more than one byte could not be recovered."""


class NoteAwayError(NoteBusyError, NoteGoneError):
    """The note has just disappeared and may come back: the same write can be tried again soon."""


class VaultMissingError(RoadtuiError):
    """The vault's folder does not exist, or is no longer the one that was opened."""


class Problem(NamedTuple):
    """A note or folder that could not be read."""

    path: str
    """Vault-relative, with forward slashes; empty for the vault itself."""
    reason: str
    """What is wrong, as text for the user."""
