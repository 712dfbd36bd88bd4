"""A vault of 10,000 notes: the first start, later starts, keys and ticks while it loads, memory, prompts.

python -m benchmarks big_vault

Each figure is held against a limit that is measured in the same run: reading the same files with `os.read`,
listing them with their stamps, a bare Textual app, `roadtui --version`. Programs run in real ptys.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks import processes
from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment
from benchmarks.vaults import make_vault

NOTES = 10_000
BYTES = 50_000_000
ROUNDS = 3
LATER_ROUNDS = 5
PROMPTS = 5
KEY_WAIT = 0.2
"""Seconds between two keys while the vault is read."""
IDLE_SECONDS = 5.0
LONG = 120.0
ROOT = Path(__file__).parent.parent
_TASK = re.compile("[○◐●⊘] ")
_IN_THE_TREE = 80
"""A column of the tree."""
_TREE_ROWS = slice(4, 40)
"""The rows of the screen that the tree has."""


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder, "vault")
        paths = make_vault(vault, NOTES, BYTES, seed=7)
        (vault / ".obsidian").mkdir()
        age(paths)
        BigVault(Path(folder), vault, paths).report()


def age(paths: list[Path]) -> None:
    """Make the notes a day old: a stamp of the last seconds is trusted by nobody."""
    yesterday = time.time() - 86_400
    for number, path in enumerate(paths):
        os.utime(path, (yesterday, yesterday - number))


class BigVault:
    """Runs the program on one vault and collects what that took."""

    def __init__(self, folder: Path, vault: Path, paths: list[Path]) -> None:
        """Measure in the vault that has the notes `paths`; homes of users are made in `folder`."""
        self._folder = folder
        self._vault = vault
        self._paths = paths
        self._homes = 0
        self._total = ""

    def report(self) -> None:
        """Measure everything, and print it."""
        reading, listing = best(self.read_all, 3), best(self.list_all, 5)
        bare = statistics.median(self.bare_start() for _ in range(5))
        home = self.new_home()
        version = self.command(home, "--version")
        before = time.perf_counter()
        self._total = self.output(home, "status", "--short", str(self._vault)).split()[0]
        first_command = time.perf_counter() - before
        prompt = self.command(home, "status", "--short", str(self._vault))
        following = self.command(home, "next", str(self._vault))
        first = [self.first_start() for _ in range(ROUNDS)]
        used = self.new_home()
        self.settled(used)
        later = [self.later_start(used) for _ in range(LATER_ROUNDS)]
        key, tick = self.while_loading()
        memory, idle = self.at_rest(used)
        first_memory, _ = self.at_rest(self.new_home())
        ms = 1e3
        show(
            f"{NOTES:,} notes of {BYTES / 1e6:.0f} MB in all, medians of {ROUNDS} starts",
            "limit",
            [
                Result(
                    "first screen, nothing remembered",
                    statistics.median(screen for screen, _ in first) * ms,
                    "ms",
                    "≤ 1.4x a bare app",
                    bare * ms,
                ),
                Result(
                    "everything read, first start",
                    statistics.median(whole for _, whole in first) * ms,
                    "ms",
                    "≤ 5x os.read",
                    reading * ms,
                ),
                Result(
                    "first screen, last note remembered",
                    statistics.median(screen for screen, _ in later) * ms,
                    "ms",
                    "≤ 0.15x a bare app",
                    bare * ms,
                ),
                Result(
                    "everything known, later start",
                    statistics.median(whole for _, whole in later) * ms,
                    "ms",
                    "≤ 3x scandir and stat",
                    listing * ms,
                ),
                Result(f"the slowest of {len(key)} keys while it loads", max(key) * ms, "ms", "≤ 50 ms"),
                Result("their median", statistics.median(key) * ms, "ms", ""),
                Result(f"the slowest of {len(tick)} ticks while it loads", max(tick) * ms, "ms", "≤ 100 ms"),
                Result("their median", statistics.median(tick) * ms, "ms", ""),
                Result("memory after a later start", memory, "MB", "≤ 150 MB"),
                Result("memory after a first start", first_memory, "MB", "≤ 150 MB"),
                Result("idle", idle * 100, "%", "≤ 0.3 % of a core"),
                Result("status --short", prompt * ms, "ms", "≤ 3x --version", version * ms),
                Result("next", following * ms, "ms", "", version * ms),
                Result("status --short, nothing kept yet", first_command * ms, "ms", "", version * ms),
            ],
        )

    # Limits

    def read_all(self) -> None:
        """Read every note."""
        for path in self._paths:
            fd = os.open(path, os.O_RDONLY)
            while os.read(fd, 1 << 20):
                pass
            os.close(fd)

    def list_all(self) -> None:
        """List every note with the status of its file."""
        for folder in [self._vault, *(path for path in self._vault.iterdir() if path.is_dir())]:
            with os.scandir(folder) as entries:
                for entry in entries:
                    os.stat(entry.path)

    def bare_start(self) -> float:
        """Seconds until a bare Textual app stands."""
        with self.terminal(self.new_home(), "-m", "benchmarks.bare_app") as terminal:
            return terminal.wait_for("row 0001") - terminal.started

    # The program

    def first_start(self) -> tuple[float, float]:
        """Seconds until the first tasks stand, and until all is read, of a user without a cache."""
        with self.roadtui(self.new_home(), self._vault) as terminal:
            screen = terminal.wait_for(_TASK, LONG) - terminal.started
            whole = terminal.wait_for(self._total, LONG) - terminal.started
            self.end(terminal)
            return screen, whole

    def settled(self, home: Path) -> None:
        """Use the program until everything is recorded and counted, so that it has saved its frame."""
        with self.roadtui(home, self._vault) as terminal:
            terminal.wait_for(self._total, LONG)
            terminal.wait_until(lambda: any((home / ".cache").rglob("*.frame")), LONG)
            self.end(terminal)

    def later_start(self, home: Path) -> tuple[float, float]:
        """Seconds until the first tasks stand, and until the numbers of all notes do."""
        with self.roadtui(home, self._vault) as terminal:
            screen = terminal.wait_for(_TASK, LONG) - terminal.started
            whole = terminal.wait_for(self._total, LONG) - terminal.started
            terminal.settle(2.0, LONG)
            self.end(terminal)
            return screen, whole

    def while_loading(self) -> tuple[list[float], list[float]]:
        """Seconds until a move of the cursor is shown, and until a tick is on disk, on a first start."""
        note = self._paths[0]
        with self.roadtui(self.new_home(), note, has_colours=True) as terminal:
            terminal.wait_for(_TASK, LONG)
            keys = list(self.keys(terminal))
            self.end(terminal)
        with self.roadtui(self.new_home(), note) as terminal:
            terminal.wait_for(_TASK, LONG)
            ticks = list(self.ticks(terminal, note))
            self.end(terminal)
        return keys, ticks

    def keys(self, terminal: Terminal) -> Iterator[float]:
        """Move the cursor down and up until all is read; the seconds of each move."""
        terminal.wait_until_drawn(lambda: cursor_row(terminal) is not None, LONG)
        number = 0
        while self._total not in terminal.text:
            before = cursor_row(terminal)
            typed = terminal.send("jk"[number % 2])
            yield terminal.wait_until_drawn(partial(has_moved, terminal, before), LONG) - typed
            terminal.run_for(KEY_WAIT)
            number += 1

    def ticks(self, terminal: Terminal, note: Path) -> Iterator[float]:
        """Tick and untick the task under the cursor until all is read; the seconds of each tick."""
        while self._total not in terminal.text:
            before = note.read_bytes()
            typed = terminal.send(" ")
            while note.read_bytes() == before:
                terminal.run_for(0.001)
                if time.perf_counter() - typed > LONG:
                    raise AssertionError(f"the tick was not written:\n{terminal.text}")
            yield time.perf_counter() - typed
            terminal.run_for(KEY_WAIT)
            self._total_changes(terminal)

    def _total_changes(self, terminal: Terminal) -> None:
        """Take the header's numbers once they stand: ticks change them."""
        if "reading" not in terminal.lines[0] and (found := re.search(r"\d+/\d{5,}", terminal.lines[0])):
            self._total = found[0]

    def at_rest(self, home: Path) -> tuple[float, float]:
        """MB of memory and the share of a core, once all is read and counted."""
        with self.roadtui(home, self._vault) as terminal:
            terminal.wait_until(lambda: bool(re.search(r"\d+/\d{6}", terminal.lines[0])), LONG)
            terminal.settle(5.0, 10 * LONG)
            spent = processes.cpu_seconds(terminal.pid)
            time.sleep(IDLE_SECONDS)
            idle = (processes.cpu_seconds(terminal.pid) - spent) / IDLE_SECONDS
            memory = processes.memory(terminal.pid).now
            self.end(terminal)
            return memory, idle

    def end(self, terminal: Terminal) -> None:
        """Leave as a user does."""
        terminal.send("q")
        terminal.wait_exit(LONG)

    # Commands

    def output(self, home: Path, *arguments: str) -> str:
        """What a command prints."""
        command = [sys.executable, "-m", "roadtui", *arguments]
        return subprocess.run(
            command, env=self.environment(home), cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def command(self, home: Path, *arguments: str) -> float:
        """The median of the seconds that a command takes."""
        self.output(home, *arguments)
        return statistics.median(timed(lambda: self.output(home, *arguments)) for _ in range(PROMPTS))

    # Helpers

    def new_home(self) -> Path:
        """The home of a user who has never started the program."""
        self._homes += 1
        home = self._folder / f"home {self._homes}"
        home.mkdir()
        return home

    def environment(self, home: Path) -> dict[str, str]:
        """The variables of the user whose home is `home`."""
        return environment(home, PYTHONPATH=str(ROOT))

    def roadtui(self, home: Path, target: Path, *, has_colours: bool = False) -> Terminal:
        """The program on a vault or note."""
        return self.terminal(home, "-m", "roadtui", str(target), has_colours=has_colours)

    def terminal(self, home: Path, *arguments: str, has_colours: bool = False) -> Terminal:
        """A Python program in a pty."""
        command = [sys.executable, *arguments]
        return Terminal(command, env=self.environment(home), cwd=ROOT, has_colours=has_colours)


def cursor_row(terminal: Terminal) -> int | None:
    """The row of the cursor in the tree: the one there with a background of its own; None without one."""
    inside = terminal.backgrounds(_IN_THE_TREE)[_TREE_ROWS]
    return next((row for row, colour in enumerate(inside) if inside.count(colour) == 1), None)


def has_moved(terminal: Terminal, before: int | None) -> bool:
    """Whether the cursor of the tree is in another row than `before`."""
    return cursor_row(terminal) != before


def timed(work: Callable[[], object]) -> float:
    """The seconds that `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def best(work: Callable[[], object], rounds: int) -> float:
    """The seconds of the quickest of `rounds` calls, after one that warms up."""
    work()
    return min(timed(work) for _ in range(rounds))


if __name__ == "__main__":
    main()
