"""How long finding in the whole vault takes: a real terminal, 1,000 roadmaps with 100 tasks each.

python -m benchmarks find_keys

Of each key, the time from typing it to the last byte of the first repaint that it causes. What the search
still finds is painted later, and is not waited for here. The goals: the first results 50 ms after `ctrl+f`
or the first letter, each further key 16 ms.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.processes import cpu_seconds
from benchmarks.terminal import Terminal, environment
from benchmarks.vaults import make_vault

NOTES, TASKS = 1_000, 100
_BYTES_A_TASK = 161
_QUERY = "gradient"
_ROUNDS = 5
_FIRST, _FURTHER = 50.0, 16.0
"""The goals in milliseconds."""


def first_repaint(terminal: Terminal, key: str, timeout: float = 5) -> float:
    """Milliseconds from typing `key` to the first bytes that the program writes."""
    terminal.settle(0)
    seen = len(terminal.chunks)
    typed = terminal.send(key)
    terminal.wait_until(lambda: len(terminal.chunks) > seen, timeout)
    return (terminal.chunks[seen].at - typed) * 1e3


def until_shown(terminal: Terminal, key: str, wanted: str | re.Pattern[str]) -> float:
    """Milliseconds from typing `key` to the bytes that show `wanted`."""
    terminal.settle(0)
    assert terminal.lines, "draws what was written so far: later, it would hold up reading"
    typed = terminal.send(key)
    return (terminal.wait_for(wanted) - typed) * 1e3


def until_idle(terminal: Terminal, most: int = 120) -> None:
    """Wait until the history of the new vault is recorded and the views are counted."""
    for _ in range(most):
        before = cpu_seconds(terminal.pid)
        terminal.run_for(1)
        if cpu_seconds(terminal.pid) - before < 0.05:
            return


def report(name: str, values: list[float], goal: float) -> None:
    worst, median = max(values), statistics.median(values)
    print(f"{name:44} median {median:6.1f} ms   worst {worst:6.1f} ms   goal {goal:.0f} ms")


def main() -> None:
    """Measure, and print the figures."""
    program = Path(sys.executable).with_name("roadtui")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        vault = home / "vault"
        (vault / ".obsidian").mkdir(parents=True)
        make_vault(vault, NOTES, NOTES * TASKS * _BYTES_A_TASK, seed=7)
        note = vault / "area 00" / "roadmap 00000.md"
        env = environment(home)
        with Terminal([program, note], env=env, cwd=home) as terminal:
            terminal.wait_for("live", 60)
            until_idle(terminal)
            opened: list[float] = []
            first: list[float] = []
            further: list[float] = []
            moves: list[float] = []
            for _ in range(_ROUNDS):
                opened.append(until_shown(terminal, "\x06", "OPEN IN"))
                terminal.settle(0.3)
                first.append(until_shown(terminal, _QUERY[0], re.compile(r"[0-9](…| found)")))
                for key in _QUERY[1:]:
                    terminal.run_for(0.08)
                    further.append(first_repaint(terminal, key))
                terminal.wait_for(re.compile("[0-9] found"), 60)
                terminal.settle(0.5)
                terminal.send("\x1b[B")
                terminal.settle(0.2)
                for _ in range(8):
                    moves.append(first_repaint(terminal, "j"))
                    terminal.settle(0.1)
                terminal.send("\x1b")
                terminal.settle(0.4)
            report("ctrl+f until something is listed", opened, _FIRST)
            report("first letter until results are listed", first, _FIRST)
            report("further letter until the repaint", further, _FURTHER)
            report("cursor key in the results until the repaint", moves, _FURTHER)


if __name__ == "__main__":
    main()
