"""The file that a note's path leads to, and the smallest change that turns its bytes into others."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from roadtui.core.diff import common_start
from roadtui.vault.errors import WriteFailedError
from roadtui.vault.file_system import NO_FOLLOW, FileSystem, closing, opened, read_all, remove_file, write_all
from roadtui.vault.reader import FileStamp
from roadtui.vault.writing.strategy import RetryPolicy


@dataclass(frozen=True, slots=True)
class OpenNote:
    """An open note."""

    fd: int
    path: Path
    """Its own file: where the note is a link, what the link leads to."""
    found: os.stat_result
    """As it was when it was opened."""

    def at_its_path(self, system: FileSystem) -> FileStamp | None:
        """How it looks now; None if the path leads to another file, that was renamed over it, or to none."""
        try:
            now = system.stat(self.path)
        except FileNotFoundError:
            return None
        same = (now.st_ino, now.st_dev) == (self.found.st_ino, self.found.st_dev)
        return FileStamp.of(now) if same else None

    def was_just_written(self, system: FileSystem, retry_policy: RetryPolicy) -> bool:
        """Whether somebody may be in the middle of writing it: what it holds is not to be believed yet."""
        return 0 <= system.wall_clock() - self.found.st_mtime < retry_policy.believed

    def read(self, system: FileSystem) -> bytes:
        """All its bytes, now."""
        return read_all(system, self.fd, self.found.st_size)


TEMPORARY: Final = re.compile(r"(?:~syncthing~)?\.~roadtui-[0-9a-f]+~?(?:\.tmp)?")
"""Names of our own files beside a note; version 0.1.0 gave them without what surrounds `.~roadtui-…`."""


def temporary_name() -> str:
    """A name for a file of our own beside a note, that sync programs leave out.

    Syncthing leaves out what begins with `~syncthing~` (and removes it when it was not modified for a day),
    Dropbox what begins with `~` and ends with `.tmp`, Nextcloud and ownCloud what holds `.~`, OneDrive and
    iCloud what ends with `.tmp`. Git, rclone and unison leave out only what they are told to.
    """
    return f"~syncthing~.~roadtui-{os.urandom(8).hex()}.tmp"


def scratch_name(beside: Path) -> Path:
    """The scratch file that goes with a file beside a note; recovery knows both by one name."""
    return beside.with_name(f"{beside.stem}~{beside.suffix}")


@contextmanager
def scratch_file(system: FileSystem, folder: Path, path: Path | None = None) -> Iterator[Path]:
    """An empty file in `folder` for the length of a block."""
    path = path or folder / temporary_name()
    with opened(system, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL):
        pass
    try:
        yield path
    finally:
        remove_file(system, path)


@contextmanager
def open_target(system: FileSystem, path: Path, flags: int) -> Iterator[OpenNote]:
    """Open the note's own file. OSError as `open`; WriteFailedError where it is not a plain file."""
    target = path
    try:
        fd = system.open(path, flags | NO_FOLLOW)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.EMLINK):
            raise
        target = system.resolve(path)
        fd = system.open(target, flags | NO_FOLLOW)
    with closing(system, fd):
        found = system.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise WriteFailedError(path, f"{path.name} is not a plain file. Nothing was changed.")
        yield OpenNote(fd, target, found)


@dataclass(frozen=True, slots=True)
class ByteChange:
    """What has to be written to turn `base` into `new`, from the first byte that differs."""

    base: bytes
    new: bytes
    start: int
    end: int
    """`new[start:end]` is written; it is cut off behind `new` if it was longer."""

    @classmethod
    def between(cls, base: bytes, new: bytes) -> ByteChange:
        """The smallest one piece: the differing middle where the length stays, else the tail."""
        if base == new:
            return cls(base, new, 0, 0)
        start = common_start(base, new)
        end = len(new)
        if len(base) == len(new):
            end -= common_start(base[:start:-1], new[:start:-1])
        return cls(base, new, start, end)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to write."""
        return self.base == self.new

    @property
    def can_be_cut_short(self) -> bool:
        """Whether a crash could leave half of it on the disk."""
        return len(self.base) != len(self.new) or self.end - self.start > 1

    def put(self, system: FileSystem, fd: int) -> None:
        """Write it. OSError if the disk refuses; then `revert`."""
        write_all(system, fd, self.new[self.start : self.end], self.start)
        if len(self.new) < len(self.base):
            system.truncate(fd, len(self.new))

    def revert(self, system: FileSystem, fd: int) -> None:
        """Put the base back, wherever `put` stopped. Its blocks are the file's: a full disk allows it."""
        if len(self.new) > len(self.base):
            system.truncate(fd, len(self.base))
        end = self.end if len(self.base) == len(self.new) else len(self.base)
        write_all(system, fd, self.base[self.start : end], self.start)
