"""Find the conflicts that a merge left in a note for its user to resolve. Pure.

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
    """One conflict that is not resolved."""

    markers: tuple[int, ...]
    """The lines of its markers, from 0: `<<<<<<<`, `|||||||` where the base is given, `=======`, `>>>>>>>`.

    A side may hold lines that look like `=======`; they are among them, as nothing tells which is which."""

    @property
    def start(self) -> int:
        """The line of `<<<<<<<`, from 0."""
        return self.markers[0]

    @property
    def end(self) -> int:
        """The line of `>>>>>>>`, from 0."""
        return self.markers[-1]


def find_conflicts(lines: Sequence[str]) -> tuple[MergeConflict, ...]:
    """The conflicts in `lines`, given with or without their ends.

    One inside a code block, from marker to marker, is an example and none.
    """
    found: list[MergeConflict] = []
    markers: list[int] = []
    is_parted = False
    fence = ""
    fences = fences_before = 0
    """How many lines opened or closed a code block: so far, and where the conflict starts."""
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
                markers, is_parted, fences_before = [number], False, fences
            case "|" if markers and not is_parted:
                markers.append(number)
            case "=" if markers:
                markers.append(number)
                is_parted = True
            case ">" if is_parted:
                if not (fence and fences == fences_before):
                    found.append(MergeConflict((*markers, number)))
                markers, is_parted = [], False
    return tuple(found)


class ConflictSides:
    """Tells on which side of which conflict a line is."""

    def __init__(self, conflicts: Sequence[MergeConflict]) -> None:
        self.markers = [line for conflict in conflicts for line in conflict.markers]
        """The lines of all markers, in order."""
        self._outside = {0}
        for conflict in conflicts:
            self._outside.add(max(self._outside) + len(conflict.markers))

    def part_of(self, line: int) -> int:
        """How many markers are above `line`: two lines with the same number have none between them."""
        return bisect_left(self.markers, line)

    def side_of(self, part: int) -> int | None:
        """The side that lines below `part` markers are on; None where they are in no conflict."""
        return None if part in self._outside else part
