"""A list of the rows of an outline: folding, moving from section to section, selecting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Generic

from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from typing_extensions import override

from roadtui.core.note import ListItem, Section, Task
from roadtui.core.outline import Content, Row
from roadtui.session.outline.outline_state import OutlineState
from roadtui.ui.command import RowKind
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList


class OutlineTree(LineList, Generic[Content], inherit_bindings=False):
    """Rows that fold. Subclasses draw them, and set the outline."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.OUTLINE, Scope.LIST)]

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._state: OutlineState[Content] = OutlineState()

    # What the cursor is on

    @property
    def current(self) -> Content | None:
        """What the row under the cursor shows: in a note a heading or an item."""
        row = self._state.row(self.cursor)
        return row.content if row is not None else None

    @property
    def current_row(self) -> int | None:
        """The index in the outline of the row under the cursor."""
        row = self._state.row(self.cursor)
        return row.index if row is not None else None

    def go_to_line(self, line: int) -> None:
        """Put the cursor on the row of `line` (from 0), unfolding what hides it."""
        row = self._state.outline.at_line(line)
        if row is not None:
            self.go_to_row(row)

    def go_to_row(self, row: int) -> None:
        """Put the cursor on a row of the outline, showing it where it is hidden."""
        self._state.reveal(row)
        self.rows_changed()
        self._select(self._state.position(row))

    def _select(self, position: int) -> None:
        """Put the cursor on a row, which may be another one with the same number."""
        before = self.cursor
        self.move_to(position)
        if self.cursor == before:
            self.keep_in_sight(before)
            self.post_message(self.CursorMoved(self))

    # Rows

    @override
    def row_count(self) -> int:
        return len(self._state.shown)

    @override
    def is_stop(self, row: int) -> bool:
        """False for blank rows."""
        found = self._state.row(row)
        return found is not None and found.content is not None

    @property
    def rows_on_screen(self) -> list[Row[Content] | None]:
        """The rows that are in sight, from the top; None below the last one."""
        top = self.scroll_offset.y
        return [self._state.row(position) for position in range(top, top + self.size.height)]

    def _fold_mark(self, row: Row[Content]) -> str:
        if not self._state.has_children(row.index):
            return " "
        return "▸" if self._state.is_folded(row.index) else "▾"

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        row = self._state.row(self.cursor)
        has_children = row is not None and self._state.has_children(row.index)
        match action:
            case "fold" if row is None or (self._fold_mark(row) != "▾" and row.parent < 0):
                return "It is folded already." if has_children else "There is nothing to fold."
            case "unfold" | "toggle_fold" if not has_children:
                return "There is nothing inside it."
            case "fold_all" if self._state.is_all_folded:
                return "Everything is folded already."
            case "unfold_all" if not self._state.folded:
                return "Nothing is folded."
            case "section" if self._next_heading(int(str(parameters[0]))) is None:
                return f"There is no heading {'below' if parameters[0] == 1 else 'above'} this row."
        return super().refusal(action, parameters)

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
        elif self._state.has_children(row.index):
            self.action_move(1)

    def action_toggle_fold(self) -> None:
        """Fold an open row, unfold a folded one."""
        row = self._state.row(self.cursor)
        if row is not None and self._state.has_children(row.index):
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

    def is_heading(self, row: Row[Content]) -> bool:
        """Whether `row` is one of those that `action_section` goes to."""
        return isinstance(row.content, Section)

    def action_section(self, step: int) -> None:
        """Go to the next or previous heading."""
        found = self._next_heading(step)
        if found is not None:
            self._select(found)

    def _next_heading(self, step: int) -> int | None:
        at = self.cursor + step
        while (row := self._state.row(at)) is not None:
            if self.is_heading(row):
                return at
            at += step
        return None


def what_it_is(content: Section | ListItem | None) -> str:
    """Words for why something can't be done to a row: `this is a heading`."""
    if content is None:
        return "there is no row here"
    if isinstance(content, Section):
        return "this is a heading"
    return "this is a task" if isinstance(content, Task) else "this is an item without a checkbox"


class SelectableOutline(OutlineTree[Section | ListItem], inherit_bindings=False):
    """An outline whose items, but not headings, can be selected. The selection follows its rows."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.SELECTION, Scope.OUTLINE, Scope.LIST)]

    @dataclass(eq=False)
    class SelectionChanged(Message):
        """The number of selected rows has changed."""

        count: int

    @property
    def selected(self) -> list[ListItem]:
        """The selected items in order of the note, else the one under the cursor."""
        rows = self._state.outline.rows
        selected = [row.content for row in map(rows.__getitem__, self._state.selected)]
        contents = selected or [self.current]
        return [content for content in contents if isinstance(content, ListItem)]

    @property
    def acted_on(self) -> list[Row[Section | ListItem]]:
        """The selected rows, and the one under the cursor."""
        current = self._state.row(self.cursor)
        rows = [*map(self._state.outline.rows.__getitem__, self._state.selected)]
        return [*rows, current] if current is not None else rows

    @property
    def selected_positions(self) -> list[int]:
        """The positions of the selected rows that are not folded away; empty where none is selected."""
        return [self._state.position(row) for row in self._state.selected]

    @property
    def row_kind(self) -> RowKind:
        """What keys act on."""
        if self._state.selected:
            return RowKind.SELECTION
        current = self.current
        if current is None:
            return RowKind.EMPTY
        return RowKind.HEADING if isinstance(current, Section) else RowKind.OTHER

    @property
    def depth(self) -> int:
        """How deep the row under the cursor is."""
        row = self._state.row(self.cursor)
        return row.depth if row is not None else 0

    @property
    def end_of_row(self) -> int:
        """The position after the row under the cursor and all visible rows inside it."""
        row = self._state.row(self.cursor)
        return self._state.end_of(row.index) if row is not None else 0

    @override
    def row_background(self, row: int, text_styles: TextStyles) -> Style | None:
        found = self._state.row(row)
        return text_styles.cursor_away if found is not None and found.index in self._state.selection else None

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "toggle_task" and not any(isinstance(one, Task) for one in self.selected):
            return f"Only tasks are ticked; {what_it_is(self.current)}."
        if action == "clear_marks" and not self._state.selected:
            return "No rows are selected."
        if action in ("mark", "mark_range") and not isinstance(self.current, ListItem):
            return f"Only tasks and items are selected; {what_it_is(self.current)}."
        row = self._state.row(self.cursor)
        selection = self._state.selection
        if (
            action == "mark_range"
            and row is not None
            and all(map(selection.__contains__, self._range_to(row)))
        ):
            return "All rows up to here are selected already."
        reason = super().refusal(action, parameters)
        if reason is not None and action == "toggle_fold":  # Its key follows links, too.
            return "There is no link in this row, and nothing inside it."
        return reason

    def post_selection(self) -> None:
        """Post how many rows are selected. Call after that may have changed."""
        self.post_message(self.SelectionChanged(len(self._state.selected)))
        self.refresh_bindings()

    def _selection_changed(self) -> None:
        self.refresh()
        self.post_selection()

    def action_mark(self) -> None:
        """Select or deselect the row, and go to the next."""
        row = self._state.row(self.cursor)
        if row is not None and isinstance(row.content, ListItem):
            self._state.selection.toggle(row.index)
            self._selection_changed()
            self.action_move(1)

    def action_mark_range(self) -> None:
        """Select every visible row from the last selected one to the cursor."""
        row = self._state.row(self.cursor)
        if row is not None and isinstance(row.content, ListItem):
            self._state.selection.add([*self._range_to(row)], row.index)
            self._selection_changed()

    def _range_to(self, row: Row[Section | ListItem]) -> Iterator[int]:
        """The visible items from the last selected one to `row`, in their order."""
        start, end = sorted((self._state.selection.start_of_range(row.index), row.index))
        for at in range(self._state.position(start), len(self._state.shown)):
            found = self._state.row(at)
            if found is not None and found.index > end:
                return
            if found is not None and found.index >= start and isinstance(found.content, ListItem):
                yield found.index

    def action_clear_marks(self) -> None:
        """Deselect all rows."""
        self._state.selection.clear()
        self._selection_changed()
