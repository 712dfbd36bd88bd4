"""The heatmap and the burn-up of the progress pane, against tables: which day is where, and how bright."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from rich.style import Style

from roadtui.core.markdown import parse
from roadtui.core.stats.activity import activity_timeline, burn_up
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry
from roadtui.ui.charts.braille import draw_line
from roadtui.ui.charts.heatmap import NAME_CELLS, draw_heatmap, weeks_set_apart, weeks_that_fit
from roadtui.ui.charts.progress_report import WEEKS
from tests.ui.drawn_colours import TEXT_STYLES

SATURDAY = date(2026, 3, 14)


def shades(days: Mapping[date, int], weeks: int, width: int) -> list[str]:
    """The heatmap with each day as the number of its shade, the weekdays' names left out."""
    level_of: dict[Style | None, str] = {style: str(level) for level, style in enumerate(TEXT_STYLES.heat)}
    rows = []
    for strip in draw_heatmap(days, SATURDAY, weeks, width, TEXT_STYLES)[1:]:
        cells = [(char, segment.style) for segment in strip for char in segment.text][NAME_CELLS:]
        rows.append("".join(level_of[style] if char == "■" else char for char, style in cells).rstrip())
    return rows


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ({0: 1}, ["00", "00", "00", "00", "00", "04", "0"]),
        ({0: 1, 1: 2}, ["00", "00", "00", "00", "04", "02", "0"]),
        ({0: 3, 1: 1, 6: 2}, ["00", "00", "00", "00", "02", "04", "3"]),
        ({0: 1, 1: 2, 2: 3, 3: 4}, ["00", "00", "04", "03", "02", "01", "0"]),
        ({5: 8, 12: 1, 13: 50}, ["14", "00", "00", "00", "00", "00", "0"]),
        ({}, ["00", "00", "00", "00", "00", "00", "0"]),
    ],
)
def test_each_day_stands_in_its_week_as_bright_as_much_was_done(
    done: dict[int, int], expected: list[str]
) -> None:
    days = {SATURDAY - timedelta(ago): number for ago, number in done.items()}
    assert shades(days, 2, NAME_CELLS + 2) == expected


def test_weeks_stand_apart_where_there_is_room() -> None:
    days = {SATURDAY: 1, SATURDAY - timedelta(7): 1}
    assert shades(days, 2, NAME_CELLS + 3)[5] == "4 4"
    assert shades(days, 2, NAME_CELLS + 2)[5] == "44"


def test_months_stand_above_the_first_week_that_begins_in_them() -> None:
    """The first Mondays of 2026 are 5 January, 2 February and 2 March; the grid begins on 22 December."""
    side_by_side = draw_heatmap({}, SATURDAY, 12, NAME_CELLS + 12, TEXT_STYLES)[0].text
    assert side_by_side == " " * NAME_CELLS + "  Jan Feb "
    apart = draw_heatmap({}, SATURDAY, 12, NAME_CELLS + 23, TEXT_STYLES)[0].text
    assert apart == " " * NAME_CELLS + "    Jan     Feb     Mar "
    weekdays = [
        strip.text[:NAME_CELLS].strip() for strip in draw_heatmap({}, SATURDAY, 1, 20, TEXT_STYLES)[1:]
    ]
    assert weekdays == ["Mon", "", "Wed", "", "Fri", "", "Sun"]


@pytest.mark.parametrize(
    ("width", "apart", "fit"), [(5, 0, 0), (6, 0, 0), (7, 1, 1), (8, 1, 2), (9, 2, 3), (41, 18, 18)]
)
def test_how_many_weeks_fit(width: int, apart: int, fit: int) -> None:
    assert (weeks_set_apart(width, WEEKS), weeks_that_fit(width, WEEKS)) == (apart, fit)


NOTE = """\
- [x] before ➕ 2025-01-01 ✅ 2025-01-02
- [x] nobody knows
- [x] week ➕ 2026-03-01 ✅ 2026-03-07
- [x] today ✅ 2026-03-14
- [ ] open ➕ 2026-03-10
- [ ] undated
- [ ] tomorrow ➕ 2026-03-15
"""


@pytest.mark.parametrize(
    ("ago", "scope", "done"),
    [(126, 4, 2), (14, 4, 2), (13, 5, 2), (8, 5, 2), (7, 5, 3), (5, 5, 3), (4, 6, 3), (1, 6, 3), (0, 6, 4)],
)
def test_a_burn_up_has_what_there_was_and_what_was_done_on_each_day(ago: int, scope: int, done: int) -> None:
    went = activity_timeline(parse(NOTE).tasks, StatusRegistry(), TaskFormat.EMOJI)
    _, scopes, dones = burn_up(went, SATURDAY - timedelta(weeks=WEEKS), SATURDAY)
    assert len(scopes) == len(dones) == 7 * WEEKS + 1
    assert (scopes[-1 - ago], dones[-1 - ago]) == (scope, done)


@pytest.mark.parametrize(
    ("values", "top", "expected"),
    [
        ([0, 0], 4, ["  ", "⣀⣀"]),
        ([4, 4], 4, ["⠉⠉", "  "]),
        ([2, 2], 4, ["⣀⣀", "  "]),
        ([0, 4], 4, [" ⢸", "⣀⣸"]),
        ([9, 9], 4, ["⠉⠉", "  "]),
        ([], 4, ["  ", "  "]),
        ([0, 0], 0, ["  ", "⣀⣀"]),
    ],
)
def test_a_line_goes_from_nothing_at_the_bottom_to_the_most_at_the_top(
    values: list[int], top: int, expected: list[str]
) -> None:
    assert draw_line(values, 2, 2, top) == expected
