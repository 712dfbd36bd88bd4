"""Which note is open, while the vault changes. Knows no widget."""

from __future__ import annotations

from dataclasses import replace
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


class ShownNote:
    """The path of the open note; follows it when it is moved, and waits for it when it is gone.

    Times are seconds of any clock that never steps back.
    """

    def __init__(self, path: str | None) -> None:
        self.path = path
        self._departure: MissingNote | None = None
        """Of the open note: it is gone, and shown as it was."""
        self._followed: MissingNote | None = None
        """Of the note that the open one was, before it was moved: it may come back to its old path."""
        self._is_given_up = False
        self._begun: set[str] = set()
        """Notes that the user writes in and that hold no task yet, or none any more."""

    def go_to(self, path: str | None) -> None:
        """Another note is open from now on."""
        self.path = path
        self._departure = self._followed = None

    def written(self, path: str, note: VaultNote | None) -> None:
        """The user's transaction is in `note` at `path`, or removed it (None); call before it is shown."""
        if note is None:
            self._begun.discard(path)
            if path == self.path:
                self.go_to(None)
        elif not note.has_tasks:
            self._begun.add(path)

    @property
    def is_begun(self) -> bool:
        """Whether the user writes in the open note, although it holds no task."""
        return self.path in self._begun

    def choose(self, now: Snapshot) -> None:
        """Go to the first note of `now`, a roadmap if there is one, if the open one is not in the vault."""
        if not self.is_missed and (self.path is None or self._is_gone(now)):
            self.go_to(next((note.path for note in now.roadmaps), next(iter(now.notes), None)))

    def _is_gone(self, now: Snapshot) -> bool:
        """Whether the open note is neither there, nor there to be read later."""
        return (
            self.path not in now.notes
            and now.is_complete
            and all(problem.path != self.path for problem in now.problems)
        )

    def follow(self, before: Snapshot, now: Snapshot, time: float) -> Renamed | None:
        """Take in that the vault, which was `before`, is `now`; gives where the open note goes on."""
        if self.path in now.notes:
            self._departure = None
            return self._return(now, time)
        if self._departure is None and self.path is not None and self.path in before.notes:
            from roadtui.vault.moves import MissingNote  # Seldom, and never for the first screen.

            self._departure = MissingNote(before.notes[self.path], before, time)
            self._is_given_up = False
        if self._departure is None:
            return None
        self._is_given_up = not self._departure.may_come_back(now, time)
        moved = self._departure.moved_to(now, time)
        if moved is None:
            return None
        self._followed, self._departure = self._departure, None
        return self._rename(moved.path)

    def _return(self, now: Snapshot, time: float) -> Renamed | None:
        """Go back to the old path of a note that was followed, where something like it is there again."""
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
        return self._departure is not None

    def note_in(self, snapshot: Snapshot) -> VaultNote | None:
        """The open note: as it is, or as it was last seen; then it is labelled once it is not waited for."""
        if self.path is None:
            return None
        if self._departure is None or any(problem.path == self.path for problem in snapshot.problems):
            return snapshot.notes.get(self.path)
        note = self._departure.note
        return replace(note, label=GONE) if self._is_given_up else note

    def next_look(self, time: float) -> float | None:
        """In how many seconds to `follow` again although nothing has changed; None for never."""
        if self._departure is None:
            return None
        from roadtui.vault.moves import COPY_SECONDS, RETURN_SECONDS  # As above.

        since = time - self._departure.at
        return next((seconds - since for seconds in (RETURN_SECONDS, COPY_SECONDS) if since < seconds), None)
