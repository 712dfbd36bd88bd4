"""Other programs edit a note while we tick tasks in it: whose edits get lost?

python -m benchmarks.hostile_writers [TICKS] [--only KIND] [--edits marks|lengths] [--refuse WHAT]
    [--seconds MOST] [--json]

Our side is the program without its screens: edits through `VaultSession`, `Vault` and `NoteWriter`, watcher,
and the guard against stale buffers. The other side (`hostile_program`) knows what it wrote and looks whether
it stands. Who saves a text that was read before our tick takes the tick with it, and no way of writing can
prevent that: such a tick has to be made again, or told. Each is looked at once more when that is long over.

A note is broken if a line of it is nobody's; a read is torn if `read_note` vouches for a text that is not
whole.
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, deque
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import product
from pathlib import Path
from time import monotonic

from benchmarks.hostile_program import DATE, OUR_NAMES, first_text, is_whole, tasks_of
from roadtui.config import Config
from roadtui.core.edits.edit import Edit
from roadtui.core.errors import RoadtuiError
from roadtui.core.note import Task
from roadtui.session.actions import TaskActions
from roadtui.session.listener import TransactionOrigin, WriteKind, WriteRequest
from roadtui.session.session import VaultSession
from roadtui.vault.commit import TransactionResult
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.file_system import FileSystem, Lease
from roadtui.vault.overwrite_guard import Loss, OverwrittenEdit
from roadtui.vault.reader import FileStamp, read_note
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter, Transform, WriteResult

NOTE = "note.md"
KINDS = ("in place", "node", "rename", "append", "held")
MODES = ("marks", "lengths")
"""Ticks of one byte, on both sides; or with a done date that comes and goes, and whole lines of theirs."""
REFUSALS = ("write lease", "lease", "exchange")
TODAY = date(2026, 11, 23)
SETTLED = 1.5
"""Seconds after which a tick stands, although others went on editing: the watcher needs a tenth of that."""
NOTICED = 1.0
"""Seconds after the other program's last edit in which the watcher has noticed it, and ours is made again."""
SETTLE_TRIES = 20
_PROGRAM = Path(__file__).with_name("hostile_program.py")


@dataclass(slots=True)
class Row:
    """What one kind of writer came to."""

    kind: str
    mode: str
    ticks: int = 0
    edits: int = 0
    """Theirs."""
    theirs_lost: int = 0
    broken: int = 0
    """Whether the note was whole at the end."""
    torn: int = 0
    """Reads of a text that was not whole, and was vouched for."""
    made_again: int = 0
    """Ticks of ours that a stale text took away, and that were written once more."""
    told: int = 0
    """Ticks that were given up, or refused, with a message."""
    lost_silently: int = 0
    waits: int = 0
    """How often a tick had to wait because the other program held the note."""
    conflicts: int = 0
    """Copies that were kept because two edits clashed."""
    told_copies: int = 0
    """Those of them that the user was told of."""
    theirs_late: int = 0
    """Edits of theirs that were missing at their next look and are in the note at the end."""
    theirs_copied: int = 0
    """Those that are in a copy beside the note."""
    theirs_out_of_order: int = 0
    """Lines on which an earlier edit of theirs, made in a displaced file, stands in place of a later one.
    Where the line says again what it said before both, nothing tells which of the two is the later one."""
    leftovers: int = 0
    """Files of ours beside the note at the end."""
    leave_took: float = 0.0
    """Seconds that the end of the program took."""
    ways: Counter[str] = field(default_factory=Counter)


class Refusing(FileSystem):
    """A system without the better ways of writing."""

    def __init__(self, refused: str | None) -> None:
        super().__init__()
        self.refused = refused

    def lease(self, fd: int, kind: Lease) -> bool:
        """No lease to write, or none at all."""
        if self.refused in ("lease", "exchange") or (self.refused is not None and kind is Lease.WRITE):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return super().lease(fd, kind)

    def exchange(self, one: Path, other: Path) -> None:
        """No exchange either."""
        if self.refused == "exchange":
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        super().exchange(one, other)


class CountingWriter(NoteWriter):
    """Counts the ways that are taken."""

    def __init__(self, state: Path, refused: str | None, ways: Counter[str]) -> None:
        super().__init__(state, system=Refusing(refused))
        self.ways = ways

    def write(self, path: Path, transform: Transform) -> WriteResult:
        """As `NoteWriter.write`."""
        written = super().write(path, transform)
        self.ways[written.strategy] += 1
        return written


class Ours:
    """The user: ticks, is told what the program tells, and looks whether what was saved still stands."""

    def __init__(self, folder: Path, refused: str | None, row: Row) -> None:
        self.row = row
        self.note = folder / "vault" / NOTE
        self.vault = Vault(
            self.note.parent,
            Config(done_dates=row.mode == "lengths" or None),
            lambda: CountingWriter(folder / "state", refused, row.ways),
        )
        self.keeper = VaultSession(self.vault, self, folder / "state")
        self.saved: dict[bytes, tuple[bytes, float]] = {}
        """By name of a task: the line that must stand, and since when."""
        self.next = deque(random.Random(2).sample(OUR_NAMES, len(OUR_NAMES)))

    # What the program tells (`SessionListener`)

    def view(self, snapshot: Snapshot) -> Snapshot:
        """Nothing is drawn."""
        return snapshot

    def open_path(self) -> str | None:
        """None is drawn."""
        return None

    def vault_changed(self, view: Snapshot, origin: TransactionOrigin) -> None:
        """Nothing is drawn."""

    async def ready_for_write(self) -> None:
        """Nothing is drawn."""

    def transaction_saved(
        self, request: WriteRequest, result: TransactionResult, view: Snapshot | None
    ) -> None:
        """Remember the line."""
        line = result.parts[-1].data.split(b"\n")[result.line]
        self.saved[line[6:].removesuffix(DATE)] = line, monotonic()
        if request.kind is WriteKind.REAPPLY:
            self.row.made_again += 1
        else:
            self.row.ticks += 1

    def transaction_waits(self, request: WriteRequest, error: RoadtuiError) -> None:
        """The program goes on trying."""
        self.row.waits += 1

    def transaction_refused(self, request: WriteRequest, error: RoadtuiError) -> None:
        """The user knows."""
        for edit in request.transaction.edits:
            self._is_told(edit)

    def reapply_pending(self, request: WriteRequest, overwritten: OverwrittenEdit) -> None:
        """Nothing is drawn."""

    def reapply_dropped(self, request: WriteRequest) -> None:
        """Nothing is drawn."""

    def edit_lost(self, edit: Edit, loss: Loss) -> None:
        """The user knows."""
        self._is_told(edit)

    def _is_told(self, edit: Edit) -> None:
        self.row.told += 1
        name = re.search(r"ours \d+", edit.title)
        assert name is not None
        self.saved.pop(name[0].encode(), None)

    def found(self, sentence: str) -> None:
        """Of a late edit."""
        self.row.told_copies += "is kept as" in sentence

    def nothing_to_undo(self, kind: WriteKind) -> None:
        """Nothing is undone here."""

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        """The watcher may restart."""

    # What the user does

    async def tick(self) -> None:
        """Turn the task that was not turned for longest, once its last tick is settled and was looked at."""
        name = self.next[0]
        self.next.rotate(-1)
        if name in self.saved:
            await asyncio.sleep(max(0.0, self.saved[name][1] + SETTLED - monotonic()))
        self.look([name], SETTLED)
        note = self.vault.snapshot.notes[NOTE]
        task = self.task(name)
        symbol = " " if task.status_symbol == "x" else "x"
        self.keeper.edits.submit(TaskActions.of(self.vault, TODAY).build("status", note, [task], symbol))
        await self.keeper.edits.finish(60)

    def task(self, name: bytes) -> Task:
        """The task as the screen would show it."""
        wanted = name.decode()
        tasks = self.vault.snapshot.notes[NOTE].note.tasks
        return next(task for task in tasks if task.text.removesuffix(DATE.decode()) == wanted)

    def look(self, names: list[bytes], age: float) -> None:
        """See whether the note is whole, and what was saved for these tasks `age` seconds ago stands."""
        try:
            found = read_note(self.note)
        except UnreadableNoteError:
            return
        if found.torn_risk:
            return
        if not is_whole(found.data):
            self.row.torn += 1
            return
        now = tasks_of(found.data)
        for name in names:
            line, since = self.saved.get(name, (now[name], 0.0))
            if now[name] != line and monotonic() - since > age:
                self.row.lost_silently += 1
                del self.saved[name]


def start(row: Row, note: Path) -> subprocess.Popen[bytes]:
    """The other program."""
    if row.kind == "node":
        command = ["node", str(_PROGRAM.with_suffix(".js")), row.mode, str(note), DATE.decode()]
    else:
        command = [sys.executable, str(_PROGRAM), row.kind, row.mode, str(note)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


async def edited(note: Path, other: subprocess.Popen[bytes]) -> None:
    """Wait for the first edit of the other program, which takes its time to start on a busy machine."""
    before = FileStamp.of(note.stat())
    while other.poll() is None and FileStamp.of(note.stat()) == before:
        await asyncio.sleep(0.001)


async def run(
    row: Row, ticks: int, refused: str | None, folder: Path, most_seconds: float = math.inf
) -> None:
    """Tick so often, or for so long, against one kind of writer, and fill in its row."""
    (folder / "vault").mkdir(parents=True)
    note = folder / "vault" / NOTE
    note.write_bytes(first_text())
    ours = Ours(folder, refused, row)
    await ours.keeper.load(None)
    work = [asyncio.create_task(ours.keeper.watch()), asyncio.create_task(ours.keeper.edits.run())]
    with start(row, note) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        try:
            await edited(note, other)
            until = monotonic() + most_seconds
            while row.ticks + row.told < ticks and monotonic() < until and other.poll() is None:
                await ours.tick()
                await asyncio.sleep(0.001)
            other.stdin.write(b"s")
            other.stdin.flush()
            await asyncio.sleep(NOTICED)
            for _ in range(SETTLE_TRIES):
                if not ours.vault.writer.is_unsettled:
                    break
                await asyncio.sleep(0.5)
            await ours.keeper.edits.finish(60)
            ours.look(list(OUR_NAMES), 0)
            row.broken = int(not is_whole(note.read_bytes()))
            row.leave_took = -monotonic()
            closing = await ours.keeper.close()
            row.leave_took += monotonic()
            row.leftovers = len([name for name in os.listdir(note.parent) if "roadtui" in name])
            row.told_copies += sum("is kept as" in sentence for sentence in closing)
            other.stdin.close()
            counts = json.loads(other.stdout.read())
            row.edits, row.theirs_lost, row.theirs_late, row.theirs_copied, row.theirs_out_of_order = counts
        finally:
            other.kill()
            for task in work:
                task.cancel()
            await asyncio.wait(work)
    row.conflicts = len(list(note.parent.glob("*conflict*")))


HEADS = (
    *("ticks", "edits", "theirs_lost", "broken", "torn", "made_again", "told", "lost_silently"),
    *("waits", "conflicts", "told_copies", "theirs_late", "theirs_copied"),
    *("theirs_out_of_order", "leftovers", "leave_took"),
)

WIDTH = 20
"""Of a column."""


def show(row: Row) -> None:
    """Print one row."""
    ways = ", ".join(f"{way} {count}" for way, count in row.ways.items())
    numbers = "".join(f"{getattr(row, head):>{WIDTH},.4g}" for head in HEADS)
    print(f"{row.kind:10}{row.mode:8}{numbers}  {ways}", flush=True)


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("ticks", nargs="?", type=int, default=10_000, help="ticks against each writer")
    parser.add_argument("--only", choices=KINDS, help="one kind of writer")
    parser.add_argument("--edits", choices=MODES, help="one kind of edits")
    parser.add_argument("--refuse", choices=REFUSALS, help="refuse this, and what is better")
    parser.add_argument("--seconds", type=float, default=math.inf, help="most seconds for each writer")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args()
    kinds = (
        [options.only] if options.only else [kind for kind in KINDS if kind != "node" or shutil.which("node")]
    )
    rows = []
    if not options.json:
        print(
            f"{'writer':10}{'edits':8}"
            + "".join(f"{head.replace('_', ' '):>{WIDTH}}" for head in HEADS)
            + "  ways"
        )
    for mode, kind in product([options.edits] if options.edits else MODES, kinds):
        rows.append(Row(kind, mode))
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            asyncio.run(run(rows[-1], options.ticks, options.refuse, Path(folder), options.seconds))
        if not options.json:
            show(rows[-1])
    if options.json:
        print(json.dumps([{one.name: getattr(row, one.name) for one in fields(row)} for row in rows]))


if __name__ == "__main__":
    main()
