"""One look at one note: what its bytes say, or why there are none. Reads the note; keeps nothing."""

from __future__ import annotations

from pathlib import Path
from time import time_ns
from typing import NamedTuple

from roadtui.core.digest import digest
from roadtui.core.markdown import parse
from roadtui.core.note import Note
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.reading import decode, is_utf16, read_note
from roadtui.vault.signature import Signature


class Look(NamedTuple):
    """What one look at a note found."""

    note: Note
    digest: bytes
    size: int
    """In bytes."""
    signature: Signature
    began_ns: int
    """When the reading began, of `time.time_ns`."""
    torn_risk: bool
    """See `NoteBytes.torn_risk`."""
    label: str
    """Why the note is shown but not written (`UTF-16`); empty for an ordinary note."""


def look(path: Path, limit: int, known: tuple[bytes, Note] | None = None) -> Look | UnreadableNoteError:
    """Read the note at `path`; an error where it cannot be read.

    Args:
        path: The note's file.
        limit: The most bytes to read.
        known: The digest and parse of the last look. The same bytes are not parsed again.
    """
    began_ns = time_ns()
    try:
        found = read_note(path, limit)
    except UnreadableNoteError as error:
        return error
    fingerprint = digest(found.data)
    label = "UTF-16" if is_utf16(found.data) else ""
    if known is not None and known[0] == fingerprint:
        note = known[1]
    else:
        note = parse(_utf16(found.data) if label else decode(found.data))
    return Look(note, fingerprint, len(found.data), found.signature, began_ns, found.torn_risk, label)


def _utf16(data: bytes) -> str:
    """The text of a note in UTF-16, with or without a byte order mark; good enough to be shown."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
