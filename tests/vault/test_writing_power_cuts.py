"""A power cut at every change that any way of writing, recovery or mending makes.

The disk keeps what was synced, and of the rest whatever it likes: the note is what it was or what it was to
be, and nobody's text is lost.
"""

from __future__ import annotations

import errno
import os
import random
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.doctor.repair import EncodingRepair, garbled_lines
from roadtui.session.action_builders.text import add_to_note
from roadtui.session.actions import TaskActions
from roadtui.vault.commit import commit
from roadtui.vault.file_system import FileSystem, Lease, Writers, opened
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter, RecoveredEdit, RecoveryOutcome, RetryPolicy, recover
from roadtui.vault.writing.strategy import HalfWrittenError
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog
from tests.vault.lossy_disk import LossyDisk, PowerCutError

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux"),
    pytest.mark.usefixtures("own_process_alone"),
]

TEXT = b"# Roadmap\n" + b"- [ ] some task or other\n" * 60 + b"- [ ] last\n"
SHORT = RetryPolicy(denied=0.02, changing=0.1, believed=0.005, late=0.01)
EDITS: dict[str, Callable[[bytes], bytes]] = {
    "one byte": lambda data: data.replace(b"[ ] last", b"[x] last"),
    "longer": lambda data: data.replace(b"[ ]", b"[x] and a few words more", 3),
    "shorter": lambda data: data.replace(b"some task or other", b"some", 9),
}


THEIRS = TEXT.replace(b"# Roadmap", b"# Their roadmap")
THEIR_SECOND = TEXT.replace(b"# Roadmap", b"# Their roadmap, again")


class Leaseless(LossyDisk):
    """Exchange for all but one byte."""

    def lease(self, fd: int, kind: Lease) -> bool:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


class BesideTheNote(Leaseless):
    """Exchange, where the state folder is on another file system."""

    def exchange(self, one: Path, other: Path) -> None:
        if one.parent != other.parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        super().exchange(one, other)


class Unseen(Leaseless):
    """Exchange, where the old file is kept for a while: there may be writers that cannot be looked at."""

    def writers(self, paths: Collection[Path], own: int | None = None) -> Writers:
        return Writers(frozenset(), False)


class Plain(Leaseless):
    """In place."""

    def exchange(self, one: Path, other: Path) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))


class Case:
    """One vault with one note, on a disk that fails."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self.state = folder / "state"
        self.vault = folder / "vault"
        self.vault.mkdir(parents=True)
        self.state.mkdir()
        self.note = self.vault / "note.md"
        self.note.write_bytes(TEXT)

    def cuts(
        self, disk_type: type[LossyDisk], work: Callable[[FileSystem], object]
    ) -> Iterator[tuple[str, bool]]:
        """Every state after a cut at every change of `work`, and after its end; each is on the disk in turn.

        With a name of the cut comes whether `work` had come to its end.
        """
        whole = LossyDisk(self.root)
        start = next(whole.states(random.Random(0)))
        whole.let_go()
        chance, fails_at, is_done = random.Random(3), 0, False
        while not is_done:
            whole.restore(start)
            disk = disk_type(self.root, fails_at)
            try:
                work(disk)
                is_done = True
            except PowerCutError:
                pass
            states = {state.key: state for state in disk.states(chance)}.values()
            disk.let_go()
            for number, state in enumerate(states):
                disk.restore(state)
                yield f"cut at {fails_at}, state {number}", is_done
            fails_at += 1

    def recover(self) -> list[RecoveredEdit]:
        """The next start, with the power back."""
        disk = LossyDisk(self.root)
        try:
            return recover(self.state, system=disk)
        finally:
            disk.let_go()

    def texts(self) -> set[bytes]:
        """What stands in any file."""
        return {path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def files_in_vault(self) -> set[str]:
        return {path.relative_to(self.vault).as_posix() for path in self.vault.rglob("*") if path.is_file()}

    def check_nothing_is_left(self) -> None:
        assert os.listdir(self.vault) == ["note.md"]
        for name in ("journal", "exchange"):
            assert not (self.state / name).exists() or not os.listdir(self.state / name)


@pytest.mark.parametrize("disk_type", [LossyDisk, Leaseless, BesideTheNote, Unseen, Plain])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_the_note_is_what_it_was_or_was_to_be(
    tmp_path: Path, disk_type: type[LossyDisk], edit: Callable[[bytes], bytes]
) -> None:
    case = Case(tmp_path)

    written: list[bool] = []

    def work(system: FileSystem) -> None:
        writer = NoteWriter(case.state, system=system, retry_policy=SHORT)
        written[:] = [False]
        writer.write(case.note, edit)
        written[:] = [True]
        writer.close(0.1)

    cuts = 0
    for cut, _ in case.cuts(disk_type, work):
        cuts += 1
        told = case.recover()
        expected = [edit(TEXT)] if written == [True] else [TEXT, edit(TEXT)]
        assert case.note.read_bytes() in expected, cut
        said = {
            RecoveryOutcome.NOT_SAVED: TEXT,
            RecoveryOutcome.SAVED: edit(TEXT),
            RecoveryOutcome.COMPLETED: edit(TEXT),
        }
        assert all(said[each.outcome] == case.note.read_bytes() for each in told), cut
        case.check_nothing_is_left()
    assert cuts > 2


class Busy(Leaseless):
    """Another program writes into the note as soon as the new file is made, so that it has to be merged.

    It does so as often as it has texts: also as soon as the first of them is merged, and so on.
    """

    texts: tuple[bytes, ...] = (THEIRS,)
    is_early = False
    """Whether the last text comes when the new file is about to take the note's place."""

    def __init__(self, root: Path, fails_at: int = -1) -> None:
        super().__init__(root, fails_at)
        self.left = list(self.texts)

    def write_theirs(self) -> None:
        """Their text is on the disk, and no step of ours."""
        text = self.left.pop(0)
        note, changes = self.root / "vault" / "note.md", self.changes
        self.changes = -(10**6)
        with opened(self, note, os.O_RDWR) as fd:
            super().pwrite(fd, text, 0)
            super().truncate(fd, len(text))
            self.sync(fd)
        self.changes = changes

    def copy_attributes(self, source: int, target: int) -> None:
        super().copy_attributes(source, target)
        if self.left:
            self.write_theirs()

    def truncate(self, fd: int, length: int) -> None:
        super().truncate(fd, length)
        if len(self.left) > self.is_early:
            self.write_theirs()

    def exchange(self, one: Path, other: Path) -> None:
        if self.left and other.name == "note.md":
            self.write_theirs()
        super().exchange(one, other)


class BusyForLong(Busy):
    """The same again while that is merged, and once more."""

    texts = (THEIRS, THEIR_SECOND, THEIRS + b"- [ ] their third\n")


class BusyAtTheExchange(Busy):
    """The second text comes between the last look at the note and the exchange."""

    texts = (THEIRS, THEIR_SECOND)
    is_early = True


@pytest.mark.parametrize("disk_type", [Busy, BusyForLong])
@pytest.mark.parametrize("edit", [EDITS["longer"], EDITS["shorter"]], ids=["longer", "shorter"])
def test_what_was_merged_is_there_although_it_was_not_synced_before_the_exchange(
    tmp_path: Path, edit: Callable[[bytes], bytes], disk_type: type[Busy]
) -> None:
    case, merged = Case(tmp_path), False
    theirs = disk_type.texts[-1]

    def work(system: FileSystem) -> None:
        writer = NoteWriter(case.state, system=system, retry_policy=SHORT)
        writer.write(case.note, edit)
        writer.close(0.1)

    for cut, is_done in case.cuts(disk_type, work):
        case.recover()
        whole = [text for each in (TEXT, *disk_type.texts) for text in (each, edit(each))]
        expected = [edit(theirs)] if is_done else whole
        assert case.note.read_bytes() in expected, cut
        merged |= case.note.read_bytes() == edit(theirs)
        case.check_nothing_is_left()
    assert merged


def test_a_text_that_came_at_the_exchange_is_kept_and_a_note_that_may_be_in_parts_is_told(
    tmp_path: Path,
) -> None:
    case, edit = Case(tmp_path), EDITS["longer"]
    whole = [text for each in (TEXT, THEIRS, THEIR_SECOND) for text in (each, edit(each))]

    def work(system: FileSystem) -> None:
        writer = NoteWriter(case.state, system=system, retry_policy=SHORT)
        writer.write(case.note, edit)

    in_parts = 0
    for cut, _ in case.cuts(BusyAtTheExchange, work):
        has_come = case.note.read_bytes() not in (TEXT, THEIRS)
        told = case.recover()
        if has_come:
            assert any(b"# Their roadmap, again" in text for text in case.texts()), cut
        if case.note.read_bytes() not in whole:
            in_parts += 1
            assert RecoveryOutcome.SET_ASIDE in [each.outcome for each in told], cut
            assert {TEXT, edit(TEXT)} <= case.texts(), cut
    assert in_parts


LATE = TEXT.replace(b"[ ] last", b"[-] last")
NEW = EDITS["longer"](TEXT)


@pytest.mark.parametrize("disk_type", [LossyDisk, Leaseless])
@pytest.mark.parametrize(
    ("holds", "beside", "kept"),
    [
        (NEW[:512] + bytes(512) + TEXT[1024:], None, {NEW}),
        (THEIRS, None, {THEIRS, TEXT, NEW}),
        (None, None, {TEXT, NEW}),
        (None, LATE, {TEXT, NEW, LATE}),
        (NEW, TEXT, {NEW}),
        (TEXT, NEW, {TEXT}),
        (NEW, LATE, {NEW.replace(b"[ ] last", b"[-] last")}),
        (
            NEW,
            TEXT.replace(b"some task", b"another task"),
            {NEW, TEXT.replace(b"some task", b"another task")},
        ),
    ],
    ids=["half", "theirs", "gone", "gone with a late edit", "exchanged", "not exchanged", "late", "clash"],
)
def test_a_recovery_that_is_cut_short_loses_nothing(
    tmp_path: Path,
    disk_type: type[LossyDisk],
    holds: bytes | None,
    beside: bytes | None,
    kept: set[bytes],
) -> None:
    case = Case(tmp_path)
    other = case.state / "exchange" / "~syncthing~.~roadtui-0123.tmp"
    other.parent.mkdir()
    case.note.unlink()
    if holds is not None:
        case.note.write_bytes(holds)
    if beside is not None:
        other.write_bytes(beside)
    name = None if beside is None else os.fspath(other)
    WriteAheadLog(case.state).record(WalRecord(case.note, TEXT, NEW, name)).leave()
    for cut, is_done in case.cuts(disk_type, lambda system: recover(case.state, system=system)):
        told = case.recover()
        assert kept <= case.texts(), cut
        assert not told or not is_done or told[0].outcome is not RecoveryOutcome.LATER, cut
        assert not os.listdir(case.state / "journal"), cut
        assert not os.listdir(other.parent), cut


@pytest.mark.parametrize("disk_type", [LossyDisk, Leaseless, BesideTheNote, Plain])
@pytest.mark.parametrize("path", ["Inbox.md", "area/deep/Inbox.md"])
def test_a_note_made_for_a_task_is_there_with_it_once_that_was_said(
    tmp_path: Path, disk_type: type[LossyDisk], path: str
) -> None:
    case = Case(tmp_path)
    new = case.vault / path

    def work(system: FileSystem) -> None:
        writer = NoteWriter(case.state, system=system, retry_policy=SHORT)
        vault = Vault(case.vault, Config(), lambda: writer)
        commit(vault, add_to_note(TaskActions.of(vault, date(2026, 3, 14)).context, path, None, ["a task"]))

    found = set()
    for cut, is_done in case.cuts(disk_type, work):
        told = case.recover()
        text = new.read_bytes() if new.exists() else None
        assert text in ([b"- [ ] a task\n"] if is_done else [None, b"", b"- [ ] a task\n"]), cut
        assert all(bool(text) == (each.outcome is not RecoveryOutcome.NOT_SAVED) for each in told), cut
        assert case.note.read_bytes() == TEXT, cut
        assert case.files_in_vault() <= {"note.md", path}, cut
        found.add(text)
    assert None in found


GARBLED = "# \uf8ffüìö a\n\n- [ ] whole\n".encode()


def test_a_mended_note_can_always_be_taken_back(tmp_path: Path) -> None:
    case = Case(tmp_path)
    case.note.write_bytes(GARBLED)
    damage = {"note.md": garbled_lines(GARBLED.decode())}
    assert damage["note.md"]

    def work(system: FileSystem) -> None:
        writer = NoteWriter(case.state, system=system, retry_policy=SHORT)
        for mended in EncodingRepair(case.vault, writer, case.state, system).repair(damage):
            assert not mended.refusal

    mended = 0
    for cut, is_done in case.cuts(LossyDisk, work):
        case.recover()
        is_mended = case.note.read_bytes() != GARBLED
        assert is_mended or not is_done, cut
        mended += is_mended
        mender = EncodingRepair(case.vault, NoteWriter(case.state, retry_policy=SHORT), case.state)
        if is_mended:
            list(mender.undo())
        assert case.note.read_bytes() == GARBLED, cut
    assert mended


def test_a_write_and_its_taking_back_that_both_fail_are_put_right_at_the_next_start(tmp_path: Path) -> None:
    case = Case(tmp_path)

    class Failing(FileSystem):
        """The disk fails in the middle of the note, and from then on for it."""

        is_broken = False

        def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
            if os.path.samestat(os.fstat(fd), case.note.stat()):
                if self.is_broken:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
                self.is_broken = True
                return super().pwrite(fd, data[: 512 - offset % 512], offset)
            return super().pwrite(fd, data, offset)

    for edit in (EDITS["longer"], EDITS["shorter"]):
        case.note.write_bytes(TEXT)
        writer = NoteWriter(case.state, system=Failing(), retry_policy=SHORT)
        with pytest.raises(HalfWrittenError, match=r"only in part.*is restored at the next start"):
            writer.write(case.note, edit)
        assert case.note.read_bytes() not in (TEXT, edit(TEXT))
        (told,) = case.recover()
        assert case.note.read_bytes() == edit(TEXT)
        assert told.outcome is RecoveryOutcome.COMPLETED
        case.check_nothing_is_left()


class LateAtTheExchange(Leaseless):
    """Another program writes into the note at the first exchange, and so into the old file."""

    late = b""

    def exchange(self, one: Path, other: Path) -> None:
        if self.late and other.name == "note.md":
            text, self.late = self.late, b""
            self.put(other, text)
        super().exchange(one, other)

    def put(self, path: Path, text: bytes) -> None:
        """Another program's text is on the disk, and no step of ours."""
        with opened(self, path, os.O_RDWR) as fd:
            self.pwrite(fd, text, 0)
            self.truncate(fd, len(text))
            self.sync(fd)


class LateInTheOldFile(LateAtTheExchange):
    """Another program, which has the note open, writes into the old file a moment after the exchange."""

    old: Path | None = None

    def exchange(self, one: Path, other: Path) -> None:
        super(LateAtTheExchange, self).exchange(one, other)
        if other.name == "note.md":
            self.old = one

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self.late and self.old is not None:
            text, self.late = self.late, b""
            self.put(self.old, text)


def told_until_settled(writer: NoteWriter) -> list[RecoveredEdit]:
    told: list[RecoveredEdit] = []
    while writer.unsettled:
        told += writer.settle()
        writer.system.sleep(0.01)
    return told


def check_copies_stay(case: Case, disk: LossyDisk, told: list[RecoveredEdit], late: bytes) -> None:
    """Whatever the disk kept: the copies that were told of are there, and whole."""
    copies = [copy for each in told for copy in each.copies]
    assert [copy.read_bytes() for copy in copies] == [late]
    states = list(disk.states(random.Random(5)))
    disk.let_go()
    for state in states:
        disk.restore(state)
        assert [copy.read_bytes() for copy in copies if copy.exists()] == [late], "on the disk"


def test_a_copy_of_an_edit_that_clashes_is_on_the_disk_when_it_is_told(tmp_path: Path) -> None:
    case, disk = Case(tmp_path), LateInTheOldFile(tmp_path)
    disk.late = TEXT.replace(b"some task", b"another task")
    writer = NoteWriter(case.state, system=disk, retry_policy=SHORT)
    late = disk.late
    writer.write(case.note, EDITS["longer"])
    told = told_until_settled(writer)
    check_copies_stay(case, disk, told, late)


def test_a_copy_of_an_edit_that_was_saved_away_is_on_the_disk_when_it_is_told(tmp_path: Path) -> None:
    case, disk = Case(tmp_path), LateAtTheExchange(tmp_path)
    disk.late = late = TEXT + b"- [ ] late\n"
    policy = replace(SHORT, late=60.0)
    writer = NoteWriter(case.state, system=disk, retry_policy=policy)
    writer.write(case.note, EDITS["longer"])
    told = writer.settle()
    while b"late" not in case.note.read_bytes():
        disk.sleep(0.01)
        told += writer.settle()
    disk.put(case.note, EDITS["longer"](TEXT))
    while not any(each.copies for each in told):
        told += writer.settle()
        disk.sleep(0.01)
    check_copies_stay(case, disk, told, late)
