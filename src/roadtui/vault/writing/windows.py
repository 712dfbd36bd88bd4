"""What Windows does differently. Written from Microsoft's documentation; untested, for want of a Windows
machine.

A file that is opened without FILE_SHARE_WRITE cannot be opened for writing by anybody else, and cannot be
opened so while somebody has it open for writing: for one byte that does what a lease does. Anything longer
goes through ReplaceFileW, which keeps the creation time, the access list and the attributes, and puts the old
file aside.
"""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path
from typing import Any, Final

from roadtui.vault.file_system import FileSystem
from roadtui.vault.writing.exchange import ExchangeStrategy
from roadtui.vault.writing.in_place import InPlaceStrategy
from roadtui.vault.writing.note_file import ByteChange, OpenNote, scratch_name
from roadtui.vault.writing.strategy import RetryPolicy, SafetyLevel, Strategy, UnsuitableError
from roadtui.vault.writing.write_ahead_log import WriteAheadLog

GENERIC_READ: Final = 0x8000_0000
GENERIC_WRITE: Final = 0x4000_0000
FILE_SHARE_READ: Final = 1
FILE_SHARE_WRITE: Final = 2
FILE_SHARE_DELETE: Final = 4
CREATE_NEW: Final = 1
OPEN_EXISTING: Final = 3
FILE_ATTRIBUTE_NORMAL: Final = 0x80
INVALID_HANDLE: Final = ctypes.c_void_p(-1).value
ERROR_SHARING_VIOLATION: Final = 32
ERROR_LOCK_VIOLATION: Final = 33


class WindowsSystem(FileSystem):
    """The calls that have another name on Windows. What we have open can be renamed and replaced."""

    sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE

    def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
        """CreateFileW; BlockingIOError while another program's way of opening stands against ours."""
        import msvcrt  # exists on Windows only

        if os.path.islink(path):
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))  # as O_NOFOLLOW does elsewhere
        access = GENERIC_READ | (GENERIC_WRITE if flags & (os.O_WRONLY | os.O_RDWR) else 0)
        create = CREATE_NEW if flags & os.O_CREAT else OPEN_EXISTING
        create_file = self._kernel().CreateFileW
        create_file.restype = ctypes.c_void_p
        handle = create_file(str(path), access, self.sharing, None, create, FILE_ATTRIBUTE_NORMAL, None)
        if handle == INVALID_HANDLE:
            raise self._error()
        return int(getattr(msvcrt, "open_osfhandle")(handle, flags | getattr(os, "O_BINARY", 0)))  # noqa: B009

    def sync_folder(self, folder: Path) -> None:
        """A folder cannot be synced here; NTFS journals its names."""

    def set_owner(self, fd: int, user: int, group: int) -> None:
        """ReplaceFileW keeps the access list of the file that it replaces."""

    def set_mode(self, fd: int, mode: int) -> None:
        """ReplaceFileW keeps the attributes of the file that it replaces."""

    def copy_attributes(self, source: int, target: int) -> None:
        """ReplaceFileW keeps the named streams of the file that it replaces."""

    def exchange(self, one: Path, other: Path) -> None:
        """Put `one` in the place of `other`, and what was there where `one` was; `other` is never missing.

        A crash between the two steps leaves the old file under the backup's name, which recovery knows as the
        scratch name of `one`.
        """
        backup = scratch_name(one)
        if not self._kernel().ReplaceFileW(str(other), str(one), str(backup), 0, None, None):
            raise self._error()
        os.rename(backup, one)

    @staticmethod
    def _kernel() -> Any:
        return getattr(ctypes, "WinDLL")("kernel32", use_last_error=True)  # noqa: B009

    @staticmethod
    def _error() -> OSError:
        number = int(getattr(ctypes, "get_last_error")())  # noqa: B009
        if number in (ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION):
            return BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return OSError(0, getattr(ctypes, "FormatError")(number), None, number)  # noqa: B009


class DenyWriteSystem(WindowsSystem):
    """Keeps every other writer out while a file is open."""

    sharing = FILE_SHARE_READ


class DenyWriteStrategy(InPlaceStrategy):
    """One byte, in a file that nobody else can write meanwhile."""

    name = "in place, others denied writing"
    promise = SafetyLevel.FULL

    def admit_change(self, target: OpenNote, change: ByteChange) -> None:
        """Longer changes go through ReplaceFileW."""
        if change.can_be_cut_short:
            raise UnsuitableError("more than one byte changes")


def windows_strategies(wal: WriteAheadLog, retry_policy: RetryPolicy | None = None) -> tuple[Strategy, ...]:
    """What Windows has, best first."""
    system = WindowsSystem()
    return (
        DenyWriteStrategy(wal, DenyWriteSystem(), retry_policy),
        ExchangeStrategy(wal, system, retry_policy),
        InPlaceStrategy(wal, system, retry_policy),
    )
