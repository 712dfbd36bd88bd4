"""A focus session by a clock that the test moves on: what is spent on which task, and on which day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from roadtui.clock import Clock
from roadtui.core.markdown import content_hash, parse
from roadtui.session.focus_session import FocusSession, Phase, PomodoroTimer
from roadtui.session.tracking.tracked_task import TrackedTask
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import VaultNote

NOTE = b"- [ ] a\n- [ ] b\n"


def tracked(number: int) -> TrackedTask:
    note = parse(NOTE.decode())
    return TrackedTask(
        VaultNote.of("Plan.md", note, FileStamp(0, 0, 0, 0, 0), content_hash(NOTE)), list(note.tasks)[number]
    )


class FakeTimer:
    """Somebody at work."""

    def __init__(self, work_seconds: float = 1500, break_seconds: float = 300) -> None:
        self.at = datetime(2026, 3, 14, 12, 0, 0)
        self.seconds = 100.0
        self.spent: list[tuple[str, int, date]] = []
        clock = Clock(lambda: self.at.date(), lambda: self.at, lambda: self.seconds)
        self.focus_session = FocusSession(PomodoroTimer(work_seconds, break_seconds), clock, self.spend)

    def spend(self, one: TrackedTask, seconds: int, until: datetime) -> None:
        self.spent.append((one.task.text, seconds, until.date()))

    def go(self, seconds: int) -> list[Phase]:
        """Time passes; gives the phases that ended."""
        ended = []
        for _ in range(seconds):
            self.at += timedelta(seconds=1)
            self.seconds += 1
            ended.append(self.focus_session.tick())
        return [phase for phase in ended if phase is not None]


@pytest.fixture
def fake() -> FakeTimer:
    return FakeTimer()


TODAY, TOMORROW = date(2026, 3, 14), date(2026, 3, 15)


def test_time_goes_to_the_task_that_is_worked_on(fake: FakeTimer) -> None:
    fake.go(50)
    fake.focus_session.work_on(tracked(0))
    fake.go(30)
    fake.focus_session.work_on(tracked(1))
    fake.go(20)
    fake.focus_session.work_on(None)
    fake.go(40)
    fake.focus_session.record()
    assert fake.spent == [("a", 30, TODAY), ("b", 20, TODAY)]


def test_what_was_worked_before_midnight_belongs_to_that_day(fake: FakeTimer) -> None:
    fake.at = datetime(2026, 3, 14, 23, 59, 30)
    fake.focus_session.work_on(tracked(0))
    fake.go(90)
    fake.focus_session.record()
    assert fake.spent == [("a", 29, TODAY), ("a", 61, TOMORROW)]


def test_words_count_all_minutes_of_the_focus_session(fake: FakeTimer) -> None:
    assert fake.focus_session.summary_text == ""
    fake.focus_session.work_on(tracked(0))
    fake.go(59)
    assert fake.focus_session.summary_text == ""
    fake.go(1)
    assert fake.focus_session.summary_text == "1 min"
    fake.focus_session.work_on(tracked(1))
    fake.focus_session.done += 1
    fake.go(59)
    assert fake.focus_session.summary_text == "1 done · 1 min"
    fake.go(1)
    assert fake.focus_session.summary_text == "1 done · 2 min"


def test_a_pause_lets_no_time_pass_until_it_ends(fake: FakeTimer) -> None:
    fake.focus_session.work_on(tracked(0))
    fake.go(10)
    fake.focus_session.toggle_pause()
    fake.go(500)
    fake.focus_session.work_on(tracked(1))
    fake.go(500)
    fake.focus_session.toggle_pause()
    fake.go(7)
    fake.focus_session.record()
    fake.go(3)
    fake.focus_session.record()
    assert fake.spent == [("a", 10, TODAY), ("b", 7, TODAY), ("b", 3, TODAY)]


def test_a_round_a_break_and_the_next_round_that_waits() -> None:
    fake = FakeTimer(work_seconds=60, break_seconds=10)
    fake.focus_session.work_on(tracked(0))
    assert fake.go(60) == [Phase.WORK]
    fake.focus_session.work_on(None)
    assert fake.go(10) == [Phase.BREAK], "a break goes on without a task"
    fake.focus_session.work_on(tracked(1))
    assert fake.go(100) == []
    fake.focus_session.record()
    assert fake.spent == [("a", 60, TODAY)], "the next round waits to be started"
    fake.focus_session.toggle_pause()
    fake.go(5)
    fake.focus_session.record()
    assert fake.spent[1:] == [("b", 5, TODAY)]


def test_a_break_can_be_cut_short() -> None:
    fake = FakeTimer(work_seconds=60, break_seconds=300)
    fake.focus_session.work_on(tracked(0))
    fake.go(63)
    fake.focus_session.toggle_pause()
    assert (fake.focus_session.timer.phase, fake.focus_session.timer.is_running) == (Phase.WORK, True)
    fake.go(5)
    fake.focus_session.record()
    assert fake.spent == [("a", 65, TODAY)]


def test_time_while_the_program_stands_still_is_nobodys(fake: FakeTimer) -> None:
    fake.focus_session.work_on(tracked(0))
    fake.go(5)
    fake.focus_session.suspend()
    fake.go(5)
    fake.focus_session.resume()
    fake.go(5)
    fake.focus_session.record()
    assert fake.spent == [("a", 10, TODAY)]
    fake.focus_session.toggle_pause()
    fake.focus_session.suspend()
    fake.focus_session.resume()
    fake.go(5)
    fake.focus_session.record()
    assert fake.spent == [("a", 10, TODAY)], "and it stays paused"


def test_a_pause_can_be_ended_and_begun_again(fake: FakeTimer) -> None:
    session = fake.focus_session
    session.work_on(tracked(0))
    for _ in range(3):
        fake.go(10)
        session.toggle_pause()
        fake.go(100)
        session.toggle_pause()
    session.record()
    assert fake.spent == [("a", 30, TODAY)]


def test_what_is_suspended_in_a_pause_stays_paused(fake: FakeTimer) -> None:
    session = fake.focus_session
    session.work_on(tracked(0))
    fake.go(10)
    session.suspend()
    fake.go(100)
    session.resume()
    fake.go(10)
    session.toggle_pause()
    session.suspend()
    session.resume()
    fake.go(100)
    session.record()
    assert fake.spent == [("a", 20, TODAY)]


def test_after_a_break_the_next_round_waits_and_a_break_cut_short_begins_one() -> None:
    fake = FakeTimer(work_seconds=10, break_seconds=5)
    session = fake.focus_session
    session.work_on(tracked(0))
    assert fake.go(15) == [Phase.WORK, Phase.BREAK]
    fake.go(20)
    session.toggle_pause()
    assert fake.go(10) == [Phase.WORK]
    session.toggle_pause()
    fake.go(3)
    session.toggle_pause()
    fake.go(50)
    session.toggle_pause()
    fake.go(2)
    session.record()
    assert sum(seconds for _, seconds, _ in fake.spent) == 10 + 10 + 3 + 2


def test_time_without_a_task_is_nobodys_but_a_break_goes_on() -> None:
    fake = FakeTimer(work_seconds=10, break_seconds=5)
    session = fake.focus_session
    session.work_on(None)
    assert fake.go(30) == []
    session.work_on(tracked(0))
    assert fake.go(11) == [Phase.WORK]
    session.work_on(None)
    assert fake.go(30) == [Phase.BREAK]
    assert fake.spent == [("a", 10, TODAY)]


def test_a_task_that_is_followed_keeps_its_time(fake: FakeTimer) -> None:
    session = fake.focus_session
    session.work_on(tracked(0))
    fake.go(10)
    session.follow(tracked(1))
    fake.go(5)
    session.record()
    assert fake.spent == [("b", 15, TODAY)]


@pytest.mark.parametrize(
    ("done", "seconds", "text"),
    [(0, 0, ""), (0, 59, ""), (0, 60, "1 min"), (2, 0, "2 done"), (1, 125, "1 done · 2 min")],
)
def test_the_summary_leaves_out_what_is_nothing(fake: FakeTimer, done: int, seconds: int, text: str) -> None:
    session = fake.focus_session
    session.work_on(tracked(0))
    fake.go(seconds)
    session.done += done
    assert session.summary_text == text
    session.record()
    assert session.summary_text == text
