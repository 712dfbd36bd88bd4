"""The least that a Textual app with a list can be: what roadtui's start and keys are held against.

A program of its own, started by ``first_screen``: a thousand rows by the line API, a cursor, no more.
"""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

ROWS = 1_000


class Rows(ScrollView, can_focus=True):
    """A thousand rows, of which only those on the screen are ever made."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("j", "move(1)"), Binding("k", "move(-1)")]

    cursor = reactive(0)

    def on_mount(self) -> None:
        self.virtual_size = Size(80, ROWS)

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(ROWS - 1, self.cursor + by))

    def watch_cursor(self, old: int, new: int) -> None:
        self.refresh_lines(old - self.scroll_offset.y)
        self.refresh_lines(new - self.scroll_offset.y)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        style = Style(reverse=row == self.cursor)
        return Strip([Segment(f"row {row:04}".ljust(self.size.width), style)])


class BareApp(App[None]):
    """One list, full screen."""

    def compose(self) -> ComposeResult:
        yield Rows()


if __name__ == "__main__":
    BareApp().run()
