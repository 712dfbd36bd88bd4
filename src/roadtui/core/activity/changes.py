"""What differs between the state of notes that was seen and the one that was tracked last. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from roadtui.core.activity.rows import (
    NO_ROWS,
    SectionKey,
    TrackedNote,
    TrackedNotes,
    TrackedRow,
    section_keys,
)

IsDone = Callable[[str], bool]
"""Whether a status symbol means done."""


_Places = Mapping[int, tuple[str, TrackedRow]]
"""The note and the state of each task, by its number."""


class ChangeKind(Enum):
    """What happened to a task. Of several, the first counts. The values are shown and written as JSON."""

    NEW = "new"
    GONE = "gone"
    DONE = "done"
    REOPENED = "reopened"
    EDITED = "edited"
    """Its text or its status is another one."""
    MOVED = "moved"


class ShownChange(NamedTuple):
    """What a screen has shown of a change: with anything else in it, it was not seen."""

    kind: ChangeKind
    id: int
    path: str
    source: str | None
    """The line of the task; None for one that is gone."""


class TaskChange(NamedTuple):
    """What happened to one task since it was seen."""

    kind: ChangeKind
    id: int
    """The number of the task."""
    path: str
    """The note that it is in, or was in."""
    old: TrackedRow | None
    """The task as it was seen; None for a new one."""
    new: TrackedRow | None
    """The task as it is; None for one that is gone."""
    old_path: str
    """The note that it was seen in; that of `path` for a new one."""
    place: int
    """Where it is among the tasks of its note, from 0; for one that is gone, where it would be."""

    @property
    def row(self) -> TrackedRow:
        """The task as it is, or as it was seen last."""
        found = self.new or self.old
        assert found is not None, "a change has one of the two"
        return found

    @property
    def shown(self) -> ShownChange:
        """What is shown of it."""
        return ShownChange(self.kind, self.id, self.path, self.new.source if self.new is not None else None)

    @property
    def position(self) -> tuple[str, int, bool]:
        """By what changes are in order of notes and lines: what is gone before what is in its place now."""
        return self.path, self.place, self.new is not None

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether it was seen in another note."""
        return self.path != self.old_path


class SeenAndTracked(NamedTuple):
    """Notes in two states: as they were seen, and as they were last tracked. Both by the paths of today."""

    seen: TrackedNotes
    tracked: TrackedNotes

    @property
    def missing(self) -> Iterator[TrackedRow]:
        """The tasks that were seen and are in no note any more."""
        there = {row.id for note in self.tracked.values() for row in note.rows}
        return (row for note in self.seen.values() for row in note.rows if row.id not in there)


def changes_between(states: SeenAndTracked, is_done: IsDone) -> list[TaskChange]:
    """What differs between `states`, in order of paths and lines. Linear in the tasks of the notes.

    All notes that differ have to be among them, for a task that has moved from one to another.
    """
    seen, tracked = states
    old = _by_number(seen)
    there = {row.id for note in tracked.values() for row in note.rows}
    found: list[TaskChange] = []
    for path in sorted({**seen, **tracked}):
        was, now = seen.get(path, NO_ROWS), tracked.get(path, NO_ROWS)
        if was.rows == now.rows:
            continue
        keeps_order = _order(was, now) == _order(now, was)
        gone = _gone_before(was, now, there)
        for place, row in enumerate(now.rows):
            for lost in gone.get(row.id, ()):
                found.append(TaskChange(ChangeKind.GONE, lost.id, path, lost, None, path, place))
            old_path, before = old.get(row.id, (path, None))
            is_moved = path != old_path or (row.is_moved and not keeps_order)
            kind = _kind(before, row, is_done, is_moved=is_moved)
            if kind is not None and not (kind is ChangeKind.MOVED and _came_along(row, path, old)):
                found.append(TaskChange(kind, row.id, path, before, row, old_path, place))
        for lost in gone.get(0, ()):
            found.append(TaskChange(ChangeKind.GONE, lost.id, path, lost, None, path, len(now.rows)))
    return found


def _by_number(notes: TrackedNotes) -> _Places:
    return {row.id: (path, row) for path, note in notes.items() for row in note.rows}


def _came_along(row: TrackedRow, path: str, old: _Places) -> bool:
    """Whether `row`, which is in another note now, was moved there with the task around it."""
    old_path, was = old.get(row.id, (path, row))
    return old_path != path and was.parent == row.parent != 0 and old[row.parent][0] == old_path


def _order(note: TrackedNote, other: TrackedNote) -> list[tuple[int, int, SectionKey]]:
    """The tasks of `note` that `other` has, too, and what is around each."""
    shared, key = {row.id for row in other.rows}, section_keys(note, other)
    return [(row.id, row.parent, key(row)) for row in note.rows if row.id in shared]


def _gone_before(
    was: TrackedNote, now: TrackedNote, there: Collection[int]
) -> Mapping[int, list[TrackedRow]]:
    """The tasks that are gone, by the number of the task that they were before; 0 for the end of the note."""
    left = {row.id for row in now.rows}
    found: dict[int, list[TrackedRow]] = {}
    waiting: list[TrackedRow] = []
    for row in was.rows:
        if row.id in left:
            if waiting:
                found.setdefault(row.id, []).extend(waiting)
                waiting = []
        elif row.id not in there:
            waiting.append(row)
    if waiting:
        found[0] = waiting
    return found


def _kind(
    before: TrackedRow | None, now: TrackedRow, is_done: IsDone, *, is_moved: bool
) -> ChangeKind | None:
    if before is None:
        return ChangeKind.NEW
    was_done, done = is_done(before.status_symbol), is_done(now.status_symbol)
    if was_done != done:
        return ChangeKind.DONE if done else ChangeKind.REOPENED
    if before.status_symbol != now.status_symbol or before.wording != now.wording:
        return ChangeKind.EDITED
    return ChangeKind.MOVED if is_moved else None


def mark_seen(states: SeenAndTracked, ids: Collection[int], is_done: IsDone) -> SeenAndTracked:
    """The notes in which it changes something that the tasks `ids` were seen as they are.

    As before, all notes that differ have to be in `states`. A note with equal states has no change left.
    """
    changes = changes_between(states, is_done)
    unseen = {change.id for change in changes if change.id not in ids}
    old = _by_number(states.seen)
    for path, note in states.tracked.items():
        for row in note.rows:
            if row.parent in unseen and _came_along(row, path, old):
                unseen.add(row.id)
    paths = {path for change in changes if change.id in ids for path in (change.path, change.old_path)}
    unsettled = {path for change in changes if change.id in unseen for path in (change.path, change.old_path)}
    seen: dict[str, TrackedNote] = {}
    tracked: dict[str, TrackedNote] = {}
    for path in {**states.seen, **states.tracked}:
        now = states.tracked.get(path, NO_ROWS)
        if path not in unsettled:
            tracked[path] = _settled(now, ())
            seen[path] = tracked[path]
        elif path in paths:
            tracked[path] = _settled(now, unseen)
            seen[path] = _partly_seen(states.seen.get(path, NO_ROWS), now, unseen)
    return SeenAndTracked(seen, tracked)


def _settled(note: TrackedNote, unseen: Collection[int]) -> TrackedNote:
    """`note` without the marks of moves that were seen."""
    if not any(row.is_moved and row.id not in unseen for row in note.rows):
        return note
    return note._replace(
        rows=tuple(row._replace(is_moved=row.is_moved and row.id in unseen) for row in note.rows)
    )


def _partly_seen(was: TrackedNote, now: TrackedNote, unseen: Collection[int]) -> TrackedNote:
    """The state that was seen of a note, some of whose changes are `unseen`."""
    old, new = ({row.id: row for row in note.rows} for note in (was, now))
    relocated: set[int] = set()
    for row in now.rows:
        is_seen_move = row.is_moved and row.id not in unseen
        if is_seen_move or (row.parent in relocated and row.id not in unseen):
            relocated.add(row.id)
    stays = [row.id for row in was.rows if row.id in unseen or (row.id in new and row.id not in relocated)]
    inserted = _inserted_after(now, set(stays), unseen)
    order = [*inserted.get(0, ())]
    for id in stays:
        order += [id, *inserted.get(id, ())]
    there = set(order)
    rows = []
    for id in order:
        row, among = (old[id], old) if id in unseen and id in old else (new[id], new)
        rows.append(row._replace(parent=_nearest(row.parent, among, there), is_moved=False))
    below = {**was.below, **now.below, **{id: was.below[id] for id in unseen if id in was.below}}
    return TrackedNote(now.sections, tuple(rows), {id: text for id, text in below.items() if id in there})


def _inserted_after(
    now: TrackedNote, stays: Collection[int], unseen: Collection[int]
) -> Mapping[int, list[int]]:
    """The numbers of the tasks that are put in, by the task that they come after; 0 for the start."""
    found: dict[int, list[int]] = {}
    last = 0
    for row in now.rows:
        if row.id in unseen:
            continue
        if row.id in stays:
            last = row.id
        else:
            found.setdefault(last, []).append(row.id)
    return found


def _nearest(parent: int, among: Mapping[int, TrackedRow], there: Collection[int]) -> int:
    """`parent`, or the nearest task around it that is `there`; 0 without one."""
    while parent and parent not in there:
        found = among.get(parent)
        parent = found.parent if found is not None else 0
    return parent
