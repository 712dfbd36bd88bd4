"""Finds unresolved merge conflicts in a note. Pure.

Git, Mercurial, Subversion and diff3 write the same markers, each at the start of a line: seven of one
character, then a label. Only a full set in order is a conflict: `=======` alone underlines a heading.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

_MARKER = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: .*)?\s*\Z")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class MergeConflict(NamedTuple):
    """One unresolved merge conflict."""

    markers: tuple[int, ...]
    """The lines of its markers, from 0: `<<<<<<<`, `|||||||` where the base is given, `=======`, `>>>>>>>`.

    All lines that look like `=======` are included, although one of them may be text of a side."""

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
    found: list[MergeConflict] = []
    markers: list[int] = []
    has_separator = False
    fence = ""
    fences = fences_before = 0
    """The number of lines that opened or closed a code block: so far, and before the conflict."""
    for number, line in enumerate(lines):
        if opened := _FENCE.match(line):
            if not fence or (opened[1].startswith(fence) and not line.strip(" \t\r\n`~")):
                fence = "" if fence else opened[1]
                fences += 1
            continue
        marker = _MARKER.match(line)
        if marker is None:
            continue
        match marker[1][0]:
            case "<":
                markers, has_separator, fences_before = [number], False, fences
            case "|" if markers and not has_separator:
                markers.append(number)
            case "=" if markers:
                markers.append(number)
                has_separator = True
            case ">" if has_separator:
                if not (fence and fences == fences_before):
                    found.append(MergeConflict((*markers, number)))
                markers, has_separator = [], False
    return tuple(found)


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
