"""Two edits of one text put together, line by line; pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from roadtui.core.diff import common_ends


@dataclass(frozen=True, slots=True)
class MergeHunk:
    """Lines `start` to `end` of the base become `lines`."""

    start: int
    end: int
    lines: tuple[bytes, ...]

    def clashes(self, other: MergeHunk) -> bool:
        """Whether the two touch the same lines, or put different lines into the same gap."""
        if self.start == self.end == other.start == other.end:
            return True
        return self.start < other.end and other.start < self.end


def merge(base: bytes, ours: bytes, theirs: bytes) -> bytes | None:
    """The base with both edits in it; None where they clash."""
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    lines = lines_of(base)
    our_hunks, their_hunks = _hunks(lines, lines_of(ours)), _hunks(lines, lines_of(theirs))
    if any(one != other and one.clashes(other) for one in our_hunks for other in their_hunks):
        return None
    merged: list[bytes] = []
    at = 0
    for hunk in sorted({*our_hunks, *their_hunks}, key=lambda hunk: (hunk.start, hunk.end)):
        merged += lines[at : hunk.start]
        merged += hunk.lines
        at = hunk.end
    merged += lines[at:]
    if not all(line.endswith(b"\n") for line in merged[:-1]):
        return None  # one side wrote on behind a last line that has no line end on the other
    return b"".join(merged)


def lines_of(text: bytes) -> list[bytes]:
    """Split it behind each LF; nothing else ends a line here, and nothing is lost."""
    pieces = text.split(b"\n")
    lines = [piece + b"\n" for piece in pieces[:-1]]
    return [*lines, pieces[-1]] if pieces[-1] else lines


def changes(base: bytes, other: bytes) -> list[tuple[tuple[bytes, ...], tuple[bytes, ...]]]:
    """What turns `base` into `other`: at each place the lines that go, and those that come."""
    lines = lines_of(base)
    return [(tuple(lines[hunk.start : hunk.end]), hunk.lines) for hunk in _hunks(lines, lines_of(other))]


def _hunks(base: list[bytes], other: list[bytes]) -> list[MergeHunk]:
    start, ending = common_ends(base, other)
    old, new = base[start : len(base) - ending], other[start : len(other) - ending]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        MergeHunk(start + i1, start + i2, tuple(new[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]
