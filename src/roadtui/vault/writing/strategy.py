"""What every way of writing a note has in common: its interface, its result, and the sentences for its
failures.
"""

from __future__ import annotations

import errno
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final, Protocol

from roadtui.core.errors import RefusedError
from roadtui.vault.errors import (
    NoSpaceError,
    NoteBusyError,
    NoteGoneError,
    ReadOnlyNoteError,
    WriteFailedError,
)
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem
from roadtui.vault.reader import FileStamp
from roadtui.vault.writing.write_ahead_log import RecoveredEdit, WriteAheadLog

Transform = Callable[[bytes], bytes]
"""The edit, applied to the bytes on disk at that moment.

It may be called again on other bytes, must not look at anything else, and raises RefusedError to write
nothing.
"""


class SafetyLevel(Enum):
    """What a strategy holds against other programs that write the same note at the same moment."""

    FULL = "no edit of another program is lost: a late one is merged or kept as a copy"
    WEAKER = "another program's edit within the same few microseconds could be lost"


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a write did."""

    path: Path
    """As the caller gave it."""
    before: bytes
    """What was on disk."""
    after: bytes
    """What is on disk now; equal to `before` where nothing had to be written."""
    strategy: str
    promise: SafetyLevel
    signature: FileStamp
    """Of the note with `after` in it, so that the watcher knows our own echo."""

    @classmethod
    def by(cls, strategy: Strategy, path: Path, proposal: ProposedWrite, signature: FileStamp) -> WriteResult:
        """What `strategy` reports."""
        return cls(path, proposal.base, proposal.new, strategy.name, strategy.promise, signature)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to wait for others, in seconds."""

    denied: float = 0.25
    """For a lease that somebody's open file stands against, and for a path that is missing for a moment."""
    changing: float = 5.0
    """For a note that changes each time between reading and writing it."""
    step: float = 0.0005
    """The first wait; each following one is twice as long, up to `longest_step`."""
    longest_step: float = 0.016
    believed: float = 1.0
    """How long a note must have stood still where nothing proves that nobody is writing it."""
    late: float = 5.0
    """How long a displaced file must stay unchanged where nothing can prove that nobody holds it."""
    late_at_end: float = 1.0
    """The same when the program is about to end."""
    soon: float = 0.05
    """How long a write waits for programs that are seen in the middle of a save into the displaced file."""

    @property
    def in_a_hurry(self) -> RetryPolicy:
        """The same for a write that is tried again later, or at the end of the program."""
        return replace(self, changing=min(self.changing, 0.3), denied=min(self.denied, 0.1))


class HalfWrittenError(WriteFailedError):
    """The disk failed twice, in writing and in taking it back; the write-ahead log holds both versions."""


class NotNowError(Exception):
    """Nothing was written, and the last word is not spoken."""


class DeniedError(NotNowError):
    """Somebody else's open file stands in the way at this moment; try again."""


class UnsuitableError(NotNowError):
    """The strategy cannot write this note here and now; the next one may."""


class Strategy(Protocol):
    """One way of getting an edit into a note without losing anybody's bytes."""

    @property
    def name(self) -> str:
        """A few words for `doctor` and the log."""

    @property
    def promise(self) -> SafetyLevel:
        """What it holds."""

    def write(self, path: Path, transform: Transform) -> WriteResult:
        """Apply the edit; UnsuitableError hands on to the next strategy, any other error is final.

        OSError is allowed to pass: the writer turns it into a sentence. The note is then as it was.
        """

    def settle(self, write: Callable[[Path, Transform], WriteResult]) -> list[RecoveredEdit]:
        """Look again at files that had to be kept for a while; `write` puts late edits into their note."""

    @property
    def unsettled(self) -> int:
        """How many files are kept for a while, and finds of theirs not yet told."""

    def hurry(self) -> None:
        """The program is about to end: wait no longer than it can for writers that are not seen."""

    def end_within(self, seconds: float) -> None:
        """The program ends within `seconds`: a write, even one that is under way, gives up by then.

        May be called from any thread while a write is under way.
        """

    def leave(self) -> list[RecoveredEdit]:
        """The program ends: hand what is still kept to the next start, or to the user."""

    def probe(self, folder: Path) -> None:
        """Return if this strategy would work in `folder`; else UnsuitableError or OSError says why not."""


class StrategyBase:
    """What every way of writing is given."""

    def __init__(
        self,
        wal: WriteAheadLog,
        system: FileSystem = REAL_FILE_SYSTEM,
        retry_policy: RetryPolicy | None = None,
    ) -> None:
        self._wal = wal
        self._system = system
        self._retry_policy = retry_policy or RetryPolicy()
        self._ends_at = math.inf
        """When (of `Clock.now`) the program ends."""
        self._found: list[RecoveredEdit] = []
        """What the user is to be told of other programs' edits, and was not told yet."""

    def hurry(self) -> None:
        """The program is about to end: give up soon on a note that keeps changing."""
        self._retry_policy = self._retry_policy.in_a_hurry

    def end_within(self, seconds: float) -> None:
        """The program ends within `seconds`."""
        self._ends_at = self._system.now() + seconds

    def is_at_its_end(self) -> bool:
        """Whether the program has no time left to wait for others."""
        return self._system.now() >= self._ends_at


@dataclass(frozen=True, slots=True)
class ProposedWrite:
    """What the edit made of some bytes: new bytes, or a refusal that holds only if they are the note."""

    base: bytes
    new: bytes
    refusal: RefusedError | None = None

    @classmethod
    def of(cls, transform: Transform, base: bytes) -> ProposedWrite:
        """Ask the edit. A read that may be torn must not be refused before it is proven."""
        try:
            return cls(base, transform(base))
        except RefusedError as refusal:
            return cls(base, base, refusal)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to write."""
        return self.new == self.base


def persist(
    system: FileSystem,
    retry_policy: RetryPolicy,
    path: Path,
    attempt: Callable[[], WriteResult | None],
    denied: Callable[[], Exception],
    is_at_its_end: Callable[[], bool],
) -> WriteResult:
    """Call `attempt` until it has written.

    It returns None if the note changed under it and raises DeniedError if somebody is in the way; when that
    lasts, `denied` says which error it is. A note that is missing for a moment is being replaced. Once
    `is_at_its_end`, nothing is waited for.
    """
    now = system.now()
    give_up = now + retry_policy.changing
    denied_until = missing_until = now + retry_policy.denied
    wait = retry_policy.step
    while True:
        try:
            written = attempt()
        except (DeniedError, BlockingIOError):
            if system.now() >= denied_until or is_at_its_end():
                raise denied() from None
        except FileNotFoundError:
            if system.now() >= missing_until or is_at_its_end():
                raise
        else:
            if written is not None:
                return written
            denied_until = missing_until = system.now() + retry_policy.denied
        if system.now() >= give_up or is_at_its_end():
            raise busy(path)
        system.sleep(wait)
        wait = min(wait * 2, retry_policy.longest_step)


_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_READ_ONLY: Final = (errno.EROFS, errno.EACCES, errno.EPERM)
_GONE: Final = (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)
_BUSY: Final = (errno.EAGAIN, errno.EBUSY, errno.ETXTBSY)


def explained(error: OSError, path: Path) -> WriteFailedError:
    """The sentence for a system call that failed while `path` was being written."""
    name = path.name
    if error.errno in _FULL:
        return NoSpaceError(path, f"{name} was not changed: the disk is full. Free some space and try again.")
    if error.errno in _READ_ONLY:
        return ReadOnlyNoteError(path, f"{name} was not changed: it or its folder is read-only.")
    if error.errno in _GONE:
        return NoteGoneError(path, f"{name} was not changed: it is no longer there.")
    if error.errno in _BUSY:
        return busy(path)
    return WriteFailedError(path, f"{name} was not changed: the disk failed ({error.strerror}).")


def busy(path: Path) -> NoteBusyError:
    """Somebody else has the note open for writing."""
    return NoteBusyError(
        path, f"{path.name} is being written by another program. Nothing was changed; try again."
    )
