"""What one row has to show beside its checkbox, and the ways to lay it out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

from roadtui.core.stats.progress import Progress
from roadtui.ui.widgets.rows.columns import CellForms, Column, RowColumns, Words

BAR = Words("━", "done")
"""Stands for a progress bar, which is drawn as long as its column."""


class RowLayout(NamedTuple):
    """One way to lay out a row."""

    signs: tuple[Words, ...]
    """The signs before the name."""
    name: str
    """The Markdown that is shown as the name."""
    cells: tuple[tuple[Column, CellForms], ...]
    """What stands in the columns, from left to right."""


class RowParts(NamedTuple):
    """What a row shows beside fold mark and checkbox."""

    name: str
    """Markdown, without the tags at its end."""
    full_name: str = ""
    """Markdown, with the tags at its end; empty where there are none."""
    tags: Words | None = None
    signs: tuple[tuple[Column, Words], ...] = ()
    """Signs of one cell with their columns: priority, recurrence."""
    date: CellForms | None = None
    progress: Progress | None = None

    def layouts(self, columns: RowColumns) -> Iterator[RowLayout]:
        """The ways to lay it out, the best first; the next one is for a name that has to be cut otherwise.

        Tags and signs have their columns; else the tags stand in the text, and the signs before the name.
        """
        rest = tuple(self._rest(columns))
        signs = tuple((column, CellForms(((sign,),))) for column, sign in self.signs)
        have_columns = all(columns.cells[column] for column, _ in self.signs)
        if have_columns:
            if self.tags is None:
                yield RowLayout((), self.name, (*signs, *rest))
            else:
                if cell_len(self.tags.text) <= columns.cells[Column.TAGS]:
                    tags = (Column.TAGS, CellForms(((self.tags,),)))
                    yield RowLayout((), self.name, (tags, *signs, *rest))
                yield RowLayout((), self.full_name, (*signs, *rest))
        if self.signs:
            yield RowLayout(tuple(sign for _, sign in self.signs), self.full_name or self.name, rest)

    def _rest(self, columns: RowColumns) -> Iterator[tuple[Column, CellForms]]:
        """Date, bar, which is left out before a name is cut, and count."""
        if self.date is not None and self.date.forms:
            yield Column.DATE, self.date
        progress = self.progress
        if progress is None:
            return
        if progress.total and columns.cells[Column.BAR]:
            bar = (BAR._replace(text=BAR.text * columns.cells[Column.BAR]),)
            yield Column.BAR, CellForms((bar, ()))
        count = f"{progress.done}/{progress.total}" if progress.total else "–"
        yield Column.COUNT, CellForms(((Words(count, "done" if progress.is_complete else "dim"),),))
