"""What a tick costs: one byte into a note, synced, against a bare `pwrite` and `fsync` of one byte.

python benchmarks/tick.py [ROUNDS] [--size BYTES] [--busy]

The goal is twice the bare write or less, and a lease that is held for less than 0.2 ms. `--busy` keeps a
second thread computing, as a screen that repaints does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from roadtui.vault.file_system import FileSystem, Lease
from roadtui.vault.writing import NoteWriter


class TimingSystem(FileSystem):
    """Measures how long each write lease is held."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0
        self.held: list[int] = []

    def lease(self, fd: int, kind: Lease) -> bool:
        if kind is Lease.WRITE:
            granted = super().lease(fd, kind)
            self.taken = time.perf_counter_ns()
            return granted
        answer = super().lease(fd, kind)
        self.held.append(time.perf_counter_ns() - self.taken)
        return answer


def timed(work: Callable[[], object]) -> int:
    start = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - start


def write_bare(fd: int) -> None:
    os.pwrite(fd, b"-", 0)
    os.fsync(fd)


def turn(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + (b"x" if data[at : at + 1] == b" " else b" ") + data[at + 1 :]


def measure(rounds: int, size: int, folder: Path) -> tuple[list[int], list[int], list[int]]:
    """Nanoseconds of bare writes, of ticks, and of leases; taken in turn, so that both see the same disk."""
    note = folder / "note.md"
    note.write_bytes((b"- [ ] a task\n" * (size // 13 + 1))[:size])
    system = TimingSystem()
    timed_writer, writer = NoteWriter(folder / "state", system=system), NoteWriter(folder / "state")
    bare, ticks = [], []
    for _ in range(rounds):
        fd = os.open(note, os.O_RDWR)
        bare.append(timed(partial(write_bare, fd)))
        os.close(fd)
        ticks.append(timed(lambda: writer.write(note, turn)))
        timed_writer.write(note, turn)
    return bare, ticks, system.held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("rounds", nargs="?", type=int, default=1000)
    parser.add_argument("--size", type=int, default=10_000, help="bytes of the note")
    parser.add_argument("--busy", action="store_true", help="keep a second thread computing")
    options = parser.parse_args()
    stop = threading.Event()

    def compute() -> None:
        while not stop.is_set():
            sum(range(1000))

    thread = threading.Thread(target=compute)
    if options.busy:
        thread.start()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        bare, ticks, held = measure(options.rounds, options.size, Path(folder))
    stop.set()
    held.sort()
    ratio = statistics.median(ticks) / statistics.median(bare)
    print(f"bare pwrite + fsync  {statistics.median(bare) / 1e3:8.1f} µs")
    print(f"tick                 {statistics.median(ticks) / 1e3:8.1f} µs   {ratio:.2f}x, goal 2x")
    for share in (0.5, 0.99):
        print(f"lease held, {share:3.0%}      {held[int(len(held) * share)] / 1e3:8.1f} µs")


if __name__ == "__main__":
    main()
