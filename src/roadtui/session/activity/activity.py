"""What the screens show of the changes since the last look: a value, made anew with each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from roadtui.core.activity.changes import TaskChange
    from roadtui.core.note import Note, Task
    from roadtui.vault.activity.authors import Author
    from roadtui.vault.snapshot import VaultNote


class ListedChange(NamedTuple):
    """A change that is listed until the next look begins."""

    change: TaskChange
    author: Author | None
    """None until it is found out."""
    is_seen: bool
    """Whether it was on the screen, so that it is not listed again after this look."""
    batch: int
    """The same number for changes that came in together."""

    @property
    def id(self) -> int:
        """The number of the task."""
        return self.change.id

    def came_with(self, other: ListedChange) -> bool:
        """Whether both came in together, and from the same place: with one pull, or one sync."""
        return self.batch == other.batch and self._origin == other._origin

    @property
    def _origin(self) -> object:
        return self.author.kind if self.author is not None else None


class TrackedState(NamedTuple):
    """Which state of a note the changes are of."""

    digest: bytes
    """Its content hash."""
    ids: tuple[int, ...]
    """The numbers of its tasks, in order of lines."""


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """What has changed since the last look."""

    since: datetime | None = None
    """When somebody looked last, with its zone; None if never, or if the clock was set back since."""
    listed: tuple[ListedChange, ...] = ()
    """In order of notes and lines."""
    notes: Mapping[str, TrackedState] = field(default_factory=dict)
    """The notes with changes, by path."""
    _by_path: dict[str, list[ListedChange]] = field(init=False, repr=False, default_factory=dict)

    @property
    def by_path(self) -> Mapping[str, Sequence[ListedChange]]:
        """What is listed, by note."""
        if self.listed and not self._by_path:
            found: dict[str, list[ListedChange]] = {}
            for one in self.listed:
                found.setdefault(one.change.path, []).append(one)
            self._by_path.update(found)
        return self._by_path

    @property
    def unseen(self) -> list[ListedChange]:
        """Those that were not on the screen yet."""
        return [one for one in self.listed if not one.is_seen]

    def marks(self, note: VaultNote) -> NoteMarks | None:
        """What is marked in `note`; None where another state of it was tracked. Linear in its tasks."""
        state = self.notes.get(note.path)
        if state is None:
            return NO_MARKS
        tasks = [*note.note.tasks]
        if state.digest != note.digest or len(tasks) != len(state.ids):
            return None
        listed = self.by_path.get(note.path, ())
        by_id = {one.id: one for one in listed if one.change.new is not None}
        rows = {task.index: by_id[id] for task, id in zip(tasks, state.ids, strict=True) if id in by_id}
        gone: dict[int, list[ListedChange]] = {}
        for one in listed:
            if one.change.new is None:
                gone.setdefault(_row_before(one.change, note.note, tasks), []).append(one)
        return NoteMarks(rows, gone)


def _row_before(change: TaskChange, note: Note, tasks: Sequence[Task]) -> int:
    """The row that a task that is gone came after: the task before it, else the heading around it."""
    before = tasks[change.place - 1] if 0 < change.place <= len(tasks) else None
    if before is not None and before.section.heading_path == change.row.section:
        return before.index
    section = next((one for one in note.sections[1:] if one.heading_path == change.row.section), None)
    if section is not None:
        return -1 - section.index
    around = before or next(iter(tasks), None)
    return around.index if around is not None else -1


class NoteMarks(NamedTuple):
    """The changes in one state of a note."""

    rows: Mapping[int, ListedChange]
    """By `Task.index`."""
    gone: Mapping[int, Sequence[ListedChange]]
    """What is gone, by the row that it came after: `Task.index`, or -1 - `Section.index` of a heading."""


NO_MARKS = NoteMarks({}, {})
NO_ACTIVITY = Activity()
