"""Notes that are not there yet: the inbox that quick capture writes into, and what a command names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from roadtui.core.display import safe
from roadtui.core.errors import RefusedError
from roadtui.vault.interest import NOTE_SUFFIX
from roadtui.vault.system import NO_FOLLOW, SYSTEM, Lease, System, give_back, opened
from roadtui.vault.writing.strategy import explained


def check_path(path: str) -> None:
    """Refuse a path that is not, or not visibly, that of a note inside a vault."""
    parts = path.split("/")
    is_inside = all(part not in ("", ".", "..") and not part.startswith(".") for part in parts)
    if not is_inside or not path.endswith(NOTE_SUFFIX) or not path.isprintable():
        raise RefusedError(f"“{safe(path)}” is no path of a note in the vault; write it like folder/Note.md.")


@contextmanager
def note_for_writing(root: Path, path: str, system: System = SYSTEM) -> Iterator[str]:
    """An empty note at `path` for the block to write into, made with its folders where there is none.

    Gives its path as the file system has it: a note whose name differs in case alone is that note. Where the
    block fails, what was made for it is taken away again; an empty note would be carried by a sync service
    over a full one elsewhere.

    Raises:
        RefusedError: the path is none of a note, or leads out of the vault.
        WriteFailedError: it cannot be made; nothing is left behind.
    """
    check_path(path)
    path = _as_it_is_called(root, path)
    made = _Made(system)
    is_written = False
    try:
        if not os.path.lexists(root / path):
            try:
                made.note_at(root, path)
            except OSError as error:
                raise explained(error, root / path) from error
        yield path
        is_written = True
    finally:
        if not is_written:
            made.take_away()


class _Made:
    """What was made for one note."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._folders: list[Path] = []
        """The outermost first."""
        self._note: Path | None = None

    def note_at(self, root: Path, path: str) -> None:
        """Make the note and its folders below `root`; a note that somebody else made meanwhile stays."""
        system, note = self._system, root / path
        missing = [folder for folder in note.parents if root in folder.parents and not folder.is_dir()]
        if not note.parent.resolve().is_relative_to(root.resolve()):
            raise RefusedError(f"“{path}” leads out of the vault.")
        for folder in reversed(missing):
            with suppress(FileExistsError):
                system.make_one_folder(folder)
                self._folders.append(folder)
        try:
            with opened(system, note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666) as fd:
                self._note = note
                system.sync(fd)
        except FileExistsError:
            return
        for folder in (note.parent, *(folder.parent for folder in missing)):
            system.sync_folder(folder)

    def take_away(self) -> None:
        """Remove what was made, unless somebody has put something into it."""
        system = self._system
        with suppress(OSError):
            if self._note is not None and self._is_untouched(self._note):
                system.unlink(self._note)
        with suppress(OSError):
            for folder in reversed(self._folders):
                system.remove_folder(folder)

    def _is_untouched(self, note: Path) -> bool:
        """Whether the note is empty, and nobody else has it open: there a lease is denied."""
        system = self._system
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
