"""Rounds of work and rest: what counts, and when a phase is over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.session.focus_session import LONGEST_TICK, Phase, PomodoroTimer


def run(watch: PomodoroTimer, start: float, seconds: int) -> list[Phase]:
    """Tick once a second; gives the phases that ended."""
    ended = [watch.tick(start + second) for second in range(1, seconds + 1)]
    return [phase for phase in ended if phase is not None]


def test_rest_follows_work_and_the_next_round_waits() -> None:
    watch = PomodoroTimer(60, 10)
    watch.start(0)
    assert run(watch, 0, 59) == []
    assert run(watch, 59, 1) == [Phase.WORK]
    assert (watch.phase, watch.is_running, watch.left) == (Phase.REST, True, 10)
    assert run(watch, 60, 10) == [Phase.REST]
    assert (watch.phase, watch.is_running, watch.left) == (Phase.WORK, False, 60)
    assert run(watch, 70, 100) == []
    assert watch.take() == 60


def test_without_a_rest_the_next_round_waits_at_once() -> None:
    watch = PomodoroTimer(60, 0)
    watch.start(0)
    assert run(watch, 0, 200) == [Phase.WORK]
    assert (watch.phase, watch.is_running, watch.take()) == (Phase.WORK, False, 60)


def test_rest_can_be_cut_short() -> None:
    watch = PomodoroTimer(60, 10)
    watch.start(0)
    run(watch, 0, 63)
    watch.work_on(63)
    run(watch, 63, 5)
    assert (watch.phase, watch.left, watch.take()) == (Phase.WORK, 55, 65)


@pytest.mark.parametrize("gap", [LONGEST_TICK + 1, 1e6, -5.0])
def test_time_in_which_the_program_did_not_run_is_nobodys(gap: float) -> None:
    watch = PomodoroTimer(60, 10)
    watch.start(0)
    run(watch, 0, 5)
    watch.tick(5 + gap)
    run(watch, int(5 + gap), 5)
    assert watch.take() == pytest.approx(10, abs=1)
    assert watch.left == pytest.approx(50, abs=1)


def test_seconds_are_handed_over_once() -> None:
    watch = PomodoroTimer(60, 10)
    watch.start(0)
    watch.stop(4.9)
    assert (watch.take(), watch.take()) == (4, 0)


@given(st.lists(st.tuples(st.sampled_from(["tick", "stop", "start", "on"]), st.floats(0, 30)), max_size=60))
def test_never_counts_more_than_there_was(steps: list[tuple[str, float]]) -> None:
    watch = PomodoroTimer(50, 20)
    now = ran = 0.0
    for what, seconds in steps:
        if watch.is_running and watch.phase is Phase.WORK and seconds <= LONGEST_TICK:
            ran += seconds
        now += seconds
        match what:
            case "tick":
                watch.tick(now)
            case "stop":
                watch.stop(now)
            case "start":
                watch.tick(now)
                watch.start(now)
            case "on":
                watch.tick(now)
                watch.work_on(now)
        assert 0 <= watch.gone <= watch.length
    assert watch.worked <= ran + 1e-6


def test_what_stands_still_does_not_end() -> None:
    """A round that was stopped in its very last moment waits for the user, and ends when it goes on."""
    watch = PomodoroTimer(60, 10)
    watch.start(0)
    run(watch, 0, 55)
    watch.stop(60)
    assert (watch.left, watch.is_running, watch.tick(61), watch.tick(100)) == (0, False, None, None)
    watch.start(200)
    assert watch.tick(201) is Phase.WORK
    assert watch.take() == 60


@pytest.mark.parametrize(
    ("gap", "counts"), [(LONGEST_TICK, True), (LONGEST_TICK + 0.01, False), (-0.01, False)]
)
def test_the_longest_gap_that_counts(gap: float, counts: bool) -> None:
    watch = PomodoroTimer(60, 10)
    watch.start(100)
    watch.tick(100 + gap)
    assert watch.gone == (pytest.approx(gap) if counts else 0.0)


def test_starting_what_runs_and_stopping_what_stands_lose_no_time() -> None:
    watch = PomodoroTimer(60, 10)
    watch.start(0)
    watch.start(3)
    watch.stop(5)
    watch.stop(9)
    assert (watch.worked, watch.left) == (5, 55)
