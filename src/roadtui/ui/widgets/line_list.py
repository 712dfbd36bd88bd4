"""A list with a cursor, drawn line by line: the cost of drawing does not grow with the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.refusal import ExplainsRefusals
from roadtui.ui.styles import TextStyles

_MARGIN = 2
"""Rows that stay in sight beyond the cursor."""


class InlineGap(NamedTuple):
    """Empty lines between two rows, in which a dialog is shown."""

    row: int
    """The row below them."""
    lines: int

    def line_of(self, row: int) -> int:
        """On which line `row` is drawn."""
        return row if row < self.row else row + self.lines

    def row_at(self, line: int) -> int:
        """The row that is drawn on `line`; -1 in the gap."""
        if line < self.row:
            return line
        return line - self.lines if line >= self.row + self.lines else -1


NO_GAP = InlineGap(0, 0)


class LineList(ExplainsRefusals, ScrollView, can_focus=True, inherit_bindings=False):
    """Rows of one line each. Subclasses define how many, how one is drawn, and where the cursor stops."""

    DEFAULT_CSS = """
    LineList {
        background: $surface;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-color: $scrollbar;
        scrollbar-color-hover: $secondary;
        scrollbar-color-active: $primary;
        scrollbar-background: $surface;
        scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.LIST)]

    cursor: var[int] = var(0)
    """The row that keys act on."""
    text_styles: reactive[TextStyles | None] = reactive(None)
    gap: var[InlineGap] = var(NO_GAP)

    @dataclass(eq=False)
    class CursorMoved(Message):
        """The cursor is on another row, or its row has another content."""

        view: LineList

        @property
        def control(self) -> LineList:
            """The pane; for `@on(..., selector)`."""
            return self.view

    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def is_stop(self, row: int) -> bool:
        """Whether the cursor can be on `row`."""
        return True

    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        """Draw `row` in exactly `width` cells, without the cursor."""
        raise NotImplementedError

    @property
    def has_keys(self) -> bool:
        """Whether keys that are pressed now move the cursor."""
        return self.has_focus

    def row_background(self, row: int, text_styles: TextStyles) -> Style | None:
        """The background of `row` if it is not the usual one; the cursor's takes precedence."""
        return None

    def rows_changed(self) -> None:
        """Update the scroll range and redraw. Call after the rows have changed."""
        size = Size(0, self.row_count() + self.gap.lines)
        if not self.size:
            self.virtual_size = size
        elif size != self.virtual_size:
            # Set as usual, it would have the screen laid out. The scrollbar is always there: nothing moves.
            self.set_reactive(Widget.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self.refresh()

    def watch_gap(self) -> None:
        """Move the rows apart, or together again."""
        self.rows_changed()

    def watch_has_focus(self, _focused: bool) -> None:
        """Show whether the pane has the focus."""
        self.refresh_row(self.cursor)

    def refresh_row(self, row: int) -> None:
        """Redraw one row."""
        self.refresh_line(self.gap.line_of(row))

    @override
    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        row = self.gap.row_at(y + self.scroll_offset.y)
        background = self.visual_style.rich_style
        text_styles = self.text_styles
        if text_styles is None or not 0 <= row < self.row_count():
            return Strip.blank(width, background)
        strip = self.draw_row(row, width, text_styles).adjust_cell_length(width)
        special = (
            (text_styles.cursor if self.has_keys else text_styles.cursor_away)
            if row == self.cursor and self.is_stop(row)
            else self.row_background(row, text_styles)
        )
        return strip.apply_style(background + special if special is not None else background)

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on the rows."""
        return max(0, min(cursor, self.row_count() - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Redraw both rows, scroll the cursor into sight, and post a message."""
        self.refresh_row(before)
        self.refresh_row(after)
        self.keep_in_sight(after)
        self.post_message(self.CursorMoved(self))

    def keep_in_sight(self, row: int) -> None:
        """Scroll as little as needed to show `row` and its surroundings."""
        height = self.scrollable_content_region.height
        if not height:
            return
        margin = min(_MARGIN, (height - 1) // 2)
        top = self.scroll_offset.y
        line = self.gap.line_of(row)
        wanted = max(min(top, line - margin), line + margin + 1 - height)
        if wanted != top:
            self.scroll_to(y=max(0, wanted), animate=False, immediate=True)

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action in ("move", "move_half", "move_page"):
            return self._end_refusal(down=int(str(parameters[0])) > 0)
        if action in ("move_to_first", "move_to_last"):
            return self._end_refusal(down=action == "move_to_last")
        return super().refusal(action, parameters)

    def _end_refusal(self, *, down: bool) -> str | None:
        """Why the cursor can't go further down, or up; None where it can, or where that scrolls."""
        count = self.row_count()
        further = range(self.cursor + 1, count) if down else range(min(self.cursor, count) - 1, -1, -1)
        if any(map(self.is_stop, further)) or (not down and self.scroll_offset.y > 0):
            return None
        if not 0 <= self.cursor < count or not self.is_stop(self.cursor):
            return "There is nothing to move to."
        return f"This is the {'last' if down else 'first'} row."

    def action_move(self, rows: int) -> None:
        """Move by `rows` rows on which the cursor can be."""
        step = 1 if rows > 0 else -1
        target = self.cursor
        for _ in range(abs(rows)):
            following = target + step
            while 0 <= following < self.row_count() and not self.is_stop(following):
                following += step
            if not 0 <= following < self.row_count():
                break
            target = following
        if target == self.cursor and step < 0:
            self.keep_in_sight(0)
        self.cursor = target

    def move_to(self, row: int) -> None:
        """Move to `row`, or to the nearest row on which the cursor can be."""
        count = self.row_count()
        after = next((at for at in range(max(0, row), count) if self.is_stop(at)), None)
        before = next((at for at in range(min(row, count - 1), -1, -1) if self.is_stop(at)), None)
        self.cursor = after if after is not None else before if before is not None else 0

    def action_move_to_first(self) -> None:
        """Move to the first row."""
        self.keep_in_sight(0)
        self.move_to(0)

    def action_move_to_last(self) -> None:
        """Move to the last row."""
        self.move_to(self.row_count() - 1)

    def action_move_half(self, pages: int) -> None:
        """Move by half the pane's height."""
        self.move_to(self.validate_cursor(self.cursor + pages * max(1, self.size.height // 2)))

    def action_move_page(self, pages: int) -> None:
        """Move by the pane's height."""
        self.move_to(self.validate_cursor(self.cursor + pages * max(1, self.size.height - 1)))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row under the pointer and do what a click does there."""
        at = event.get_content_offset(self)
        row = self.gap.row_at(at.y + self.scroll_offset.y) if at is not None else -1
        if at is not None and 0 <= row < self.row_count() and self.is_stop(row):
            self.cursor = row
            self.clicked(row, at.x, is_double=event.chain == 2)

    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Do what a click on the cell `x` of `row` does beyond moving the cursor there."""
