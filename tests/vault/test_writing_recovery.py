"""After kill -9 and after a power cut: the note is what it was or what it was to be, and the user is told."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.vault.file_system import FileSystem
from roadtui.vault.writing import NoteWriter, RecoveryOutcome, Transform, WriteResult, recover
from roadtui.vault.writing.note_file import scratch_name
from roadtui.vault.writing.recovery import SECTOR, is_half_written, judge
from roadtui.vault.writing.write_ahead_log import UNFINISHED, WalRecord, WriteAheadLog
from tests.examples import many
from tests.vault.lossy_disk import LossyDisk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")

BASE = b"".join(b"- [ ] task number %d\n" % number for number in range(200))
LONGER = BASE.replace(b"- [ ] task number 7\n", b"- [x] task number 7\n- [ ] one more\n")
SHORTER = BASE.replace(b"- [ ] task number 7\n", b"")
SAME_LENGTH = BASE.replace(b"- [ ] task", b"- [x] task")
THEIRS = BASE.replace(b"- [ ] task number 7\n", b"- [-] task number 7, by another program\n")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "note.md").write_bytes(BASE)
    return vault / "note.md"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def crash(state: Path, record: WalRecord) -> None:
    """Leave an entry as a killed writer does."""
    WriteAheadLog(state).record(record).leave()


def outcomes(state: Path) -> list[RecoveryOutcome]:
    found = [each.outcome for each in recover(state)]
    if RecoveryOutcome.LATER not in found:
        assert not os.listdir(state / "journal")
    return found


def test_nothing_to_recover(state: Path) -> None:
    assert recover(state) == []


def test_an_edit_that_never_began_is_told_as_not_saved(note: Path, state: Path) -> None:
    crash(state, WalRecord(note, BASE, LONGER))
    (told,) = recover(state)
    assert told.message == "The last edit of note.md was not saved; the note is as it was before."
    assert note.read_bytes() == BASE


def test_an_edit_that_was_finished_is_left_alone(note: Path, state: Path) -> None:
    note.write_bytes(LONGER)
    crash(state, WalRecord(note, BASE, LONGER))
    assert outcomes(state) == [RecoveryOutcome.SAVED]
    assert note.read_bytes() == LONGER


def test_what_the_user_wrote_since_is_kept_and_both_versions_set_aside(note: Path, state: Path) -> None:
    theirs = LONGER + b"- [ ] theirs\n"
    note.write_bytes(theirs)
    crash(state, WalRecord(note, BASE, LONGER))
    (told,) = recover(state)
    assert told.outcome is RecoveryOutcome.SET_ASIDE
    assert note.read_bytes() == theirs
    assert [copy.read_bytes() for copy in told.copies] == [BASE, LONGER]
    assert all(copy.is_relative_to(state) for copy in told.copies)
    assert str(state) in told.message


class LookedAtTooLate(NoteWriter):
    """Another program saves the note after it was judged and before it is written."""

    def write(self, path: Path, transform: Transform) -> WriteResult:
        path.write_bytes(THEIRS)
        return super().write(path, transform)


def test_what_somebody_saves_while_a_note_is_recovered_is_kept(note: Path, state: Path) -> None:
    note.write_bytes(LONGER[:1024] + BASE[1024:])
    crash(state, WalRecord(note, BASE, LONGER))
    (told,) = recover(state, LookedAtTooLate(state))
    assert told.outcome is RecoveryOutcome.SET_ASIDE
    assert note.read_bytes() == THEIRS
    assert {copy.read_bytes() for copy in told.copies} == {BASE, LONGER}


def test_a_note_that_was_deleted_since_is_set_aside(note: Path, state: Path) -> None:
    note.unlink()
    crash(state, WalRecord(note, BASE, LONGER))
    (told,) = recover(state)
    assert [copy.read_bytes() for copy in told.copies] == [BASE, LONGER]
    assert not note.exists()


@pytest.mark.parametrize("is_deleted", [False, True])
@pytest.mark.parametrize(
    ("base", "late"),
    [(BASE, BASE), (BASE, BASE + b"- [ ] late\n"), (b"", b"")],
    ids=["as it was", "late edit", "empty"],
)
def test_an_old_file_with_the_number_of_the_new_one_is_still_the_old_one(
    note: Path, state: Path, base: bytes, late: bytes, is_deleted: bool
) -> None:
    """As after a backup was restored: file systems give the numbers of removed files again."""
    beside = note.with_name(".~roadtui-0123456789abcdef")
    beside.write_bytes(late)
    note.write_bytes(LONGER)
    if is_deleted:
        note.unlink()
    crash(state, WalRecord(note, base, LONGER, beside.name, beside.stat().st_ino))
    found = outcomes(state)
    kept = [path.read_bytes() for path in state.rglob("*") if path.is_file()]
    if is_deleted:
        assert found == [RecoveryOutcome.SET_ASIDE]
        assert {base, LONGER, late} == set(kept)
    else:
        assert (
            found == [RecoveryOutcome.SAVED]
            if late == base
            else [RecoveryOutcome.SAVED, RecoveryOutcome.MERGED]
        )
        assert note.read_bytes() == (LONGER if late == base else LONGER + b"- [ ] late\n")
    assert not beside.exists()


@pytest.mark.parametrize("beside", [None, ".~roadtui-0123456789abcdef"])
def test_a_note_whose_disk_is_not_mounted_is_waited_for(note: Path, state: Path, beside: str | None) -> None:
    note.write_bytes(SAME_LENGTH[: 2 * SECTOR] + BASE[2 * SECTOR :] if beside is None else SAME_LENGTH)
    if beside is not None:
        (note.parent / beside).write_bytes(BASE)
    crash(state, WalRecord(note, BASE, SAME_LENGTH, beside))
    away = note.parent.with_name("away")
    note.parent.rename(away)
    for _ in range(2):
        (told,) = recover(state)
        assert (told.path, told.outcome, told.detail) == (
            note,
            RecoveryOutcome.LATER,
            os.strerror(errno.ENOENT),
        )
    assert not note.parent.exists()
    away.rename(note.parent)
    assert outcomes(state) == [RecoveryOutcome.COMPLETED if beside is None else RecoveryOutcome.SAVED]
    assert note.read_bytes() == SAME_LENGTH
    assert sorted(note.parent.iterdir()) == [note]


def test_a_busy_note_is_looked_at_again_at_the_next_start(note: Path, state: Path) -> None:
    note.write_bytes(SAME_LENGTH[: 2 * SECTOR] + BASE[2 * SECTOR :])
    crash(state, WalRecord(note, BASE, SAME_LENGTH))
    with note.open("ab"):
        assert outcomes(state) == [RecoveryOutcome.LATER]
    assert outcomes(state) == [RecoveryOutcome.COMPLETED]
    assert note.read_bytes() == SAME_LENGTH


def test_a_living_writer_is_not_recovered(note: Path, state: Path) -> None:
    entry = WriteAheadLog(state).record(WalRecord(note, BASE, LONGER))
    assert recover(state) == []
    entry.leave()
    assert outcomes(state) == [RecoveryOutcome.NOT_SAVED]


@pytest.mark.parametrize("cut", [0, 10, 40, 100, 5000])
def test_an_entry_that_is_cut_off_is_kept_and_not_believed(note: Path, state: Path, cut: int) -> None:
    crash(state, WalRecord(note, BASE, LONGER))
    (entry,) = (state / "journal").iterdir()
    entry.write_bytes(entry.read_bytes()[:cut])
    (told,) = recover(state)
    assert told.outcome is RecoveryOutcome.DAMAGED
    assert told.path.stat().st_size == cut
    assert note.read_bytes() == BASE
    assert recover(state) == []


def test_an_entry_with_a_flipped_bit_is_kept_and_not_believed(note: Path, state: Path) -> None:
    crash(state, WalRecord(note, BASE, LONGER))
    (entry,) = (state / "journal").iterdir()
    data = bytearray(entry.read_bytes())
    data[-1] ^= 1
    entry.write_bytes(data)
    assert outcomes(state) == [RecoveryOutcome.DAMAGED]


def test_a_damaged_entry_is_on_the_disk_where_it_is_said_to_be(tmp_path: Path, state: Path) -> None:
    (state / "journal").mkdir(parents=True)
    (state / "journal" / "0.journal").write_bytes(b"damaged")
    disk = LossyDisk(tmp_path)
    (told,) = recover(state, system=disk)
    states = list(disk.states(random.Random(0)))
    disk.let_go()
    for after in states:
        disk.restore(after)
        assert told.path.read_bytes() == b"damaged"


def test_a_write_waits_until_its_entry_is_locked(note: Path, state: Path) -> None:
    """Another roadtui that starts looks at the entry first, and would remove it."""

    class LookedAt(FileSystem):
        locks = 0

        def lock(self, fd: int) -> bool:
            self.locks += 1
            return self.locks > 1 and super().lock(fd)

    system = LookedAt()
    with pytest.raises(BlockingIOError):
        WriteAheadLog(state, system).record(WalRecord(note, BASE, LONGER))
    assert os.listdir(state / "journal") == []
    NoteWriter(state, system=system).write(note, lambda _: LONGER)
    assert note.read_bytes() == LONGER


def test_an_entry_that_was_never_finished_goes(note: Path, state: Path) -> None:
    crash(state, WalRecord(note, BASE, LONGER))
    (entry,) = (state / "journal").iterdir()
    entry.rename(entry.with_suffix(UNFINISHED))
    assert outcomes(state) == []


@given(st.binary(), st.binary(), st.text(min_size=1), st.none() | st.text())
def test_a_record_comes_back_as_it_was_written(
    base: bytes, new: bytes, name: str, beside: str | None
) -> None:
    record = WalRecord(Path("/vault") / name.replace("\0", ""), base, new, beside)
    assert WalRecord.from_bytes(record.to_bytes()) == record


def test_a_name_that_is_not_utf8_is_recovered(tmp_path: Path, state: Path) -> None:
    note = Path(os.fsdecode(os.fsencode(tmp_path) + b"/n\xff.md"))
    note.write_bytes(BASE)
    crash(state, WalRecord(note, BASE, LONGER))
    (told,) = recover(state)
    assert told.path == note


@many()
@given(data=st.data(), new=st.sampled_from([LONGER, SHORTER, SAME_LENGTH]))
def test_every_state_that_a_power_cut_leaves_is_completed(
    note: Path, state: Path, data: st.DataObject, new: bytes
) -> None:
    """Each sector old, new or zeros, in any order; the length old or new."""
    length = data.draw(st.sampled_from([len(BASE), len(new)]))
    was = BASE.ljust(len(new), b"\0")
    will_be = new + BASE[len(new) :]
    sources = data.draw(
        st.lists(
            st.sampled_from([was, will_be, bytes(len(was))]),
            min_size=-(-length // SECTOR),
            max_size=-(-length // SECTOR),
        )
    )
    disk = b"".join(source[at * SECTOR : min((at + 1) * SECTOR, length)] for at, source in enumerate(sources))
    note.write_bytes(disk)
    crash(state, WalRecord(note, BASE, new))
    (outcome,) = outcomes(state)
    assert outcome in (RecoveryOutcome.NOT_SAVED, RecoveryOutcome.SAVED, RecoveryOutcome.COMPLETED)
    assert note.read_bytes() == (BASE if disk == BASE else new)


def test_a_shrinking_edit_that_was_not_cut_off_is_completed(note: Path, state: Path) -> None:
    note.write_bytes(SHORTER + BASE[len(SHORTER) :])
    crash(state, WalRecord(note, BASE, SHORTER))
    assert outcomes(state) == [RecoveryOutcome.COMPLETED]
    assert note.read_bytes() == SHORTER


def test_a_shrinking_edit_that_was_only_cut_off_is_completed(note: Path, state: Path) -> None:
    note.write_bytes(BASE[: len(SHORTER)])
    crash(state, WalRecord(note, BASE, SHORTER))
    assert outcomes(state) == [RecoveryOutcome.COMPLETED]
    assert note.read_bytes() == SHORTER


@many()
@given(
    at=st.integers(0, len(LONGER) - 1),
    byte=st.integers(1, 255),
    new=st.sampled_from([LONGER, SHORTER, SAME_LENGTH]),
)
def test_one_byte_of_somebody_else_is_never_overwritten(at: int, byte: int, new: bytes) -> None:
    at %= len(new)
    disk = new[:at] + bytes([new[at] ^ byte]) + new[at + 1 :]
    if disk != BASE:
        assert judge(disk, WalRecord(Path("note.md"), BASE, new)) is RecoveryOutcome.SET_ASIDE


@pytest.mark.parametrize("disk", [b"", BASE[:-30], LONGER + b"x", b"\0" * (len(LONGER) + 1)])
def test_a_length_that_is_neither_is_somebody_elses(disk: bytes) -> None:
    assert not is_half_written(disk, BASE, LONGER)


class TestExchange:
    """A crash around an exchange: the note is whole; the question is what lies beside it."""

    def record(self, note: Path, state: Path, note_holds: bytes, beside_holds: bytes | None) -> Path:
        beside = note.with_name(".~roadtui-0123")
        note.write_bytes(note_holds)
        if beside_holds is not None:
            beside.write_bytes(beside_holds)
        crash(state, WalRecord(note, BASE, LONGER, beside.name))
        return beside

    @pytest.mark.parametrize(
        ("note_holds", "beside_holds", "outcome"),
        [
            (BASE, None, RecoveryOutcome.NOT_SAVED),
            (BASE, b"", RecoveryOutcome.NOT_SAVED),
            (BASE, LONGER[:700], RecoveryOutcome.NOT_SAVED),
            (BASE, bytes(SECTOR) + LONGER[SECTOR:], RecoveryOutcome.NOT_SAVED),
            (BASE, LONGER, RecoveryOutcome.NOT_SAVED),
            (LONGER, BASE, RecoveryOutcome.SAVED),
            (LONGER, None, RecoveryOutcome.SAVED),
        ],
    )
    def test_the_file_beside_goes(
        self, note: Path, state: Path, note_holds: bytes, beside_holds: bytes | None, outcome: RecoveryOutcome
    ) -> None:
        beside = self.record(note, state, note_holds, beside_holds)
        assert outcomes(state) == [outcome]
        assert note.read_bytes() == note_holds
        assert not beside.exists()

    @pytest.mark.parametrize(
        ("note_holds", "beside_holds", "scratch_holds", "outcome"),
        [
            (BASE, LONGER, b"", RecoveryOutcome.NOT_SAVED),
            (BASE, b"", LONGER, RecoveryOutcome.NOT_SAVED),
            (LONGER, None, BASE, RecoveryOutcome.SAVED),
        ],
    )
    def test_the_scratch_file_goes(
        self,
        note: Path,
        state: Path,
        note_holds: bytes,
        beside_holds: bytes | None,
        scratch_holds: bytes,
        outcome: RecoveryOutcome,
    ) -> None:
        beside = self.record(note, state, note_holds, beside_holds)
        scratch_name(beside).write_bytes(scratch_holds)
        assert outcomes(state) == [outcome]
        assert note.read_bytes() == note_holds
        assert os.listdir(note.parent) == [note.name]

    @pytest.mark.parametrize("note_holds", [THEIRS, None], ids=["edited", "deleted"])
    @pytest.mark.parametrize(
        ("base", "new", "beside_holds", "is_noted"),
        [
            (BASE, LONGER, None, False),
            (BASE, LONGER, None, True),
            (BASE, LONGER, b"", False),
            (BASE, LONGER, LONGER[:700], False),
            (BASE, LONGER, LONGER, False),
            (BASE, LONGER, LONGER, True),
            (BASE, LONGER, b"half rewritten for others", True),
            (BASE[:SECTOR], BASE[:SECTOR] + b"- [ ] one more\n", BASE[:SECTOR], False),
            (b"", LONGER, b"", False),
        ],
        ids=[
            "not made",
            "removed",
            "empty",
            "in part",
            "whole",
            "noted",
            "merged",
            "first part",
            "empty note",
        ],
    )
    def test_an_edit_that_never_was_in_the_note_is_not_told_as_saved(
        self,
        note: Path,
        state: Path,
        note_holds: bytes | None,
        base: bytes,
        new: bytes,
        beside_holds: bytes | None,
        is_noted: bool,
    ) -> None:
        """The note was edited or deleted between the crash and the start; ours never was in its place."""
        beside = note.with_name(".~roadtui-0123")
        inode = 0
        if note_holds is None:
            note.unlink()
        else:
            note.write_bytes(note_holds)
        beside.write_bytes(beside_holds or b"")
        if is_noted:
            inode = beside.stat().st_ino
        if beside_holds is None:
            beside.unlink()
        crash(state, WalRecord(note, base, new, beside.name, inode))
        (told,) = recover(state)
        assert told.outcome is RecoveryOutcome.SET_ASIDE
        assert {base, new} <= {copy.read_bytes() for copy in told.copies}
        assert (note.read_bytes() if note.exists() else None) == note_holds
        assert not beside.exists()

    @pytest.mark.parametrize(
        ("note_holds", "is_noted"),
        [(LONGER + b"- [ ] theirs\n", False), (b"all else\n", True)],
        ids=["known by its text", "known by its number"],
    )
    def test_an_edit_that_was_in_the_note_is_told_as_saved(
        self, note: Path, state: Path, note_holds: bytes, is_noted: bool
    ) -> None:
        """It was edited since, and the old file is gone."""
        note.write_bytes(note_holds)
        inode = note.stat().st_ino if is_noted else 0
        crash(state, WalRecord(note, BASE, LONGER, ".~roadtui-0123", inode))
        assert outcomes(state) == [RecoveryOutcome.SAVED]
        assert note.read_bytes() == note_holds

    def test_an_edit_that_was_told_as_saved_is_not_doubted_when_others_have_changed_it(
        self, note: Path, state: Path
    ) -> None:
        note.write_bytes(THEIRS)
        entry = WriteAheadLog(state).record(WalRecord(note, BASE, LONGER, ".~roadtui-0123"))
        entry.mark_reported()
        entry.leave()
        assert outcomes(state) == []

    def test_no_text_is_set_aside_twice(self, note: Path, state: Path) -> None:
        self.record(note, state, BASE, BASE)
        note.unlink()
        (told,) = recover(state)
        assert sorted(copy.read_bytes() for copy in told.copies) == sorted([BASE, LONGER])

    def test_a_late_edit_is_merged(self, note: Path, state: Path) -> None:
        beside = self.record(note, state, LONGER, BASE + b"- [ ] late\n")
        assert outcomes(state) == [RecoveryOutcome.SAVED, RecoveryOutcome.MERGED]
        assert note.read_bytes() == LONGER + b"- [ ] late\n"
        assert not beside.exists()

    def test_a_late_edit_that_clashes_is_kept_as_a_copy(self, note: Path, state: Path) -> None:
        late = BASE.replace(b"- [ ] task number 7\n", b"- [-] task number 7\n")
        beside = self.record(note, state, LONGER, late)
        _, told = recover(state)
        assert told.outcome is RecoveryOutcome.COPIED
        assert note.read_bytes() == LONGER
        assert told.copies[0].read_bytes() == late
        assert not beside.exists()

    def test_a_file_that_is_still_written_is_left_for_the_next_start(self, note: Path, state: Path) -> None:
        beside = self.record(note, state, LONGER, BASE)
        with beside.open("ab") as late:
            assert outcomes(state) == [RecoveryOutcome.LATER]
            late.write(b"- [ ] late\n")
        assert outcomes(state) == [RecoveryOutcome.SAVED, RecoveryOutcome.MERGED]
        assert note.read_bytes() == LONGER + b"- [ ] late\n"

    def test_nothing_is_lost_with_a_deleted_note(self, note: Path, state: Path) -> None:
        late = BASE + b"- [ ] late\n"
        beside = self.record(note, state, LONGER, late)
        note.unlink()
        (told,) = recover(state)
        assert [copy.read_bytes() for copy in told.copies] == [BASE, LONGER, late]
        assert not beside.exists()


KILLED = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[4:]
from roadtui.vault.file_system import FileSystem
from roadtui.vault.writing import NoteWriter, recover

note, state, reader = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "held"
recover(state)
writer = NoteWriter(state)
held = note.open("rb") if reader else None
print("ready", flush=True)
marks = 0
while True:
    marks += 1
    def edit(data, marks=marks):
        lines = data.split(b"\\n")
        del lines[1 : 1 + marks % 3]
        lines[1:1] = [b"- [x] edit %d" % marks] * (marks % 4)
        return b"\\n".join(lines).replace(b"[ ]" if marks % 2 else b"[x]", b"[x]" if marks % 2 else b"[ ]")
    print(marks, flush=True)
    writer.write(note, edit)
"""


def edit_number(data: bytes, marks: int) -> bytes:
    """The edit that the killed program makes, once more."""
    lines = data.split(b"\n")
    del lines[1 : 1 + marks % 3]
    lines[1:1] = [b"- [x] edit %d" % marks] * (marks % 4)
    return b"\n".join(lines).replace(b"[ ]" if marks % 2 else b"[x]", b"[x]" if marks % 2 else b"[ ]")


@pytest.mark.parametrize("reader", ["free", "held"])
def test_kill_9_at_any_moment_leaves_base_or_new(note: Path, state: Path, reader: str) -> None:
    when = random.Random(7)
    for _ in range(15):
        note.write_bytes(BASE)
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(note), str(state), reader], stdout=subprocess.PIPE
        ) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == b"ready\n"
            time.sleep(when.uniform(0.0, 0.06 if reader == "free" else 0.6))
            program.send_signal(signal.SIGKILL)
            begun = len(program.stdout.readlines())
        versions = [BASE]
        for marks in range(1, begun + 1):
            versions.append(edit_number(versions[-1], marks))
        recover(state)
        assert note.read_bytes() in versions[-2:]
        assert os.listdir(note.parent) == ["note.md"]
        assert not (state / "journal").exists() or not os.listdir(state / "journal")
