"""Creates notes for edits, such as the inbox of quick capture, and deletes them again on undo."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.ignore_rules import IgnoreRules
from roadtui.core.terminal_text import escape_terminal
from roadtui.vault.file_system import NO_FOLLOW, REAL_FILE_SYSTEM, FileSystem, Lease, opened, release_lease
from roadtui.vault.obsidian import NewNoteLocation, VaultSettings
from roadtui.vault.path_kind import NOTE_SUFFIX
from roadtui.vault.writing.strategy import explained


def check_path(path: str) -> None:
    """Raise RefusedError for a path that is not, or not visibly, that of a note inside a vault."""
    parts = path.split("/")
    is_inside = all(part not in ("", ".", "..") and not part.startswith(".") for part in parts)
    if not is_inside or not path.endswith(NOTE_SUFFIX) or not path.isprintable():
        raise RefusedError(
            f"“{escape_terminal(path)}” is not the path of a note in the vault. Write it like folder/Note.md."
        )


_NOT_IN_NAMES = '*"\\<>:|?#^[]'
"""Characters that Obsidian, or a file system that it syncs to, does not allow in the name of a note."""
_LONGEST_NAME = 255
"""Bytes of a file's name that every usual file system takes."""


def path_of_new_note(name: str, source: str, settings: VaultSettings) -> str:
    """The path at which Obsidian would create the note that a link names and that is missing.

    Args:
        name: The name or path in the link, without heading and block.
        source: The path of the note that contains the link.
        settings: The vault's settings, which say where new notes go.

    Raises:
        RefusedError: the name cannot be that of a note in this vault.
    """
    name = name.removesuffix(NOTE_SUFFIX)
    written = escape_terminal(name)
    beside = source.rpartition("/")[0]
    if name.startswith("./"):
        name = f"{beside}/{name[2:]}".lstrip("/")
    elif "/" not in name:
        folders = {
            NewNoteLocation.VAULT: "",
            NewNoteLocation.SAME_FOLDER: beside,
            NewNoteLocation.FOLDER: settings.new_note_folder,
        }
        name = f"{folders[settings.new_note_location]}/{name}".lstrip("/")
    elif name.startswith("/"):
        raise RefusedError(f"“{written}” is not created: a link names a note by its path in the vault.")
    parts = name.split("/")
    if ".." in parts:
        raise RefusedError(f"“{written}” is not created: it may lead out of the vault.")
    if bad := next((char for char in name if char in _NOT_IN_NAMES), None):
        raise RefusedError(f"“{written}” is not created: the name of a note cannot contain {bad}")
    if any(part != part.strip() or part.endswith(".") for part in parts):
        raise RefusedError(f"“{written}” is not created: a name cannot end with a blank or a dot.")
    if any(len(f"{part}{NOTE_SUFFIX}".encode("utf-8", "surrogatepass")) > _LONGEST_NAME for part in parts):
        raise RefusedError(f"“{written[:40]}…” is not created: the name is too long for a file.")
    path = f"{name}{NOTE_SUFFIX}"
    check_path(path)
    if IgnoreRules.of(settings.ignore_filters).leaves_out(path):
        raise RefusedError(f"{path} is not created: it would be among the files that Obsidian excludes.")
    return path


class NoteForWriting(NamedTuple):
    """A note that exists, and what was created for it."""

    path: str
    """The path as the file system has it, which may differ from the given one in upper and lower case."""
    created: tuple[str, ...]
    """Paths of the note and of its new folders, innermost first; empty if the note existed."""


@contextmanager
def note_for_writing(
    root: Path, path: str, system: FileSystem = REAL_FILE_SYSTEM
) -> Iterator[NoteForWriting]:
    """The note at `path` for the block to write into; created empty, with its folders, if it is missing.

    If the block fails, what was created is deleted again: a sync service might replace a full note elsewhere
    by an empty one.

    Raises:
        RefusedError: the path is not that of a note, or is outside the vault.
        WriteFailedError: the note cannot be created; nothing is left behind.
    """
    check_path(path)
    path = _with_actual_case(root, path)
    created = _CreatedFiles(root, system)
    is_written = False
    try:
        if not os.path.lexists(root / path):
            try:
                created.create_note(path)
            except OSError as error:
                raise explained(error, root / path) from error
        yield NoteForWriting(path, created.paths if created.has_note else ())
        is_written = True
    finally:
        if not is_written:
            delete_created(root, created.paths, system)


def delete_created(root: Path, created: Iterable[str], system: FileSystem = REAL_FILE_SYSTEM) -> None:
    """Remove a note and folders below `root`, innermost first, as long as each is empty.

    A note that another program has open stays, as that may be about to write. Errors are ignored.
    """
    with suppress(OSError):
        for path in created:
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


class _CreatedFiles:
    """The files and folders created for one note."""

    def __init__(self, root: Path, system: FileSystem) -> None:
        self._root = root
        self._system = system
        self._created: list[Path] = []
        self.has_note = False
        """Whether the note itself was created."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The created paths, relative to the root, innermost first."""
        return tuple(path.relative_to(self._root).as_posix() for path in reversed(self._created))

    def create_note(self, path: str) -> None:
        """Create the note and its folders; a note that another program has created meanwhile stays."""
        system, root = self._system, self._root
        note = root / path
        missing = [folder for folder in note.parents if root in folder.parents and not folder.is_dir()]
        if not note.parent.resolve().is_relative_to(root.resolve()):
            raise RefusedError(f"“{path}” is outside the vault.")
        for folder in reversed(missing):
            with suppress(FileExistsError):
                system.make_one_folder(folder)
                self._created.append(folder)
        try:
            with opened(system, note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666) as fd:
                self._created.append(note)
                self.has_note = True
                system.sync(fd)
        except FileExistsError:
            return
        for folder in (note.parent, *(folder.parent for folder in missing)):
            system.sync_folder(folder)


def _is_untouched(note: Path, system: FileSystem) -> bool:
    """Whether the note is empty and not open in another program, in which case a lease is granted."""
    with opened(system, note, os.O_RDWR | NO_FOLLOW) as fd:
        if system.fstat(fd).st_size:
            return False
        try:
            is_ours = system.lease(fd, Lease.WRITE)
        except OSError:
            return True  # The system has no leases.
        if is_ours:
            release_lease(system, fd)
        return is_ours


def _with_actual_case(root: Path, path: str) -> str:
    """`path` with the upper and lower case that existing files and folders have."""
    actual = PurePosixPath()
    for part in path.split("/"):
        try:
            names = os.listdir(root / actual)
        except OSError:
            names = []
        alike = [name for name in names if name.casefold() == part.casefold()]
        actual /= part if part in alike or not alike else alike[0]
    return actual.as_posix()
