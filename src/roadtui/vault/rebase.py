"""Rebases edits onto the program's own later edits, and onto moves of their notes. Keeps no bytes of notes.

Keys may be pressed before earlier edits are written, and an undo may come long after its edit. The lines of
the program's own edits, and the new path of a moved note, are known and need not be found by their text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from roadtui.vault.errors import NoteAwayError
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Edit, EditResult
    from roadtui.vault.moves import MissingNote

_MOST_EDITS = 16
"""How many of the program's own last edits are kept: more than keys are pressed while one is written."""
_MOST_MISSING = 16


class EditRebaser:
    """Rebases edits onto later changes of their notes. Not thread-safe."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds that never step back."""
        self._clock = clock
        self._own_edits: deque[tuple[str, EditResult]] = deque(maxlen=_MOST_EDITS)
        self._missing_notes: deque[MissingNote] = deque(maxlen=_MOST_MISSING)

    def record_edit(self, path: str, result: EditResult) -> None:
        """Record an edit of the note at `path` that is on disk."""
        if result.inverse is not None:
            self._own_edits.append((path, result))

    def record_changes(self, removed: Iterable[VaultNote], before: Snapshot, now: Snapshot) -> None:
        """Record that the notes `removed` are no longer at their paths, with the vault `before` and `now`."""
        # A note that is at its path again was not moved, even if it disappears again later.
        still_missing = [missing for missing in self._missing_notes if missing.note.path not in now.notes]
        newly_missing = [note for note in removed if note.path not in now.notes]
        if newly_missing:
            from roadtui.vault.moves import (
                MissingNote,  # Only for a missing note: compiles patterns.
            )

            still_missing += [MissingNote(note, before, self._clock()) for note in newly_missing]
        self._missing_notes = deque(still_missing, _MOST_MISSING)

    def rebase(self, edit: Edit, now: Snapshot) -> Edit:
        """`edit` rebased onto the vault `now`.

        Raises:
            NoteAwayError: the note of the edit has just disappeared and may come back.
        """
        from roadtui.core.edits.edit import rebase  # Not on the way to the first screen.

        time = self._clock()
        for missing in self._missing_notes:
            if missing.note.path == edit.path and edit.path not in now.notes:
                if missing.may_come_back(now, time):
                    raise NoteAwayError(
                        now.root / edit.path, f"{edit.path} was not changed: it is missing at the moment."
                    )
                moved = missing.moved_to(now, time)
                edit = replace(edit, path=moved.path) if moved is not None else edit
        note = now.notes.get(edit.path)
        if note is not None and _is_anchored_in(edit, note):
            return edit  # Another program may have restored the note to this state.
        edits = [own_edit for path, own_edit in self._own_edits if path == edit.path]
        for own_edit in edits[_first_unknown(edit, edits) :]:
            edit = rebase(edit, own_edit)
        return edit


def _is_anchored_in(edit: Edit, note: VaultNote) -> bool:
    """Whether `edit` is anchored in exactly this state of `note`."""
    from roadtui.core.edits.edit import WholeNoteAnchor  # With the first edit, as above.

    if isinstance(edit.anchors, WholeNoteAnchor):
        return edit.anchors.digest == note.digest
    return all(anchor.digest == note.digest for anchor in edit.anchors)


def _first_unknown(edit: Edit, edits: Sequence[EditResult]) -> int:
    """Index of the first of `edits` that came after the state in which `edit` is anchored.

    The last occurrence of that state counts, as a note may return to it, by our own edits or another program.
    """
    from roadtui.core.edits.edit import WholeNoteAnchor  # With the first edit, as above.

    if isinstance(edit.anchors, WholeNoteAnchor):
        return 0
    seen = {anchor.digest for anchor in edit.anchors}
    left = (at for at, own_edit in enumerate(edits) if own_edit.before in seen)
    reached = (after for after, own_edit in enumerate(edits, 1) if own_edit.digest in seen)
    return max((*left, *reached), default=0)
