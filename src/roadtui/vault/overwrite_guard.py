"""Guards edits that were just written: a program with an old copy of the note may overwrite them.

Obsidian saves two seconds after the last key, from its own memory; a formatter writes what it made of text
that it read before. If what an edit changed is back to what it was within a few seconds, in whatever form a
formatter gave it, nobody meant that: the edit is made again, and after a few times the user is told. If lines
that an edit added are gone and others changed, too, that may have been meant: the user is told at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from roadtui.core.edits.edit import Edit, RestoreLines, WholeNoteAnchor
from roadtui.core.edits.insert import SplitTask
from roadtui.core.edits.locate import Anchor, Anchorable, locate
from roadtui.core.edits.move import Delete
from roadtui.core.edits.patch import Hunk, map_line
from roadtui.core.edits.reformatting import content_text, says_the_same, wording_of
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import AddDependency, EditTags, SetField, SetText
from roadtui.core.edits.verify import on_line
from roadtui.core.errors import RefusedError
from roadtui.core.matching import normalized_description
from roadtui.core.note import Note, Task
from roadtui.core.tasks.fields import read_fields
from roadtui.vault.snapshot import VaultNote

WATCH_SECONDS = 3.0
"""How long after a write a fallen line is taken for a stale buffer and not for somebody's wish."""
MOST_REDOS = 3
DOUBT_SECONDS = 1.5
"""How long an edit is watched on after a read that may have been torn; the next one comes before that."""

_MOST_LINES = 50
"""Edits of more tasks at once are watched as a whole: to find them all again takes too long."""

_OF_ITS_LINE = (SetStatus, SetField, EditTags, AddDependency, SetText, RestoreLines)
"""Changes of a task's own line: that line shows whether they still stand, whatever else is different."""
_REPLACES_ITS_LINE = (*_OF_ITS_LINE, SplitTask, Delete)
"""Changes after which an earlier one of the same task has nothing left to stand for."""


class Loss(Enum):
    """Why an edit that was overwritten is not made again. The values are what the user is told."""

    KEEPS_FALLING = (
        "Another program keeps undoing “{title}” from an old copy of {path}. "
        "Close the note there, or let it reload, and try again."
    )
    MAY_BE_MEANT = (
        "Another program has changed {path}, and “{title}” is no longer in it. "
        "If that was not meant, do it again."
    )
    GIT = (
        "“{title}” is no longer in {path}: git has put back what was committed. "
        "If it is neither stashed nor committed, do it again once git is done."
    )

    def sentence(self, title: str, path: str) -> str:
        """What to tell the user of the edit called `title` in the note at `path`."""
        return self.value.format(title=title, path=path)


@dataclass(frozen=True, slots=True, eq=False)
class OverwrittenEdit:
    """An edit that another program has overwritten: what it changed is back to what it was before."""

    edit: Edit
    """The same intent for the tasks that fell back, anchored in the note as it is now."""
    note: VaultNote
    times: int
    """How often it has fallen back, this time included."""
    marks: tuple[tuple[Task, str], ...] = ()
    """The tasks of `note` that fell back, and the status symbol that each is to have again."""
    loss: Loss | None = None
    """Why it is not made again; None where it is to be."""

    @property
    def is_hopeless(self) -> bool:
        """Whether to tell the user instead of making it again."""
        return self.loss is not None


@dataclass(slots=True)
class _Guard(ABC):
    """What is known of one edit while it is watched."""

    edit: Edit
    note_before: Note
    before: bytes
    """Fingerprint of the note before the edit."""
    after: VaultNote
    until: float
    times: int = 0
    asked: Edit | None = None
    """What is to make it again and is not written yet."""

    @abstractmethod
    def look(self, note: VaultNote) -> OverwrittenEdit | None:
        """What of the edit has fallen back in `note`."""

    @abstractmethod
    def stands_after(self, edit: Edit, before: Note, note: VaultNote, hunks: Sequence[Hunk]) -> bool:
        """Whether anything is left to watch after a later edit of ours, which made `note` of `before`."""


@dataclass(slots=True)
class _LineGuard(_Guard):
    """Watches the lines of tasks that an edit changed, whatever else becomes of the note."""

    parts: dict[int, str] = field(default_factory=dict)
    """The anchors of these tasks, by number; each with the task's symbol after the edit, if it is known."""

    def look(self, note: VaultNote) -> OverwrittenEdit | None:
        found = self._back(note)
        if not found:
            return None
        marks = [(task, self.parts[part]) for part, task in found.items() if self.parts[part]]
        return OverwrittenEdit(_for_these(self.edit, note, found), note, self.times + 1, tuple(marks))

    def _back(self, note: VaultNote) -> dict[int, Task]:
        """The tasks that say in `note` what they said before the edit."""
        anchors = _anchors(self.edit)
        found = {part: _as_before(anchors[part], note) for part in self.parts}
        return {part: task for part, task in found.items() if task is not None}

    def stands_after(self, edit: Edit, before: Note, note: VaultNote, hunks: Sequence[Hunk]) -> bool:
        anchors, later = _anchors(self.edit), _anchors(edit)
        ours = {part for part in self.parts if any(_same_task(anchors[part], other) for other in later)}
        if isinstance(edit.change, _REPLACES_ITS_LINE):
            for part in ours:
                del self.parts[part]
        for part, task in self._back(note).items():
            if any(hunk.new <= task.line < hunk.new_end for hunk in hunks):
                del self.parts[part]
        return bool(self.parts)


@dataclass(slots=True)
class _NoteGuard(_Guard):
    """Watches an edit of more than that: it is lost when all of the note says what it did before."""

    added: Counter[str] | None = None
    """The texts that the edit added, each with how many there are then; None until it is asked for."""
    removed: Counter[str] | None = None
    """Those that it removed, each with how many there were before; None until it is asked for."""

    is_of_depths: bool | None = None
    """Whether the edit changed no text, so that its nesting shows it; None until it is asked for."""

    def _contents(self, note: Note) -> Counter[str]:
        if self.is_of_depths is None:
            self.is_of_depths = _texts(self.note_before) == _texts(self.after.note)
        return _depths(note) if self.is_of_depths else _texts(note)

    def look(self, note: VaultNote) -> OverwrittenEdit | None:
        if note.note is self.after.note:
            return None
        if self._is_as_before(note):
            return OverwrittenEdit(self.edit, note, self.times + 1)
        texts = self._contents(note.note)
        is_gone = any(texts[text] < count for text, count in self._added().items())
        removed = self._removed()
        if is_gone or (removed and all(texts[text] >= count for text, count in removed.items())):
            return OverwrittenEdit(self.edit, note, self.times + 1, loss=Loss.MAY_BE_MEANT)
        return None

    def _is_as_before(self, note: VaultNote) -> bool:
        if note.digest == self.before:
            return True
        before = _outline(self.note_before)
        return before == _outline(note.note) and before != _outline(self.after.note)

    def _added(self) -> Counter[str]:
        if self.added is None:
            texts = self._contents(self.after.note)
            self.added = Counter({text: texts[text] for text in texts - self._contents(self.note_before)})
        return self.added

    def _removed(self) -> Counter[str]:
        if self.removed is None:
            texts = self._contents(self.note_before)
            self.removed = Counter({text: texts[text] for text in texts - self._contents(self.after.note)})
        return self.removed

    def stands_after(self, edit: Edit, before: Note, note: VaultNote, hunks: Sequence[Hunk]) -> bool:
        if self._is_as_before(note):
            return False
        for text in self._contents(before) - self._contents(note.note):
            self._added().pop(text, None)
        for text in self._contents(note.note) - self._contents(before):
            self._removed().pop(text, None)
        return True


class OverwriteGuard:
    """The edits of the last few seconds. Times are seconds of any clock that never steps back."""

    def __init__(self) -> None:
        self._guards: list[_Guard] = []

    def written(
        self,
        edit: Edit,
        note_before: Note,
        before: bytes,
        note: VaultNote,
        now: float,
        hunks: Sequence[Hunk] = (),
    ) -> None:
        """Watch over `edit`, which is on disk since `now` and made `note`.

        One that is made again goes on being counted. One that takes another back, or goes further with its
        task, is watched in its stead.

        Args:
            edit: The edit.
            note_before: The note before it.
            before: Fingerprint of the note's bytes before it.
            note: The note after it.
            now: When it was written.
            hunks: Which lines of `note` are its work. One that it made what they were is no longer watched.
        """
        again = next((guard for guard in self._guards if guard.asked is edit), None)
        if again is not None:
            again.until = now + WATCH_SECONDS
            again.asked = None
            return
        self._guards = [
            guard
            for guard in self._guards
            if guard.edit.path != edit.path or guard.stands_after(edit, note_before, note, hunks)
        ]
        parts = _changed_lines(edit, note_before, before, note, hunks)
        until = now + WATCH_SECONDS
        if parts:
            self._guards.append(_LineGuard(edit, note_before, before, note, until, parts=parts))
        elif before != note.digest:
            self._guards.append(_NoteGuard(edit, note_before, before, note, until))

    def watches(self, edit: Edit) -> bool:
        """Whether `edit` is still to stand: neither taken back, nor gone further with, nor given up."""
        return any(guard.edit is edit or guard.asked is edit for guard in self._guards)

    def refused(self, edit: Edit) -> None:
        """Watch over `edit` no more: it could not be made again, and that was told."""
        self._guards = [guard for guard in self._guards if edit not in (guard.edit, guard.asked)]

    @property
    def paths(self) -> frozenset[str]:
        """The notes that are watched."""
        return frozenset(guard.edit.path for guard in self._guards)

    def watch_on(self, paths: Collection[str], now: float) -> None:
        """What stands in the notes at `paths` is in doubt: their edits are watched until it is known."""
        for guard in self._guards:
            if guard.edit.path in paths:
                guard.until = max(guard.until, now + DOUBT_SECONDS)

    def titles(self, path: str) -> list[str]:
        """What the watched edits of the note at `path` do."""
        return [guard.edit.title for guard in self._guards if guard.edit.path == path]

    def fallen(self, note: VaultNote, now: float) -> Iterator[OverwrittenEdit]:
        """The watched edits that `note`, as another program left it, has lost again."""
        self._guards = [guard for guard in self._guards if guard.asked is not None or now <= guard.until]
        for guard in [
            guard for guard in self._guards if guard.edit.path == note.path and guard.asked is None
        ]:
            fallen = guard.look(note)
            if fallen is None:
                continue
            guard.times += 1
            guard.asked = fallen.edit
            if fallen.loss is None and guard.times > MOST_REDOS:
                fallen = replace(fallen, loss=Loss.KEEPS_FALLING)
            if fallen.is_hopeless:
                self._guards.remove(guard)
            yield fallen

    def still_fallen(self, edit: Edit, note: VaultNote, now: float) -> OverwrittenEdit | None:
        """What is left of `edit`, which had fallen and was not made again, to be made again in `note`.

        Where it stands by itself again, it is watched on.
        """
        guard = next((guard for guard in self._guards if guard.asked is edit), None)
        if guard is None:
            return None
        fallen = guard.look(note)
        guard.asked = fallen.edit if fallen is not None else None
        guard.until = now + WATCH_SECONDS
        return replace(fallen, times=guard.times) if fallen is not None else None


def _anchors(edit: Edit) -> tuple[Anchor, ...]:
    return () if isinstance(edit.anchors, WholeNoteAnchor) else edit.anchors


def _changed_lines(
    edit: Edit, note_before: Note, before: bytes, note: VaultNote, hunks: Sequence[Hunk]
) -> dict[int, str]:
    """Which tasks of `edit` no longer say what they did, by anchor; the symbol that each has in `note`."""
    anchors = _anchors(edit)
    if not isinstance(edit.change, _OF_ITS_LINE) or len(anchors) > _MOST_LINES:
        return {}
    return {
        part: _mark_after(anchor, note_before, before, note, hunks)
        for part, anchor in enumerate(anchors)
        if isinstance(anchor.content, Task) and _as_before(anchor, note) is None
    }


def _mark_after(
    anchor: Anchor, note_before: Note, before: bytes, note: VaultNote, hunks: Sequence[Hunk]
) -> str:
    """The symbol of an edit's task after it; empty where that cannot be told."""
    try:
        line = map_line(hunks, locate(anchor, note_before, before).line)
    except RefusedError:
        return ""
    on_it = on_line(note.note, line) if line is not None else ()
    return next((item.status_symbol for item in on_it if isinstance(item, Task)), "")


def _as_before(anchor: Anchor, note: VaultNote) -> Task | None:
    """The task of `anchor` in `note`, if it says what it said before the edit."""
    try:
        task = locate(anchor, note.note, note.digest)
    except RefusedError:
        return None
    if isinstance(task, Task) and isinstance(anchor.content, Task) and says_the_same(task, anchor.content):
        return task
    return None


def _for_these(edit: Edit, note: VaultNote, tasks: Mapping[int, Task]) -> Edit:
    """`edit` for some of its tasks alone, as they are in `note`."""
    change = edit.change
    match change:
        case SetStatus():
            symbols = tuple(change.symbols[part] for part in tasks)
            change = replace(
                change, seen=tuple(task.status_symbol for task in tasks.values()), symbols=symbols
            )
        case SetText():
            change = replace(change, seen=next(iter(tasks.values())).text)
        case RestoreLines():
            change = RestoreLines(tuple(change.parts[part] for part in tasks))
        case _:
            pass  # It says the same of each task.
    return replace(edit, anchors=tuple(map(note.anchor, tasks.values())), change=change)


def _texts(note: Note) -> Counter[str]:
    """What the items and headings of a note say, and how often; without what a tick writes there."""
    contents: list[Anchorable] = [*note.items, *note.sections[1:]]
    return Counter(normalized_description(content_text(content)) for content in contents)


def _depths(note: Note) -> Counter[str]:
    """What the items of a note say, each with how deep it is nested, and how often."""
    depths: list[int] = []
    for item in note.items:
        depths.append(0 if item.parent is None else depths[item.parent.index] + 1)
    return Counter(
        f"{depth} {normalized_description(content_text(item))}"
        for depth, item in zip(depths, note.items, strict=True)
    )


def _outline(note: Note) -> tuple[object, ...]:
    """What a note says and what its marks are, in whatever form."""
    return wording_of(note), "".join(task.status_symbol.lower() for task in note.tasks)


def _same_task(one: Anchor, other: Anchor) -> bool:
    """Whether the anchor of a later edit is the task of an earlier one, which may have changed its dates."""
    if not isinstance(one.content, Task) or not isinstance(other.content, Task):
        return False
    words = _words(one.content)
    return words == _words(other.content) and _copy(one, words) == _copy(other, words)


def _copy(anchor: Anchor, words: str) -> int:
    """Which of the tasks with these words the task of `anchor` is, from 0."""
    # A field may stand between the words, so that the task itself need not hold them in one piece.
    alike = (
        other
        for other in anchor.note.tasks
        if other is anchor.content or (words in other.text and _words(other) == words)
    )
    return next(number for number, other in enumerate(alike) if other is anchor.content)


def _words(task: Task) -> str:
    return read_fields(task.text).description
