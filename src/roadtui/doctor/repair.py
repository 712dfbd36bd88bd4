"""The mending of garbled text on disk, and taking it back.

What is needed to take it back is on disk before the first note is touched. A note that changes in between is
left as it is.
"""

from __future__ import annotations

import json
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.inline import Construct, constructs
from roadtui.core.markdown import content_hash, parse, split_lines
from roadtui.core.markdown.scanner import BlockScanner
from roadtui.core.mojibake import find_garbled
from roadtui.settings_file import read_plain_file
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem, replace_file
from roadtui.vault.reader import decode, read_note
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.writing import NoteWriter

_NAME_OF_FILE = re.compile(r"\[\[(?:[^\[\]|#]|\](?!\]))*|\]\([^()#]*")
"""The part of a link that names the file, which may be called so."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line that is to become another; both without their line end."""

    line: int
    """From 0."""
    seen: str
    wanted: str


def garbled_lines(text: str) -> list[LineChange]:
    """The lines of `text` that hold garbled symbols, and what they would be.

    Headings, paragraphs, items, tables and the frontmatter are looked at. Code and comments are left alone,
    as who writes garbled text there may mean it; so is the name of the file that a link leads to.
    """
    if text.isascii():
        return []
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    garbled = [number for number, line in enumerate(lines) if find_garbled(line)]
    if not garbled:
        return []
    prose = _prose(text, lines, garbled)
    changes = [
        LineChange(number, lines[number], _mended(lines[number])) for number in garbled if number in prose
    ]
    return [change for change in changes if change.wanted != change.seen]


def _prose(text: str, lines: Sequence[str], wanted: Sequence[int]) -> set[int]:
    """Numbers of lines, of `wanted` at least, that are read as text or frontmatter."""
    yaml = parse(text).frontmatter
    body = yaml.count("\n") + 1 if yaml is not None else 0
    bom = lines[0][:1] if lines[0].startswith("\ufeff") else ""
    scanner = BlockScanner([lines[0][len(bom) :], *lines[1:]], bom=bom, link_lines=frozenset(wanted))
    scanner.run(body + 1 if yaml is not None else 0)
    blocks = {number for block in scanner.linked.blocks() for number, _ in block}
    return blocks | set(range(1, body + 1))


def _mended(line: str) -> str:
    names = (found.span() for found in _NAME_OF_FILE.finditer(line))
    hidden = (
        (one.start, one.end) for one in constructs(line) if one.kind in (Construct.CODE, Construct.COMMENT)
    )
    kept = deque(sorted((*hidden, *names)))
    parts: list[str] = []
    at = 0
    for garbled in find_garbled(line):
        start, end = garbled.span
        while kept and kept[0][1] <= start:
            kept.popleft()
        if not kept or kept[0][0] >= end:
            parts += (line[at:start], garbled.repaired)
            at = end
    return "".join((*parts, line[at:]))


def reverse_changes(changes: Sequence[LineChange]) -> list[LineChange]:
    """What takes `changes` back."""
    return [LineChange(change.line, change.wanted, change.seen) for change in changes]


def apply_changes(changes: Sequence[LineChange], data: bytes) -> bytes:
    """Make `changes` in the bytes of a note. Every byte outside their lines stays, line ends included.

    Raises:
        RefusedError: a line is no longer as it was seen; nothing is changed then.
    """
    lines = split_lines(data.decode("utf-8", "surrogateescape"))
    for change in changes:
        now = lines[change.line] if change.line < len(lines) else None
        if now is None or now.rstrip("\r\n") != change.seen:
            raise RefusedError(f"Not changed: line {change.line + 1} of this note has been changed since.")
        lines[change.line] = change.wanted + now[len(change.seen) :]
    return "".join(lines).encode("utf-8", "surrogateescape")


Damage = Mapping[str, list[LineChange]]
"""The garbled lines of notes by path."""


class UndoError(RoadtuiError):
    """What takes the last mending back cannot be kept or found."""


@dataclass(frozen=True, slots=True)
class RepairResult:
    """What became of one note."""

    path: str
    lines: tuple[int, ...]
    """From 1; those that were changed."""
    refusal: str = ""
    """Why nothing was changed; empty where it was."""


def find_damage(root: Path, notes: Iterable[VaultNote], limit: int) -> dict[str, list[LineChange]]:
    """Read the garbled lines of `notes`; one that cannot be read, or is shown only, has none.

    Args:
        root: The vault.
        notes: The notes to look at.
        limit: Size in bytes beyond which a note is not read.
    """
    damage: dict[str, list[LineChange]] = {}
    for note in notes:
        try:
            found = [] if note.label else garbled_lines(decode(read_note(root / note.path, limit).data))
        except UnreadableNoteError:
            continue
        if found:
            damage[note.path] = found
    return damage


class EncodingRepair:
    """Mends the notes of one vault, and remembers how they were."""

    def __init__(
        self, root: Path, writer: NoteWriter, state_folder: Path, system: FileSystem = REAL_FILE_SYSTEM
    ) -> None:
        self._root = root
        self._system = system
        self._writer = writer
        self._record = state_folder / "mended" / f"{content_hash(os.fsencode(root)).hex()}.json"

    def mend(self, damage: Damage) -> Iterator[RepairResult]:
        """Repair the lines of `damage` on disk.

        Raises:
            UndoError: what takes it back cannot be kept; nothing was changed.
        """
        try:
            if damage:
                self._remember(damage)
        except OSError as error:
            folder, why = self._record.parent, error.strerror
            raise UndoError(
                f"Nothing changed: what takes it back cannot be kept in {folder} ({why})."
            ) from error
        for path, changes in damage.items():
            yield self._write(path, changes)

    def undo(self) -> Iterator[RepairResult]:
        """Take the last mending back, in the notes whose lines are as it left them.

        Raises:
            UndoError: nothing is remembered.
        """
        left = self._remembered()
        for path, changes in list(left.items()):
            mended = self._write(path, reverse_changes(changes))
            if not mended.refusal:
                del left[path]
            yield mended
        with suppress(OSError):  # A note that is put back already is refused if it is asked for again.
            if left:
                self._remember(left)
            else:
                self._system.unlink(self._record)

    def _write(self, path: str, changes: list[LineChange]) -> RepairResult:
        try:
            self._writer.write(self._root / path, lambda data: apply_changes(changes, data))
        except RoadtuiError as error:
            return RepairResult(path, (), str(error))
        return RepairResult(path, tuple(change.line + 1 for change in changes))

    def _remember(self, damage: Damage) -> None:
        notes = {
            path: [[change.line, change.seen, change.wanted] for change in changes]
            for path, changes in damage.items()
        }
        record = json.dumps({"vault": os.fspath(self._root), "notes": notes}, indent=1)
        replace_file(self._system, self._record, record.encode("ascii"))

    def _remembered(self) -> dict[str, list[LineChange]]:
        try:
            notes = json.loads(read_plain_file(self._record))["notes"]
            return {
                str(path): [LineChange(int(line), str(seen), str(wanted)) for line, seen, wanted in changes]
                for path, changes in notes.items()
            }
        except FileNotFoundError as error:
            raise UndoError("There is no mending of this vault to take back.") from error
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise UndoError(f"{self._record} cannot be read, so nothing was taken back.") from error
