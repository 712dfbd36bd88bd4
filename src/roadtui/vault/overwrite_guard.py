"""Guards edits that were just written: a program with an old copy of the note may overwrite them. Pure.

Obsidian saves two seconds after the last key, from its own memory; a formatter writes its version of text
that it read before. If the lines of an edit are back to their old text within a few seconds, in whatever
form, that was not intended: the edit is re-applied, and after a few times the user is told instead. If added
lines are gone and others changed as well, that may be intended: the user is told at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from roadtui.core.edits.edit import Edit, RestoreLines, WholeNoteAnchor
from roadtui.core.edits.insert import SplitTask
from roadtui.core.edits.locate import Anchor, locate
from roadtui.core.edits.move import Delete
from roadtui.core.edits.patch import Hunk, map_line
from roadtui.core.edits.reformatting import content_of, has_same_text, nested_text_counts, text_counts
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.edits.set_text import AddDependency, EditTags, SetField, SetText
from roadtui.core.edits.verify import on_line
from roadtui.core.errors import RefusedError
from roadtui.core.note import Note, Task
from roadtui.core.tasks.fields import read_fields
from roadtui.vault.snapshot import VaultNote

GUARD_SECONDS = 3.0
"""How long after a write an undone line is taken for a stale write and not for an intended change."""
MOST_REDOS = 3
"""How often an edit is re-applied."""
UNCONFIRMED_SECONDS = 1.5
"""How much longer an edit is guarded after an unconfirmed read; the next read comes before that."""

_MOST_GUARDED_LINES = 50
"""Edits of more tasks are guarded as a whole, as locating each task takes too long."""

_LINE_CHANGES = (SetStatus, SetField, EditTags, AddDependency, SetText, RestoreLines)
"""Changes of a task's own line, which shows whether they still hold, whatever else has changed."""
_FINAL_LINE_CHANGES = (*_LINE_CHANGES, SplitTask, Delete)
"""Changes after which an earlier change of the same task need not be guarded any more."""


class Loss(Enum):
    """Why an overwritten edit is not re-applied. The values are templates of messages for the user."""

    KEEPS_BEING_OVERWRITTEN = (
        "Another program keeps undoing “{title}” from an old copy of {path}. "
        "Close the note there, or let it reload, and try again."
    )
    MAY_BE_INTENDED = (
        "Another program has changed {path}, and “{title}” is no longer in it. "
        "If that was not intended, do it again."
    )
    GIT = (
        "“{title}” is no longer in {path}: git has put back what was committed. "
        "If it is neither stashed nor committed, do it again once git is done."
    )

    def sentence(self, title: str, path: str) -> str:
        """The message for the user about the edit `title` in the note at `path`."""
        return self.value.format(title=title, path=path)


@dataclass(frozen=True, slots=True, eq=False)
class OverwrittenEdit:
    """An edit that another program has overwritten: its lines are back to their old text."""

    edit: Edit
    """The edit to re-apply, for the overwritten tasks, anchored in the note as it is now."""
    note: VaultNote
    """The note after the overwrite."""
    times: int
    """How often the edit was overwritten, this time included."""
    symbols: tuple[tuple[Task, str], ...] = ()
    """The overwritten tasks of `note`, and the status symbol that each is to have again."""
    loss: Loss | None = None
    """Why the edit is not re-applied; None if it is to be re-applied."""

    @property
    def gave_up(self) -> bool:
        """Whether to tell the user instead of re-applying the edit."""
        return self.loss is not None


@dataclass(slots=True)
class _Guard(ABC):
    """Guards one edit."""

    edit: Edit
    note_before: Note
    before: bytes
    """Content hash of the note before the edit."""
    after: VaultNote
    until: float
    """When the guard ends."""
    times: int = 0
    """How often the edit was overwritten."""
    reapplying: Edit | None = None
    """The edit that re-applies it and is not written yet."""

    @abstractmethod
    def find_overwritten(self, note: VaultNote) -> OverwrittenEdit | None:
        """The part of the edit that is overwritten in `note`; None if none is."""

    @abstractmethod
    def is_needed_after(self, edit: Edit, before: Note, note: VaultNote, hunks: Sequence[Hunk]) -> bool:
        """Whether anything is left to guard after a later edit of our own, from `before` to `note`."""


@dataclass(slots=True)
class _LineGuard(_Guard):
    """Guards the lines of tasks that an edit changed, whatever else changes in the note."""

    parts: dict[int, str] = field(default_factory=dict)
    """By number of the task's anchor, its status symbol after the edit; empty if that is unknown."""

    def find_overwritten(self, note: VaultNote) -> OverwrittenEdit | None:
        found = self._restored_tasks(note)
        if not found:
            return None
        symbols = [(task, self.parts[part]) for part, task in found.items() if self.parts[part]]
        return OverwrittenEdit(_for_tasks(self.edit, note, found), note, self.times + 1, tuple(symbols))

    def _restored_tasks(self, note: VaultNote) -> dict[int, Task]:
        """The tasks that are in `note` as they were before the edit, by number of their anchor."""
        anchors = _anchors(self.edit)
        found = {part: _restored_task(anchors[part], note) for part in self.parts}
        return {part: task for part, task in found.items() if task is not None}

    def is_needed_after(self, edit: Edit, before: Note, note: VaultNote, hunks: Sequence[Hunk]) -> bool:
        anchors, later_anchors = _anchors(self.edit), _anchors(edit)
        own_parts = {
            part for part in self.parts if any(_same_task(anchors[part], other) for other in later_anchors)
        }
        if isinstance(edit.change, _FINAL_LINE_CHANGES):
            for part in own_parts:
                del self.parts[part]
        for part, task in self._restored_tasks(note).items():
            if any(hunk.new <= task.line < hunk.new_end for hunk in hunks):
                del self.parts[part]
        return bool(self.parts)


@dataclass(slots=True)
class _NoteGuard(_Guard):
    """Guards any other edit: it is overwritten when the whole note is as it was before."""

    added_texts: Counter[str] | None = None
    """The texts that the edit added, with their number after it; None until first needed."""
    removed_texts: Counter[str] | None = None
    """The texts that the edit removed, with their number before it; None until first needed."""
    compares_nesting: bool | None = None
    """Whether the edit changed no text but the nesting, which is compared then; None until first needed."""

    def _contents(self, note: Note) -> Counter[str]:
        if self.compares_nesting is None:
            self.compares_nesting = text_counts(self.note_before) == text_counts(self.after.note)
        return nested_text_counts(note) if self.compares_nesting else text_counts(note)

    def find_overwritten(self, note: VaultNote) -> OverwrittenEdit | None:
        if note.digest == self.after.digest:
            return None
        if self._is_as_before(note):
            return OverwrittenEdit(self.edit, note, self.times + 1)
        texts = self._contents(note.note)
        is_gone = any(texts[text] < count for text, count in self._added_texts().items())
        removed = self._removed_texts()
        if is_gone or (removed and all(texts[text] >= count for text, count in removed.items())):
            return OverwrittenEdit(self.edit, note, self.times + 1, loss=Loss.MAY_BE_INTENDED)
        return None

    def _is_as_before(self, note: VaultNote) -> bool:
        if note.digest == self.before:
            return True
        before = content_of(self.note_before)
        return before == content_of(note.note) and before != content_of(self.after.note)

    def _added_texts(self) -> Counter[str]:
        if self.added_texts is None:
            self.added_texts = _surplus(self._contents(self.after.note), self._contents(self.note_before))
        return self.added_texts

    def _removed_texts(self) -> Counter[str]:
        if self.removed_texts is None:
            self.removed_texts = _surplus(self._contents(self.note_before), self._contents(self.after.note))
        return self.removed_texts

    def is_needed_after(self, edit: Edit, before: Note, note: VaultNote, hunks: Sequence[Hunk]) -> bool:
        if self._is_as_before(note):
            return False
        for text in self._contents(before) - self._contents(note.note):
            self._added_texts().pop(text, None)
        for text in self._contents(note.note) - self._contents(before):
            self._removed_texts().pop(text, None)
        return True


class OverwriteGuard:
    """Guards the edits of the last few seconds. Times are seconds of any clock that never steps back."""

    def __init__(self) -> None:
        self._guards: list[_Guard] = []

    def guard(
        self,
        edit: Edit,
        note_before: Note,
        before: bytes,
        note: VaultNote,
        now: float,
        hunks: Sequence[Hunk] = (),
    ) -> None:
        """Start guarding `edit`, which was just written.

        A re-applied edit keeps its guard and its count. An edit that undoes another one, or changes the same
        task again, is guarded in its place.

        Args:
            edit: The edit.
            note_before: The note before it.
            before: Content hash of the note's bytes before it.
            note: The note after it.
            now: When it was written.
            hunks: The ranges of lines that it changed. Earlier edits that these lines undo are not guarded.
        """
        existing = next((guard for guard in self._guards if guard.reapplying is edit), None)
        if existing is not None:
            existing.until = now + GUARD_SECONDS
            existing.reapplying = None
            return
        self._guards = [
            guard
            for guard in self._guards
            if guard.edit.path != edit.path or guard.is_needed_after(edit, note_before, note, hunks)
        ]
        note.content.pin()
        parts = _changed_lines(edit, note_before, before, note, hunks)
        until = now + GUARD_SECONDS
        if parts:
            self._guards.append(_LineGuard(edit, note_before, before, note, until, parts=parts))
        elif before != note.digest:
            self._guards.append(_NoteGuard(edit, note_before, before, note, until))

    def is_guarded(self, edit: Edit) -> bool:
        """Whether `edit` is guarded: not undone, not replaced by a later edit of its task, not given up."""
        return any(guard.edit is edit or guard.reapplying is edit for guard in self._guards)

    def stop_guarding(self, edit: Edit) -> None:
        """Stop guarding `edit`: re-applying it failed, and the user has been told."""
        self._guards = [guard for guard in self._guards if edit not in (guard.edit, guard.reapplying)]

    @property
    def paths(self) -> frozenset[str]:
        """The notes with guarded edits."""
        return frozenset(guard.edit.path for guard in self._guards)

    def extend(self, paths: Collection[str], now: float) -> None:
        """Guard the edits of the notes at `paths` longer, as the last read of these notes is unconfirmed."""
        for guard in self._guards:
            if guard.edit.path in paths:
                guard.until = max(guard.until, now + UNCONFIRMED_SECONDS)

    def titles(self, path: str) -> list[str]:
        """The titles of the guarded edits of the note at `path`."""
        return [guard.edit.title for guard in self._guards if guard.edit.path == path]

    def overwritten(self, note: VaultNote, now: float) -> Iterator[OverwrittenEdit]:
        """The guarded edits that another program has overwritten in `note`."""
        self._guards = [guard for guard in self._guards if guard.reapplying is not None or now <= guard.until]
        for guard in [
            guard for guard in self._guards if guard.edit.path == note.path and guard.reapplying is None
        ]:
            overwritten = guard.find_overwritten(note)
            if overwritten is None:
                continue
            guard.times += 1
            guard.reapplying = overwritten.edit
            if overwritten.loss is None and guard.times > MOST_REDOS:
                overwritten = replace(overwritten, loss=Loss.KEEPS_BEING_OVERWRITTEN)
            if overwritten.gave_up:
                self._guards.remove(guard)
            yield overwritten

    def still_overwritten(self, edit: Edit, note: VaultNote, now: float) -> OverwrittenEdit | None:
        """The part to re-apply in `note` of `edit`, which was to re-apply another edit but was not written.

        None if nothing is overwritten any more; the original edit stays guarded.
        """
        guard = next((guard for guard in self._guards if guard.reapplying is edit), None)
        if guard is None:
            return None
        overwritten = guard.find_overwritten(note)
        guard.reapplying = overwritten.edit if overwritten is not None else None
        guard.until = now + GUARD_SECONDS
        return replace(overwritten, times=guard.times) if overwritten is not None else None


def _anchors(edit: Edit) -> tuple[Anchor, ...]:
    return () if isinstance(edit.anchors, WholeNoteAnchor) else edit.anchors


def _changed_lines(
    edit: Edit, note_before: Note, before: bytes, note: VaultNote, hunks: Sequence[Hunk]
) -> dict[int, str]:
    """The tasks that `edit` has changed, by number of the anchor, with their status symbols in `note`."""
    anchors = _anchors(edit)
    if not isinstance(edit.change, _LINE_CHANGES) or len(anchors) > _MOST_GUARDED_LINES:
        return {}
    return {
        part: _symbol_after(anchor, note_before, before, note, hunks)
        for part, anchor in enumerate(anchors)
        if isinstance(anchor.content, Task) and _restored_task(anchor, note) is None
    }


def _symbol_after(
    anchor: Anchor, note_before: Note, before: bytes, note: VaultNote, hunks: Sequence[Hunk]
) -> str:
    """The status symbol of an edit's task after it; empty if the task cannot be located."""
    try:
        line = map_line(hunks, locate(anchor, note_before, before).line)
    except RefusedError:
        return ""
    items_on_line = on_line(note.note, line) if line is not None else ()
    return next((item.status_symbol for item in items_on_line if isinstance(item, Task)), "")


def _restored_task(anchor: Anchor, note: VaultNote) -> Task | None:
    """The task of `anchor` in `note`, if its status symbol and text are as before the edit."""
    try:
        task = locate(anchor, note.note, note.digest)
    except RefusedError:
        return None
    if isinstance(task, Task) and isinstance(anchor.content, Task) and has_same_text(task, anchor.content):
        return task
    return None


def _for_tasks(edit: Edit, note: VaultNote, tasks: Mapping[int, Task]) -> Edit:
    """`edit` for only some of its tasks, anchored in `note`."""
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
            pass  # The change is the same for each task.
    return replace(edit, anchors=tuple(map(note.anchor, tasks.values())), change=change)


def _surplus(texts: Counter[str], others: Counter[str]) -> Counter[str]:
    """The texts that are more often in `texts` than in `others`, with their number in `texts`."""
    return Counter({text: texts[text] for text in texts - others})


def _same_task(one: Anchor, other: Anchor) -> bool:
    """Whether two anchors point at the same task, which may have different fields in each."""
    if not isinstance(one.content, Task) or not isinstance(other.content, Task):
        return False
    description = _description(one.content)
    return description == _description(other.content) and _copy_number(one, description) == _copy_number(
        other, description
    )


def _copy_number(anchor: Anchor, description: str) -> int:
    """The number of the anchor's task among the tasks with the same description, from 0."""
    # A field may interrupt the description, so that the task's text need not contain it as a whole.
    alike = (
        other
        for other in anchor.note.tasks
        if other is anchor.content or (description in other.text and _description(other) == description)
    )
    return next(number for number, other in enumerate(alike) if other is anchor.content)


def _description(task: Task) -> str:
    return read_fields(task.text).description
