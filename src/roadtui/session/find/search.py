"""Searches the tasks and headings of a vault by a query, in slices, so that no key has to wait."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Protocol

from roadtui.core.next_actions.ranking import Dependencies, has_next
from roadtui.core.note import ListItem, Task
from roadtui.core.query.items import QueryContext, QueryItem, QueryNote, items_of, note_item
from roadtui.core.query.query import Query
from roadtui.core.query.tally import NoteTally
from roadtui.core.query.terms import Vocabulary
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.tags import distinct_tags
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.stats.activity import KnownDates

_CHECK_EVERY = 64
"""Items between two looks at the clock."""
_YIELD_EVERY = 16
"""Items after which a thread lets a key be handled that has come meanwhile."""


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
        self._note_items: dict[str, tuple[VaultNote, QueryItem]] = {}
        self._dates: dict[str, tuple[VaultNote | None, KnownDates]] = {}
        """By path, with the note that they are of; None where they have to be loaded anew."""
        self.snapshot = snapshot
        self.dependencies = snapshot.dependencies
        """How the vault's open tasks depend on one another."""
        self.update(snapshot, today)

    def update(self, snapshot: Snapshot, today: date) -> None:
        """Search a new state of the vault from now on."""
        if snapshot.statuses is not self.snapshot.statuses or snapshot.format is not self.snapshot.format:
            self._items.clear()
            self._note_items.clear()
        self.snapshot = snapshot
        self.today = today
        dependencies = snapshot.dependencies
        if dependencies != self.dependencies:  # Equal ones stay the same object: many compare them.
            self.dependencies = dependencies
        dependencies = self.dependencies
        stuck: dict[str, bool] = {}

        def is_stuck(path: str) -> bool:
            if path not in stuck:
                stuck[path] = is_stuck_roadmap(snapshot, snapshot.notes[path], today, dependencies)
            return stuck[path]

        self.context = QueryContext(
            today,
            snapshot.statuses,
            snapshot.format,
            dependencies.open_ids,
            dependencies.depended_on,
            is_stuck,
            self.dates_of,
        )
        for kept in (self._items, self._note_items, self._dates):
            for path in [path for path in kept if path not in snapshot.notes]:
                del kept[path]

    def items(self, note: VaultNote, *, keeps: bool = True) -> list[QueryItem]:
        """The headings, tasks and bullets of `note`; `keeps`: they are asked for again."""
        kept = self._items.get(note.path)
        if kept is not None and _is_same(kept[0], note):
            return kept[1]
        parsed = note.content.parsed if keeps else note.content.peek()
        found = items_of(QueryNote(note.path, parsed.note, parsed.progress), self.snapshot.format)
        if kept is not None:
            _take_texts(found, kept[1])
        if keeps:
            self._items[note.path] = note, found
        return found

    def note_item(self, note: VaultNote) -> QueryItem:
        """`note` itself, which is found by its name and aliases."""
        kept = self._note_items.get(note.path)
        if kept is None or not _is_same(kept[0], note):
            parsed = note.content.peek()
            query_note = QueryNote(note.path, parsed.note, parsed.progress, lambda: note.names[1:])
            kept = self._note_items[note.path] = note, note_item(query_note, self.snapshot.format)
        return kept[1]

    def start(self, query: Query, notes: Iterable[VaultNote], most: int | None = None) -> SearchRun:
        """Begin to search `notes`, in their order; of the results the `most` best are kept in order."""
        items = (item for note in notes for item in self.items(note))
        return SearchRun(query, self.context, items, most)

    def read_texts(self, notes: Iterable[VaultNote]) -> None:
        """Read the texts of `notes` ahead of the first query. For a thread, which does not hold up others."""
        for note in notes:
            for at, item in enumerate(self.items(note)):
                _ = item.folded, item.location  # Computed on first use.
                if at % _YIELD_EVERY == 0:
                    sleep(0)

    def may_find(self, query: Query, note: VaultNote) -> bool:
        """Whether `query` may find anything in `note`, as far as is known without reading it."""
        return query.count(tally_of(note), self.context) != 0

    # The whole vault

    def notes_for(self, query: Query) -> Sequence[VaultNote]:
        """The notes that `query` is asked of where it is asked of the vault.

        All roadmaps that are not hidden; words find other notes too, by their names and headings.
        """
        return self.snapshot.listed_notes if query.has_words else self.snapshot.roadmaps

    def _items_for(self, query: Query, note: VaultNote) -> Iterator[QueryItem]:
        """What `query` is asked of in `note` where it is asked of the vault. Words find the note itself."""
        if query.has_words:
            yield self.note_item(note)
        yield from self.items(note)

    def start_in_vault(self, query: Query, most: int, narrowing: SearchRun | None = None) -> SearchRun:
        """Begin to search the vault; of the results the `most` best are kept in order.

        `narrowing`: an earlier search of the same state of the vault, whose results are enough to look at if
        `query` narrows its query.
        """
        items: Iterable[QueryItem] | None = None
        if narrowing is not None and query.has_words == narrowing.query.has_words:  # Of the same notes.
            items = narrowing.narrowed(query)
        if items is None:
            items = (item for note in self.notes_for(query) for item in self._items_for(query, note))
        return SearchRun(query, self.context, items, most)

    # Dates that are not in the notes

    def notes_without_dates(self, notes: Iterable[VaultNote]) -> list[VaultNote]:
        """Those of `notes` whose recorded dates have to be loaded, as they are new or have changed."""
        if self._records is None:
            return []
        return [note for note in notes if not self._has_dates(note)]

    def _has_dates(self, note: VaultNote) -> bool:
        kept = self._dates.get(note.path)
        return kept is not None and kept[0] is not None and kept[0].digest == note.digest

    def load_missing_dates(self, snapshot: Snapshot) -> None:
        """Load the dates of all roadmaps of `snapshot` that have none yet. Blocks, as `load_dates`."""
        self.load_dates(self.notes_without_dates(snapshot.roadmaps))

    def load_dates(self, notes: Iterable[VaultNote]) -> None:
        """Read the dates of the tasks of `notes` that are not in the notes. Blocks: for a thread.

        Until then `done:`, `created:` and `changed:` go by the notes alone.
        """
        if self._records is not None:
            for note in notes:
                self._dates[note.path] = note, self._records.days([note])

    def forget_dates(self, paths: Iterable[str]) -> None:
        """Have the dates of the notes at `paths` loaded again: something was recorded about them.

        Until then, those that were loaded count.
        """
        for path in paths:
            kept = self._dates.get(path)
            if kept is not None:
                self._dates[path] = None, kept[1]

    def dates_of(self, path: str) -> KnownDates:
        """The dates that are loaded for the note at `path`."""
        from roadtui.core.stats.activity import NO_KNOWN_DATES  # With the first query about days.

        kept = self._dates.get(path)
        return kept[1] if kept is not None else NO_KNOWN_DATES

    def vocabulary(self, among: Iterable[VaultNote] | None = None) -> Vocabulary:
        """The tags, paths, headings and statuses of the vault, for completion. Reads all: for a thread.

        `among`: the notes whose tags, paths and headings are wanted; None for all.
        """
        notes = list(among) if among is not None else self.snapshot.below("")
        tags: list[str] = []
        sections: list[str] = []
        for note in notes:
            parsed = note.content.peek().note
            tags.extend(tag for task in parsed.tasks for tag in self._tags_of(task))
            sections.extend(section.title for section in parsed.sections[1:])
        return Vocabulary(
            tuple(sorted((tag[1:] for tag in distinct_tags(tags)), key=str.casefold)),
            tuple(note.path for note in notes if note.has_tasks),
            tuple(dict.fromkeys(sections)),
            tuple(dict.fromkeys(status.name for status in self.snapshot.statuses)),
        )

    def _tags_of(self, task: Task) -> Sequence[str]:
        return read_fields(task.text, self.snapshot.format).tags if "#" in task.source else ()


def tally_of(note: VaultNote) -> NoteTally:
    """What of the tasks of `note` is known without reading it."""
    summary = note.content.summary
    last_done = summary.candidates.last_day
    return NoteTally(
        note.path,
        summary.symbols,
        summary.kinds,
        lambda: (due.day for due in summary.due),
        date.fromordinal(last_done) if last_done else None,
        summary.candidates.has_ids,
    )


def _take_texts(items: Iterable[QueryItem], earlier: Iterable[QueryItem]) -> None:
    """Have `items` know what was read of `earlier`, items of the same note before it changed."""
    known = {item.content.source: item for item in earlier if isinstance(item.content, ListItem)}
    for item in items:
        before = known.get(item.content.source) if isinstance(item.content, ListItem) else None
        if before is not None and type(before.content) is type(item.content):
            item.take_texts(before)


def _is_same(before: VaultNote, now: VaultNote) -> bool:
    return before.content is now.content


def is_stuck_roadmap(
    snapshot: Snapshot, note: VaultNote, today: date, dependencies: Dependencies | None = None
) -> bool:
    """Whether `note` has open tasks, and none of them can be done next (org-mode: stuck project).

    `dependencies`: those of `snapshot`, where they are known already.
    """
    progress = note.progress
    if not progress.open + progress.in_progress:
        return False
    return not has_next(note.candidates, dependencies or snapshot.dependencies, today)


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
        self._best: list[tuple[object, int, QueryItem]] = []
        """The best results, each with its sort key and its number; sorted where `_most` is set."""
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
        entry = self.query.sort_key(item, self._context), self.total, item
        self.total += 1
        if self._most is None:
            self._best.append(entry)
        elif len(self._best) < self._most or _position(entry) < _position(self._best[-1]):
            insort(self._best, entry, key=_position)
            del self._best[self._most :]

    @property
    def results(self) -> Sequence[QueryItem]:
        """What was found so far, best first; at most as many as are wanted."""
        best = self._best if self._most is not None else sorted(self._best, key=_position)
        return [item for _, _, item in best]

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
