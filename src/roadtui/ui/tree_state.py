"""Which rows of an outline show, and where the user is among them: folds, cursor, scroll. No widget in it."""

from __future__ import annotations

from collections.abc import Iterable

from roadtui.core.outline import Outline, Row, follow

NO_ROWS = Outline((), ())


class TreeState:
    """The folds of one outline, and the rows that show because of them.

    A *row* is an index into the outline; a *position* counts the rows that show, from the top.
    """

    __slots__ = ("cursor", "folded", "outline", "scroll", "shown")

    def __init__(self, outline: Outline = NO_ROWS, folded: Iterable[int] = (), cursor: int = 0) -> None:
        self.outline = outline
        self.folded = set(folded)
        self.cursor = cursor
        """Row that the cursor is on, as of the last `leave`."""
        self.scroll = 0
        """Position at the top of the pane, as of the last `leave`."""
        self.shown = outline.visible(self.folded)

    def row(self, position: int) -> Row | None:
        """The row at `position`; None where there is none."""
        return self.outline.rows[self.shown[position]] if 0 <= position < len(self.shown) else None

    def is_folded(self, row: int) -> bool:
        """Whether a row hides what is below it."""
        return row in self.folded

    def position(self, row: int) -> int:
        """Where a row, or the nearest row around it that shows, stands."""
        candidates = {row, *self.outline.ancestors(row)} if self.outline.rows else set()
        return max((at for at, index in enumerate(self.shown) if index in candidates), default=0)

    def set_folded(self, rows: Iterable[int], *, folded: bool) -> None:
        """Fold or unfold `rows`."""
        if folded:
            self.folded.update(rows)
        else:
            self.folded.difference_update(rows)
        self.shown = self.outline.visible(self.folded)

    def reveal(self, row: int) -> None:
        """Unfold whatever hides `row`."""
        self.set_folded(list(self.outline.ancestors(row)), folded=False)

    def leave(self, position: int, scroll: int) -> None:
        """Remember where the user is."""
        found = self.row(position)
        self.cursor = found.index if found is not None else 0
        self.scroll = scroll

    def followed(self, outline: Outline) -> tuple[TreeState, dict[int, int]]:
        """The same place in a later state of the note, and which row of it each row has become.

        Where the cursor's row is gone, the nearest one above it that is still there takes the cursor; the
        cursor keeps its distance to the top of the pane.
        """
        mapped = follow(self.outline, outline)
        folded = {mapped[row] for row in self.folded if row in mapped}
        cursor = next((mapped[row] for row in range(self.cursor, -1, -1) if row in mapped), 0)
        state = TreeState(outline, folded, cursor)
        state.scroll = max(0, state.position(cursor) - (self.position(self.cursor) - self.scroll))
        return state, mapped
