"""Opens the file of what was seen, and replaces it while it cannot be used.

A damaged file is set aside. One that another program is using at the moment is waited for. Where no file can
be used otherwise, one in memory replaces it for this run. Then everything counts as seen: without the file
nothing is lost but that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from roadtui.core.errors import RefusedError
from roadtui.vault.activity.seen_file import SUFFIX, SeenFile, open_seen_file, seen_in_memory
from roadtui.vault.history.paths import own_file
from roadtui.vault.state_database import FAULTS, DatabaseFile, explain, is_busy

T = TypeVar("T")


def path_of(state_folder: Path, vault: Path) -> Path:
    """The file of the vault at `vault`. Raises OSError: the state folder cannot be used."""
    return own_file(state_folder, vault).with_suffix(SUFFIX)


_NAME = "list of what was seen"


class SeenFileBusyError(RefusedError):
    """Another program is using the file at the moment; nothing was read or written. Try again later."""


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
        self.fault = ""
        """Why a file in memory replaces the one on disk, as a clause; empty while that is used."""

    def use(self, work: Callable[[SeenFile], T]) -> T:
        """Do `work` with the file. If that fails, `work` is done again with what replaces it.

        Raises:
            SeenFileBusyError: another program is using the file.
        """
        for _ in range(2):
            file = self._opened()
            try:
                return work(file)
            except sqlite3.Error as error:
                self._raise_if_busy(error)
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
        except FAULTS as error:
            self._raise_if_busy(error)
            return self._in_memory(error)

    def _raise_if_busy(self, error: Exception) -> None:
        if is_busy(error):
            clause = self._explained(error)
            raise SeenFileBusyError(f"{clause[0].upper()}{clause[1:]}. Try again.") from error

    def _in_memory(self, error: Exception) -> SeenFile:
        self.fault = self._explained(error)
        return seen_in_memory()

    def _explained(self, error: Exception) -> str:
        path = self._database.path if self._database is not None else (self._state or Path()) / "history"
        return explain(error, _NAME, path)

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
            self._file = self._in_memory(error)

    def _note_set_aside(self, aside: Path) -> None:
        self.set_aside = aside
