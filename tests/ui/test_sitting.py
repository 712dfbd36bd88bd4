"""A sitting of focus by a clock that the test moves on: what is spent on which task, and on which day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from roadtui.clock import Clock
from roadtui.core.markdown import content_hash, parse
from roadtui.session.focus_session import FocusSession, Phase, PomodoroTimer
from roadtui.session.tracked_task import TrackedTask
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote

NOTE = b"- [ ] a\n- [ ] b\n"


def held(number: int) -> TrackedTask:
    note = parse(NOTE.decode())
    return TrackedTask(
        VaultNote("Plan.md", note, FileStamp(0, 0, 0, 0, 0), content_hash(NOTE)), list(note.tasks)[number]
    )


class Desk:
    """Somebody at work."""

    def __init__(self, work: float = 1500, rest: float = 300) -> None:
        self.at = datetime(2026, 3, 14, 12, 0, 0)
        self.seconds = 100.0
        self.spent: list[tuple[str, int, date]] = []
        clock = Clock(lambda: self.at.date(), lambda: self.at, lambda: self.seconds)
        self.sitting = FocusSession(PomodoroTimer(work, rest), clock, self.spend)

    def spend(self, one: TrackedTask, seconds: int, until: datetime) -> None:
        self.spent.append((one.task.text, seconds, until.date()))

    def go(self, seconds: int) -> list[Phase]:
        """Time passes; gives the phases that ended."""
        ended = []
        for _ in range(seconds):
            self.at += timedelta(seconds=1)
            self.seconds += 1
            ended.append(self.sitting.tick())
        return [phase for phase in ended if phase is not None]


@pytest.fixture
def desk() -> Desk:
    return Desk()


TODAY, TOMORROW = date(2026, 3, 14), date(2026, 3, 15)


def test_time_goes_to_the_task_that_is_worked_on(desk: Desk) -> None:
    desk.go(50)
    desk.sitting.work_on(held(0))
    desk.go(30)
    desk.sitting.work_on(held(1))
    desk.go(20)
    desk.sitting.work_on(None)
    desk.go(40)
    desk.sitting.record()
    assert desk.spent == [("a", 30, TODAY), ("b", 20, TODAY)]


def test_what_was_worked_before_midnight_belongs_to_that_day(desk: Desk) -> None:
    desk.at = datetime(2026, 3, 14, 23, 59, 30)
    desk.sitting.work_on(held(0))
    desk.go(90)
    desk.sitting.record()
    assert desk.spent == [("a", 29, TODAY), ("a", 61, TOMORROW)]


def test_words_count_all_minutes_of_the_sitting(desk: Desk) -> None:
    assert desk.sitting.words == ""
    desk.sitting.work_on(held(0))
    desk.go(59)
    assert desk.sitting.words == ""
    desk.go(1)
    assert desk.sitting.words == "1 min"
    desk.sitting.work_on(held(1))
    desk.sitting.done += 1
    desk.go(59)
    assert desk.sitting.words == "1 done · 1 min"
    desk.go(1)
    assert desk.sitting.words == "1 done · 2 min"


def test_a_pause_lets_no_time_pass_until_it_ends(desk: Desk) -> None:
    desk.sitting.work_on(held(0))
    desk.go(10)
    desk.sitting.toggle_pause()
    desk.go(500)
    desk.sitting.work_on(held(1))
    desk.go(500)
    desk.sitting.toggle_pause()
    desk.go(7)
    desk.sitting.record()
    desk.go(3)
    desk.sitting.record()
    assert desk.spent == [("a", 10, TODAY), ("b", 7, TODAY), ("b", 3, TODAY)]


def test_a_round_a_break_and_the_next_round_that_waits() -> None:
    desk = Desk(work=60, rest=10)
    desk.sitting.work_on(held(0))
    assert desk.go(60) == [Phase.WORK]
    desk.sitting.work_on(None)
    assert desk.go(10) == [Phase.REST], "a break goes on without a task"
    desk.sitting.work_on(held(1))
    assert desk.go(100) == []
    desk.sitting.record()
    assert desk.spent == [("a", 60, TODAY)], "the next round waits to be started"
    desk.sitting.toggle_pause()
    desk.go(5)
    desk.sitting.record()
    assert desk.spent[1:] == [("b", 5, TODAY)]


def test_a_break_can_be_cut_short() -> None:
    desk = Desk(work=60, rest=300)
    desk.sitting.work_on(held(0))
    desk.go(63)
    desk.sitting.toggle_pause()
    assert (desk.sitting.watch.phase, desk.sitting.watch.is_running) == (Phase.WORK, True)
    desk.go(5)
    desk.sitting.record()
    assert desk.spent == [("a", 65, TODAY)]


def test_time_while_the_program_stands_still_is_nobodys(desk: Desk) -> None:
    desk.sitting.work_on(held(0))
    desk.go(5)
    desk.sitting.stand_still()
    desk.go(5)
    desk.sitting.resume()
    desk.go(5)
    desk.sitting.record()
    assert desk.spent == [("a", 10, TODAY)]
    desk.sitting.toggle_pause()
    desk.sitting.stand_still()
    desk.sitting.resume()
    desk.go(5)
    desk.sitting.record()
    assert desk.spent == [("a", 10, TODAY)], "and it stays paused"
