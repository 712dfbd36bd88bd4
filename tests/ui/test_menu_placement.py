"""Where menus stand: beside their row, on the screen, whatever its size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region, Size

from roadtui.ui.dialogs.placement import MenuSpot, place

SCREEN = Region(0, 0, 100, 30)
MENU = Size(30, 7)


def row(y: int, x: int = 10, width: int = 60) -> Region:
    return Region(x, y, width, 1)


@pytest.mark.parametrize(
    ("rows", "sizes", "found"),
    [
        pytest.param([row(5)], [MENU], Region(20, 6, 30, 7), id="below"),
        pytest.param([row(22)], [MENU], Region(20, 23, 30, 7), id="down to the last line"),
        pytest.param([row(23)], [MENU], Region(20, 16, 30, 7), id="above, where one line is missing below"),
        pytest.param(
            [row(23)], [MENU, Size(30, 6)], Region(20, 16, 30, 7), id="large above, not small below"
        ),
        pytest.param(
            [row(14)], [Size(30, 20), MENU], Region(20, 15, 30, 7), id="smaller, where large fits nowhere"
        ),
        pytest.param([row(12)], [Size(30, 20)], Region(20, 13, 30, 17), id="cut below, where that is more"),
        pytest.param([row(18)], [Size(30, 20)], Region(20, 0, 30, 18), id="cut above, where that is more"),
        pytest.param(
            [Region(10, 5, 60, 9), row(13)], [MENU], Region(20, 14, 30, 7), id="below the selection"
        ),
        pytest.param(
            [Region(10, 9, 60, 18), row(10)], [MENU], Region(20, 2, 30, 7), id="above the selection"
        ),
        pytest.param(
            [Region(10, 3, 60, 25), row(4)], [MENU], Region(20, 5, 30, 7), id="over a tall selection"
        ),
        pytest.param([row(5)], [Size(90, 7)], Region(10, 6, 90, 7), id="moved to the left to fit"),
        pytest.param([row(5)], [Size(120, 7)], Region(0, 6, 100, 7), id="as wide as the screen"),
    ],
)
def test_place(rows: list[Region], sizes: list[Size], found: Region) -> None:
    assert place(sizes, MenuSpot(rows, 20, SCREEN)) == found


@given(st.data())
def test_menu_is_on_the_screen_and_its_row_in_sight(data: st.DataObject) -> None:
    width, height = data.draw(st.integers(20, 220)), data.draw(st.integers(2, 70))
    screen = Region(0, 0, width, height)
    top = data.draw(st.integers(0, height - 1))
    at = data.draw(st.integers(top, height - 1))
    bottom = data.draw(st.integers(at, height - 1))
    selection = Region(0, top, width, bottom - top + 1)
    sizes = data.draw(
        st.lists(st.builds(Size, st.integers(1, 250), st.integers(1, 80)), min_size=1, max_size=3)
    )
    found = place(sizes, MenuSpot([selection, row(at)], data.draw(st.integers(0, 250)), screen))
    assert screen.contains_region(found)
    assert not found.y <= at < found.bottom
    smallest = sizes[-1].height
    if smallest <= max(top, height - 1 - bottom):
        assert found.y >= bottom + 1 or found.bottom <= top, "the selection is in sight"
    if smallest <= max(at, height - 1 - at):
        assert found.height >= min(size.height for size in sizes), "nothing is cut that has space"
