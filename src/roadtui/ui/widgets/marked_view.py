"""An outline in which rows can be marked, to act on all of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.message import Message

from roadtui.core.note import ListItem
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.inks import Inks
from roadtui.ui.widgets.outline_view import OutlineView


class MarkedView(OutlineView, inherit_bindings=False):
    """Items can be marked, headings not. Marks follow their rows as folds do."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.SELECTION, Scope.OUTLINE, Scope.LIST)]

    @dataclass
    class MarksChanged(Message):
        """More or fewer rows are marked."""

        count: int

    @property
    def selected(self) -> list[ListItem]:
        """What a key acts on, in order of the note: the marked items, else the one under the cursor."""
        rows = self._state.outline.rows
        marked = [row.content for row in map(rows.__getitem__, self._state.marks)]
        contents = marked or [self.current]
        return [content for content in contents if isinstance(content, ListItem)]

    @property
    def depth(self) -> int:
        """How deep the row under the cursor is."""
        row = self._state.row(self.cursor)
        return row.depth if row is not None else 0

    @property
    def end_of_row(self) -> int:
        """The position behind all that shows of the row under the cursor and what is inside it."""
        row = self._state.row(self.cursor)
        return self._state.end_of(row.index) if row is not None else 0

    def row_ground(self, row: int, inks: Inks) -> Style | None:
        """See `RowView`."""
        found = self._state.row(row)
        return inks.cursor_away if found is not None and found.index in self._state.marks else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense on this row."""
        if action == "clear_marks":
            return bool(self._state.marks)
        if action in ("mark", "mark_range"):
            return isinstance(self.current, ListItem)
        return True

    def tell_marks(self) -> None:
        """Call after marks may have changed."""
        self.post_message(self.MarksChanged(len(self._state.marks)))
        self.refresh_bindings()

    def _marks_changed(self) -> None:
        self.refresh()
        self.tell_marks()

    def action_mark(self) -> None:
        """Mark the row, or take its mark away, and go to the next."""
        row = self._state.row(self.cursor)
        if row is not None and isinstance(row.content, ListItem):
            self._state.marks.toggle(row.index)
            self._marks_changed()
            self.action_move(1)

    def action_mark_range(self) -> None:
        """Mark every row that shows from the last mark to the cursor."""
        row = self._state.row(self.cursor)
        if row is None or not isinstance(row.content, ListItem):
            return
        start, end = sorted((self._state.marks.start_of_range(row.index), row.index))
        shown = (self._state.row(at) for at in range(self._state.position(start), len(self._state.shown)))
        inside = (found for found in shown if found is not None and start <= found.index <= end)
        items = [found.index for found in inside if isinstance(found.content, ListItem)]
        self._state.marks.add(items, row.index)
        self._marks_changed()

    def action_clear_marks(self) -> None:
        """Take every mark away."""
        self._state.marks.clear()
        self._marks_changed()
