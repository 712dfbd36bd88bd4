"""Asks a query of the note in a tree, and has the tree show the rows that it finds."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Sequence

from roadtui.core.query.query import read_query
from roadtui.core.query.syntax import QueryError
from roadtui.core.query.terms import Vocabulary
from roadtui.session.find.search import VaultSearch
from roadtui.session.outline.outline_filter import FilteredOutline, NoteQuery
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.ui.workers import start_worker
from roadtui.vault.snapshot import VaultNote

_FIRST_SLICE = 0.004
"""Seconds of searching between a key and its repaint."""
_SLICE = 0.004
"""Seconds of searching between two pauses."""
_PAUSE = 0.002
"""Seconds of a pause, in which keys are handled and drawn."""
_PAINT = 0.02
"""Seconds in which the first rows are painted, before the search goes on."""


class TreeFilter:
    """The filter of one tree, from `start` until `end`."""

    def __init__(self, tree: TaskTree, search: VaultSearch, found: Callable[[], None]) -> None:
        """Make a filter.

        Args:
            tree: Shows the note.
            search: What is known of the vault.
            found: Called when a search that takes longer has shown what it found.
        """
        self._tree = tree
        self._search = search
        self._has_found = found
        self._shown: NoteQuery | None = None
        """The query whose rows are shown, while there is a filter."""
        self._asked: NoteQuery | None = None
        """The last query that was understood. Its rows may have to be found yet."""
        self._is_unfinished = False
        """Whether its end may be the beginning of a term."""
        self._chosen: int | None = None
        """The hit that the user has stepped to."""
        self._is_placed = False
        """Whether the cursor stays where it is when more is found."""
        self._learned: tuple[VaultNote, Vocabulary] | None = None
        """The note that was read last, and what it has to complete with."""
        self.error: QueryError | None = None
        """Why the last query was not understood."""

    @property
    def is_on(self) -> bool:
        """Whether the tree is filtered, or about to be."""
        return self._shown is not None

    @property
    def note(self) -> VaultNote | None:
        """The note that is filtered."""
        return self._asked.note if self._asked is not None else None

    @property
    def is_empty(self) -> bool:
        """Whether there is a filter that hides nothing yet."""
        return self._asked is not None and self._asked.query.is_empty

    @property
    def is_answered(self) -> bool:
        """Whether the rows are all those that match the last query that was understood."""
        return self._asked is not None and self._shown is self._asked and self._asked.is_finished

    @property
    def state(self) -> FilteredOutline | None:
        """The rows that are found, in the tree."""
        state = self._tree.outline_state
        return state if isinstance(state, FilteredOutline) else None

    def start(self, note: VaultNote) -> None:
        """Filter `note`, which is shown; nothing is hidden before a query is asked."""
        self._tree.ahead.drop()  # A query is asked of the rows of a note.
        self._tree.store_position()
        self._shown = self._asked = NoteQuery(self._search, note, read_query("", self._search.today))
        self._tree.show_state(FilteredOutline(self._tree.outline_state, self._shown), exactly=True)

    def end(self) -> None:
        """There is no filter any more; the tree shows all rows already."""
        self._shown = self._asked = None
        self.error = self._chosen = None

    # Asking

    def ask(self, text: str, *, is_unfinished: bool = False) -> None:
        """Show the rows that match the query `text`; if it cannot be understood, those shown before.

        `is_unfinished`: its end may be the beginning of a term. Those shown before stay if it finds none.
        """
        if self._asked is None:
            return
        try:
            query = read_query(text, self._search.today, is_typing=True)
        except QueryError as error:
            self.error = error
            return
        self.error, self._is_unfinished = None, is_unfinished
        self._is_placed = False
        unfiltered = self._tree.outline_state.unfiltered
        self._asked = NoteQuery(self._search, self._asked.note, query, self._asked)
        self._asked.start(unfiltered.outline, unfiltered.cursor if self._chosen is None else self._chosen)
        self._asked.advance(_FIRST_SLICE)
        self._show()
        if not self._asked.is_finished:
            start_worker(self._tree, self._search_on, self._asked, group="filter", exclusive=True)

    def end_typing(self) -> None:
        """Nothing is added to the query: show that it finds nothing, where it does."""
        self._is_unfinished = False
        self._show()

    async def _search_on(self, asked: NoteQuery) -> None:
        """Ask the rest of the rows; show the first that match at once, and all at the end."""
        if self._shown is asked:
            await asyncio.sleep(_PAINT)
        while self._asked is asked and not asked.is_finished:
            await asyncio.sleep(_PAUSE)
            if asked.advance(_SLICE) or self._shown is not asked:
                self._show()
                self._has_found()

    def _show(self) -> None:
        """Show the rows that are found so far; as long as there are none, those of the query before."""
        asked = self._asked
        if asked is None:
            return
        hits = asked.hits
        if not hits and not asked.query.is_empty and (not asked.is_finished or self._is_unfinished):
            return
        if self._shown is asked:
            self._show_more(asked, hits)
        else:
            self._shown = asked
            self._show_first(asked, hits)

    def _show_first(self, asked: NoteQuery, hits: Sequence[int]) -> None:
        """Show `hits`, with the cursor on the best of them."""
        unfiltered = self._tree.outline_state.unfiltered
        if asked.query.is_empty:
            self._tree.show_state(FilteredOutline(unfiltered, asked), exactly=True)
            return
        state = FilteredOutline(unfiltered, asked, hits)
        chosen, self._chosen = self._chosen, None
        if chosen is not None and chosen in state.hits:
            self._chosen = state.cursor = chosen
        elif state.hits:
            after = unfiltered.cursor if chosen is None else chosen
            state.cursor = asked.best(state.outline, state.hits, after)
        self._tree.show_state(state)

    def _show_more(self, asked: NoteQuery, hits: Sequence[int]) -> None:
        """Show `hits`; the cursor goes to the best of them, unless the user has moved it or the note."""
        state = self.state
        if state is None or [*hits] == [*state.hits]:
            return
        is_moved = self._is_placed or self._tree.current_row != state.cursor or self._chosen is not None
        self._tree.store_position()
        state.found(hits)
        if not is_moved:
            state.cursor = asked.best(state.outline, hits, state.unfiltered.cursor)
        self._tree.show_state(state)

    @property
    def step_refusal(self) -> str | None:
        """Why there is no other hit to go to; None where there is one."""
        state = self.state
        if state is None or not state.hits:
            return "Nothing in this note matches."
        is_on_it = len(state.hits) == 1 and self._tree.current_row in state.hits
        return "This is the only hit." if is_on_it else None

    def step(self, step: int) -> None:
        """Go to the next hit, or with -1 to the one before."""
        state, row = self.state, self._tree.current_row
        if state is None or self.is_empty:
            return
        hit = state.next_hit(row if row is not None else 0, step)
        if hit is not None:
            self._chosen = hit
            self._tree.go_to_row(hit)

    # What changes meanwhile

    def follow(self, note: VaultNote) -> None:
        """Ask the query of `note`, which is not shown yet, from now on."""
        for query in (self._shown, self._asked):
            if query is not None:
                query.note = note

    def followed(self) -> None:
        """The rows have changed: steps start at the cursor, and what is not asked yet is asked."""
        self._chosen = None
        asked, state = self._asked, self.state
        if asked is not None and state is not None and not self.is_answered:
            if self._shown is asked:
                self._is_placed = True
            else:
                asked.start(state.outline)
            start_worker(self._tree, self._search_on, asked, group="filter", exclusive=True)

    def search_again(self) -> None:
        """Ask the query again, as what it may depend on beside the note has changed."""
        state = self.state
        query = self._shown.query if self._shown is not None else None
        if state is not None and query is not None and (query.needs_history or query.needs_other_notes):
            state.search_again()
            self._tree.rows_changed()

    async def learn(self) -> Vocabulary | None:
        """Read in a thread what takes long: texts, dates that are not in the note, tags and headings.

        Gives the tags and headings; None where another note is filtered by then.
        """
        note = self.note
        if note is None:
            return None
        await asyncio.to_thread(self._search.load_dates, [note])
        if self._learned is None or self._learned[0].content is not note.content:
            await asyncio.to_thread(self._search.read_texts, [note])
            self._learned = note, await asyncio.to_thread(self._search.vocabulary, [note])
        return self._learned[1] if self.note is note else None

    @property
    def count(self) -> str:
        """How many rows are found, of how many; or which of them the user has stepped to.

        Empty while the rows are those of an earlier query.
        """
        state = self.state
        if state is None or self._shown is None or self._shown.query.is_empty:
            return ""
        if self._shown is not self._asked or self.error is not None:
            return ""
        if self._chosen is not None and self._tree.current_row == self._chosen:
            at = bisect_left(state.hits, self._chosen)
            return f"{at + 1:,}/{len(state.hits):,}" if state.hits[at : at + 1] == [self._chosen] else ""
        more = "" if self._shown.is_finished else "…"
        return f"{len(state.hits):,}{more} of {self._shown.count_asked(state.outline):,} rows"
