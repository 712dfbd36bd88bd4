"""What can go wrong between a note and its disk, each as a type with a sentence for the user.

Whatever of these a write raises, the note holds the bytes it held before, unless the sentence says otherwise.
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
    """A note that cannot be read; it is listed and skipped, the rest of the vault goes on."""

    def __init__(self, path: Path, reason: Unreadable, detail: str = "") -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path.name} {reason.value}{f' ({detail})' if detail else ''}.")


class WriteFailedError(RoadtuiError):
    """The disk refused a write for a reason that has no type of its own."""

    def __init__(self, path: Path, sentence: str) -> None:
        self.path = path
        super().__init__(sentence)


class NoteBusyError(WriteFailedError):
    """Another program holds the note; the same write can be tried again later."""


class ReadOnlyNoteError(WriteFailedError):
    """The note, its folder or its file system may not be written."""


class NoSpaceError(WriteFailedError):
    """The disk, or the user's share of it, is full."""


class NoteGoneError(WriteFailedError):
    """There is no note at this path any more."""


class StateFolderError(WriteFailedError):
    """The state folder may not be written, so that a change longer than a byte could not be recovered."""


class NoteAwayError(NoteBusyError, NoteGoneError):
    """There is no note at this path just now, and it may come back: try the same write again soon."""


class VaultMissingError(RoadtuiError):
    """The vault's folder is not there, or is no longer the one that was opened."""


class Problem(NamedTuple):
    """A note or folder that could not be looked at."""

    path: str
    """Vault-relative, with forward slashes; empty for the vault itself."""
    reason: str
    """What is wrong, in words for the user."""
