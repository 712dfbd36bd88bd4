"""What tells one state of a file from another without reading it. Values only; no I/O."""

from __future__ import annotations

import os
from typing import NamedTuple

_COARSEST_CLOCK_NS = 2_000_000_000
"""FAT keeps modification times in steps of two seconds; every other file system is finer."""


class Signature(NamedTuple):
    """The parts of a `stat` that change when a file is written or replaced.

    A tuple and not a dataclass because a scan makes one for each of 10,000 notes and compares them all.
    """

    dev: int
    ino: int
    size: int
    """In bytes."""
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Signature:
        """The signature of what `os.stat` or `os.fstat` found."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @property
    def file(self) -> tuple[int, int]:
        """Which file it is, at whatever path; a new file may get the number of a deleted one."""
        return self.dev, self.ino

    def may_hide_a_change(self, read_at_ns: int) -> bool:
        """Whether a write after a read at `read_at_ns` (of `time.time_ns`) could have left this signature.

        So it is while the file was modified within two seconds of the read: read it once more later.
        A time far in the future says nothing, and would have the note read for ever.
        """
        return abs(read_at_ns - self.mtime_ns) < _COARSEST_CLOCK_NS
