"""Filtering a note as a query is typed: from a key to the tree that it painted, in a real pty of 160x45.

The notes have 5,000 and 100,000 tasks. Line, tree and count are painted at once, with the rows that are found
by then; what the search still finds is painted later, and how long the slowest takes is given too. The report
on the row under the cursor is drawn in a thread; that comes later and is not counted.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.find_keys import until_idle
from benchmarks.processes import main_thread_seconds
from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment
from benchmarks.vaults import make_note

ROUNDS = 5
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


class KeyTimes(NamedTuple):
    """How long one key takes, in seconds."""

    paint: float
    """Until it has painted something."""
    cpu: float
    """Processor time of the program's own thread until then."""
    complete: float
    """Until the last of what it paints."""


def time_paint(terminal: Terminal, key: str) -> KeyTimes:
    """Type `key`, and wait until all is painted."""
    terminal.settle(0)
    seen = len(terminal.chunks)
    before = main_thread_seconds(terminal.pid)
    typed = terminal.send(key)
    terminal.wait_until(lambda: len(terminal.chunks) > seen)
    cpu = main_thread_seconds(terminal.pid) - before
    last = terminal.settle(QUIET)
    return KeyTimes(terminal.chunks[seen].at - typed, cpu, last - typed)


def rows_of(name: str, times: Sequence[KeyTimes], move: KeyTimes | None, goal: str) -> list[Result]:
    """The rows of the table for one kind of key; `move` is a cursor key of the same run, to compare."""
    paint, cpu = statistics.median(one.paint for one in times), statistics.median(one.cpu for one in times)
    rows = [
        Result(name, paint * 1e3, "ms", goal, against=move.paint * 1e3 if move else None),
        Result("  CPU of its own thread", cpu * 1e3, "ms", "", against=move.cpu * 1e3 if move else None),
        Result("  the slowest", max(one.paint for one in times) * 1e3, "ms", ""),
    ]
    if move is not None:
        rows.append(
            Result("  the slowest until all is found", max(o.complete for o in times) * 1e3, "ms", "")
        )
    return rows


def measure(tasks: int) -> list[Result]:
    """Type the queries in a note of so many tasks, with a move of the cursor to compare."""
    first: list[KeyTimes] = []
    moves: list[KeyTimes] = []
    times: dict[str, list[KeyTimes]] = {name: [] for name in QUERIES}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vault" / ".obsidian").mkdir(parents=True)
        note = Path(folder) / "vault" / "Plan.md"
        note.write_text(make_note_of(tasks), encoding="utf-8", newline="\n")
        command = [sys.executable, "-m", "roadtui", str(note)]
        for _ in range(ROUNDS):
            with Terminal(command, env=environment(Path(folder))) as terminal:
                terminal.wait_for("live", 60)
                until_idle(terminal)
                moves += [time_paint(terminal, "j") for _ in range(10)]
                for number, (name, query) in enumerate(QUERIES.items()):
                    terminal.time_key("/", 0.5, timeout=30)
                    found = [time_paint(terminal, key) for key in query]
                    first += found[:1] if number == 0 else []
                    times[name] += found[1:]
                    terminal.time_key("\x1b", 0.3, timeout=30)
    move = KeyTimes(*(statistics.median(values) for values in zip(*moves, strict=True)))
    rows = [*rows_of("a move of the cursor", moves, None, ""), *rows_of("the first key", first, move, FIRST)]
    for name, found_in in times.items():
        rows += rows_of(f"a further key, {name}", found_in, move, FURTHER)
    return rows


def main() -> None:
    """Measure and print, one size after the other."""
    for tasks in SIZES:
        rows = measure(tasks)
        show(f"Filter of a note of {tasks:,} tasks, 160x45, {ROUNDS} rounds", "a move of the cursor", rows)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
