"""The journal: what happened here or outside, also between two runs, and on which day."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import chain, count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from roadtui.config import Config
from roadtui.core.tasks.status import Status, StatusType
from roadtui.vault.history.events import EventSource, LocalMoment, to_json
from roadtui.vault.history.history import History
from roadtui.vault.history.recorder import moment_of_change
from roadtui.vault.history.store import HistoryNotWrittenError
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.faulty_sqlite import BUSY, DAMAGED, MOMENTARY, NEVER, failing
from tests.vault.focus_time import seconds_by_day

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@dataclass
class Machine:
    """A vault, and a machine whose clock stands still until it is moved on."""

    root: Path
    state: Path
    zone: tzinfo = UTC
    now: datetime = NOON
    config: Config = field(default_factory=Config)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.start()

    def start(self) -> None:
        self.vault = Vault(self.root, self.config, lambda: NoteWriter(self.state))
        self.history = History(self.state, self.root, self.zone)

    def stop(self) -> None:
        self.history.close(self.now)

    def write(self, path: str, text: str, at: datetime | None = None) -> None:
        note = self.root / path
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(text, encoding="utf-8")
        written = (at or self.now).timestamp()
        os.utime(note, (written, written))

    def look(self, origin: EventSource = EventSource.OUTSIDE, path: str | None = None) -> int:
        self.vault.refresh()
        for _ in self.vault.load():
            pass
        return self.history.record_snapshot(lambda: self.vault.snapshot, self.now, origin, path)

    def see(self, path: str, *states: str) -> None:
        """Write the states of a note a day apart, and look at each."""
        for at, text in enumerate(states):
            if at:
                self.wait(days=1)
            self.write(path, text)
            self.look()

    def days(self) -> dict[str, date]:
        """When each task that is done was done, by its words."""
        notes = self.vault.snapshot.notes.values()
        done = self.history.known_dates(notes).done
        statuses = self.vault.snapshot.statuses
        return {
            task.text: done[task]
            for note in notes
            for task in note.note.tasks
            if statuses.type_of(task.status_symbol) is StatusType.DONE and task in done
        }

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "vault", tmp_path / "state")


def test_what_is_done_before_the_vault_was_ever_seen_has_no_day(machine: Machine) -> None:
    machine.write("A.md", "- [x] old\n- [ ] a\n")
    assert machine.look() == 0
    assert machine.days() == {}
    machine.wait(days=1)
    machine.see("A.md", "- [x] old\n- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}


def test_an_unticked_task_loses_its_day_and_gets_a_new_one(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    for mark, expected in (
        ("x", {"a": date(2026, 3, 15)}),
        (" ", {}),
        ("x", {"a": date(2026, 3, 17)}),
        ("x", {"a": date(2026, 3, 17)}),
    ):
        machine.wait(days=1)
        machine.see("A.md", f"- [{mark}] a\n")
        assert machine.days() == expected


def test_taking_an_untick_back_brings_the_first_day_back(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [x] old\n")
    machine.wait(days=1)
    machine.write("A.md", "- [x] a\n- [x] old\n")
    machine.look(EventSource.HERE, "A.md")
    machine.wait(days=1)
    machine.write("A.md", "- [ ] a\n- [ ] old\n")
    machine.look(EventSource.HERE, "A.md")
    assert machine.days() == {}
    machine.wait(days=1)
    machine.write("A.md", "- [x] a\n- [x] old\n")
    machine.look(EventSource.UNDONE, "A.md")
    assert machine.days() == {"a": date(2026, 3, 15)}, "and what had no day has none again"


def test_between_two_runs_the_time_of_the_file_counts_if_it_lies_between(machine: Machine) -> None:
    machine.write("A.md", "- [ ] a\n")
    machine.see("B.md", "- [ ] b\n")
    machine.stop()
    machine.wait(days=5)
    machine.write("A.md", "- [x] a\n", machine.now - timedelta(days=3))
    machine.write("B.md", "- [x] b\n", machine.now - timedelta(days=30))
    machine.start()
    machine.look()
    assert machine.days() == {"a": date(2026, 3, 16), "b": date(2026, 3, 19)}
    assert [(e.kind, e.origin) for e in machine.history.events()] == [("done", "between")] * 2


def test_days_survive_a_restart_a_move_and_a_rewording(machine: Machine) -> None:
    machine.see(
        "A.md",
        "# A\n- [ ] read the paper\n  - [ ] twice\n- [ ] c\n",
        "# A\n- [x] read the paper\n  - [x] twice\n- [ ] c\n",
    )
    machine.stop()
    machine.wait(days=1)
    machine.write("A.md", "# A\n- [ ] c\n")
    machine.write("sub/B.md", "# New\n- [x] read the paper\n  - [x] twice\n")
    machine.start()
    machine.look()
    machine.wait(days=1)
    machine.see("sub/B.md", "# New\n- [x] read this paper\n  - [x] twice\n")
    (machine.root / "sub/B.md").rename(machine.root / "C.md")
    machine.look()
    first = date(2026, 3, 15)
    assert machine.days() == {"read this paper": first, "twice": first}


def test_what_is_cut_here_and_pasted_there_later_keeps_its_day(machine: Machine) -> None:
    machine.write("A.md", "- [ ] a\n- [ ] b\n")
    machine.see("B.md", "- [ ] c\n")
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n- [ ] b\n")
    machine.see("A.md", "- [ ] b\n")
    machine.stop()
    machine.start()
    machine.wait(days=1)
    machine.see("B.md", "- [ ] c\n- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}


def test_a_disk_that_was_not_there_for_a_while_changes_nothing(machine: Machine) -> None:
    """All notes go and come back, with many lines that can't be told apart."""
    twins = {f"{name}.md": "# 1\n- [ ] exercise\n- [ ] exercise\n# 2\n- [ ] exercise\n" for name in "ABC"}
    for path, text in twins.items():
        machine.write(path, text)
    machine.look()
    machine.wait(days=1)
    machine.see("B.md", "# 1\n- [ ] exercise\n- [x] exercise\n# 2\n- [ ] exercise\n- [x]\n")
    machine.wait(days=1)
    before = machine.history.events()
    for path in twins:
        (machine.root / path).rename(machine.state / path)
    machine.stop()
    machine.start()
    assert machine.look() == 0
    machine.wait(days=1)
    for path in twins:
        (machine.state / path).rename(machine.root / path)
    assert machine.look() == 0
    assert machine.history.events() == before
    note = machine.vault.snapshot.notes["B.md"]
    done = machine.history.known_dates([note]).done
    assert [done.get(task) for task in note.note.tasks] == [None, date(2026, 3, 15), None, date(2026, 3, 15)]


def test_twins_that_change_places_have_not_been_ticked(machine: Machine) -> None:
    machine.see("A.md", "# 1\n- [x] a\n- [ ] b\n# 2\n- [ ] a\n- [ ] c\n")
    machine.wait(days=1)
    machine.write("A.md", "# 2\n- [ ] a\n- [ ] c\n# 1\n- [x] a\n- [ ] b\n")
    assert machine.look() == 0


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("A.md", "- [ ] a\n- [x] done\n- [x] new\n", {"new": date(2026, 3, 15)}),
        ("A.md", "- [ ] a\n- [x] done\n- [x] done\n", {}),
        ("B.md", "- [x] new\n", {}),
    ],
    ids=["in a note that is known", "a copy of another", "with a note that is new"],
)
def test_a_box_that_comes_ticked(machine: Machine, path: str, text: str, expected: dict[str, date]) -> None:
    machine.see("A.md", "- [ ] a\n- [x] done\n")
    machine.wait(days=1)
    machine.see(path, text)
    assert machine.days() == expected


def test_each_done_line_of_a_repeated_task_has_its_own_day(machine: Machine) -> None:
    open_line = "- [ ] water 🔁 every day 📅 2026-03-{}\n"
    done_line = "- [x] water 🔁 every day 📅 2026-03-{} ✅ 2026-03-{}\n"
    text = open_line.format(14)
    machine.see("A.md", text)
    done = ""
    for day in (14, 15, 16):
        done = done_line.format(day, day + 1) + done
        machine.wait(days=1)
        machine.see("A.md", open_line.format(day + 1) + done)
    assert sorted(machine.days().values()) == [date(2026, 3, day) for day in (15, 16, 17)]
    assert [event.kind for event in machine.history.events()].count("done") == 3


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Europe/Berlin", datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
        ("Europe/Berlin", datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        ("Europe/Berlin", datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        ("Europe/Berlin", datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        ("Europe/Berlin", datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        ("Europe/Berlin", datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        ("Europe/Berlin", datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
        ("America/Sao_Paulo", datetime(2018, 11, 4, 2, 59, tzinfo=UTC), date(2018, 11, 3)),
        ("America/Sao_Paulo", datetime(2018, 11, 4, 3, 0, tzinfo=UTC), date(2018, 11, 4)),
        ("Pacific/Kiritimati", datetime(2026, 12, 31, 10, 0, tzinfo=UTC), date(2027, 1, 1)),
        ("Pacific/Niue", datetime(2027, 1, 1, 10, 59, tzinfo=UTC), date(2026, 12, 31)),
        ("Asia/Kathmandu", datetime(2028, 2, 28, 18, 15, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
@pytest.mark.parametrize("by_file", [False, True], ids=["now", "by the time of the file"])
def test_a_day_is_the_users_own(tmp_path: Path, zone: str, at: datetime, day: date, by_file: bool) -> None:
    machine = Machine(tmp_path / "vault", tmp_path / "state", ZoneInfo(zone), at - timedelta(days=2))
    machine.see("A.md", "- [ ] a\n")
    machine.now = at
    machine.write("A.md", "- [x] a\n")
    machine.wait(days=3 if by_file else 0)
    machine.look(*(() if by_file else (EventSource.HERE, "A.md")))
    assert machine.days() == {"a": day}


def test_a_day_stays_what_it_was_when_the_user_travels(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    machine.now = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
    machine.see("A.md", "- [x] a\n")
    machine.stop()
    machine.zone = BERLIN
    machine.start()
    machine.look()
    assert machine.days() == {"a": date(2026, 3, 20)}


def test_a_clock_that_is_put_back_brings_nothing_out_of_order(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    for text in ("- [x] a\n", "- [ ] a\n", "- [x] a\n"):
        machine.wait(days=-1)
        machine.write("A.md", text)
        machine.look(EventSource.HERE, "A.md")
        machine.stop()
        machine.start()
        machine.look()
        assert machine.days() == ({"a": machine.now.date()} if "x" in text else {})


def test_another_meaning_of_a_mark_is_no_completion(machine: Machine) -> None:
    machine.see("A.md", "- [k] a\n- [ ] b\n")
    machine.stop()
    machine.config = Config(statuses=(Status("k", "Kept", " ", StatusType.DONE),))
    machine.start()
    machine.wait(days=1)
    machine.see("A.md", "- [k] a\n- [ ] b\n- [ ] c\n")
    assert machine.days() == {}


def test_a_note_that_cannot_be_read_is_not_gone(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "vault", tmp_path / "state", config=Config(max_note_bytes=100))
    machine.see("A.md", "- [ ] a\n", "- [x] a\n")
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n" * 50)
    assert "A.md" not in machine.vault.snapshot.notes
    machine.wait(days=40)
    machine.write("B.md", "- [ ] b\n")
    machine.see("A.md", "- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}


def test_two_machines_that_saw_the_same_tick_count_it_once_and_on_its_first_day(tmp_path: Path) -> None:
    one = Machine(tmp_path / "one" / "vault", tmp_path / "one" / "state")
    other = Machine(tmp_path / "other" / "vault", tmp_path / "other" / "state")
    for machine in (one, other):
        machine.see("A.md", "- [ ] a\n- [ ] b\n- [ ] c\n")
    one.wait(days=1)
    one.write("A.md", "- [x] a\n- [ ] b\n- [ ] c\n")
    one.look(EventSource.HERE, "A.md")
    other.wait(days=3)
    other.see("A.md", "- [x] a\n- [x] b\n- [ ] c\n")
    assert other.days() == {"a": date(2026, 3, 17), "b": date(2026, 3, 17)}
    one.stop()
    other.stop()
    theirs, mine = one.history.file, other.history.file
    assert theirs is not None
    assert mine is not None
    one.stop()
    for name in ("once.sqlite", "twice.sqlite"):
        shutil.copy(theirs, mine.with_name(name))
    other.start()
    other.look()
    assert other.days() == {"a": date(2026, 3, 15), "b": date(2026, 3, 17)}
    assert len(other.history.events()) == 3


def test_two_programs_on_one_machine_write_one_journal(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    second = Machine(machine.root, machine.state)
    second.look()
    machine.wait(days=1)
    second.now = machine.now
    machine.write("A.md", "- [x] a\n")
    assert (machine.look(), second.look()) == (1, 0)
    assert machine.days() == second.days() == {"a": date(2026, 3, 15)}


def test_a_damaged_journal_is_set_aside_and_told(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    file = machine.history.file
    assert file is not None
    machine.stop()
    file.write_bytes(b"no database at all" * 100)
    machine.start()
    machine.look()
    [sentence] = machine.history.drain_messages()
    assert "damaged" in sentence
    assert str(file.with_suffix(".damaged-1")) in sentence
    assert file.with_suffix(".damaged-1").read_bytes().startswith(b"no database")
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}
    assert machine.history.drain_messages() == []


def test_a_copy_of_the_own_file_counts_no_time_twice(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    (note,) = machine.vault.snapshot.notes.values()
    (task,) = note.note.tasks
    machine.history.record_time_spent(note, task, 60, machine.now)
    machine.stop()
    file = machine.history.file
    assert file is not None
    shutil.copy(file, file.with_name("copy.sqlite"))
    machine.start()
    machine.look()
    (note,) = machine.vault.snapshot.notes.values()
    assert list(machine.history.seconds_spent(note).values()) == [60]


def test_damage_to_another_machines_journal_costs_only_that_one(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    file = machine.history.file
    assert file is not None
    machine.stop()
    (file.parent / "other.sqlite").write_bytes(b"x" * 5000)
    (file.parent / "empty.sqlite").write_bytes(b"")
    machine.start()
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}
    assert sum("left out" in sentence for sentence in machine.history.drain_messages()) == 2
    assert (file.parent / "other.sqlite").read_bytes() == b"x" * 5000


def test_where_nothing_can_be_written_it_is_remembered_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file, where a folder should be")
    machine = Machine(tmp_path / "vault", tmp_path / "state")
    machine.see("A.md", "- [ ] a\n", "- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}
    assert ["until you quit" in sentence for sentence in machine.history.drain_messages()] == [True]


@pytest.mark.parametrize("is_open", [False, True])
def test_a_pipe_in_place_of_the_journal_is_told_and_not_waited_for(machine: Machine, is_open: bool) -> None:
    machine.see("A.md", "- [ ] a\n")
    file = machine.history.file
    assert file is not None
    if not is_open:
        machine.stop()
    file.unlink()
    os.mkfifo(file)
    os.mkfifo(file.with_name("other.sqlite"))
    if not is_open:
        machine.start()
        machine.look()
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}
    assert any("not a plain file" in sentence for sentence in machine.history.drain_messages())


def test_a_journal_that_goes_while_it_is_open_is_begun_anew(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n")
    file = machine.history.file
    assert file is not None
    file.unlink()
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n- [ ] b\n")
    assert machine.history.file == file
    machine.stop()
    assert machine.history.drain_messages() == []
    machine.start()
    machine.look()
    assert machine.days() == {"a": date(2026, 3, 15)}


def test_a_journal_that_another_program_holds_is_read_and_kept_in_memory(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n")
    file = machine.history.file
    assert file is not None
    with sqlite3.connect(file, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        machine.wait(days=1)
        machine.see("A.md", "- [x] a\n- [x] b\n")
        assert machine.days() == {"a": date(2026, 3, 15), "b": date(2026, 3, 16)}
        assert ["until you quit" in sentence for sentence in machine.history.drain_messages()] == [True]
        assert machine.history.file is None
    holder.close()


def test_a_journal_of_a_newer_program_is_left_alone(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    file = machine.history.file
    assert file is not None
    machine.stop()
    with sqlite3.connect(file) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    before = file.read_bytes()
    machine.start()
    machine.look()
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}
    assert ["newer roadtui" in sentence for sentence in machine.history.drain_messages()] == [True]
    assert file.read_bytes() == before


def test_a_page_that_is_damaged_is_met_later_and_told_the_same_way(machine: Machine) -> None:
    for number in range(50):
        machine.write(f"{number}.md", "".join(f"- [ ] {number} {line} {'x' * 50}\n" for line in range(20)))
    machine.look()
    file = machine.history.file
    assert file is not None
    machine.stop()
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    machine.start()
    machine.look()
    machine.wait(days=1)
    machine.see("1.md", "- [ ] a\n")
    machine.see("1.md", "- [x] a\n")
    assert machine.days() == {"a": date(2026, 3, 15)}
    assert ["damaged" in sentence for sentence in machine.history.drain_messages()] == [True]


def test_a_finished_section_is_celebrated_once(machine: Machine) -> None:
    machine.see("A.md", "- [x] a\n")
    trails: tuple[tuple[str, ...], ...] = ((), ("One",), ("One", "Two"))
    assert [machine.history.record_milestone("A.md", trail, 3, machine.now) for trail in trails] == [True] * 3
    machine.stop()
    machine.start()
    assert [machine.history.record_milestone("A.md", trail, 3, machine.now) for trail in trails] == [
        False
    ] * 3
    assert machine.history.record_milestone("B.md", (), 1, machine.now)


def test_time_spent_is_kept_by_task_and_day(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n")
    for seconds in (60, 1500):
        note = machine.vault.snapshot.notes["A.md"]
        machine.history.record_time_spent(note, list(note.note.tasks)[1], seconds, machine.now)
        machine.wait(days=1)
        machine.see("A.md", "- [ ] a\n- [ ] new\n- [x] b\n")
    machine.stop()
    machine.start()
    machine.look()
    assert seconds_by_day(machine.history) == {date(2026, 3, 14): 60, date(2026, 3, 15): 1500}
    spent = machine.history.seconds_spent(machine.vault.snapshot.notes["A.md"])
    assert {task.text: seconds for task, seconds in spent.items()} == {"b": 60, "new": 1500}


def test_pruning_takes_days_but_no_totals(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n")
    for text in ("- [x] a\n- [ ] b\n", "- [x] a\n- [x] b\n"):
        machine.wait(days=10)
        machine.see("A.md", text)
        note = machine.vault.snapshot.notes["A.md"]
        machine.history.record_time_spent(note, next(note.note.tasks), 60, machine.now)
    machine.history.record_milestone("A.md", (), 3, machine.now)
    pruned = machine.history.prune(date(2026, 4, 1))
    assert pruned == (2, 1)
    assert machine.days() == {"b": date(2026, 4, 3)}
    assert seconds_by_day(machine.history) == {None: 60, date(2026, 4, 3): 60}
    machine.wait(days=1)
    assert machine.look() == 0, "and nothing is noticed anew"
    assert not machine.history.record_milestone("A.md", (), 3, machine.now)


def test_an_export_holds_every_event_as_a_line_of_json(machine: Machine) -> None:
    machine.see("Ä.md", "- [ ] ä\n", "- [x] ä\n")
    [line] = map(to_json, machine.history.events())
    found = json.loads(line)
    assert line.isascii()
    assert {key: found[key] for key in ("at", "day", "kind", "origin", "path", "words")} == {
        "at": "2026-03-15T12:00:00.000000+00:00",
        "day": "2026-03-15",
        "kind": "done",
        "origin": "outside",
        "path": "Ä.md",
        "words": "ä",
    }


def test_starting_over_forgets_days_and_keeps_time_spent(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n", "- [x] a\n")
    note = machine.vault.snapshot.notes["A.md"]
    machine.history.record_time_spent(note, next(note.note.tasks), 60, machine.now)
    file = machine.history.file
    assert file is not None
    shutil.copy(file, file.with_name("other.sqlite"))
    [aside] = machine.history.rebuild()
    assert aside.exists()
    assert machine.days() == {}
    assert machine.look() == 0
    assert seconds_by_day(machine.history) == {date(2026, 3, 15): 60}


def test_tasks_are_known_since_they_were_first_seen(machine: Machine) -> None:
    machine.see("A.md", "- [ ] old\n")
    machine.wait(days=1)
    machine.write("A.md", "- [ ] old\n- [ ] new\n")
    machine.see("B.md", "- [ ] newer\n")
    added = machine.history.known_dates(machine.vault.snapshot.notes.values()).added
    assert {task.text: day for task, day in added.items()} == dict.fromkeys(
        ("new", "newer"), date(2026, 3, 15)
    )


def test_a_name_that_is_no_utf8_and_text_that_is_none(machine: Machine) -> None:
    path = os.fsdecode(b"\xff.md")
    try:
        (machine.root / path).write_bytes(b"- [ ] a \xff\n")
    except OSError:
        pytest.skip("this file system wants UTF-8")
    machine.look()
    machine.wait(days=1)
    (machine.root / path).write_bytes(b"- [x] a \xff\n")
    assert machine.look() == 1
    assert list(machine.days().values()) == [date(2026, 3, 15)]


def history_files(machine: Machine) -> set[str]:
    """The names of the files of the history."""
    return {file.name for file in machine.state.glob("history/*/*")}


def spend(machine: Machine, seconds: int) -> None:
    note = machine.vault.snapshot.notes["A.md"]
    machine.history.record_time_spent(note, next(iter(note.note.tasks)), seconds, machine.now)


@pytest.mark.parametrize("lasts", [False, True])
@pytest.mark.parametrize("name", MOMENTARY)
def test_a_history_that_fails_at_any_call_is_written_once_it_can_be(
    tmp_path: Path, name: str, lasts: bool
) -> None:
    """Ticks and time spent meanwhile are in it at the end, each on its day and once."""
    others = len(
        MOMENTARY
    )  # Opening it call by call; of the many calls after that, each error takes its own.
    for at in chain(range(1, 13), count(13 + list(MOMENTARY).index(name), others)):
        machine = Machine(tmp_path / f"vault{at}", tmp_path / f"state{at}")
        machine.see("A.md", "- [ ] a\n- [ ] b\n")
        machine.stop()
        before = history_files(machine)
        with failing(MOMENTARY[name], at, lasts=lasts) as faults:
            machine.start()
            machine.wait(days=1)
            machine.write("A.md", "- [x] a\n- [ ] b\n")
            machine.look(EventSource.HERE, "A.md")
            spend(machine, 60)
            if not lasts:  # Else there may be nothing that could be read.
                assert machine.days() == {"a": date(2026, 3, 15)}, "it is on the screen at once"
            machine.wait(days=1)
            machine.write("A.md", "- [x] a\n- [x] b\n")
            machine.look(EventSource.HERE, "A.md")
        machine.stop()
        told = machine.history.drain_messages()
        assert history_files(machine) == before, "what is sound stays where it is"
        assert len([sentence for sentence in told if "can't be written" in sentence]) <= 1 + (not lasts)
        machine.start()
        machine.look()
        assert machine.days() == {"a": date(2026, 3, 15), "b": date(2026, 3, 16)}
        assert seconds_by_day(machine.history) == {date(2026, 3, 15): 60}
        kinds = sorted(event.kind for event in machine.history.events())
        assert kinds == ["done", "done", "spent"]
        machine.stop()
        if not faults.is_met:
            assert at > 20, "there were many calls"
            return


@pytest.mark.parametrize("name", DAMAGED)
def test_a_history_that_is_damaged_at_any_call_is_numbered_and_told(tmp_path: Path, name: str) -> None:
    at = 0
    is_met = True
    while is_met:
        at += 1
        machine = Machine(tmp_path / f"vault{at}", tmp_path / f"state{at}")
        machine.see("A.md", "- [ ] a\n")
        file = machine.history.file
        assert file is not None
        machine.stop()
        with failing(DAMAGED[name], at, lasts=False) as faults:
            machine.start()
            machine.look()
            machine.wait(days=1)
            machine.see("A.md", "- [x] a\n")
        is_met = faults.is_met
        if is_met:
            assert str(file.with_suffix(".damaged-1")) in " ".join(machine.history.drain_messages())
            assert file.with_suffix(".damaged-1").exists()
        machine.stop()
        machine.start()
        machine.look()
        assert machine.days() == {"a": date(2026, 3, 15)}, "the tick is in the new one, whichever call failed"
        machine.stop()


def test_a_history_that_was_locked_for_a_moment_is_used_again(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n")
    file = machine.history.file
    assert file is not None
    with sqlite3.connect(file, isolation_level=None) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        machine.wait(days=1)
        machine.see("A.md", "- [x] a\n- [ ] b\n")
        spend(machine, 30)
        holder.execute("ROLLBACK")
    holder.close()
    spend(machine, 12)
    assert machine.history.file == file
    machine.stop()
    machine.start()
    machine.look()
    assert machine.days() == {"a": date(2026, 3, 15)}
    assert seconds_by_day(machine.history) == {date(2026, 3, 15): 42}


def test_a_celebration_while_the_history_is_busy_is_remembered(machine: Machine) -> None:
    machine.see("A.md", "- [x] a\n")
    machine.stop()
    with failing(BUSY, 1, lasts=True):
        machine.start()
        machine.look()
        assert [machine.history.record_milestone("A.md", (), 1, machine.now) for _ in range(2)] == [
            True,
            False,
        ]
    machine.stop()
    machine.start()
    assert not machine.history.record_milestone("A.md", (), 1, machine.now)


def test_what_can_only_be_changed_on_disk_is_refused_while_that_is_not_possible(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n", "- [x] a\n")
    machine.stop()
    with failing(sqlite3.SQLITE_READONLY, 1, lasts=True):
        machine.start()
        machine.look()
        history = machine.history
        for change in (
            lambda: history.prune(date(2027, 1, 1)),
            history.rebuild,
            lambda: history.replace_git_events(lambda _: []),
        ):
            with pytest.raises(HistoryNotWrittenError, match="The history was not changed: the history"):
                change()
    assert history.prune(date(2027, 1, 1)).completions == 1, "and is possible again"


def test_pruning_is_done_although_there_is_no_room_to_make_the_file_smaller(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n", "- [x] a\n")
    machine.stop()
    with failing(sqlite3.SQLITE_FULL, NEVER, lasts=False) as faults:
        machine.start()
        machine.look()
        faults.at_statement = "VACUUM"
        assert machine.history.prune(date(2027, 1, 1)).completions == 1
    assert machine.days() == {}


@pytest.mark.parametrize("names", ["BC", "BCD", "BA", "BAB", "BCABC"])
def test_a_note_that_is_renamed_again_and_again_in_one_run_keeps_its_days(
    machine: Machine, names: str
) -> None:
    machine.see("A.md", "# Plan\n- [ ] a\n- [ ] b\n", "# Plan\n- [x] a\n- [ ] b\n")
    events = machine.history.events()
    here = "A"
    for name in names:
        (machine.root / f"{here}.md").rename(machine.root / f"{name}.md")
        machine.wait(hours=1)
        assert machine.look() == 0
        assert machine.days() == {"a": date(2026, 3, 15)}, name
        assert machine.history.events() == events, "nothing was added"
        here = name
    machine.wait(days=1)
    machine.write(f"{here}.md", "# Plan\n- [x] a\n- [x] b\n")
    assert machine.look() == 1
    assert machine.days() == {"a": date(2026, 3, 15), "b": date(2026, 3, 16)}


def test_a_note_that_comes_back_after_another_took_its_words_adds_nothing(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n", "- [x] a\n")
    (machine.root / "A.md").rename(machine.root / "B.md")
    machine.look()
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n")
    assert machine.history.known_dates([machine.vault.snapshot.notes["B.md"]]).done != {}
    (machine.root / "A.md").unlink()
    machine.look()
    machine.look()
    assert machine.days() == {"a": date(2026, 3, 15)}


def at_second(seconds: float) -> LocalMoment:
    return LocalMoment.of(NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("written", "last", "expected"),
    [
        pytest.param(-10, -60, -10, id="between two looks: when it was written"),
        pytest.param(0, -60, 0, id="at the moment of looking"),
        pytest.param(-59, -60, -59, id="right after the last look"),
        pytest.param(-60, -60, 0, id="at the last look: it was not so then"),
        pytest.param(-61, -60, 0, id="before the last look: a copy with its old time"),
        pytest.param(1, -60, 0, id="in the future: the clock was put back since"),
        pytest.param(-10, None, 0, id="nothing was ever seen before"),
        pytest.param(-10, 5, 0, id="the clock was put back since the last look"),
    ],
)
def test_a_change_is_dated_by_its_file_only_between_two_looks(
    machine: Machine, written: float, last: float | None, expected: float
) -> None:
    machine.write("A.md", "- [ ] a\n", NOON + timedelta(seconds=written))
    machine.vault.refresh()
    note = machine.vault.snapshot.notes["A.md"]
    seen = None if last is None else at_second(last).at
    found = moment_of_change(note, at_second(0), seen, lambda at: LocalMoment(at, 0)).at
    assert found == at_second(expected).at
    assert moment_of_change(None, at_second(0), seen, lambda at: LocalMoment(at, 0)) == at_second(0)


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-1), timedelta(days=400)])
def test_a_clock_that_jumps_between_two_looks_moves_no_day_that_was_known(
    machine: Machine, jump: timedelta
) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n- [ ] c\n")
    machine.wait(days=1)
    machine.write("A.md", "- [x] a\n- [ ] b\n- [ ] c\n")
    machine.look(EventSource.HERE, "A.md")
    machine.now += jump
    machine.write("A.md", "- [x] a\n- [x] b\n- [ ] c\n")
    machine.look(EventSource.HERE, "A.md")
    there = machine.now.date()
    assert machine.days() == {"a": date(2026, 3, 15), "b": there}, "the day that the user's clock shows"
    machine.now -= jump
    machine.wait(days=1)
    machine.write("A.md", "- [x] a\n- [x] b\n- [x] c\n")
    machine.look(EventSource.HERE, "A.md")
    assert machine.days() == {"a": date(2026, 3, 15), "b": there, "c": date(2026, 3, 16)}
    machine.wait(days=1)
    machine.write("A.md", "- [ ] a\n- [x] b\n- [x] c\n")
    machine.look(EventSource.HERE, "A.md")
    assert machine.days() == {"b": there, "c": date(2026, 3, 16)}, "what came last counts, whatever the clock"


def test_a_tick_at_midnight_counts_for_the_day_it_was_made_on(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n")
    before_midnight = datetime(2026, 3, 15, 23, 59, 59, tzinfo=UTC)
    machine.now = datetime(2026, 3, 16, 0, 0, 1, tzinfo=UTC)
    machine.write("A.md", "- [x] a\n- [ ] b\n", before_midnight)
    machine.look()
    machine.wait(seconds=1)
    machine.see("A.md", "- [x] a\n- [x] b\n")
    assert machine.days() == {"a": date(2026, 3, 15), "b": date(2026, 3, 16)}


def test_the_machines_name_is_kept_where_it_cannot_be_read_now(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another name would begin another history, and take this one for another machine's."""
    machine.see("A.md", "- [ ] a\n")
    file = machine.history.file
    machine.stop()

    def refused(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr("roadtui.vault.history.paths.read_plain_file", refused)
        machine.start()
        machine.wait(days=1)
        machine.see("A.md", "- [x] a\n")
        [told] = machine.history.drain_messages()
        assert f"the state folder {machine.state} can't be written" in told
    machine.stop()
    machine.start()
    machine.look()
    assert machine.history.file == file
    assert machine.days() == {"a": date(2026, 3, 15)}
