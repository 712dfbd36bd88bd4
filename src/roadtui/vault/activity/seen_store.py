"""Opens the file of what was seen, and replaces it while it cannot be used.

A damaged file is set aside; while no file can be used, one in memory replaces it. Then everything counts as
seen: without the file nothing is lost but that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from roadtui.vault.activity.seen_file import SUFFIX, SeenFile, open_seen_file, seen_in_memory
from roadtui.vault.history.paths import own_file
from roadtui.vault.state_database import FAULTS, DatabaseFile

T = TypeVar("T")


def path_of(state_folder: Path, vault: Path) -> Path:
    """The file of the vault at `vault`. Raises OSError: the state folder cannot be used."""
    return own_file(state_folder, vault).with_suffix(SUFFIX)


class SeenStore:
    """The file of one vault, or memory in its place. Not thread-safe."""

    def __init__(self, state_folder: Path | None, vault: Path) -> None:
        """Make the store; the file is opened on first use.

        Args:
            state_folder: The user's state folder; None keeps everything in memory.
            vault: The vault's folder, which identifies its file.
        """
        self._state = state_folder
        self._vault = vault
        self._database: DatabaseFile | None = None
        self._file: SeenFile | None = None
        self.set_aside: Path | None = None
        """Where a damaged file is now; None while there was none."""

    def use(self, work: Callable[[SeenFile], T]) -> T:
        """Do `work` with the file. If that fails, `work` is done again with what replaces it."""
        for _ in range(2):
            file = self._opened()
            try:
                return work(file)
            except sqlite3.Error as error:
                self._replace(file, error)
        return work(self._opened())

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> SeenFile:
        if self._file is None:
            self._file = self._open()
        return self._file

    def _open(self) -> SeenFile:
        if self._state is None:
            return seen_in_memory()
        try:
            if self._database is None:
                self._database = DatabaseFile(path_of(self._state, self._vault), self._note_set_aside)
            return self._database.open(open_seen_file)
        except FAULTS:
            return seen_in_memory()

    def _replace(self, file: SeenFile, error: sqlite3.Error) -> None:
        """Replace `file`, which failed: by a new one if it is damaged, else by one in memory."""
        self.close()
        try:
            is_replaced = (
                self._database is not None and file.file is not None and self._database.replace_damaged(error)
            )
        except OSError:
            is_replaced = False
        if not is_replaced:
            self._file = seen_in_memory()

    def _note_set_aside(self, aside: Path) -> None:
        self.set_aside = aside
