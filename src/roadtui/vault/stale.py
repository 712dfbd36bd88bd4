"""Watching over an edit that was just written: an editor with an old buffer may save it away again.

Obsidian saves two seconds after the last key, from its own memory. If a task falls back to exactly the line
it was before our edit, within a few seconds, nobody meant that: the edit is made again, and at last told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from roadtui.core.changes.status import SetStatus
from roadtui.core.changes.text import DependOn, Retag, Retext, SetField
from roadtui.core.edit import Edit, Untouched
from roadtui.core.errors import RefusedError
from roadtui.core.fields import read_fields
from roadtui.core.locate import locate
from roadtui.core.note import Task
from roadtui.vault.snapshot import VaultNote

WATCH_SECONDS = 3.0
"""How long after a write a fallen line is taken for a stale buffer and not for somebody's wish."""
MOST_REDOS = 3

_OF_ONE_LINE = (SetStatus, SetField, Retag, DependOn, Retext)
"""Changes of a task's own line; of others a note that is as a whole what it was shows that they are lost."""


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
    before: bytes
    """Fingerprint of the note as it was before the edit."""
    until: float
    times: int = 0

    def has_fallen(self, note: VaultNote) -> bool:
        """Whether `note` is back to what it was: in the line of the task, or as a whole."""
        if not isinstance(self.edit.change, _OF_ONE_LINE) or self.edit.task is None:
            return note.digest == self.before
        task = self.task_in(note)
        return task is not None and task.source == self.edit.task.source

    def task_in(self, note: VaultNote) -> Task | None:
        """The task that the edit is about; None where it is not found, or there are several."""
        if self.edit.task is None or isinstance(self.edit.anchors, Untouched):
            return None
        with suppress(RefusedError):
            found = locate(self.edit.anchors[0], note.note, note.digest)
            return found if isinstance(found, Task) else None
        return None


class StaleWatch:
    """The edits of the last few seconds. Times are seconds of any clock that never steps back."""

    def __init__(self) -> None:
        self._watched: list[_Watched] = []

    def written(self, edit: Edit, before: bytes, now: float) -> None:
        """Watch over `edit`, which is on disk since `now`. One that is made again goes on being counted.

        `before` is the fingerprint of the note's bytes before it.
        """
        again = next((known for known in self._watched if known.edit is edit), None)
        if again is not None:
            again.until, again.before = now + WATCH_SECONDS, before
            return
        self._watched = [known for known in self._watched if not _same_task(known.edit, edit)]
        self._watched.append(_Watched(edit, before, now + WATCH_SECONDS))

    def forget(self, path: str) -> None:
        """Watch over no edit of the note at `path` any more: one of them was taken back on purpose."""
        self._watched = [known for known in self._watched if known.edit.path != path]

    @property
    def paths(self) -> frozenset[str]:
        """The notes that are watched."""
        return frozenset(known.edit.path for known in self._watched)

    def fallen(self, note: VaultNote, now: float) -> Iterator[Fallen]:
        """The watched edits that `note`, as another program left it, has lost again."""
        self._watched = [known for known in self._watched if now <= known.until]
        for known in [known for known in self._watched if known.edit.path == note.path]:
            if not known.has_fallen(note):
                continue
            known.times += 1
            task = known.task_in(note)
            if task is not None:
                known.edit = replace(known.edit, anchors=(note.anchor(task),))
            fallen = Fallen(known.edit, known.times)
            if fallen.is_hopeless:
                self._watched.remove(known)
            yield fallen


def _same_task(one: Edit, other: Edit) -> bool:
    """Whether the later edit is of the task of the earlier one, whose dates that one may have changed."""
    if one.task is None or other.task is None or one.path != other.path:
        return False
    return read_fields(one.task.text).description == read_fields(other.task.text).description
