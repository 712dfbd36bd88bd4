"""What macOS does differently. Written from Apple's manual pages; untested, for want of a Mac.

There are no leases, so a note is exchanged (renamex_np(2), RENAME_SWAP) or else written in place. The new
file gets the note's access list, attributes and creation time, which Finder shows, before the two change
places.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

from roadtui.vault.file_system import FileSystem
from roadtui.vault.writing.exchange import ExchangeStrategy
from roadtui.vault.writing.in_place import InPlaceStrategy
from roadtui.vault.writing.strategy import RetryPolicy, Strategy
from roadtui.vault.writing.write_ahead_log import WriteAheadLog

RENAME_SWAP: Final = 0x2
F_FULLFSYNC: Final = 51
COPYFILE_ACL: Final = 1 << 0
COPYFILE_XATTR: Final = 1 << 2
ATTR_BIT_MAP_COUNT: Final = 5
ATTR_CMN_CRTIME: Final = 0x200


class AttributeList(ctypes.Structure):
    """`struct attrlist` of getattrlist(2)."""

    _fields_ = (
        ("bitmapcount", ctypes.c_ushort),
        ("reserved", ctypes.c_uint16),
        ("commonattr", ctypes.c_uint32),
        ("volattr", ctypes.c_uint32),
        ("dirattr", ctypes.c_uint32),
        ("fileattr", ctypes.c_uint32),
        ("forkattr", ctypes.c_uint32),
    )


class CreationTime(ctypes.Structure):
    """What fgetattrlist(2) answers for ATTR_CMN_CRTIME: its own length, then a `struct timespec`, packed."""

    _pack_ = 4
    _fields_ = (("length", ctypes.c_uint32), ("seconds", ctypes.c_int64), ("nanoseconds", ctypes.c_int64))


class MacSystem(FileSystem):
    """The calls that have another name on macOS."""

    def __init__(self) -> None:
        super().__init__()
        self._libc = ctypes.CDLL(None, use_errno=True)

    def sync(self, fd: int) -> None:
        """Plain fsync leaves the bytes in the drive's cache (fsync(2)); F_FULLFSYNC does not."""
        if self._libc.fcntl(fd, F_FULLFSYNC) < 0:  # a file system that does not know it
            os.fsync(fd)

    def exchange(self, one: Path, other: Path) -> None:
        """renamex_np(2); APFS can, HFS+ and most network file systems cannot (ENOTSUP)."""
        self._check(self._libc.renamex_np(os.fsencode(one), os.fsencode(other), RENAME_SWAP))

    def copy_attributes(self, source: int, target: int) -> None:
        """Access list, extended attributes (tags among them) and creation time."""
        self._check(self._libc.fcopyfile(source, target, None, COPYFILE_ACL | COPYFILE_XATTR))
        wanted = AttributeList(bitmapcount=ATTR_BIT_MAP_COUNT, commonattr=ATTR_CMN_CRTIME)
        created = CreationTime()
        size = ctypes.c_size_t(ctypes.sizeof(created))
        self._check(self._libc.fgetattrlist(source, ctypes.byref(wanted), ctypes.byref(created), size, 0))
        behind_length = ctypes.byref(created, CreationTime.seconds.offset)
        size = ctypes.c_size_t(ctypes.sizeof(created) - CreationTime.seconds.offset)
        self._check(self._libc.fsetattrlist(target, ctypes.byref(wanted), behind_length, size, 0))

    @staticmethod
    def _check(answer: int) -> None:
        if answer < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))


def mac_strategies(wal: WriteAheadLog, retry_policy: RetryPolicy | None = None) -> tuple[Strategy, ...]:
    """What macOS has, best first."""
    system = MacSystem()
    return (ExchangeStrategy(wal, system, retry_policy), InPlaceStrategy(wal, system, retry_policy))
