"""The system calls for reading and writing notes, as methods of one object.

`vault.reader` and `vault.writing` reach the disk only through it, so that a test can make any single call
fail (a full disk, a lost mount, a file system without leases). It also has most differences between systems.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

if sys.platform != "win32":
    import fcntl

AT_FDCWD: Final = -100
RENAME_EXCHANGE: Final = 2
NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
ALWAYS_SET: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Flags of every open: not inherited, not blocking on a pipe or another process's lease, no translation."""

READ_STEP: Final = 1 << 20
LOCAL_FILE_SYSTEMS: Final = frozenset(
    [
        "bcachefs",
        "btrfs",
        "ecryptfs",
        "exfat",
        "ext2",
        "ext3",
        "ext4",
        "f2fs",
        "hfsplus",
        "jfs",
        "msdos",
        "nilfs2",
        "ntfs3",
        "overlay",
        "ramfs",
        "reiserfs",
        "tmpfs",
        "vfat",
        "xfs",
        "zfs",
    ]
)
"""File systems that only this kernel writes. On others (network, FUSE) a lease does not exclude writers."""


class Lease(Enum):
    """The kinds of leases of `FileSystem.lease`; see fcntl(2), "Leases"."""

    READ = "F_RDLCK"
    WRITE = "F_WRLCK"
    NONE = "F_UNLCK"


class Writers(NamedTuple):
    """The result of `FileSystem.writers`."""

    paths: frozenset[Path]
    """The files that a process has open for writing."""
    are_all_seen: bool
    """Whether nothing else can be writing the files: all processes were checked, and the disk is local."""


class SystemClock:
    """The clocks; replaced in tests."""

    def now(self) -> float:
        """Seconds of a clock that never steps back."""
        return time.monotonic()

    def wall_clock(self) -> float:
        """Seconds since 1970, as modification times are."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        time.sleep(seconds)


class FileDescriptors(SystemClock):
    """The calls on open files. Each raises OSError as the function of `os` does."""

    def __init__(self) -> None:
        self._local: dict[int, bool] = {}
        """By device number, whether this kernel is its only writer."""

    def close(self, fd: int) -> None:
        """Close the descriptor, which also ends its lease and its lock."""
        os.close(fd)

    def pread(self, fd: int, count: int, offset: int) -> bytes:
        """Read at most `count` bytes from `offset`."""
        if sys.platform == "win32":
            os.lseek(fd, offset, os.SEEK_SET)
            return os.read(fd, count)
        return os.pread(fd, count, offset)

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
        """Write at `offset`; the number of bytes written, which may be fewer than given."""
        if sys.platform == "win32":
            os.lseek(fd, offset, os.SEEK_SET)
            return os.write(fd, data)
        return os.pwrite(fd, data, offset)

    def truncate(self, fd: int, length: int) -> None:
        """Cut or extend the file to `length` bytes."""
        os.ftruncate(fd, length)

    def sync(self, fd: int) -> None:
        """Wait until the bytes of the file or folder are on the disk."""
        os.fsync(fd)

    def fstat(self, fd: int) -> os.stat_result:
        """The status of the open file."""
        return os.fstat(fd)

    def lease(self, fd: int, kind: Lease) -> bool:
        """Take or release a lease; False if another process has the file open in a conflicting way.

        Works on any thread: the break signal is SIGURG, which a process ignores by default; the usual one,
        SIGIO, would end the process.

        Raises:
            OSError: leases do not exist, may not be taken by this user, or do not exclude all writers because
                the file system is not local.
        """
        if sys.platform == "linux":
            if kind is not Lease.NONE:
                if not self._is_local(fd):
                    raise OSError(
                        errno.ENOTSUP, "a network or user-space file system, where it proves nothing"
                    )
                fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
            try:
                fcntl.fcntl(fd, fcntl.F_SETLEASE, getattr(fcntl, kind.value))
            except BlockingIOError:
                return False
            return True
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    def holds(self, fd: int, kind: Lease) -> bool:
        """Whether the lease is still held and no other process waits for its release."""
        if sys.platform == "linux":
            return bool(fcntl.fcntl(fd, fcntl.F_GETLEASE) == getattr(fcntl, kind.value))
        return False

    def lock(self, fd: int) -> bool:
        """Lock a file of the program until `fd` is closed; False if another process has locked it."""
        if sys.platform == "win32":
            import msvcrt  # Only exists on Windows.

            try:
                msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
            except OSError:
                return False
            return True
        else:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    def filesystem(self, fd: int) -> str:
        """The type of the file system as in mount(8) (proc(5): fdinfo, mountinfo); OSError if unknown."""
        status = Path(f"/proc/self/fdinfo/{fd}").read_text()
        mount = next((line.split()[1] for line in status.splitlines() if line.startswith("mnt_id:")), "")
        for line in Path("/proc/self/mountinfo").read_bytes().splitlines():
            if line.split(b" ", 1)[0] == mount.encode():
                return line.partition(b" - ")[2].split(b" ", 1)[0].decode()
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    def set_owner(self, fd: int, user: int, group: int) -> None:
        """Change owner and group; -1 keeps the present one."""
        if sys.platform != "win32":
            os.fchown(fd, user, group)

    def set_mode(self, fd: int, mode: int) -> None:
        """Change the permission bits."""
        if sys.platform != "win32":
            os.fchmod(fd, mode)

    def copy_attributes(self, source: int, target: int) -> None:
        """Copy the extended attributes of a note, access lists included, to a new file (Linux only).

        Attributes that are equal already are not set. PermissionError for one that may not be set.
        """
        if sys.platform != "linux":
            return
        try:
            names = os.listxattr(source)
        except OSError as error:
            if error.errno == errno.ENOTSUP:
                return
            raise
        made = set(os.listxattr(target))
        for name in names:
            value = os.getxattr(source, name)
            if name not in made or os.getxattr(target, name) != value:
                os.setxattr(target, name, value)

    def touch(self, fd: int) -> None:
        """Set the file's times to now, if the system can do so by descriptor (Windows cannot)."""
        if os.utime in os.supports_fd:
            os.utime(fd)

    def _is_local(self, fd: int) -> bool:
        device = self.fstat(fd).st_dev
        known = self._local.get(device)
        if known is None:
            known = self._local[device] = self.filesystem(fd) in LOCAL_FILE_SYSTEMS
        return known


class FileSystem(FileDescriptors):
    """The real calls, on open files and on paths. Each raises OSError as the function of `os` does."""

    def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
        """Open a file; the descriptor. Never blocks on a pipe, nor on a leased file (BlockingIOError)."""
        return os.open(path, flags | ALWAYS_SET, mode)

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in a folder are on the disk."""
        with opened(self, folder, os.O_RDONLY) as fd:
            self.sync(fd)

    def stat(self, path: str | Path) -> os.stat_result:
        """The status of the file at the path; a link is not followed."""
        return os.lstat(path)

    def resolve(self, path: Path) -> Path:
        """The path with every link followed."""
        return Path(os.path.realpath(path, strict=True))

    def writers(self, paths: Collection[Path], own: int | None = None) -> Writers:
        """Find which files a process has open for writing (Linux: proc(5)), apart from our descriptor `own`.

        Only root can check other users' processes, and other machines cannot be checked at all. Finds nothing
        on systems other than Linux.
        """
        if sys.platform != "linux":
            return Writers(frozenset(), False)
        from roadtui.vault.processes import open_for_writing  # Only where there are no leases.

        found, are_all_seen = open_for_writing(paths, own)
        return Writers(found, are_all_seen and all(self._is_local_path(path) for path in paths))

    def exchange(self, one: Path, other: Path) -> None:
        """Exchange two files atomically (renameat2, Linux); OSError where that is not possible."""
        import ctypes  # Slow to import; only needed where a lease was denied.

        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform != "linux" or not hasattr(libc, "renameat2"):
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
        if libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    def may_write(self, path: Path) -> bool:
        """Whether the file's permissions allow this user to write it."""
        return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)

    def rename(self, source: Path, target: Path) -> None:
        """Rename a file of the program, replacing any file at `target`."""
        os.replace(source, target)

    def unlink(self, path: Path) -> None:
        """Remove a file of the program."""
        os.unlink(path)

    def make_folder(self, path: Path) -> None:
        """Create a folder and its parents, if missing, and wait until their names are on the disk."""
        if os.path.isdir(path):
            return
        self.make_folder(path.parent)
        try:
            os.mkdir(path, mode=0o700)
        except FileExistsError:
            if not os.path.isdir(path):
                raise
        self.sync_folder(path.parent)

    def make_one_folder(self, path: Path) -> None:
        """Create a folder in the vault, with the user's default permissions."""
        os.mkdir(path)

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        os.rmdir(path)

    def names(self, folder: Path) -> list[str]:
        """The names in a folder, sorted."""
        return sorted(os.listdir(folder))

    def _is_local_path(self, path: Path) -> bool:
        try:
            with opened(self, path, os.O_RDONLY) as fd:
                return self._is_local(fd)
        except OSError:
            return False


REAL_FILE_SYSTEM: Final = FileSystem()


@contextmanager
def closing(system: FileSystem, fd: int) -> Iterator[int]:
    """Close the descriptor after the block. Errors are ignored, as the data was synced before."""
    try:
        yield fd
    finally:
        with suppress(OSError):
            system.close(fd)


@contextmanager
def opened(system: FileSystem, path: str | Path, flags: int, mode: int = 0o600) -> Iterator[int]:
    """Open a file for the block."""
    with closing(system, system.open(path, flags, mode)) as fd:
        yield fd


def release_lease(system: FileSystem, fd: int) -> None:
    """Release a lease. If that fails, closing the descriptor releases it."""
    with suppress(OSError):
        system.lease(fd, Lease.NONE)


def read_all(system: FileSystem, fd: int, size: int, limit: int | None = None) -> bytes:
    """All bytes of the file, whose size is about `size`; stops soon after `limit` bytes."""
    data = system.pread(fd, size + 1, 0)
    if len(data) == size:
        return data
    parts = [data]
    total = len(data)
    while data and (limit is None or total <= limit):
        data = system.pread(fd, READ_STEP, total)
        parts.append(data)
        total += len(data)
    return b"".join(parts)


def write_all(system: FileSystem, fd: int, data: bytes, offset: int) -> None:
    """Write all bytes, in as many calls as needed; OSError where the disk is full."""
    view = memoryview(data)
    while view:
        count = system.pwrite(fd, view, offset)
        if not count:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[count:]
        offset += count


def remove_file(system: FileSystem, path: Path) -> None:
    """Remove a file of the program, and wait until that is on the disk."""
    system.unlink(path)
    system.sync_folder(path.parent)


def replace_file(system: FileSystem, path: Path, data: bytes) -> None:
    """Write a file of the program, completely or not at all, replacing any file of that name."""
    system.make_folder(path.parent)
    unfinished = path.with_name(path.name + ".unfinished")
    with opened(system, unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as fd:
        write_all(system, fd, data, 0)
        system.sync(fd)
    system.rename(unfinished, path)
    system.sync_folder(path.parent)
