"""The folder of a vault: whether it is missing, and its identity, which is saved for later runs."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from roadtui.core.markdown import content_hash
from roadtui.settings_file import read_plain_file, write_plain_file
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.path_kind import is_note_name

_OF_AN_EMPTY_DISK: Final = "lost+found"
"""A folder in the root of every ext4 file system."""

FolderId = tuple[int, int]
"""Device and inode of a folder."""


def folder_id(folder: Path) -> FolderId | None:
    """Device and inode of a folder; None if it does not exist."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


class VaultRoot:
    """The folder of a vault, which is missing while its disk is not mounted. Thread-safe.

    An unmounted disk leaves an empty folder in its place: a folder other than before, without notes and
    subfolders, is therefore not the vault. Hidden entries do not count, as Obsidian and file managers add
    theirs to any open folder, nor does `lost+found`. The same folder without its notes is still the vault:
    the notes were deleted.
    """

    def __init__(self, path: Path, had_notes: Callable[[], bool] = lambda: False) -> None:
        """Make the root.

        Args:
            path: The vault's folder.
            had_notes: Whether the vault had notes in an earlier run. Called if the folder is empty when it is
                read for the first time.
        """
        self.path = path
        self._had_notes = had_notes
        self._known: FolderId | None = None

    def find(self, lead: str = "The") -> FolderId:
        """Device and inode of the vault's folder.

        Args:
            lead: The start of the error's sentence.

        Raises:
            VaultMissingError: the folder does not exist, or is not the vault.
        """
        found = folder_id(self.path)
        if found is None:
            raise VaultMissingError(f"{lead} vault folder {self.path} is not there.")
        if found != self._known:
            if self._is_empty_replacement():
                raise VaultMissingError(
                    f"{lead} vault folder {self.path} is missing: an empty folder is in its place. Is its"
                    " disk mounted? If the notes are gone for good, put a new note into it."
                )
            self._known = found
        return found

    def is_missing(self) -> bool:
        """Whether `find` would raise."""
        try:
            self.find()
        except VaultMissingError:
            return True
        return False

    def _is_empty_replacement(self) -> bool:
        """Whether the folder, which is new, is an empty one in place of the vault."""
        try:
            with os.scandir(self.path) as entries:
                is_empty = not any(map(_may_be_of_a_vault, entries))
        except OSError:
            return False  # The folder exists but cannot be read: a scan reports why.
        return is_empty and (self._known is not None or self._had_notes())


def _may_be_of_a_vault(entry: os.DirEntry[str]) -> bool:
    """Whether `entry` is a note, or a folder that may contain notes."""
    if entry.name.startswith(".") or entry.name == _OF_AN_EMPTY_DISK:
        return False
    return is_note_name(entry.name) or entry.is_dir()


def save_folder_with_notes(state_folder: Path, vault: Path) -> None:
    """Save that the folder `vault` has notes, in a file of one line; errors are ignored.

    In a later run it shows that an empty folder is not the vault. The history and the undo list show that as
    well, but a command that only reads creates neither.
    """
    key = folder_key(vault)
    if key and key != saved_folder_key(state_folder, vault):
        with suppress(OSError):
            write_plain_file(_key_file(state_folder, vault), f"{key}\n")


def saved_folder_key(state_folder: Path, vault: Path) -> str:
    """The `folder_key` that was last saved for the vault; empty if none was saved."""
    try:
        return read_plain_file(_key_file(state_folder, vault)).decode("ascii", "replace").strip()
    except OSError:
        return ""


def folder_key(folder: Path) -> str:
    """Device and inode of a folder as text; empty if it does not exist."""
    found = folder_id(folder)
    return f"{found[0]} {found[1]}" if found is not None else ""


def _key_file(state_folder: Path, vault: Path) -> Path:
    return state_folder / "vaults" / f"{content_hash(os.fsencode(vault)).hex()[:16]}.folder"
