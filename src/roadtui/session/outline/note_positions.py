"""Where the user is in each note: as it was left in this run or the one before, else as the note opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from roadtui.core.outline import Outline
from roadtui.session.outline.outline_state import OutlineState
from roadtui.session.outline.saved_positions import ViewPosition, position_of, restore_position
from roadtui.vault.snapshot import VaultNote


class NotePositions:
    """The folds, cursor and scroll of notes, by their paths."""

    def __init__(self) -> None:
        self.opening_state: Callable[[VaultNote, Outline], OutlineState] | None = None
        """Makes the state of a note in which the user was not before; without it, nothing is folded."""
        self._states: dict[str, OutlineState] = {}
        self._saved: Mapping[str, ViewPosition] = {}
        self._opening: OutlineState | None = None
        """The note on the screen as it was opened; None where the user has been in it before."""

    def of_this_run(self, path: str) -> OutlineState | None:
        """The state in which the note at `path` was left; None where it was not shown in this run."""
        return self._states.get(path)

    def open(self, note: VaultNote, rows: Outline, height: int) -> OutlineState:
        """The state of `note`, which was not shown in this run, in a pane of `height` rows."""
        restored = self.restored(note.path, rows)
        if restored is not None:
            return restored
        state = self.opening_state(note, rows) if self.opening_state is not None else OutlineState(rows)
        state.scroll = state.scroll_to_cursor(height)
        self._opening = state.copy()
        return state

    def enter_another(self) -> None:
        """Note that another note than before is on the screen."""
        self._opening = None

    def is_as_opened(self, state: OutlineState, row: int | None) -> bool:
        """Whether the user, now at `row` of `state`, has neither moved nor folded since it was opened."""
        opening = self._opening
        return (
            opening is not None
            and state.cursor == row == opening.cursor
            and state.folded == opening.folded
            and state is state.unfiltered
        )

    def leave(self, path: str, state: OutlineState) -> None:
        """Keep `state`, in which the note at `path` is left."""
        self._states[path] = state

    def rename(self, old: str, new: str) -> None:
        """Follow the note at `old`, which is now at `new`."""
        if old in self._states:
            self._states[new] = self._states.pop(old)

    def use_saved(self, positions: Mapping[str, ViewPosition]) -> None:
        """Take `positions` for those of the run before."""
        self._saved = positions

    def restored(self, path: str, rows: Outline) -> OutlineState | None:
        """The state of the note at `path` as in the run before; None where nothing was saved of it."""
        position = self._saved.get(path)
        if position is None:
            return None
        self._opening = None
        return restore_position(position, rows)

    def to_save(self) -> dict[str, ViewPosition]:
        """The position in each note that was shown in this run."""
        return {path: position_of(state.unfiltered) for path, state in self._states.items()}
