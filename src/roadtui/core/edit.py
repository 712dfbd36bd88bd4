"""An edit is an intent: which task, as it was seen, and what is wanted of it.

It is applied to the bytes on disk at the moment of writing, never to the model's copy. Applying one gives its
inverse, which is an edit like any other: undo goes the same way as a tick, and refuses like one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from roadtui.core.digest import digest
from roadtui.core.errors import RefusedError
from roadtui.core.locate import Anchor, locate
from roadtui.core.markdown import parse, split_lines
from roadtui.core.note import Note, Task
from roadtui.core.task_line import set_status, swap_mark
from roadtui.core.task_settings import TaskSettings


class Change(Protocol):
    """What is to become of the lines at the task that was found again."""

    def replace(self, lines: Sequence[str], task: Task) -> Replacement:
        """Say which lines to replace. `lines` are those of the whole note, each with its line end.

        Raises:
            RefusedError: the lines are not what the user saw.
        """


@dataclass(frozen=True, slots=True)
class Replacement:
    """`count` lines from `line` (from 0) become `wanted`, each with its line end."""

    line: int
    count: int
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Give a task another status, with the dates and the recurrence that its vault's settings ask for."""

    seen: str
    """The mark that the user saw."""
    wanted: str
    today: date
    settings: TaskSettings | None
    """How dates and recurrence are written; None changes the mark alone, one character."""

    def replace(self, lines: Sequence[str], task: Task) -> Replacement:
        """See `Change`."""
        if task.mark == self.wanted:
            return Replacement(task.line, 1, (lines[task.line],))
        if task.mark != self.seen:
            raise RefusedError(
                f"Not changed: this task is [{task.mark}] now; it was [{self.seen}] when you pressed."
            )
        if self.settings is None:
            wanted: tuple[str, ...] = (swap_mark(task.source, task.mark_at, self.wanted),)
        else:
            wanted = set_status(task.source, self.wanted, self.today, self.settings, mark_at=task.mark_at)
        return Replacement(task.line, 1, _with_ends(wanted, lines, task.line))


@dataclass(frozen=True, slots=True)
class Restore:
    """Put lines back as they were before an edit: the inverse of whatever made `seen` of `wanted`."""

    offset: int
    """Line of the first of `seen`, counted from the anchor's task."""
    seen: tuple[str, ...]
    wanted: tuple[str, ...]

    def replace(self, lines: Sequence[str], task: Task) -> Replacement:
        """See `Change`."""
        start = task.line + self.offset
        if start < 0 or tuple(lines[start : start + len(self.seen)]) != self.seen:
            raise RefusedError("Not undone: these lines have been changed since.")
        return Replacement(start, len(self.seen), self.wanted)


def _with_ends(wanted: tuple[str, ...], lines: Sequence[str], line: int) -> tuple[str, ...]:
    """`wanted` in place of one line: line ends as that line has them, else as the note has them."""
    last = _end(lines[line])
    between = last or next((end for end in map(_end, lines) if end), "\n")
    return tuple(text + (last if at == len(wanted) - 1 else between) for at, text in enumerate(wanted))


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One step that a person takes and can take back."""

    path: str
    """The note, relative to the vault, with `/`."""
    title: str
    """What it does, for the undo list: `tick “Distributions”`."""
    anchor: Anchor
    change: Change


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """What came of an edit."""

    data: bytes
    """The note's new bytes; the old ones where nothing was to do."""
    note: Note
    """The parse of `data`."""
    digest: bytes
    line: int
    """Where the edit took place in `data`, from 0."""
    inverse: Edit | None
    """None where nothing was to do, or where the edit left no task behind to find the place by."""


def apply(edit: Edit, data: bytes) -> Applied:
    """Make `edit` in the bytes of its note. Every byte outside the lines of the edit stays.

    Raises:
        RefusedError: the task is gone, has copies, or is no longer as it was seen.
    """
    text = data.decode("utf-8", "surrogateescape")
    now = parse(text)
    task = locate(edit.anchor, now, digest(data))
    lines = split_lines(text)
    replacement = edit.change.replace(lines, task)
    place = slice(replacement.line, replacement.line + replacement.count)
    seen = tuple(lines[place])
    if replacement.wanted == seen:
        return Applied(data, now, digest(data), replacement.line, None)
    lines[place] = replacement.wanted
    new_text = "".join(lines)
    new_data = new_text.encode("utf-8", "surrogateescape")
    note = parse(new_text)
    inverse = _inverse(edit, note, digest(new_data), replacement, seen)
    return Applied(new_data, note, digest(new_data), replacement.line, inverse)


def _inverse(
    edit: Edit, note: Note, note_digest: bytes, replacement: Replacement, seen: tuple[str, ...]
) -> Edit | None:
    """What takes the edit back, anchored at the task nearest to its place."""
    nearest = min(note.tasks, key=lambda task: abs(task.line - replacement.line), default=None)
    if nearest is None:
        return None
    restore = Restore(replacement.line - nearest.line, replacement.wanted, seen)
    return Edit(edit.path, edit.title, Anchor(note, note_digest, nearest), restore)
