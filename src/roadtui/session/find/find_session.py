"""A query that is being typed, and what it finds in the vault so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from roadtui.core.next_actions.candidates import MOST_SUGGESTED
from roadtui.core.query.items import QueryItem
from roadtui.core.query.query import Query, read_query
from roadtui.core.query.syntax import QueryError
from roadtui.session.find.search import SearchRun, VaultSearch
from roadtui.session.tracking.tracked_task import TrackedTask, track
from roadtui.vault.snapshot import Snapshot, VaultNote

MOST_RESULTS = 300
"""The most results that are listed; of more, the best."""


class FindHeading(NamedTuple):
    """A heading between results, or a blank row."""

    text: str


FindRow = FindHeading | QueryItem


class FindSession:
    """Searches the vault in slices, anew whenever the query or the vault changes.

    A query that cannot be understood leaves the last results as they are, and so does one that has found
    nothing yet.
    """

    def __init__(self, search: VaultSearch) -> None:
        """Find in what `search` searches."""
        self.search = search
        self.text = ""
        """The query as it was typed."""
        self.query = read_query("", search.today)
        """The last query that was understood."""
        self.error: QueryError | None = None
        """Why `text` cannot be understood."""
        self.results: Sequence[QueryItem] = ()
        """What was found so far, best first; at most `MOST_RESULTS`."""
        self.answered = self.query
        """The query that `results` are of: `query`, or the one before."""
        self._run: SearchRun | None = None
        self._is_unfinished = False
        self.keeps_results = False
        """Whether the last results stay until the search is finished."""

    @property
    def is_finished(self) -> bool:
        """Whether the search is over."""
        return self._run is None or self._run.is_finished

    @property
    def total(self) -> int:
        """How many results there are so far, those included that are not listed."""
        if self._run is None:
            return 0
        limit = self.query.limit
        return self._run.total if limit is None else min(self._run.total, limit)

    @property
    def count(self) -> str:
        """How many results there are, in words; with `…` while the search goes on."""
        if self.query.is_empty or (self.is_finished and self.answered is not self.query):
            return ""
        if not self.is_finished:
            return f"{self.total:,}…"
        return f"{self.total:,} found" if self.total else "nothing found"

    def ask(self, text: str, *, is_unfinished: bool = False) -> None:
        """Find `text`, of which more may follow.

        `is_unfinished`: its end may be the beginning of a term. The last results stay if it finds none.
        """
        self.text = text
        try:
            query = read_query(text, self.search.today, is_typing=True)
        except QueryError as error:
            self.error = error
            return
        self.error = None
        self._is_unfinished = is_unfinished
        self._start(query, narrowing=self._run)

    def search_again(self) -> None:
        """Search the vault as it is now; the last results stay until that is finished."""
        self._start(self.query)
        self.keeps_results = True

    def _start(self, query: Query, narrowing: SearchRun | None = None) -> None:
        self.query = query
        self.keeps_results = False
        if query.is_empty:
            self._run = None
            self.results, self.answered = (), query
        else:
            self._run = self.search.start_in_vault(query, MOST_RESULTS, narrowing)

    def advance(self, seconds: float) -> bool:
        """Search on for about so long; gives whether there are other results than before."""
        run = self._run
        if run is None:
            return False
        run.advance(seconds)
        if self.keeps_results and not run.is_finished:
            return False
        if not run.total and (self._is_unfinished or not run.is_finished):
            return False
        self.answered = self.query
        before, self.results = self.results, run.results
        return self.results != before

    def notes_without_dates(self) -> list[VaultNote]:
        """The notes whose recorded dates the query needs and that are not loaded; empty if it needs none."""
        if not self.query.needs_history or self.query.is_empty:
            return []
        return self.search.notes_without_dates(self.search.notes_for(self.query))


def first_rows(search: VaultSearch, path: str | None) -> list[FindRow]:
    """What is listed while there is no query: the next actions, then the open tasks of the note at `path`."""
    snapshot = search.snapshot
    rows: list[FindRow] = []
    suggestions = snapshot.suggestions(snapshot.roadmaps, search.today, MOST_SUGGESTED)
    next_tasks = {id(one.task) for one in suggestions}
    found = (item for one in suggestions for item in search.items(snapshot.notes[one.path]))
    by_task = {id(item.task): item for item in found if id(item.task) in next_tasks}
    if suggestions:
        rows += [
            FindHeading("next"),
            *(by_task[id(one.task)] for one in suggestions if id(one.task) in by_task),
        ]
    note = snapshot.notes.get(path) if path is not None else None
    if note is not None:
        items = _open_tasks(search, note)
        rest = [item for item in items if id(item.task) not in next_tasks][:MOST_RESULTS]
        if rest:
            rows += [FindHeading("")] if rows else []
            rows += [FindHeading(f"open in {note.name}"), *rest]
    return rows


def _open_tasks(search: VaultSearch, note: VaultNote) -> Iterator[QueryItem]:
    return (item for item in search.items(note) if item.is_open(search.context))


def items_became(
    before: Sequence[QueryItem], notes: Mapping[str, VaultNote], after: Sequence[QueryItem], now: Snapshot
) -> dict[QueryItem, QueryItem]:
    """Which of `after`, items of `now`, each of `before` is today; those that are gone are left out.

    `notes`: the notes as they were when `before` was found.
    """
    by_content = {id(item.content): item for item in after}
    by_text = {(item.note.path, type(item.content), item.text): item for item in after if item.task is None}
    became: dict[QueryItem, QueryItem] = {}
    for item in before:
        note = notes.get(item.note.path)
        if item.task is None:
            found = by_text.get((item.note.path, type(item.content), item.text))
        else:
            tracked = track([TrackedTask(note, item.task)], notes, now)[0] if note is not None else None
            found = by_content.get(id(tracked.task)) if tracked is not None else None
        if found is not None:
            became[item] = found
    return became
