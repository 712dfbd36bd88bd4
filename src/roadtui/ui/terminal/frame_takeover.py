"""Takes over from the saved frame on the terminal: only cells that differ are written, once they are right.

Uses what Textual's compositor draws (docs/decisions/0008-the-saved-frame.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual._compositor import CompositorUpdate
from textual._context import visible_screen_stack
from textual.geometry import Region
from typing_extensions import override

from roadtui.ui.terminal.driver import TerminalDriver

if TYPE_CHECKING:
    from rich.console import Console
    from textual.app import App
    from textual.screen import Screen
    from textual.strip import Strip
    from textual.widget import Widget

_PLACED = re.compile(r"\x1b\[(\d+);(\d+)H")
"""What puts the cursor to a row and a column, from 1."""


class PlacedCells(NamedTuple):
    """Cells beside each other in one row, as one widget has drawn them."""

    row: int
    """From 0, as `column` is."""
    column: int
    width: int
    text: str
    """With the control sequences of its styles."""

    @property
    def placed_text(self) -> str:
        """The text, with the control sequence before it that puts it where it belongs."""
        return f"\x1b[{self.row + 1};{self.column + 1}H{self.text}"


class WidgetLine(NamedTuple):
    """A line of a widget that nothing covers."""

    widget: Widget
    y: int
    """From the top of the widget."""

    @property
    def cells(self) -> PlacedCells:
        """Its cells as they are now, without those of a scrollbar. Draws this line alone."""
        region, width = self.widget.region, self.widget.scrollable_content_region.width
        strip = self.widget.render_lines(Region(0, self.y, region.width, 1))[0].crop(0, width)
        return PlacedCells(region.y + self.y, region.x, width, _text_of(strip, self.widget.app))


def cells_of(screen: Screen[Any], part: Region | None = None) -> Iterator[PlacedCells]:
    """The cells of `screen`, the one on top, as they are now; `part`: only of the widgets in it."""
    area = part or screen.size.region
    visible_screen_stack.set(screen.app._background_screens)
    drawn = screen._compositor._render_chops(area, lambda row: area.y <= row < area.bottom)
    for row in range(area.y, min(area.bottom, len(drawn))):
        for column, strip in drawn[row].items():
            if strip is not None and area.x <= column < area.right:
                yield PlacedCells(row, column, strip.cell_length, _text_of(strip, screen.app))


def _text_of(strip: Strip, app: App[Any]) -> str:
    """`strip` as the terminal gets it: with stand-ins for signs that it cannot show."""
    text, driver = strip.render(app.console), app._driver
    needs = driver.stand_ins if isinstance(driver, TerminalDriver) else None
    return text if needs is None else text.translate(needs)


class _Difference(CompositorUpdate):
    """Cells to write."""

    def __init__(self, text: str) -> None:
        self._text = text

    @override
    def render_segments(self, console: Console) -> str:
        return self._text


class FrameTakeover:
    """What stands on the terminal until all of it is the program's own."""

    def __init__(
        self, screen: bytes, size: tuple[int, int], parts: Callable[[], Sequence[Region | WidgetLine] | None]
    ) -> None:
        """Make it.

        Args:
            screen: The cells of the saved frame.
            size: Columns and rows of the terminal that they are on.
            parts: The parts of the screen that are drawn already; None: all of it.
        """
        found = _PLACED.split(screen.decode("utf-8", "replace"))[1:]
        self._standing: dict[int, dict[int, str]] = {}
        for row, column, text in zip(found[::3], found[1::3], found[2::3], strict=True):
            self._standing.setdefault(int(row) - 1, {})[int(column) - 1] = text
        self._size = size
        self._parts = parts
        self.is_over = False
        """Whether the program has drawn everything, and goes on by itself."""

    def update(self, app: App[Any]) -> CompositorUpdate | None:
        """What to write now, of all that differs; None for nothing."""
        if tuple(app.size) != self._size:
            self.is_over = True
            self._standing.clear()
            parts = None
        else:
            parts = self._parts()
            self.is_over = parts is None
        text = "".join(
            cells.placed_text
            for part in (parts if parts is not None else (None,))
            for cells in ([part.cells] if isinstance(part, WidgetLine) else cells_of(app.screen, part))
            if self._replaces(cells)
        )
        return _Difference(text) if text or self.is_over else None

    def _replaces(self, cells: PlacedCells) -> bool:
        """Note what is written now; gives whether it differs from what stands there."""
        row = self._standing.setdefault(cells.row, {})
        if row.get(cells.column) == cells.text:
            return False
        end = cells.column + cells.width
        before = max((column for column in row if column < cells.column), default=None)
        for column in [column for column in row if column == before or cells.column <= column < end]:
            del row[column]  # It is not known how far the one before reaches.
        row[cells.column] = cells.text
        return True
