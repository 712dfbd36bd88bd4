"""A fault at every single system call of every way of writing: the note is what it was or what it was to
be."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from roadtui.core.errors import RoadtuiError
from roadtui.vault.file_system import FileDescriptors, FileSystem, Lease
from roadtui.vault.writing import NoteWriter, RetryPolicy, recover
from roadtui.vault.writing.strategy import HalfWrittenError
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog
from tests.vault.instant_sleep import InstantSleepSystem

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux"),
    pytest.mark.usefixtures("own_process_alone"),
]

TEXT = b"# Roadmap\n" + b"- [ ] some task or other\n" * 60 + b"- [ ] last\n"
CALLS = frozenset(name for name in {**vars(FileDescriptors), **vars(FileSystem)} if not name.startswith("_"))
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EINTR)
KILL = -1


class KilledError(BaseException):
    """Nothing catches it: the program is dead, and no call of its clean-up happens any more."""


class FaultySystem(InstantSleepSystem):
    """Counts the calls and refuses the one that it is told to, or that one and every later one."""

    def __init__(self, fail_at: int = -1, number: int = 0, for_good: bool = False) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.fail_at = fail_at
        self.number = number
        self.for_good = for_good
        self.opened: set[int] = set()
        for name in CALLS:
            setattr(self, name, partial(self.call, name, getattr(self, name)))

    def call(self, name: str, real: Callable[..., object], *arguments: object) -> object:
        at = len(self.calls)
        self.calls.append(name)
        failing = at == self.fail_at or (self.for_good and 0 <= self.fail_at < at)
        if not failing or name == "close":  # Linux closes the descriptor even when it reports an error
            answer = real(*arguments)
            if name == "open":
                self.opened.add(cast(int, answer))
            elif name == "close":
                self.opened.discard(cast(int, arguments[0]))
        if failing:
            raise KilledError if self.number == KILL else OSError(self.number, os.strerror(self.number))
        return answer

    def let_go(self) -> None:
        """What the kernel does for a program that ends."""
        for fd in self.opened:
            os.close(fd)
        self.opened.clear()


class Leaseless(FaultySystem):
    def lease(self, fd: int, kind: Lease) -> bool:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


class Plain(Leaseless):
    def exchange(self, one: Path, other: Path) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


class SlowPlain(Plain):
    """A disk so busy that one try takes longer than a note that keeps changing is waited for."""

    def call(self, name: str, real: Callable[..., object], *arguments: object) -> object:
        self.skipped += 0.02
        return super().call(name, real, *arguments)


class ByTheSpoon(FaultySystem):
    """Takes one sector at a time, as a full disk does at last, and gives no more."""

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
        return super().pwrite(fd, data[: 512 - offset % 512], offset)

    def pread(self, fd: int, count: int, offset: int) -> bytes:
        return super().pread(fd, min(count, 512), offset)


class LeaselessByTheSpoon(ByTheSpoon, Leaseless):
    """The same for the new file beside the note."""


class Held(FaultySystem):
    """A reader has the note open."""

    reader = -1

    def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
        if self.reader < 0 and Path(path).name == "note.md":
            self.reader = os.open(path, os.O_RDONLY)
        return super().open(path, flags, mode)

    def let_go(self) -> None:
        super().let_go()
        if self.reader >= 0:
            os.close(self.reader)


EDITS: dict[str, Callable[[bytes], bytes]] = {
    "one byte": lambda data: data.replace(b"[ ] last", b"[x] last"),
    "longer": lambda data: data.replace(b"[ ]", b"[x] and a few words more", 3),
    "shorter": lambda data: data.replace(b"some task or other", b"some", 9),
}


class Case:
    """One vault with one note, and one edit of it."""

    def __init__(self, folder: Path, edit: Callable[[bytes], bytes]) -> None:
        self.vault = folder / "vault"
        self.state = folder / "state"
        self.vault.mkdir(parents=True)
        self.note = self.vault / "note.md"
        self.note.write_bytes(TEXT)
        self.note.chmod(0o640)
        (self.vault / "neighbour.md").write_bytes(b"neighbour")
        self.edit = edit

    def run(self, system: FaultySystem) -> RoadtuiError | None:
        """Edit the note, then let go of everything as a program does that ends."""
        writer = NoteWriter(
            self.state,
            system=system,
            retry_policy=RetryPolicy(denied=0.02, changing=0.1, believed=0.005, late=0.01),
        )
        failure: RoadtuiError | None = None
        try:
            writer.write(self.note, self.edit)
        except RoadtuiError as error:
            failure = error
        except KilledError:
            failure = HalfWrittenError(self.note, "killed")
        if system.number != KILL:
            writer.close(0.1)
        system.let_go()
        return failure

    def check(self, failure: RoadtuiError | None) -> None:
        """Now, and again after the next start."""
        if not isinstance(failure, HalfWrittenError):
            assert self.note.read_bytes() == (TEXT if failure else self.edit(TEXT))
        recover(self.state, system=InstantSleepSystem())
        assert self.note.read_bytes() in (TEXT, self.edit(TEXT))
        assert self.note.stat().st_mode & 0o777 == 0o640
        assert (self.vault / "neighbour.md").read_bytes() == b"neighbour"
        strays = set(os.listdir(self.vault)) - {"note.md", "neighbour.md"}
        assert not strays
        journal = self.state / "journal"
        assert not journal.exists() or not os.listdir(journal)
        assert not (self.state / "aside").exists()


ON_THE_WAY_OF: dict[type[FaultySystem], list[str]] = {
    FaultySystem: ["one byte", "longer", "shorter"],
    Held: ["longer"],
    Leaseless: ["one byte", "shorter"],
    Plain: ["one byte", "longer"],
    ByTheSpoon: ["one byte", "longer", "shorter"],
    LeaselessByTheSpoon: ["one byte", "shorter"],
}
"""The edits that make different calls there: a new file beside the note is written alike for all of them."""


FAULTS = {
    "one call": (ERRORS, False),
    "every later call too": ((errno.EIO, errno.EACCES), True),
    "killed": ((KILL,), True),
}


@pytest.mark.parametrize(
    ("system_type", "edit"),
    [(system, EDITS[edit]) for system, edits in ON_THE_WAY_OF.items() for edit in edits],
    ids=[f"{system.__name__}-{edit}" for system, edits in ON_THE_WAY_OF.items() for edit in edits],
)
@pytest.mark.parametrize(("numbers", "for_good"), FAULTS.values(), ids=FAULTS.keys())
def test_no_fault_harms_the_note(
    tmp_path: Path,
    system_type: type[FaultySystem],
    edit: Callable[[bytes], bytes],
    numbers: tuple[int, ...],
    for_good: bool,
) -> None:
    rehearsal = system_type()
    case = Case(tmp_path / "rehearsal", edit)
    assert case.run(rehearsal) is None
    case.check(None)
    for at, name in enumerate(rehearsal.calls):
        for number in numbers:
            folder = tmp_path / f"{at} {name} {number}"
            case = Case(folder, edit)
            failure = case.run(system_type(at, number, for_good))
            if for_good and failure is not None:  # taking it back may have been refused too
                failure = HalfWrittenError(case.note, str(failure))
            try:
                case.check(failure)
            except AssertionError as error:
                raise AssertionError(f"{folder.name}: {failure!r}") from error


def test_a_slow_disk_is_not_taken_for_another_program(tmp_path: Path) -> None:
    case = Case(tmp_path, EDITS["shorter"])
    assert case.run(SlowPlain()) is None
    case.check(None)


def cut_short(folder: Path, edit: Callable[[bytes], bytes], beside: bool) -> Case:
    """A power cut within an edit in place: one sector new, one zeros. Or one right after an exchange."""
    case = Case(folder, edit)
    new = edit(TEXT)
    name = ".~roadtui-0123" if beside else None
    WriteAheadLog(case.state).record(WalRecord(case.note, TEXT, new, name)).leave()
    if beside:
        case.note.write_bytes(new)
        (case.vault / ".~roadtui-0123").write_bytes(TEXT)
    else:
        case.note.write_bytes(new[:512] + bytes(512) + TEXT[1024:])
    return case


@pytest.mark.parametrize("beside", [False, True], ids=["in place", "exchange"])
@pytest.mark.parametrize("edit", [EDITS["longer"], EDITS["shorter"]], ids=["longer", "shorter"])
@pytest.mark.parametrize(
    ("numbers", "for_good"),
    [((KILL,), True), ((errno.EIO, errno.ENOSPC, errno.EINTR), False)],
    ids=["killed", "one call"],
)
def test_a_recovery_that_is_cut_short_is_finished_by_the_next(
    tmp_path: Path, edit: Callable[[bytes], bytes], beside: bool, numbers: tuple[int, ...], for_good: bool
) -> None:
    rehearsal = FaultySystem()
    recover(cut_short(tmp_path / "rehearsal", edit, beside).state, system=rehearsal)
    assert len(rehearsal.calls) > 10
    for at, name in enumerate(rehearsal.calls):
        for number in numbers:
            case = cut_short(tmp_path / f"{at} {name} {number}", edit, beside)
            system = FaultySystem(at, number, for_good)
            with suppress(KilledError):
                recover(case.state, system=system)
            system.let_go()
            case.check(HalfWrittenError(case.note, f"{at} {name} {number}"))
            assert case.note.read_bytes() == edit(TEXT), f"{at} {name} {number}"
