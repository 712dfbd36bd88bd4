"""What the commands without a terminal do: list tasks, change their status, by the same model and writer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TextIO

from roadtui.core.display import safe
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.note import Note, Task
from roadtui.core.repair import repair
from roadtui.core.status import StatusType
from roadtui.vault.edits import Edits, next_symbol
from roadtui.vault.snapshot import Snapshot, VaultNote
from roadtui.vault.transactions import commit
from roadtui.vault.vault import Vault

_LINES = re.compile(r"[0-9]{1,9}(?:-[0-9]{1,9})?(?:,[0-9]{1,9}(?:-[0-9]{1,9})?)*")
_MOST_LINES = 100_000


class BadReferenceError(RoadtuiError):
    """A reference that is not `NOTE.md:LINE[,LINE|A-B…]`."""


@dataclass(frozen=True, slots=True)
class ListedTask:
    """One task of a listing. The fields' order is that of the columns."""

    path: str
    """Relative to the vault, with `/`."""
    line: int
    """From 1."""
    status: str
    """The character between the brackets."""
    status_type: str
    heading: str
    """Titles from the outermost heading to the task's own, joined by ` > `."""
    text: str
    """What stands behind the box, as it is on disk."""


def list_tasks(snapshot: Snapshot, below: str, which: str | None, symbol: str | None) -> list[ListedTask]:
    """The tasks of the notes whose path is or is below `below` (empty: all), in order of paths and lines.

    Args:
        snapshot: The vault.
        below: A note or folder, relative to the vault.
        which: `todo` for what is open, `done` for what is done, None for both and the rest.
        symbol: Only this character between the brackets; None for any.
    """
    listed = []
    for path in sorted(snapshot.notes):
        if below and path != below and not path.startswith(f"{below}/"):
            continue
        for task in snapshot.notes[path].note.tasks:
            kind = snapshot.statuses.type_of(task.mark)
            if symbol not in (None, task.mark) or (which is not None and not _is_wanted(kind, which)):
                continue
            heading = " > ".join(task.section.trail)
            listed.append(ListedTask(path, task.line + 1, task.mark, kind.value, heading, task.text))
    return listed


def _is_wanted(kind: StatusType, which: str) -> bool:
    return kind.is_open if which == "todo" else kind is StatusType.DONE


def write_listing(listed: Sequence[ListedTask], form: str, out: TextIO) -> None:
    """Write `listed` to `out` as `text`, `json`, `tsv` or `csv`.

    Nothing that a terminal acts on is written as it is: JSON escapes it, the others show a stand-in. Only in
    `text` are garbled symbols shown repaired; the others are for programs, which want what is on disk.
    """
    if form == "json":
        import json
        from dataclasses import asdict

        json.dump([asdict(task) for task in listed], out, indent=2)
        out.write("\n")
    elif form == "text":
        for task in listed:
            out.write(safe(f"{task.path}:{task.line}  [{task.status}] {repair(task.text)}") + "\n")
    else:
        import csv

        separator = "\t" if form == "tsv" else ","
        writer = csv.writer(out, delimiter=separator, lineterminator="\n")
        writer.writerow(ListedTask.__slots__)
        for task in listed:
            writer.writerow(safe(str(getattr(task, name))) for name in ListedTask.__slots__)


def parse_reference(ref: str) -> tuple[str, list[int]]:
    """Split `NOTE.md:3,7-9` into the note and its lines, from 1, in order and each once.

    Raises:
        BadReferenceError: there is no such list of lines behind the last colon.
    """
    path, _, text = ref.rpartition(":")
    if not path or not _LINES.fullmatch(text):
        raise BadReferenceError(f"“{safe(ref)}” names no lines; write NOTE.md:3 or NOTE.md:3,7-9.")
    lines: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = int(first), int(last or first)
        if not 1 <= start <= end:
            raise BadReferenceError(f"“{part}” is no line or range of lines; lines count from 1.")
        if end - start >= _MOST_LINES:
            raise BadReferenceError(f"“{part}” is more lines than any note has.")
        lines.update(range(start, end + 1))
    return path, sorted(lines)


@dataclass(frozen=True, slots=True)
class StatusRun:
    """What came of giving several tasks another status."""

    lines: tuple[str, ...]
    """The lines that stand there now, for a terminal, in their order; all is done that they say."""
    error: RoadtuiError | None
    """Why it went no further; None where all was done."""


def change_status(
    vault: Vault, path: str, lines: Sequence[int], symbol: str | None, today: date
) -> StatusRun:
    """Give the tasks on `lines` of the note at `path` the status of `symbol`.

    From the last line up, so that a repeating task, which adds a line, moves none of the others.

    Args:
        vault: The vault.
        path: The note, relative to the vault.
        lines: Lines, from 1, in order.
        symbol: The character that is to stand in the box; None toggles.
        today: The day to write where a date is to be written.

    Raises:
        RoadtuiError: the note cannot be read, or a line is no task. Nothing was changed.
    """
    snapshot = vault.refresh([path])
    if path not in snapshot.notes:
        reasons = (problem.reason for problem in snapshot.problems if problem.path == path)
        raise RefusedError(next(reasons, f"There is no note {path}."))
    seen = snapshot.notes[path]
    done: list[tuple[int, list[str]]] = []
    error = None
    for task in reversed([_task_on(seen.note, line) for line in lines]):
        try:
            done.append(_change(vault, seen, task, symbol, today))
        except RoadtuiError as refused:
            error = refused
            break
    return StatusRun(tuple(_numbered(path, reversed(done))), error)


def _change(
    vault: Vault, seen: VaultNote, task: Task, symbol: str | None, today: date
) -> tuple[int, list[str]]:
    """Change one task; where that was, from 0, and the lines that stand there now (none: it was deleted)."""
    snapshot = vault.snapshot
    note = snapshot.notes[seen.path]
    unmoved = _unmoved(note, seen, task)
    note, task = (note, unmoved) if unmoved is not None else (seen, task)
    mark = next_symbol(snapshot, task, task.mark) if symbol is None else symbol
    maker = Edits(snapshot, today, vault.dates, vault.lines)
    (committed,) = commit(vault, maker.set_status(note, [task], mark)).parts
    end = committed.line + (committed.lines if committed.inverse is not None else 1)
    now = {task.line: task for task in reversed(list(committed.snapshot.notes[committed.path].note.tasks))}
    changed = (now[line] for line in range(committed.line, end) if line in now)
    return committed.line, [f"[{task.mark}] {task.text}" for task in changed]


def _task_on(note: Note, line: int) -> Task:
    found = next((task for task in note.tasks if task.line == line - 1), None)
    if found is None:
        raise RefusedError(f"Nothing changed: line {line} is no task.")
    return found


def _unmoved(note: VaultNote, seen: VaultNote, task: Task) -> Task | None:
    """`task` of `seen` in `note`, where only our own edits further down have changed it; None elsewhere."""
    above = slice(task.index + 1)
    same = [item.source for item in note.note.items[above]] == [
        item.source for item in seen.note.items[above]
    ]
    found = note.note.items[task.index] if same else None
    return found if isinstance(found, Task) and found.line == task.line else None


def _numbered(path: str, changes: Iterable[tuple[int, list[str]]]) -> Iterator[str]:
    """The changes, from the top, for a terminal: each line by the number that it has when all is done."""
    moved_by = 0
    for line, texts in changes:
        for number, text in enumerate(texts, line + moved_by + 1):
            yield safe(f"{path}:{number}  {repair(text)}")
        if not texts:
            yield safe(f"{path}:{line + moved_by + 1}  removed")
        moved_by += len(texts) - 1
