"""When to believe that a note has been moved. Pure: the time comes in as an argument.

A sync program that finds a conflict renames the note to its conflict copy and puts what it has pulled in its
place, within milliseconds or seconds: to follow the first half would be to go on in the copy. So a name that
is a conflict copy's is never followed, one that may be is followed only after a while, and who has followed a
note returns when something like it is back at the old path.
"""

from __future__ import annotations

from dataclasses import dataclass

from roadtui.vault.snapshot import Snapshot, VaultNote
from roadtui.vault.watch.conflict_names import is_made_of

RETURN_SECONDS = 1.0
"""For so long a note that is gone is expected back."""
COPY_SECONDS = 3.0
"""So long a note that got a name made of its own has to keep it before that is taken for its new name."""
_RETURN_FROM_MOVE_SECONDS = 60.0
"""Something like the note that appears at its old path later is another note. Conflict copies never age."""


@dataclass(frozen=True, slots=True, eq=False)
class Departure:
    """A note that is no longer at its path."""

    note: VaultNote
    """As it was last seen."""
    before: Snapshot
    """The last state of the vault with the note in it."""
    at: float
    """When it was missed, in seconds of the caller's clock, which never steps back."""

    def moved_to(self, now: Snapshot, time: float) -> VaultNote | None:
        """Where the note is now, as far as that is sure; None where it may still come back, or is nowhere."""
        found = now.successor(self.note, self.before)
        if found is None or (is_made_of(found.path, self.note.path) and time - self.at < COPY_SECONDS):
            return None
        return found

    def may_come_back(self, now: Snapshot, time: float) -> bool:
        """Whether to wait for it at its old path."""
        found = now.successor(self.note, self.before)
        patience = COPY_SECONDS if found is not None else RETURN_SECONDS
        return self.moved_to(now, time) is None and time - self.at < patience

    def came_back(self, now: Snapshot, moved_to: str, time: float) -> bool:
        """Whether the note, which was followed to `moved_to`, is back at its old path."""
        found = now.notes.get(self.note.path)
        if found is None or not found.resembles(self.note):
            return False
        return is_made_of(moved_to, self.note.path) or time - self.at < _RETURN_FROM_MOVE_SECONDS
