"""Filtering a note as a query is typed: from a key to the tree that it painted, in a real pty of 160x45.

The notes have 5,000 and 100,000 tasks. Line, tree and count are painted at once, with the rows that are found
by then; what the search still finds is painted later, and how long the slowest takes is given too. The report
on the row under the cursor is drawn in a thread; that comes later and is not counted.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment
from benchmarks.vaults import make_note

ROUNDS = 3
SIZES = (5_000, 100_000)
QUERIES = {"a word": "gradient desc", "terms": "is:open -linear", "letters of words": "pbty"}
BYTES_PER_TASK = 160
QUIET = 0.12
"""Seconds without a byte after which all is taken to be painted."""
MOST_BYTES = 8_000_000
"""Larger notes are not read by the program."""
FIRST, FURTHER = "≤ 50 ms", "≤ 16 ms"


def make_note_of(tasks: int) -> str:
    """A note of about so many tasks below headings, without prose."""
    text = make_note(random.Random(7), tasks * BYTES_PER_TASK)
    lines = (line for line in text.splitlines() if line.lstrip().startswith(("- ", "## ")))
    note = "\n".join(lines) + "\n"
    assert len(note.encode()) < MOST_BYTES
    return note


def time_paint(terminal: Terminal, key: str) -> tuple[float, float]:
    """Type `key`; seconds until it has painted something, and until the last of what it paints."""
    terminal.settle(0)
    seen = len(terminal.chunks)
    typed = terminal.send(key)
    terminal.wait_until(lambda: len(terminal.chunks) > seen)
    last = terminal.settle(QUIET)
    return terminal.chunks[seen].at - typed, last - typed


def measure(tasks: int) -> list[Result]:
    """Type the queries in a note of so many tasks, with a move of the cursor to compare."""
    first: list[float] = []
    moves: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in QUERIES}
    complete: dict[str, list[float]] = {name: [] for name in QUERIES}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vault" / ".obsidian").mkdir(parents=True)
        note = Path(folder) / "vault" / "Plan.md"
        note.write_text(make_note_of(tasks), encoding="utf-8", newline="\n")
        command = [sys.executable, "-m", "roadtui", str(note)]
        for _ in range(ROUNDS):
            with Terminal(command, env=environment(Path(folder))) as terminal:
                terminal.wait_for("live", 60)
                terminal.wait_for(re.compile("1 +Doing +[0-9]"), 120)  # The views are counted.
                terminal.settle(1)
                moves += [time_paint(terminal, "j")[0] for _ in range(10)]
                for number, (name, query) in enumerate(QUERIES.items()):
                    terminal.time_key("/", 0.5)
                    found = [time_paint(terminal, key) for key in query]
                    first += [found[0][0]] * (number == 0)
                    times[name] += [seconds for seconds, _ in found[1:]]
                    complete[name] += [seconds for _, seconds in found[1:]]
                    terminal.time_key("\x1b", 0.3)
    rows = [
        Result("the first key", statistics.median(first) * 1e3, "ms", FIRST),
        Result("a move of the cursor", statistics.median(moves) * 1e3, "ms", ""),
    ]
    for name, found_in in times.items():
        rows += [
            Result(f"a further key, {name}", statistics.median(found_in) * 1e3, "ms", FURTHER),
            Result("  the slowest", max(found_in) * 1e3, "ms", ""),
            Result("  the slowest until all is found", max(complete[name]) * 1e3, "ms", ""),
        ]
    return rows


def main() -> None:
    """Measure and print, one size after the other."""
    for tasks in SIZES:
        rows = measure(tasks)
        show(f"Filter of a note of {tasks:,} tasks, 160x45, {ROUNDS} rounds", "", rows)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
