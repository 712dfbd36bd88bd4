"""The list of changes since the last look: each note with those in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.activity.changes import ShownChange
from roadtui.session.activity.listing import ChangeListItem, ListedEntry, ListedNote
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.changes.change_row import ChangeColumns, change_row, fit_change_columns, note_row
from roadtui.ui.widgets.line_list import LineList


class ChangeList(LineList, inherit_bindings=False):
    """The cursor goes from change to change, and stays on its own when others come and go."""

    HELP_SCOPE: ClassVar[Scope] = Scope.CHANGES
    DEFAULT_CSS = "ChangeList { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.CHANGES, Scope.LIST)]

    @dataclass
    class ActionRequested(Message):
        """The user wants to `open` the change under the cursor, or to take it back: `one`, or its `batch`."""

        action: str
        row: ListedEntry

    class AllSeen(Message):
        """The user has seen all."""

    def __init__(self) -> None:
        super().__init__()
        self._items: Sequence[ChangeListItem | None] = ()
        """None for a blank row."""
        self._now: datetime | None = None
        self._columns: ChangeColumns | None = None

    def show(self, items: Sequence[ChangeListItem], now: datetime) -> None:
        """List `items` at the moment `now`; the cursor stays on its change, or on the row that it had."""
        current = self.current
        spaced: list[ChangeListItem | None] = []
        for item in items:
            spaced += [None, item] if isinstance(item, ListedNote) and spaced else [item]
        self._items, self._now, self._columns = spaced, now, None
        self.rows_changed()
        ids = [item.listed.id if isinstance(item, ListedEntry) else None for item in spaced]
        is_there = current is not None and current.listed.id in ids
        self.move_to(ids.index(current.listed.id) if is_there and current is not None else self.cursor)
        self.post_message(self.CursorMoved(self))
        self.refresh_bindings()

    @property
    def current(self) -> ListedEntry | None:
        """The change under the cursor."""
        item = self._items[self.cursor] if self.cursor < len(self._items) else None
        return item if isinstance(item, ListedEntry) else None

    @property
    def unseen_on_screen(self) -> frozenset[ShownChange]:
        """The changes in sight that were not seen yet."""
        top = self.scroll_offset.y
        items = self._items[top : top + self.size.height]
        rows = (item.listed for item in items if isinstance(item, ListedEntry))
        return frozenset(one.change.shown for one in rows if not one.is_seen)

    @override
    def row_count(self) -> int:
        return len(self._items)

    @override
    def is_stop(self, row: int) -> bool:
        """Changes."""
        return isinstance(self._items[row], ListedEntry)

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        item = self._items[row]
        if item is None or self._now is None:
            return Strip.blank(width)
        if isinstance(item, ListedNote):
            return note_row(item, width, text_styles)
        if self._columns is None or self._columns.width != width:
            rows = (one for one in self._items if isinstance(one, ListedEntry))
            self._columns = fit_change_columns(rows, width, self._now)
        return change_row(item, self._columns, text_styles, is_current=row == self.cursor)

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action in ("open_change", "take_back", "mark_all_seen") and self.current is None:
            return "Nothing has changed."
        if action == "open_change" and self.current is not None and self.current.target is None:
            return "Its note is gone."
        return super().refusal(action, parameters)

    def action_open_change(self) -> None:
        """Request the change under the cursor in the tree."""
        self._request("open")

    def action_take_back(self, what: str) -> None:
        """Request that the change, or all that came in with it, is taken back."""
        self._request(what)

    def action_mark_all_seen(self) -> None:
        """Request that all is taken for seen."""
        self.post_message(self.AllSeen())

    def _request(self, action: str) -> None:
        if self.current is not None:
            self.post_message(self.ActionRequested(action, self.current))

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Open by a double click."""
        if is_double:
            self._request("open")
