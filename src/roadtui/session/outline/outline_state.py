"""Which rows of an outline show, and where the user is among them: folds, cursor, scroll, selection."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic

from roadtui.core.note import ListItem
from roadtui.core.outline import Content, Outline, Row, map_rows


class RowSelection:
    """Selected rows, by their index in the outline, and the row that a range starts from."""

    __slots__ = ("_last", "_rows")

    def __init__(self, rows: Iterable[int] = (), last: int | None = None) -> None:
        self._rows = set(rows)
        self._last = last

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: int) -> bool:
        return row in self._rows

    def __iter__(self) -> Iterator[int]:
        """In order of the outline."""
        return iter(sorted(self._rows))

    def toggle(self, row: int) -> None:
        """Select `row`, or deselect it. A range starts here."""
        self._rows ^= {row}
        self._last = row

    def start_of_range(self, row: int) -> int:
        """Where a range that ends at `row` starts: at the row toggled last, else at `row` itself."""
        return self._last if self._last is not None else row

    def add(self, rows: Iterable[int], last: int) -> None:
        """Select `rows` too; the next range starts at `last`."""
        self._rows.update(rows)
        self._last = last

    def clear(self) -> None:
        """Deselect every row."""
        self._rows.clear()
        self._last = None

    def followed(self, mapping: Mapping[int, int] | range) -> RowSelection:
        """The selection after the rows were mapped to new ones; rows that are gone are left out."""
        last = mapping[self._last] if self._last is not None and self._last in mapping else None
        return RowSelection((mapping[row] for row in self._rows if row in mapping), last)


NO_ROWS: Outline[Any] = Outline((), ())

RowMapping = Mapping[int, int] | range
"""The new index of each old row: `old in mapping`, `mapping[old]`. A range if every row kept its index."""


class OutlineState(Generic[Content]):
    """The folds of one outline, and the rows that show because of them.

    A *row* is an index into the outline; a *position* counts the rows that show, from the top.
    """

    __slots__ = ("_parents", "cursor", "folded", "outline", "scroll", "selection", "shown")

    def __init__(
        self,
        outline: Outline[Content] = NO_ROWS,
        folded: Iterable[int] = (),
        cursor: int = 0,
        shown: list[int] | None = None,
    ) -> None:
        """`shown`: the rows that show, where they are known already."""
        self.outline = outline
        self.folded = set(folded)
        self.cursor = cursor
        """Row that the cursor is on, as of the last `leave`."""
        self.scroll = 0
        """Position at the top of the pane, as of the last `leave`."""
        self.shown = outline.visible(self.folded) if shown is None else shown
        """The rows that show, in order."""
        self.selection = RowSelection()
        self._parents: frozenset[int] | None = None

    @property
    def unfiltered(self) -> OutlineState[Content]:
        """The state without a filter, with the folds, cursor and scroll from before there was one."""
        return self

    @property
    def selected(self) -> list[int]:
        """The selected rows that a command works on: a filter keeps back those that it hides."""
        return list(self.selection)

    def row(self, position: int) -> Row[Content] | None:
        """The row at `position`; None if it is out of range."""
        return self.outline.rows[self.shown[position]] if 0 <= position < len(self.shown) else None

    def is_folded(self, row: int) -> bool:
        """Whether a row hides what is below it."""
        return row in self.folded

    def has_children(self, row: int) -> bool:
        """Whether a row has rows below it that can be folded away."""
        return self.outline.has_children(row)

    def passes(self, row: int) -> bool:
        """Whether a row is not hidden by a filter; it may be folded away."""
        return True

    def is_context(self, row: int) -> bool:
        """Whether a row is only shown because a filter has found rows inside it."""
        return False

    def letters(self, text: str) -> Sequence[int]:
        """The positions in the shown `text` of a row that a filter has matched."""
        return ()

    def hidden_in(self, row: int) -> int:
        """How many tasks inside a row a filter hides."""
        return 0

    def position(self, row: int) -> int:
        """The position of a row, or of its nearest ancestor that shows."""
        if not self.outline.rows:
            return 0
        for candidate in (row, *self.outline.ancestors(row)):
            at = bisect_left(self.shown, candidate)
            if at < len(self.shown) and self.shown[at] == candidate:
                return at
        return 0

    def set_folded(self, rows: Iterable[int], *, folded: bool) -> None:
        """Fold or unfold `rows`."""
        if folded:
            self.folded.update(rows)
        else:
            self.folded.difference_update(rows)
        self.shown = self._visible()

    @property
    def is_all_folded(self) -> bool:
        """Whether there is nothing left to fold."""
        return self.folded.issuperset(self._foldable())

    def fold_all(self) -> None:
        """Fold every row that has something below it."""
        self.folded = set(self._foldable())
        self.shown = self._visible()

    def unfold_all(self) -> None:
        """Unfold every row."""
        self.folded.clear()
        self.shown = self._visible()

    def _visible(self) -> list[int]:
        """The rows that the folds leave."""
        return self.outline.visible(self.folded)

    def _foldable(self) -> Iterable[int]:
        """The rows that have something below them."""
        if self._parents is None:
            self._parents = frozenset(self.outline.parents)
        return self._parents

    def end_of(self, row: int) -> int:
        """The position after the last row that shows of `row` and its descendants."""
        end = bisect_left(self.shown, self.outline.ends[row])
        while end > 1 and self.outline.rows[self.shown[end - 1]].content is None:
            end -= 1
        return end

    def reveal(self, row: int) -> None:
        """Unfold whatever hides `row`."""
        self.set_folded(list(self.outline.ancestors(row)), folded=False)

    def scroll_to_cursor(self, height: int) -> int:
        """The position at the top of a pane of `height` rows that shows the cursor and what is around it.

        The top of the note where that is enough, else the outermost row around the cursor that fits.
        """
        at = self.position(self.cursor)
        most = height * 2 // 3
        if at <= most or not height:
            return 0
        around = [self.position(row) for row in self.outline.ancestors(self.cursor)]
        return next((top for top in reversed(around) if at - top <= most), at - most)

    def copy(self) -> OutlineState[Content]:
        """The same cursor and folds, to go back to later: without a selection, and without a filter."""
        base = self.unfiltered
        state = OutlineState(base.outline, base.folded, self.cursor, base.shown)
        if base is not self:
            state.reveal(self.cursor)
        state.scroll = max(0, state.position(self.cursor) - (self.position(self.cursor) - self.scroll))
        return state

    def leave(self, position: int, scroll: int) -> None:
        """Store where the user is."""
        found = self.row(position)
        self.cursor = found.index if found is not None else 0
        self.scroll = scroll

    def followed(self, outline: Outline[Content]) -> tuple[OutlineState[Content], RowMapping]:
        """The same place in a later state of the note, and the new index of each row.

        Where the cursor's row is gone, the nearest one above it that is still there takes the cursor; the
        cursor keeps its distance to the top of the pane.
        """
        if self.outline.ends == outline.ends and self.outline.keys == outline.keys:
            state = OutlineState(outline, self.folded, self.cursor, self.shown)
            state.scroll = self.scroll
            state.selection = self.selection
            return state, range(len(outline.rows))
        mapping = map_rows(self.outline, outline)
        return self.mapped(outline, mapping), mapping

    def mapped(self, outline: Outline[Content], mapping: RowMapping) -> OutlineState[Content]:
        """The same place in `outline`, where each row has the new index that `mapping` gives.

        Where the cursor's row is gone, it is as for `followed`.
        """
        folded = {mapping[row] for row in self.folded if row in mapping}
        cursor = next((mapping[row] for row in range(self.cursor, -1, -1) if row in mapping), 0)
        state = OutlineState(outline, folded, cursor)
        state.selection = self.selection.followed(mapping)
        state.scroll = max(0, state.position(cursor) - (self.position(self.cursor) - self.scroll))
        return state


def changed_rows(before: Outline, after: Outline, mapping: RowMapping) -> list[int]:
    """The rows of `after` whose items are new, or not as they were in `before`."""
    same = set()
    for old, row in enumerate(before.rows):
        if old in mapping and isinstance(row.content, ListItem):
            now = after.rows[mapping[old]].content
            if isinstance(now, ListItem) and now.source == row.content.source:
                same.add(mapping[old])
    return [row.index for row in after.rows if isinstance(row.content, ListItem) and row.index not in same]
