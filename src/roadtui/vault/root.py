"""The folder of a vault: the one that was opened, or missing. Looks at the folder, never at a note."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from roadtui.vault.errors import VaultMissingError
from roadtui.vault.path_kind import is_note_name

_OF_AN_EMPTY_DISK: Final = "lost+found"
"""A folder that every ext4 file system has."""

FolderId = tuple[int, int]
"""Device and inode of a folder."""


def folder_id(folder: Path) -> FolderId | None:
    """Device and inode of a folder; None where there is none."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISDIR(status.st_mode) else None


class VaultRoot:
    """The root of a vault, which is missing while its disk is not mounted. Any thread may ask.

    Where a disk was mounted, an empty folder is left when it goes: a folder that is another one than before
    and holds neither a note nor a folder is therefore not the vault. Hidden entries do not count, as Obsidian
    and file managers put theirs into any folder that is open in them, nor does the folder `lost+found`. The
    same folder without its notes is the vault: somebody has deleted them.
    """

    def __init__(self, path: Path, had_notes: Callable[[], bool] = lambda: False) -> None:
        """Make the root.

        Args:
            path: The vault's folder.
            had_notes: Whether the vault is known to have had notes when it was last seen, by an earlier run.
                Asked where the folder is empty when it is looked at for the first time.
        """
        self.path = path
        self._had_notes = had_notes
        self._known: FolderId | None = None

    def find(self, lead: str = "The") -> FolderId:
        """Device and inode of the vault's folder.

        Args:
            lead: What the sentence of the error begins with.

        Raises:
            VaultMissingError: it is not there, or what is there is not the vault.
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
        """Whether the folder, which was not seen before, is an empty one in the place of a vault."""
        try:
            with os.scandir(self.path) as entries:
                is_empty = not any(map(_may_be_of_a_vault, entries))
        except OSError:
            return False  # It is there, and not to be looked into: a scan says why.
        return is_empty and (self._known is not None or self._had_notes())


def _may_be_of_a_vault(entry: os.DirEntry[str]) -> bool:
    """Whether `entry` is a note, or a folder that may hold some."""
    if entry.name.startswith(".") or entry.name == _OF_AN_EMPTY_DISK:
        return False
    return is_note_name(entry.name) or entry.is_dir()
