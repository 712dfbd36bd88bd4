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
from typing import Final, NamedTuple

from roadtui.vault.errors import Unreadable, UnreadableNoteError
from roadtui.vault.signature import Signature as Signature
from roadtui.vault.system import SYSTEM, Lease, System, give_back, opened, read_all

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
    signature: Signature
    torn_risk: bool
    """True where nothing proved that no other program was in the middle of writing: an emptied or shrunk note
    is then to be believed only if it is still so a second later."""


def read_note(path: Path, limit: int = SIZE_LIMIT, system: System = SYSTEM) -> NoteBytes:
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


def _read_once(path: Path, fd: int, limit: int, system: System) -> tuple[NoteBytes, bool]:
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
    signature = Signature.of(before)
    stood_still = signature == Signature.of(after) and len(data) == before.st_size and not being_written
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
