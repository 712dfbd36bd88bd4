"""What a history keeps, gives back and leaves alone: pruned, begun anew, exported, closed, spoilt."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from roadtui.vault.history.events import (
    Event,
    EventKind,
    EventSource,
    LocalMoment,
    event,
    task_history,
    to_json,
)
from roadtui.vault.history.paths import folder_of, other_files, own_file
from tests.vault.faulty_sqlite import BUSY, failing
from tests.vault.focus_time import seconds_by_day
from tests.vault.test_history import NOON, Machine, spend

THE_15TH = date(2026, 3, 15)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "vault", tmp_path / "state")


def journal_of(machine: Machine) -> Path:
    """The file of this machine's journal."""
    file = machine.history.file
    assert file is not None
    return file


def happened(machine: Machine) -> list[tuple[str, str, str]]:
    """What is in the history: kind, origin and words of each event."""
    return [(found.kind, found.origin, found.description) for found in machine.history.events()]


# Which change is whose, and of when


def test_a_tick_made_here_is_of_now_whatever_the_time_of_its_file(machine: Machine) -> None:
    machine.write("A.md", "- [ ] a\n")
    machine.see("B.md", "- [ ] b\n")
    machine.wait(days=3)
    a_day_ago = machine.now - timedelta(days=1)
    machine.write("A.md", "- [x] a\n", a_day_ago)
    machine.write("B.md", "- [x] b\n", a_day_ago)
    machine.look(EventSource.HERE, "A.md")
    assert machine.days() == {"a": date(2026, 3, 17), "b": date(2026, 3, 16)}
    assert sorted(happened(machine)) == [("done", "here", "a"), ("done", "outside", "b")]


def restart(machine: Machine) -> None:
    machine.stop()
    machine.start()


@pytest.mark.parametrize("check", [Machine.look, restart], ids=["a scan without changes", "the end of a run"])
def test_a_task_was_not_done_before_the_last_time_it_was_seen_open(
    machine: Machine, check: Callable[[Machine], object]
) -> None:
    machine.see("A.md", "- [ ] a\n")
    machine.wait(days=2)
    check(machine)
    machine.wait(days=1)
    machine.write("A.md", "- [x] a\n", machine.now - timedelta(days=2))
    machine.look()
    assert machine.days() == {"a": date(2026, 3, 17)}


def test_a_clock_that_is_put_back_before_the_end_does_not_take_the_last_look_back(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    machine.wait(days=-10)
    machine.stop()
    machine.start()
    machine.wait(days=11)
    machine.write("A.md", "- [x] a\n", machine.now - timedelta(days=5))
    machine.look()
    assert machine.days() == {"a": THE_15TH}


def test_a_run_that_ends_before_the_vault_was_read_has_not_seen_it(machine: Machine) -> None:
    machine.write("A.md", "- [x] a\n- [ ] b\n")
    machine.stop()
    machine.start()
    machine.wait(days=1)
    assert machine.look() == 0, "what is there was there before the first look"


def test_a_rename_is_followed_before_each_of_two_looks(machine: Machine) -> None:
    machine.see("A.md", "# Plan\n- [ ] a\n", "# Plan\n- [x] a\n")
    for old, new in (("A.md", "B.md"), ("B.md", "C.md")):
        (machine.root / old).rename(machine.root / new)
        machine.vault.refresh()
        assert machine.days() == {"a": THE_15TH}, f"{new}, before it is recorded"
        machine.look()
        assert machine.days() == {"a": THE_15TH}, f"{new}, and after"


# What is cut


def test_of_two_lines_cut_with_the_same_words_each_comes_back_as_itself(machine: Machine) -> None:
    machine.write("A.md", "# 1\n- [ ] a\n# 2\n- [ ] a\n- [ ] b\n")
    machine.see("B.md", "- [ ] c\n")
    machine.wait(days=1)
    machine.see("A.md", "# 1\n- [x] a\n# 2\n- [ ] a\n- [ ] b\n")
    machine.see("A.md", "# 1\n# 2\n- [ ] b\n")
    machine.wait(days=1)
    machine.write("B.md", "- [ ] c\n- [ ] a\n")
    assert machine.look() == 0
    machine.write("B.md", "- [ ] c\n- [ ] a\n- [x] a\n")
    assert machine.look() == 0
    assert machine.days() == {"a": THE_15TH}


def test_what_was_cut_comes_back_only_once(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n")
    machine.see("A.md", "- [ ] b\n")
    machine.see("A.md", "- [ ] b\n- [x] a\n")
    machine.wait(days=1)
    machine.see("B.md", "- [ ] a\n")
    assert machine.days() == {"a": THE_15TH}, "another line of the same words is another task"


def test_an_empty_box_is_never_one_that_was_cut_elsewhere(machine: Machine) -> None:
    machine.write("A.md", "- [ ] \n- [ ] a\n")
    machine.see("B.md", "- [ ] b\n")
    machine.wait(days=1)
    machine.see("A.md", "- [x] \n- [ ] a\n")
    machine.see("A.md", "- [ ] a\n")
    machine.wait(days=1)
    machine.see("B.md", "- [ ] b\n- [x] \n")
    assert machine.days() == {"": date(2026, 3, 16)}


@pytest.mark.parametrize(("days", "expected"), [(29, THE_15TH), (30, THE_15TH), (31, date(2026, 4, 15))])
def test_what_was_cut_is_waited_for_for_thirty_days(machine: Machine, days: int, expected: date) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n")
    machine.see("A.md", "- [ ] b\n")
    machine.wait(days=days, microseconds=1)
    machine.write("A.md", "- [ ] b\n- [x] a\n")
    machine.look(EventSource.HERE, "A.md")
    assert machine.days() == {"a": expected}


@pytest.mark.parametrize(("days", "expected"), [(29, {"a": THE_15TH}), (32, {})])
def test_a_note_that_is_gone_is_waited_for_for_thirty_days(
    machine: Machine, days: int, expected: dict[str, date]
) -> None:
    machine.write("A.md", "- [ ] a\n")
    machine.see("B.md", "- [ ] b\n")
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n")
    (machine.root / "A.md").unlink()
    machine.look()
    machine.wait(days=days)
    machine.see("B.md", "- [ ] b\n- [ ] c\n")
    machine.see("A.md", "- [x] a\n")
    assert machine.days() == expected


@pytest.mark.parametrize(("days", "expected"), [(9, {"a": THE_15TH}), (10, {"a": date(2026, 4, 15)})])
def test_the_thirty_days_do_not_begin_anew_when_another_note_gets_the_path(
    machine: Machine, days: int, expected: dict[str, date]
) -> None:
    machine.see("A.md", "- [ ] a\n", "- [x] a\n")
    machine.write("B.md", "- [ ] b\n")
    (machine.root / "A.md").unlink()
    machine.look()
    machine.wait(days=21)
    machine.see("A.md", "nothing to do\n")
    machine.wait(days=days)
    machine.see("B.md", "- [ ] b\n- [x] a\n")
    assert machine.days() == expected


def test_a_note_that_came_back_leaves_nothing_to_be_claimed_by_a_new_line(machine: Machine) -> None:
    machine.write("A.md", "- [ ] a\n")
    machine.see("B.md", "- [ ] b\n")
    machine.wait(days=1)
    machine.see("A.md", "- [x] a\n")
    (machine.root / "A.md").rename(machine.state / "A.md")
    machine.look()
    (machine.state / "A.md").rename(machine.root / "A.md")
    machine.look()
    machine.wait(days=1)
    machine.see("B.md", "- [ ] b\n- [ ] a\n")
    assert machine.days() == {"a": THE_15TH}


# Taken out, and begun anew


def test_a_pruned_history_is_a_smaller_file(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    old = [
        event(LocalMoment.of(NOON), EventKind.DONE, EventSource.GIT, number, "A.md", f"{number} {'x' * 200}")
        for number in range(1, 500)
    ]
    machine.history.replace_git_events(lambda _: old)
    file = journal_of(machine)
    before = file.stat().st_size
    assert machine.history.prune(THE_15TH) == (499, 499)
    assert file.stat().st_size < before / 2


def test_a_history_begun_anew_is_a_smaller_file(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    old = [
        event(LocalMoment.of(NOON), EventKind.ADDED, EventSource.GIT, number, "A.md", f"{number} {'x' * 200}")
        for number in range(1, 500)
    ]
    machine.history.replace_git_events(lambda _: old)
    file = journal_of(machine)
    before = file.stat().st_size
    assert machine.history.rebuild() == []
    assert file.stat().st_size < before / 2


def test_pruning_twice_leaves_what_the_first_time_left_without_a_day(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    spend(machine, 60)
    for count in (1, 0):
        assert machine.history.prune(THE_15TH) == (count, 0)
        assert seconds_by_day(machine.history) == {None: 60}
    [line] = map(to_json, machine.history.events())
    assert json.loads(line)["day"] is None


def test_what_was_cut_before_a_history_began_anew_is_new_when_it_comes_back(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [x] b\n")
    machine.see("A.md", "- [ ] a\n")
    machine.history.rebuild()
    machine.wait(days=1)
    machine.see("A.md", "- [ ] a\n- [x] b\n")
    assert machine.days() == {"b": THE_15TH}


def test_what_git_says_now_replaces_what_it_said_before(machine: Machine) -> None:
    machine.see("A.md", "- [x] a\n")
    spend(machine, 60)
    for day in (10, 11):
        moment = LocalMoment.of(NOON.replace(day=day))
        machine.history.replace_git_events(
            lambda numbers, moment=moment: [  # type: ignore[misc]
                event(moment, EventKind.DONE, EventSource.GIT, numbers(note)[0], "A.md", "a")
                for note in machine.vault.snapshot.notes.values()
            ]
        )
        assert machine.days() == {"a": date(2026, 3, day)}
    assert sorted(found.kind for found in machine.history.events()) == ["done", "spent"]


def test_an_event_about_no_task_is_exported_without_one(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    machine.history.record_milestone("A.md", ("Part",), 3, machine.now)
    machine.wait(seconds=1)
    spend(machine, 60)
    celebrated, spent = (json.loads(to_json(event)) for event in machine.history.events())
    assert (celebrated["task"], celebrated["words"], celebrated["seconds"]) == (None, "Part", 3)
    assert int(spent["task"], 16) > 0


def test_only_tasks_that_time_was_spent_on_have_any(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n", "- [ ] a\n- [x] b\n")
    spend(machine, 60)
    note = machine.vault.snapshot.notes["A.md"]
    found = machine.history.seconds_spent(note)
    assert {task.text: seconds for task, seconds in found.items()} == {"a": 60}


# Where it is


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("My vault", "My_vault"),
        ("Zürich 2026!", "Z_rich_2026"),
        ("…", "vault"),
        ("v" * 60, "v" * 40),
    ],
)
def test_the_folder_of_a_vaults_history_is_called_like_it(tmp_path: Path, name: str, expected: str) -> None:
    folder = folder_of(tmp_path, Path("/vaults") / name)
    assert folder.parent == tmp_path / "history"
    assert folder.name.rpartition("-")[0] == expected
    assert folder != folder_of(tmp_path, Path("/others") / name)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[1]",
        '{"host": 5}',
        '{"host": ""}',
        '{"host": "../../elsewhere"}',
        '{"host": "a\\nb"}',
        "{",
        "[" * 100_000,
    ],
)
def test_a_spoilt_name_of_this_machine_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.setattr("platform.node", lambda: "host")
    (tmp_path / "history").mkdir()
    names = tmp_path / "history" / "machines.json"
    names.write_text(content)
    file = own_file(tmp_path, Path("/vaults/Plan"))
    assert file.parent == folder_of(tmp_path, Path("/vaults/Plan"))
    assert file.name.startswith("host-")
    assert json.loads(names.read_text()) == {"host": file.stem}
    assert own_file(tmp_path, Path("/vaults/Plan")) == file, "and it is kept"
    assert [each.name for each in names.parent.iterdir()] == ["machines.json"]


def test_each_machine_that_shares_a_folder_has_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for host in ("one", "two", "", "one"):
        monkeypatch.setattr("platform.node", lambda host=host: host)
        files.append(own_file(tmp_path, Path("/vaults/Plan")))
    assert files[0] == files[3]
    assert [file.name.partition("-")[0] for file in files] == ["one", "two", "machine", "one"]


def test_a_name_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "history" / "machines.json").mkdir(parents=True)
    monkeypatch.setattr("roadtui.vault.history.paths.read_plain_file", lambda _: b"{}")
    with pytest.raises(OSError, match=r"machines\.json"):
        own_file(tmp_path, Path("/vaults/Plan"))
    assert [file.name for file in (tmp_path / "history").iterdir()] == ["machines.json"]


def test_journals_of_other_machines_are_those_beside_this_ones(tmp_path: Path) -> None:
    own = tmp_path / "own.sqlite"
    for name in (
        "own.sqlite",
        "b.sqlite",
        "a.sqlite",
        "a.sqlite-journal",
        "own.damaged-1",
        "c.sqlite.set-aside",
    ):
        (tmp_path / name).touch()
    assert other_files(own) == [tmp_path / "a.sqlite", tmp_path / "b.sqlite"]
    assert other_files(tmp_path / "missing" / "own.sqlite") == []


# What others spoil


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("uuid", b"\xff"),
        ("at", "soon"),
        ("day", "soon"),
        ("day", 0),
        ("day", -1),
        ("day", date.max.toordinal() + 1),
        ("task", "a"),
        ("kind", b"done"),
        ("origin", b"here"),
        ("path", b"A.md"),
        ("words", b"a"),
        ("seconds", "many"),
    ],
)
def test_a_row_that_another_program_spoilt_is_left_out_alone(
    machine: Machine, column: str, value: object
) -> None:
    machine.see("A.md", "- [ ] a\n- [ ] b\n", "- [x] a\n- [x] b\n")
    file = journal_of(machine)
    machine.stop()
    with sqlite3.connect(file) as other:
        other.execute(f"UPDATE event SET {column} = ? WHERE words = 'a'", (value,))
    other.close()
    machine.start()
    assert machine.look() == 0
    assert machine.days() == {"b": THE_15TH}
    assert [found.description for found in machine.history.events()] == ["b"]
    assert machine.history.drain_messages() == []


@pytest.mark.parametrize("day", [1, date.max.toordinal()])
def test_a_day_at_the_end_of_the_calendar_is_a_day(machine: Machine, day: int) -> None:
    machine.see("A.md", "- [ ] a\n", "- [x] a\n")
    file = journal_of(machine)
    machine.stop()
    with sqlite3.connect(file) as other:
        other.execute("UPDATE event SET day = ?", (day,))
    other.close()
    machine.start()
    machine.look()
    assert machine.days() == {"a": date.fromordinal(day)}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE note SET tasks = x'0102'",
        "UPDATE note SET tasks = 5",
        "UPDATE note SET path = 5",
        "UPDATE note SET entries = x'00'",
        "UPDATE note SET entries = 'text'",
        "UPDATE fact SET value = 'soon'",
        "INSERT INTO departed VALUES (1, 4000000000000000, 'no JSON', '\"x\"')",
        "INSERT INTO departed VALUES (1, 4000000000000000, x'ff', '\"x\"')",
    ],
)
def test_what_is_remembered_in_no_known_form_is_damage(machine: Machine, statement: str) -> None:
    machine.see("A.md", "- [ ] a\n")
    file = journal_of(machine)
    machine.stop()
    with sqlite3.connect(file) as other:
        other.execute(statement)
    other.close()
    machine.start()
    for text in ("- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n"):
        machine.wait(days=1)
        machine.see("A.md", text)
    assert [("is set aside as" in sentence) for sentence in machine.history.drain_messages()] == [True]
    assert machine.days() == {"a": date(2026, 3, 16)}


def test_of_records_that_cannot_be_written_for_long_the_newest_are_kept(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadtui.vault.history.store._MOST_UNWRITTEN", 3)
    machine.see("A.md", "- [ ] a\n")
    machine.stop()
    with failing(BUSY, 1, lasts=True):
        machine.start()
        machine.look()
        for seconds in (1, 10, 100, 1000):
            spend(machine, seconds)
    machine.stop()
    machine.start()
    assert seconds_by_day(machine.history) == {NOON.date(): 1110}


def test_a_history_that_was_closed_while_it_could_not_be_written_begins_afresh(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    file = journal_of(machine)
    machine.stop()
    with failing(BUSY, 1, lasts=True):
        machine.start()
        assert machine.history.events() == []
        machine.history.close()
    machine.history.drain_messages()
    machine.look()
    assert machine.history.file == file
    assert machine.history.drain_messages() == []


# What the events of one task come to


def told(*events: tuple[str, str, int]) -> Iterator[Event]:
    """Events of one task by kind, origin and day, a second apart."""
    for at, (kind, origin, day) in enumerate(events):
        yield Event(uuid4().hex, at, day, 1, kind, origin, "A.md", "a")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], None),
        ([("done", "here", 5)], 5),
        ([("done", "here", 5), ("done", "outside", 7)], 5),
        ([("done", "here", 5), ("reopened", "here", 6)], None),
        ([("done", "here", 5), ("reopened", "here", 6), ("done", "here", 7)], 7),
        ([("done", "here", 5), ("reopened", "here", 6), ("restored", "undone", 8)], 5),
        (
            [
                ("done", "here", 5),
                ("reopened", "here", 6),
                ("reopened", "outside", 7),
                ("restored", "undone", 8),
            ],
            5,
        ),
        ([("restored", "undone", 8)], None),
        ([("done", "here", 5), ("restored", "undone", 8)], 5),
        ([("reopened", "here", 6), ("done", "here", 7), ("restored", "undone", 8)], 7),
        (
            [
                ("done", "here", 5),
                ("reopened", "here", 6),
                ("restored", "undone", 8),
                ("restored", "undone", 9),
            ],
            5,
        ),
        ([("done", "git", 3)], 3),
        ([("done", "git", 3), ("done", "git", 4)], 4),
        ([("done", "git", 3), ("done", "here", 5)], 5),
        ([("done", "git", 3), ("reopened", "here", 4)], None),
        ([("reopened", "here", 2), ("done", "git", 3)], 3),
        ([("done", "git", 3), ("reopened", "here", 4), ("restored", "undone", 5)], 3),
        ([("added", "here", 1), ("spent", "here", 2), ("celebrated", "here", 3)], None),
    ],
)
def test_since_when_a_task_is_done(events: list[tuple[str, str, int]], expected: int | None) -> None:
    assert task_history(told(*events)).done == expected
    assert task_history(reversed(list(told(*events)))).done == expected, "in whatever order they are told"
