"""How the progress pane is drawn: what stands where, with and without a history, in every width."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from textual.geometry import Size

from roadtui.core.markdown import parse
from roadtui.core.next_actions.candidates import DueTask
from roadtui.core.stats.activity import ActivityTimeline, Streak
from roadtui.core.stats.forecast import Forecast, NoForecast, NoForecastReason
from roadtui.core.stats.progress import Progress
from roadtui.session.reports.report_scope import Breakdown
from roadtui.session.reports.summary import odds_in_words
from roadtui.ui.charts.progress_report import CHART_ROWS, Report, chart_cells, chart_rows, weeks_shown
from roadtui.ui.charts.report_painter import ReportPainter
from tests.ui.drawn_colours import TEXT_STYLES

TODAY = date(2026, 3, 14)
STANDING = Forecast(date(2026, 4, 11), date(2026, 5, 1), 0.3, ())
TOO_LITTLE = NoForecast(NoForecastReason.TOO_LITTLE_HISTORY, "A forecast appears later.")
NO_DAYS = ActivityTimeline({}, 3, {}, 6)


def report(**changes: object) -> Report:
    values: dict[str, object] = {
        "title": "Plan",
        "progress": Progress(done=3, in_progress=1, open=2),
        "timeline": ActivityTimeline({TODAY: 3}, 0, {}, 3),
        "today": TODAY,
        "size": Size(40, 40),
        "streak": Streak(2, 5),
        "pace": 1.25,
        "put_off": 0,
        "forecast": STANDING,
        "deadline": date(2026, 4, 2),
        **changes,
    }
    return Report(**values)  # type: ignore[arg-type]


def drawn(told: Report, width: int = 40) -> list[str]:
    return [strip.text.rstrip() for strip in ReportPainter(told, TEXT_STYLES, width).rows()]


def headings(told: Report) -> list[str]:
    """The headings after the progress, in order; each has a blank row above it."""
    return [line.split("  ")[0] for above, line in pairwise(drawn(told)) if not above and line.isupper()]


def test_what_is_put_off_stands_below_the_dates() -> None:
    lines = drawn(report(put_off=13))
    at = lines.index("FORECAST")
    assert lines[at + 2 : at + 4] == [" 1 May  4 in 5", "without 13 put off"]


def test_the_whole_pane() -> None:
    scope, done = ["⣀" * 34] * CHART_ROWS, ["⠁" * 34] * CHART_ROWS
    here = Breakdown("Probability & Statistics", Progress(1, 1, 1))
    lines = drawn(report(scope_rows=scope, done_rows=done, here=here))
    assert lines[:11] == [
        "PROGRESS  Plan",
        "50 %   3 done   1 doing   2 open",
        "━" * 20 + "╍" * 6 + "╾" + "─" * 13,
        "here Probability & Statistics        1/3",
        "",
        "FORECAST",
        "11 Apr  even odds",
        " 1 May  4 in 5",
        "deadline 2 Apr  3 in 10",
        "",
        "BURN-UP   ── scope   ── done",
    ]
    assert lines[11] == "   6  " + "⠁" * 34
    assert lines[16] == "   0  " + "⠁" * 34
    assert lines[17] == "      Nov                          today"
    assert lines[18:20] == ["", "LAST 17 WEEKS"]
    assert lines[-2:] == ["", "2-day streak   1.2 a week   best 5"]


def test_nothing_moves_where_the_cursor_is_in_no_part() -> None:
    inside = drawn(report(here=Breakdown("One", Progress(1, 0, 1))))
    outside = drawn(report())
    assert [line for line in inside if "here" not in line] == outside[:3] + outside[4:]
    assert outside[3] == ""


def test_without_days_stands_what_is_known() -> None:
    tasks = list(parse("- [ ] Late 📅 2026-03-12\n- [ ] Soon 📅 2026-03-17\n").tasks)
    due = [
        DueTask("Plan.md", tasks[0], TODAY - timedelta(2)),
        DueTask("Plan.md", tasks[1], TODAY + timedelta(3)),
    ]
    shares = [Breakdown("One", Progress(2, 0, 1)), Breakdown("Two, longer", Progress(1, 1, 17))]
    told = report(timeline=NO_DAYS, forecast=TOO_LITTLE, deadline=None, shares=shares, due=due)
    assert drawn(told)[5:] == [
        "FORECAST",
        "A forecast appears later.",
        "",
        "SIDE BY SIDE",
        "One                         ━━━━──   2/3",
        "Two, longer                 ╸─────  1/19",
        "",
        "most left Two, longer            18 open",
        "",
        "DUE",
        "Late                         2 days late",
        "Soon                                 Tue",
    ]
    assert headings(report(timeline=NO_DAYS)) == ["FORECAST"]
    fresh = report(progress=Progress(open=9), timeline=NO_DAYS, shares=[Breakdown("A", Progress(open=9))])
    assert drawn(fresh)[-1] == f"{'A':37}0/9"


def test_days_longer_ago_than_the_pane_shows_draw_no_empty_charts() -> None:
    long_ago = ActivityTimeline({TODAY - timedelta(weeks=19): 9}, 0, {}, 9)
    assert headings(report(timeline=long_ago)) == ["FORECAST"]


def test_the_streak_line_leaves_out_what_says_nothing() -> None:
    endings = {
        (run, longest, pace): drawn(report(streak=Streak(run, longest), pace=pace))[-1]
        for run, longest, pace in ((4, 4, 2.0), (0, 9, 0.4), (1, 1, 0.5))
    }
    assert endings == {
        (4, 4, 2.0): "4-day streak   2.0 a week",
        (0, 9, 0.4): "best 9",
        (1, 1, 0.5): "1-day streak   0.5 a week",
    }
    assert drawn(report(streak=Streak(0, 1), pace=0.1))[-1].startswith(" Sun")


def test_what_stands_in_place_of_a_forecast() -> None:
    done = report(
        progress=Progress(done=3), forecast=NoForecast(NoForecastReason.NOTHING_LEFT, "Everything is done.")
    )
    assert drawn(done)[5:8] == ["FORECAST", "Everything is done, the last of it", "today."]
    assert "deadline" not in "".join(drawn(done))
    far = report(forecast=Forecast(date(2026, 4, 1), None, None, ()), deadline=None)
    assert drawn(far)[6:8] == ["          1 Apr  even odds", "over five years  4 in 5"]
    unknown = report(forecast=TOO_LITTLE)
    assert drawn(unknown)[6:8] == ["A forecast appears later.", "deadline 2 Apr"]
    assert drawn(report(progress=Progress(cancelled=2))) == ["PROGRESS  Plan", "no tasks here"]


@pytest.mark.parametrize(
    ("odds", "words"),
    [
        (0.0, "hardly any chance"), (0.019, "hardly any chance"), (0.05, "1 in 20"), (0.08, "1 in 10"),
        (0.31, "3 in 10"), (0.5, "even odds"), (0.92, "9 in 10"), (0.95, "19 in 20"), (1.0, "almost sure"),
    ],
)  # fmt: skip
def test_odds_are_told_as_one_says_them(odds: float, words: str) -> None:
    assert odds_in_words(odds) == words


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (60, "50 %   3 done   1 doing   2 open   4 cancelled"),
        (46, "50 %   3 done   1 doing   2 open   4 cancelled"),
        (45, "50 %  3 done  1 doing  2 open  4 cancelled"),
        (42, "50 %  3 done  1 doing  2 open  4 cancelled"),
        (41, "50 %   3 done   1 doing   2 open …"),
        (33, "50 %  3 done  1 doing  2 open …"),
        (29, "50 %   3 done   1 doing …"),
        (24, "50 %  3 done  1 doing …"),
        (4, "50 % …"),
    ],
)
def test_numbers_stand_as_far_apart_as_there_is_room(width: int, expected: str) -> None:
    told = report(progress=Progress(3, 1, 2, 4))
    assert ReportPainter(told, TEXT_STYLES, width).rows()[1].text == expected


def test_counts_of_nothing_are_left_out() -> None:
    assert drawn(report(progress=Progress(done=0, open=64)))[1] == "0 %   0 done   64 open"


def test_a_very_narrow_pane_has_no_charts() -> None:
    assert len(drawn(report(), 29)) == 4
    assert len(drawn(report(), 30)) > 20


def test_one_row_for_a_narrow_screen() -> None:
    lines = {width: ReportPainter(report(), TEXT_STYLES, width).summary().text for width in (120, 70)}
    start = " 50 %   11 Apr even odds   deadline 2 Apr 3 in 10   2-day streak   P"
    assert all(line.startswith(start) for line in lines.values())
    assert {width: line.count("━") for width, line in lines.items()} == {120: 15, 70: 0}
    without_streak = ReportPainter(report(), TEXT_STYLES, 60).summary().text.rstrip()
    assert without_streak == " 50 %   11 Apr even odds   deadline 2 Apr 3 in 10   Plan"
    no_outlook = report(streak=Streak(0, 5), forecast=TOO_LITTLE)
    assert ReportPainter(no_outlook, TEXT_STYLES, 60).summary().text.rstrip().endswith("2 open   Plan")


@pytest.mark.parametrize(("odds", "is_late"), [(0.49, True), (0.5, False), (0.51, False)])
def test_a_deadline_that_will_be_missed_stands_out(odds: float, is_late: bool) -> None:
    told = report(forecast=Forecast(date(2026, 4, 1), date(2026, 5, 1), odds, ()))
    strips = ReportPainter(told, TEXT_STYLES, 40).rows()
    words = next(segment for strip in strips for segment in strip if "deadline" in segment.text)
    assert (words.style == TEXT_STYLES.overdue) is is_late


@pytest.mark.parametrize(
    ("width", "title"),
    [(30, "LAST 12 WEEKS"), (40, "LAST 17 WEEKS"), (41, "LAST 18 WEEKS"), (48, "LAST 21 WEEKS"),
     (60, "LAST 26 WEEKS")],
)  # fmt: skip
def test_weeks_stand_apart_where_enough_of_them_fit(width: int, title: str) -> None:
    assert title in drawn(report(size=Size(width, 40)), width)


def test_a_wide_and_high_pane_draws_more() -> None:
    sizes = [Size(40, 60), Size(48, 60), Size(48, 36), Size(48, 20)]
    assert [chart_rows(size) for size in sizes] == [6, 12, 9, 6]
    assert [weeks_shown(width) for width in (47, 48)] == [18, 26]


def test_charts_have_what_the_axis_leaves() -> None:
    assert [chart_cells(width) for width in (40, 7, 6, 5)] == [34, 1, 0, 0]


def test_weeks_of_the_burn_up_begin_in_the_month_of_their_first_day() -> None:
    scope = ["⣀" * 34] * CHART_ROWS
    later = TODAY + timedelta(days=30)
    told = report(
        today=later,
        timeline=ActivityTimeline({later: 1}, 0, {}, 3),
        scope_rows=scope,
        done_rows=[" " * 34] * CHART_ROWS,
    )
    lines = drawn(told)
    assert lines[17].split() == ["Dec", "today"]
    assert lines[11] == "   6  " + "⣀" * 34
