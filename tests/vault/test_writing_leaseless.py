"""Where there are no leases, beside programs that write at given system calls: nothing of anybody is lost."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

import pytest

from roadtui.core.errors import RefusedError
from roadtui.vault.errors import NoteBusyError
from roadtui.vault.file_system import FileSystem, Lease, Writers
from roadtui.vault.writing import NoteWriter, RecoveredEdit, RecoveryOutcome, recover
from roadtui.vault.writing.rebasing import may_be_cut_short
from roadtui.vault.writing.recovery import LONGEST_LOOK
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux"),
    pytest.mark.usefixtures("own_process_alone"),
]

TEXT = b"# Roadmap\n- [ ] one\n- [ ] two\n\n## Theirs\n\n- first\n"


class Leaseless(FileSystem):
    """A file system without leases, whose time passes only while somebody waits or `pass_by` says so."""

    def __init__(self) -> None:
        super().__init__()
        self.skipped = 0.0

    def lease(self, fd: int, kind: Lease) -> bool:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    def now(self) -> float:
        return self.skipped

    def wall_clock(self) -> float:
        return super().wall_clock() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds


def append(note: Path, line: bytes) -> None:
    with note.open("ab") as file:
        file.write(line)


def rename(note: Path, line: bytes) -> None:
    text = note.read_bytes()
    note.with_name("their file").write_bytes(text.replace(b"## Theirs\n\n", b"## Theirs\n\n" + line))
    note.with_name("their file").rename(note)


def rewrite(note: Path, line: bytes) -> None:
    text = note.read_bytes()
    note.write_bytes(text.replace(b"## Theirs\n\n", b"## Theirs\n\n" + line))


WAYS = {"append": append, "rename": rename, "rewrite": rewrite}
Edit = Callable[[bytes], bytes]


def tick(data: bytes) -> bytes:
    if b"- [ ] one" not in data:
        raise RefusedError("The task is not there.")
    return data.replace(b"- [ ] one", b"- [x] one")


def grow(data: bytes) -> bytes:
    if b"- [ ] one\n" not in data:
        raise RefusedError("The task is not there.")
    return data.replace(b"- [ ] one\n", b"- [ ] one and more\n")


class Busy(Leaseless):
    """Another program writes a line at each of the first calls of one kind, and at each pause between."""

    def __init__(self, note: Path, way: Callable[[Path, bytes], None], call: str, times: int) -> None:
        super().__init__()
        self.note, self.way, self.at, self.times = note, way, call, times
        self.written: list[bytes] = []

    def interfere(self, call: str) -> None:
        if call == self.at and len(self.written) < self.times:
            self.written.append(b"- theirs %d\n" % len(self.written))
            self.way(self.note, self.written[-1])

    def sync(self, fd: int) -> None:
        super().sync(fd)
        self.interfere("sync")

    def exchange(self, one: Path, other: Path) -> None:
        if self.note in (one, other):
            self.interfere("before exchange")
        super().exchange(one, other)
        if self.note in (one, other):
            self.interfere("after exchange")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    (tmp_path / "vault").mkdir()
    note = tmp_path / "vault" / "note.md"
    note.write_bytes(TEXT)
    return note


@pytest.fixture
def writer_on(tmp_path: Path, note: Path) -> Iterator[Callable[[FileSystem], NoteWriter]]:
    """A writer that leaves nothing anywhere when it is closed."""
    writers: list[NoteWriter] = []

    def make(system: FileSystem) -> NoteWriter:
        writers.append(NoteWriter(tmp_path / "state", system=system))
        return writers[-1]

    yield make
    for writer in writers:
        assert writer.close() == []
    assert [path.name for path in note.parent.iterdir()] == ["note.md"]
    assert not [path for path in (tmp_path / "state").rglob("*") if path.is_file()]


WriterOn = Callable[[FileSystem], NoteWriter]


def copied_lines(told: list[RecoveredEdit]) -> bytes:
    """What the conflict copies hold that were told of; they are taken away."""
    text = b""
    for each in told:
        for copy in each.copies:
            assert copy.name in each.message
            text += copy.read_bytes()
            copy.unlink()
    return text


def settle(writer: NoteWriter) -> list[RecoveredEdit]:
    """Look at what is kept until nothing is."""
    told: list[RecoveredEdit] = []
    for _ in range(2_000):
        if not writer.unsettled:
            return told
        told += writer.settle()
        writer.system.sleep(0.01)
    raise AssertionError("not settled")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("call", ["sync", "before exchange", "after exchange"])
def test_who_writes_at_every_step_neither_loses_nor_prevents_an_edit(
    note: Path, writer_on: WriterOn, way: Callable[[Path, bytes], None], call: str
) -> None:
    system = Busy(note, way, call, 12)
    writer = writer_on(system)
    written = writer.write(note, grow)
    assert grow(written.before) == written.after
    copied = copied_lines(settle(writer))
    text = note.read_bytes()
    assert text.count(b"- [ ] one and more\n") == 1
    assert len(system.written) >= 1
    assert all(text.count(line) == 1 or line in copied for line in system.written)
    if way is append:
        assert copied == b""


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_others_have_written_is_merged_without_waiting_for_the_disk(
    note: Path, writer_on: WriterOn, way: Callable[[Path, bytes], None]
) -> None:
    """They write again each time that something is synced, and never stop."""
    system = Busy(note, way, "sync", 10**6)
    writer = writer_on(system)
    written = writer.write(note, grow)
    system.times = 0
    assert system.skipped < 1
    assert grow(written.before) == written.after
    assert copied_lines(settle(writer)) == b""
    lines = note.read_bytes().splitlines(keepends=True)
    assert [lines.count(line) for line in system.written] == [1] * len(system.written)
    assert b"- [ ] one and more\n" in lines


LONG = b"".join(b"- [ ] task %d\n" % number for number in range(20))


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (b"", b"a\n", True),
        (b"a\n" * 99, b"a\n" * 100, True),
        (TEXT[:-1], TEXT, True),
        (TEXT * 2, TEXT * 3, True),
        (b"a\n" + LONG, b"a\nb\n" + LONG, False),
        (b"a\n" + LONG[:-1], b"a\nb\n" + LONG, True),
        (LONG, LONG + LONG, True),
        (TEXT + b"a\n", TEXT, False),
    ],
)
def test_a_text_that_lost_bytes_is_whole_if_it_ends_as_before(
    now: bytes, before: bytes, expected: bool
) -> None:
    assert may_be_cut_short(now, before) is expected


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("edit", [tick, grow])
def test_the_place_is_not_found_anew_each_time_others_write(
    note: Path, writer_on: WriterOn, way: Callable[[Path, bytes], None], edit: Edit
) -> None:
    """To find it takes so long in a long note that others write meanwhile, however often it is tried."""
    system = Leaseless()
    asked = 0

    def slow(data: bytes) -> bytes:
        nonlocal asked
        asked += 1
        way(note, b"- theirs %d\n" % asked)
        return edit(data)

    writer_on(system).write(note, slow)
    assert asked <= 3
    text = note.read_bytes()
    assert edit(TEXT).splitlines()[1] in text.splitlines()
    assert all(b"- theirs %d\n" % number in text for number in range(1, asked + 1))


def interrupted(edit: Edit, action: Callable[[], object]) -> Edit:
    """`edit`, with `action` before its first call returns."""
    actions = iter([action])

    def transform(data: bytes) -> bytes:
        for each in actions:
            each()
        return edit(data)

    return transform


@pytest.mark.parametrize("edit", [tick, grow])
def test_an_edit_that_is_refused_in_the_new_text_is_taken_out_of_it(
    note: Path, writer_on: WriterOn, edit: Edit
) -> None:

    def unless_in_code(data: bytes) -> bytes:
        if data.startswith(b"```"):
            raise RefusedError("It is code now.")
        return edit(data)

    in_code = b"```\n" + TEXT
    with pytest.raises(RefusedError, match="code now"):
        writer_on(Leaseless()).write(note, interrupted(unless_in_code, partial(note.write_bytes, in_code)))
    assert note.read_bytes() == b"```\n" + TEXT


@pytest.mark.parametrize("edit", [tick, grow])
def test_an_edit_that_says_something_else_in_the_new_text_is_made_for_that(
    note: Path, writer_on: WriterOn, edit: Edit
) -> None:

    def other_task(data: bytes) -> bytes:
        return data.replace(b"two", b"TWO") if b"theirs\n" in data else edit(data)

    writer_on(Leaseless()).write(note, interrupted(other_task, partial(append, note, b"- [ ] theirs\n")))
    assert note.read_bytes() == TEXT.replace(b"two", b"TWO") + b"- [ ] theirs\n"


class SavedAway(Leaseless):
    """Somebody writes late into the displaced file, and somebody else had read the note before that."""

    def __init__(self, note: Path, late: bytes = TEXT + b"- late\n") -> None:
        super().__init__()
        self.note = note
        self.late = late
        self.stale = b""
        self.exchanges = 0

    def exchange(self, one: Path, other: Path) -> None:
        if self.note in (one, other):
            self.exchanges += 1
            if self.exchanges == 1:
                self.note.write_bytes(self.late)
        super().exchange(one, other)
        if self.note in (one, other) and self.exchanges == 1:
            self.stale = self.note.read_bytes()


def test_a_merged_edit_that_is_gone_again_is_kept_as_a_copy(note: Path, writer_on: WriterOn) -> None:
    """Who took it out may have meant it, and the text that it left is not overwritten."""
    system = SavedAway(note)
    writer = writer_on(system)
    writer.write(note, grow)
    told = writer.settle()
    while b"- late\n" not in note.read_bytes():
        system.sleep(0.01)
        told += writer.settle()
    note.write_bytes(system.stale)
    told += settle(writer)
    assert {each.outcome for each in told} == {RecoveryOutcome.MERGED, RecoveryOutcome.SAVED_AWAY}
    assert copied_lines(told) == TEXT + b"- late\n"
    assert note.read_bytes() == grow(TEXT)


def test_a_merged_edit_that_somebody_takes_out_who_has_read_it_leaves_no_copy(
    note: Path, writer_on: WriterOn
) -> None:
    system = SavedAway(note, TEXT.replace(b"- first\n", b"- first of all\n"))
    writer = writer_on(system)
    writer.write(note, grow)
    told = writer.settle()
    while b"- first of all\n" not in note.read_bytes():
        system.sleep(0.01)
        told += writer.settle()
    note.write_bytes(grow(TEXT).replace(b"- first\n", b""))
    told += settle(writer)
    assert [each.outcome for each in told] == [RecoveryOutcome.MERGED]


class TornForAMoment(Leaseless):
    """Another program writes its text anew: the note is half there as we look, and whole a moment later."""

    def __init__(self, note: Path) -> None:
        super().__init__()
        self.note = note
        self.whole: bytes | None = None

    def writers(self, paths: Collection[Path], own: int | None = None) -> Writers:
        if self.whole is None:
            self.whole = self.note.read_bytes()
            self.note.write_bytes(self.whole[:5])
        return Writers(frozenset(), False)

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self.whole is not None and self.note.stat().st_size < len(self.whole) - 1:
            self.note.write_bytes(self.whole)


def test_a_refusal_of_a_torn_text_is_not_believed(note: Path, writer_on: WriterOn) -> None:
    writer = writer_on(TornForAMoment(note))
    writer.write(note, grow)
    assert note.read_bytes() == grow(TEXT)
    assert settle(writer) == []


class LinkedElsewhere(Leaseless):
    """As soon as something is synced, the note becomes a file that has a second name in another folder."""

    def __init__(self, note: Path, other: Path) -> None:
        super().__init__()
        self.note, self.other = note, other

    def sync(self, fd: int) -> None:
        super().sync(fd)
        if not self.other.exists():
            self.other.write_bytes(self.note.read_bytes() + b"- theirs\n")
            self.note.unlink()
            self.note.hardlink_to(self.other)


def test_a_note_that_gets_a_second_name_meanwhile_stays_one_file(
    note: Path, writer_on: WriterOn, tmp_path: Path
) -> None:
    other = tmp_path / "other.md"
    writer_on(LinkedElsewhere(note, other)).write(note, grow)
    assert other.read_bytes() == note.read_bytes() == grow(TEXT + b"- theirs\n")
    assert note.samefile(other)


def test_who_saves_a_merged_edit_away_may_take_the_same_line_out_again(
    note: Path, writer_on: WriterOn
) -> None:
    """An edit of ours comes between the two."""
    system = SavedAway(note, TEXT.replace(b"- first\n", b"").replace(b"## Theirs\n", b"- late\n## Theirs\n"))
    writer = writer_on(system)
    writer.write(note, grow)
    told = writer.settle()
    while b"- late\n" not in note.read_bytes():
        system.sleep(0.01)
        told += writer.settle()
    writer.write(note, lambda data: data.replace(b"two\n", b"two and more\n"))
    note.write_bytes(system.stale.replace(b"- first\n", b""))
    told += settle(writer)
    assert b"- late\n" in copied_lines(told)


def test_a_merged_edit_that_was_saved_away_at_the_end_is_kept_as_a_copy(note: Path, tmp_path: Path) -> None:
    system = SavedAway(note)
    writer = NoteWriter(tmp_path / "state", system=system)
    writer.write(note, grow)
    while b"- late\n" not in note.read_bytes():
        system.sleep(0.01)
        writer.settle()
    note.write_bytes(system.stale)
    told = writer.close(seconds=0)
    copies = [copy for each in told for copy in each.copies]
    assert b"- late\n" in note.read_bytes() + b"".join(copy.read_bytes() for copy in copies)
    assert all(copy.name in "".join(each.message for each in told) for copy in copies)
    assert {path.name for path in note.parent.iterdir()} == {"note.md", *(copy.name for copy in copies)}


class LateClash(Leaseless):
    """Somebody changes the line of our edit in the displaced file, and somebody else saves the note."""

    def __init__(self, note: Path) -> None:
        super().__init__()
        self.note = note
        self.late = -1

    def exchange(self, one: Path, other: Path) -> None:
        if self.note in (one, other) and self.late == -1:
            self.late = os.open(self.note, os.O_RDWR)
        super().exchange(one, other)

    def write_late(self, text: bytes) -> None:
        os.pwrite(self.late, text, 0)
        os.ftruncate(self.late, len(text))

    def let_go(self) -> None:
        os.close(self.late)

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        os.utime(self.note, (self.wall_clock(), self.wall_clock()))


def test_a_clash_is_kept_as_a_copy_although_the_note_never_stands_still(
    note: Path, writer_on: WriterOn
) -> None:
    system, late = LateClash(note), TEXT.replace(b"- [ ] one", b"- [-] one")
    writer = writer_on(system)
    writer.write(note, grow)
    system.write_late(late)
    system.let_go()
    told = settle(writer)
    assert [each.outcome for each in told] == [RecoveryOutcome.COPIED]
    assert copied_lines(told) == late
    assert note.read_bytes() == grow(TEXT)


def test_a_late_edit_that_is_not_merged_at_the_end_lies_beside_the_note(note: Path, tmp_path: Path) -> None:
    """Its writer still has the file open: it is not hidden in the state folder until the next start."""
    system, late = LateClash(note), TEXT + b"- late\n"
    writer = NoteWriter(tmp_path / "state", system=system)
    writer.write(note, grow)
    system.write_late(late)
    told = writer.close()
    assert [each.outcome for each in told] == [RecoveryOutcome.STILL_OPEN]
    system.write_late(late + b"- later\n")
    system.let_go()
    assert copied_lines(told) == late + b"- later\n"
    assert note.read_bytes() == grow(TEXT)
    assert not [path for path in (tmp_path / "state").rglob("*") if path.is_file()]


class NeverStill(Leaseless):
    """Each look at the note finds it shorter than the last."""

    def __init__(self, note: Path) -> None:
        super().__init__()
        self.note = note
        note.write_bytes(TEXT + b"." * 10_000)

    def pread(self, fd: int, count: int, offset: int) -> bytes:
        found = super().pread(fd, count, offset)
        if os.fstat(fd).st_ino == self.note.stat().st_ino:
            os.truncate(self.note, self.note.stat().st_size - 1)
        return found


def test_a_write_gives_up_when_the_program_ends(note: Path, writer_on: WriterOn) -> None:
    system = NeverStill(note)
    writer = writer_on(system)
    writer.end_within(1.0)
    with pytest.raises(NoteBusyError):
        writer.write(note, grow)
    assert system.skipped < 1.1


def test_a_write_that_is_under_way_hears_of_the_end(note: Path, writer_on: WriterOn) -> None:
    system = NeverStill(note)
    writer = writer_on(system)

    def grow_at_the_end(data: bytes) -> bytes:
        writer.end_within(0.5)
        return grow(data)

    with pytest.raises(NoteBusyError):
        writer.write(note, grow_at_the_end)
    assert system.skipped < 1.1


class Interrupted(Leaseless):
    """The program is killed while it puts what others have written into its new file."""

    def __init__(self) -> None:
        super().__init__()
        self.journal = -1

    def lock(self, fd: int) -> bool:
        self.journal = fd
        return super().lock(fd)

    def truncate(self, fd: int, length: int) -> None:
        os.pwrite(fd, b"half", 0)
        os.close(self.journal)  # with which a process that ends lets go of it
        raise KeyboardInterrupt


def test_a_new_file_that_is_half_rewritten_is_never_taken_for_a_text_of_others(
    note: Path, tmp_path: Path
) -> None:
    asked = 0

    def while_they_append(data: bytes) -> bytes:
        nonlocal asked
        asked += 1
        if asked == 2:
            append(note, b"- theirs\n")
        return grow(data)

    with pytest.raises(KeyboardInterrupt):
        NoteWriter(tmp_path / "state", system=Interrupted()).write(note, while_they_append)
    (told,) = recover(tmp_path / "state")
    assert told.outcome is RecoveryOutcome.SET_ASIDE
    assert [copy.read_bytes() for copy in told.copies] == [TEXT, grow(TEXT)]
    assert note.read_bytes() == TEXT + b"- theirs\n"
    assert [path.name for path in note.parent.iterdir()] == ["note.md"]
    assert {path for path in (tmp_path / "state").rglob("*") if path.is_file()} == set(told.copies)


def test_many_files_of_an_earlier_run_hold_up_the_start_no_longer_than_one(
    note: Path, tmp_path: Path
) -> None:
    """Somebody has each of them open for writing."""
    state = tmp_path / "state"
    (state / "exchange").mkdir(parents=True)
    held = []
    for number in range(5):
        old = state / "exchange" / f"{number}.tmp"
        old.write_bytes(TEXT)
        held.append(old.open("ab"))
        WriteAheadLog(state).record(WalRecord(note, TEXT, grow(TEXT), os.fspath(old))).leave()
    system = Leaseless()
    told = recover(state, system=system)
    for file in held:
        file.close()
    assert [each.outcome for each in told] == [RecoveryOutcome.LATER] * 5
    assert system.skipped < LONGEST_LOOK + 0.5


@pytest.mark.parametrize("theirs", [b"- one\n- two\n", b"- one\n\n- one\n"])
def test_lines_that_are_in_the_note_already_are_not_merged_again(
    note: Path, tmp_path: Path, theirs: bytes
) -> None:
    """Killed right after the exchange: the journal knows an older text than that in the displaced file."""
    state, old = tmp_path / "state", tmp_path / "state" / "exchange" / "old.tmp"
    old.parent.mkdir(parents=True)
    old.write_bytes(TEXT + theirs)
    note.write_bytes(grow(TEXT) + theirs + b"- three\n")
    WriteAheadLog(state).record(WalRecord(note, TEXT, grow(TEXT), os.fspath(old))).leave()
    recover(state, system=Leaseless())
    assert note.read_bytes() == grow(TEXT) + theirs + b"- three\n"
    assert [path.name for path in note.parent.iterdir()] == ["note.md"]
    assert not [path for path in state.rglob("*") if path.is_file()]


class Unseen(Leaseless):
    """Other machines may write the note as well."""

    def writers(self, paths: Collection[Path], own: int | None = None) -> Writers:
        return Writers(frozenset(), False)


def test_the_end_does_not_wait_for_a_file_that_the_next_start_can_look_after(
    note: Path, tmp_path: Path
) -> None:
    system = Unseen()
    writer = NoteWriter(tmp_path / "state", system=system)
    writer.write(note, grow)
    began = system.now()
    assert writer.close() == []
    assert system.now() - began < 0.5
    system.sleep(60)
    assert recover(tmp_path / "state", system=system) == []
    assert not [path for path in (tmp_path / "state").rglob("*") if path.is_file()]


class KilledError(BaseException):
    """Nothing catches it."""


class KilledOnTheWayBack(Leaseless):
    """A clashing edit comes at the exchange, another one into our new file; then the program is killed."""

    def __init__(self, note: Path) -> None:
        super().__init__()
        self.note = note
        self.exchanges = 0
        self.open_files: set[int] = set()

    def open(self, path: str | Path, flags: int, mode: int = 0o600) -> int:
        fd = super().open(path, flags, mode)
        self.open_files.add(fd)
        return fd

    def close(self, fd: int) -> None:
        self.open_files.discard(fd)
        super().close(fd)

    def exchange(self, one: Path, other: Path) -> None:
        is_of_note = self.note in (one, other)
        self.exchanges += is_of_note
        if is_of_note and self.exchanges == 1:
            self.note.write_bytes(TEXT.replace(b"- [ ] one\n", b"- [ ] their one\n"))
        super().exchange(one, other)
        if is_of_note and self.exchanges == 1:
            append(self.note, b"- late\n")
        elif is_of_note:
            raise KilledError


def test_an_edit_in_a_new_file_that_was_taken_back_outlives_the_program(note: Path, tmp_path: Path) -> None:
    system = KilledOnTheWayBack(note)
    with pytest.raises(KilledError):
        NoteWriter(tmp_path / "state", system=system).write(note, grow)
    for fd in tuple(system.open_files):
        system.close(fd)
    recover(tmp_path / "state", system=Leaseless())
    texts = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"- late\n" in text for text in texts)
    assert b"- [ ] their one\n" in note.read_bytes()


class LateBehindALook(Leaseless):
    """Who had the note open writes into the old file right after we have read it, the time with a number."""

    def __init__(self, note: Path, reads: int) -> None:
        super().__init__()
        self.old = os.open(note, os.O_WRONLY | os.O_APPEND)
        self.reads_left = reads
        self.is_displaced = False

    def exchange(self, one: Path, other: Path) -> None:
        super().exchange(one, other)
        self.is_displaced = other.name == "note.md" or self.is_displaced

    def writers(self, paths: Collection[Path], own: int | None = None) -> Writers:
        return Writers(frozenset(), True)

    def pread(self, fd: int, count: int, offset: int) -> bytes:
        data = super().pread(fd, count, offset)
        if self.is_displaced and os.path.samestat(os.fstat(fd), os.fstat(self.old)):
            self.reads_left -= 1
            if self.reads_left == 0:
                os.write(self.old, b"- late\n")
        return data


@pytest.mark.parametrize("reads", range(1, 13))
def test_what_comes_right_after_a_look_at_the_old_file_is_not_lost(
    note: Path, writer_on: WriterOn, reads: int
) -> None:
    system = LateBehindALook(note, reads)
    writer = writer_on(system)
    writer.write(note, grow)
    copied = copied_lines(settle(writer))
    os.close(system.old)
    assert system.reads_left > 0 or b"- late\n" in note.read_bytes() + copied
