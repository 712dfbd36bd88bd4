"""Asks a query of the note in a tree, and has the tree show the rows that it finds."""

from __future__ import annotations

import asyncio

from roadtui.core.query.query import Query, read_query
from roadtui.core.query.syntax import QueryError
from roadtui.core.query.terms import Vocabulary
from roadtui.session.find.search import VaultSearch
from roadtui.session.outline.outline_filter import FilteredOutline, NoteQuery
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import VaultNote


class TreeFilter:
    """The filter of one tree, from `start` until `end`."""

    def __init__(self, tree: TaskTree, search: VaultSearch) -> None:
        """`search`: what is known of the vault."""
        self._tree = tree
        self._search = search
        self._finder: NoteQuery | None = None
        """The last query that was understood, while there is a filter."""
        self._chosen: int | None = None
        """The hit that the user has stepped to."""
        self.error: QueryError | None = None
        """Why the last query was not understood."""

    @property
    def is_on(self) -> bool:
        """Whether the tree is filtered, or about to be."""
        return self._finder is not None

    @property
    def note(self) -> VaultNote | None:
        """The note that is filtered."""
        return self._finder.note if self._finder is not None else None

    @property
    def is_empty(self) -> bool:
        """Whether there is a filter that hides nothing yet."""
        return self._finder is not None and self._finder.query.is_empty

    @property
    def state(self) -> FilteredOutline | None:
        """The rows that are found, in the tree."""
        state = self._tree.outline_state
        return state if isinstance(state, FilteredOutline) else None

    def start(self, note: VaultNote) -> None:
        """Filter `note`, which is shown; nothing is hidden before a query is asked."""
        self._tree.store_position()
        self._finder = NoteQuery(self._search, note, read_query("", self._search.today))
        self._tree.show_state(FilteredOutline(self._tree.outline_state, self._finder), exactly=True)

    def end(self) -> None:
        """There is no filter any more; the tree shows all rows already."""
        self._finder = None
        self.error = self._chosen = None

    # Asking

    def ask(self, text: str, completed: str | None = None) -> None:
        """Show the rows that match the query `text`; if it cannot be understood, those shown before.

        `completed`: the query without a term that is still to be completed; asked in place of one that
        cannot be understood.
        """
        if self._finder is None:
            return
        query, self.error = self._read(text)
        if query is None and completed is not None:
            query, _ = self._read(completed)
        if query is not None:
            self._finder = NoteQuery(self._search, self._finder.note, query, self._finder)
            self._show(self._finder)

    def _read(self, text: str) -> tuple[Query | None, QueryError | None]:
        try:
            return read_query(text, self._search.today, is_typing=True), None
        except QueryError as error:
            return None, error

    def _show(self, finder: NoteQuery) -> None:
        """Show the rows that `finder` finds, with the cursor on the best of them."""
        unfiltered = self._tree.outline_state.unfiltered
        state = FilteredOutline(unfiltered, finder)
        if finder.query.is_empty:
            self._tree.show_state(state, exactly=True)
            return
        chosen, self._chosen = self._chosen, None
        if chosen is not None and chosen in state.hits:
            self._chosen = state.cursor = chosen
        elif state.hits:
            after = unfiltered.cursor if chosen is None else chosen
            state.cursor = finder.best(state.outline, state.hits, after)
        self._tree.show_state(state)

    def step(self, step: int) -> None:
        """Go to the next hit, or with -1 to the one before."""
        state, row = self.state, self._tree.current_row
        if state is None or self._finder is None or self.is_empty:
            return
        hit = state.next_hit(row if row is not None else 0, step)
        if hit is not None:
            self._chosen = hit
            self._tree.go_to_row(hit)

    # What changes meanwhile

    def follow(self, note: VaultNote) -> None:
        """Ask the query of `note`, which is not shown yet, from now on."""
        if self._finder is not None:
            self._finder.note = note

    def forget_step(self) -> None:
        """The rows have changed: the next step starts at the cursor."""
        self._chosen = None

    def search_again(self) -> None:
        """Ask the query again, as what it depends on beside the note has changed."""
        state = self.state
        if state is not None and self._finder is not None and self._finder.query.has_terms:
            state.search_again()
            self._tree.rows_changed()

    async def learn(self) -> Vocabulary | None:
        """Read in a thread what takes long: texts, dates that are not in the note, tags and headings.

        Gives the tags and headings; None where another note is filtered by then.
        """
        note = self.note
        if note is None:
            return None
        await asyncio.to_thread(self._search.read_texts, [note])
        await asyncio.to_thread(self._search.load_dates, [note])
        vocabulary = await asyncio.to_thread(self._search.vocabulary, [note])
        return vocabulary if self.note is note else None

    @property
    def count(self) -> str:
        """How many rows are found, of how many; or which of them the user has stepped to."""
        state = self.state
        if state is None or self._finder is None or self.is_empty:
            return ""
        if self._chosen is None or self._tree.current_row != self._chosen:
            return f"{len(state.hits):,} of {self._finder.count_asked(state.outline):,}"
        return f"{state.hits.index(self._chosen) + 1}/{len(state.hits)}" if self._chosen in state.hits else ""
