"""`NoteWriter`: one edit into one note by the best way that its file system allows."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from roadtui.vault.errors import WriteFailedError
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem
from roadtui.vault.writing.exchange import ExchangeStrategy
from roadtui.vault.writing.in_place import InPlaceStrategy
from roadtui.vault.writing.lease import LeaseStrategy
from roadtui.vault.writing.strategy import (
    RetryPolicy,
    SafetyLevel,
    Strategy,
    Transform,
    UnsuitableError,
    WriteResult,
    explained,
)
from roadtui.vault.writing.write_ahead_log import RecoveredEdit, WriteAheadLog

CLOSING: Final = 1.5
"""Seconds after which displaced files are left to the next start, as the program ends."""


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What `doctor` says of a folder."""

    folder: Path
    strategy: str | None
    """The way of writing that notes in it get; None where none works."""
    promise: SafetyLevel | None
    declined: tuple[tuple[str, str], ...]
    """Better ways and why each is not possible here."""


def usual_strategies(
    state_folder: Path, system: FileSystem = REAL_FILE_SYSTEM, retry_policy: RetryPolicy | None = None
) -> tuple[Strategy, ...]:
    """What this platform has, best first."""
    wal = WriteAheadLog(state_folder, system)
    if sys.platform == "darwin":
        from roadtui.vault.writing.macos import mac_strategies  # needs ctypes, which Linux starts without

        return mac_strategies(wal, retry_policy)
    if sys.platform == "win32":
        from roadtui.vault.writing.windows import windows_strategies

        return windows_strategies(wal, retry_policy)
    return (
        LeaseStrategy(wal, system, retry_policy),
        ExchangeStrategy(wal, system, retry_policy),
        InPlaceStrategy(wal, system, retry_policy),
    )


class NoteWriter:
    """Writes edits into notes, one at a time. Any thread may call it."""

    def __init__(
        self,
        state_folder: Path,
        strategies: Sequence[Strategy] | None = None,
        system: FileSystem = REAL_FILE_SYSTEM,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        self._strategies = (
            tuple(strategies)
            if strategies is not None
            else usual_strategies(state_folder, system, retry_policy)
        )
        self.system = system
        """What talks to the disk; what is made around a note goes through it as well."""
        self._one_at_a_time = Lock()

    def write(self, path: Path, transform: Transform) -> WriteResult:
        """Apply `transform` to the bytes that `path` holds at that moment, and sync them to the disk.

        Raises RefusedError if `transform` does; NoteBusyError, ReadOnlyNoteError, NoSpaceError, NoteGoneError
        or another WriteFailedError if something stands in the way. The note is then as it was.
        """
        with self._one_at_a_time:
            return self._write(path, transform)

    @property
    def unsettled(self) -> int:
        """How many files that were notes are kept until nobody writes into them, and finds not yet told."""
        return sum(strategy.unsettled for strategy in self._strategies)

    def settle(self) -> list[RecoveredEdit]:
        """Look again at the kept files; call it every second or so while there are `unsettled` ones.

        Late edits found in them are put into their note, or kept as a conflict copy; the user is to be told.
        """
        told: list[RecoveredEdit] = []
        with self._one_at_a_time:
            for strategy in self._strategies:
                told += strategy.settle(self._write)
        return told

    def end_within(self, seconds: float) -> None:
        """The program ends within `seconds`: writes, even one that is under way, give up by then.

        Does not wait for the write that is under way.
        """
        for strategy in self._strategies:
            strategy.end_within(seconds)

    def close(self, seconds: float = CLOSING) -> list[RecoveredEdit]:
        """Settle what can be settled within `seconds`; leave the rest to the next start or to the user."""
        told: list[RecoveredEdit] = []
        until = self.system.now() + seconds
        self.end_within(seconds)
        for strategy in self._strategies:
            strategy.hurry()
        while self.unsettled:
            told += self.settle()
            if not self.unsettled or self.system.now() >= until:
                break
            self.system.sleep(0.02)
        with self._one_at_a_time:
            for strategy in self._strategies:
                told += strategy.leave()
        return told

    def _write(self, path: Path, transform: Transform) -> WriteResult:
        reasons: list[str] = []
        for strategy in self._strategies:
            try:
                return strategy.write(path, transform)
            except UnsuitableError as reason:
                reasons.append(f"{strategy.name}: {reason}")
            except OSError as error:
                raise explained(error, path) from error
        why = "; ".join(reasons)
        raise WriteFailedError(
            path, f"{path.name} was not changed: there is no safe way to write it ({why})."
        )

    @contextmanager
    def paused(self) -> Iterator[None]:
        """No write is under way inside the block; take it before the program stops itself (ctrl+z)."""
        with self._one_at_a_time:
            yield

    def describe(self, folder: Path) -> FolderReport:
        """Find out, with a scratch file in `folder`, which strategy its notes get."""
        declined: list[tuple[str, str]] = []
        with self._one_at_a_time:
            for strategy in self._strategies:
                try:
                    strategy.probe(folder)
                except UnsuitableError as reason:
                    declined.append((strategy.name, str(reason)))
                except OSError as error:
                    declined.append((strategy.name, error.strerror or "refused"))
                else:
                    return FolderReport(folder, strategy.name, strategy.promise, tuple(declined))
        return FolderReport(folder, None, None, tuple(declined))
