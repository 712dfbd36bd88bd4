"""Filtering a note of 5,000 tasks as a query is typed: from a key to the tree that it painted, 160x45.

Line, tree and count are painted at once. The report on the row under the cursor is drawn in a thread; that
comes later and is not counted. The texts of the note are read while the line opens.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment
from benchmarks.vaults import make_note

ROUNDS = 5
TASKS = 5_000
QUERIES = {"a word": "gradient desc", "terms": "is:open -linear", "letters of words": "pbty"}
BYTES_PER_TASK = 160
QUIET = 0.4
"""Seconds without a byte after which all is taken to be painted."""
GOAL = "≤ 16 ms"


def make_vault(root: Path) -> Path:
    """A vault with one note of `TASKS` tasks."""
    (root / ".obsidian").mkdir(parents=True)
    note = root / "Plan.md"
    text = make_note(random.Random(7), TASKS * BYTES_PER_TASK)
    note.write_text(text, encoding="utf-8", newline="\n")
    return note


def time_paint(terminal: Terminal, key: str) -> float:
    """Type `key`; seconds until it has painted something."""
    terminal.settle(0)
    typed = terminal.send(key)
    terminal.settle(QUIET)
    return next(chunk.at for chunk in terminal.chunks if chunk.at > typed) - typed


def main() -> None:
    """Measure and print."""
    first: list[float] = []
    moves: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in QUERIES}
    slowest: dict[str, float] = dict.fromkeys(QUERIES, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        note = make_vault(Path(folder, "vault"))
        command = [sys.executable, "-m", "roadtui", str(note)]
        for _ in range(ROUNDS):
            with Terminal(command, env=environment(Path(folder))) as terminal:
                terminal.wait_for("live")
                terminal.settle(1.5)
                moves += [time_paint(terminal, "j") for _ in range(10)]
                for number, (name, query) in enumerate(QUERIES.items()):
                    terminal.time_key("/", 1.5)
                    keys = [time_paint(terminal, key) for key in query]
                    first += keys[:1] * (number == 0)
                    times[name] += keys[1:]
                    slowest[name] = max(slowest[name], *keys[1:])
                    terminal.time_key("\x1b", 0.5)
    rows = [
        Result("the first key", statistics.median(first) * 1e3, "ms", ""),
        Result("a move of the cursor", statistics.median(moves) * 1e3, "ms", ""),
    ]
    for name, found in times.items():
        rows.append(Result(f"a further key, {name}", statistics.median(found) * 1e3, "ms", GOAL))
        rows.append(Result(f"the slowest key, {name}", slowest[name] * 1e3, "ms", ""))
    show(f"Filter of a note of {TASKS:,} tasks, 160x45, medians of {ROUNDS} rounds", "", rows)


if __name__ == "__main__":
    main()
