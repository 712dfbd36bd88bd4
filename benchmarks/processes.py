"""What a running program costs: memory and processor time, its children included. Linux only (``/proc``)."""

import time
from pathlib import Path
from typing import NamedTuple


class Memory(NamedTuple):
    """Resident memory in MB."""

    now: float
    peak: float


def memory(pid: int) -> Memory:
    """Resident memory of the process ``pid`` and of those that it started."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    )
    family = [Memory(_megabytes(status["VmRSS"]), _megabytes(status["VmHWM"])), *map(memory, _children(pid))]
    return Memory(sum(one.now for one in family), sum(one.peak for one in family))


def cpu_seconds(pid: int) -> float:
    """Processor time of the process ``pid`` and of those that it started, to the nanosecond."""
    # How Linux numbers another process's clock. /proc/PID/stat counts in 10 ms, too coarse for an idle one.
    clock = (~pid << 3) | 2
    return time.clock_gettime(clock) + sum(map(cpu_seconds, _children(pid)))


def main_thread_seconds(pid: int) -> float:
    """Processor time of the first thread of the process ``pid``, which handles keys and paints."""
    return int(Path(f"/proc/{pid}/task/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


def _megabytes(field: str) -> float:
    return int(field.removesuffix("kB")) / 1024


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]
