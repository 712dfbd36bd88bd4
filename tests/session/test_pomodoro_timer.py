"""Rounds of work and breaks: what counts, and when a phase is over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.session.focus_session import LONGEST_TICK, Phase, PomodoroTimer


def run(timer: PomodoroTimer, start: float, seconds: int) -> list[Phase]:
    """Tick once a second; returns the phases that ended."""
    ended = [timer.tick(start + second) for second in range(1, seconds + 1)]
    return [phase for phase in ended if phase is not None]


def test_a_break_follows_work_and_the_next_round_waits() -> None:
    timer = PomodoroTimer(60, 10)
    timer.start(0)
    assert run(timer, 0, 59) == []
    assert run(timer, 59, 1) == [Phase.WORK]
    assert (timer.phase, timer.is_running, timer.remaining) == (Phase.BREAK, True, 10)
    assert run(timer, 60, 10) == [Phase.BREAK]
    assert (timer.phase, timer.is_running, timer.remaining) == (Phase.WORK, False, 60)
    assert run(timer, 70, 100) == []
    assert timer.take_worked_seconds() == 60


def test_without_a_break_the_next_round_waits_at_once() -> None:
    timer = PomodoroTimer(60, 0)
    timer.start(0)
    assert run(timer, 0, 200) == [Phase.WORK]
    assert (timer.phase, timer.is_running, timer.take_worked_seconds()) == (Phase.WORK, False, 60)


def test_a_break_can_be_cut_short() -> None:
    timer = PomodoroTimer(60, 10)
    timer.start(0)
    run(timer, 0, 63)
    timer.start_round(63)
    run(timer, 63, 5)
    assert (timer.phase, timer.remaining, timer.take_worked_seconds()) == (Phase.WORK, 55, 65)


@pytest.mark.parametrize("gap", [LONGEST_TICK + 1, 1e6, -5.0])
def test_time_in_which_the_program_did_not_run_is_not_counted(gap: float) -> None:
    timer = PomodoroTimer(60, 10)
    timer.start(0)
    run(timer, 0, 5)
    timer.tick(5 + gap)
    run(timer, int(5 + gap), 5)
    assert timer.take_worked_seconds() == pytest.approx(10, abs=1)
    assert timer.remaining == pytest.approx(50, abs=1)


def test_seconds_are_counted_once() -> None:
    timer = PomodoroTimer(60, 10)
    timer.start(0)
    timer.stop(4.9)
    assert (timer.take_worked_seconds(), timer.take_worked_seconds()) == (4, 0)


@given(st.lists(st.tuples(st.sampled_from(["tick", "stop", "start", "on"]), st.floats(0, 30)), max_size=60))
def test_never_counts_more_than_there_was(steps: list[tuple[str, float]]) -> None:
    timer = PomodoroTimer(50, 20)
    now = ran = 0.0
    for what, seconds in steps:
        if timer.is_running and timer.phase is Phase.WORK and seconds <= LONGEST_TICK:
            ran += seconds
        now += seconds
        match what:
            case "tick":
                timer.tick(now)
            case "stop":
                timer.stop(now)
            case "start":
                timer.tick(now)
                timer.start(now)
            case "on":
                timer.tick(now)
                timer.start_round(now)
        assert 0 <= timer.elapsed <= timer.length
    assert timer.worked <= ran + 1e-6


def test_what_stands_still_does_not_end() -> None:
    """A round that was stopped in its very last moment waits for the user, and ends when it goes on."""
    timer = PomodoroTimer(60, 10)
    timer.start(0)
    run(timer, 0, 55)
    timer.stop(60)
    assert (timer.remaining, timer.is_running, timer.tick(61), timer.tick(100)) == (0, False, None, None)
    timer.start(200)
    assert timer.tick(201) is Phase.WORK
    assert timer.take_worked_seconds() == 60


@pytest.mark.parametrize(
    ("gap", "counts"), [(LONGEST_TICK, True), (LONGEST_TICK + 0.01, False), (-0.01, False)]
)
def test_the_longest_gap_that_counts(gap: float, counts: bool) -> None:
    timer = PomodoroTimer(60, 10)
    timer.start(100)
    timer.tick(100 + gap)
    assert timer.elapsed == (pytest.approx(gap) if counts else 0.0)


def test_starting_what_runs_and_stopping_what_stands_lose_no_time() -> None:
    timer = PomodoroTimer(60, 10)
    timer.start(0)
    timer.start(3)
    timer.stop(5)
    timer.stop(9)
    assert (timer.worked, timer.remaining) == (5, 55)
