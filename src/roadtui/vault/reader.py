"""Reads notes safely: never half of a note as if it were whole, and never blocking on a pipe.

A plain read during another program's write may find an empty or half-written note. Where the kernel grants a
read lease (Linux, own files), no program has the note open for writing while it is read, and a program that
opens it waits for a few microseconds. Elsewhere a read is repeated until the file does not change during it,
and the result says that it may be torn.
"""

from __future__ import annotations

import codecs
import errno
import os
import stat
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from time import time_ns
from typing import Final, NamedTuple

from roadtui.core.markdown import content_hash, parse
from roadtui.core.note import Note
from roadtui.vault.errors import Unreadable, UnreadableNoteError
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem, Lease, opened, read_all, release_lease

_NO_CONTEXT: Final = nullcontext()
_COARSEST_CLOCK_NS = 2_000_000_000
"""FAT has modification times in steps of two seconds; every other file system is finer."""


class FileStamp(NamedTuple):
    """The parts of a file's status that change when the file is written or replaced.

    A tuple and not a dataclass, as a scan makes and compares one for each of 10,000 notes.
    """

    dev: int
    ino: int
    size: int
    """In bytes."""
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> FileStamp:
        """The stamp of a result of `os.stat` or `os.fstat`."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    @property
    def file(self) -> tuple[int, int]:
        """Device and inode, which identify a file at any path; a new file may get those of a deleted one."""
        return self.dev, self.ino

    def is_racy(self, read_at_ns: int) -> bool:
        """Whether a write after a read at `read_at_ns` (`time.time_ns`) could have left the same stamp.

        That is so if the file was modified within two seconds of the read: it has to be read again later. A
        modification time far in the future does not count, as the note would be read again forever.
        """
        return abs(read_at_ns - self.mtime_ns) < _COARSEST_CLOCK_NS


SIZE_LIMIT: Final = 8 * 1024 * 1024
WAITS: Final = (0.001, 0.002, 0.004, 0.008, 0.016)
"""Seconds between attempts to read a note that another program is writing; short, for scans of many notes."""
NOT_DOWNLOADED: Final = 0x4000_0000
"""macOS `SF_DATALESS` (sys/stat.h): reading would download the file from the cloud."""
RECALLED_ON_READ: Final = 0x0040_0000
"""Windows `FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS`, the same for OneDrive."""


class NoteBytes(NamedTuple):
    """The result of reading a note."""

    data: bytes
    stamp: FileStamp
    torn_risk: bool
    """Whether another program may have been writing: an emptied or shrunk note then has to be confirmed by a
    second read."""


def read_note(path: Path, limit: int = SIZE_LIMIT, system: FileSystem = REAL_FILE_SYSTEM) -> NoteBytes:
    """Read the note at `path`, following links.

    Raises:
        UnreadableNoteError: the note cannot be read.
    """
    try:
        for wait in (*WAITS, None):
            try:
                with opened(system, path, os.O_RDONLY) as fd:
                    found, was_stable = _read_once(path, fd, limit, system)
            except BlockingIOError:  # Another process has a write lease, as the program's own writer.
                if wait is None:
                    raise
            else:
                if was_stable or wait is None:
                    return found
            system.sleep(wait)
    except BlockingIOError as error:
        raise UnreadableNoteError(path, Unreadable.BUSY) from error
    except OSError as error:
        raise UnreadableNoteError(path, _reason(error), error.strerror or "") from error
    raise AssertionError("the last attempt returns or raises")


def _read_once(path: Path, fd: int, limit: int, system: FileSystem) -> tuple[NoteBytes, bool]:
    """Read once, under a read lease if possible; the result, and whether the file did not change during it.

    The stamp is from before the read, so that the next scan notices a change during it.
    """
    _refuse_unreadable(path, system.fstat(fd), limit)
    try:
        leased = system.lease(fd, Lease.READ)
        being_written = not leased
    except OSError:  # Another user's file, or a file system without leases.
        leased = being_written = False
    try:
        before = system.fstat(fd)
        data = read_all(system, fd, before.st_size, limit)
        after = before if leased else system.fstat(fd)
    finally:
        if leased:
            release_lease(system, fd)
    _refuse_unreadable(path, after, limit)
    stamp = FileStamp.of(before)
    was_stable = stamp == FileStamp.of(after) and len(data) == before.st_size and not being_written
    return NoteBytes(data, stamp, torn_risk=not leased or not was_stable), was_stable


def refuse_too_large(path: Path, found: os.stat_result, limit: int) -> None:
    """Raise UnreadableNoteError if the note at `path`, with the status `found`, has over `limit` bytes."""
    if found.st_size > limit:
        sizes = f"{found.st_size / 1e6:.1f} MB, limit {limit / 1e6:.1f} MB"
        raise UnreadableNoteError(path, Unreadable.TOO_LARGE, sizes)


def _refuse_unreadable(path: Path, found: os.stat_result, limit: int) -> None:
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
    """The text of a note. Bytes that are not UTF-8 become lone surrogates; a byte order mark stays."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes of a text: the exact inverse of `decode`."""
    return text.encode("utf-8", "surrogateescape")


def is_utf16(data: bytes) -> bool:
    """Whether the note is UTF-16 (or UTF-32), which is shown but never written.

    Recognized by its byte order mark, or by a NUL at every second of its first bytes.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    start = data[:64]
    return len(start) >= 4 and any(
        not any(start[parity::2]) and all(start[1 - parity :: 2]) for parity in (0, 1)
    )


class NoteRead(NamedTuple):
    """The result of reading and parsing a note."""

    note: Note
    digest: bytes
    """Content hash of the bytes."""
    size: int
    """In bytes."""
    stamp: FileStamp
    began_ns: int
    """When the read began (`time.time_ns`)."""
    torn_risk: bool
    """See `NoteBytes.torn_risk`."""
    label: str
    """Why the note is shown but not written (`UTF-16`); empty for an ordinary note."""


def read_and_parse(
    path: Path,
    limit: int,
    known: tuple[bytes, Note] | None = None,
    reading: AbstractContextManager[object] = _NO_CONTEXT,
) -> NoteRead | UnreadableNoteError:
    """Read and parse the note at `path`; returns the error if it cannot be read.

    Args:
        path: The note's file.
        limit: Notes larger than this, in bytes, are not read.
        known: Content hash and parse of the last read; the same bytes are not parsed again.
        reading: The context in which the bytes are read, and not parsed.
    """
    try:
        with reading:
            began_ns = time_ns()
            found = read_note(path, limit)
    except UnreadableNoteError as error:
        return error
    digest = content_hash(found.data)
    label = "UTF-16" if is_utf16(found.data) else ""
    note = known[1] if known is not None and known[0] == digest else parse(shown_text(found.data))
    return NoteRead(note, digest, len(found.data), found.stamp, began_ns, found.torn_risk, label)


def shown_text(data: bytes) -> str:
    """The text of a note as it is shown: that of a note in UTF-16, too."""
    return _utf16(data) if is_utf16(data) else decode(data)


def _utf16(data: bytes) -> str:
    """The text of a note in UTF-16, with or without a byte order mark; only for showing it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
