"""The calendar heatmap: a row a weekday, a column a week, months above. For the pane and the insights."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rich.segment import Segment
from textual.strip import Strip

from roadtui.core.stats.activity import heat_level, week_grid
from roadtui.ui.styles import TextStyles

NAME_CELLS = 6
"""Cells that the names of the weekdays take."""
ROWS = 8
"""The months, and a row for each weekday."""
_WEEKDAYS = ("Mon", "", "Wed", "", "Fri", "", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def weeks_that_fit(width: int, most: int) -> int:
    """How many weeks of at most `most` a heatmap of `width` cells can show."""
    return max(0, min(most, width - NAME_CELLS))


def weeks_set_apart(width: int, most: int) -> int:
    """How many weeks of at most `most` a heatmap of `width` cells can show with a gap between them."""
    return max(0, min(most, (width - NAME_CELLS + 1) // 2))


def draw_heatmap(
    days: Mapping[date, int], today: date, weeks: int, width: int, text_styles: TextStyles
) -> list[Strip]:
    """The last `weeks` weeks in `ROWS` rows; the brighter a day, the more was done on it.

    Weeks stand two cells apart where there is room, else side by side.
    """
    pitch = 2 if width - NAME_CELLS >= 2 * weeks - 1 else 1
    grid = week_grid(days, today, weeks)
    most = max((number for row in grid for number in row if number), default=0)
    strips = [Strip([Segment(" " * NAME_CELLS + _months(today, weeks, pitch), text_styles.faint)])]
    for name, row in zip(_WEEKDAYS, grid, strict=True):
        cells = [Segment(f" {name.ljust(NAME_CELLS - 1)}", text_styles.faint)]
        for number in row:
            glyph = " " if number is None else "■"
            cells.append(Segment(glyph.ljust(pitch), text_styles.heat[heat_level(number or 0, most)]))
        strips.append(Strip(Segment.simplify(cells)))
    return strips


def _months(today: date, weeks: int, pitch: int) -> str:
    """The months, each above the first week that begins in it."""
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    text = ""
    for week in range(weeks):
        first_day = monday + timedelta(weeks=week)
        is_first = first_day.day <= 7
        if is_first and len(text) <= pitch * week and pitch * week + 3 <= pitch * weeks:
            text = text.ljust(pitch * week) + _MONTHS[first_day.month - 1] + " "
    return text
