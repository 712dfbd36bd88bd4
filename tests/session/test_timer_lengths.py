"""Lengths of rounds that are set while a timer is in use."""

from __future__ import annotations

from roadtui.session.focus_session import Phase, PomodoroTimer


def test_a_round_that_has_begun_keeps_its_length_and_the_next_ones_have_the_new() -> None:
    timer = PomodoroTimer(3, 2)
    timer.set_lengths(4, 2)
    assert timer.remaining == 4
    timer.start(0)
    timer.tick(1)
    timer.set_lengths(9, 5)
    assert timer.remaining == 3
    for second in range(2, 5):
        timer.tick(second)
    assert (timer.phase, timer.remaining) == (Phase.BREAK, 5)
    timer.tick(5)
    timer.set_lengths(7, 1)
    assert timer.remaining == 4
    timer.start_round(6)
    assert timer.remaining == 7
