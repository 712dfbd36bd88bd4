"""Opens the event log of this machine, and replaces it by a log in memory while its file cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from roadtui.core.errors import RoadtuiError
from roadtui.vault.history.event_log import TIMEOUT_SECONDS, EventLog, log_in_memory, open_log
from roadtui.vault.history.paths import own_file
from roadtui.vault.state_database import FAULTS, DatabaseFile, explain

T = TypeVar("T")

_MOST_UNWRITTEN = 1_000
"""The most records kept in memory for a file that cannot be written; beyond that, the oldest are dropped."""


class HistoryNotWrittenError(RoadtuiError):
    """The history cannot be changed, because its file cannot be written."""


class EventLogStore:
    """The event log of one vault, in a file or temporarily in memory. Not thread-safe."""

    def __init__(self, state_folder: Path | None, vault: Path, notify: Callable[[str], None]) -> None:
        """Make the store; files are opened on first use.

        Args:
            state_folder: The user's state folder; None keeps the log in memory.
            vault: The vault's folder, which identifies its log.
            notify: Called with a sentence for the user.
        """
        self._state = state_folder
        self._vault = vault
        self._notify = notify
        self._log: EventLog | None = None
        self._file: DatabaseFile | None = None
        self._fault = ""
        """Why a log in memory replaces the file; empty while the file is used."""
        self._unwritten: list[Callable[[EventLog], object]] = []
        """The records that are only in memory, in order."""

    def use(self, work: Callable[[EventLog], T]) -> T:
        """Do `work` with the log. If the log fails, `work` is done again with the log that replaces it."""
        for _ in range(2):  # A damaged file is replaced by a new one, and that by a log in memory.
            log = self._open()
            try:
                return work(log)
            except sqlite3.Error as error:
                self._replace(log, error)
        return work(self._open())

    def record(self, work: Callable[[EventLog], T]) -> T:
        """Do `work`, which writes: in the file, or in memory now and in the file later."""
        if self._fault:
            self._use_file_again()
        done = self.use(work)
        if self._fault:
            self._unwritten = [*self._unwritten, work][-_MOST_UNWRITTEN:]
        return done

    def change(self, work: Callable[[EventLog], T]) -> T:
        """Do `work`, which has to write to the file.

        Raises:
            HistoryNotWrittenError: the file cannot be written; nothing was changed.
        """
        self._open()
        if self._fault:
            self._use_file_again()
        log = self._open()
        if self._fault:
            raise HistoryNotWrittenError(f"The history was not changed: {self._fault}.")
        try:
            return work(log)
        except FAULTS as error:
            reason = explain(error, "history", self._path)
            raise HistoryNotWrittenError(f"The history was not changed: {reason}.") from error

    def close(self) -> None:
        """Write the records that are only in memory, if that is possible now, and close the file."""
        if self._unwritten:
            self._use_file_again(TIMEOUT_SECONDS)
            self._unwritten.clear()
        if self._log is not None:
            self._log.close()
            self._log = None
        self._fault = ""

    @property
    def _path(self) -> Path:
        """The file, or the folder for it if that could not be created."""
        return self._file.path if self._file is not None else (self._state or Path()) / "history"

    def _open(self) -> EventLog:
        """The log in use. If the file was deleted or renamed meanwhile, a new one is created at its path."""
        if self._log is not None and self._log.file is not None and self._file_was_replaced():
            self._log.close()
            self._log = None
        if self._log is None:
            try:
                self._log = self._open_file()
            except FAULTS as error:
                self._log = self._in_memory_instead(error)
        return self._log

    def _file_was_replaced(self) -> bool:
        return self._file is not None and self._file.was_replaced()

    def _open_file(self, timeout: float = TIMEOUT_SECONDS) -> EventLog:
        """Open the file; raises sqlite3.Error or OSError if that is not possible now."""
        if self._state is None:
            return log_in_memory()
        if self._file is None:
            self._file = DatabaseFile(own_file(self._state, self._vault), self._report_set_aside)
        return self._file.open(lambda path: open_log(path, timeout))

    def _in_memory_instead(self, error: Exception) -> EventLog:
        """A log in memory in place of the file, which cannot be used because of `error`."""
        self._fault = explain(error, "history", self._path)
        self._notify(
            f"The history can't be written: {self._fault}. What happens now is kept in memory until you quit,"
            " and written if that is possible by then."
        )
        return log_in_memory(self._path)

    def _replace(self, log: EventLog, error: sqlite3.Error) -> None:
        """Replace `log`, which failed: by a new file if it is damaged, else by a log in memory."""
        log.close()
        self._log = None
        try:
            is_replaced = (
                self._file is not None and log.file is not None and self._file.replace_damaged(error)
            )
        except OSError as denied:
            self._log = self._in_memory_instead(denied)
        else:
            if not is_replaced:
                self._log = self._in_memory_instead(error)

    def _report_set_aside(self, aside: Path) -> None:
        self._notify(
            f"The history of this vault was damaged and is set aside as {aside}. A new one was begun;"
            " `roadtui history import` imports the dates again that git has."
        )

    def _use_file_again(self, timeout: float = 0.0) -> None:
        """Use the file again, if that is possible now, and write the records that are only in memory."""
        before = self._log
        log: EventLog | None = None
        try:
            log = self._open_file(timeout)
            while self._unwritten:
                self._unwritten[0](log)
                del self._unwritten[0]
            log.wait_for_others()
        except FAULTS:
            if log is not None:
                log.close()
            return
        self._log, self._fault = log, ""
        if before is not None:
            before.close()
        self._notify("The history can be written again; what happened meanwhile is in it.")
