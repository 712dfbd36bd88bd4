"""Which day a completion counts for while something changes: before and after the history has seen it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from roadtui.core.markdown import content_hash, parse
from roadtui.core.stats.activity import activity_timeline
from roadtui.vault.history.events import EventKind, EventSource, LocalMoment, event, task_history
from roadtui.vault.history.history import History
from roadtui.vault.history.recorder import moment_of_change
from roadtui.vault.history.summary import summarize
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote
from tests.vault.test_history import NOON, Machine

BERLIN = ZoneInfo("Europe/Berlin")
THE_15TH = date(2026, 3, 15)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine whose vault has two notes; in one of them `a` was ticked on the 15th."""
    machine = Machine(tmp_path / "vault", tmp_path / "state")
    machine.write("A.md", "# A\n- [ ] a\n- [ ] b\n")
    machine.see("B.md", "# B\n- [ ] other\n")
    machine.wait(days=1)
    machine.see("A.md", "# A\n- [x] a\n- [ ] b\n")
    machine.wait(days=1)
    return machine


def counted_days(machine: Machine) -> dict[date, int]:
    """Completions by day, as the charts count them."""
    snapshot = machine.vault.snapshot
    tasks = [task for note in snapshot.notes.values() for task in note.note.tasks]
    days = machine.history.known_dates(snapshot.notes.values())
    return dict(activity_timeline(tasks, snapshot.statuses, snapshot.format, days).done)


def test_a_tick_that_the_screen_shows_already_counts_once_it_is_recorded(machine: Machine) -> None:
    """Days are asked for the new state before the history has taken it in, and again after that."""
    machine.write("A.md", "# A\n- [x] a\n- [x] b\n")
    machine.vault.refresh()
    assert machine.days() == {"a": THE_15TH}
    machine.look()
    assert machine.days() == {"a": THE_15TH, "b": date(2026, 3, 16)}
    assert counted_days(machine) == {THE_15TH: 1, date(2026, 3, 16): 1}


@pytest.mark.parametrize(
    "text",
    [
        "# A\n- [ ] new\n- [x] a\n- [ ] b\n",
        "# New\n# A\n- [x] a\n- [ ] b\n",
        "# A\n- [ ] b\n- [x] a\n",
        "# A\n- [x] a\n",
        "# A\n- [x] a, in other words\n- [ ] b\n",
    ],
    ids=["a line above", "a heading above", "moved", "a line less", "reworded"],
)
def test_a_day_stays_while_other_lines_change(machine: Machine, text: str) -> None:
    machine.write("A.md", text)
    machine.vault.refresh()
    assert list(machine.days().values()) == [THE_15TH], "before it is recorded"
    machine.look()
    assert list(machine.days().values()) == [THE_15TH], "and after"


@pytest.mark.parametrize("to", ["C.md", "B.md", "folder/A.md"])
def test_a_day_stays_while_its_note_takes_another_name(machine: Machine, to: str) -> None:
    (machine.root / to).parent.mkdir(exist_ok=True)
    os.replace(machine.root / "A.md", machine.root / to)
    machine.vault.refresh()
    assert machine.days() == {"a": THE_15TH}, "before it is recorded"
    machine.look()
    assert machine.days() == {"a": THE_15TH}, "and after"


def test_an_untick_takes_the_day_away_at_once(machine: Machine) -> None:
    machine.write("A.md", "# A\n- [ ] a\n- [ ] b\n")
    machine.vault.refresh()
    assert counted_days(machine) == {}
    machine.look()
    assert counted_days(machine) == {}
    machine.see("A.md", "# A\n- [x] a\n- [ ] b\n")
    assert counted_days(machine) == {date(2026, 3, 16): 1}


def test_a_done_date_of_its_own_counts_as_long_as_it_is_there(machine: Machine) -> None:
    for line, day in (
        ("- [x] a ✅ 2026-03-01", date(2026, 3, 1)),
        ("- [x] a ✅ 2026-02-30", THE_15TH),
        ("- [x] a", THE_15TH),
        ("- [x] a [completion:: 2026-03-02]", date(2026, 3, 2)),
        ("- [x] a", THE_15TH),
    ):
        machine.wait(hours=1)
        machine.write("A.md", f"# A\n{line}\n- [ ] b\n")
        machine.vault.refresh()
        assert counted_days(machine) == {day: 1}, f"{line}, before it is recorded"
        machine.look()
        assert counted_days(machine) == {day: 1}, line


def test_what_one_machine_does_leaves_the_days_of_other_notes_alone(machine: Machine) -> None:
    machine.write("B.md", "# B\n- [x] other\n")
    machine.look(EventSource.HERE, "B.md")
    assert machine.days() == {"a": THE_15TH, "other": date(2026, 3, 16)}
    machine.see("B.md", "# B\n")
    assert machine.days() == {"a": THE_15TH}


def test_a_note_that_is_gone_counts_no_more_and_counts_again_when_it_is_back(machine: Machine) -> None:
    (machine.root / "A.md").rename(machine.state / "A.md")
    machine.look()
    assert counted_days(machine) == {}
    machine.wait(days=1)
    (machine.state / "A.md").rename(machine.root / "A.md")
    machine.vault.refresh()
    machine.look()
    assert counted_days(machine) == {THE_15TH: 1}


def test_a_vault_that_is_still_being_read_has_lost_nothing(machine: Machine) -> None:
    """The notes that are not read yet are not gone, and what is in them was not added later."""
    before = machine.history.events()
    whole = machine.vault.snapshot
    half = replace(whole, notes={"B.md": whole.notes["B.md"]}, is_complete=False)
    assert machine.history.record_snapshot(lambda: half, machine.now) == 0
    assert machine.look() == 0
    assert machine.history.events() == before
    assert counted_days(machine) == {THE_15TH: 1}


def test_a_vault_is_first_seen_when_all_of_it_is_read(tmp_path: Path) -> None:
    """What a load shows in between is no plan: the rest of the notes would count as added later."""
    machine = Machine(tmp_path / "vault", tmp_path / "state")
    machine.write("A.md", "- [x] a\n")
    machine.write("B.md", "- [ ] b\n")
    whole = machine.vault.refresh()
    half = replace(whole, notes={"A.md": whole.notes["A.md"]}, is_complete=False)
    assert machine.history.record_snapshot(lambda: half, machine.now) == 0
    machine.wait(seconds=1)
    assert machine.look() == 0
    assert machine.history.known_dates(whole.notes.values()).added == {}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("added", "here", 10)], 10),
        ([("added", "git", 4), ("added", "here", 10)], 4),
        ([("added", "here", 10), ("added", "git", 12)], 12),
        ([("added", "here", 10), ("added", "outside", 12)], 10),
        ([("done", "here", 10)], None),
    ],
)
def test_since_when_a_task_is_there(events: list[tuple[str, str, int]], expected: int | None) -> None:
    """Git goes further back than the journal, so that its word is the better one, if it has one."""
    found = [
        event(LocalMoment(at, day), EventKind(kind), EventSource(origin), 1, "A.md")
        for at, (kind, origin, day) in enumerate(events)
    ]
    assert task_history(found).added == expected


def test_numbers_of_a_history(machine: Machine) -> None:
    machine.see("B.md", "# B\n- [x] other\n- [x] own ✅ 2026-03-01\n")
    note = machine.vault.snapshot.notes["B.md"]
    machine.history.record_time_spent(note, next(note.note.tasks), 5400, machine.now)
    machine.history.record_milestone("B.md", (), 2, machine.now)
    found = summarize(machine.history, machine.vault.snapshot)
    assert (found.first, found.last) == (THE_15TH, date(2026, 3, 16))
    assert (found.done_by_own_date, found.done_by_history, found.done_without_a_day) == (1, 2, 0)
    assert found.seconds_spent == 5400
    assert found.others == ()


def test_a_history_in_memory_has_numbers_too(tmp_path: Path) -> None:
    vault = Machine(tmp_path / "vault", tmp_path / "state").vault
    found = summarize(History(None, tmp_path / "vault"), vault.snapshot)
    assert (found.file, found.others, found.first) == (None, (), None)


# The moment of a change that was made elsewhere


def written_at(when: datetime) -> VaultNote:
    since = round(when.timestamp() * 1_000_000) * 1000
    data = b"- [ ] a\n"
    return VaultNote.of(
        "A.md", parse(data.decode()), FileStamp(1, 1, len(data), since, since), content_hash(data)
    )


def moment(when: datetime) -> LocalMoment:
    return LocalMoment.of(when.astimezone(BERLIN))


SECOND = timedelta(seconds=1)
LAST = NOON - timedelta(days=3)


@pytest.mark.parametrize(
    ("written", "last", "expected"),
    [
        (NOON - timedelta(days=1), LAST, NOON - timedelta(days=1)),
        (NOON, LAST, NOON),
        (LAST + SECOND, LAST, LAST + SECOND),
        (LAST, LAST, NOON),
        (LAST - timedelta(days=30), LAST, NOON),
        (NOON + SECOND, LAST, NOON),
        (NOON + timedelta(days=365), LAST, NOON),
        (NOON - timedelta(days=1), None, NOON),
        (None, LAST, NOON),
        (datetime(2026, 3, 12, 22, 59, 59, tzinfo=UTC), LAST, datetime(2026, 3, 12, 22, 59, 59, tzinfo=UTC)),
        (datetime(2026, 3, 12, 23, 0, 0, tzinfo=UTC), LAST, datetime(2026, 3, 12, 23, 0, 0, tzinfo=UTC)),
    ],
    ids=[
        *("between two looks", "just now", "just after the last look", "at the last look", "long before it"),
        *("in a second", "in a year", "never looked before", "gone", "before midnight", "at midnight"),
    ],
)
def test_a_files_own_time_counts_if_it_lies_between_two_looks(
    written: datetime | None, last: datetime | None, expected: datetime
) -> None:
    """Clocks are put back and forward, and copies keep old times: what does not fit is of now."""
    found = moment_of_change(
        written_at(written) if written is not None else None,
        moment(NOON),
        moment(last).at if last is not None else None,
        lambda at: moment(datetime.fromtimestamp(at / 1_000_000, UTC)),
    )
    assert found == moment(expected)
    assert date.fromordinal(found.day) == expected.astimezone(BERLIN).date()


def test_a_clock_that_jumps_between_the_write_and_the_look(machine: Machine) -> None:
    """The file says tomorrow, as the clock was a day ahead when it was written: it counts today."""
    machine.write("A.md", "# A\n- [x] a\n- [x] b\n", machine.now + timedelta(days=1))
    machine.look()
    assert machine.days() == {"a": THE_15TH, "b": date(2026, 3, 16)}
    machine.wait(days=2)
    machine.see("B.md", "# B\n- [x] other\n")
    assert machine.days() == {"a": THE_15TH, "b": date(2026, 3, 16), "other": date(2026, 3, 18)}
