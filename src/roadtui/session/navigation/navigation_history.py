"""Where the user was: the places to go back to, and those to go forward to again. Uses no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadtui.session.outline.outline_state import OutlineState
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.vault.moves import MissingNote

_MOST_PLACES = 100
"""Places that are kept in either direction; the oldest are dropped first."""


@dataclass(slots=True, eq=False)
class VisitedPlace:
    """A position in a note."""

    path: str
    state: OutlineState
    """Cursor, folds and scroll, in the outline that the note had then."""
    missing: MissingNote | None = None
    """The note, if it is gone from the vault: it may have been moved."""

    def is_at(self, other: VisitedPlace) -> bool:
        """Whether both have the cursor on the same row of the same state of a note."""
        return (
            self.path == other.path
            and self.state.outline is other.state.outline
            and self.state.cursor == other.state.cursor
        )


class NavigationHistory:
    """The places that the user left by a jump: a link, a suggestion, a search. Not those of small moves."""

    def __init__(self) -> None:
        self._back: list[VisitedPlace] = []
        self._forward: list[VisitedPlace] = []

    def record(self, left: VisitedPlace) -> None:
        """Record the place that the user leaves by a jump. There is nothing to go forward to any more."""
        self._forward.clear()
        _push(self._back, left)

    def back(self, here: VisitedPlace | None, now: Snapshot) -> VisitedPlace | None:
        """The place to go back to from `here`; None if there is none. Notes that are gone are forgotten."""
        return _step(self._back, self._forward, here, now)

    def forward(self, here: VisitedPlace | None, now: Snapshot) -> VisitedPlace | None:
        """The place to go forward to from `here`, after `back`; None if there is none."""
        return _step(self._forward, self._back, here, now)

    def follow(self, before: Snapshot, now: Snapshot, time: float) -> None:
        """Follow notes that were moved between `before` and `now`.

        `time` is in seconds of any clock that never steps back.
        """
        for place in (*self._back, *self._forward):
            if place.path in now.notes:
                place.missing = None
                continue
            if place.missing is None and place.path in before.notes:
                from roadtui.vault.moves import MissingNote  # Seldom, and never for the first screen.

                place.missing = MissingNote(before.notes[place.path], before, time)
            moved = place.missing.moved_to(now, time) if place.missing is not None else None
            if moved is not None:
                place.path, place.missing = moved.path, None


def _push(places: list[VisitedPlace], place: VisitedPlace) -> None:
    if not (places and places[-1].is_at(place)):
        places.append(place)
        del places[:-_MOST_PLACES]


def _step(
    places: list[VisitedPlace], others: list[VisitedPlace], here: VisitedPlace | None, now: Snapshot
) -> VisitedPlace | None:
    while places:
        place = places.pop()
        if place.path in now.notes and not (here is not None and place.is_at(here)):
            if here is not None:
                _push(others, here)
            return place
    return None
