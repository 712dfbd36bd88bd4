"""Notes that are not there yet: the inbox that quick capture writes into, and what a command names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.terminal_text import escape_terminal
from roadtui.vault.file_system import NO_FOLLOW, REAL_FILE_SYSTEM, FileSystem, Lease, give_back, opened
from roadtui.vault.path_kind import NOTE_SUFFIX
from roadtui.vault.writing.strategy import explained


def check_path(path: str) -> None:
    """Refuse a path that is not, or not visibly, that of a note inside a vault."""
    parts = path.split("/")
    is_inside = all(part not in ("", ".", "..") and not part.startswith(".") for part in parts)
    if not is_inside or not path.endswith(NOTE_SUFFIX) or not path.isprintable():
        raise RefusedError(
            f"“{escape_terminal(path)}” is no path of a note in the vault; write it like folder/Note.md."
        )


class NoteForWriting(NamedTuple):
    """A note that is there, and what was made for it."""

    path: str
    """As the file system has it: a note whose name differs in case alone is that note."""
    made: tuple[str, ...]
    """Paths of the note and of its new folders, the innermost first; none where the note was there."""


@contextmanager
def note_for_writing(
    root: Path, path: str, system: FileSystem = REAL_FILE_SYSTEM
) -> Iterator[NoteForWriting]:
    """An empty note at `path` for the block to write into, made with its folders where there is none.

    Where the block fails, what was made for it is taken away again; an empty note would be carried by a sync
    service over a full one elsewhere.

    Raises:
        RefusedError: the path is none of a note, or leads out of the vault.
        WriteFailedError: it cannot be made; nothing is left behind.
    """
    check_path(path)
    path = _as_it_is_called(root, path)
    made = _Made(root, system)
    is_written = False
    try:
        if not os.path.lexists(root / path):
            try:
                made.note_at(path)
            except OSError as error:
                raise explained(error, root / path) from error
        yield NoteForWriting(path, made.paths if made.has_note else ())
        is_written = True
    finally:
        if not is_written:
            take_away(root, made.paths, system)


def take_away(root: Path, made: Iterable[str], system: FileSystem = REAL_FILE_SYSTEM) -> None:
    """Remove a note and folders below `root`, the innermost first, each as long as nothing is in it.

    A note that another program has open stays, as that may be about to write. What cannot be removed stays.
    """
    with suppress(OSError):
        for path in made:
            found = root / path
            if not found.parent.resolve().is_relative_to(root.resolve()):
                return
            if found.is_dir():
                system.remove_folder(found)
            elif os.path.lexists(found):
                if not _is_untouched(found, system):
                    return
                system.unlink(found)
            system.sync_folder(found.parent)


class _Made:
    """What was made for one note."""

    def __init__(self, root: Path, system: FileSystem) -> None:
        self._root = root
        self._system = system
        self._made: list[Path] = []
        self.has_note = False
        """Whether the note is among it."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Relative to the root; the innermost first."""
        return tuple(path.relative_to(self._root).as_posix() for path in reversed(self._made))

    def note_at(self, path: str) -> None:
        """Make the note and its folders; a note that somebody else made meanwhile stays."""
        system, root = self._system, self._root
        note = root / path
        missing = [folder for folder in note.parents if root in folder.parents and not folder.is_dir()]
        if not note.parent.resolve().is_relative_to(root.resolve()):
            raise RefusedError(f"“{path}” leads out of the vault.")
        for folder in reversed(missing):
            with suppress(FileExistsError):
                system.make_one_folder(folder)
                self._made.append(folder)
        try:
            with opened(system, note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666) as fd:
                self._made.append(note)
                self.has_note = True
                system.sync(fd)
        except FileExistsError:
            return
        for folder in (note.parent, *(folder.parent for folder in missing)):
            system.sync_folder(folder)


def _is_untouched(note: Path, system: FileSystem) -> bool:
    """Whether the note is empty, and nobody else has it open: there a lease is denied."""
    with opened(system, note, os.O_RDWR | NO_FOLLOW) as fd:
        if system.fstat(fd).st_size:
            return False
        try:
            is_ours = system.lease(fd, Lease.WRITE)
        except OSError:
            return True  # No leases here.
        if is_ours:
            give_back(system, fd)
        return is_ours


def _as_it_is_called(root: Path, path: str) -> str:
    """`path`, each part spelled as the file system has it where only the case differs."""
    spelled = PurePosixPath()
    for part in path.split("/"):
        try:
            names = os.listdir(root / spelled)
        except OSError:
            names = []
        same = [name for name in names if name.casefold() == part.casefold()]
        spelled /= part if part in same or not same else same[0]
    return spelled.as_posix()
