"""Bytes in, safely: whole notes, never half of one, and never a screen that hangs on a pipe.

A plain read beside a program that truncates and writes sees an emptied or half-written note. Where the kernel
grants a read lease (Linux, own file), nobody has the note open for writing while it is read, and whoever
wants to waits the few microseconds. Elsewhere a read is repeated until the note stood still around it, and
says so.
"""

from __future__ import annotations

import codecs
import errno
import os
import stat
from pathlib import Path
from time import time_ns
from typing import Final, NamedTuple

from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Note
from roadtui.vault.errors import Unreadable, UnreadableNoteError
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem, Lease, give_back, opened, read_all

_COARSEST_CLOCK_NS = 2_000_000_000
"""FAT keeps modification times in steps of two seconds; every other file system is finer."""


class FileStamp(NamedTuple):
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
    def of(cls, status: os.stat_result) -> FileStamp:
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


SIZE_LIMIT: Final = 8 * 1024 * 1024
WAITS: Final = (0.001, 0.002, 0.004, 0.008, 0.016)
"""Seconds between the attempts to read a note that somebody is writing; a bulk scan must not stall on one."""
NOT_DOWNLOADED: Final = 0x4000_0000
"""macOS `SF_DATALESS` (sys/stat.h): reading would fetch the file from the cloud."""
RECALLED_ON_READ: Final = 0x0040_0000
"""Windows `FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS`, the same for OneDrive."""


class NoteBytes(NamedTuple):
    """What one read found."""

    data: bytes
    signature: FileStamp
    torn_risk: bool
    """True where nothing proved that no other program was in the middle of writing: an emptied or shrunk note
    is then to be believed only if it is still so a second later."""


def read_note(path: Path, limit: int = SIZE_LIMIT, system: FileSystem = REAL_FILE_SYSTEM) -> NoteBytes:
    """The bytes of the note at `path`, links followed; UnreadableNoteError says why there are none."""
    try:
        for wait in (*WAITS, None):
            try:
                with opened(system, path, os.O_RDONLY) as fd:
                    found, stood_still = _read_once(path, fd, limit, system)
            except BlockingIOError:  # somebody holds a write lease, as our own writer does for a moment
                if wait is None:
                    raise
            else:
                if stood_still or wait is None:
                    return found
            system.sleep(wait)
    except BlockingIOError as error:
        raise UnreadableNoteError(path, Unreadable.BUSY) from error
    except OSError as error:
        raise UnreadableNoteError(path, _reason(error), error.strerror or "") from error
    raise AssertionError("the last attempt returns or raises")


def _read_once(path: Path, fd: int, limit: int, system: FileSystem) -> tuple[NoteBytes, bool]:
    """One read, under a read lease where there is one; and whether the note stood still around it.

    The signature is the one from before the read, so that what comes in between shows in the next stat.
    """
    _refuse_unfit(path, system.fstat(fd), limit)
    try:
        leased = system.lease(fd, Lease.READ)
        being_written = not leased
    except OSError:  # not our file, or a file system without leases
        leased = being_written = False
    try:
        before = system.fstat(fd)
        data = read_all(system, fd, before.st_size, limit)
        after = before if leased else system.fstat(fd)
    finally:
        if leased:
            give_back(system, fd)
    _refuse_unfit(path, after, limit)
    signature = FileStamp.of(before)
    stood_still = signature == FileStamp.of(after) and len(data) == before.st_size and not being_written
    return NoteBytes(data, signature, torn_risk=not leased or not stood_still), stood_still


def refuse_too_large(path: Path, found: os.stat_result, limit: int) -> None:
    """Raise UnreadableNoteError if the note at `path`, which is as `found`, has more than `limit` bytes."""
    if found.st_size > limit:
        sizes = f"{found.st_size / 1e6:.1f} MB, limit {limit / 1e6:.1f} MB"
        raise UnreadableNoteError(path, Unreadable.TOO_LARGE, sizes)


def _refuse_unfit(path: Path, found: os.stat_result, limit: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise UnreadableNoteError(path, Unreadable.NOT_A_FILE)
    refuse_too_large(path, found, limit)
    if (
        getattr(found, "st_flags", 0) & NOT_DOWNLOADED
        or getattr(found, "st_file_attributes", 0) & RECALLED_ON_READ
    ):
        raise UnreadableNoteError(path, Unreadable.NOT_HERE)


def _reason(error: OSError) -> Unreadable:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Unreadable.GONE
    if error.errno in (errno.EACCES, errno.EPERM):
        return Unreadable.DENIED
    if error.errno in (errno.ENXIO, errno.EISDIR, errno.ENODEV):
        return Unreadable.NOT_A_FILE
    return Unreadable.FAILED


def decode(data: bytes) -> str:
    """The text of a note. Bytes that are not UTF-8 become lone surrogates, a byte order mark stays as
    U+FEFF.
    """
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The exact inverse of `decode`."""
    return text.encode("utf-8", "surrogateescape")


def is_utf16(data: bytes) -> bool:
    """Whether the note is UTF-16 (or UTF-32), which is shown but never written.

    Told by its byte order mark, or by a NUL in every second of its first bytes.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    start = data[:64]
    return len(start) >= 4 and any(
        not any(start[parity::2]) and all(start[1 - parity :: 2]) for parity in (0, 1)
    )


class NoteRead(NamedTuple):
    """What one look at a note found."""

    note: Note
    digest: bytes
    size: int
    """In bytes."""
    signature: FileStamp
    began_ns: int
    """When the reading began, of `time.time_ns`."""
    torn_risk: bool
    """See `NoteBytes.torn_risk`."""
    label: str
    """Why the note is shown but not written (`UTF-16`); empty for an ordinary note."""


def read_and_parse(
    path: Path, limit: int, known: tuple[bytes, Note] | None = None
) -> NoteRead | UnreadableNoteError:
    """Read the note at `path`; an error where it cannot be read.

    Args:
        path: The note's file.
        limit: The most bytes to read.
        known: The digest and parse of the last look. The same bytes are not parsed again.
    """
    began_ns = time_ns()
    try:
        found = read_note(path, limit)
    except UnreadableNoteError as error:
        return error
    fingerprint = content_hash(found.data)
    label = "UTF-16" if is_utf16(found.data) else ""
    if known is not None and known[0] == fingerprint:
        note = known[1]
    else:
        note = parse(_utf16(found.data) if label else decode(found.data))
    return NoteRead(note, fingerprint, len(found.data), found.signature, began_ns, found.torn_risk, label)


def _utf16(data: bytes) -> str:
    """The text of a note in UTF-16, with or without a byte order mark; good enough to be shown."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
