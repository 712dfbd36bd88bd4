"""Counts what saved views find: beside everything else, a little at a time, and each note once per state.

Most notes are counted by their tallies alone; the others are read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


class _TallyCounts(NamedTuple):
    """How many items of a note match each of some queries by its tally alone, and what that depends on."""

    note: VaultNote
    today: date
    dependencies: Dependencies
    dates: KnownDates
    numbers: tuple[int | None, ...]
    """None where the note has to be read."""


class _Unread(NamedTuple):
    """A note that has to be read, and the queries that it has to be asked for."""

    note: VaultNote
    queries: list[Query]


class ViewCounts:
    """The numbers of results of queries in one vault."""

    def __init__(self, search: VaultSearch) -> None:
        """Count in what `search` searches."""
        self._search = search
        self._by_tally: dict[str, _TallyCounts] = {}
        """By path."""
        self._texts: list[str] = []
        """The queries that these numbers are of."""
        self._counts: dict[str, dict[str, _Count]] = {}
        """What was counted in notes that were read: by the text of the query, then by path."""

    async def count(self, queries: Sequence[Query]) -> Mapping[str, int]:
        """How many results each of `queries` has, by its text. Keys are handled meanwhile.

        After a change of the vault, only the notes that have changed are counted again.
        """
        search = self._search
        if any(query.needs_history for query in queries):
            await asyncio.to_thread(search.load_missing_dates, search.snapshot)
        self._counts = {query.text: self._counts.get(query.text, {}) for query in queries}
        totals = dict.fromkeys((query.text for query in queries), 0)
        unread = await asyncio.to_thread(self._count_tallies, queries, totals)
        parsed: object = None
        end = perf_counter() + _SLICE
        for note in self._steps(unread, totals):
            if note is not None:
                parsed = await asyncio.to_thread(note.content.peek)  # Held until it is counted.
                end = max(end, perf_counter() + _SLICE / 2)
            if perf_counter() >= end:
                await asyncio.sleep(_PAUSE)
                end = perf_counter() + _SLICE
        del parsed
        for query in queries:
            if query.limit is not None:
                totals[query.text] = min(totals[query.text], query.limit)
        return totals

    def _count_tallies(self, queries: Sequence[Query], totals: dict[str, int]) -> list[_Unread]:
        """Add up in `totals` what the tallies tell; the notes that have to be read. For a thread."""
        search, texts = self._search, [query.text for query in queries]
        before = self._by_tally if texts == self._texts else {}
        now: dict[str, _TallyCounts] = {}
        unread: list[_Unread] = []
        for note in search.snapshot.listed_notes:
            found = before.get(note.path)
            depends_on = search.today, search.dependencies, search.dates_of(note.path)
            if found is None or found.note.content is not note.content or found[1:4] != depends_on:
                tally = tally_of(note)
                numbers = tuple(query.count(tally, search.context) for query in queries)
                found = _TallyCounts(note, *depends_on, numbers)
            now[note.path] = found
            rest: list[Query] = []
            for query, number in zip(queries, found.numbers, strict=True):
                if number is not None:
                    totals[query.text] += number
                elif note.has_tasks or query.has_words:
                    rest.append(query)
            if rest:
                unread.append(_Unread(note, rest))
        self._by_tally, self._texts = now, texts
        return unread

    def _steps(self, unread: Iterable[_Unread], totals: dict[str, int]) -> Iterator[VaultNote | None]:
        """Add up the rest in `totals`; steps are short. Yields notes to be read before the next."""
        for note, queries in unread:
            unknown: list[Query] = []
            for query in queries:
                known = self._known(query, note)
                if known is None:
                    unknown.append(query)
                else:
                    totals[query.text] += known
            yield note if unknown and not note.content.is_at_hand else None
            # Not kept: most notes are counted once, and their items take more memory than the notes.
            items = self._search.items(note, keeps=False) if unknown else []
            for query in unknown:
                yield from self._count_in(query, note, items, totals)

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
        totals[query.text] += number
