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


class StaleWatch:
    """The edits of the last few seconds. Times are seconds of any clock that never steps back."""

    def __init__(self) -> None:
        self._watched: list[_Watched] = []

    def written(self, edit: Edit, now: float) -> None:
        """Watch over `edit`, which is on disk since `now`. One that is made again goes on being counted."""
        again = next((known for known in self._watched if known.edit is edit), None)
        if again is not None:
            again.until = now + WATCH_SECONDS
            return
        self._watched = [known for known in self._watched if not _same_task(known.edit, edit)]
        self._watched.append(_Watched(edit, now + WATCH_SECONDS))

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
            anchor = known.edit.anchor
            if not isinstance(anchor, Anchor):
                continue
            try:
                task = locate(anchor, note.note, note.digest)
            except RefusedError:
                continue
            if task.source == anchor.task.source:
                known.times += 1
                known.edit = replace(known.edit, anchor=note.anchor(task))
                fallen = Fallen(known.edit, known.times)
                if fallen.is_hopeless:
                    self._watched.remove(known)
                yield fallen


def _same_task(one: Edit, other: Edit) -> bool:
    """Whether the later edit is of the task of the earlier one, whose dates that one may have changed."""
    if not isinstance(one.anchor, Anchor) or not isinstance(other.anchor, Anchor):
        return False
    words = [read_fields(task.text).description for task in (one.anchor.task, other.anchor.task)]
    return one.path == other.path and words[0] == words[1]
