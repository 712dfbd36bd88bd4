"""What another program's write at the same moment made of our one byte; pure.

Our byte was written at an offset of the text that we had read. If another text stood there by then, it may
have come down in another line, or behind the end of a text that was shorter.
"""

from __future__ import annotations

from dataclasses import dataclass

from roadtui.vault.writing.note_file import ByteChange


def is_made(found: bytes, change: ByteChange) -> bool:
    """Whether the line with our byte stands in the note, wherever it is by now, as often as it should."""
    line = _line_at(change.new, change.start)
    return _count(found, line) >= _count(change.new, line)


@dataclass(frozen=True, slots=True)
class Stray:
    """Our byte in a place that it was not made for."""

    repair: ByteChange | None
    """What takes it out again; None where nothing tells what stood there."""
    line: int
    """Where it is, from 1."""


def stray_in(found: bytes, change: ByteChange) -> Stray | None:
    """Our byte where it harms another text; None where it is not to be seen, or as it was meant.

    The line that it came down in is known from the text that we had read: with the byte that it has there, it
    is one of its lines. Behind the end of a shorter text the byte stands after zeros.
    """
    at, byte = change.start, change.new[change.start]
    if at >= len(found) or found[at] != byte:
        return None
    number = found.count(b"\n", 0, at) + 1
    text = found[:at].rstrip(b"\0")
    if at == len(found) - 1 and len(text) < at:
        return Stray(ByteChange.between(found, text), number)
    line = _line_at(found, at)
    known = set(change.base.split(b"\n"))
    if line in known or line == _line_at(change.new, change.start):
        return None
    column = at - (found.rfind(b"\n", 0, at) + 1)
    origins = {
        each
        for each in known
        if len(each) == len(line)
        and each[:column] == line[:column]
        and each[column + 1 :] == line[column + 1 :]
    }
    if len(origins) != 1:
        return Stray(None, number)
    (origin,) = origins
    repaired = found[:at] + origin[column : column + 1] + found[at + 1 :]
    return Stray(ByteChange.between(found, repaired), number)


def _line_at(text: bytes, at: int) -> bytes:
    start = text.rfind(b"\n", 0, at) + 1
    end = text.find(b"\n", at)
    return text[start : end if end >= 0 else len(text)]


def _count(text: bytes, line: bytes) -> int:
    return text.split(b"\n").count(line)
