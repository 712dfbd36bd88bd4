"""What the screens show of the changes since the last look: a value, made anew with each change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from roadtui.core.activity.changes import TaskChange
    from roadtui.core.note import Task
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

    @property
    def unseen(self) -> list[ListedChange]:
        """Those that were not on the screen yet."""
        return [one for one in self.listed if not one.is_seen]

    def marks(self, note: VaultNote) -> NoteMarks:
        """What is marked in `note`; nothing where another state of it was tracked."""
        state = self.notes.get(note.path)
        if state is None or state.digest != note.digest:
            return NO_MARKS
        listed = [one for one in self.listed if one.change.path == note.path]
        by_id = {one.id: one for one in listed if one.change.new is not None}
        tasks = [*note.note.tasks]
        if len(tasks) != len(state.ids):
            return NO_MARKS
        rows = {task.index: by_id[id] for task, id in zip(tasks, state.ids, strict=True) if id in by_id}
        gone: dict[int, list[ListedChange]] = {}
        for one in listed:
            if one.change.new is None:
                place = min(one.change.place, len(tasks))
                gone.setdefault(tasks[place].index if place < len(tasks) else -1, []).append(one)
        return NoteMarks(rows, gone)


class NoteMarks(NamedTuple):
    """The changes in one state of a note."""

    rows: Mapping[int, ListedChange]
    """By `Task.index`."""
    gone: Mapping[int, Sequence[ListedChange]]
    """What is gone, by `Task.index` of the task that it was before; -1 for the end of the note."""

    def __bool__(self) -> bool:
        return bool(self.rows or self.gone)

    def of(self, task: Task) -> ListedChange | None:
        """What has changed of `task`; None for nothing."""
        return self.rows.get(task.index)

    def all(self) -> Iterator[ListedChange]:
        """All of them."""
        yield from self.rows.values()
        for lost in self.gone.values():
            yield from lost


NO_MARKS = NoteMarks({}, {})
NO_ACTIVITY = Activity()
