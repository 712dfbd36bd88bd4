"""The view model: one state of the vault with everything that the dashboard shows of it.

The time to make it grows with the vault and the open note: after the first paint it is made in a thread, so
that no key has to wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from roadtui.core.note import ListItem, Note, Section, Task
from roadtui.core.outline import Outline, outline
from roadtui.core.stats.progress import CountMode, Progress
from roadtui.session.sidebar_items import SidebarItem, sidebar_entries
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.core.stats.activity import KnownDates


class DashboardModel(NamedTuple):
    """What the panes show."""

    snapshot: Snapshot
    today: date
    hubs: Mapping[str, list[VaultNote]]
    """The roadmaps that each hub leads to, by the hub's path."""
    entries: list[SidebarItem]
    """What the left pane lists."""
    progress: Progress
    """Of the whole vault."""
    open_ids: Mapping[str, str]
    """Ids of the vault's open tasks, which others may wait for, each with the description of its task."""
    path: str | None
    """The note that `rows` are of."""
    rows: Outline | None
    parse: Note | None = None
    """What `rows` are of: while it is held, the note is not parsed to other objects."""

    @classmethod
    def of(cls, snapshot: Snapshot, today: date, path: str | None) -> DashboardModel:
        """The view of `snapshot` on the day `today`, with the rows of the note at `path` made ready."""
        note = snapshot.notes.get(path) if path is not None else None
        parse = note.note if note is not None else None
        rows = outline(parse) if parse is not None else None
        if rows is not None:
            _ = rows.keys  # Computed on first use; the tree matches its rows by them.
        hubs = snapshot.hubs()
        if snapshot.is_complete:
            _ = snapshot.links  # Made here, in a thread: the rows of the tree ask for them.
        entries = sidebar_entries(snapshot, hubs, today)
        return cls(
            snapshot,
            today,
            hubs,
            entries,
            snapshot.progress,
            snapshot.dependencies.open_ids,
            path,
            rows,
            parse,
        )

    def rows_of(self, note: VaultNote) -> Outline | None:
        """The rows of `note`, if they were made ready."""
        return self.rows if note.path == self.path and self.snapshot.notes.get(note.path) is note else None


class TaskRecords(Protocol):
    """Data about tasks that is recorded outside their notes. Calls block: for threads."""

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        """When tasks of `notes` were added and done."""

    def spent(self, notes: Iterable[VaultNote]) -> Mapping[Task, int]:
        """Seconds that were spent on tasks of `notes`."""


class ReportContext(NamedTuple):
    """What is on the screen, for a report on it."""

    view: DashboardModel
    note: VaultNote | None
    content: Section | ListItem | None
    """What the cursor is on in `note`."""
    counts: CountMode
    """Which tasks are counted."""
    records: TaskRecords | None = None
    """None without a history: then tasks are dated by their own fields alone."""
    grace: int = 0
    """How many days in a row may be missed without breaking a streak."""
