"""Which quotes, list items and footnotes are open, and whether a line is inside them.

The other half of reading blocks: `core.blocks` decides what to open and close. Lines come with their tabs
expanded; `TabStops` finds the way back to the text on disk. Pure; no I/O.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from roadtui.core.markdown.grammar import CODE_INDENT, skip_spaces
from roadtui.core.note import ListItem

TAB = 4
"""Columns from one tab stop to the next (CommonMark 2.2), whatever an editor shows."""


class Containers:
    """The open containers, outermost first.

    The lists are open to the scanner's short way, which must not pay for a call; they change together.
    """

    __slots__ = ("columns", "owners", "quotes")

    def __init__(self) -> None:
        self.columns: list[int] = []
        """Of each container: how many columns of indentation a line needs to be inside; a quote adds none."""
        self.owners: list[ListItem | None] = []
        """Of each container: the nearest list item at or around it."""
        self.quotes: list[int] = []
        """Which of the containers are quotes, in ascending order."""

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def item(self) -> ListItem | None:
        """The innermost list item."""
        return self.owners[-1] if self.owners else None

    def open(self, width: int, item: ListItem | None = None) -> None:
        """Open a list item, or without `item` a footnote, that is `width` columns wide."""
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
        """How far the marks of the open containers reach in `line`, and how many of them it is inside."""
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
    """Where the text behind the `>` at `at` starts: one space belongs to the mark."""
    return at + 2 if line.startswith(" ", at + 1) else at + 1


class TabStops:
    """Where the columns of one line stand in its text."""

    __slots__ = ("_columns", "_indexes", "line")

    def __init__(self, line: str) -> None:
        self.line = line
        # Behind each tab, and at the start: the column, and the index.
        self._columns = [0]
        self._indexes = [0]
        tab = line.find("\t")
        while tab >= 0:
            column = self._columns[-1] + tab - self._indexes[-1]
            self._columns.append(column + TAB - column % TAB)
            self._indexes.append(tab + 1)
            tab = line.find("\t", tab + 1)

    def index(self, column: int) -> int:
        """The index of what stands in `column`; of the tab where a tab covers it."""
        stop = bisect_right(self._columns, column) - 1
        index = self._indexes[stop] + column - self._columns[stop]
        return min(index, self._indexes[stop + 1] - 1) if stop + 1 < len(self._indexes) else index
