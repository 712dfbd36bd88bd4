"""Decides whether a note that disappeared has been moved, and finds the conflict copies of notes.

Pure: the time comes in as an argument.

A sync program that finds a conflict renames the note to a conflict copy and puts the other version in its
place, within milliseconds or seconds. To follow the rename would be to go on in the copy. So the name of a
conflict copy is never followed, and a name that may be one only after a while; and a note that was followed
is followed back if a similar note appears at the old path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from roadtui.vault.snapshot import Snapshot, VaultNote
from roadtui.vault.watch.conflict_names import is_made_of, sure_conflict_name

RETURN_SECONDS = 1.0
"""How long a missing note is expected to come back."""
COPY_SECONDS = 3.0
"""How long a note has to keep a new name that contains its old one before the rename is followed."""
_RETURN_FROM_MOVE_SECONDS = 60.0
"""A similar note that appears at the old path later is another note. Does not apply to conflict copies."""


@dataclass(frozen=True, slots=True, eq=False)
class MissingNote:
    """A note that is no longer at its path."""

    note: VaultNote
    """The note as it was last read."""
    before: Snapshot
    """The last snapshot with the note."""
    at: float
    """When it was found missing, in seconds of the caller's clock, which never steps back."""

    def moved_to(self, now: Snapshot, time: float) -> VaultNote | None:
        """The note at its new path; None if it may still come back, or was deleted."""
        found = now.successor(self.note, self.before)
        if found is None or (is_made_of(found.path, self.note.path) and time - self.at < COPY_SECONDS):
            return None
        return found

    def may_come_back(self, now: Snapshot, time: float) -> bool:
        """Whether to wait for the note at its old path."""
        found = now.successor(self.note, self.before)
        timeout = COPY_SECONDS if found is not None else RETURN_SECONDS
        return self.moved_to(now, time) is None and time - self.at < timeout

    def came_back(self, now: Snapshot, moved_to: str, time: float) -> bool:
        """Whether the note, which was followed to `moved_to`, is back at its old path."""
        found = now.notes.get(self.note.path)
        if found is None or not found.resembles(self.note):
            return False
        return is_made_of(moved_to, self.note.path) or time - self.at < _RETURN_FROM_MOVE_SECONDS


_OURS = "roadtui"


class ConflictCopy(NamedTuple):
    """A version of a note that a program has kept under another name."""

    path: str
    """Relative to the vault, as is `original`."""
    original: str
    maker: str
    """The program."""

    @property
    def message(self) -> str:
        """The sentence to show."""
        original, copy = PurePosixPath(self.original).name, PurePosixPath(self.path).name
        return (
            f"{original} was edited in two places. {self.maker[:1].upper()}{self.maker[1:]} has kept the "
            f"other version as {copy}: see what it has that {original} lacks."
        )


def new_conflict_copies(before: Snapshot, after: Snapshot) -> Iterator[ConflictCopy]:
    """The conflict copies of notes that were there before, in order of their paths.

    Those that roadtui makes itself are reported where they are made.
    """
    for path in sorted(after.notes.keys() - before.notes.keys()):
        name = sure_conflict_name(path)
        if name is not None and name.maker != _OURS and name.original in before.notes:
            yield ConflictCopy(path, name.original, name.maker)
