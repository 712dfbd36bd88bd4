"""What became of notes and lines between the asking for an edit and its writing. Keeps little, and no bytes.

Keys are pressed ahead of the disk, and an undo may come long after its edit. What we changed ourselves, and
where a note was moved to, is known and need not be guessed from the text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.edit import Applied, Edit

_STEPS = 16
"""So many of our own last edits are known. Nobody presses more keys than that while one is written."""
_MOVES = 16


class CatchUp:
    """Brings an edit up to date with what was seen to happen since. Not safe to use from several threads."""

    def __init__(self) -> None:
        self._steps: deque[tuple[str, Applied]] = deque(maxlen=_STEPS)
        self._departed: deque[tuple[VaultNote, Snapshot]] = deque(maxlen=_MOVES)

    def made(self, path: str, applied: Applied) -> None:
        """An edit of the note at `path` is on disk."""
        if applied.inverse is not None:
            self._steps.append((path, applied))

    def departed(self, notes: Iterable[VaultNote], before: Snapshot) -> None:
        """These notes of `before` are no longer at their paths."""
        self._departed.extend((note, before) for note in notes)

    def edit(self, edit: Edit, now: Snapshot) -> Edit:
        """`edit` as it would have been asked for now."""
        from roadtui.core.edit import carry_over  # Not on the way to the first screen.

        for gone, before in self._departed:
            if gone.path == edit.path and gone.path not in now.notes:
                moved = now.successor(gone, before)
                edit = replace(edit, path=moved.path) if moved is not None else edit
        note = now.notes.get(edit.path)
        if note is not None and edit.is_of(note.digest):
            return edit
        for path, step in self._steps:
            if path == edit.path:
                edit = carry_over(edit, step)
        return edit
