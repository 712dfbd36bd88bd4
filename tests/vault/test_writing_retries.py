"""How long a write waits for others, and what it says when that was in vain."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from roadtui.vault.errors import (
    NoSpaceError,
    NoteBusyError,
    NoteGoneError,
    ReadOnlyNoteError,
    WriteFailedError,
)
from roadtui.vault.file_system import FileSystem
from roadtui.vault.reader import FileStamp
from roadtui.vault.writing.note_file import ByteChange
from roadtui.vault.writing.strategy import (
    DeniedError,
    RetryPolicy,
    SafetyLevel,
    UnsuitableError,
    WriteResult,
    explained,
    persist,
)

NOTE = Path("Plan.md")
WRITTEN = WriteResult(NOTE, b"", b"", "a way", SafetyLevel.FULL, FileStamp(0, 0, 0, 0, 0))
POLICY = RetryPolicy()


class Waiting(FileSystem):
    """A clock that only waiting moves on."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def now(self) -> float:
        return 100 + sum(self.waits)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    @property
    def waited(self) -> float:
        return sum(self.waits)


@pytest.fixture
def system() -> Waiting:
    return Waiting()


def written(system: Waiting, attempt: Callable[[], WriteResult | None]) -> WriteResult:
    return persist(
        system, POLICY, NOTE, attempt, lambda: UnsuitableError("a reader has it open"), lambda: False
    )


@pytest.mark.parametrize("error", [DeniedError(), BlockingIOError(), FileNotFoundError()])
def test_what_is_in_the_way_for_a_moment_is_waited_for(system: Waiting, error: Exception) -> None:
    def attempt() -> WriteResult:
        if system.waited < 0.2:
            raise error
        return WRITTEN

    assert written(system, attempt) is WRITTEN
    assert system.waits[:7] == [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.016]


@pytest.mark.parametrize(
    ("error", "becomes"),
    [
        (DeniedError(), UnsuitableError),
        (BlockingIOError(), UnsuitableError),
        (FileNotFoundError(), FileNotFoundError),
    ],
)
def test_what_stays_in_the_way_is_given_up_after_a_quarter_second(
    system: Waiting, error: Exception, becomes: type[Exception]
) -> None:
    def attempt() -> WriteResult:
        raise error

    with pytest.raises(becomes):
        written(system, attempt)
    assert POLICY.denied <= system.waited <= POLICY.denied + POLICY.longest_step


def test_a_note_that_keeps_changing_is_busy_after_five_seconds(system: Waiting) -> None:
    with pytest.raises(NoteBusyError):
        written(system, lambda: None)
    assert POLICY.changing <= system.waited <= POLICY.changing + POLICY.longest_step


@pytest.mark.parametrize("error", [DeniedError(), FileNotFoundError()])
def test_a_note_that_was_seen_in_between_is_waited_for_anew(system: Waiting, error: Exception) -> None:
    def states() -> Iterator[WriteResult | None]:
        for until in (0.2, 0.4):
            while system.waited < until:
                yield None
            yield WRITTEN

    seen = iter(states())
    turns = 0

    def attempt() -> WriteResult | None:
        nonlocal turns
        if next(seen) is None:
            raise error
        turns += 1
        return WRITTEN if turns == 2 else None

    assert written(system, attempt) is WRITTEN


def test_a_write_in_a_hurry_waits_less() -> None:
    hurried = POLICY.in_a_hurry
    assert (hurried.changing, hurried.denied) == (0.3, 0.1)
    assert RetryPolicy(changing=0.2, denied=0.05).in_a_hurry == RetryPolicy(changing=0.2, denied=0.05)


@pytest.mark.parametrize(
    ("number", "becomes", "says"),
    [
        *((number, NoSpaceError, "the disk is full") for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)),
        *((number, ReadOnlyNoteError, "read-only") for number in (errno.EROFS, errno.EACCES, errno.EPERM)),
        *((number, NoteGoneError, "no longer") for number in (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)),
        *((number, NoteBusyError, "by another") for number in (errno.EAGAIN, errno.EBUSY, errno.ETXTBSY)),
        (errno.EIO, WriteFailedError, f"the disk failed ({os.strerror(errno.EIO)})"),
    ],
)  # fmt: skip
def test_every_error_of_the_disk_has_its_sentence(
    number: int, becomes: type[WriteFailedError], says: str
) -> None:
    error = explained(OSError(number, os.strerror(number)), NOTE)
    assert type(error) is becomes
    assert says in str(error)


@pytest.mark.parametrize(
    ("base", "new", "cut_short"),
    [
        (b"[ ] a", b"[ ] a", False),
        (b"[ ] a", b"[x] a", False),
        (b"[ ] a", b"[xx a", True),
        (b"[ ] a", b"[ ] ab", True),
        (b"[ ] a", b"[ ] ", True),
    ],
)
def test_only_a_change_of_one_byte_cannot_be_cut_short(base: bytes, new: bytes, cut_short: bool) -> None:
    assert ByteChange.between(base, new).can_be_cut_short is cut_short
