"""The entries of the undo and redo lists as they are stored, and a queue of files for them.

The names in the JSON are those of version 0.1, so that its entries can still be read.
"""

from __future__ import annotations

import json
import os
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from roadtui.core.edits.edit import Edit, RestoreLines, SavedLines, Transaction, WholeNoteAnchor
from roadtui.core.edits.locate import Anchor, Anchorable
from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Section
from roadtui.settings_file import read_plain_file
from roadtui.vault.reader import decode

_DIGITS: Final = 8
"""Digits of the number at the start of the name of a queued entry's file."""

_ITEM, _SECTION = "item", "section"


class UndoEntry(NamedTuple):
    """One entry of the undo or redo list, as it is stored."""

    vault: str
    direction: str
    title: str
    """The title of the transaction, as JSON."""
    edits: tuple[tuple[str, bytes, str, str, str], ...]
    """For each edit its path (JSON), the note (compressed), the anchors, the lines and the files (JSON)."""
    clears_redo: bool = False
    """Whether adding the entry clears the redo list."""

    def transaction(self) -> Transaction | None:
        """The transaction to commit; None if the entry is damaged."""
        with suppress(ValueError, TypeError, IndexError, zlib.error):
            title = str(json.loads(self.title))
            edits = tuple(_edit(title, *row) for row in self.edits)
            return Transaction(title, edits) if edits else None
        return None


class QueuedEntries:
    """Entries that are queued, each in a file of its own, while another process is using the undo list."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, entry: UndoEntry) -> Path | None:
        """Write an entry, completely or not at all; its file, or None if that is not possible."""
        entry_id = max((int(file.name[:_DIGITS]) for file in self.read()), default=0) + 1
        name = f"{entry_id:0{_DIGITS}}-{os.urandom(4).hex()}"
        unfinished = self._folder / f"{name}.unfinished"
        edits = [[path, note.hex(), *others] for path, note, *others in entry.edits]
        try:
            self._folder.mkdir(exist_ok=True)
            unfinished.write_text(json.dumps([*entry._replace(edits=()), edits]), "ascii")
            return unfinished.rename(self._folder / f"{name}.json")
        except OSError:
            with suppress(OSError):
                unfinished.unlink()
            return None

    def read(self) -> dict[Path, UndoEntry]:
        """The queued entries by file, oldest first; entries that cannot be read or removed are left out."""
        found: dict[Path, UndoEntry] = {}
        if not os.access(self._folder, os.W_OK):
            return found
        with suppress(OSError):
            for file in sorted(file for file in self._folder.iterdir() if file.suffix == ".json"):
                with suppress(OSError, ValueError, TypeError):
                    int(file.name[:_DIGITS])
                    vault, direction, title, _, clears_redo, edits = json.loads(
                        read_plain_file(file).decode("ascii")
                    )
                    rows = tuple(
                        (path, bytes.fromhex(note), anchors, lines, files[0] if files else "")
                        for path, note, anchors, lines, *files in edits
                    )
                    found[file] = UndoEntry(vault, direction, title, rows, clears_redo)
        return found


def stored_edit(edit: Edit, data: bytes) -> tuple[bytes, str, str, str]:
    """The stored columns of one edit, apart from its path."""
    if not isinstance(edit.change, RestoreLines):
        raise ValueError("Only the inverse of an edit can be kept.")
    anchors: list[list[str | int]] | None = None
    if not isinstance(edit.anchors, WholeNoteAnchor):
        anchors = []
        for anchor in edit.anchors:
            if anchor.digest != content_hash(data):
                raise ValueError("An edit is kept with the note that it is anchored in.")
            kind = _SECTION if isinstance(anchor.content, Section) else _ITEM
            anchors.append([kind, anchor.content.index])
    files = ""
    if edit.creates_note or edit.deletes:
        files = json.dumps({"makes_note": edit.creates_note, "takes_away": edit.deletes})
    return zlib.compress(data, 1), json.dumps(anchors), json.dumps(edit.change.parts), files


def _edit(title: str, path: str, note: bytes, anchors: str, lines: str, files: str) -> Edit:
    """The edit of one stored row."""
    about_files = json.loads(files) if files else {}
    edit = _edit_of_text(title, json.loads(path), note, anchors, lines)
    return replace(
        edit,
        creates_note=bool(about_files.get("makes_note")),
        deletes=tuple(map(str, about_files.get("takes_away", ()))),
    )


def _edit_of_text(title: str, path: str, note: bytes, anchors: str, lines: str) -> Edit:
    data = zlib.decompress(note)
    digest = content_hash(data)
    parts = tuple(
        SavedLines(int(offset), tuple(map(str, seen)), tuple(map(str, original)))
        for offset, seen, original in json.loads(lines)
    )
    positions = json.loads(anchors)
    if positions is None:
        return Edit(path, title, WholeNoteAnchor(digest), RestoreLines(parts))
    parsed = parse(decode(data))
    contents: list[Anchorable] = [
        parsed.sections[index] if kind == _SECTION else parsed.items[index] for kind, index in positions
    ]
    if len(contents) != len(parts):
        raise ValueError("This row does not say where its lines belong.")
    found = tuple(Anchor(parsed, digest, content) for content in contents)
    return Edit(path, title, found, RestoreLines(parts))
