"""How the time of a round is drawn, large or in one line, and the round that waits in the header."""

from __future__ import annotations

import pytest
from textual.geometry import Size
from textual.strip import Strip

from roadtui.session.focus_session import Phase
from roadtui.ui.widgets.focus.block_digits import LARGE_ROWS, SMALL_ROWS, block_digits
from roadtui.ui.widgets.focus.timer import TimerState, timer_lines
from roadtui.ui.widgets.header import HeaderState, WaitingRound, header_line
from tests.ui.drawn_colours import TEXT_STYLES

LEFT = TimerState(Phase.WORK, 24 * 60 + 53, 0.5, True)


def test_digits_are_drawn_in_blocks() -> None:
    assert block_digits("1:0", SMALL_ROWS) == [
        "▄█  ▄ █▀█",
        " █  ▄ █ █",
        "▀▀▀   ▀▀▀",
    ]
    large = block_digits("24:53", LARGE_ROWS)
    assert len(large) == LARGE_ROWS
    assert {len(line) for line in large} == {34}
    assert len({tuple(block_digits(digit, SMALL_ROWS)) for digit in "0123456789"}) == 10


@pytest.mark.parametrize(
    ("size", "digit_rows"),
    [(Size(60, 7), 5), (Size(60, 5), 3), (Size(60, 1), 0), (Size(30, 7), 0), (Size(32, 1), 0)],
)
def test_the_time_is_as_large_as_there_is_space(size: Size, digit_rows: int) -> None:
    lines = timer_lines(LEFT, size.width, size.height, TEXT_STYLES)
    text = "\n".join(line.text for line in lines)
    assert len(lines) == (digit_rows + 2 if digit_rows else 1)
    assert ("24:53" in text) is not bool(digit_rows)
    assert "━" in lines[-1].text
    assert all(line.cell_length <= size.width for line in lines)


@pytest.mark.parametrize("height", [1, 5, 7])
def test_a_break_says_that_it_can_be_ended(height: int) -> None:
    left = TimerState(Phase.BREAK, 300, 0.0, True)
    text = "\n".join(line.text for line in timer_lines(left, 60, height, TEXT_STYLES))
    assert "break · p ends it" in text


def header(width: int, waiting: WaitingRound | None) -> Strip:
    state = HeaderState("~/a long name/Vault", "live", True, round=waiting)
    strip = header_line(width, state, TEXT_STYLES)
    assert strip.cell_length == width
    return strip


@pytest.mark.parametrize(
    ("width", "start"),
    [
        (100, "roadtui  ~/a long name/Vault    ⏸ 24:53 Distributions "),
        (56, "roadtui  ~/a long name/…    ⏸ 24:53 Distributions "),
        (46, "roadtui  ⏸ 24:53 Distributions "),
        (34, "⏸ 24:53 Distributions"),
    ],
)
def test_a_round_that_waits_is_in_the_header(width: int, start: str) -> None:
    assert header(width, WaitingRound("24:53", "Distributions")).text.startswith(start)
    assert header(width, WaitingRound("24:53", "Distributions")).text.endswith("● live")


def test_a_break_that_goes_on_is_in_the_header() -> None:
    strip = header(60, WaitingRound("4:12", "", is_break=True))
    assert "break 4:12" in strip.text
    assert next(one.style for one in strip if "4:12" in one.text) == TEXT_STYLES.done
