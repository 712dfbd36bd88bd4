"""Searches the tasks and headings of a vault by a query, in slices, so that no key has to wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from heapq import nsmallest
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from roadtui.core.query.items import QueryContext, QueryItem, QueryNote, items_of
from roadtui.core.query.query import Query
from roadtui.core.query.terms import Vocabulary
from roadtui.core.tasks.tags import distinct_tags
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.stats.activity import KnownDates

_CHECK_EVERY = 64
"""Items between two looks at the clock."""


class DateRecords(Protocol):
    """Dates of tasks that are recorded outside their notes. Calls block: for threads."""

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        """When tasks of `notes` were added and done."""


class VaultSearch:
    """What can be found in one vault. The items of a note are made when they are first searched, and kept."""

    def __init__(self, snapshot: Snapshot, today: date, records: DateRecords | None = None) -> None:
        """Search `snapshot` on the day `today`; `records` has the dates that are not in the notes."""
        self._records = records
        self._items: dict[str, tuple[VaultNote, list[QueryItem]]] = {}
        self._dates: dict[str, KnownDates] = {}
        self.update(snapshot, today)

    def update(self, snapshot: Snapshot, today: date) -> None:
        """Search a new state of the vault from now on."""
        self.snapshot = snapshot
        self.today = today
        dependencies = snapshot.dependencies
        stuck: dict[str, bool] = {}

        def is_stuck(path: str) -> bool:
            if path not in stuck:
                stuck[path] = is_stuck_roadmap(snapshot, snapshot.notes[path], today)
            return stuck[path]

        self.context = QueryContext(
            today,
            snapshot.statuses,
            snapshot.format,
            dependencies.open_ids,
            dependencies.depended_on,
            is_stuck,
            self._known_dates,
        )

    def items(self, note: VaultNote) -> list[QueryItem]:
        """The headings, tasks and bullets of `note`."""
        kept = self._items.get(note.path)
        if kept is None or not _is_same(kept[0], note):
            query_note = QueryNote(note.path, note.note, note.note_progress)
            kept = self._items[note.path] = note, items_of(query_note, self.snapshot.format)
        return kept[1]

    def start(self, query: Query, notes: Iterable[VaultNote], most: int | None = None) -> SearchRun:
        """Begin to search `notes`, in their order; of the results the `most` best are kept in order."""
        items = (item for note in notes for item in self.items(note))
        return SearchRun(query, self.context, items, most)

    def read_texts(self, notes: Iterable[VaultNote]) -> None:
        """Read the texts of `notes` ahead of the first query. For a thread."""
        for note in notes:
            for item in self.items(note):
                _ = item.folded  # Computed on first use.

    def load_dates(self, notes: Iterable[VaultNote]) -> None:
        """Read the dates of the tasks of `notes` that are not in the notes. Blocks: for a thread.

        Until then `done:`, `created:` and `changed:` go by the notes alone.
        """
        if self._records is not None:
            for note in notes:
                self._dates[note.path] = self._records.days([note])

    def _known_dates(self, path: str) -> KnownDates:
        from roadtui.core.stats.activity import NO_KNOWN_DATES  # With the first query about days.

        return self._dates.get(path, NO_KNOWN_DATES)

    def vocabulary(self, among: Iterable[VaultNote] | None = None) -> Vocabulary:
        """The tags, paths, headings and statuses of the vault, for completion. Reads all: for a thread.

        `among`: the notes whose tags, paths and headings are wanted; None for all.
        """
        notes = list(among) if among is not None else self.snapshot.below("")
        tags = (tag for note in notes for item in self.items(note) if item.fields for tag in item.fields.tags)
        sections = (section.title for note in notes for section in note.note.sections[1:])
        return Vocabulary(
            tuple(sorted((tag[1:] for tag in distinct_tags(tags)), key=str.casefold)),
            tuple(note.path for note in notes if note.has_tasks),
            tuple(dict.fromkeys(sections)),
            tuple(dict.fromkeys(status.name for status in self.snapshot.statuses)),
        )


def _is_same(before: VaultNote, now: VaultNote) -> bool:
    return before.note is now.note and before.note_progress is now.note_progress


def is_stuck_roadmap(snapshot: Snapshot, note: VaultNote, today: date) -> bool:
    """Whether `note` has open tasks, and none of them can be done next (org-mode: stuck project)."""
    progress = note.progress
    return bool(progress.open + progress.in_progress) and not snapshot.suggestions([note], today, 1)


class SearchRun:
    """One search, worked off in slices; its results can be shown at any time."""

    def __init__(
        self, query: Query, context: QueryContext, items: Iterable[QueryItem], most: int | None = None
    ) -> None:
        """Search `items`; `most` is how many of the best results are wanted, None for all."""
        self.query = query
        self.is_finished = False
        self.total = 0
        """How many items match so far."""
        self._context = context
        self._items = iter(items)
        self._most = most if query.limit is None else min(most or query.limit, query.limit)
        self._found: list[tuple[object, int, QueryItem]] = []
        self._all: list[QueryItem] = []

    def advance(self, seconds: float) -> bool:
        """Search on for about so long; gives whether the search is finished."""
        end = perf_counter() + seconds
        matches, context = self.query.matches, self._context
        while not self.is_finished:
            for _ in range(_CHECK_EVERY):
                item = next(self._items, None)
                if item is None:
                    self.is_finished = True
                    break
                if matches(item, context):
                    self._add(item)
            if perf_counter() >= end:
                break
        return self.is_finished

    def _add(self, item: QueryItem) -> None:
        self._all.append(item)
        self._found.append((self.query.sort_key(item, self._context), self.total, item))
        self.total += 1
        if self._most is not None and len(self._found) > 8 * self._most:
            self._found = nsmallest(self._most, self._found, key=_position)

    @property
    def results(self) -> Sequence[QueryItem]:
        """What was found so far, best first; at most as many as are wanted."""
        most = self._most if self._most is not None else len(self._found)
        return [item for _, _, item in nsmallest(most, self._found, key=_position)]

    def narrowed(self, query: Query) -> Iterator[QueryItem] | None:
        """The only items that `query` can match, if it narrows the query of this search; else None."""
        if not query.narrows(self.query):
            return None
        return iter([*self._all]) if self.is_finished else _after([*self._all], self._items)


def _after(found: Sequence[QueryItem], rest: Iterator[QueryItem]) -> Iterator[QueryItem]:
    yield from found
    yield from rest


def _position(found: tuple[object, int, QueryItem]) -> tuple[object, int]:
    return found[:2]
