"""Each way of writing, forced in turn: what is written, what stays, and when the next one takes over."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from time import monotonic

import pytest

from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.vault.errors import (
    NoteBusyError,
    NoteGoneError,
    ReadOnlyNoteError,
    StateFolderError,
    WriteFailedError,
)
from roadtui.vault.file_system import FileSystem, Lease, Writers
from roadtui.vault.reader import FileStamp
from roadtui.vault.writing import (
    NoteWriter,
    RecoveredEdit,
    RecoveryOutcome,
    RetryPolicy,
    SafetyLevel,
    WriteResult,
    recover,
)
from roadtui.vault.writing.exchange import ExchangeStrategy
from roadtui.vault.writing.windows import DenyWriteStrategy
from roadtui.vault.writing.write_ahead_log import WriteAheadLog

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")

LEASE = "in place under a write lease"
EXCHANGE = "exchange with a file beside it"
IN_PLACE = "in place, verified"
SHORT = RetryPolicy(denied=0.02, changing=0.5, believed=0.05, late=0.1)
TEXT = b"# Roadmap\n- [ ] one\n- [ ] two\n"


class Leaseless(FileSystem):
    """A file system without leases."""

    def lease(self, fd: int, kind: Lease) -> bool:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


class NotOurs(FileSystem):
    """A note that belongs to another user."""

    def lease(self, fd: int, kind: Lease) -> bool:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


class LyingLeases(FileSystem):
    """Write leases that are granted and keep nobody out."""

    def lease(self, fd: int, kind: Lease) -> bool:
        if kind is Lease.READ:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        return True


class Network(FileSystem):
    """A file system that other machines write."""

    def filesystem(self, fd: int) -> str:
        return "nfs4"


class Plain(Leaseless):
    """Neither leases nor exchange."""

    def exchange(self, one: Path, other: Path) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


class LyingExchange(Leaseless):
    """An exchange that is confirmed and not made."""

    def exchange(self, one: Path, other: Path) -> None:
        pass


class Later(FileSystem):
    """The next start, long after the end of the last."""

    def wall_clock(self) -> float:
        return super().wall_clock() + 100


def names_below(folder: Path) -> list[str]:
    """The names of all files in a folder and its folders; none where it is missing."""
    return [name for _, _, names in os.walk(folder) for name in names]


@pytest.fixture
def note(tmp_path: Path) -> Path:
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "note.md").write_bytes(TEXT)
    (vault / "neighbour.md").write_bytes(b"neighbour")
    return vault / "note.md"


@pytest.fixture
def writer_on(tmp_path: Path) -> Iterator[Callable[[FileSystem], NoteWriter]]:
    """A writer on a system; at the end it leaves nothing in the vault.

    The next start has nothing to tell, and leaves nothing anywhere.
    """
    writers: list[NoteWriter] = []

    def make(system: FileSystem) -> NoteWriter:
        writers.append(NoteWriter(tmp_path / "state", system=system, retry_policy=SHORT))
        return writers[-1]

    yield make
    for writer in writers:
        writer.close()
    assert not [name for name in names_below(tmp_path / "vault") if "roadtui" in name]
    assert recover(tmp_path / "state", system=Later()) == []
    assert not names_below(tmp_path / "state" / "journal")
    assert not names_below(tmp_path / "state" / "exchange")


def tick(data: bytes) -> bytes:
    if b"- [ ] two" not in data:
        raise RefusedError("The task is not there.")
    return data.replace(b"- [ ] two", b"- [x] two")


def grow(data: bytes) -> bytes:
    return data.replace(b"- [ ] one", b"- [x] one \xe2\x9c\x85 2026-01-01")


def shrink(data: bytes) -> bytes:
    return data.replace(b"- [ ] one\n", b"")


def birth_time(path: Path) -> str:
    """When the file was made, which Python does not tell."""
    return subprocess.run(["stat", "--format=%w", path], capture_output=True, check=True, text=True).stdout


SYSTEMS = [
    (FileSystem(), LEASE, SafetyLevel.FULL),
    (Leaseless(), EXCHANGE, SafetyLevel.FULL),
    (NotOurs(), EXCHANGE, SafetyLevel.FULL),
    (LyingLeases(), EXCHANGE, SafetyLevel.FULL),
    (Network(), EXCHANGE, SafetyLevel.FULL),
    (Plain(), IN_PLACE, SafetyLevel.WEAKER),
    (LyingExchange(), IN_PLACE, SafetyLevel.WEAKER),
]
each_system = pytest.mark.parametrize(
    ("system", "strategy", "promise"), SYSTEMS, ids=[type(system).__name__ for system, _, _ in SYSTEMS]
)
WriterOn = Callable[[FileSystem], NoteWriter]


@each_system
@pytest.mark.parametrize("edit", [tick, grow, shrink])
def test_an_edit_is_written_and_nothing_else(
    note: Path,
    writer_on: WriterOn,
    system: FileSystem,
    strategy: str,
    promise: SafetyLevel,
    edit: Callable[[bytes], bytes],
) -> None:
    written = writer_on(system).write(note, edit)
    if strategy != LEASE and edit is tick:
        strategy, promise = IN_PLACE, SafetyLevel.WEAKER
    assert note.read_bytes() == edit(TEXT)
    assert written == WriteResult(note, TEXT, edit(TEXT), strategy, promise, FileStamp.of(note.stat()))
    assert (note.parent / "neighbour.md").read_bytes() == b"neighbour"


@each_system
def test_doctor_is_told_the_same(
    note: Path, writer_on: WriterOn, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    report = writer_on(system).describe(note.parent)
    assert (report.strategy, report.promise) == (strategy, promise)
    assert len(report.declined) == [LEASE, EXCHANGE, IN_PLACE].index(strategy)
    assert sorted(os.listdir(note.parent)) == ["neighbour.md", "note.md"]


@each_system
def test_an_edit_that_changes_nothing_writes_nothing(
    note: Path, writer_on: WriterOn, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    before = note.stat()
    written = writer_on(system).write(note, lambda data: data)
    assert written.after == written.before == TEXT
    assert FileStamp.of(note.stat()) == FileStamp.of(before) == written.signature


@each_system
def test_a_refused_edit_writes_nothing(
    note: Path, writer_on: WriterOn, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    def refuse(data: bytes) -> bytes:
        raise RefusedError("no")

    os.utime(note, (1, 1))
    before = FileStamp.of(note.stat())
    with pytest.raises(RefusedError):
        writer_on(system).write(note, refuse)
    assert FileStamp.of(note.stat()) == before


@each_system
def test_mode_owner_attributes_and_birth_time_stay(
    note: Path, writer_on: WriterOn, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    note.chmod(0o640)
    os.setxattr(note, "user.tag", b"blue")
    before, born = note.stat(), birth_time(note)
    writer_on(system).write(note, grow)
    after = note.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert os.getxattr(note, "user.tag") == b"blue"
    if strategy != EXCHANGE:
        assert (after.st_ino, birth_time(note)) == (before.st_ino, born)


@each_system
def test_a_link_is_followed_and_stays_a_link(
    note: Path, writer_on: WriterOn, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    link = note.parent.parent / "link.md"
    link.symlink_to(note)
    writer_on(system).write(link, tick)
    assert link.is_symlink()
    assert note.read_bytes() == tick(TEXT)


@each_system
def test_hard_links_stay_one_file(
    note: Path, writer_on: WriterOn, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    other = note.parent.parent / "other.md"
    os.link(note, other)
    written = writer_on(system).write(note, grow)
    assert other.read_bytes() == note.read_bytes() == grow(TEXT)
    assert note.stat().st_nlink == 2
    assert written.strategy == (IN_PLACE if strategy == EXCHANGE else strategy)


@each_system
def test_a_missing_note_is_gone(
    note: Path, writer_on: WriterOn, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    with pytest.raises(NoteGoneError, match=r"missing\.md was not changed: it is no longer there"):
        writer_on(system).write(note.with_name("missing.md"), tick)


@each_system
def test_a_pipe_is_refused_without_hanging(
    note: Path, writer_on: WriterOn, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    os.mkfifo(note.with_name("pipe.md"))
    with pytest.raises(WriteFailedError, match="not a plain file"):
        writer_on(system).write(note.with_name("pipe.md"), tick)


@each_system
def test_a_read_only_note_is_not_worked_around(
    note: Path, tmp_path: Path, system: FileSystem, strategy: str, promise: SafetyLevel
) -> None:
    class ReadOnly(type(system)):  # type: ignore[misc]  # the tests run as root, whom no mode stops
        def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
            if Path(path) == note and flags & (os.O_WRONLY | os.O_RDWR):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return FileSystem.open(self, path, flags, mode)

        def may_write(self, path: Path) -> bool:
            return False

    with pytest.raises(ReadOnlyNoteError, match=r"note\.md was not changed: it or its folder is read-only"):
        NoteWriter(tmp_path / "state", system=ReadOnly(), retry_policy=SHORT).write(note, tick)
    assert note.read_bytes() == TEXT


def test_a_reader_that_never_closes_is_worked_around(note: Path, writer_on: WriterOn) -> None:
    with note.open("rb") as reader:
        written = writer_on(FileSystem()).write(note, tick)
        assert reader.read() == TEXT
    assert written.strategy == EXCHANGE
    assert note.read_bytes() == tick(TEXT)


@pytest.mark.parametrize("system", [FileSystem(), NotOurs()], ids=["ours", "not ours"])
def test_a_note_held_by_a_reader_and_hard_linked_is_written_in_place(
    note: Path, writer_on: WriterOn, system: FileSystem
) -> None:
    os.link(note, note.parent.parent / "other.md")
    with note.open("rb"):
        written = writer_on(system).write(note, tick)
    assert (written.strategy, written.promise) == (IN_PLACE, SafetyLevel.WEAKER)
    assert note.read_bytes() == tick(TEXT)


def test_a_writer_that_never_closes_is_left_alone(note: Path, writer_on: WriterOn) -> None:
    writer = writer_on(FileSystem())
    with note.open("ab"), pytest.raises(NoteBusyError, match="being written by another program"):
        writer.write(note, tick)
    assert note.read_bytes() == TEXT
    assert writer.write(note, tick).strategy == LEASE


def test_a_note_under_another_lease_is_busy(note: Path, writer_on: WriterOn) -> None:
    fd = os.open(note, os.O_RDWR)
    try:
        assert FileSystem().lease(fd, Lease.WRITE)
        with pytest.raises(NoteBusyError):
            writer_on(FileSystem()).write(note, tick)
    finally:
        os.close(fd)


def test_a_note_that_is_missing_for_a_moment_is_waited_for(note: Path, writer_on: WriterOn) -> None:
    aside = note.with_name("aside")
    note.rename(aside)

    class ComesBack(FileSystem):
        def sleep(self, seconds: float) -> None:
            if aside.exists():
                aside.rename(note)

    writer_on(ComesBack()).write(note, tick)
    assert note.read_bytes() == tick(TEXT)


@pytest.mark.parametrize("system", [FileSystem(), Plain()], ids=["FileSystem", "Plain"])
def test_one_byte_needs_no_other_file_where_it_is_written_in_place(
    note: Path, tmp_path: Path, system: FileSystem
) -> None:
    writer = NoteWriter(tmp_path / "state", system=system, retry_policy=SHORT)
    writer.write(note, tick)
    shutil.rmtree(tmp_path / "state", ignore_errors=True)
    folder = note.parent.stat()
    writer.write(note, lambda data: data.replace(b"- [x] two", b"- [ ] two"))
    assert not (tmp_path / "state").exists()
    assert note.parent.stat().st_mtime_ns == folder.st_mtime_ns


class NoState(NotOurs):
    """Another user's note, and a state folder that cannot be made."""

    def make_folder(self, path: Path) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def test_without_a_state_folder_one_byte_is_written_and_more_is_refused(note: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    writer = NoteWriter(tmp_path / "state", system=NoState(), retry_policy=SHORT)
    written = writer.write(note, lambda data: data.replace(b"[ ] one", b"[x] one"))
    assert written.strategy == IN_PLACE
    assert note.read_bytes() == TEXT.replace(b"[ ] one", b"[x] one")
    with pytest.raises(StateFolderError, match=f"the state folder {tmp_path / 'state'} can't be written"):
        writer.write(note, lambda data: data + b"- [ ] three\n")
    assert note.read_bytes() == TEXT.replace(b"[ ] one", b"[x] one")
    assert sorted(tmp_path.rglob("*")) == before, "nothing is left behind"


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EROFS, errno.ENOTDIR])
def test_what_is_wrong_with_the_state_folder_is_not_said_of_the_note(
    note: Path, tmp_path: Path, number: int
) -> None:
    class Broken(FileSystem):
        def make_folder(self, path: Path) -> None:
            raise OSError(number, os.strerror(number))

    writer = NoteWriter(tmp_path / "state", system=Broken(), retry_policy=SHORT)
    with pytest.raises(StateFolderError) as raised:
        writer.write(note, lambda data: data + b"- [ ] three\n")
    assert str(tmp_path / "state") in str(raised.value)
    assert os.strerror(number) in str(raised.value)
    assert note.read_bytes() == TEXT


@pytest.mark.parametrize("replaced_by", ["rename", "truncate"])
@pytest.mark.parametrize("system_type", [FileSystem, Leaseless, NotOurs, Plain])
def test_a_change_between_looking_and_writing_is_kept(
    note: Path, writer_on: WriterOn, system_type: type[FileSystem], replaced_by: str
) -> None:
    theirs = TEXT + b"- [ ] three\n"
    edits = 0

    def tick_while_they_write(data: bytes) -> bytes:
        nonlocal edits
        edits += 1
        if edits == 1:
            if replaced_by == "rename":
                note.with_name("temp").write_bytes(theirs)
                note.with_name("temp").rename(note)
            else:
                note.write_bytes(theirs)
        return tick(data)

    written = writer_on(system_type()).write(note, tick_while_they_write)
    assert note.read_bytes() == tick(theirs)
    assert (written.before, written.after) == (theirs, tick(theirs))
    assert edits > 1


@pytest.mark.parametrize("edit", [tick, grow, shrink])
@pytest.mark.parametrize("system_type", [FileSystem, Plain])
def test_a_rename_over_the_note_at_the_last_moment_is_kept(
    note: Path, writer_on: WriterOn, system_type: type[FileSystem], edit: Callable[[bytes], bytes]
) -> None:
    """Their file comes between our last look and our write: our bytes went into a file that is no longer the
    note."""
    theirs = TEXT + b"- [ ] three\n"
    old = note.open("rb")

    class LateRename(system_type):  # type: ignore[misc, valid-type]
        renamed = False

        def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
            if not self.renamed and os.fstat(fd).st_ino == note.stat().st_ino:
                self.renamed = True
                note.with_name("temp").write_bytes(theirs)
                os.link(note, note.parent.parent / "their backup")
                note.with_name("temp").rename(note)
            return FileSystem.pwrite(self, fd, data, offset)

    old.close()
    writer_on(LateRename()).write(note, edit)
    assert note.read_bytes() == edit(theirs)
    assert (note.parent.parent / "their backup").read_bytes() == TEXT


def test_a_refusal_of_a_torn_text_is_not_believed(note: Path, writer_on: WriterOn) -> None:
    """They have truncated and not yet written when we look first; the task is not gone."""
    note.write_bytes(b"")
    seen: list[bytes] = []

    def tick_when_whole(data: bytes) -> bytes:
        seen.append(data)
        if len(seen) == 1:
            note.write_bytes(TEXT)
        return tick(data)

    for system in (FileSystem(), Leaseless(), Plain()):
        seen.clear()
        note.write_bytes(b"")
        writer_on(system).write(note, tick_when_whole)
        assert note.read_bytes() == tick(TEXT)
        assert seen[:2] == [b"", TEXT]


@pytest.mark.parametrize("system_type", [FileSystem, Leaseless, Plain])
def test_a_note_that_is_replaced_while_it_is_opened_is_opened_again(
    note: Path, writer_on: WriterOn, system_type: type[FileSystem]
) -> None:
    theirs = TEXT + b"- [ ] three\n"

    class Replaced(system_type):  # type: ignore[misc, valid-type]
        replaced = False

        def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
            fd = int(super().open(path, flags, mode))
            if not self.replaced and Path(path) == note:
                self.replaced = True
                note.with_name("temp").write_bytes(theirs)
                note.with_name("temp").rename(note)
            return fd

    reference = writer_on(system_type()).describe(note.parent)
    written = writer_on(Replaced()).write(note, grow)
    assert note.read_bytes() == grow(theirs)
    assert written.strategy == reference.strategy


class LateWriter(Leaseless):
    """Somebody opened the note before the exchange and writes after it."""

    def __init__(self, note: Path, late: bytes, writes_at_once: bool = False) -> None:
        super().__init__()
        self.note = note
        self.late = late
        self.writes_at_once = writes_at_once
        self.held = -1
        self.waited = 0.0
        """Seconds slept."""

    def exchange(self, one: Path, other: Path) -> None:
        if self.note in (one, other) and self.held == -1:
            self.held = os.open(self.note, os.O_RDWR)
        super().exchange(one, other)

    def sleep(self, seconds: float) -> None:
        if self.writes_at_once and self.held != -1:
            self.writes_at_once = False
            self.write_late()
            self.let_go()
        self.waited += seconds
        super().sleep(seconds)

    def write_late(self) -> None:
        os.ftruncate(self.held, 0)
        os.pwrite(self.held, self.late, 0)

    def let_go(self) -> None:
        os.close(self.held)


class Unseen(LateWriter):
    """The same by a program that cannot be looked at: another user's, or on another machine."""

    def writers(self, paths: Collection[Path], own: int | None = None) -> Writers:
        return Writers(frozenset(), False)


class InTheVault(LateWriter):
    """The same where the state folder lies on another file system than the note."""

    def exchange(self, one: Path, other: Path) -> None:
        if one.parent != other.parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        super().exchange(one, other)


class UnseenInTheVault(InTheVault, Unseen):
    """The same of a program that cannot be looked at."""


each_late_writer = pytest.mark.parametrize("late_writer", [LateWriter, Unseen, InTheVault, UnseenInTheVault])


@each_late_writer
@pytest.mark.parametrize("is_open", [False, True], ids=["closed", "open"])
def test_a_late_edit_in_the_displaced_file_is_merged(
    note: Path, writer_on: WriterOn, late_writer: type[LateWriter], is_open: bool
) -> None:
    late = TEXT.replace(b"# Roadmap", b"# My roadmap")
    system = late_writer(note, late)
    writer = writer_on(system)
    writer.write(note, grow)
    assert writer.unsettled == 1
    writer.settle()
    assert note.read_bytes() == grow(TEXT)
    system.write_late()
    if not is_open or isinstance(system, Unseen):
        system.let_go()
    told = settle_all(writer)
    if is_open and not isinstance(system, Unseen):
        assert told == []  # it may be in the middle of a save
        system.let_go()
        told = settle_all(writer)
    assert [(each.path, each.outcome) for each in told] == [(note, RecoveryOutcome.MERGED)]
    assert note.read_bytes() == grow(late)
    assert writer.unsettled == 0


def settle_all(writer: NoteWriter) -> list[RecoveredEdit]:
    """Look at what is kept for as long as these tests wait."""
    told: list[RecoveredEdit] = []
    until = writer.system.now() + 1.0
    while writer.unsettled and writer.system.now() < until:
        told += writer.settle()
        writer.system.sleep(0.01)
    return told


@each_late_writer
def test_a_late_edit_that_clashes_is_kept_as_a_copy(
    note: Path, writer_on: WriterOn, late_writer: type[LateWriter]
) -> None:
    late = TEXT.replace(b"- [ ] one", b"- [-] one")
    system = late_writer(note, late)
    writer = writer_on(system)
    writer.write(note, grow)
    system.write_late()
    system.let_go()
    (told,) = writer.close()
    assert told.outcome is RecoveryOutcome.COPIED
    assert note.read_bytes() == grow(TEXT)
    (copy,) = told.copies
    assert copy.read_bytes() == late
    assert copy.parent == note.parent
    assert copy.suffix == ".md"
    assert copy.name in told.message


def test_an_edit_right_after_the_exchange_is_in_the_note_when_the_write_returns(
    note: Path, writer_on: WriterOn
) -> None:
    late = TEXT + b"- [ ] three\n"
    system = LateWriter(note, late, writes_at_once=True)
    writer = writer_on(system)
    written = writer.write(note, grow)
    assert note.read_bytes() == grow(late)
    assert written.before == TEXT
    assert [told.outcome for told in settle_all(writer)] == [RecoveryOutcome.MERGED]
    assert writer.unsettled == 0


@each_late_writer
def test_late_edits_of_several_exchanges_come_together(
    note: Path, writer_on: WriterOn, late_writer: type[LateWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of several edits in a row displaces a file that somebody writes into later."""
    system = late_writer(note, b"")
    # Only waiting takes time: however busy the machine is, nothing is taken for quiet before it was written.
    monkeypatch.setattr(system, "now", lambda: system.waited)
    writer = writer_on(system)
    late: list[tuple[int, bytes]] = []
    for number in range(4):
        base = note.read_bytes()
        ours = b"- [ ] ours %d\n" % number
        writer.write(note, lambda data, ours=ours: data + ours)  # type: ignore[misc]
        late.append((system.held, base.replace(b"# Roadmap\n", b"# Roadmap\ntheirs %d\n" % number)))
        system.held = -1
    assert writer.unsettled >= 4
    told = writer.settle()
    for system.held, system.late in reversed(late):
        system.write_late()
        system.let_go()
    told += settle_all(writer)
    found = note.read_bytes() + b"".join(copy.read_bytes() for each in told for copy in each.copies)
    assert all(b"theirs %d\n" % number in found for number in range(4))
    assert {each.outcome for each in told} == {RecoveryOutcome.MERGED, RecoveryOutcome.COPIED}
    assert note.read_bytes().endswith(b"".join(b"- [ ] ours %d\n" % number for number in range(4)))


@pytest.mark.parametrize("late_writer", [LateWriter, InTheVault])
def test_what_is_still_open_at_the_end_is_told_and_lost_to_nobody(
    note: Path, tmp_path: Path, late_writer: type[LateWriter]
) -> None:
    system = late_writer(note, TEXT + b"- [ ] late\n")
    writer = NoteWriter(tmp_path / "state", system=system, retry_policy=SHORT)
    writer.write(note, grow)
    began = monotonic()
    (told,) = writer.close()
    assert monotonic() - began < 2
    assert not [name for name in names_below(tmp_path / "vault") if "roadtui" in name]
    system.write_late()
    system.let_go()
    if late_writer is LateWriter:
        assert told.outcome is RecoveryOutcome.UNSETTLED
        (told,) = recover(tmp_path / "state", system=Later())
        assert told.outcome is RecoveryOutcome.MERGED
        assert note.read_bytes() == grow(TEXT) + b"- [ ] late\n"
    else:
        assert told.outcome is RecoveryOutcome.STILL_OPEN
        (copy,) = told.copies
        assert copy.name in told.message
        assert copy.read_bytes() == system.late
        assert recover(tmp_path / "state", system=Later()) == []


def test_a_note_that_somebody_keeps_open_for_writing_is_in_use(note: Path, writer_on: WriterOn) -> None:
    """Whatever it writes from then on would go into the displaced file; one byte does not displace it."""
    for system in (Leaseless(), Plain()):
        note.write_bytes(TEXT)
        writer = writer_on(system)
        with note.open("ab", buffering=0) as theirs:
            with pytest.raises(NoteBusyError, match="being written by another program"):
                writer.write(note, grow)
            assert note.read_bytes() == TEXT
            writer.write(note, tick)
            theirs.write(b"- [ ] three\n")
        writer.write(note, grow)
        assert note.read_bytes() == grow(tick(TEXT + b"- [ ] three\n"))


class Meanwhile(Leaseless):
    """Another program writes the note between our last look and our byte."""

    def __init__(self, note: Path, theirs: bytes) -> None:
        super().__init__()
        self.note = note
        self.theirs = theirs
        self.has_come = False

    def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
        if not self.has_come and os.path.samestat(os.fstat(fd), self.note.stat()):
            self.has_come = True
            self.note.write_bytes(self.theirs)
        return super().pwrite(fd, data, offset)


@pytest.mark.parametrize(
    "theirs",
    [
        TEXT.replace(b"# Roadmap", b"# Map"),
        b"- [ ] two\n",
        TEXT.replace(b"- [ ] one\n", b""),
        TEXT + b"- [ ] three\n",
        TEXT.replace(b"one", b"eno"),
    ],
)
def test_a_byte_that_comes_down_in_another_text_is_put_right(
    note: Path, writer_on: WriterOn, theirs: bytes
) -> None:
    writer = writer_on(Meanwhile(note, theirs))
    writer.write(note, tick)
    assert note.read_bytes() == tick(theirs)
    assert writer.unsettled == 0


class MeanwhileTwice(Meanwhile):
    """It writes once more right after we have read what has come of our byte, for a given number of times."""

    def __init__(self, note: Path, theirs: bytes, again: bytes, reads: int) -> None:
        super().__init__(note, theirs)
        self.again = again
        self.reads_left = reads

    def pread(self, fd: int, count: int, offset: int) -> bytes:
        data = super().pread(fd, count, offset)
        if self.has_come and os.path.samestat(os.fstat(fd), self.note.stat()):
            self.reads_left -= 1
            if self.reads_left == 0:
                self.note.write_bytes(self.again)
        return data


@pytest.mark.parametrize("reads", range(1, 5))
def test_a_text_that_comes_before_a_byte_is_put_right_is_not_harmed(
    note: Path, writer_on: WriterOn, reads: int
) -> None:
    again = TEXT.replace(b"# Roadmap", b"# The roadmap")
    writer_on(MeanwhileTwice(note, TEXT.replace(b"# Roadmap", b"# Map"), again, reads)).write(note, tick)
    assert note.read_bytes() == tick(again)


def test_a_byte_that_comes_down_in_words_that_nobody_knows_is_told(note: Path, writer_on: WriterOn) -> None:
    theirs = TEXT.replace(b"# Roadmap", b"# A much longer title of the roadmap")
    writer = writer_on(Meanwhile(note, theirs))
    writer.write(note, tick)
    (told,) = writer.settle()
    assert told.outcome is RecoveryOutcome.STRAY
    assert "line 1" in told.message
    assert note.read_bytes().partition(b"\n")[2] == tick(TEXT).partition(b"\n")[2]


def test_a_writer_found_in_the_displaced_file_gets_its_place_back(note: Path, writer_on: WriterOn) -> None:
    inode = note.stat().st_ino

    class Opener(FileSystem):
        held: int | None = None

        def exchange(self, one: Path, other: Path) -> None:
            if note in (one, other) and self.held is None:
                self.held = os.open(note, os.O_WRONLY | os.O_APPEND)
            super().exchange(one, other)

    system = Opener()
    writer = writer_on(system)
    with note.open("rb"), pytest.raises(NoteBusyError):
        writer.write(note, tick)
    assert note.stat().st_ino == inode
    assert note.read_bytes() == TEXT
    assert system.held is not None
    os.write(system.held, b"- [ ] three\n")
    os.close(system.held)
    writer.write(note, tick)
    assert note.read_bytes() == tick(TEXT + b"- [ ] three\n")


def test_a_displaced_file_stays_while_another_program_waits_to_open_it(
    note: Path, writer_on: WriterOn
) -> None:
    def write_late(displaced: Path) -> None:
        with displaced.open("ab") as late:
            late.write(b"- [ ] three\n")

    class Waiting(FileSystem):
        displaced: Path | None = None
        waiting: threading.Thread | None = None

        def exchange(self, one: Path, other: Path) -> None:
            super().exchange(one, other)
            if note in (one, other):
                self.displaced = one if other == note else other

        def sleep(self, seconds: float) -> None:
            if self.displaced is not None and self.waiting is None:
                try:
                    os.close(os.open(self.displaced, os.O_WRONLY | os.O_NONBLOCK))
                except BlockingIOError:
                    self.waiting = threading.Thread(target=write_late, args=(self.displaced,))
                    self.waiting.start()
            super().sleep(seconds)

        def lease(self, fd: int, kind: Lease) -> bool:
            if self.waiting is not None and kind is not Lease.NONE:
                self.waiting.join()
            return super().lease(fd, kind)

    system = Waiting()
    writer = writer_on(system)
    with note.open("rb"):
        writer.write(note, grow)
    settle_all(writer)
    assert note.read_bytes() == grow(TEXT + b"- [ ] three\n")


def test_writing_works_on_any_thread(note: Path, writer_on: WriterOn) -> None:
    writer = writer_on(FileSystem())
    done: list[str] = []
    threads = [
        threading.Thread(target=lambda: done.append(writer.write(note, lambda data: data + b"x\n").strategy))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [LEASE] * 8
    assert note.read_bytes() == TEXT + b"x\n" * 8


def test_two_programs_of_ours_share_a_note(note: Path, tmp_path: Path) -> None:
    retry_policy = RetryPolicy(denied=10, changing=10)
    writers = [NoteWriter(tmp_path / name, retry_policy=retry_policy) for name in ("one", "other")]

    def append(writer: NoteWriter) -> None:
        for _ in range(30):
            writer.write(note, lambda data: data + b"x\n")

    threads = [threading.Thread(target=append, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert note.read_bytes() == TEXT + b"x\n" * 60


def test_on_windows_only_one_byte_is_written_in_place(note: Path, tmp_path: Path) -> None:
    journal = WriteAheadLog(tmp_path / "state")
    strategies = (DenyWriteStrategy(journal), ExchangeStrategy(journal))
    writer = NoteWriter(tmp_path / "state", strategies)
    assert writer.write(note, tick).strategy == DenyWriteStrategy.name
    assert writer.write(note, grow).strategy == EXCHANGE
    assert note.read_bytes() == grow(tick(TEXT))


def test_no_write_is_under_way_while_paused(note: Path, writer_on: WriterOn) -> None:
    writer = writer_on(FileSystem())
    thread = threading.Thread(target=lambda: writer.write(note, tick))
    with writer.paused():
        thread.start()
        thread.join(0.05)
        assert note.read_bytes() == TEXT
    thread.join()
    assert note.read_bytes() == tick(TEXT)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "the disk failed"),
    ],
)
def test_errors_are_sentences(note: Path, tmp_path: Path, number: int, expected: str) -> None:
    class Failing(FileSystem):
        def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
            raise OSError(number, os.strerror(number))

    with pytest.raises(RoadtuiError, match=expected):
        NoteWriter(tmp_path / "state", system=Failing(), retry_policy=SHORT).write(note, tick)
    assert note.read_bytes() == TEXT


def test_a_failed_sync_takes_back_our_edit_and_nobody_elses(note: Path, tmp_path: Path) -> None:
    class Failing(FileSystem):
        theirs = b""

        def sync(self, fd: int) -> None:
            with note.open("ab") as other:
                other.write(self.theirs)
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    system = Failing()
    writer = NoteWriter(tmp_path / "state", system=system, retry_policy=SHORT)
    with pytest.raises(WriteFailedError, match="was not changed"):
        writer.write(note, tick)
    assert note.read_bytes() == TEXT
    system.theirs = b"- [ ] three\n"
    with pytest.raises(WriteFailedError, match="was changed, but the disk did not confirm it"):
        writer.write(note, tick)
    assert note.read_bytes() == tick(TEXT) + b"- [ ] three\n"


def test_a_file_system_without_attributes_is_no_obstacle(
    note: Path, writer_on: WriterOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(fd: int) -> list[str]:
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(os, "listxattr", refuse)
    assert writer_on(Leaseless()).write(note, grow).strategy == EXCHANGE
