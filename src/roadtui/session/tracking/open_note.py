"""Which note is open, while the vault changes. Uses no widget."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.vault.moves import MissingNote

GONE = "gone"
"""The label of a note that is shown as it was last seen, because it is no longer in the vault."""


class Renamed(NamedTuple):
    """The open note goes on under another path."""

    old: str
    new: str


def note_to_open(snapshot: Snapshot, today: date) -> str | None:
    """Path of the note with the best next action, else of the first one; None until all is read."""
    if not snapshot.is_complete:
        return None
    roadmaps = snapshot.roadmaps
    best = snapshot.suggestions(roadmaps, today, 1)
    if best:
        return best[0].path
    return next((note.path for note in roadmaps), next(iter(snapshot.notes), None))


class ShownNote:
    """The path of the open note; follows the note when it is moved, and waits for it when it is gone.

    Times are seconds of any clock that never steps back.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
        self._missing: MissingNote | None = None
        """The open note, if it is gone from the vault and shown as it was last seen."""
        self._followed: MissingNote | None = None
        """The open note before its move, which may come back to its old path; None if it was not moved."""
        self._is_given_up = False
        self._begun: set[str] = set()
        """Paths of the notes that the user has edited and that hold no task."""

    def go_to(self, path: str | None) -> None:
        """Open another note."""
        self.path = path
        self._missing = self._followed = None

    def written(self, path: str, note: VaultNote | None) -> None:
        """A transaction of the user has changed `note`, or deleted it (None). Call before it is shown."""
        if note is None:
            self._begun.discard(path)
            if path == self.path:
                self.go_to(None)
        elif not note.has_tasks:
            self._begun.add(path)

    @property
    def is_begun(self) -> bool:
        """Whether the user has edited the open note, and it holds no task."""
        return self.path in self._begun

    def choose(self, now: Snapshot, today: date) -> None:
        """If the open note is not in the vault, open the one of `now` with the best next action `today`."""
        if not self.is_missed and (self.path is None or self._is_gone(now)):
            self.go_to(note_to_open(now, today))

    def _is_gone(self, now: Snapshot) -> bool:
        """Whether the open note is not in the vault, not even as one that cannot be read."""
        return (
            self.path not in now.notes
            and now.is_complete
            and all(problem.path != self.path for problem in now.problems)
        )

    def follow(self, before: Snapshot, now: Snapshot, time: float) -> Renamed | None:
        """Follow the open note from `before` to `now`; return its rename if it has another path there."""
        if self.path in now.notes:
            self._missing = None
            return self._return(now, time)
        if self._missing is None and self.path is not None and self.path in before.notes:
            from roadtui.vault.moves import MissingNote  # Seldom, and never for the first screen.

            self._missing = MissingNote(before.notes[self.path], before, time)
            self._is_given_up = False
        if self._missing is None:
            return None
        self._is_given_up = not self._missing.may_come_back(now, time)
        moved = self._missing.moved_to(now, time)
        if moved is None:
            return None
        self._followed, self._missing = self._missing, None
        return self._rename(moved.path)

    def _return(self, now: Snapshot, time: float) -> Renamed | None:
        """Return to the old path of a note that was followed, if a similar note is there again."""
        if self._followed is None or self.path is None:
            return None
        if not self._followed.came_back(now, self.path, time):
            return None
        old, self._followed = self._followed.note.path, None
        return self._rename(old)

    def _rename(self, path: str) -> Renamed:
        assert self.path is not None
        renamed = Renamed(self.path, path)
        self.path = path
        return renamed

    @property
    def is_missed(self) -> bool:
        """Whether the note is gone, and shown as it was last seen."""
        return self._missing is not None

    def note_in(self, snapshot: Snapshot) -> VaultNote | None:
        """The open note as it is, or as it was last seen; labelled `GONE` once its return is unlikely."""
        if self.path is None:
            return None
        if self._missing is None or any(problem.path == self.path for problem in snapshot.problems):
            return snapshot.notes.get(self.path)
        note = self._missing.note
        return replace(note, label=GONE) if self._is_given_up else note

    def next_check(self, time: float) -> float | None:
        """Seconds until `follow` is to be called again although nothing has changed; None for never."""
        if self._missing is None:
            return None
        from roadtui.vault.moves import COPY_SECONDS, RETURN_SECONDS  # As above.

        since = time - self._missing.at
        return next((seconds - since for seconds in (RETURN_SECONDS, COPY_SECONDS) if since < seconds), None)
