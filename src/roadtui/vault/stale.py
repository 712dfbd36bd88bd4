"""Watching over an edit that was just written: an editor with an old buffer may save it away again.

Obsidian saves two seconds after the last key, from its own memory. If a task falls back to exactly the line
it was before our edit, within a few seconds, nobody meant that: the edit is made again, and at last told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from roadtui.core.changes.status import SetStatus
from roadtui.core.changes.text import DependOn, Retag, Retext, SetField
from roadtui.core.edit import Edit, Restore, Untouched
from roadtui.core.errors import RefusedError
from roadtui.core.fields import read_fields
from roadtui.core.locate import locate
from roadtui.core.note import Task
from roadtui.vault.snapshot import VaultNote

WATCH_SECONDS = 3.0
"""How long after a write a fallen line is taken for a stale buffer and not for somebody's wish."""
MOST_REDOS = 3

_OF_ITS_LINE = (SetStatus, SetField, Retag, DependOn, Retext, Restore)
"""Changes of a task's own line: that line shows whether they still stand, whatever else is different."""


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
    before: bytes | None
    """Fingerprint of the note before the edit; None where the line of its task tells whether it stands."""
    until: float
    times: int = 0
    is_down: bool = False
    """Whether it has fallen back and was not made again yet."""

    def is_undone_by(self, edit: Edit, note: VaultNote) -> bool:
        """Whether `edit` made `note` what it was before this one: that was meant."""
        return self.edit.path == edit.path and self.before == note.digest


class StaleWatch:
    """The edits of the last few seconds. Times are seconds of any clock that never steps back."""

    def __init__(self) -> None:
        self._watched: list[_Watched] = []

    def written(self, edit: Edit, before: bytes, note: VaultNote, now: float) -> None:
        """Watch over `edit`, which is on disk since `now` and made `note`.

        One that is made again goes on being counted. One that takes another back, or goes further with its
        task, is watched in its stead. One of more than a line is lost when all of the note is what it was.

        Args:
            edit: The edit.
            before: Fingerprint of the note's bytes before it.
            note: The note after it.
            now: When it was written.
        """
        again = next((known for known in self._watched if known.edit is edit), None)
        if again is not None:
            again.until = now + WATCH_SECONDS
            again.is_down = False
            return
        self._watched = [
            known
            for known in self._watched
            if not _same_task(known.edit, edit) and not known.is_undone_by(edit, note)
        ]
        is_of_its_line = isinstance(edit.change, _OF_ITS_LINE) and edit.task is not None
        if is_of_its_line and _fallen_task(edit, note) is None:
            self._watched.append(_Watched(edit, None, now + WATCH_SECONDS))
        elif before != note.digest:
            self._watched.append(_Watched(edit, before, now + WATCH_SECONDS))

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
            task = _fallen_task(known.edit, note) if known.before is None else None
            if task is not None or known.before == note.digest:
                known.times += 1
                known.edit = replace(known.edit, anchors=(note.anchor(task),)) if task else known.edit
                known.is_down = True
                fallen = Fallen(known.edit, known.times)
                if fallen.is_hopeless:
                    self._watched.remove(known)
                yield fallen


def _fallen_task(edit: Edit, note: VaultNote) -> Task | None:
    """The task of `edit` in `note`, if its line is to the byte what it was before the edit."""
    if edit.task is None or isinstance(edit.anchors, Untouched):
        return None
    try:
        task = locate(edit.anchors[0], note.note, note.digest)
    except RefusedError:
        return None
    return task if isinstance(task, Task) and task.source == edit.task.source else None


def _same_task(one: Edit, other: Edit) -> bool:
    """Whether the later edit is of the task of the earlier one, whose dates that one may have changed."""
    if one.path != other.path or one.task is None or other.task is None:
        return False
    return _words(one.task) == _words(other.task) and _copy(one) == _copy(other)


def _copy(edit: Edit) -> int:
    """Which of the tasks with the words of its task it is, from 0."""
    assert edit.task is not None
    assert not isinstance(edit.anchors, Untouched)
    words = _words(edit.task)
    tasks = edit.anchors[0].note.tasks
    alike = (task for task in tasks if words in task.text and _words(task) == words)
    return next(number for number, task in enumerate(alike) if task is edit.task)


def _words(task: Task) -> str:
    return read_fields(task.text).description
