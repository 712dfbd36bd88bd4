"""From exec to the first screen with tasks on it, then a key, memory and idling: against a bare app.

Both programs run in turn in a real pty of 160x45, so that whatever else the machine does meets both.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import notes, processes
from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment

ROUNDS = 7
KEYS = 12
IDLE_SECONDS = 3.0
QUIET = 0.3
"""Seconds without a byte after which a program is taken to have finished painting."""

ROOT = Path(__file__).parent.parent


@dataclass
class Samples:
    """What the rounds of one program measured: seconds, MB, and seconds of CPU per second."""

    first: list[float] = field(default_factory=list)
    key: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        note = notes.write_vault(Path(folder, "vault"))
        env = environment(Path(folder), PYTHONPATH=str(ROOT))
        ours = Samples(), (sys.executable, "-m", "roadtui", str(note)), notes.FIRST_TASK
        bare = Samples(), (sys.executable, "-m", "benchmarks.bare_app"), "row 0001"
        for number in range(ROUNDS + 1):
            warming_up = number == 0
            for samples, arguments, sign in (ours, bare):
                take(Samples() if warming_up else samples, arguments, sign, env)
        report(ours[0], bare[0])


def take(samples: Samples, arguments: Sequence[str], sign: str, env: dict[str, str]) -> None:
    """Start a program, wait for ``sign`` on its screen, and add what it cost to ``samples``."""
    with Terminal(arguments, env=env, cwd=ROOT) as terminal:
        terminal.settle(QUIET)
        samples.first.append(terminal.wait_for(sign) - terminal.started)
        for _ in range(KEYS):
            samples.key.append(terminal.time_key("j"))
        terminal.run_for(1.0)  # Some repaint a clock every second.
        spent = processes.cpu_seconds(terminal.pid)
        time.sleep(IDLE_SECONDS)
        samples.idle.append((processes.cpu_seconds(terminal.pid) - spent) / IDLE_SECONDS)
        now, peak = processes.memory(terminal.pid)
        samples.memory.append(now)
        samples.peak.append(peak)


def report(ours: Samples, bare: Samples) -> None:
    """Print the medians."""

    def row(name: str, goal: str, unit: str, factor: float, one: list[float], other: list[float]) -> Result:
        return Result(name, statistics.median(one) * factor, unit, goal, statistics.median(other) * factor)

    show(
        f"The seed-like note, 160x45, medians of {len(ours.first)} starts",
        "bare Textual app",
        [
            row("first screen", "ratio ≤ 1.25", "ms", 1e3, ours.first, bare.first),
            row("key to last byte", "ratio ≤ 1.3", "ms", 1e3, ours.key, bare.key),
            Result("the slowest key", max(ours.key) * 1e3, "ms", "", max(bare.key) * 1e3),
            row("memory", "≤ 50 MB", "MB", 1, ours.memory, bare.memory),
            row("memory at its peak", "", "MB", 1, ours.peak, bare.peak),
            row("idle", "≤ 0.2 % of a core", "%", 1e2, ours.idle, bare.idle),
        ],
    )


if __name__ == "__main__":
    main()
