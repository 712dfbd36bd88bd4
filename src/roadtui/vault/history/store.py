"""Which journal is used: the file of this machine, or, while that can't be used, one in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from roadtui.core.errors import RoadtuiError
from roadtui.vault.history.event_log import PATIENCE_SECONDS, EventLog, in_memory, open_file
from roadtui.vault.history.paths import own_file
from roadtui.vault.state_database import FAULTS, DatabaseFile, explain

T = TypeVar("T")

_MOST_UNWRITTEN = 1_000
"""Records that are kept in memory for a file that can't be written; beyond that the oldest are dropped."""


class HistoryNotWrittenError(RoadtuiError):
    """The history can't be changed, because its file can't be written."""


class JournalStore:
    """Gives the journal of one vault to what works on it. Not safe to share between threads."""

    def __init__(self, state: Path | None, vault: Path, tell: Callable[[str], None]) -> None:
        """Make the store; nothing is opened before it is needed.

        Args:
            state: The user's state folder; None keeps the journal in memory.
            vault: The vault's root, by which journals of several vaults are told apart.
            tell: Called with a sentence for the user.
        """
        self._state = state
        self._vault = vault
        self._tell = tell
        self._journal: EventLog | None = None
        self._file: DatabaseFile | None = None
        self._fault = ""
        """Why the journal is one in memory in place of the file; empty where it is not."""
        self._unwritten: list[Callable[[EventLog], object]] = []
        """What was recorded in memory alone, in order."""

    def use(self, work: Callable[[EventLog], T]) -> T:
        """Do `work`. Where the journal fails at it, it is done again with the one that takes its place."""
        for _ in range(2):  # A damaged file is replaced by a new one, and that by one in memory.
            journal = self._open()
            try:
                return work(journal)
            except sqlite3.Error as error:
                self._replace(journal, error)
        return work(self._open())

    def record(self, work: Callable[[EventLog], T]) -> T:
        """Do `work`, which records something: in the file, or in memory now and in the file later."""
        if self._fault:
            self._use_file_again()
        done = self.use(work)
        if self._fault:
            self._unwritten = [*self._unwritten, work][-_MOST_UNWRITTEN:]
        return done

    def change(self, work: Callable[[EventLog], T]) -> T:
        """Do `work`, which makes no sense on a journal in memory.

        Raises:
            HistoryNotWrittenError: the file can't be written; nothing was changed.
        """
        self._open()
        if self._fault:
            self._use_file_again()
        journal = self._open()
        if self._fault:
            raise HistoryNotWrittenError(f"The history was not changed: {self._fault}.")
        try:
            return work(journal)
        except FAULTS as error:
            reason = explain(error, "history", self._path)
            raise HistoryNotWrittenError(f"The history was not changed: {reason}.") from error

    def close(self) -> None:
        """Write what the file could not take before, if it can now, and let go of it."""
        if self._unwritten:
            self._use_file_again(PATIENCE_SECONDS)
            self._unwritten.clear()
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        self._fault = ""

    @property
    def _path(self) -> Path:
        """The file, or the folder it should be in where that could not even be made."""
        return self._file.path if self._file is not None else (self._state or Path()) / "history"

    def _open(self) -> EventLog:
        """The journal in use. A file that was deleted or renamed meanwhile is begun anew at its path."""
        if self._journal is not None and self._journal.file is not None and self._is_elsewhere():
            self._journal.close()
            self._journal = None
        if self._journal is None:
            try:
                self._journal = self._open_file()
            except FAULTS as error:
                self._journal = self._in_memory_instead(error)
        return self._journal

    def _is_elsewhere(self) -> bool:
        return self._file is not None and self._file.is_elsewhere()

    def _open_file(self, patience: float = PATIENCE_SECONDS) -> EventLog:
        """Open the file; raises sqlite3.Error or OSError where that is not possible now."""
        if self._state is None:
            return in_memory()
        if self._file is None:
            self._file = DatabaseFile(own_file(self._state, self._vault), self._report_set_aside)
        return self._file.open(lambda path: open_file(path, patience))

    def _in_memory_instead(self, error: Exception) -> EventLog:
        """A journal in memory in place of the file, which can't be used because of `error`."""
        self._fault = explain(error, "history", self._path)
        self._tell(
            f"The history can't be written: {self._fault}. What happens now is remembered until you quit,"
            " and written if that is possible by then."
        )
        return in_memory(self._path)

    def _replace(self, journal: EventLog, error: sqlite3.Error) -> None:
        """Go on without `journal`, which failed: with a new file where it is damaged, else in memory."""
        journal.close()
        self._journal = None
        try:
            is_replaced = (
                self._file is not None and journal.file is not None and self._file.replace_damaged(error)
            )
        except OSError as denied:
            self._journal = self._in_memory_instead(denied)
        else:
            if not is_replaced:
                self._journal = self._in_memory_instead(error)

    def _report_set_aside(self, aside: Path) -> None:
        self._tell(
            f"The history of this vault was damaged and is set aside as {aside}. A new one begins;"
            " `roadtui history import` dates again what git knows."
        )

    def _use_file_again(self, patience: float = 0.0) -> None:
        """Go back to the file, if it can be used by now, and write what was recorded meanwhile."""
        before = self._journal
        journal: EventLog | None = None
        try:
            journal = self._open_file(patience)
            while self._unwritten:
                self._unwritten[0](journal)
                del self._unwritten[0]
            journal.wait_for_others()
        except FAULTS:
            if journal is not None:
                journal.close()
            return
        self._journal, self._fault = journal, ""
        if before is not None:
            before.close()
        self._tell("The history is written again, with what happened meanwhile.")
