"""A filter on the outline of one note: shows the rows that a query finds, and the rows that these are in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain, islice
from math import inf
from operator import itemgetter
from time import perf_counter
from typing import NamedTuple, Protocol

from typing_extensions import override

from roadtui.core.note import Task
from roadtui.core.outline import Outline
from roadtui.core.query.items import QueryItem
from roadtui.core.query.query import Query
from roadtui.session.find.search import VaultSearch
from roadtui.session.outline.outline_state import OutlineState, RowMapping
from roadtui.vault.snapshot import VaultNote

_CHECK_EVERY = 64
"""Rows between two looks at the clock."""
_MOST_RANKED = 100
"""With more hits than this, the nearest one takes the cursor: ranking them would hold up the keys."""
_MOMENT = 0.004
"""Seconds of searching before a changed note is shown."""
_IN_SIGHT = 100
"""Rows from the top of the pane on: more than a terminal shows."""


class RowFinder(Protocol):
    """Finds rows of an outline."""

    def rows(self, outline: Outline) -> Sequence[int]:
        """The rows that match, in order."""

    def rows_again(self, outline: Outline, in_sight: Sequence[int], before: Iterable[int]) -> Sequence[int]:
        """The rows that match after the note has changed, in order, as far as they are found in a moment.

        Those `in_sight` are asked first; others that matched `before` count until they are asked.
        """

    def letters(self, text: str) -> Sequence[int]:
        """The positions in `text` that match, ascending."""


class _AskedRows(NamedTuple):
    """The rows of an outline that a query is asked of."""

    note: VaultNote
    outline: Outline
    rows: Sequence[int]
    items: Sequence[QueryItem]
    """The item of each row."""


class NoteQuery(RowFinder):
    """A query that is asked of the rows of one note, in each state of it: at once, or in slices."""

    def __init__(
        self, search: VaultSearch, note: VaultNote, query: Query, before: NoteQuery | None = None
    ) -> None:
        """Ask `query`.

        Args:
            search: What is known of the vault; updated by its owner.
            note: The note as it is now; set anew when it has changed.
            query: What is asked.
            before: The query before, which is asked no more. Only its hits are asked where `query` cannot
                match others.
        """
        self.note = note
        self.query = query
        self.is_finished = query.is_empty
        """Whether all rows were asked."""
        self._search = search
        self._asked: _AskedRows | None = before._asked if before is not None else None
        self._rest: Iterator[tuple[int, QueryItem]] = iter(())
        """The rows that were not asked yet, with their items."""
        self._found: list[tuple[int, QueryItem]] = []
        """What matches so far, in the order in which it was asked."""
        self._assumed: set[int] = set()
        """Rows that matched before the note changed, and were not asked since."""
        self._wider = before if before is not None and query.narrows(before.query) else None

    def _rows_of(self, outline: Outline) -> _AskedRows:
        if self._asked is None or self._asked.note is not self.note or self._asked.outline is not outline:
            rows = [row.index for row in outline.rows if row.content is not None]
            self._asked = _AskedRows(self.note, outline, rows, self._search.items(self.note))
        return self._asked

    def start(self, outline: Outline, first: int = 0) -> None:
        """Begin to ask the rows of `outline`, from the row `first` on; those above it come last."""
        if self.query.is_empty:
            return
        asked = self._rows_of(outline)
        wider, self._wider = self._wider, None
        if wider is not None and wider._asked is asked:
            self._rest = chain(wider._found, wider._rest)
        else:
            at = bisect_left(asked.rows, first)
            pairs = zip(asked.rows, asked.items, strict=True)
            self._rest = chain(islice(pairs, at, None), zip(asked.rows[:at], asked.items[:at], strict=True))
        self._found = []
        self._assumed = set()
        self.is_finished = False

    def advance(self, seconds: float) -> bool:
        """Ask on for about so long; gives whether all rows were asked."""
        end = perf_counter() + seconds
        matches, context = self.query.matches, self._search.context
        while not self.is_finished:
            pairs = list(islice(self._rest, _CHECK_EVERY))
            self._found += [pair for pair in pairs if matches(pair[1], context)]
            if self._assumed:
                self._assumed.difference_update(row for row, _ in pairs)
            self.is_finished = len(pairs) < _CHECK_EVERY
            if perf_counter() >= end:
                break
        return self.is_finished

    @property
    def hits(self) -> Sequence[int]:
        """The rows that match so far, in order; with a `limit:` none before all were asked."""
        if self.query.limit is not None:
            if not self.is_finished:
                return ()
            items = [item for _, item in sorted(self._found, key=itemgetter(0))]
            best = {id(item) for item in self.query.listed(items, self._search.context)}
            return sorted(row for row, item in self._found if id(item) in best)
        return sorted((*(row for row, _ in self._found), *self._assumed))

    @override
    def rows(self, outline: Outline) -> Sequence[int]:
        if self.query.is_empty:
            return range(len(outline.rows))
        self.start(outline)
        self.advance(inf)
        return self.hits

    @override
    def rows_again(self, outline: Outline, in_sight: Sequence[int], before: Iterable[int]) -> Sequence[int]:
        if self.query.is_empty or self.query.limit is not None:
            return self.rows(outline)
        self._wider = None
        self.start(outline)
        rows, items = self._rows_of(outline)[2:]
        first = {row for row in in_sight if outline.rows[row].content is not None}
        pairs = [(row, items[bisect_left(rows, row)]) for row in sorted(first)]
        self._rest = chain(pairs, (pair for pair in self._rest if pair[0] not in first))
        self._assumed = set(before)
        self.advance(_MOMENT)
        return self.hits

    def count_asked(self, outline: Outline) -> int:
        """How many rows it is asked of: all but blank ones."""
        return len(self._rows_of(outline).rows)

    @override
    def letters(self, text: str) -> Sequence[int]:
        return self.query.letters(text)

    def best(self, outline: Outline, hits: Sequence[int], after: int) -> int:
        """The one of `hits` that the words match best; of equal ones the first from the row `after` on.

        Where there are very many, or no words, it is the first from `after` on.
        """
        at = bisect_left(hits, after)
        nearest_first = [*hits[at:], *hits[:at]]
        if len(hits) > _MOST_RANKED or not self.query.has_words:
            return nearest_first[0]
        _, _, rows, items = self._rows_of(outline)
        return max(nearest_first, key=lambda row: self.query.score(items[bisect_left(rows, row)]))


class FilteredOutline(OutlineState):
    """The rows of an outline that a filter lets through; its folds, cursor and scroll are its own.

    A row that matched stays shown until another query is asked, also where a change of the note has it match
    no more: a task that is ticked under `is:open` does not vanish from under the cursor.
    """

    __slots__ = ("_context", "_finder", "_kept", "_passed", "_unfiltered", "hits")

    def __init__(
        self,
        unfiltered: OutlineState,
        finder: RowFinder,
        hits: Sequence[int] | None = None,
        kept: Iterable[int] = (),
    ) -> None:
        """Filter the rows of `unfiltered`; nothing is folded at first, unless all rows pass.

        Args:
            unfiltered: All rows.
            finder: Finds those that match.
            hits: Those that `finder` has found so far; None to have it find all.
            kept: Rows that are shown although they do not match.
        """
        super().__init__(unfiltered.outline, shown=[])
        self.selection = unfiltered.selection
        self._unfiltered = unfiltered
        self._finder = finder
        self._kept = set(kept)
        self._passed: Set[int] | range
        """The rows that are shown, or folded away."""
        self._context: Set[int] | None
        """The rows with rows inside that passed; None where all rows have."""
        self.hits = finder.rows(unfiltered.outline) if hits is None else hits
        """The rows that match, in order."""
        if len(self.hits) == len(self.outline.rows):
            self.folded = set(unfiltered.folded)
            self.cursor, self.scroll = unfiltered.cursor, unfiltered.scroll
        self._update()

    def _update(self) -> None:
        """Find out anew which rows pass, and which of them show."""
        if len(self.hits) == len(self.outline.rows):
            self._context = None
            self._passed = range(len(self.outline.rows))
            self.shown = self._visible()
            return
        passed = {*self.hits, *self._kept}
        context: set[int] = set()
        rows = self.outline.rows
        for row in passed:
            parent = rows[row].parent
            while parent >= 0 and parent not in context:
                context.add(parent)
                parent = rows[parent].parent
        self._context = context
        self._passed = passed | context
        self.shown = self._visible()

    @override
    def _visible(self) -> list[int]:
        if not self.folded:
            return sorted(self._passed)
        return [row for row in self.outline.visible(self.folded) if row in self._passed]

    @override
    def _foldable(self) -> Iterable[int]:
        return self._context if self._context is not None else self._unfiltered._foldable()

    @property
    @override
    def unfiltered(self) -> OutlineState:
        return self._unfiltered

    @property
    @override
    def selected(self) -> list[int]:
        return [row for row in self.selection if row in self._passed]

    @override
    def has_children(self, row: int) -> bool:
        return row in self._context if self._context is not None else self.outline.has_children(row)

    @override
    def passes(self, row: int) -> bool:
        return row in self._passed

    @override
    def is_context(self, row: int) -> bool:
        at = bisect_left(self.hits, row)
        return row not in self._kept and (at == len(self.hits) or self.hits[at] != row)

    @override
    def letters(self, text: str) -> Sequence[int]:
        return self._finder.letters(text)

    @override
    def hidden_in(self, row: int) -> int:
        inside = (self.outline.rows[at] for at in range(row + 1, self.outline.ends[row]))
        return sum(isinstance(each.content, Task) and each.index not in self._passed for each in inside)

    def next_hit(self, row: int, step: int) -> int | None:
        """The hit after `row`, or with a `step` of -1 before it, around the ends; None without hits."""
        if not self.hits:
            return None
        at = bisect_right(self.hits, row) if step > 0 else bisect_left(self.hits, row) - 1
        return self.hits[at % len(self.hits)]

    @override
    def reveal(self, row: int) -> None:
        """Show `row` although it does not match, and unfold whatever hides it."""
        if row not in self._passed:
            self._kept.add(row)
            self._update()
        super().reveal(row)

    def found(self, hits: Sequence[int]) -> None:
        """Show `hits`, as more were found. Folds stay, and the cursor stays on its line of the screen."""
        below_top = self.position(self.cursor) - self.scroll
        self.hits = hits
        self._update()
        self.scroll = max(0, self.position(self.cursor) - below_top)

    def search_again(self) -> None:
        """Find the rows that match now, as the search has learned more; no row is hidden."""
        self._kept.update(self.hits)
        self.hits = self._finder.rows(self.outline)
        self._update()

    @override
    def followed(self, outline: Outline) -> tuple[FilteredOutline, RowMapping]:
        """The same place in a later state of the note, in which the query is asked again."""
        unfiltered, mapping = self._unfiltered.followed(outline)
        before = {mapping[row] for row in self.hits if row in mapping}
        in_sight = self.shown[self.scroll : self.scroll + _IN_SIGHT]
        hits = self._finder.rows_again(outline, [mapping[row] for row in in_sight if row in mapping], before)
        kept = before.union(mapping[row] for row in self._kept if row in mapping)
        state = FilteredOutline(unfiltered, self._finder, hits, kept)
        state.set_folded([mapping[row] for row in self.folded if row in mapping], folded=True)
        above = self.shown[: bisect_right(self.shown, self.cursor)]
        state.cursor = next((mapping[row] for row in reversed(above) if row in mapping), 0)
        state.scroll = max(0, state.position(state.cursor) - (self.position(self.cursor) - self.scroll))
        return state, mapping
