"""What became of notes and lines between the asking for an edit and its writing. Keeps little, and no bytes.

Keys are pressed ahead of the disk, and an undo may come long after its edit. What we changed ourselves, and
where a note was moved to, is known and need not be guessed from the text.
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
    from roadtui.vault.moves import Departure

_STEPS = 16
"""So many of our own last edits are known. Nobody presses more keys than that while one is written."""
_MOVES = 16


class EditRebaser:
    """Brings an edit up to date with what was seen to happen since. Not safe to use from several threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: gives seconds that never step back."""
        self._clock = clock
        self._steps: deque[tuple[str, EditResult]] = deque(maxlen=_STEPS)
        self._departed: deque[Departure] = deque(maxlen=_MOVES)

    def made(self, path: str, applied: EditResult) -> None:
        """An edit of the note at `path` is on disk."""
        if applied.inverse is not None:
            self._steps.append((path, applied))

    def changed(self, gone: Iterable[VaultNote], before: Snapshot, now: Snapshot) -> None:
        """The vault, which was `before`, is `now`, and these notes are no longer at their paths."""
        # What is at its path again is not anywhere else, whatever takes its place there later.
        known = [one for one in self._departed if one.note.path not in now.notes]
        missed = [note for note in gone if note.path not in now.notes]
        if missed:
            from roadtui.vault.moves import Departure  # With the first note that is gone: it compiles a lot.

            known += [Departure(note, before, self._clock()) for note in missed]
        self._departed = deque(known, _MOVES)

    def edit(self, edit: Edit, now: Snapshot) -> Edit:
        """`edit` as it would have been asked for now.

        Raises:
            NoteAwayError: its note has just gone, and may come back.
        """
        from roadtui.core.edits.edit import rebase  # Not on the way to the first screen.

        time = self._clock()
        for one in self._departed:
            if one.note.path == edit.path and edit.path not in now.notes:
                if one.may_come_back(now, time):
                    raise NoteAwayError(
                        now.root / edit.path, f"{edit.path} was not changed: it is not there just now."
                    )
                moved = one.moved_to(now, time)
                edit = replace(edit, path=moved.path) if moved is not None else edit
        known = now.notes.get(edit.path)
        if known is not None and _was_asked_in(edit, known):
            return edit  # Another program may have put the note back to how it was before our steps.
        steps = [step for path, step in self._steps if path == edit.path]
        for step in steps[_begin(edit, steps) :]:
            edit = rebase(edit, step)
        return edit


def _was_asked_in(edit: Edit, note: VaultNote) -> bool:
    """Whether `note` is the very state that `edit` was asked for in."""
    from roadtui.core.edits.edit import WholeNoteAnchor  # With the first edit, as above.

    if isinstance(edit.anchors, WholeNoteAnchor):
        return edit.anchors.digest == note.digest
    return all(anchor.digest == note.digest for anchor in edit.anchors)


def _begin(edit: Edit, steps: Sequence[EditResult]) -> int:
    """The first of `steps` that `edit` may not know of: the one that left the state it was asked in last.

    A note that went there and back is as it was, whether by our own steps or by another program.
    """
    from roadtui.core.edits.edit import WholeNoteAnchor  # With the first edit, as above.

    if isinstance(edit.anchors, WholeNoteAnchor):
        return 0
    seen = {anchor.digest for anchor in edit.anchors}
    left = (at for at, step in enumerate(steps) if step.before in seen)
    reached = (after for after, step in enumerate(steps, 1) if step.digest in seen)
    return max((*left, *reached), default=0)
