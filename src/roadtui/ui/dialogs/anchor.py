"""Where a dialog opens: in a gap between rows of the tree, floating beside a row, or at a bottom."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from textual.geometry import Region
from textual.widget import Widget
from typing_extensions import override

from roadtui.ui.dialogs.placement import MenuSpot
from roadtui.ui.widgets.line_list import NO_GAP, InlineGap
from roadtui.ui.widgets.outline_tree import SelectableOutline
from roadtui.ui.widgets.task_row import indent


class DialogAnchor(Protocol):
    """Places a dialog when it opens, and again when the screen changes."""

    @property
    def width(self) -> int:
        """The width of the dialog, in cells."""

    @property
    def indent(self) -> int:
        """Cells by which the content is indented, to be aligned with the text of the row."""

    def open(self, lines: int) -> Region:
        """Open a region of `lines` lines, or as many as fit; gives where it is on the screen."""

    def close(self) -> None:
        """Close the region again."""

    def beside(self, area: Region) -> MenuSpot:
        """What a dialog floats beside, inside `area` of the screen. Opens nothing, and moves no row."""


_BEHIND_TEXT = 12
"""Cells behind the start of a text at which a dialog beside it begins: other rows can still be told apart."""


def beside_text(rows: Sequence[Region], text_x: int, area: Region) -> MenuSpot:
    """A spot beside `rows`, whose text starts at `text_x`, as far as they are in `area`."""
    seen = [row.intersection(area) for row in rows if row.overlaps(area)]
    return MenuSpot(seen or [Region(area.x, area.bottom, area.width, 0)], text_x + _BEHIND_TEXT, area)


class AnchorPosition(Enum):
    """The position of a dialog relative to a row."""

    OVER = "over"
    """On the row under the cursor and the lines below it."""
    BELOW = "below"
    """Directly below that row."""
    BEHIND = "behind"
    """Below that row and all that is inside it."""


class RowAnchor(DialogAnchor):
    """An anchor at the row under the cursor. It follows the row when the note changes."""

    def __init__(self, tree: SelectableOutline, where: AnchorPosition, deeper: int = 0) -> None:
        """`deeper`: how many levels deeper than the row the content is indented."""
        self._tree = tree
        self._where = where
        self._deeper = deeper
        self._top: int | None = None
        """Where the tree was scrolled to before the region was opened."""

    @property
    @override
    def width(self) -> int:
        return self._tree.scrollable_content_region.width

    @property
    @override
    def indent(self) -> int:
        return indent(self._tree.depth + self._deeper, self.width) + 3

    @override
    def open(self, lines: int) -> Region:
        tree = self._tree
        if self._top is None:
            self._top = tree.scroll_offset.y
        area = tree.scrollable_content_region
        is_over = self._where is AnchorPosition.OVER
        lines = max(1, min(lines, area.height - (0 if is_over else 1)))
        row = tree.end_of_row if self._where is AnchorPosition.BEHIND else tree.cursor + 1
        row = min(row, tree.row_count())
        tree.gap = InlineGap(row, lines - is_over)
        first = row - is_over
        self._show(first, lines)
        y = area.y + first - tree.scroll_offset.y
        return Region(area.x, y, area.width, lines)

    def _show(self, first: int, lines: int) -> None:
        """Scroll as little as shows the lines from `first` on, and one above them."""
        height = self._tree.scrollable_content_region.height
        top = self._tree.scroll_offset.y
        wanted = max(min(top, max(0, first - 1)), first + lines - height)
        if wanted != top:
            self._tree.scroll_to(y=wanted, animate=False, immediate=True)

    @override
    def close(self) -> None:
        """The pane goes back to where it was."""
        if self._top is not None:
            self._tree.gap = NO_GAP
            self._tree.scroll_to(y=self._top, animate=False, immediate=True)
            self._tree.keep_in_sight(self._tree.cursor)
            self._top = None

    @override
    def beside(self, area: Region) -> MenuSpot:
        """Beside the selected rows that can be seen, with the one under the cursor."""
        tree = self._tree
        tree.keep_in_sight(tree.cursor)  # A terminal that has shrunk may have hidden it.
        pane = tree.scrollable_content_region
        top, cursor = tree.scroll_offset.y, tree.cursor
        visible = [row for row in tree.selected_positions if top <= row < top + pane.height]
        first, last = min([*visible, cursor]), max([*visible, cursor])
        if visible and last - first > len(visible):  # Other rows are among them: those near the cursor count.
            first = last = cursor
        rows = [
            Region(pane.x, pane.y + start - top, pane.width, end - start + 1)
            for start, end in ((first, last), (cursor, cursor))
        ]
        return beside_text(rows, pane.x + indent(tree.depth + self._deeper, self.width) + 3, area)


class BottomAnchor(DialogAnchor):
    """The last lines of a widget, for a dialog that is about no row."""

    def __init__(self, widget: Widget, spared: int = 0) -> None:
        """`spared`: lines at the very bottom that stay visible."""
        self._widget = widget
        self._spared = spared

    @property
    @override
    def width(self) -> int:
        return self._widget.content_region.width

    @property
    @override
    def indent(self) -> int:
        return 1

    @override
    def open(self, lines: int) -> Region:
        area = self._widget.content_region
        lines = max(1, min(lines, area.height - self._spared))
        return Region(area.x, area.bottom - self._spared - lines, area.width, lines)

    @override
    def close(self) -> None:
        pass

    @override
    def beside(self, area: Region) -> MenuSpot:
        bottom = min(self._widget.content_region.bottom, area.bottom)
        return MenuSpot([Region(area.x, bottom, area.width, 0)], self._widget.content_region.x, area)
