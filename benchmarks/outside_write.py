"""From another program's write to the repainted screen, against what the file watcher alone takes.

A letter of a visible task is replaced in place, again and again; in turn with it a file beside the vault is
written under a bare watchfiles with the same settings.
"""

import os
import queue
import statistics
import string
import sys
import tempfile
import threading
import time
from pathlib import Path

import watchfiles

from benchmarks import notes
from benchmarks.report import Result, show
from benchmarks.terminal import Terminal, environment

WRITES = 24
QUIET = 0.3
"""Seconds without a byte after which the screen is taken to be at rest."""


class BareWatcher:
    """watchfiles and nothing behind it: tells when it heard of a write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._heard: queue.Queue[float] = queue.Queue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        time.sleep(0.5)

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        self._thread.join()

    def time_write(self, path: Path, data: bytes) -> float:
        """Write ``data`` over the start of ``path``; seconds until the watcher yields."""
        written = replace_bytes(path, 0, data)
        return self._heard.get(timeout=10) - written

    def _watch(self) -> None:
        for _ in watchfiles.watch(
            self._folder, debounce=50, step=10, stop_event=self._stop, rust_timeout=100
        ):
            self._heard.put(time.perf_counter())


def replace_bytes(path: Path, offset: int, data: bytes) -> float:
    """Write ``data`` in place; when that began, on the clock of ``time.perf_counter``."""
    with path.open("rb+", buffering=0) as file:
        began = time.perf_counter()
        os.pwrite(file.fileno(), data, offset)
    return began


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        note = notes.write_vault(folder / "vault")
        beside = folder / "beside" / "file.md"
        beside.parent.mkdir()
        beside.write_text("A", encoding="ascii")
        watcher = BareWatcher(beside.parent)
        try:
            screen, heard = measure(note, beside, watcher, environment(folder))
        finally:
            watcher.close()
    show(
        f"A write from outside, medians of {WRITES}",
        "the watcher alone",
        [
            Result(
                "until it is on the screen",
                statistics.median(screen) * 1e3,
                "ms",
                "≤ 60 ms",
                statistics.median(heard) * 1e3,
            ),
            Result("the slowest", max(screen) * 1e3, "ms", "", max(heard) * 1e3),
        ],
    )


def measure(
    note: Path, beside: Path, watcher: BareWatcher, env: dict[str, str]
) -> tuple[list[float], list[float]]:
    """Seconds until each write was on the screen, and until the bare watcher heard of one."""
    # The word "Topic" of the first task becomes "TopiA", "TopiB" and so on.
    offset = note.read_bytes().index(notes.FIRST_TASK.encode()) + len("Topi")
    screen, heard = [], []
    with Terminal([sys.executable, "-m", "roadtui", note], env=env, cwd=note.parent) as terminal:
        terminal.wait_for(notes.FIRST_TASK)
        terminal.settle(2 * QUIET)
        for letter in string.ascii_uppercase[:WRITES]:
            written = replace_bytes(note, offset, letter.encode())
            screen.append(terminal.wait_for(f"Topi{letter} 1.1") - written)
            heard.append(watcher.time_write(beside, letter.encode()))
            terminal.settle(QUIET)
    return screen, heard


if __name__ == "__main__":
    main()
