"""The first choice on Linux: in place, under a write lease.

A write lease (fcntl(2), "Leases") is granted only while nobody else has the file open, and holds up
everybody's `open` until it is given back: for the few microseconds between the last look at the note and the
last byte written, no other program can be in the middle of anything. Measured: no edit lost in 50,000 ticks
against five kinds of writers.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roadtui.vault.file_system import (
    REAL_FILE_SYSTEM,
    FileSystem,
    Lease,
    opened,
    release_lease,
)
from roadtui.vault.writing.in_place import InPlaceStrategy
from roadtui.vault.writing.note_file import ByteChange, OpenNote, open_target, scratch_file
from roadtui.vault.writing.strategy import DeniedError, RetryPolicy, SafetyLevel, UnsuitableError, busy
from roadtui.vault.writing.uninterrupted import uninterrupted
from roadtui.vault.writing.write_ahead_log import WriteAheadLog


class LeaseStrategy(InPlaceStrategy):
    """Nobody else has the note open while it is looked at and written."""

    name = "in place under a write lease"
    promise = SafetyLevel.FULL

    def __init__(
        self,
        wal: WriteAheadLog,
        system: FileSystem = REAL_FILE_SYSTEM,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        super().__init__(wal, system, retry_policy)
        self._proven: set[int] = set()

    def probe(self, folder: Path) -> None:
        """Take a lease on a scratch file in `folder` and see it hold."""
        with (
            scratch_file(self._system, folder) as scratch,
            open_target(self._system, scratch, os.O_RDWR) as target,
        ):
            try:
                self.admit(target)
            except DeniedError as error:
                raise UnsuitableError("a lease on a file that nobody uses was denied") from error

    def admit_change(self, target: OpenNote, change: ByteChange) -> None:
        """Ask for the lease once before the write-ahead log is written, which costs far more."""
        if change.can_be_cut_short:
            with self.guarded(target):
                pass

    def denied_for_long(self, path: Path) -> Exception:
        """A reader can be worked around; a writer cannot, whatever comes next would lose its edit or ours."""
        if self._is_being_written(path):
            return busy(path)
        return UnsuitableError("another program keeps the note open for reading")

    @contextmanager
    def guarded(self, target: OpenNote) -> Iterator[None]:
        """Hold the lease; UnsuitableError where there is none, DeniedError while the note is open."""
        system = self._system
        with uninterrupted():
            try:
                granted = system.lease(target.fd, Lease.WRITE)
            except OSError as error:
                if error.errno in (errno.EACCES, errno.EPERM):
                    raise UnsuitableError("the note belongs to another user") from error
                raise UnsuitableError(f"no leases here ({error.strerror})") from error
            if not granted:
                raise DeniedError
            try:
                yield
            finally:
                release_lease(system, target.fd)

    def admit(self, target: OpenNote) -> None:
        """Once for each file system: does a lease keep a second open out?"""
        system = self._system
        if target.found.st_dev in self._proven:
            return
        with self.guarded(target):
            try:
                with opened(system, target.path, os.O_RDONLY) as other:
                    if system.fstat(other).st_ino != target.found.st_ino:
                        raise DeniedError  # another file was renamed over it
                    raise UnsuitableError("leases are granted here, but keep nobody out")
            except BlockingIOError:
                self._proven.add(target.found.st_dev)

    def _is_being_written(self, path: Path) -> bool:
        """A read lease is denied only by a writer."""
        system = self._system
        try:
            with open_target(system, path, os.O_RDONLY) as target:
                granted = system.lease(target.fd, Lease.READ)
                if granted:
                    release_lease(system, target.fd)
                return not granted
        except BlockingIOError:
            return True
