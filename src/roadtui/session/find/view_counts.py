"""Counts what saved views find: beside everything else, a little at a time, and each note once per state.

Most notes are counted by their tallies alone; the others are read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.next_actions.ranking import Dependencies
from roadtui.core.query.items import QueryItem
from roadtui.core.query.query import Query
from roadtui.session.find.search import VaultSearch, tally_of
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.core.stats.activity import KnownDates

_SLICE = 0.003
"""Seconds of counting between two pauses: so long a key may have to wait."""
_PAUSE = 0.007
"""Seconds of a pause, in which keys are handled and drawn."""
_CHECK_EVERY = 32
"""Items between two looks at the clock."""


class _Count(NamedTuple):
    """How many items of a note match a query, and what that depends on."""

    note: VaultNote
    today: date
    dependencies: Dependencies | None
    """None where the query does not ask for other notes."""
    dates: KnownDates | None
    """None where the query does not ask for the history."""
    number: int

    def holds(
        self, note: VaultNote, today: date, dependencies: Dependencies | None, dates: KnownDates | None
    ) -> bool:
        """Whether the number is right for these too."""
        return (
            self.note.content is note.content
            and self.today == today
            and self.dependencies == dependencies
            and self.dates is dates
        )


class ViewCounts:
    """The numbers of results of queries in one vault."""

    def __init__(self, search: VaultSearch) -> None:
        """Count in what `search` searches."""
        self._search = search
        self._counts: dict[str, dict[str, _Count]] = {}
        """By the text of the query, then by path."""

    async def count(self, queries: Sequence[Query]) -> Mapping[str, int]:
        """How many results each of `queries` has, by its text. Keys are handled meanwhile.

        After a change of the vault, only the notes that have changed are counted again.
        """
        search = self._search
        if any(query.needs_history for query in queries):
            await asyncio.to_thread(search.load_missing_dates, search.snapshot)
        self._counts = {query.text: self._counts.get(query.text, {}) for query in queries}
        totals: dict[str, int] = {}
        parsed: object = None
        end = perf_counter() + _SLICE
        for unread in self._steps(queries, totals):
            if unread is not None:
                parsed = await asyncio.to_thread(unread.content.peek)  # Held until it is counted.
                end = max(end, perf_counter() + _SLICE / 2)
            if perf_counter() >= end:
                await asyncio.sleep(_PAUSE)
                end = perf_counter() + _SLICE
        del parsed
        return totals

    def _steps(self, queries: Sequence[Query], totals: dict[str, int]) -> Iterator[VaultNote | None]:
        """Add up `totals`; steps are short. Yields notes whose parses have to be read before the next."""
        words = [query for query in queries if query.has_words]
        for note in self._search.snapshot.listed_notes:
            asked = queries if note.has_tasks else words
            unknown = []
            tally = tally_of(note)
            for query in asked:
                known = query.count(tally, self._search.context)
                if known is None:
                    known = self._known(query, note)
                if known is None:
                    unknown.append(query)
                else:
                    totals[query.text] = totals.get(query.text, 0) + known
            yield note if unknown and not note.content.is_at_hand else None
            # Not kept: most notes are counted once, and their items take more memory than the notes.
            items = self._search.items(note, keeps=False) if unknown else []
            for query in unknown:
                yield from self._count_in(query, note, items, totals)
        for query in queries:
            total = totals.get(query.text, 0)
            totals[query.text] = total if query.limit is None else min(total, query.limit)

    def _known(self, query: Query, note: VaultNote) -> int | None:
        known = self._counts[query.text].get(note.path)
        return (
            known.number if known is not None and known.holds(note, *self._depends_on(query, note)) else None
        )

    def _depends_on(
        self, query: Query, note: VaultNote
    ) -> tuple[date, Dependencies | None, KnownDates | None]:
        search = self._search
        return (
            search.today,
            search.dependencies if query.needs_other_notes else None,
            search.dates_of(note.path) if query.needs_history else None,
        )

    def _count_in(
        self, query: Query, note: VaultNote, items: Sequence[QueryItem], totals: dict[str, int]
    ) -> Iterator[VaultNote | None]:
        depends_on, context = self._depends_on(query, note), self._search.context
        number = int(query.has_words and query.matches(self._search.note_item(note), context))
        for at, item in enumerate(items, 1):
            number += query.matches(item, context)
            if at % _CHECK_EVERY == 0:
                yield None
        self._counts[query.text][note.path] = _Count(note, *depends_on, number)
        totals[query.text] = totals.get(query.text, 0) + number
