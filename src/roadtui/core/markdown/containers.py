"""The open containers (quotes, list items, footnotes) of the block scanner, and which of them hold a line.

`core.markdown.scanner` decides which containers to open and close. Lines come with their tabs expanded;
`TabStops` maps their columns back to the text on disk. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from roadtui.core.markdown.grammar import CODE_INDENT, skip_spaces
from roadtui.core.note import ListItem

TAB = 4
"""Columns from one tab stop to the next (CommonMark 2.2), whatever an editor shows."""


class Containers:
    """The open containers, outermost first.

    The scanner's fast path changes the lists directly, without the cost of a call; they change together.
    """

    __slots__ = ("columns", "owners", "quotes")

    def __init__(self) -> None:
        self.columns: list[int] = []
        """For each container, the indentation in columns that a line inside it needs; a quote adds none."""
        self.owners: list[ListItem | None] = []
        """For each container, the nearest list item at or around it."""
        self.quotes: list[int] = []
        """Indexes of the containers that are quotes, in ascending order."""

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def item(self) -> ListItem | None:
        """The innermost open list item."""
        return self.owners[-1] if self.owners else None

    def open(self, width: int, item: ListItem | None = None) -> None:
        """Open a list item, or a footnote if `item` is None, whose content is indented by `width` columns."""
        self.owners.append(item or self.item)
        self.columns.append((self.columns[-1] if self.columns else 0) + width)

    def open_quote(self) -> None:
        """Open a quote."""
        self.quotes.append(len(self.columns))
        self.open(0)

    def close_to(self, depth: int) -> None:
        """Close all but the first `depth`."""
        if depth < len(self.columns):
            del self.columns[depth:]
            del self.owners[depth:]
            del self.quotes[bisect_left(self.quotes, depth) :]

    def match(self, line: str) -> tuple[int, int]:
        """The index after the container markers of `line`, and the number of containers around the line."""
        at = outer = 0
        text = skip_spaces(line, 0)
        for depth, column in enumerate(self.columns):
            if column == outer:
                if text - at >= CODE_INDENT or not line.startswith(">", text):
                    return at, depth
                at = after_quote_mark(line, text)
                text = skip_spaces(line, at)
            elif text - at >= column - outer:
                at += column - outer
            elif text == len(line):
                # A blank line is inside every list item; only a quote has to be marked on it.
                quote = bisect_left(self.quotes, depth)
                return text, self.quotes[quote] if quote < len(self.quotes) else len(self.columns)
            else:
                return at, depth
            outer = column
        return at, len(self.columns)


def after_quote_mark(line: str, at: int) -> int:
    """The index after the quote marker `>` at `at`: one space belongs to the marker."""
    return at + 2 if line.startswith(" ", at + 1) else at + 1


class TabStops:
    """Maps the columns of one line, with tabs expanded, to indexes in its text."""

    __slots__ = ("_columns", "_indexes", "line")

    def __init__(self, line: str) -> None:
        self.line = line
        # The column and the index at the start and after each tab.
        self._columns = [0]
        self._indexes = [0]
        tab = line.find("\t")
        while tab >= 0:
            column = self._columns[-1] + tab - self._indexes[-1]
            self._columns.append(column + TAB - column % TAB)
            self._indexes.append(tab + 1)
            tab = line.find("\t", tab + 1)

    def index(self, column: int) -> int:
        """The index of the character in `column`, or of the tab that covers it."""
        stop = bisect_right(self._columns, column) - 1
        index = self._indexes[stop] + column - self._columns[stop]
        return min(index, self._indexes[stop + 1] - 1) if stop + 1 < len(self._indexes) else index


class LineColumns:
    """The columns of the lines of a note; no part of the scanner, so that who asks it does not keep that."""

    __slots__ = ("_lines", "_tabs")

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._tabs = TabStops("")

    def index(self, number: int, column: int) -> int:
        """Index in line `number` of the character in `column`, with tabs expanded."""
        line = self._lines[number]
        if "\t" not in line:
            return column
        if self._tabs.line is not line:
            self._tabs = TabStops(line)
        return self._tabs.index(column)
