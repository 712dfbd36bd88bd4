"""The real program in a terminal where there are no leases, and another one that edits the same note.

python -m benchmarks.leaseless_program [--rate 0.5|20|100|500 …] [--writer KIND …] [--edits ticks|longer …]
    [--seconds SECONDS] [--json]

The other program adds one numbered line for each edit; beyond 300 it takes away the oldest that it has seen.
It goes on until the program under test has ended. A row is right if nothing of ours is lost silently, and
nothing of theirs is lost or lies in the state folder only; a conflict copy that was told of is kept.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import json
import os
import random
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.terminal import Terminal, TerminalError, environment

WRITERS = ("in place", "node", "rename", "append")
EDITS = ("ticks", "longer")
RATES = (0.5, 20.0, 100.0, 500.0)
TASKS = 90
"""Ours, each of which is edited once."""
MOST_LINES = 300
HEADS = (
    *("ours", "ours_through", "ours_told", "theirs", "in_copies", "in_state_folder", "theirs_lost", "copies"),
    "quit_took",
)
LOGGED: dict[str, Callable[..., str]] = {
    "submit": lambda transaction: transaction.title,
    "transaction_refused": lambda request, error: request.transaction.title,
    "edit_lost": lambda edit, loss: edit.title,
    "notify": lambda message: message,
}
"""Methods of the app and of its listener that are logged, with what is logged of their arguments."""


@dataclass
class Row:
    """What one run came to."""

    writer: str
    edits: str
    rate: float
    """Edits of theirs a second, as asked for."""
    ours: int = 0
    ours_through: int = 0
    """Those that stand in the note at the end."""
    ours_told: int = 0
    """Those that do not, and the user knows."""
    lost_silently: list[str] = field(default_factory=list)
    theirs: int = 0
    in_copies: int = 0
    """Edits of theirs that lie in conflict copies that were told of."""
    in_state_folder: int = 0
    """Those that lie nowhere but in the state folder."""
    theirs_lost: int = 0
    removed: set[int] = field(default_factory=set)
    """Lines that the other program took away itself."""
    copies: int = 0
    quit_took: float = 0.0
    """Seconds."""

    @property
    def is_right(self) -> bool:
        """Whether nobody lost anything."""
        return not (self.lost_silently or self.in_state_folder or self.theirs_lost)


def run_program(events: Path, note: str) -> None:
    """Be the program under test, without leases."""
    real = fcntl.fcntl

    def without_leases(fd: int, command: int, *rest: Any) -> Any:
        if command == fcntl.F_SETLEASE:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return real(fd, command, *rest)

    fcntl.fcntl = without_leases  # type: ignore[assignment]
    run_logged(events, note)


def run_logged(events: Path, note: str) -> None:
    """Be the program under test, with a log of what it is asked and tells."""
    from roadtui.cli.main import main
    from roadtui.ui.app import RoadtuiApp
    from roadtui.ui.presenters.session_presenter import SessionPresenter

    log = events.open("a", buffering=1)

    def logged(name: str) -> None:
        owner = RoadtuiApp if hasattr(RoadtuiApp, name) else SessionPresenter
        method, title_of = getattr(owner, name), LOGGED[name]

        def call(self: Any, *rest: Any, **options: Any) -> Any:
            log.write(json.dumps([name, title_of(*rest)]) + "\n")
            return method(self, *rest, **options)

        setattr(owner, name, call)

    for name in LOGGED:
        logged(name)
    sys.argv = ["roadtui", note]
    main()


class OtherProgram:
    """Adds a line for each edit, and remembers which of them it took away."""

    def __init__(self, writer: str, note: Path) -> None:
        self.note = note
        self.write = getattr(self, writer.replace(" ", "_"))
        self.number = 0
        self.removed: list[int] = []
        self.random = random.Random(3)

    def edited(self, data: bytes) -> bytes | None:
        """The note with one line more; None where another writer's text is half there."""
        lines = data.split(b"\n")
        if b"## Theirs" not in lines:
            return None
        first = lines.index(b"## Theirs") + 1
        mine = sorted((int(line[7:]), line) for line in lines[first:] if line.startswith(b"theirs "))
        if len(mine) > MOST_LINES:
            lines.remove(mine[0][1])
            self.removed.append(mine[0][0])
        lines.insert(self.random.randrange(first, len(lines)), b"theirs %d" % self.number)
        return b"\n".join(lines)

    def append(self) -> bool:
        """As `>>` does."""
        with self.note.open("ab", buffering=0) as note:
            note.write(b"theirs %d\n" % self.number)
        return True

    def in_place(self) -> bool:
        """Read, truncate and write through one descriptor."""
        with self.note.open("r+b", buffering=0) as note:
            new = self.edited(note.read())
            if new is not None:
                note.seek(0)
                note.truncate()
                note.write(new)
        return new is not None

    def node(self) -> bool:
        """As Node's `readFileSync` and `writeFileSync`: two descriptors."""
        new = self.edited(self.note.read_bytes())
        if new is not None:
            self.note.write_bytes(new)
        return new is not None

    def rename(self) -> bool:
        """Write a new file and rename it over the note."""
        new = self.edited(self.note.read_bytes())
        if new is not None:
            beside = self.note.with_name(".their new file")
            beside.write_bytes(new)
            beside.rename(self.note)
        return new is not None

    def run(self, rate: float) -> None:
        """Edit until standard input says stop; print how many edits were made, and the lines removed."""
        due = time.monotonic()
        while not select.select([0], [], [], max(0.0, due - time.monotonic()))[0]:
            self.number += 1
            if not self.write():
                self.number -= 1
            due = max(due + 1 / rate, time.monotonic() - 0.05)
        print(json.dumps([self.number, self.removed]))


class User:
    """Edits one task after the other, as fast as the program takes it."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal

    def wait(self, seconds: float) -> None:
        """Let the program run."""
        until = time.monotonic() + seconds
        self.terminal.wait_until(lambda: time.monotonic() >= until, seconds + 5)

    def type(self, key: str, hint: str, text: str) -> None:
        """Open a prompt, which shows `hint`, and answer it; it stays open until the edit is written."""
        self.terminal.send(key)
        with suppress(TerminalError):
            self.terminal.wait_for(hint, 6)
            self.terminal.send(text + "\r")
            self.terminal.wait_until(lambda: hint not in self.terminal.text, 6)

    def tick(self, number: int) -> None:
        """Turn the next task."""
        self.terminal.send(" ")
        self.wait(0.2)
        self.terminal.send("j")
        self.wait(0.05)

    def edit(self, number: int) -> None:
        """Make an edit of more than one byte."""
        match number % 4:
            case 0:
                self.type("D", "try fri", "+2w")
            case 1:
                self.type("a", "enter with", f"mine {number}")
            case 2:
                self.terminal.send(">")
            case _:
                self.terminal.send("d")
        self.wait(0.35)
        self.terminal.send("j")
        self.wait(0.05)


def last_words(output: bytes) -> str:
    """What the program printed when its screen was gone."""
    words = output.decode(errors="replace").rpartition("\x1b[?1049l")[2]
    return re.sub(r"\x1b\[[0-9;?<>]*[a-zA-Z]", "", words)


def numbers_in(text: str) -> set[int]:
    """Which lines of the other program a text holds."""
    return {int(number) for number in re.findall(r"^theirs (\d+)$", text, re.MULTILINE)}


def stands(title: str, name: str, text: str) -> bool:
    """Whether one edit of ours stands in the note."""
    lines = [line for line in text.split("\n") if re.search(re.escape(name) + r"(?!\d)", line)]
    if title.startswith("delete"):
        return not lines
    if title.startswith(("add", "new")):
        return len(lines) == 1
    sign = "[x]" if title.startswith("tick") else "📅" if "due" in title else "\t"
    return any(sign in line or (sign == "\t" and line[:1] in " \t") for line in lines)


def take_stock(row: Row, home: Path, note: Path, events: Path, words: str) -> None:
    """Look where everybody's edits are."""
    text = note.read_text(errors="replace")
    log = [json.loads(line) for line in events.read_text().splitlines()]
    refused = {title for kind, title, *_ in log if kind in ("transaction_refused", "edit_lost")}
    told = words + "".join(title for kind, title, *_ in log if kind == "notify")
    deleted = {title for kind, title, *_ in log if kind == "submit" and title.startswith("delete")}
    for kind, title, *_ in log:
        name = re.search("“(.*)”", title)
        if kind != "submit" or name is None:
            continue
        row.ours += 1
        if stands(title, name[1], text) or any(name[0] in other and other != title for other in deleted):
            row.ours_through += 1
        elif title in refused or name[1] in words:
            row.ours_told += 1
        else:
            row.lost_silently.append(title)
    copies = [copy for copy in note.parent.glob("*(conflict *") if copy.name in told]
    in_copies = set().union(*(numbers_in(copy.read_text(errors="replace")) for copy in copies))
    state = [path for path in (home / ".local/state/roadtui").rglob("*") if path.is_file()]
    in_state = set().union(*(numbers_in(path.read_text(errors="replace")) for path in state))
    missing = set(range(1, row.theirs + 1)) - row.removed - numbers_in(text)
    row.copies = len(copies)
    row.in_copies = len(missing & in_copies)
    row.in_state_folder = len(missing & in_state - in_copies)
    row.theirs_lost = len(missing - in_state - in_copies)


def run(row: Row, seconds: float, folder: Path) -> None:
    """Edit for so long beside one kind of writer, quit, and fill in its row."""
    home, note, events = folder / "home", folder / "vault" / "Plan.md", folder / "events"
    home.mkdir()
    (note.parent / ".obsidian").mkdir(parents=True)
    tasks = "".join(f"- [ ] own {number}\n" for number in range(TASKS))
    note.write_text(f"# Plan\n\n{tasks}\n## Theirs\n\n")
    module = [sys.executable, "-m", "benchmarks.leaseless_program"]
    env = environment(home, PYTHONPATH=os.pathsep.join(sys.path))
    program: list[str | Path] = [*module, "--be-program", events, note]
    with Terminal(program, columns=120, rows=40, env=env, cwd=folder) as terminal:
        terminal.wait_for("own 5")
        terminal.wait_for("live")
        terminal.settle()
        command = [*module, "--be-other", str(note), "--writer", row.writer, "--rate", str(row.rate)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            user = User(terminal)
            user.wait(0.5)
            terminal.send("j")
            until = time.monotonic() + seconds
            number = 0
            while time.monotonic() < until:
                (user.tick if row.edits == "ticks" else user.edit)(number)
                number += 1
            for _ in range(2):
                terminal.send("\x1b")
                user.wait(0.3)
            row.quit_took = -terminal.send("q")
            terminal.wait_exit(30)
            row.quit_took += time.perf_counter()
            row.theirs, removed = json.loads(other.communicate(b"s")[0])
        row.removed = set(removed)
        take_stock(row, home, note, events, last_words(terminal.output))


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=float, nargs="+", default=RATES, help="edits of theirs a second")
    parser.add_argument("--writer", choices=WRITERS, nargs="+", default=WRITERS)
    parser.add_argument("--edits", choices=EDITS, nargs="+", default=EDITS, help="ours")
    parser.add_argument("--seconds", type=float, default=6, help="of editing, for each row")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    parser.add_argument("--be-program", type=Path, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--be-other", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.be_program:
        run_program(options.be_program[0], str(options.be_program[1]))
        return
    if options.be_other:
        OtherProgram(options.writer[0], options.be_other).run(options.rate[0])
        return
    if not options.json:
        print(f"{'':6}{'writer':10}{'edits':8}{'rate':>6}" + "".join(f"{head:>17}" for head in HEADS))
    rows = []
    for edits, writer, rate in product(options.edits, options.writer, options.rate):
        rows.append(row := Row(writer, edits, rate))
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            run(row, options.seconds, Path(folder))
        if not options.json:
            numbers = "".join(f"{getattr(row, head):>17.4g}" for head in HEADS)
            verdict = "right" if row.is_right else "wrong"
            print(f"{verdict:6}{writer:10}{edits:8}{rate:>6g}{numbers}", *row.lost_silently, flush=True)
    if options.json:
        print(json.dumps([asdict(row) | {"is_right": row.is_right} for row in rows], default=sorted))


if __name__ == "__main__":
    main()
