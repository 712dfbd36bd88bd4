"""The transaction that takes changes back: each an ordinary edit, refused where its line has changed again.

A changed task gets back its checkbox and text, a new one is deleted, one that is gone is put back, and one
that was moved is moved back: beside the task that it stood after when it was seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from roadtui.core.activity.changes import ChangeKind, SeenAndTracked, TaskChange
from roadtui.core.activity.rows import NO_ROWS, TrackedNote, TrackedRow
from roadtui.core.edits.edit import Edit, Transaction
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.move import Delete, text_of
from roadtui.core.edits.restore import Beside, MoveBack, PutBack, RestoreTasks
from roadtui.core.errors import RefusedError
from roadtui.core.note import Task
from roadtui.core.quantity import quantity
from roadtui.core.titles import short_title
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.activity.take_back_checks import (
    all_inside,
    refuse_left_text,
    refuse_other_lines,
    refuse_uncertain,
    tasks_by_parent,
)
from roadtui.vault.snapshot import VaultNote

_TEXT_KINDS = (ChangeKind.DONE, ChangeKind.REOPENED, ChangeKind.EDITED)


class _Beside(NamedTuple):
    """Where a task was: beside a row of its note as it is now; at the end of the note without one."""

    content: Anchorable | None
    where: Beside


def take_back(context: ActionContext, states: SeenAndTracked, changes: Sequence[TaskChange]) -> Transaction:
    """One transaction that takes `changes` back, undone as one. Reads the notes that lines are moved from.

    Args:
        context: The vault as it is now.
        states: What was seen and what was tracked of the notes that differ.
        changes: What is taken back, of `states`.

    Raises:
        RefusedError: a task has changed again, its note is gone, others would be deleted with it, or it is
            not clear what was where.
    """
    refuse_uncertain(changes, states)
    notes = _Notes(context, states)
    edits = [edit for path in _paths(changes) for edit in _NoteRestorer(notes, changes, path).edits()]
    if not edits:
        raise RefusedError("There is nothing to take back.")
    if len(changes) == 1:
        title = f"take back “{short_title(changes[0].row.text)}”"
    else:
        title = f"take back {quantity(len(changes), 'change')}"
    return Transaction(title, tuple(edits))


def seen_before(changes: Iterable[TaskChange], states: Mapping[int, TrackedNote]) -> dict[str, TrackedNote]:
    """The notes that `changes` took place in, as they were seen before them, by path.

    `states`: the note of each change, by the number of its task. Where one was seen before the next came,
    they are states of different times: a task that only one of them has stands in both after the same one.
    """
    by_path: dict[str, dict[int, TrackedNote]] = {}
    for change in changes:
        state = states.get(change.id, NO_ROWS)
        by_path.setdefault(change.old_path, {})[id(state)] = state
    return {path: reduce(_merged, different.values()) for path, different in by_path.items()}


def _merged(earlier: TrackedNote, later: TrackedNote) -> TrackedNote:
    """`later` with the tasks that only `earlier` has."""
    place = {row.id: at for at, row in enumerate(later.rows)}
    groups: dict[int, list[TrackedRow]] = {}
    last = -1
    for row in earlier.rows:
        last = place.get(row.id, last)
        if row.id not in place:
            groups.setdefault(last, []).append(row)
    rows = groups.get(-1, [])
    for at, row in enumerate(later.rows):
        rows += [row, *groups.get(at, ())]
    return later._replace(rows=tuple(rows), below={**earlier.below, **later.below})


def _paths(changes: Sequence[TaskChange]) -> list[str]:
    """The notes in which something is restored, first those that a task is moved back to."""
    homes = [change.old_path for change in changes if change.is_from_elsewhere]
    return list(dict.fromkeys((*homes, *(change.path for change in changes))))


class _Notes:
    """The notes as they are now, each read once."""

    def __init__(self, context: ActionContext, states: SeenAndTracked) -> None:
        self.context = context
        self.states = states
        self._tasks: dict[str, Mapping[int, Task]] = {}
        self._lines: dict[str, Sequence[str]] = {}

    def note(self, path: str) -> VaultNote:
        """The note at `path`. Raises RefusedError: it is gone."""
        note = self.context.snapshot.notes.get(path)
        if note is None:
            raise RefusedError(
                f"Not taken back: the note {path} is gone. Only its tasks are known here, and not what else "
                "it said: restore the file from git, a backup or the trash."
            )
        return note

    def tasks(self, note: VaultNote) -> Mapping[int, Task]:
        """The tasks of `note` by their numbers. Raises RefusedError: another state of it was tracked."""
        if note.path not in self._tasks:
            self._tasks[note.path] = _tasks_by_id(note, self.states)
        return self._tasks[note.path]

    def lines(self, note: VaultNote) -> Sequence[str]:
        """The lines of `note`. Raises RefusedError: it has changed."""
        if note.path not in self._lines:
            self._lines[note.path] = self.context.read_lines(note)
        return self._lines[note.path]


class _NoteRestorer:
    """Restores one note. What is moved back to another note is inserted there before it is deleted here."""

    def __init__(self, notes: _Notes, changes: Sequence[TaskChange], path: str) -> None:
        self._notes = notes
        self._path = path
        self._seen = notes.states.seen.get(path, NO_ROWS)
        self._place = {row.id: at for at, row in enumerate(self._seen.rows)}
        self._inside = tasks_by_parent(self._seen.rows)
        self._unit = _indentation(self._seen.rows) or notes.context.indent_unit
        """The white space that nests a task in another."""
        self._changes = changes
        note = notes.note(path)
        if note.label:
            raise RefusedError(f"Not taken back: {note.name} is shown only ({note.label}).")
        self._note = note
        self._tasks = notes.tasks(note)
        """The tasks of the note as it is, by their numbers."""
        self._leaving = {
            change.id
            for change in changes
            if change.path == path and (change.kind is ChangeKind.NEW or _has_moved(change))
        }
        """Those that are deleted here or moved: nothing is put beside them."""
        self._before = self._siblings_before()
        self._left: Counter[str] | None = None

    def edits(self) -> Iterator[Edit]:
        """The edits of this note."""
        here = [change for change in self._changes if change.path == self._path]
        yield from self._texts([one for one in here if one.kind in _TEXT_KINDS and not one.is_from_elsewhere])
        yield from self._places(here)
        yield from self._removals(
            [
                one
                for one in here
                if one.kind is ChangeKind.NEW or (one.new is not None and one.is_from_elsewhere)
            ]
        )

    def _edit(
        self, contents: Sequence[Anchorable], change: RestoreTasks | PutBack | MoveBack | Delete
    ) -> Edit:
        return Edit(self._path, "take back", tuple(map(self._note.anchor, contents)), change)

    def _task(self, change: TaskChange) -> Task:
        """The task as it is now.

        Raises:
            RefusedError: it has changed again.
        """
        task = self._tasks.get(change.id)
        if task is None or change.new is None or task.source != change.new.source:
            raise RefusedError(f"Not taken back: “{short_title(change.row.text)}” has changed again since.")
        return task

    def _texts(self, changes: Sequence[TaskChange]) -> Iterator[Edit]:
        if changes:
            tasks = [self._task(change) for change in changes]
            seen = tuple(task.source[task.symbol_index :] for task in tasks)
            original = tuple(_from_symbol(change.old) for change in changes)
            yield self._edit(tasks, RestoreTasks(seen, original))

    def _removals(self, changes: Sequence[TaskChange]) -> Iterator[Edit]:
        """Delete what is new, and what was put back into another note with all that is inside it."""
        if not changes:
            return
        tasks = [self._task(change) for change in changes]
        new = [task for task, one in zip(tasks, changes, strict=True) if one.kind is ChangeKind.NEW]
        moved = [task for task in tasks if task not in new]
        refuse_other_lines(new, moved, self._tasks, self._notes.lines(self._note))
        yield self._edit(tasks, Delete())

    def _places(self, here: Sequence[TaskChange]) -> Iterator[Edit]:
        """Put back what is gone or in another note, and move back what was moved; the last ones first.

        So each ends right after the task before it, although some of them are put beside the same one.
        """
        moved = {one.id: one for one in here if _has_moved(one) and not one.is_from_elsewhere}
        lost = {
            change.id: change
            for change in self._changes
            if change.old_path == self._path and (change.new is None or change.is_from_elsewhere)
        }
        texts: dict[_Beside, str] = {}
        for row in reversed(self._seen.rows):
            if row.id in moved:
                yield from self._put_back(texts)
                texts = {}
                content, where = self._beside(row.id)
                contents = [self._task(moved[row.id])] + ([content] if content is not None else [])
                yield self._edit(contents, MoveBack(where, self._unit))
            elif row.id in lost and row.parent not in lost:
                beside = self._beside(row.id)
                texts[beside] = "".join(self._text(row, lost, "")) + texts.get(beside, "")
        yield from self._put_back(texts)

    def _put_back(self, texts: Mapping[_Beside, str]) -> Iterator[Edit]:
        contents = [beside.content for beside in texts if beside.content is not None]
        anchored = [(beside.where, text) for beside, text in texts.items() if beside.content is not None]
        if anchored:
            change = PutBack(
                tuple(text for _, text in anchored), tuple(where for where, _ in anchored), self._unit
            )
            yield self._edit(contents, change)
        for beside, text in texts.items():
            if beside.content is None:
                yield self._edit((), PutBack((text,), (), self._unit))

    def _text(self, row: TrackedRow, lost: Mapping[int, TaskChange], prefix: str) -> Iterator[str]:
        """The lines of a task that is put back, with those inside it."""
        change = lost[row.id]
        if change.new is not None:
            yield from self._from_elsewhere(change)
            return
        was = change.old or row
        yield f"{prefix}{was.source.lstrip(' >' + chr(9))}\n"
        below = [*(self._seen.below.get(row.id) or ())]
        if below:
            refuse_left_text(was, [line.text for line in below], self._left_texts())
        for number, other in enumerate(all_inside(row, self._inside)):
            while below and below[0].after <= number:
                yield _indented(prefix, below.pop(0).text)
            if other.parent == row.id and other.id in lost:
                yield from self._text(other, lost, prefix + (_nested_by(other, row) or self._unit))
        for line in below:
            yield _indented(prefix, line.text)

    def _from_elsewhere(self, change: TaskChange) -> Iterator[str]:
        """The lines of a task that is moved back from another note, with its old text."""
        note = self._notes.note(change.path)
        task = self._notes.tasks(note).get(change.id)
        if task is None or change.new is None or task.source != change.new.source:
            raise RefusedError(f"Not taken back: “{short_title(change.row.text)}” has changed again since.")
        first, *rest = text_of(self._notes.lines(note), [task]).splitlines(keepends=True)
        assert change.old is not None, "it was seen elsewhere"
        symbol = first.index("[") + 1
        yield f"{first[:symbol]}{_from_symbol(change.old)}\n"
        yield from rest

    def _beside(self, id: int) -> _Beside:
        """Where the task stood: after the nearest sibling that is there, else first in what was around it."""
        row = self._seen.rows[self._place[id]]
        before = self._before.get(id)
        sections = [one for one in self._note.note.sections if one.heading_path == row.section]
        if len(sections) > 1 and self._seen.sections.count(row.section) == len(sections):
            sections = sections[row.twin : row.twin + 1]
        if len(sections) > 1 and not row.parent:
            raise RefusedError(
                f"Not taken back: there are several headings “{sections[0].title}”, and it is not clear "
                f"below which one “{short_title(row.text)}” stood."
            )
        if before is not None:
            return _Beside(self._tasks[before.id], Beside.AFTER)
        if row.parent and self._stays(row.parent):
            return _Beside(self._tasks[row.parent], Beside.FIRST_INSIDE)
        return _Beside(sections[0] if sections else None, Beside.FIRST_INSIDE)

    def _siblings_before(self) -> dict[int, TrackedRow]:
        """The nearest task before each, below the same heading and inside the same task, that stays."""
        found: dict[int, TrackedRow] = {}
        last: dict[object, TrackedRow] = {}
        for row in self._seen.rows:
            around = row.parent, row.section, row.twin
            if around in last:
                found[row.id] = last[around]
            if self._stays(row.id):
                last[around] = row
        return found

    def _left_texts(self) -> Counter[str]:
        """The lines of the note now, without those that belonged to the tasks that are there still."""
        if self._left is None:
            self._left = Counter(line.strip(" \t\r\n>") for line in self._notes.lines(self._note))
            for id, below in self._seen.below.items():
                if self._stays(id):
                    self._left.subtract(line.text.strip() for line in below or ())
        return self._left

    def _stays(self, id: int) -> bool:
        return id in self._tasks and id not in self._leaving


def text_below_is_unknown(change: TaskChange, seen: TrackedNote) -> bool:
    """Whether a task that is put back may have had text below it that is not known."""
    return change.new is None and seen.below.get(change.id, ()) is None


def _nested_by(row: TrackedRow, around: TrackedRow) -> str:
    """The white space by which a task was nested in the one around it; empty where that is not clear."""
    lead, outer = _lead(row), _lead(around)
    found = lead.removeprefix(outer) if lead.startswith(outer) else ""
    return "" if found.strip(" \t") else found


def _lead(row: TrackedRow) -> str:
    return row.source[: len(row.source) - len(row.source.lstrip(" \t>"))]


def _indented(prefix: str, text: str) -> str:
    return f"{prefix}{text}\n" if text else "\n"


def _has_moved(change: TaskChange) -> bool:
    """Whether a task is at another place, whatever else has changed."""
    return (
        change.old is not None
        and change.new is not None
        and (change.is_from_elsewhere or change.new.is_moved)
    )


def _indentation(rows: Iterable[TrackedRow]) -> str:
    """The white space by which the first nested task is indented; empty where none is nested."""
    lead: dict[int, str] = {}
    for row in rows:
        lead[row.id] = row.source[: len(row.source) - len(row.source.lstrip(" \t"))]
        if row.parent in lead and (found := lead[row.id].removeprefix(lead[row.parent])):
            return found
    return ""


def _tasks_by_id(note: VaultNote, states: SeenAndTracked) -> dict[int, Task]:
    """The tasks of `note` by their numbers; none where another state of it was tracked."""
    rows = states.tracked.get(note.path, NO_ROWS).rows
    tasks = [*note.note.tasks]
    if [task.source for task in tasks] != [row.source for row in rows]:
        raise RefusedError(f"{note.name} has just been changed. Check it and try again.")
    return {row.id: task for row, task in zip(rows, tasks, strict=True)}


def _from_symbol(row: TrackedRow | None) -> str:
    """The line of a task from the status symbol on."""
    assert row is not None, "what was changed was seen before"
    return row.source[row.symbol_index :]
