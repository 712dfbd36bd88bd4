"""What the preview costs: opening it, and a key in the tree beside it, in a real pty of 160x45.

The note has 5,000 tasks. Opening is timed from `v` to a line that only the preview shows: in a program that
has started some seconds ago, and again. Keys are timed to the paint of the tree, with the preview closed and
open in turn; the preview follows a frame later. The seconds of CPU, which a busy machine changes less, are of
the whole program: its threads, and the paint of the preview.

With `--hostile`, notes of 8 MB, of one line, of 500,000 `> ` and of a table of 500 columns follow.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks import processes
from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment
from benchmarks.vaults import make_vault

TASKS = 5_000
STARTS = 5
ROUNDS = 6
KEYS = 12
MANY_KEYS = 100
IDLE = 2.5
"""Seconds after which the program has imported what is likely to be used."""
QUIET = 0.3
"""Seconds without a byte after which the screen is taken to be at rest."""
SAME_PAINT = 0.004
"""Seconds without a byte after which a paint is taken to be over."""
BETWEEN_KEYS = 0.03
"""Seconds between two keys while the CPU is measured: the progress is not drawn meanwhile."""
SIGN = "Only the preview shows this"
PREVIEW, PROGRESS = "PREVIEW", "PROGRESS"


def note_of_tasks() -> str:
    """A note with a paragraph, and below headings 5,000 tasks with some inline Markdown."""
    lines = [f"{SIGN}, and **bold** words.", ""]
    for number in range(TASKS):
        if number % 50 == 0:
            lines += ["", f"## Section {number // 50}"]
        lines.append(f"{'  ' * (number % 3)}- [{' x/'[number % 3]}] Task {number} of *them*, see [[Other]]")
    return "\n".join(lines) + "\n"


def open_note(folder: Path, note: Path) -> Terminal:
    """The program on `note`, at rest."""
    env = environment(folder, PYTHONPATH=str(Path(__file__).parent.parent))
    terminal = Terminal([sys.executable, "-m", "roadtui", str(note)], env=env, cwd=folder)
    terminal.wait_for("○")
    terminal.wait_for("live", 60)
    terminal.run_for(IDLE)
    terminal.settle(QUIET)
    return terminal


def toggle(terminal: Terminal, sign: str) -> float:
    """Press `v`; seconds until `sign` is shown."""
    terminal.settle(QUIET)
    typed = terminal.send("v")
    return terminal.wait_for(sign) - typed


def time_key(terminal: Terminal, key: str) -> float:
    """Seconds from `key` to the end of the first paint."""
    terminal.settle(QUIET)
    before = len(terminal.chunks)
    typed = terminal.send(key)
    terminal.wait_until(lambda: len(terminal.chunks) > before)
    return terminal.settle(SAME_PAINT) - typed


def spent(terminal: Terminal, work: Callable[[], object]) -> float:
    """The seconds of CPU that the program takes for `work`, and until it is at rest again."""
    before = processes.cpu_seconds(terminal.pid)
    work()
    terminal.settle(QUIET)
    return processes.cpu_seconds(terminal.pid) - before


def press_many(terminal: Terminal) -> None:
    """Press `j` so often that the CPU of one can be told."""
    for _ in range(MANY_KEYS):
        terminal.send("j")
        terminal.run_for(BETWEEN_KEYS)


@dataclass
class Samples:
    """What was measured, in seconds, with the preview closed (0) and open (1)."""

    first: list[float] = field(default_factory=list)
    first_cpu: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    again_cpu: list[float] = field(default_factory=list)
    keys: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    keys_cpu: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))


def main() -> None:
    """Measure and print."""
    samples = Samples()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        note = folder / "vault" / "Tasks.md"
        note.parent.mkdir()
        note.write_text(note_of_tasks(), "utf-8")
        for _ in range(STARTS):
            with open_note(folder, note) as terminal:
                time_opening(terminal, samples.first, samples.first_cpu)
                time_opening(terminal, samples.again, samples.again_cpu)
        with open_note(folder, note) as terminal:
            for number in range(ROUNDS):
                is_open = number % 2
                samples.keys[is_open].extend(time_key(terminal, "j") for _ in range(KEYS))
                cpu = spent(terminal, partial(press_many, terminal)) / MANY_KEYS
                samples.keys_cpu[is_open].append(cpu)
                toggle(terminal, PROGRESS if is_open else PREVIEW)
        report(samples)
        if "--hostile" in sys.argv:
            hostile(folder)


def time_opening(terminal: Terminal, shown: list[float], cpu: list[float]) -> None:
    """Open the preview and close it; add to `shown` and `cpu` what opening took."""
    cpu.append(spent(terminal, lambda: shown.append(toggle(terminal, SIGN))))
    toggle(terminal, PROGRESS)


def report(samples: Samples) -> None:
    """Print the medians in milliseconds."""

    def row(name: str, goal: str, found: list[float], against: list[float] | None = None) -> Result:
        other = statistics.median(against) * 1e3 if against is not None else None
        return Result(name, statistics.median(found) * 1e3, "ms", goal, other)

    show(
        f"The preview of a note of {TASKS:,} tasks, {STARTS} starts",
        "preview closed",
        [
            row("first time, from the key", "< 150 ms", samples.first),
            row("  CPU", "", samples.first_cpu),
            row("again", "", samples.again),
            row("  CPU", "", samples.again_cpu),
            row("a key in the tree", "< 3 ms more", samples.keys[1], samples.keys[0]),
            row("  CPU", "", samples.keys_cpu[1], samples.keys_cpu[0]),
        ],
    )


def hostile(folder: Path) -> None:
    """Print the same of notes that are made to be slow: the preview, and keys while it is open."""
    results: list[Result] = []
    big = folder / "big"
    make_vault(big, 1, 8_000_000, 1)
    texts = {
        "8 MB": next(big.rglob("*.md")).read_text("utf-8"),
        "a line of 1 MB": f"- [ ] a\n- [ ] b\n\n{'word *a* [[b]] ' * 70_000}\n",
        "500,000 quotes": f"- [ ] a\n- [ ] b\n\n{'> ' * 500_000}end\n",
        "a table of 500 columns": "- [ ] a\n- [ ] b\n\n"
        + f"{'|a' * 500}|\n{'|-' * 500}|\n"
        + f"{'|1' * 500}|\n" * 50,
    }
    for title, text in texts.items():
        vault = folder / title.replace(" ", "-").replace(",", "")
        vault.mkdir()
        note = vault / "Note.md"
        note.write_text(text, "utf-8")
        with open_note(folder, note) as terminal:
            closed = [time_key(terminal, key) for key in "jkjkjkjk"]
            seconds = toggle(terminal, PREVIEW)
            opened = [time_key(terminal, key) for key in "jkjkjkjk"]
            terminal.settle(QUIET)
            at_rest = [time_key(terminal, key) for key in "jkjkjkjk"]
        results += [
            Result(f"{title}: opened", seconds * 1e3, "ms", ""),
            Result("  slowest key at once", max(opened) * 1e3, "ms", "", max(closed) * 1e3),
            Result(
                "  key after that",
                statistics.median(at_rest) * 1e3,
                "ms",
                "",
                statistics.median(closed) * 1e3,
            ),
        ]
    show("Notes that are made to be slow", "preview closed", results)


if __name__ == "__main__":
    main()
