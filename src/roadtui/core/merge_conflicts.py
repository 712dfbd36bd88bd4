"""Finds unresolved merge conflicts in a note. Pure.

Git, Mercurial, Subversion and diff3 write the same markers, each at the start of a line: seven of one
character, then a label. Only a full set in order is a conflict: `=======` alone underlines a heading.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

_MARKER = re.compile(r"(<{7,}|\|{7,}|={7,}|>{7,})(?: .*)?\s*\Z")
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})")
_OUTERMOST_SIZE: Final = 7
"""The number of characters of a marker, unless its conflict is inside another one."""


class MergeConflict(NamedTuple):
    """One unresolved merge conflict."""

    markers: tuple[int, ...]
    """The lines of its markers, from 0: `<<<<<<<`, `|||||||` where the base is given, `=======`, `>>>>>>>`.

    The markers of conflicts inside it are included, and all lines that look like `=======`, although one of
    them may be text of a side."""

    @property
    def start(self) -> int:
        """The line of `<<<<<<<`, from 0."""
        return self.markers[0]

    @property
    def end(self) -> int:
        """The line of `>>>>>>>`, from 0."""
        return self.markers[-1]


def find_conflicts(lines: Sequence[str]) -> tuple[MergeConflict, ...]:
    """The unresolved merge conflicts in `lines`, which come with or without their ends.

    Markers inside one code block are an example and do not count.
    """
    finder = _ConflictFinder()
    for number, line in enumerate(lines):
        if line[:1] in "<|=>`~ ":
            finder.see(number, line)
    return finder.conflicts()


@dataclass(slots=True)
class _OpenConflict:
    """A conflict whose end was not seen yet."""

    size: int
    """The number of characters of its markers."""
    first: int
    """The index of its first marker, of all markers."""
    fences_before: int
    has_separator: bool = False


class _ConflictFinder:
    """Sees the lines that begin with a marker or a fence, from the top.

    Conflicts can be nested. What git merged to get a common base may have conflicts of its own, which it
    writes with longer markers; those of a side that was committed with its conflict are as long as the outer
    ones.
    """

    def __init__(self) -> None:
        self._markers: list[int] = []
        self._open: list[_OpenConflict] = []
        """From the outermost to the innermost, so that none has shorter markers than the one before."""
        self._closed: list[tuple[int, int, int]] = []
        """Those that no other one encloses yet: the size, and the indices of the first marker and of the one
        after the last."""
        self._fence = ""
        self._is_indented = False
        """Whether the open code block is: it belongs to a list item, and ends with it at a marker."""
        self._fences = 0
        """The number of lines that opened or closed a code block."""

    def see(self, number: int, line: str) -> None:
        if fence := _FENCE.match(line):
            self._see_fence(fence[1], fence[2], line)
        elif marker := _MARKER.match(line):
            self._see_marker(number, marker[1])

    def conflicts(self) -> tuple[MergeConflict, ...]:
        return tuple(
            MergeConflict(tuple(self._markers[first:end]))
            for size, first, end in self._closed
            if size == _OUTERMOST_SIZE
        )

    def _see_fence(self, indent: str, fence: str, line: str) -> None:
        if not self._fence or (fence.startswith(self._fence) and not line.strip(" \t\r\n`~")):
            self._fence = "" if self._fence else fence
            self._is_indented = bool(indent)
            self._fences += 1

    def _see_marker(self, number: int, marker: str) -> None:
        size = len(marker)
        if self._is_indented:
            self._fence = ""
        if marker[0] == "<":
            del self._open[bisect_right(self._open, size, key=_size) :]
            self._open.append(_OpenConflict(size, len(self._markers), self._fences))
            self._markers.append(number)
            return
        if marker[0] == ">":
            self._close(number, size)
            return
        at = bisect_right(self._open, size, key=_size) - 1
        if at < 0 or self._open[at].size != size:
            return
        if marker[0] == "=":
            self._open[at].has_separator = True
        elif self._open[at].has_separator:
            return
        self._markers.append(number)

    def _close(self, number: int, size: int) -> None:
        end = bisect_right(self._open, size, key=_size)
        while end and self._open[end - 1].size == size and not self._open[end - 1].has_separator:
            end -= 1
        del self._open[end:]
        if not end or self._open[-1].size != size:
            return
        conflict = self._open.pop()
        self._markers.append(number)
        if self._fence and self._fences == conflict.fences_before:
            return
        while self._closed and self._closed[-1][1] >= conflict.first:
            self._closed.pop()
        self._closed.append((size, conflict.first, len(self._markers)))


def _size(conflict: _OpenConflict) -> int:
    return conflict.size


class ConflictSides:
    """Maps lines to the sides of merge conflicts."""

    def __init__(self, conflicts: Sequence[MergeConflict]) -> None:
        self.markers = [line for conflict in conflicts for line in conflict.markers]
        """The lines of all markers, in order."""
        self._outside = {0}
        for conflict in conflicts:
            self._outside.add(max(self._outside) + len(conflict.markers))

    def part_of(self, line: int) -> int:
        """The number of markers before `line`: lines with the same number have no marker between them."""
        return bisect_left(self.markers, line)

    def side_of(self, part: int) -> int | None:
        """The side of lines after `part` markers; None where they are outside any conflict."""
        return None if part in self._outside else part
