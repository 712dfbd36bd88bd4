"""A pane that shows an outline: folds, cursor and scroll, whatever its rows stand for."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from roadtui.core.note import ListItem, Section
from roadtui.core.outline import Row
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.tree_state import TreeState
from roadtui.ui.widgets.row_view import RowView


class OutlineView(RowView, inherit_bindings=False):
    """Headings and items that fold. Subclasses draw them and say which outline it is."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.OUTLINE, Scope.LIST)]

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state = TreeState()

    # What the cursor is on

    @property
    def current(self) -> Section | ListItem | None:
        """The heading or item under the cursor."""
        row = self._state.row(self.cursor)
        return row.content if row is not None else None

    def go_to_line(self, line: int) -> None:
        """Put the cursor on the row of `line` (from 0), unfolding what hides it."""
        row = self._state.at_line(line)
        if row is not None:
            self._state.reveal(row)
            self.rows_changed()
            self._select(self._state.position(row))

    def _select(self, position: int) -> None:
        """Put the cursor on a row that may have stayed the same number and become another row."""
        before = self.cursor
        self.move_to(position)
        if self.cursor == before:
            self.keep_in_sight(before)
            self.post_message(self.CursorMoved(self))

    # Rows

    def row_count(self) -> int:
        """See `RowView`."""
        return len(self._state.shown)

    def is_stop(self, row: int) -> bool:
        """See `RowView`: blank rows are passed over."""
        found = self._state.row(row)
        return found is not None and found.content is not None

    def _fold_mark(self, row: Row) -> str:
        if not self._state.outline.has_children(row.index):
            return " "
        return "▸" if self._state.is_folded(row.index) else "▾"

    # Actions

    def _fold(self, row: int, *, folded: bool) -> None:
        """Fold or unfold one row."""
        self._state.set_folded([row], folded=folded)
        self._show_folds(row)

    def _show_folds(self, row: int | None) -> None:
        """Draw after folds have changed; the cursor stays on `row`, or goes to the one that hides it."""
        if row is not None:
            self.rows_changed()
            self._select(self._state.position(row))

    def action_fold(self) -> None:
        """Fold the row; where there is nothing to fold, go to its parent."""
        row = self._state.row(self.cursor)
        if row is None:
            return
        if self._fold_mark(row) == "▾":
            self._fold(row.index, folded=True)
        elif row.parent >= 0:
            self._select(self._state.position(row.parent))

    def action_unfold(self) -> None:
        """Unfold the row; where it is open, go to its first child."""
        row = self._state.row(self.cursor)
        if row is None:
            return
        if self._state.is_folded(row.index):
            self._fold(row.index, folded=False)
        elif self._state.outline.has_children(row.index):
            self.action_move(1)

    def action_toggle_fold(self) -> None:
        """Fold an open row, unfold a folded one."""
        row = self._state.row(self.cursor)
        if row is not None and self._state.outline.has_children(row.index):
            self._fold(row.index, folded=not self._state.is_folded(row.index))

    def action_fold_all(self) -> None:
        """Fold every row that has something below it."""
        row = self._state.row(self.cursor)
        self._state.fold_all()
        self._show_folds(row.index if row is not None else None)

    def action_unfold_all(self) -> None:
        """Unfold every row."""
        row = self._state.row(self.cursor)
        self._state.unfold_all()
        self._show_folds(row.index if row is not None else None)

    def action_section(self, step: int) -> None:
        """Go to the next or previous heading."""
        at = self.cursor + step
        while (row := self._state.row(at)) is not None:
            if isinstance(row.content, Section):
                self._select(at)
                return
            at += step
