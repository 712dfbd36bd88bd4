"""Repairs mojibake in notes on disk, and undoes the last repair.

The old lines are saved in the state folder before the first note is written. A note that changes in between
is left as it is.
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
from roadtui.core.markdown import content_hash, parse, split_byte_order_mark, split_lines
from roadtui.core.markdown.scanner import BlockScanner
from roadtui.core.mojibake import find_garbled
from roadtui.settings_file import read_plain_file
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem, replace_file
from roadtui.vault.reader import decode, encode, read_note
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.writing import NoteWriter

_LINK_FILE_NAME = re.compile(r"\[\[(?:[^\[\]|#]|\](?!\]))*|\]\([^()#]*")
"""The part of a link that names a file: the file itself may have a garbled name."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """The change of one line; both texts come without line end."""

    line: int
    """From 0."""
    before: str
    after: str


def garbled_lines(text: str) -> list[LineChange]:
    """The changes that repair the garbled symbols in `text`.

    Headings, paragraphs, items, tables and the frontmatter are repaired. Code and comments are not, as
    garbled text may be intended there, and neither are file names in links.
    """
    if text.isascii():
        return []
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    garbled = [number for number, line in enumerate(lines) if find_garbled(line)]
    if not garbled:
        return []
    prose = _prose(text, lines, garbled)
    changes = [
        LineChange(number, lines[number], _repaired_line(lines[number]))
        for number in garbled
        if number in prose
    ]
    return [change for change in changes if change.after != change.before]


def _prose(text: str, lines: Sequence[str], candidates: Sequence[int]) -> set[int]:
    """Numbers of the lines that are text or frontmatter, among `candidates` at least."""
    yaml = parse(text).frontmatter
    yaml_lines = yaml.count("\n") + 1 if yaml is not None else 0
    scanner = BlockScanner([split_byte_order_mark(lines[0])[1], *lines[1:]], link_lines=frozenset(candidates))
    scanner.run(yaml_lines + 1 if yaml is not None else 0)
    blocks = {number for block in scanner.linked.blocks() for number, _ in block}
    return blocks | set(range(1, yaml_lines + 1))


def _repaired_line(line: str) -> str:
    names = (found.span() for found in _LINK_FILE_NAME.finditer(line))
    hidden = (
        (one.start, one.end) for one in constructs(line) if one.kind in (Construct.CODE, Construct.COMMENT)
    )
    protected = deque(sorted((*hidden, *names)))
    parts: list[str] = []
    at = 0
    for garbled in find_garbled(line):
        start, end = garbled.span
        while protected and protected[0][1] <= start:
            protected.popleft()
        if not protected or protected[0][0] >= end:
            parts += (line[at:start], garbled.repaired)
            at = end
    return "".join((*parts, line[at:]))


def reverse_changes(changes: Sequence[LineChange]) -> list[LineChange]:
    """The changes that undo `changes`."""
    return [LineChange(change.line, change.after, change.before) for change in changes]


def apply_changes(changes: Sequence[LineChange], data: bytes) -> bytes:
    """Apply `changes` to the bytes of a note. Every byte outside their lines stays, line ends included.

    Raises:
        RefusedError: a line has changed since.
    """
    lines = split_lines(decode(data))
    for change in changes:
        now = lines[change.line] if change.line < len(lines) else None
        if now is None or now.rstrip("\r\n") != change.before:
            raise RefusedError(f"Not changed: line {change.line + 1} of this note has been changed since.")
        lines[change.line] = change.after + now[len(change.before) :]
    return encode("".join(lines))


Damage = Mapping[str, list[LineChange]]
"""The garbled lines of notes by path."""


class UndoError(RoadtuiError):
    """The undo of the last repair cannot be saved or read."""


@dataclass(frozen=True, slots=True)
class RepairResult:
    """The result of a repair, or of its undo, in one note."""

    path: str
    lines: tuple[int, ...]
    """The changed lines, from 1."""
    refusal: str = ""
    """Why nothing was changed; empty for a success."""


def find_damage(root: Path, notes: Iterable[VaultNote], limit: int) -> dict[str, list[LineChange]]:
    """Find the garbled lines of `notes`, by path. Unreadable and read-only notes are left out.

    Args:
        root: The vault.
        notes: The notes to search.
        limit: Notes larger than this, in bytes, are not read.
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
    """Repairs the notes of one vault, and saves what is needed to undo the repair."""

    def __init__(
        self, root: Path, writer: NoteWriter, state_folder: Path, system: FileSystem = REAL_FILE_SYSTEM
    ) -> None:
        self._root = root
        self._system = system
        self._writer = writer
        self._undo_file = state_folder / "mended" / f"{content_hash(os.fsencode(root)).hex()}.json"

    def repair(self, damage: Damage) -> Iterator[RepairResult]:
        """Repair the lines of `damage` on disk.

        Raises:
            UndoError: the undo cannot be saved; nothing was changed.
        """
        try:
            if damage:
                self._save_undo(damage)
        except OSError as error:
            folder, why = self._undo_file.parent, error.strerror
            raise UndoError(
                f"Nothing changed: the undo of the repair cannot be saved in {folder} ({why})."
            ) from error
        for path, changes in damage.items():
            yield self._write(path, changes)

    def undo(self) -> Iterator[RepairResult]:
        """Undo the last repair, in the notes whose lines are as the repair left them.

        Raises:
            UndoError: no repair is saved, or the saved repair cannot be read.
        """
        remaining = self._load_undo()
        for path, changes in list(remaining.items()):
            result = self._write(path, reverse_changes(changes))
            if not result.refusal:
                del remaining[path]
            yield result
        with suppress(OSError):  # A second undo of the same note is refused.
            if remaining:
                self._save_undo(remaining)
            else:
                self._system.unlink(self._undo_file)

    def _write(self, path: str, changes: list[LineChange]) -> RepairResult:
        try:
            self._writer.write(self._root / path, lambda data: apply_changes(changes, data))
        except RoadtuiError as error:
            return RepairResult(path, (), str(error))
        return RepairResult(path, tuple(change.line + 1 for change in changes))

    def _save_undo(self, damage: Damage) -> None:
        notes = {
            path: [[change.line, change.before, change.after] for change in changes]
            for path, changes in damage.items()
        }
        record = json.dumps({"vault": os.fspath(self._root), "notes": notes}, indent=1)
        replace_file(self._system, self._undo_file, record.encode("ascii"))

    def _load_undo(self) -> dict[str, list[LineChange]]:
        try:
            notes = json.loads(read_plain_file(self._undo_file))["notes"]
            return {
                str(path): [LineChange(int(line), str(before), str(after)) for line, before, after in changes]
                for path, changes in notes.items()
            }
        except FileNotFoundError as error:
            raise UndoError("There is no repair of this vault to undo.") from error
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise UndoError(f"{self._undo_file} cannot be read, so nothing was undone.") from error
