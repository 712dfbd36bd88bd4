"""A disk that keeps what was synced, and of the rest whatever it likes, when the power fails.

Every call works on real files, so that leases and exchanges are real. Beside them it is noted what a disk
holds for certain: the bytes of a file at its last `sync`, the names of a folder at its last `sync_folder`.
After a power cut any choice of what came since may be there: each sector of a write, each change of a name,
for itself.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from roadtui.vault.file_system import Writers
from tests.vault.instant_sleep import InstantSleepSystem

SECTOR = 512
_NUMBER = re.compile(rb"(?<!\d)\d{20}(?!\d)")
"""An inode, as the journal notes it."""
_NONE, _NO_FILE = b"0" * 20, b"9" * 20
"""None noted yet; that of a file which is not there any more."""


class PowerCutError(BaseException):
    """Nothing catches it: nothing that runs now reaches the disk."""


@dataclass(eq=False)
class File:
    """What the disk holds of one file."""

    synced: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Pieces written since, each within a sector; without bytes: the length that it was cut to."""

    def after(self, kept: Collection[int]) -> bytes:
        """Its bytes if of the pending pieces just these were kept."""
        data = bytearray(self.synced)
        for number, (at, piece) in enumerate(self.pending):
            if number not in kept:
                continue
            if piece is None:
                del data[at:]
                data.extend(bytes(at - len(data)))
            else:
                data.extend(bytes(max(0, at - len(data))))
                data[at : at + len(piece)] = piece
        return bytes(data)


class DiskState(NamedTuple):
    """What is on a disk."""

    entries: dict[Path, bytes | None]
    """The bytes of each file; None for a folder."""
    numbers: dict[Path, int]
    """The inode of each file."""

    @property
    def key(self) -> object:
        """Equal for states that are alike."""
        return frozenset(self.entries.items()), frozenset(self.numbers.items())


@dataclass(eq=False)
class Renaming:
    """One change of names; it is on the disk for certain when all its folders were synced."""

    kind: str
    path: Path
    other: Path | None = None
    file: File | None = None

    unsynced: set[Path] = field(init=False)

    def __post_init__(self) -> None:
        self.unsynced = {each.parent for each in (self.path, self.other) if each is not None}

    def apply(self, names: dict[Path, File | None]) -> None:
        """Make it, if what it is about is there; a folder has no file, and may be out of reach for now."""
        if self.kind == "make":
            names.setdefault(self.path, self.file)
        elif self.kind == "unlink":
            names.pop(self.path, None)
        elif self.other is not None and self.path in names:
            if self.kind == "rename":
                names[self.other] = names.pop(self.path)
            elif self.other in names:
                names[self.path], names[self.other] = names[self.other], names[self.path]


class LossyDisk(InstantSleepSystem):
    """Fails at one call that changes something, or at none."""

    def __init__(self, root: Path, fails_at: int = -1) -> None:
        super().__init__()
        self.root = root
        self.fails_at = fails_at
        self.changes = 0
        self.opened: set[int] = set()
        self.entries: dict[Path, File | None] = {root: None}
        """What is on the disk for certain."""
        self.pending: list[Renaming] = []
        self.files: dict[int, File] = {}
        self.pins: list[int] = []
        """Open descriptors: the number of a file is not given to another one while it is known here."""
        for folder, folders, files in os.walk(root):
            self.entries |= {Path(folder, name): None for name in folders}
            for name in files:
                path = Path(folder, name)
                self.entries[path] = self._file(path, path.read_bytes())

    def _file(self, path: Path, synced: bytes = b"") -> File:
        self.pins.append(os.open(path, os.O_PATH))  # which stands against no lease
        return self.files.setdefault(os.fstat(self.pins[-1]).st_ino, File(synced))

    def _step(self) -> None:
        if self.changes == self.fails_at:
            raise PowerCutError
        self.changes += 1

    def let_go(self) -> None:
        """Close everything."""
        for fd in (*self.opened, *self.pins):
            os.close(fd)
        self.opened.clear()
        self.pins.clear()

    # The calls

    def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
        is_new = bool(flags & os.O_CREAT) and not os.path.lexists(path)
        if is_new:
            self._step()
        fd = super().open(path, flags, mode)
        self.opened.add(fd)
        if is_new:
            file = self.files[self.fstat(fd).st_ino] = File()
            self.pins.append(os.open(path, os.O_PATH))
            self.pending.append(Renaming("make", Path(path), file=file))
        return fd

    def close(self, fd: int) -> None:
        self.opened.discard(fd)
        super().close(fd)

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
        self._step()
        count = super().pwrite(fd, data, offset)
        file, at, end = self.files[self.fstat(fd).st_ino], offset, offset + count
        while at < end:
            until = min(end, at - at % SECTOR + SECTOR)
            file.pending.append((at, bytes(data[at - offset : until - offset])))
            at = until
        return count

    def truncate(self, fd: int, length: int) -> None:
        self._step()
        super().truncate(fd, length)
        self.files[self.fstat(fd).st_ino].pending.append((length, None))

    def sync(self, fd: int) -> None:
        self._step()
        file = self.files[self.fstat(fd).st_ino]
        file.synced = file.after(range(len(file.pending)))
        file.pending.clear()

    def sync_folder(self, folder: Path) -> None:
        self._step()
        self._find_new_folders(folder)
        for each in self.pending:
            each.unsynced.discard(folder)
        for each in [each for each in self.pending if not each.unsynced]:
            each.apply(self.entries)
            self.pending.remove(each)

    def _find_new_folders(self, folder: Path) -> None:
        known = set(self.entries) | {each.path for each in self.pending}
        for entry in os.scandir(folder):
            if entry.is_dir() and Path(entry.path) not in known:
                self.pending.append(Renaming("make", Path(entry.path)))

    def make_folder(self, path: Path) -> None:
        super().make_folder(path)
        for each in [*reversed(path.parents), path]:
            if each.is_relative_to(self.root) and each != path:
                self._find_new_folders(each)

    def make_one_folder(self, path: Path) -> None:
        self._step()
        super().make_one_folder(path)
        self.pending.append(Renaming("make", path))

    def remove_folder(self, path: Path) -> None:
        self._step()
        super().remove_folder(path)
        self.pending.append(Renaming("unlink", path))

    def exchange(self, one: Path, other: Path) -> None:
        self._step()
        super().exchange(one, other)
        self.pending.append(Renaming("exchange", one, other))

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        super().rename(source, target)
        self.pending.append(Renaming("rename", source, target))

    def unlink(self, path: Path) -> None:
        self._step()
        super().unlink(path)
        self.pending.append(Renaming("unlink", path))

    def writers(self, paths: Collection[Path], own: int | None = None) -> Writers:
        return Writers(frozenset(), True)

    # What is left

    def states(self, chance: random.Random, most: int = 24) -> Iterator[DiskState]:
        """What may be on the disk: all that is pending or none of it, and choices of it at random."""
        files = [file for file in {id(file): file for file in self.files.values()}.values() if file.pending]
        numbers = {id(file): number for number, file in self.files.items()}
        choices = sum(len(file.pending) for file in files) + len(self.pending)
        for number in range(min(most, 2**choices)):
            share = (0.0, 1.0, chance.random())[min(number, 2)]

            def keeps(share: float = share) -> bool:
                return share >= 1 or chance.random() < share

            names = dict(self.entries)
            for each in self.pending:
                if keeps():
                    each.apply(names)
            kept = {
                id(file): {at for at in range(len(file.pending)) if keeps()} for file in self.files.values()
            }
            there = {path: file for path, file in names.items() if self._is_reached(path, names)}
            yield DiskState(
                {path: None if file is None else file.after(kept[id(file)]) for path, file in there.items()},
                {path: numbers[id(file)] for path, file in there.items() if file is not None},
            )

    def _is_reached(self, path: Path, names: Mapping[Path, File | None]) -> bool:
        """Whether all folders that `path` is in are among `names`."""
        while path != self.root:
            path = path.parent
            if path not in names:
                return False
        return True

    def restore(self, state: DiskState) -> None:
        """Make the folder what the disk holds.

        The files get other inodes than they had; where one of these is noted in a file, it is replaced.
        """
        for folder, folders, files in os.walk(self.root, topdown=False):
            for name in files:
                os.unlink(Path(folder, name))
            for name in folders:
                os.rmdir(Path(folder, name))
        for path, data in sorted(state.entries.items()):
            if data is None:
                path.mkdir(exist_ok=True)
            else:
                path.write_bytes(data)
        numbers = {_NONE: _NONE}
        for path, number in state.numbers.items():
            numbers[b"%020d" % number] = b"%020d" % path.stat().st_ino
        for path in state.numbers:
            path.write_bytes(_NUMBER.sub(lambda was: numbers.get(was[0], _NO_FILE), path.read_bytes()))
