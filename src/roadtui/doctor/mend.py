"""The mending of garbled text on disk, and taking it back.

What is needed to take it back is on disk before the first note is touched. A note that changes in between is
left as it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from roadtui.core.digest import digest
from roadtui.core.errors import RoadtuiError
from roadtui.core.mending import LineChange, garbled_lines, inverse, make
from roadtui.settings_file import read_plain_file
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.reading import decode, read_note
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.writing import NoteWriter

Damage = Mapping[str, list[LineChange]]
"""The garbled lines of notes by path."""


class UndoError(RoadtuiError):
    """What takes the last mending back cannot be kept or found."""


@dataclass(frozen=True, slots=True)
class Mended:
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


class Mender:
    """Mends the notes of one vault, and remembers how they were."""

    def __init__(self, root: Path, writer: NoteWriter, state_folder: Path) -> None:
        self._root = root
        self._writer = writer
        self._record = state_folder / "mended" / f"{digest(os.fsencode(root)).hex()}.json"

    def mend(self, damage: Damage) -> Iterator[Mended]:
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

    def undo(self) -> Iterator[Mended]:
        """Take the last mending back, in the notes whose lines are as it left them.

        Raises:
            UndoError: nothing is remembered.
        """
        left = self._remembered()
        for path, changes in list(left.items()):
            mended = self._write(path, inverse(changes))
            if not mended.refusal:
                del left[path]
            yield mended
        with suppress(OSError):  # A note that is put back already is refused if it is asked for again.
            if left:
                self._remember(left)
            else:
                self._record.unlink()

    def _write(self, path: str, changes: list[LineChange]) -> Mended:
        try:
            self._writer.write(self._root / path, lambda data: make(changes, data))
        except RoadtuiError as error:
            return Mended(path, (), str(error))
        return Mended(path, tuple(change.line + 1 for change in changes))

    def _remember(self, damage: Damage) -> None:
        notes = {
            path: [[change.line, change.seen, change.wanted] for change in changes]
            for path, changes in damage.items()
        }
        unfinished = self._record.with_suffix(".unfinished")
        self._record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with unfinished.open("w", encoding="ascii") as file:
            json.dump({"vault": os.fspath(self._root), "notes": notes}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._record)

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
