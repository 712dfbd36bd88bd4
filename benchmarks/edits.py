"""From a key to the repainted screen, for each kind of edit, beside what moving the cursor takes.

A note of 5,000 tasks in a real pty of 160x45, alone in its vault, then among 2,000 other notes. Kinds and
cursor moves take turns, so that whatever else the machine does meets all of them. An edit is timed to the
first paint that shows it, with its prompt closed; that is before it is on disk.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment
from benchmarks.vaults import make_vault

ROUNDS = 5
TASKS = 5_000
OTHERS = 2_000
GOAL_MS = 16
QUIET = 0.25
"""Seconds without a byte after which the screen is taken to be at rest: the progress pane waits for less."""
_SECTION = 50
"""Tasks below each heading."""


class Kind(NamedTuple):
    """One kind of edit: what opens it, the key that does it, and what shows that it is done."""

    name: str
    before: str
    key: str
    shows: str


KINDS = (
    Kind("tick", "", " ", "● target"),
    Kind("due", "D2026-11-27", "\r", r"(?:○ target [^\n]*due Fri|\n +target +Fri)"),
    Kind("reword", "e again", "\r", "○ target again"),
    Kind("add", "aanother one", "\r", "○ another one"),
    Kind("child", "Aa child", "\r", r"▾ ○ target.*\n.*○ a child"),
    Kind("move down", "", "J", r"○ follower.*\n.*○ target"),
    Kind("indent", "", ">", r"▾ ○ first .*\n.*    ○ target"),
    Kind("delete", "", "d", r"○ first .*\n.*○ follower"),
)
IN_THE_TREE = "tab next pane"
"""In the key bar while no prompt is open."""
AS_EVER = r"    ○ first .*\n.*  ○ target  (?!.*Fri).*\n.*  ○ follower "


def big_note() -> str:
    """A note of `TASKS` tasks; the ones that are edited stand in its last section."""
    lines: list[str] = []
    for number in range(TASKS - 3):
        place = number % _SECTION
        if place == 0:
            lines += ["", f"## Section {number // _SECTION}"]
        lines.append(f"{'  ' * (place % 3)}- [{'x' if number % 4 == 0 else ' '}] Task {number} of them")
    lines += ["", "## Here", "- [ ] first", "- [ ] target", "- [ ] follower"]
    return "\n".join(lines) + "\n"


class Times(NamedTuple):
    """Seconds: each list holds a round an entry."""

    moves: list[float]
    shown: dict[str, list[float]]
    """By kind."""
    saved: dict[str, list[float]]


def measure(folder: Path, others: int) -> Times:
    """Time every kind in turn, each undone again, in a vault of so many other notes."""
    vault = folder / "vault"
    (vault / ".obsidian").mkdir(parents=True)
    note = vault / "Big.md"
    note.write_text(big_note(), encoding="utf-8")
    if others:
        make_vault(vault, others, 5_000 * others, seed=1)
    times = Times([], {kind.name: [] for kind in KINDS}, {kind.name: [] for kind in KINDS})
    argv = [sys.executable, "-m", "roadtui", "--today", "2026-11-22", str(note)]
    env = environment(folder, PYTHONPATH=str(Path(__file__).parent.parent))
    with Terminal(argv, env=env) as terminal:
        terminal.wait_for("live", timeout=60)
        terminal.settle(1.0, timeout=60)
        for turn in range(ROUNDS + 1):
            for kind in KINDS:
                move, shown, saved = take(terminal, kind, note)
                if turn:  # The first brings in what only edits need.
                    times.moves.append(move)
                    times.shown[kind.name].append(shown)
                    times.saved[kind.name].append(saved)
    return times


def take(terminal: Terminal, kind: Kind, note: Path) -> tuple[float, float, float]:
    """Seconds until a move of the cursor is painted, until an edit is, and until that is on disk."""
    terminal.send("G[j")
    terminal.settle(QUIET)
    move = terminal.time_key("j", QUIET)
    before = note.read_bytes()
    terminal.send(kind.before)
    terminal.settle(QUIET)
    typed = terminal.send(kind.key)
    terminal.wait_until(lambda: note.read_bytes() != before)
    terminal.settle(QUIET)
    shown = terminal.wait_for(re.compile(rf"{kind.shows}(?s:.*){IN_THE_TREE}")) - typed
    saved = note.stat().st_mtime - (time.time() - (time.perf_counter() - typed))
    terminal.send("u")
    terminal.wait_until(lambda: note.read_bytes() == before)
    terminal.wait_for(re.compile(AS_EVER))
    terminal.settle(QUIET)
    return move, shown, saved


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        alone, among = measure(Path(one), 0), measure(Path(many), OTHERS)
    for name, times in (("alone in its vault", alone), (f"among {OTHERS:,} notes", among)):
        move = statistics.median(times.moves) * 1e3
        show(
            f"Key to repaint, note of {TASKS:,} tasks {name}, medians of {ROUNDS}",
            "a move of the cursor",
            [
                Result(
                    kind.name, statistics.median(times.shown[kind.name]) * 1e3, "ms", f"≤ {GOAL_MS} ms", move
                )
                for kind in KINDS
            ],
        )


if __name__ == "__main__":
    main()
