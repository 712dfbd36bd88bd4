"""An edit is an intent: which task, as it was seen, and what is wanted of it.

It is applied to the bytes on disk at the moment of writing, never to the model's copy. Applying one gives its
inverse, which is an edit like any other: undo goes the same way as a tick, and refuses like one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from roadtui.core.digest import digest
from roadtui.core.display import safe
from roadtui.core.errors import RefusedError
from roadtui.core.locate import Anchor, common_start, locate
from roadtui.core.markdown import parse, split_lines
from roadtui.core.note import Note, Task
from roadtui.core.task_line import set_status, swap_mark
from roadtui.core.task_settings import TaskSettings


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where an edit belongs in the note as it is now."""

    note: Note
    lines: Sequence[str]
    """Of the whole note, each with its line end."""
    task: Task | None
    """The anchor's task, found again; None where the edit holds on to an `Untouched` note."""

    @property
    def line(self) -> int:
        """The line of the task, from 0; 0 where there is none."""
        return self.task.line if self.task is not None else 0


class Change(Protocol):
    """What is to become of the lines at a place."""

    def replace(self, place: Place) -> Replacement:
        """Say which lines to replace.

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

    def replace(self, place: Place) -> Replacement:
        """See `Change`."""
        task = place.task
        if task is None:
            raise RefusedError("Not changed: there is no task in this note.")
        if task.mark == self.wanted:
            return Replacement(task.line, 1, (place.lines[task.line],))
        if task.mark != self.seen:
            raise RefusedError(
                f"Not changed: this task is [{safe(task.mark)}] now; "
                f"it was [{safe(self.seen)}] when you pressed."
            )
        if self.settings is None:
            wanted: tuple[str, ...] = (swap_mark(task.source, task.mark_at, self.wanted),)
        else:
            wanted = set_status(task.source, self.wanted, self.today, self.settings, mark_at=task.mark_at)
        if not wanted and _holds_more_than_its_line(task, place):
            raise RefusedError(
                "Not changed: when it is done this task is deleted (🏁 delete), and what is nested in it "
                "would be left alone. Move that first, or take 🏁 away."
            )
        return Replacement(task.line, 1, _with_ends(wanted, place.lines, task.line))


@dataclass(frozen=True, slots=True)
class Restore:
    """Put lines back as they were before an edit: the inverse of whatever made `seen` of `wanted`."""

    offset: int
    """Line of the first of `seen`, counted from the anchor's task, or from the top of an `Untouched` note."""
    seen: tuple[str, ...]
    wanted: tuple[str, ...]

    def replace(self, place: Place) -> Replacement:
        """See `Change`."""
        start = place.line + self.offset
        if start < 0 or tuple(place.lines[start : start + len(self.seen)]) != self.seen:
            raise RefusedError("Not undone: these lines have been changed since.")
        return Replacement(start, len(self.seen), self.wanted)


def _holds_more_than_its_line(task: Task, place: Place) -> bool:
    """Whether anything is nested in `task`: items, or text that is set off as far as its own."""
    if any(item.parent is task for item in place.note.items):
        return True
    below = place.lines[task.line + 1].rstrip("\r\n") if task.line + 1 < len(place.lines) else ""
    mine, theirs = _set_off(task.source), _set_off(below)
    return theirs != below and theirs.count(">") == mine.count(">") and len(theirs) > len(mine)


def _set_off(line: str) -> str:
    """The blanks and quote marks that `line` begins with."""
    return line[: len(line) - len(line.lstrip(" \t>"))]


def _with_ends(wanted: tuple[str, ...], lines: Sequence[str], line: int) -> tuple[str, ...]:
    """`wanted` in place of one line: line ends as that line has them, else as the note has them."""
    last = _end(lines[line])
    between = last or next((end for end in map(_end, lines) if end), "\n")
    return tuple(text + (last if at == len(wanted) - 1 else between) for at, text in enumerate(wanted))


def _end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


@dataclass(frozen=True, slots=True)
class Untouched:
    """Holds on to a note that has no task to hold on to: only the very same bytes will do."""

    digest: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One step that a person takes and can take back."""

    path: str
    """The note, relative to the vault, with `/`."""
    title: str
    """What it does, for the undo list: `tick “Distributions”`."""
    anchor: Anchor | Untouched
    change: Change


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """What came of an edit."""

    data: bytes
    """The note's new bytes; the old ones where nothing was to do."""
    note: Note
    """The parse of `data`."""
    digest: bytes
    before: bytes
    """Fingerprint of the bytes that the edit was made in."""
    line: int
    """Where the edit took place in `data`, from 0."""
    count: int
    """How many lines from `line` on are new or changed; 0 where lines were only taken away."""
    inverse: Edit | None
    """None where nothing was to do."""


def apply(edit: Edit, data: bytes) -> Applied:
    """Make `edit` in the bytes of its note. Every byte outside the lines of the edit stays.

    Raises:
        RefusedError: the task is gone, has copies, or is no longer as it was seen.
    """
    text = data.decode("utf-8", "surrogateescape")
    now = parse(text)
    found = digest(data)
    lines = split_lines(text)
    replacement = edit.change.replace(Place(now, lines, _find(edit.anchor, now, found)))
    start, end = replacement.line, replacement.line + replacement.count
    if replacement.wanted == tuple(lines[start:end]):
        return Applied(data, now, found, found, start, 0, None)
    return _made(edit, found, lines, "".join((*lines[:start], *replacement.wanted, *lines[end:])))


def _made(edit: Edit, before: bytes, old: Sequence[str], text: str) -> Applied:
    """What came of an edit that made `text` of the lines `old`, whose fingerprint is `before`."""
    data = text.encode("utf-8", "surrogateescape")
    note = parse(text)
    found = digest(data)
    new = split_lines(text)
    start = common_start(old, new)
    same_end = common_start(old[start:][::-1], new[start:][::-1])
    count = len(new) - same_end - start
    # Where lines were only taken away, what stands around the gap must be the same to put them back.
    above, below = (0, 0) if count else (min(start, 1), min(same_end, 1))
    new_lines = tuple(new[start - above : len(new) - same_end + below])
    old_lines = tuple(old[start - above : len(old) - same_end + below])
    inverse = _inverse(edit, note, found, Restore(start - above, new_lines, old_lines))
    return Applied(data, note, found, before, start, count, inverse)


def carry_over(edit: Edit, made: Applied) -> Edit:
    """`edit`, which may have been asked for before `made` was on disk, as if it had been asked for after it.

    What we changed ourselves needs no guessing: a task is where the edit before left it. An edit of another
    state of the note, or of a task that has become two lines or none, stays as it is.
    """
    anchor = edit.anchor
    if not isinstance(anchor, Anchor) or anchor.digest != made.before or anchor.digest == made.digest:
        return edit
    index = anchor.task.index
    added_items = len(made.note.items) - len(anchor.note.items)
    added_lines = made.note.line_count - anchor.note.line_count
    if anchor.task.line >= made.line + made.count - added_lines:
        index += added_items
    elif anchor.task.line >= made.line and added_items:
        return edit
    task = made.note.items[index]
    if not isinstance(task, Task):
        return edit
    return replace(edit, anchor=Anchor(made.note, made.digest, task))


def _find(anchor: Anchor | Untouched, now: Note, now_digest: bytes) -> Task | None:
    if isinstance(anchor, Anchor):
        return locate(anchor, now, now_digest)
    if anchor.digest != now_digest:
        raise RefusedError("Not undone: this note has been changed since.")
    return None


def _inverse(edit: Edit, note: Note, note_digest: bytes, restore: Restore) -> Edit:
    """What takes `edit` back: `restore`, which counts from the top, anchored at the task nearest to it."""
    nearest = min(note.tasks, key=lambda task: abs(task.line - restore.offset), default=None)
    if nearest is None:
        return Edit(edit.path, edit.title, Untouched(note_digest), restore)
    anchor = Anchor(note, note_digest, nearest)
    return Edit(edit.path, edit.title, anchor, replace(restore, offset=restore.offset - nearest.line))
