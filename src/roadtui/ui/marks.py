"""Which rows of an outline the user has marked, to act on all of them at once. No widget in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


class Marks:
    """Marked rows, by their index in the outline, and the one that a range starts from."""

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
        """Mark `row`, or take its mark away. A range starts here."""
        self._rows ^= {row}
        self._last = row

    def start_of_range(self, row: int) -> int:
        """Where a range that ends at `row` starts: at the last mark, else at `row` itself."""
        return self._last if self._last is not None else row

    def add(self, rows: Iterable[int], last: int) -> None:
        """Mark `rows` too; the next range starts at `last`."""
        self._rows.update(rows)
        self._last = last

    def clear(self) -> None:
        """Take every mark away."""
        self._rows.clear()
        self._last = None

    def followed(self, became: Mapping[int, int] | range) -> Marks:
        """The marks after the rows have become others; those of rows that are gone go with them."""
        last = became[self._last] if self._last is not None and self._last in became else None
        return Marks((became[row] for row in self._rows if row in became), last)
