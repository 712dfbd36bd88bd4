"""Other programs edit a note while we tick tasks in it: whose edits get lost?

python benchmarks/hostile_writers.py [TICKS] [--only KIND] [--refuse WHAT] [--json]

One row for each kind of writer. "Lost" edits are those that stand in the note no more although nobody undid
them; where the other program writes back a text that it had read before our tick (node, rename), our tick is
lost to its stale text, which no way of writing can prevent: the vault watches for that and ticks again. A
note is broken if its text is nobody's; a read is torn if `read_note` vouches for a text that is not whole.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import random
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from roadtui.core.errors import RefusedError
from roadtui.vault.errors import NoteBusyError, UnreadableNoteError
from roadtui.vault.reading import NoteBytes, read_note
from roadtui.vault.system import Lease, System
from roadtui.vault.writing import NoteWriter, Outcome

LINES = 64
WHOLE = re.compile(
    rb"# note\n"
    rb"(?:- \[[ x]\] ours\n){64}"
    rb"(?:- \[[ x]\] theirs\n){64}"
    rb"(?:appended \d+\n)*"
)  # fmt: skip
OURS = len(b"# note\n")
OUR_LINE = len(b"- [ ] ours\n")
THEIRS = OURS + LINES * OUR_LINE
THEIR_LINE = len(b"- [ ] theirs\n")
MARK = len(b"- [")
REFUSALS = ("write lease", "lease", "exchange")
KINDS = ("in place", "node", "rename", "append", "held")

NODE = """
const fs = require('fs'), path = process.argv[1];
const [theirs, line, count] = process.argv.slice(2).map(Number);
const expected = new Map(); let edits = 0, lost = 0, stop = false;
process.stdin.on('data', () => { stop = true; });
const look = text => {
  for (const [at, mark] of expected) if (text[at] !== mark) { lost++; expected.set(at, text[at]); }
};
const step = () => {
  let text = fs.readFileSync(path, 'latin1');
  if (text.length >= theirs + line * count) {
    look(text);
    if (stop) { console.log(JSON.stringify([edits, lost])); process.exit(0); }
    const at = theirs + line * Math.floor(Math.random() * count) + 3, mark = text[at] === 'x' ? ' ' : 'x';
    fs.writeFileSync(path, text.slice(0, at) + mark + text.slice(at + 1), 'latin1');
    expected.set(at, mark); edits++;
  }
  setTimeout(step, 2 + Math.random() * 4);
};
step();
"""


def text() -> bytes:
    return b"# note\n" + b"- [ ] ours\n" * LINES + b"- [ ] theirs\n" * LINES


class Hostile:
    """The other program: it knows what it wrote, and looks whether it still stands there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.expected: dict[int, int] = {}
        self.edits = 0
        self.lost = 0
        self.random = random.Random(1)

    def look(self, data: bytes) -> None:
        for at, mark in self.expected.items():
            if data[at] != mark:
                self.lost += 1
                self.expected[at] = data[at]

    def choose(self, data: bytes) -> tuple[int, bytes]:
        """Look, then choose one mark to turn."""
        self.look(data)
        at = THEIRS + THEIR_LINE * self.random.randrange(LINES) + MARK
        mark = b" " if data[at : at + 1] == b"x" else b"x"
        self.expected[at] = mark[0]
        self.edits += 1
        return at, mark

    def in_place(self) -> None:
        """Read, truncate and write through one descriptor."""
        with self.path.open("r+b", buffering=0) as note:
            data = note.read()
            at, mark = self.choose(data)
            note.seek(0)
            note.truncate()
            note.write(data[:at])
            note.write(mark + data[at + 1 :])

    def rename(self) -> None:
        """Write a new file and rename it over the note."""
        data = self.path.read_bytes()
        at, mark = self.choose(data)
        new = self.path.with_name("their new file")
        new.write_bytes(data[:at] + mark + data[at + 1 :])
        new.rename(self.path)

    def append(self) -> None:
        """Add a line, as `>>` does."""
        with self.path.open("ab", buffering=0) as note:
            note.write(b"appended %d\n" % self.edits)
        self.edits += 1

    def held(self) -> None:
        """Keep the note open for a few edits."""
        with self.path.open("r+b", buffering=0) as note:
            for _ in range(self.random.randrange(1, 5)):
                at, mark = self.choose(os.pread(note.fileno(), 1 << 20, 0))
                os.pwrite(note.fileno(), mark, at)
                time.sleep(self.random.uniform(0.001, 0.003))

    def run(self, kind: str) -> None:
        """Edit until standard input says stop, then report on standard output."""
        edit: Callable[[], None] = getattr(self, kind.replace(" ", "_"))
        while not select.select([0], [], [], 0)[0]:
            edit()
            time.sleep(self.random.uniform(0.002, 0.006))
        data = self.path.read_bytes()
        self.look(data)
        if kind == "append":
            self.lost = self.edits - len(set(data[THEIRS + LINES * THEIR_LINE :].splitlines()))
        print(json.dumps([self.edits, self.lost]), flush=True)


@dataclass(slots=True)
class Row:
    """What one kind of writer came to."""

    kind: str
    ticks: int = 0
    edits: int = 0
    """Theirs."""
    ours_lost: int = 0
    theirs_lost: int = 0
    broken: int = 0
    torn: int = 0
    busy: int = 0
    """Ticks that were refused because the other program held the note."""
    conflicts: int = 0
    ways: dict[str, int] = field(default_factory=dict)


class Refusing(System):
    """A system without the better ways of writing."""

    def __init__(self, refused: str | None) -> None:
        super().__init__()
        self.refused = refused

    def lease(self, fd: int, kind: Lease) -> bool:
        if self.refused == "write lease" and kind is Lease.WRITE:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if self.refused in ("lease", "exchange"):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return super().lease(fd, kind)

    def exchange(self, one: Path, other: Path) -> None:
        if self.refused == "exchange":
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        super().exchange(one, other)


class Ours:
    """Our side: ticks at random, and looks whether earlier ticks still stand."""

    def __init__(self, note: Path, state: Path, refused: str | None, row: Row) -> None:
        self.note = note
        self.writer = NoteWriter(state, system=Refusing(refused))
        self.row = row
        self.expected: dict[int, int] = {}
        self.random = random.Random(2)

    def tick(self) -> None:
        at = OURS + OUR_LINE * self.random.randrange(LINES) + MARK

        def turn(data: bytes) -> bytes:
            if not WHOLE.fullmatch(data):
                raise RefusedError("This text is not whole.")
            return data[:at] + (b" " if data[at : at + 1] == b"x" else b"x") + data[at + 1 :]

        try:
            written = self.writer.write(self.note, turn)
        except NoteBusyError:
            self.row.busy += 1
            return
        except RefusedError:
            self.row.broken += 1
            self.note.write_bytes(text())
            self.expected.clear()
            return
        self.row.ticks += 1
        self.row.ways[written.strategy] = self.row.ways.get(written.strategy, 0) + 1
        self.look(written.before)
        self.expected[at] = written.after[at]

    def look(self, data: bytes) -> None:
        for at, mark in self.expected.items():
            if data[at] != mark:
                self.row.ours_lost += 1
                self.expected[at] = data[at]

    def read(self) -> None:
        try:
            found: NoteBytes = read_note(self.note)
        except UnreadableNoteError:
            return
        if not found.torn_risk and not WHOLE.fullmatch(found.data):
            self.row.torn += 1

    def finish(self) -> None:
        for told in self.writer.close():
            self.row.conflicts += told.outcome is Outcome.COPIED
        self.look(self.note.read_bytes())


def run_kind(kind: str, ticks: int, refused: str | None, folder: Path) -> Row:
    row = Row(kind)
    note = folder / "vault" / "note.md"
    note.parent.mkdir(parents=True)
    note.write_bytes(text())
    ours = Ours(note, folder / "state", refused, row)
    if kind == "node":
        command = ["node", "-e", NODE, str(note), str(THEIRS), str(THEIR_LINE), str(LINES)]
    else:
        command = [sys.executable, __file__, "--hostile", kind, str(note)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        while row.ticks + row.busy < ticks and other.poll() is None:
            ours.tick()
            ours.read()
            time.sleep(0.001)
        for _ in range(200):  # let what was displaced settle before the other program takes stock
            if not ours.writer.unsettled:
                break
            row.conflicts += sum(told.outcome is Outcome.COPIED for told in ours.writer.settle())
            time.sleep(0.05)
        other.stdin.write(b"s")
        other.stdin.close()
        row.edits, row.theirs_lost = json.loads(other.stdout.read())
    ours.finish()
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("ticks", nargs="?", type=int, default=10_000, help="ticks against each writer")
    parser.add_argument("--only", choices=KINDS, help="one kind of writer")
    parser.add_argument("--refuse", choices=REFUSALS, help="refuse this, and what is better")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--hostile", nargs=2, metavar=("KIND", "NOTE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.hostile:
        Hostile(Path(options.hostile[1])).run(options.hostile[0])
        return
    kinds = (
        [options.only] if options.only else [kind for kind in KINDS if kind != "node" or shutil.which("node")]
    )
    rows = []
    for kind in kinds:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            rows.append(run_kind(kind, options.ticks, options.refuse, Path(folder)))
    if options.json:
        print(json.dumps([asdict(row) for row in rows]))
        return
    heads = ("ticks", "edits", "ours_lost", "theirs_lost", "broken", "torn", "busy", "conflicts")
    print(f"{'writer':10}" + "".join(f"{head.replace('_', ' '):>13}" for head in heads) + "  ways")
    for row in rows:
        ways = ", ".join(f"{way} {count}" for way, count in row.ways.items())
        print(f"{row.kind:10}" + "".join(f"{getattr(row, head):>13}" for head in heads) + f"  {ways}")


if __name__ == "__main__":
    main()
