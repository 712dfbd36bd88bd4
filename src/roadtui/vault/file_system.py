"""The system calls that reading and writing notes are made of, behind one object.

Nothing else in `vault.reading` and `vault.writing` talks to the disk, so that a test can refuse any single
call (a full disk, a lost mount, a file system without leases) and look at what is left. macOS and Windows
differ here first.
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
ALWAYS: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Flags of every open: never inherited, never hanging on a pipe or on another's lease, never translated."""

READ_STEP: Final = 1 << 20
SHORT_TURNS: Final = 0.000_005
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
"""Those that only this kernel writes. On any other (network, FUSE) a lease is granted while others write."""


class Lease(Enum):
    """What `FileSystem.lease` asks for; see fcntl(2), "Leases"."""

    READ = "F_RDLCK"
    WRITE = "F_WRLCK"
    NONE = "F_UNLCK"


class Writers(NamedTuple):
    """What `FileSystem.writers` found."""

    paths: frozenset[Path]
    """Those of the files that a process has open for writing."""
    are_all_seen: bool
    """Whether nobody else can be writing them: every process was looked at, and no other machine writes
    here."""


class SystemClock:
    """Time; tests skip it."""

    def now(self) -> float:
        """Seconds on a clock that only runs forward."""
        return time.monotonic()

    def wall_clock(self) -> float:
        """Seconds since 1970, as modification times are."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class FileDescriptors(SystemClock):
    """The calls on open files. Each raises OSError as its namesake in `os` does."""

    def __init__(self) -> None:
        self._local: dict[int, bool] = {}
        """By device number: whether this kernel is its only writer, which lasts as long as the mount."""

    def close(self, fd: int) -> None:
        """Give the descriptor back, and with it its lease and its lock."""
        os.close(fd)

    def pread(self, fd: int, count: int, offset: int) -> bytes:
        """At most `count` bytes from `offset`."""
        if sys.platform == "win32":
            os.lseek(fd, offset, os.SEEK_SET)
            return os.read(fd, count)
        return os.pread(fd, count, offset)

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
        """Write at `offset`; returns how many bytes went in, which may be fewer."""
        if sys.platform == "win32":
            os.lseek(fd, offset, os.SEEK_SET)
            return os.write(fd, data)
        return os.pwrite(fd, data, offset)

    def truncate(self, fd: int, length: int) -> None:
        """Cut or extend the file."""
        os.ftruncate(fd, length)

    def sync(self, fd: int) -> None:
        """Return once the file's (or folder's) bytes are on the disk."""
        os.fsync(fd)

    def fstat(self, fd: int) -> os.stat_result:
        """What the descriptor leads to."""
        return os.fstat(fd)

    def lease(self, fd: int, kind: Lease) -> bool:
        """Take or give back a lease; False if somebody else's open file stands against it.

        Works on any thread: the break signal is SIGURG, which a process ignores unless it asks otherwise. The
        default, SIGIO, would end the process. OSError where leases do not exist, are not ours to take, or
        prove nothing because the file system has other writers than this kernel.
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
        """Whether the lease is still whole: nobody waits for it to be given back."""
        if sys.platform == "linux":
            return bool(fcntl.fcntl(fd, fcntl.F_GETLEASE) == getattr(fcntl, kind.value))
        return False

    def lock(self, fd: int) -> bool:
        """Lock a file of our own for as long as the descriptor lives; False if another process has it."""
        if sys.platform == "win32":
            import msvcrt  # exists on Windows only

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
        """The file system's kind, as mount(8) names it (proc(5): fdinfo, mountinfo); OSError if unknown."""
        status = Path(f"/proc/self/fdinfo/{fd}").read_text()
        mount = next((line.split()[1] for line in status.splitlines() if line.startswith("mnt_id:")), "")
        for line in Path("/proc/self/mountinfo").read_bytes().splitlines():
            if line.split(b" ", 1)[0] == mount.encode():
                return line.partition(b" - ")[2].split(b" ", 1)[0].decode()
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    def set_owner(self, fd: int, user: int, group: int) -> None:
        """Change owner and group; -1 leaves one as it is."""
        if sys.platform != "win32":
            os.fchown(fd, user, group)

    def set_mode(self, fd: int, mode: int) -> None:
        """Change the permission bits."""
        if sys.platform != "win32":
            os.fchmod(fd, mode)

    def copy_attributes(self, source: int, target: int) -> None:
        """Give a new file what else belongs to a note: extended attributes, access lists among them (Linux).

        Those that it has already are not set again. PermissionError for one that may not be set.
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
        """Set the file's times to now, where the system can do so by descriptor (Windows cannot)."""
        if os.utime in os.supports_fd:
            os.utime(fd)

    def _is_local(self, fd: int) -> bool:
        device = self.fstat(fd).st_dev
        known = self._local.get(device)
        if known is None:
            known = self._local[device] = self.filesystem(fd) in LOCAL_FILE_SYSTEMS
        return known


class FileSystem(FileDescriptors):
    """The real calls, on open files and on paths. Each raises OSError as its namesake in `os` does."""

    def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
        """A descriptor; a pipe or a leased file never blocks it (BlockingIOError for the latter)."""
        return os.open(path, flags | ALWAYS, mode)

    def sync_folder(self, folder: Path) -> None:
        """Return once the names in a folder are on the disk."""
        with opened(self, folder, os.O_RDONLY) as fd:
            self.sync(fd)

    def stat(self, path: str | Path) -> os.stat_result:
        """What stands at the path itself; a link is not followed."""
        return os.lstat(path)

    def resolve(self, path: Path) -> Path:
        """The path with every link followed."""
        return Path(os.path.realpath(path, strict=True))

    def writers(self, paths: Collection[Path], own: int | None = None) -> Writers:
        """Which of these files a process has open for writing (Linux: proc(5)), but for our descriptor `own`.

        Other users' processes can be looked at by root only, and other machines not at all. Nothing is
        known on other systems.
        """
        if sys.platform != "linux":
            return Writers(frozenset(), False)
        from roadtui.vault.processes import open_for_writing  # only where there are no leases

        found, are_all_seen = open_for_writing(paths, own)
        return Writers(found, are_all_seen and all(self._is_local_path(path) for path in paths))

    def exchange(self, one: Path, other: Path) -> None:
        """Let two names change places in one step (renameat2, Linux); OSError where that is not possible."""
        import ctypes  # only where a lease was denied; it is not worth its import at every start

        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform != "linux" or not hasattr(libc, "renameat2"):
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
        if libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    def may_write(self, path: Path) -> bool:
        """Whether the file's mode lets this user write it."""
        return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)

    def rename(self, source: Path, target: Path) -> None:
        """Move a file of our own to a name that nobody uses."""
        os.replace(source, target)

    def unlink(self, path: Path) -> None:
        """Remove a file of our own."""
        os.unlink(path)

    def make_folder(self, path: Path) -> None:
        """Make a folder and those above it, if missing; their names are on the disk then."""
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
        """Make a folder of the vault, with the rights that the user gives new folders."""
        os.mkdir(path)

    def remove_folder(self, path: Path) -> None:
        """Remove a folder that is empty."""
        os.rmdir(path)

    def names(self, folder: Path) -> list[str]:
        """Names in a folder, sorted."""
        return sorted(os.listdir(folder))

    def _is_local_path(self, path: Path) -> bool:
        try:
            with opened(self, path, os.O_RDONLY) as fd:
                return self._is_local(fd)
        except OSError:
            return False


REAL_FILE_SYSTEM: Final = FileSystem()


@contextmanager
def retry_on_eintr() -> Iterator[None]:
    """For a holder of a lease, whom every other program waits for: no stop, no long wait for a turn.

    A thread that makes a system call gives up its turn in Python, and gets it back after 5 ms while another
    one computes. Stop signals are blocked for this thread only;
    `NoteWriter.paused` is for a program that stops itself.
    """
    turns = sys.getswitchinterval()
    hurry = turns > SHORT_TURNS  # another holder is in a hurry already, and restores it
    if hurry:
        sys.setswitchinterval(SHORT_TURNS)
    try:
        if sys.platform == "win32":
            yield
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU))
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    finally:
        if hurry:
            sys.setswitchinterval(turns)


@contextmanager
def closing(system: FileSystem, fd: int) -> Iterator[int]:
    """Close at the end of the block. A close that fails is no news: what matters was synced before."""
    try:
        yield fd
    finally:
        with suppress(OSError):
            system.close(fd)


@contextmanager
def opened(system: FileSystem, path: str | Path, flags: int, mode: int = 0o600) -> Iterator[int]:
    """A descriptor for the length of a block."""
    with closing(system, system.open(path, flags, mode)) as fd:
        yield fd


def give_back(system: FileSystem, fd: int) -> None:
    """End a lease. If that fails, closing the descriptor ends it."""
    with suppress(OSError):
        system.lease(fd, Lease.NONE)


def read_all(system: FileSystem, fd: int, size: int, limit: int | None = None) -> bytes:
    """Every byte of the file, of which there are about `size`; stops soon after `limit`, if there is one."""
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
    """Write every byte, however few the kernel takes at a time."""
    view = memoryview(data)
    while view:
        count = system.pwrite(fd, view, offset)
        if not count:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[count:]
        offset += count


def remove_file(system: FileSystem, path: Path) -> None:
    """Remove a file of our own for certain: what tells of it may be forgotten then."""
    system.unlink(path)
    system.sync_folder(path.parent)


def replace_file(system: FileSystem, path: Path, data: bytes) -> None:
    """Put a file of our own on the disk, whole or not at all; one that has the name already gives way."""
    system.make_folder(path.parent)
    unfinished = path.with_name(path.name + ".unfinished")
    with opened(system, unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as fd:
        write_all(system, fd, data, 0)
        system.sync(fd)
    system.rename(unfinished, path)
    system.sync_folder(path.parent)
