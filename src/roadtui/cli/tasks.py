"""What the commands without a terminal do: list tasks, change their status, by the same model and writer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from roadtui.core.errors import RoadtuiError
from roadtui.core.mojibake import repair
from roadtui.core.tasks.status import StatusType
from roadtui.core.tasks.titles import heading_path
from roadtui.core.terminal_text import escape_terminal
from roadtui.vault.snapshot import Snapshot

_LINES = re.compile(r"[0-9]{1,9}(?:-[0-9]{1,9})?(?:,[0-9]{1,9}(?:-[0-9]{1,9})?)*")
_MOST_LINES = 100_000


class BadReferenceError(RoadtuiError):
    """A reference that is not `NOTE.md:LINE[,LINE|A-B…]`."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task of a listing. The fields' order is that of the columns."""

    path: str
    """Relative to the vault, with `/`."""
    line: int
    """From 1."""
    status: str
    """The character between the brackets."""
    status_type: str
    heading: str
    """Titles from the outermost heading to the task's own, joined by ` > `; garbled symbols repaired."""
    text: str
    """What stands behind the box, as it is on disk."""


def list_tasks(snapshot: Snapshot, below: str, which: str | None, symbol: str | None) -> list[TaskRow]:
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
            kind = snapshot.statuses.type_of(task.status_symbol)
            if symbol not in (None, task.status_symbol) or (
                which is not None and not _is_wanted(kind, which)
            ):
                continue
            heading = heading_path(task.section)
            listed.append(TaskRow(path, task.line + 1, task.status_symbol, kind.value, heading, task.text))
    return listed


def _is_wanted(kind: StatusType, which: str) -> bool:
    return kind.is_open if which == "todo" else kind is StatusType.DONE


def write_listing(listed: Sequence[TaskRow], form: str, out: TextIO) -> None:
    """Write `listed` to `out` as `text`, `json`, `tsv` or `csv`.

    Nothing that a terminal acts on is written as it is: JSON escapes it, the others show a stand-in. Only in
    `text` are the words of a task shown repaired; the others are for programs, which want what is on disk.
    """
    if form == "json":
        import json
        from dataclasses import asdict  # For output as JSON only.

        json.dump([asdict(task) for task in listed], out, indent=2)
        out.write("\n")
    elif form == "text":
        for task in listed:
            out.write(escape_terminal(f"{task.path}:{task.line}  [{task.status}] {repair(task.text)}") + "\n")
    else:
        import csv

        separator = "\t" if form == "tsv" else ","
        writer = csv.writer(out, delimiter=separator, lineterminator="\n")
        writer.writerow(TaskRow.__slots__)
        for task in listed:
            writer.writerow(escape_terminal(str(getattr(task, name))) for name in TaskRow.__slots__)


def parse_reference(ref: str) -> tuple[str, list[int]]:
    """Split `NOTE.md:3,7-9` into the note and its lines, from 1, in order and each once.

    Raises:
        BadReferenceError: there is no such list of lines behind the last colon.
    """
    path, _, text = ref.rpartition(":")
    if not path or not _LINES.fullmatch(text):
        raise BadReferenceError(f"“{escape_terminal(ref)}” names no lines; write NOTE.md:3 or NOTE.md:3,7-9.")
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
