"""The heatmap, the burn-up, the fan and the columns, cell by cell: what stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from rich.style import Style
from textual.strip import Strip

from roadtui.core.stats.activity import ActiveWeek, ActivityTimeline, AgeBuckets, Streak, burn_up
from roadtui.core.stats.forecast import NoForecast, NoForecastReason, forecast
from roadtui.core.stats.forecast import Week as DrawnWeek
from roadtui.core.stats.progress import Progress
from roadtui.session.reports.metrics import Metrics, TimeSpan
from roadtui.ui.charts.bar_chart import columns_that_fit, draw_columns
from roadtui.ui.charts.heatmap import NAME_CELLS, draw_heatmap, weeks_set_apart, weeks_that_fit
from roadtui.ui.charts.line_charts import AXIS_CELLS, PlotBand, PlotLine, draw_burn_up, draw_fan
from tests.ui.drawn_colours import TEXT_STYLES

SATURDAY = date(2026, 3, 14)
MONDAY = date(2026, 3, 9)


def text(strips: Sequence[Strip]) -> list[str]:
    return [strip.text.rstrip() for strip in strips]


def cells_of(strip: Strip) -> list[tuple[str, Style | None]]:
    """Each cell of a row, with its style."""
    return [(char, segment.style) for segment in strip for char in segment.text]


# Heatmap


def shades(days: Mapping[date, int], weeks: int, width: int = 80, today: date = SATURDAY) -> list[str]:
    """A row a weekday: the shade of each week's day from 0, and `-` for a day to come."""
    pitch = 2 if width - NAME_CELLS >= 2 * weeks - 1 else 1
    rows = []
    for strip in draw_heatmap(days, today, weeks, width, TEXT_STYLES)[1:]:
        days_of_row = cells_of(strip)[NAME_CELLS::pitch]
        assert len(days_of_row) == weeks
        rows.append(
            "".join(
                "-" if glyph == " " else str(TEXT_STYLES.heat.index(style))
                for glyph, style in days_of_row
                if style
            )
        )
    return rows


def test_a_day_stands_in_the_row_of_its_weekday_and_the_column_of_its_week() -> None:
    days = {MONDAY: 4, SATURDAY: 4, date(2026, 3, 1): 4, date(2026, 2, 23): 4, date(2026, 2, 22): 4}
    assert shades(days, weeks=3) == ["404", "000", "000", "000", "000", "004", "40-"]


def test_what_is_after_today_or_before_the_first_week_is_not_drawn() -> None:
    days = {SATURDAY: 1, SATURDAY + timedelta(1): 400, MONDAY - timedelta(1): 400}
    assert shades(days, weeks=1)[5:] != ["0", "-"], "today is there"
    assert shades({**days, SATURDAY: 4}, weeks=1) == [*"00000", "4", "-"], "and is the most of what is drawn"


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (4, {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}),
        (8, {0: 0, 1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4}),
        (12, {1: 1, 3: 1, 4: 2, 6: 2, 7: 3, 9: 3, 10: 4, 12: 4}),
        (100, {1: 1, 25: 1, 26: 2, 50: 2, 51: 3, 75: 3, 76: 4, 100: 4}),
    ],
)
def test_shades_are_quarters_of_the_best_day(most: int, expected: Mapping[int, int]) -> None:
    for number, shade in expected.items():
        rows = shades({MONDAY: most, MONDAY + timedelta(1): number}, weeks=1)
        assert (rows[0], rows[1]) == ("4", str(shade)), f"{number} of {most}"


def test_nothing_done_is_all_of_the_lowest_shade() -> None:
    assert shades({}, weeks=2) == ["00"] * 6 + ["0-"]


def test_weekdays_and_months_are_named_where_they_begin() -> None:
    drawn = text(draw_heatmap({}, SATURDAY, 12, 80, TEXT_STYLES))
    # From 22 December on: 5 January is the third Monday, 2 February the seventh, 2 March the eleventh.
    assert drawn[0] == "          Jan     Feb     Mar"
    assert [line[:NAME_CELLS].strip() for line in drawn[1:]] == ["Mon", "", "Wed", "", "Fri", "", "Sun"]
    side_by_side = text(draw_heatmap({}, SATURDAY, 12, 18, TEXT_STYLES))
    assert side_by_side[0] == "        Jan Feb"


@pytest.mark.parametrize(
    ("width", "most", "side_by_side", "apart"),
    [
        (0, 10, 0, 0),
        (6, 10, 0, 0),
        (7, 10, 1, 1),
        (8, 10, 2, 1),
        (9, 10, 3, 2),
        (16, 10, 10, 5),
        (80, 10, 10, 10),
    ],
)
def test_how_many_weeks_fit(width: int, most: int, side_by_side: int, apart: int) -> None:
    assert (weeks_that_fit(width, most), weeks_set_apart(width, most)) == (side_by_side, apart)


@pytest.mark.parametrize(("width", "length"), [(6 + 9, 9), (6 + 8, 5), (6 + 5, 5)])
def test_weeks_stand_apart_where_there_is_room(width: int, length: int) -> None:
    drawn = draw_heatmap({MONDAY: 1}, SATURDAY, 5, width, TEXT_STYLES)
    assert [len(line) - NAME_CELLS for line in text(drawn)[1:3]] == [length, length]


# Lines


class Drawn:
    """Takes the lines in place of what draws them."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int, float, float]] = []
        self.shapes: list[PlotLine | PlotBand] = []

    def __call__(
        self, width: int, height: int, right: float, top: float, shapes: Sequence[PlotLine | PlotBand]
    ) -> list[Strip]:
        self.asked.append((width, height, right, top))
        self.shapes += shapes
        return [Strip.blank(width)] * height


def facts(timeline: ActivityTimeline, days: int, progress: Progress | None = None) -> Metrics:
    start = SATURDAY - timedelta(days - 1)
    return Metrics(
        title="Plan",
        today=SATURDAY,
        span=TimeSpan.MONTH,
        start=start,
        progress=progress or Progress(),
        timeline=timeline,
        burn_up=burn_up(timeline, start, SATURDAY),
        weeks=(),
        weekdays=(0,) * 7,
        streak=Streak(0, 0),
        pace=0.0,
        shares=(),
        ages=AgeBuckets((), 0),
        put_off=0,
        forecast=NoForecast(NoForecastReason.NOTHING_LEFT, ""),
        deadline=None,
        seconds=0,
    )


def ago(number: int) -> date:
    return SATURDAY - timedelta(number)


COURSE = ActivityTimeline(
    done={ago(3): 1, ago(1): 2, ago(40): 1}, done_undated=1, added={ago(4): 2, ago(0): 1}, added_undated=6
)
"""Ten days ago 6 were there and 2 done; now 9 and 5."""


def test_burn_up_shows_scope_and_done_of_each_day() -> None:
    plot = Drawn()
    strips = draw_burn_up(facts(COURSE, days=6), 46, 8, TEXT_STYLES, plot)
    scope, done = plot.shapes
    assert isinstance(scope, PlotLine)
    assert isinstance(done, PlotLine)
    assert list(scope.points) == [(0, 6), (1, 8), (2, 8), (3, 8), (4, 8), (5, 9)]
    assert list(done.points) == [(0, 2), (1, 2), (2, 3), (3, 3), (4, 5), (5, 5)]
    assert (scope.style, done.style) == (TEXT_STYLES.dim, TEXT_STYLES.done)
    assert plot.asked == [(40, 7, 5, 9)], "all cells but the axis, five days wide, as high as the scope"
    assert text(strips) == ["   9", "", "", "", "", "", "   0", "      9 Mar" + " " * 30 + "today"]
    assert {strip.cell_length for strip in strips} == {46}


def test_burn_up_without_its_lines_has_its_axes() -> None:
    strips = draw_burn_up(facts(COURSE, days=6), 46, 8, TEXT_STYLES, None)
    assert text(strips)[0] == "   9"
    assert text(strips)[-1].split() == ["9", "Mar", "today"]


@pytest.mark.parametrize("days", [2, 7, 79, 80, 81, 365, 1000])
def test_a_long_burn_up_keeps_its_ends_and_no_more_points_than_can_be_seen(days: int) -> None:
    plot = Drawn()
    timeline = ActivityTimeline({ago(0): 3}, 0, {ago(0): 4}, 0)
    draw_burn_up(facts(timeline, days), AXIS_CELLS + 40, 8, TEXT_STYLES, plot)
    for line, last in zip(plot.shapes, (4, 3), strict=True):
        assert isinstance(line, PlotLine)
        at = [place for place, _ in line.points]
        assert at == sorted(set(at))
        assert (at[0], line.points[-1]) == (0, (days - 1, last))
        assert len(at) == days if days <= 80 else 41 <= len(at) <= 162


def test_an_empty_burn_up_has_a_height() -> None:
    plot = Drawn()
    strips = draw_burn_up(facts(ActivityTimeline({}, 0, {}, 0), days=3), 46, 4, TEXT_STYLES, plot)
    assert plot.asked == [(40, 3, 2, 1)]
    assert text(strips)[0] == "   1"


def test_fan_shows_what_was_left_and_what_may_be_left() -> None:
    weeks = [DrawnWeek((1, 0, 0, 0, 0, 0, 0), (0,) * 7)] * 5
    found = forecast(weeks, 4, SATURDAY)
    assert not isinstance(found, NoForecast)
    plot = Drawn()
    timeline = ActivityTimeline({ago(1): 2}, 0, {}, 6)
    strips = draw_fan(
        facts(timeline, 6, Progress(done=2, open=4)), found, AXIS_CELLS + 60, 8, TEXT_STYLES, plot
    )
    outer, inner, middle, left = plot.shapes
    assert isinstance(outer, PlotBand)
    assert isinstance(inner, PlotBand)
    assert isinstance(middle, PlotLine)
    assert isinstance(left, PlotLine)
    past = 12 * 7
    assert list(left.points) == [(at, 6 if at < past - 1 else 4) for at in range(past + 1)]
    expected = [(past + 7 * week, 4 - week) for week in range(5)]
    assert list(middle.points) == expected
    for band in (outer, inner):
        assert (list(band.lower), list(band.upper)) == (expected, expected), "every week is alike"
    assert plot.asked == [(60, 7, past + 28, 6)]
    end = text(strips)[-1]
    assert end.split() == ["20", "Dec", "2025", "today", "11", "Apr"]
    assert abs(end.index("today") + 2 - (AXIS_CELLS + past * 59 // (past + 28))) <= 1


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (25, "20 Dec 2025        16 May"),
        (26, "20 Dec 2025 today   16 May"),
        (30, "20 Dec 2025   today     16 May"),
    ],
)
def test_today_is_named_below_a_fan_where_there_is_room_between_its_ends(width: int, expected: str) -> None:
    weeks = [DrawnWeek((number, 0, 0, 0, 0, 0, 0), (0,) * 7) for number in (1, 2, 3, 4, 5)]
    found = forecast(weeks, 20, SATURDAY)
    assert not isinstance(found, NoForecast)
    strips = draw_fan(
        facts(ActivityTimeline({}, 0, {}, 20), 6), found, AXIS_CELLS + width, 8, TEXT_STYLES, None
    )
    assert text(strips)[-1] == f"{' ' * AXIS_CELLS}{expected}"


def test_fan_has_its_quantiles_in_order() -> None:
    weeks = [DrawnWeek((number, 0, 0, 0, 0, 0, 0), (0,) * 7) for number in (0, 1, 2, 3, 4)]
    found = forecast(weeks, 20, SATURDAY)
    assert not isinstance(found, NoForecast)
    plot = Drawn()
    draw_fan(facts(ActivityTimeline({}, 0, {}, 20), 6), found, 66, 8, TEXT_STYLES, plot)
    outer, inner, middle, _ = plot.shapes
    assert isinstance(outer, PlotBand)
    assert isinstance(inner, PlotBand)
    assert isinstance(middle, PlotLine)
    lines = (outer.lower, inner.lower, middle.points, inner.upper, outer.upper)
    for points in zip(*lines, strict=True):
        values = [value for _, value in points]
        assert values == sorted(values)
    assert outer.lower != inner.lower != middle.points != inner.upper != outer.upper


# Columns


def weeks_of(*numbers: int) -> list[ActiveWeek]:
    first = MONDAY - timedelta(weeks=len(numbers) - 1)
    return [ActiveWeek(first + timedelta(weeks=at), number) for at, number in enumerate(numbers)]


def test_columns_are_as_high_as_their_weeks() -> None:
    drawn = text(draw_columns(weeks_of(0, 1, 2, 4, 8), AXIS_CELLS + 10, 3, TEXT_STYLES))
    assert drawn == ["   8          █", "   0  ▁ ▂ ▄ █ █", "            Mar"]


@pytest.mark.parametrize(
    ("width", "expected"),
    [(26, "███ ███ ███ ███ ███"), (16, "█ █ █ █ █"), (11, "█████"), (9, "███"), (7, "█")],
)
def test_columns_are_as_wide_as_there_is_room(width: int, expected: str) -> None:
    weeks = weeks_of(9, 9, 9, 9, 9)
    drawn = text(draw_columns(weeks, width, 3, TEXT_STYLES))
    assert drawn[1][AXIS_CELLS:] == expected
    assert columns_that_fit(width, 5) == len(expected.replace(" ", "").replace("███", "█")) or width < 26


def test_the_last_weeks_are_those_that_are_shown() -> None:
    drawn = text(draw_columns(weeks_of(9, 1, 2), AXIS_CELLS + 2, 2, TEXT_STYLES))
    assert drawn[0] == "   2  ▄█"


def test_the_least_that_was_done_is_seen() -> None:
    drawn = text(draw_columns(weeks_of(1, 1000), AXIS_CELLS + 4, 2, TEXT_STYLES))
    assert drawn[0] == "1000  ▁ █"
    first = cells_of(draw_columns(weeks_of(1, 0, 1000), AXIS_CELLS + 6, 2, TEXT_STYLES)[0])
    assert (first[AXIS_CELLS][1], first[AXIS_CELLS + 2][1]) == (TEXT_STYLES.done, TEXT_STYLES.track)


def test_january_has_its_year() -> None:
    weeks = [ActiveWeek(date(2025, 12, 1) + timedelta(weeks=at), 1) for at in range(8)]
    assert (
        text(draw_columns(weeks, AXIS_CELLS + 32, 2, TEXT_STYLES))[1] == "      Dec                 Jan 2026"
    )


@pytest.mark.parametrize(("weeks", "height"), [([], 5), (weeks_of(1), 1), (weeks_of(1), 0)])
def test_without_room_or_weeks_there_are_no_columns(weeks: list[ActiveWeek], height: int) -> None:
    assert draw_columns(weeks, 40, height, TEXT_STYLES) == []
