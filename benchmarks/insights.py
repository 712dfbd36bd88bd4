"""Opening the insights with 10,000 completions: from the key to what it painted, 160x45.

The first time the drawing of lines is imported, while the numbers and all other pictures are shown already.
"""

import random
import statistics
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment

ROUNDS = 5
COMPLETIONS = 10_000
NOTES = 20
DAYS = 1500
QUIET = 0.6
"""Seconds without a byte after which all is taken to be painted."""
SETTLED = 2.5
"""Seconds after the start in which a user would have looked around."""


def make_vault(root: Path, today: date) -> Path:
    """Notes with `COMPLETIONS` dated ticks in all, and a third as many open tasks."""
    draw = random.Random(7)
    (root / ".obsidian").mkdir(parents=True)
    for note in range(NOTES):
        lines = ["# Plan"]
        for number in range(COMPLETIONS // NOTES):
            if number % 50 == 0:
                lines.append(f"## Section {number // 50}")
            done = today - timedelta(draw.randrange(DAYS))
            added = done - timedelta(draw.randrange(90))
            lines.append(f"- [x] step {number} ➕ {added} ✅ {done}")
            if number % 3 == 0:
                lines.append(f"- [ ] later {number} ➕ {today - timedelta(draw.randrange(DAYS))}")
        (root / f"Plan {note:02}.md").write_text("\n".join(lines) + "\n", "utf-8")
    return root / "Plan 00.md"


def main() -> None:
    """Measure and print."""
    names = "numbers of a note, first time", "with lines, first time", "of the vault, first time", "again"
    times: dict[str, list[float]] = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        note = make_vault(Path(folder, "vault"), date.today())
        for _ in range(ROUNDS):
            command = [sys.executable, "-m", "roadtui", str(note)]
            with Terminal(command, env=environment(Path(folder))) as terminal:
                terminal.wait_for("Section 0")
                terminal.settle(SETTLED)
                typed = terminal.send("i")
                lines = terminal.settle(QUIET) - typed
                seen = next(at for at, data in terminal.chunks if at > typed and b"WEEKDAYS" in data) - typed
                vault = terminal.time_key("v", QUIET)
                terminal.time_key("q", QUIET)
                for name, value in zip(
                    names, (seen, lines, vault, terminal.time_key("i", QUIET)), strict=True
                ):
                    times[name].append(value)
    show(
        f"Insights, {COMPLETIONS:,} completions in {NOTES} notes, 160x45, medians of {ROUNDS}",
        "",
        [Result(name, statistics.median(found) * 1e3, "ms", "≤ 150 ms") for name, found in times.items()],
    )


if __name__ == "__main__":
    main()
