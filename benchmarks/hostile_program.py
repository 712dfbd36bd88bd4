"""The other program of `hostile_writers`: edits its own lines of a note, and looks whether they stay.

python benchmarks/hostile_program.py KIND marks|lengths NOTE

Nothing of ours is imported: it knows the note by its lines alone. The first byte on standard input ends the
editing; at the end of the input it takes stock and prints how many edits it made, and how many were lost.
"""

from __future__ import annotations

import json
import os
import random
import re
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

BLOCKS = 32
"""Each is one line of theirs with some of ours below it."""
OURS_IN_BLOCK = 4
DATE = " ✅ 2026-11-23".encode()
MOST_ADDED = 500
"""Lines, so that the note does not grow for ever."""
_LINE = re.compile(rb"- \[[ x]\] ((?:ours|theirs) \d+)(?:" + DATE + rb")?|added \d+")
_TITLE = b"# note"

OUR_NAMES = tuple(b"ours %d" % number for number in range(BLOCKS * OURS_IN_BLOCK))
THEIR_NAMES = tuple(b"theirs %d" % number for number in range(BLOCKS))
_NAMES = [
    name
    for block in range(BLOCKS)
    for name in (THEIR_NAMES[block], *OUR_NAMES[block * OURS_IN_BLOCK : (block + 1) * OURS_IN_BLOCK])
]


def first_text() -> bytes:
    """The note before anybody edits it."""
    return b"\n".join([_TITLE, *(b"- [ ] " + name for name in _NAMES), b""])


def is_whole(data: bytes) -> bool:
    """Whether every line is one that somebody wrote, each task in its place, once."""
    title, *lines, last = data.split(b"\n")
    found = [_LINE.fullmatch(line) for line in lines]
    names = [match[1] for match in found if match is not None and match[1] is not None]
    return title == _TITLE and not last and None not in found and names == _NAMES


def tasks_of(data: bytes) -> dict[bytes, bytes]:
    """The line of each task, by its name."""
    found = (_LINE.fullmatch(line) for line in data.split(b"\n"))
    return {match[1]: match[0] for match in found if match is not None and match[1] is not None}


def _turned(line: bytes, *, with_date: bool) -> bytes:
    """A task's line ticked, or unticked."""
    name = line[6:].removesuffix(DATE)
    return b"- [ ] " + name if line[3:4] == b"x" else b"- [x] " + name + (DATE if with_date else b"")


class Hostile:
    """It knows what it wrote, and looks whether that still stands there."""

    def __init__(self, path: Path, *, lengths: bool) -> None:
        self.path = path
        self.lengths = lengths
        """Whether its edits change the length of the note."""
        self.expected: dict[bytes, bytes] = {}
        """Its tasks that it turned."""
        self.added: set[bytes] = set()
        self.edits = 0
        self.late = 0
        """Edits that were missing at its next look, and were there at a later one."""
        self.missed: list[bytes] = []
        """Lines that it wrote, that are missing as yet."""
        self.back: list[bytes] = []
        """Lines that it took away, that are there again as yet."""
        self.overdue: list[bytes] = []
        """Lines that were missing when it wrote the same again: its earlier edit may still come."""
        self.out_of_order = 0
        """Lines on which such an earlier edit came, and took the place of a later edit of its own."""
        self.random = random.Random(1)

    def look(self, data: bytes) -> None:
        """Count what stands there no more, or again, although nobody but us can have done that."""
        now, lines = tasks_of(data), set(data.split(b"\n"))
        added = {line for line in lines if line.startswith(b"added ")}
        self._see_what_came_late(lines)
        for name, line in self.expected.items():
            found = now.get(name, b"")
            if found == line:
                continue
            if found in self.overdue:
                self.overdue.remove(found)
                self.out_of_order += 1
            else:
                self.missed.append(line)
            self.expected[name] = found
        self.missed += sorted(self.added - added)
        self.back += sorted(added - self.added)
        self.added = added

    def _see_what_came_late(self, lines: set[bytes]) -> None:
        """What was missing and is there now was merged meanwhile: it is as it was made again."""
        for line in [line for line in self.missed if line in lines]:
            self.missed.remove(line)
            self.late += 1
            if line.startswith(b"added "):
                self.added.add(line)
            else:
                self.expected[line[6:].removesuffix(DATE)] = line
        for line in [line for line in self.back if line not in lines]:
            self.back.remove(line)
            self.late += 1
            self.added.discard(line)

    def edited(self, data: bytes) -> bytes:
        """Look, then make one edit."""
        self.look(data)
        self.edits += 1
        lines = data.split(b"\n")
        what = self.random.randrange(4) if self.lengths else 0
        if what == 1:
            line = b"added %d" % self.edits
            self.added.add(line)
            lines.insert(self.random.randrange(1, len(lines)), line)
        elif what == 2 and self.added:
            line = self.random.choice(sorted(self.added))
            self.added.remove(line)
            lines.remove(line)
        else:
            name = self.random.choice(THEIR_NAMES)
            line = tasks_of(data)[name]
            turned = self.expected[name] = _turned(line, with_date=self.lengths)
            if turned in self.missed:
                self.missed.remove(turned)
                self.overdue.append(turned)
            lines[lines.index(line)] = turned
        return b"\n".join(lines)

    def in_place(self) -> None:
        """Read, truncate and write through one descriptor."""
        with self.path.open("r+b", buffering=0) as note:
            new = self.edited(note.read())
            note.seek(0)
            note.truncate()
            middle = self.random.randrange(len(new))
            note.write(new[:middle])
            note.write(new[middle:])

    def rename(self) -> None:
        """Write a new file and rename it over the note."""
        new = self.path.with_name("their new file")
        new.write_bytes(self.edited(self.path.read_bytes()))
        new.rename(self.path)

    def append(self) -> None:
        """Add a line, as `>>` does; clear them away, through one descriptor, when there are many."""
        if len(self.added) == MOST_ADDED:
            with self.path.open("r+b", buffering=0) as note:
                data = note.read()
                self.look(data)
                note.seek(0)
                note.truncate()
                note.write(re.sub(rb"(?m)^added \d+\n", b"", data))
                self.added.clear()
        self.edits += 1
        self.added.add(b"added %d" % self.edits)
        with self.path.open("ab", buffering=0) as note:
            note.write(b"added %d\n" % self.edits)

    def held(self) -> None:
        """Keep the note open for a few edits."""
        with self.path.open("r+b", buffering=0) as note:
            for _ in range(self.random.randrange(1, 5)):
                new = self.edited(os.pread(note.fileno(), 1 << 24, 0))
                os.pwrite(note.fileno(), new, 0)
                os.ftruncate(note.fileno(), len(new))
                time.sleep(self.random.uniform(0.001, 0.003))

    def run(self, kind: str) -> None:
        """Edit until standard input says stop, take stock when it ends."""
        edit: Callable[[], None] = getattr(self, kind.replace(" ", "_"))
        while not select.select([0], [], [], 0)[0]:
            edit()
            time.sleep(self.random.uniform(0.002, 0.006))
        sys.stdin.buffer.read()
        self.look(self.path.read_bytes())
        copied = self.in_copies()
        lost = len(self.missed) + len(self.back) - copied
        print(json.dumps([self.edits, lost, self.late, copied, self.out_of_order]), flush=True)

    def in_copies(self) -> int:
        """How many of the missing edits a copy beside the note holds: there it stands, or is taken away."""
        copies = [set(copy.read_bytes().split(b"\n")) for copy in self.path.parent.glob("*(conflict *")]
        return sum(any(line in copy for copy in copies) for line in self.missed) + sum(
            any(line not in copy for copy in copies) for line in self.back
        )


if __name__ == "__main__":
    Hostile(Path(sys.argv[3]), lengths=sys.argv[2] == "lengths").run(sys.argv[1])
