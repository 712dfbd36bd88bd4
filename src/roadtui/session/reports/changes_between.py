"""What happened to the tasks of a vault between two of its snapshots. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from roadtui.core.matching import MatchKey, entries, match_tasks
from roadtui.core.stats.progress import counted
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.vault.snapshot import Snapshot, VaultNote


class TaskChanges(NamedTuple):
    """Numbers of tasks, of those that count towards the progress."""

    added: int = 0
    removed: int = 0
    done: int = 0
    """Done now and not before; those that were added done included."""


def changes_between(then: Snapshot, now: Snapshot) -> dict[str, TaskChanges]:
    """What was added, removed and done from `then` to `now`, by path; notes with equal bytes are left out.

    A task that was moved or reworded is the same task. What moved from one note to another is neither added
    nor removed. Time grows with the changed notes.
    """
    paths = [path for path in {**then.notes, **now.notes} if _digest(then, path) != _digest(now, path)]
    before, after = ({path: _entries(snapshot, path) for path in paths} for snapshot in (then, now))
    origins = match_tasks({path: (before[path], after[path]) for path in paths})
    kept = set(origins.values())
    found: dict[str, TaskChanges] = {}
    for path in paths:
        added = done = 0
        for index in _counted(now, path, after[path]):
            origin = origins.get((path, index))
            added += origin is None
            was_done = origin is not None and _is_done(before[origin[0]][origin[1]], then.statuses)
            done += _is_done(after[path][index], now.statuses) and not was_done
        removed = sum((path, index) not in kept for index in _counted(then, path, before[path]))
        found[path] = TaskChanges(added, removed, done)
    return found


def all_changes(changes: Mapping[str, TaskChanges]) -> TaskChanges:
    """The sum of the changes of all notes."""
    added, removed, done = (sum(numbers) for numbers in zip(TaskChanges(), *changes.values(), strict=True))
    return TaskChanges(added, removed, done)


def _digest(snapshot: Snapshot, path: str) -> bytes:
    note = snapshot.notes.get(path)
    return note.digest if note is not None else b""


def _entries(snapshot: Snapshot, path: str) -> tuple[MatchKey, ...]:
    note = snapshot.notes.get(path)
    return entries(note.note) if note is not None else ()


def _counted(snapshot: Snapshot, path: str, found: tuple[MatchKey, ...]) -> list[int]:
    """The indices in `found`, the entries of the note at `path`, of the tasks that count."""
    note: VaultNote | None = snapshot.notes.get(path)
    if note is None:
        return []
    counting = {
        task.index
        for task in counted(note.note.tasks, note.note_progress, snapshot.statuses, snapshot.count_mode)
    }
    checkboxes = (index for index, entry in enumerate(found) if entry.is_checkbox)
    return [index for index, task in zip(checkboxes, note.note.tasks, strict=True) if task.index in counting]


def _is_done(entry: MatchKey, statuses: StatusRegistry) -> bool:
    return statuses.type_of(entry.status_symbol) is StatusType.DONE
