"""The files that take a note's place: where they can lie, how they are made like the note, and removed."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import Final

from roadtui.vault.file_system import FileSystem, closing, opened, remove_file, write_all
from roadtui.vault.writing.note_file import OpenNote, scratch_file, scratch_name
from roadtui.vault.writing.strategy import UnsuitableError

_IMPOSSIBLE: Final = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EXDEV)
_NOT_ALLOWED: Final = (errno.EACCES, errno.EPERM)


class ReplacementFiles:
    """Makes them, and knows between which folders two files can change places."""

    def __init__(self, elsewhere: Path, system: FileSystem) -> None:
        """`elsewhere`: the folder outside the vault for them, where that is on the note's file system."""
        self._elsewhere = elsewhere
        self._system = system
        self._proven: set[tuple[Path, Path]] = set()
        """Folders between which an exchange works."""
        self._refuted: dict[tuple[Path, Path], str] = {}
        """Those between which it does not, and why."""

    def folder_for(self, target: OpenNote) -> Path:
        """Where the new file goes; UnsuitableError if the note cannot be exchanged with a file anywhere."""
        if target.found.st_nlink > 1:
            raise UnsuitableError("the note has several hard links")
        if not self._system.may_write(target.path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        folder, elsewhere = target.path.parent, self._elsewhere
        if (elsewhere, folder) not in self._refuted and self._is_on_one_disk(elsewhere, folder):
            return elsewhere
        refuted = self._refuted.get((folder, folder))
        if refuted is not None:
            raise UnsuitableError(refuted)
        return folder

    def refute(self, beside: Path, folder: Path, reason: str) -> None:
        """A file in the folder `beside` cannot become a note in `folder`."""
        self._refuted[beside, folder] = reason

    def _is_on_one_disk(self, elsewhere: Path, folder: Path) -> bool:
        """Whether a file can change places between the two; the first is made if it is missing."""
        system = self._system
        try:
            system.make_folder(elsewhere)
            return system.stat(elsewhere).st_dev == system.stat(folder).st_dev
        except OSError:
            return False

    def prove(self, beside: Path, folder: Path) -> None:
        """Let `beside` and a scratch file in `folder` change places and back; once for each two folders."""
        system, pair = self._system, (beside.parent, folder)
        if pair in self._proven:
            return
        try:
            with scratch_file(system, folder, folder / scratch_name(beside).name) as scratch:
                was = system.stat(beside).st_ino
                system.exchange(beside, scratch)
                if system.stat(scratch).st_ino != was:
                    self._refuted[pair] = "an exchange of two names was confirmed here, but not made"
                    raise UnsuitableError(self._refuted[pair])
                system.exchange(beside, scratch)
            for each in dict.fromkeys((folder, beside.parent)):
                system.sync_folder(each)
        except OSError as error:
            if error.errno in (*_IMPOSSIBLE, *_NOT_ALLOWED):
                self._refuted[pair] = f"no exchange of two names here ({error.strerror})"
                raise UnsuitableError(self._refuted[pair]) from error
            raise
        self._proven.add(pair)

    def put(self, target: OpenNote, beside: Path, new: bytes) -> os.stat_result:
        """Make the new file, as like the note as can be, and put it on the disk."""
        system = self._system
        try:
            fd = system.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        except PermissionError as error:
            raise UnsuitableError("no file may be put into the note's folder") from error
        with closing(system, fd):
            write_all(system, fd, new, 0)
            self._copy_owner_and_mode(target, fd)
            try:
                system.copy_attributes(target.fd, fd)
            except PermissionError as error:
                raise UnsuitableError("the note's attributes cannot be kept") from error
            system.sync(fd)
            return system.fstat(fd)

    def rewrite(self, target: OpenNote, beside: Path, new: bytes, *, is_same_file: bool) -> None:
        """Give the new file another text, and what belongs to the file that is the note now.

        The text is not on the disk yet: other programs do not wait for that.
        """
        system = self._system
        with opened(system, beside, os.O_RDWR) as fd:
            write_all(system, fd, new, 0)
            system.truncate(fd, len(new))
            if not is_same_file:
                self._copy_owner_and_mode(target, fd)
                system.copy_attributes(target.fd, fd)

    def _copy_owner_and_mode(self, target: OpenNote, fd: int) -> None:
        """Another user cannot keep the owner; with the group and the mode both can go on writing the note."""
        system, wanted, made = self._system, target.found, self._system.fstat(fd)
        if (made.st_uid, made.st_gid) != (wanted.st_uid, wanted.st_gid):
            try:
                system.set_owner(fd, wanted.st_uid, wanted.st_gid)
            except PermissionError:
                try:
                    system.set_owner(fd, -1, wanted.st_gid)
                except PermissionError as error:
                    raise UnsuitableError("the note's group cannot be kept") from error
        system.set_mode(fd, stat.S_IMODE(wanted.st_mode))

    def discard(self, beside: Path, note: Path) -> bool:
        """Remove the new file, and what a proof may have left; False if that is left to the next start."""
        is_gone = True
        for path in (beside, note.with_name(scratch_name(beside).name)):
            try:
                remove_file(self._system, path)
            except FileNotFoundError:
                pass
            except OSError:
                is_gone = False
        return is_gone
