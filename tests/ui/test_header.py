"""The line above the panes."""

from __future__ import annotations

import pytest

from roadtui.ui.widgets.header import HeaderState, Reading, header_line
from tests.ui.drawn_colours import TEXT_STYLES


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (80, "roadtui  Notes                                           reading 3,200 of 10,000"),
        (40, "roadtui  Notes                    3,200…"),
    ],
)
def test_while_a_vault_is_read_for_the_first_time_its_progress_is_shown(width: int, expected: str) -> None:
    reading = HeaderState("Notes", "starting", reading=Reading(3200, 10000))
    assert header_line(width, reading, TEXT_STYLES).text == expected
    assert "starting" in header_line(width, reading._replace(reading=None), TEXT_STYLES).text
