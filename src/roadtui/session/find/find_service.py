"""Finds things in one open vault: its search, the saved views, and how much they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from roadtui.core.query.query import Query, read_query
from roadtui.core.query.terms import Vocabulary
from roadtui.session.find.saved_views import SavedView, SavedViews
from roadtui.session.find.search import DateRecords, VaultSearch
from roadtui.session.find.view_counts import ViewCounts
from roadtui.vault.snapshot import Snapshot


class CountedView(NamedTuple):
    """A saved view, and how many results it has."""

    view: SavedView
    results: int | None
    """None while they are not counted, and where the view is wrong."""


class FindService:
    """Keeps the search and the counts of one vault in step with it."""

    def __init__(self, views: SavedViews, snapshot: Snapshot, today: date, records: DateRecords) -> None:
        """Find in `snapshot` on the day `today`; `records` has the dates that are not in the notes."""
        self.views = views
        self.search = VaultSearch(snapshot, today, records)
        self.note_views: Sequence[SavedView] = ()
        """The views in the open note."""
        self._counts = ViewCounts(self.search)
        self._totals: Mapping[str, int] = {}
        self._vocabulary: tuple[Snapshot, Vocabulary] | None = None
        self._unrecorded: set[str] = set(snapshot.notes)
        """Paths of notes whose last change may not be in the history yet."""

    def update(self, snapshot: Snapshot, today: date) -> None:
        """Find in a new state of the vault from now on; nothing is done where it is the same."""
        if snapshot is self.search.snapshot and today == self.search.today:
            return
        before = self.search.snapshot.notes
        changed = (path for path, note in snapshot.notes.items() if before.get(path) is not note)
        self._unrecorded.update(changed)
        self.search.update(snapshot, today)

    def recorded(self) -> bool:
        """The last changes are in the history now: load their dates anew. Gives whether there are any."""
        paths, self._unrecorded = self._unrecorded, set()
        self.search.forget_dates(paths)
        return bool(paths)

    def imported(self) -> None:
        """Dates of any notes were found: load all anew."""
        self.search.forget_dates(self.search.snapshot.notes)

    def vocabulary(self) -> Vocabulary:
        """What the vault has to complete with; read once for each state of it. For a thread."""
        snapshot = self.search.snapshot
        if self._vocabulary is None or self._vocabulary[0] is not snapshot:
            self._vocabulary = snapshot, self.search.vocabulary()
        return self._vocabulary[1]

    def saved_views(self) -> list[SavedView]:
        """The saved views in the order of their digits, those in the open note last."""
        return [*self.views.views(self.search.today), *self.note_views]

    def counted_views(self) -> list[CountedView]:
        """The saved views with the counts that are known so far."""
        return [CountedView(view, self._totals.get(view.query)) for view in self.saved_views()]

    async def count_views(self) -> None:
        """Count the views in the vault as it is now; keys are handled meanwhile."""
        self._totals = await self._counts.count(self._queries())

    def _queries(self) -> list[Query]:
        texts = dict.fromkeys(view.query for view in self.saved_views() if not view.problem)
        return [read_query(text, self.search.today) for text in texts]
