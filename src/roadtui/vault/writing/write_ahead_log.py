"""The write-ahead log: what a note held and is to hold, kept in the state folder during a write.

A change of one byte needs none, because a byte is on the disk or is not. Anything longer can be cut short by
a crash, and a file put beside a note leaves a stray behind; from the log, `recovery` finds out what
happened. It is never inside the vault. A live writer keeps its entry locked, so that another roadtui does not
"recover" it.
"""

from __future__ import annotations

import errno
import json
import os
import zlib
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from roadtui.vault.errors import StateFolderError
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem, read_all, write_all

SUFFIX: Final = ".journal"
REPORTED: Final = ".told" + SUFFIX
"""Of an entry whose edit is known to be saved: it is there for the sake of the file that was displaced."""
UNFINISHED: Final = ".unfinished"
_FIRST_LINE: Final = b"roadtui journal 1"
_INODE_FORMAT: Final = "{:020}"
_INODE_AT: Final = len(_FIRST_LINE + b'\n{"new_inode": "')


@dataclass(frozen=True, slots=True)
class WalRecord:
    """What one entry says."""

    path: Path
    """The note's own file, links followed."""
    base: bytes
    """What it held."""
    new: bytes
    """What it was to hold."""
    beside: str | None = None
    """The file that changes places with it: a path, or a name in the note's folder; None for a write in
    place."""
    new_inode: int = 0
    """Of the file that was made to change places with it; 0 where none was, or where it did so."""

    @property
    def other_file(self) -> Path | None:
        """The path of the file that changes places with the note; None for a write in place."""
        return None if self.beside is None else self.path.parent / self.beside

    def to_bytes(self) -> bytes:
        """The entry as it is on disk."""
        head = {
            "new_inode": _INODE_FORMAT.format(self.new_inode),
            "path": os.fspath(self.path),
            "beside": self.beside,
            "base": len(self.base),
            "new": len(self.new),
            "sum": zlib.crc32(self.new, zlib.crc32(self.base)),
        }
        return b"\n".join((_FIRST_LINE, json.dumps(head).encode("ascii"), self.base + self.new))

    @classmethod
    def from_bytes(cls, data: bytes) -> WalRecord | None:
        """The record, or None where the bytes are not a whole entry."""
        first, _, rest = data.partition(b"\n")
        head, _, body = rest.partition(b"\n")
        if first != _FIRST_LINE:
            return None
        try:
            found = json.loads(head)
            path, beside = found["path"], found["beside"]
            base, new, checksum = int(found["base"]), int(found["new"]), int(found["sum"])
            inode = int(found.get("new_inode", 0))
        except (ValueError, KeyError, TypeError):
            return None
        if len(body) != base + new or zlib.crc32(body) != checksum:
            return None
        return cls(Path(path), body[:base], body[base:], beside, inode)


class RecoveryOutcome(Enum):
    """What became of an edit that was interrupted, or that another program made late."""

    NOT_SAVED = "The last edit of {name} was not saved; the note is as it was before."
    SAVED = "The last edit of {name} was saved."
    COMPLETED = "The last edit of {name} was half saved; it is complete now."
    SET_ASIDE = (
        "{name} was edited since our last edit was interrupted, and is kept. "
        "Both our versions are in {folder}."
    )
    MERGED = "Another program's late edit of {name} was put into the note."
    COPIED = "Another program edited {name} at the same place as we did; its version is kept as {copy}."
    SAVED_AWAY = (
        "Another program's late edit of {name} was put into the note, and another program has removed it;"
        " the version with it is kept as {copy}."
    )
    STRAY = (
        "Another program rewrote {name} at the moment at which a status symbol was written; "
        "look at line {detail}, one character of it may be wrong."
    )
    STILL_OPEN = "Another program may still be writing into an older file of {name}; it is kept as {copy}."
    UNSETTLED = (
        "Another program may still be writing into an older file of {name}; "
        "what it writes is put into the note at the next start."
    )
    DAMAGED = (
        "A record of an interrupted write is damaged; "
        'what is left of it is kept as {name} in the folder "aside".'
    )
    LATER = "The last edit of {name} could not be checked ({detail}); it is checked again at the next start."


@dataclass(frozen=True, slots=True)
class RecoveredEdit:
    """One such edit."""

    path: Path
    outcome: RecoveryOutcome
    copies: tuple[Path, ...] = ()
    """Files that hold what could not be put into the note."""
    detail: str = ""

    @property
    def message(self) -> str:
        """The sentence to show."""
        copy = self.copies[0] if self.copies else Path()
        return self.outcome.value.format(
            name=self.path.name, folder=copy.parent, copy=copy.name, detail=self.detail
        )


class WalEntry:
    """One entry on disk, locked until it is dropped or left behind."""

    __slots__ = ("_fd", "_system", "path")

    def __init__(self, path: Path, fd: int, system: FileSystem) -> None:
        self.path = path
        self._fd = fd
        self._system = system

    def drop(self) -> None:
        """The note is known to hold base or new: forget. An entry that stays is harmless."""
        with suppress(OSError):
            self._system.unlink(self.path)
        self.leave()

    def note_inode(self, inode: int) -> None:
        """Note which file was made to change places with the note, or 0 as it may be edited since it did.

        The number stands at a fixed place of the first sector, so that a crash leaves the one or the other.
        """
        write_all(self._system, self._fd, _INODE_FORMAT.format(inode).encode("ascii"), _INODE_AT)
        self._system.sync(self._fd)

    @property
    def is_reported(self) -> bool:
        """Whether the user knows already that the edit is saved."""
        return self.path.name.endswith(REPORTED)

    def mark_reported(self) -> None:
        """The edit is saved and the user knows; recovery need not say so again."""
        told = self.path.with_name(self.path.name.removesuffix(SUFFIX) + REPORTED)
        with suppress(OSError):
            self._system.rename(self.path, told)
            self.path = told

    def leave(self) -> None:
        """Unlock, and leave it to recovery."""
        with suppress(OSError):
            self._system.close(self._fd)


class WriteAheadLog:
    """The entries in one state folder."""

    __slots__ = ("_system", "exchange_folder", "folder")

    def __init__(self, state_folder: Path, system: FileSystem = REAL_FILE_SYSTEM) -> None:
        self.folder = state_folder / "journal"
        self.exchange_folder = state_folder / "exchange"
        """For files that change places with a note, where it lies on the same file system."""
        self._system = system

    def record(self, record: WalRecord) -> WalEntry:
        """Put an entry on the disk, whole or not at all.

        Raises:
            StateFolderError: that cannot be done; the sentence names the state folder, not the note.
            BlockingIOError: another process is looking at it at the moment.
        """
        try:
            return self._record(record)
        except BlockingIOError:
            raise
        except OSError as error:
            raise StateFolderError(
                record.path,
                f"{record.path.name} was not changed: the state folder {self.folder.parent} can't be written"
                f" ({error.strerror}), so a crash in the middle could not be repaired. Free some space or"
                " make it writable, or set XDG_STATE_HOME to another folder.",
            ) from error

    def _record(self, record: WalRecord) -> WalEntry:
        system = self._system
        system.make_folder(self.folder)
        name = os.urandom(8).hex()
        unfinished, path = self.folder / (name + UNFINISHED), self.folder / (name + SUFFIX)
        fd = system.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        entry = WalEntry(unfinished, fd, system)
        try:
            if not system.lock(fd):
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
            write_all(system, fd, record.to_bytes(), 0)
            system.sync(fd)
            system.rename(unfinished, path)
            entry.path = path
            system.sync_folder(self.folder)
        except OSError:
            entry.drop()
            raise
        return entry

    def left_behind(self) -> list[tuple[WalRecord | None, WalEntry]]:
        """What dead writers left, each locked now and to be dropped or left; None for a damaged one."""
        system = self._system
        found: list[tuple[WalRecord | None, WalEntry]] = []
        try:
            names = system.names(self.folder)
        except OSError:  # there is none yet; or there is no way to it, which the first edit will say
            return []
        for name in names:
            path = self.folder / name
            try:
                fd = system.open(path, os.O_RDWR)
            except OSError:
                continue
            entry = WalEntry(path, fd, system)
            try:
                if not system.lock(fd):
                    entry.leave()
                elif name.endswith(UNFINISHED):
                    entry.drop()
                else:
                    found.append(
                        (WalRecord.from_bytes(read_all(system, fd, system.fstat(fd).st_size)), entry)
                    )
            except OSError:
                entry.leave()
        return found
