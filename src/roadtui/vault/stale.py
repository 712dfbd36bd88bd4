"""Watching over an edit that was just written: an editor with an old buffer may save it away again.

Obsidian saves two seconds after the last key, from its own memory. If a task falls back to exactly the line
it was before our edit, within a few seconds, nobody meant that: the edit is made again, and at last told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from roadtui.core.edit import Edit
from roadtui.core.errors import RefusedError
from roadtui.core.fields import read_fields
from roadtui.core.locate import Anchor, locate
from roadtui.core.note import Task
from roadtui.vault.snapshot import VaultNote

WATCH_SECONDS = 3.0
"""How long after a write a fallen line is taken for a stale buffer and not for somebody's wish."""
MOST_REDOS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Fallen:
    """An edit whose line is back to what it was before."""

    edit: Edit
    """The same intent, anchored in the note as it is now."""
    times: int
    """How often it has fallen back, this time included."""

    @property
    def is_hopeless(self) -> bool:
        """Whether to tell the user instead of making it again."""
        return self.times > MOST_REDOS


@dataclass(slots=True)
class _Watched:
    edit: Edit
    until: float
    times: int = 0
    is_down: bool = False
    """Whether it has fallen back and was not made again yet."""


class StaleWatch:
    """The edits of the last few seconds. Times are seconds of any clock that never steps back."""

    def __init__(self) -> None:
        self._watched: list[_Watched] = []

    def written(self, edit: Edit, note: VaultNote, now: float) -> None:
        """Watch over `edit`, which is on disk since `now` and made `note`.

        One that is made again goes on being counted. One that takes another back, or goes further with its
        task, is watched in its stead. One that leaves the line it is anchored at as it was can't be watched.
        """
        again = next((known for known in self._watched if known.edit is edit), None)
        if again is not None:
            again.until = now + WATCH_SECONDS
            again.is_down = False
            return
        self._watched = [known for known in self._watched if not _same_task(known.edit, edit)]
        if _fallen_task(edit, note) is None:
            self._watched.append(_Watched(edit, now + WATCH_SECONDS))

    def watches(self, edit: Edit) -> bool:
        """Whether `edit` is still to stand: neither taken back, nor gone further with, nor given up."""
        return any(known.edit is edit for known in self._watched)

    def refused(self, edit: Edit) -> None:
        """Watch over `edit` no more: it could not be made again, and that was told."""
        self._watched = [known for known in self._watched if known.edit is not edit]

    @property
    def paths(self) -> frozenset[str]:
        """The notes that are watched."""
        return frozenset(known.edit.path for known in self._watched)

    def fallen(self, note: VaultNote, now: float) -> Iterator[Fallen]:
        """The watched edits that `note`, as another program left it, has lost again."""
        self._watched = [known for known in self._watched if known.is_down or now <= known.until]
        for known in [known for known in self._watched if known.edit.path == note.path and not known.is_down]:
            task = _fallen_task(known.edit, note)
            if task is not None:
                known.times += 1
                known.edit = replace(known.edit, anchor=note.anchor(task))
                known.is_down = True
                fallen = Fallen(known.edit, known.times)
                if fallen.is_hopeless:
                    self._watched.remove(known)
                yield fallen


def _fallen_task(edit: Edit, note: VaultNote) -> Task | None:
    """The task of `edit` in `note`, if its line is to the byte what it was before the edit."""
    if not isinstance(edit.anchor, Anchor):
        return None
    try:
        task = locate(edit.anchor, note.note, note.digest)
    except RefusedError:
        return None
    return task if task.source == edit.anchor.task.source else None


def _same_task(one: Edit, other: Edit) -> bool:
    """Whether the later edit is of the task of the earlier one, whose dates that one may have changed."""
    if one.path != other.path or not isinstance(one.anchor, Anchor) or not isinstance(other.anchor, Anchor):
        return False
    return _words(one.anchor.task) == _words(other.anchor.task) and _copy(one.anchor) == _copy(other.anchor)


def _copy(anchor: Anchor) -> int:
    """Which of the tasks with its words it is, from 0."""
    words = _words(anchor.task)
    alike = (task for task in anchor.note.tasks if words in task.text and _words(task) == words)
    return next(number for number, task in enumerate(alike) if task is anchor.task)


def _words(task: Task) -> str:
    return read_fields(task.text).description
