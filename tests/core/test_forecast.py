"""When it will be done: against what can be worked out by hand."""

from __future__ import annotations

from datetime import date, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadtui.core.stats.forecast import (
    FAN,
    HORIZON_WEEKS,
    Forecast,
    NoForecast,
    NoForecastReason,
    Simulation,
    Week,
    done_before_weeks,
    forecast,
    recent_weeks,
)

TODAY = date(2026, 3, 14)
NOTHING = (0,) * 7


def on_day(number: int, count: int) -> tuple[int, ...]:
    """A week with all of `count` on one day, from 1."""
    return (0,) * (number - 1) + (count,) + (0,) * (7 - number)


def dates(days: int) -> date:
    return TODAY + timedelta(days)


def made(found: Forecast | NoForecast) -> Forecast:
    assert isinstance(found, Forecast), found
    return found


@pytest.mark.parametrize(
    ("daily", "left", "days"), [(1, 1, 1), (1, 10, 10), (2, 15, 8), (3, 21, 7), (1, 400, 400)]
)
def test_a_constant_pace_leaves_nothing_to_chance(daily: int, left: int, days: int) -> None:
    found = made(forecast([Week((daily,) * 7, NOTHING)] * 3, left, TODAY, dates(days)))
    assert (found.half, found.likely, found.odds) == (dates(days), dates(days), 1.0)
    missed = made(forecast([Week((daily,) * 7, NOTHING)] * 3, left, TODAY, dates(days - 1)))
    assert missed.odds == 0.0


def test_scope_that_grows_is_worked_off_as_well() -> None:
    found = made(forecast([Week((2,) * 7, (1,) * 7)] * 4, 20, TODAY))
    assert found.half == found.likely == dates(20)


def test_what_is_done_on_one_day_of_the_week_ends_on_it() -> None:
    found = made(forecast([Week(on_day(3, 5), NOTHING)] * 3, 12, TODAY))
    assert found.half == found.likely == dates(2 * 7 + 3)


def binomial_tail(trials: int, hits: int, p: float) -> float:
    """The probability of at least `hits` of `trials`."""
    return sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(hits, trials + 1))


@pytest.mark.parametrize(("good", "bad"), [(3, 3), (3, 1), (3, 9), (3, 8)])
@pytest.mark.parametrize("hits", [1, 4, 10])
def test_weeks_of_two_kinds_are_binomial(good: int, bad: int, hits: int) -> None:
    """A good week does 2, a bad one nothing: done after n weeks if at least `hits` of n were good."""
    weeks = [Week(on_day(7, 2), NOTHING)] * good + [Week(NOTHING, NOTHING)] * bad
    p = good / (good + bad)
    for trials in (hits, round(hits / p), round(1.5 * hits / p) + 1):
        found = made(forecast(weeks, 2 * hits - 1, TODAY, dates(7 * trials), runs=4000))
        expected = binomial_tail(trials, hits, p)
        assert found.odds == pytest.approx(expected, abs=4 * (0.25 / 4000) ** 0.5)
    for share, day in ((0.5, found.half), (0.8, found.likely)):
        assert day is not None
        trials = (day - TODAY).days // 7
        assert binomial_tail(trials, hits, p) > share - 0.04
        assert binomial_tail(trials - 1, hits, p) < share + 0.04


@pytest.mark.parametrize(
    ("weeks", "reason", "says"),
    [
        (
            [],
            NoForecastReason.TOO_LITTLE_HISTORY,
            "after five tasks done in three weeks or more: 5 tasks and 3 weeks to go.",
        ),
        ([Week(on_day(1, 9), NOTHING)] * 2, NoForecastReason.TOO_LITTLE_HISTORY, "or more: 1 week to go."),
        ([Week(on_day(1, 1), NOTHING)] * 4, NoForecastReason.TOO_LITTLE_HISTORY, "or more: 1 task to go."),
        (
            [Week(NOTHING, NOTHING)] * 11 + [Week(on_day(1, 1), NOTHING)],
            NoForecastReason.TOO_LITTLE_HISTORY,
            "in three of the last twelve weeks: 4 tasks and 2 weeks to go.",
        ),
        (
            [Week(on_day(1, 2), on_day(2, 2))] * 3,
            NoForecastReason.NOT_AT_THIS_PACE,
            "as much is added as is done.",
        ),
        (
            [Week(on_day(1, 2), on_day(2, 3))] * 9,
            NoForecastReason.NOT_AT_THIS_PACE,
            "as much is added as is done.",
        ),
        ([Week(on_day(1, 2), NOTHING)] * 3, NoForecastReason.NOT_AT_THIS_PACE, "more than five years."),
    ],
)
def test_what_cannot_be_said_is_not_said(weeks: list[Week], reason: NoForecastReason, says: str) -> None:
    found = forecast(weeks, 1000, TODAY)
    assert isinstance(found, NoForecast)
    assert found.reason is reason
    assert found.sentence.endswith(says)


@pytest.mark.parametrize(
    ("done", "says"),
    [
        ({0: 2}, "3 tasks and 3 weeks to go."),
        ({0: 9}, "3 weeks to go."),
        ({0: 1, 7: 1, 8: 2}, "1 task and 2 weeks to go."),
        ({0: 1, 7: 1, 14: 1, 21: 1}, "1 task to go."),
        ({0: 1, 7: 1, 14: 1, 22: 2}, "1 week to go."),
    ],
    ids=str,
)
def test_what_was_done_in_the_first_days_counts_for_what_is_missing(done: dict[int, int], says: str) -> None:
    days = {TODAY - timedelta(back): number for back, number in done.items()}
    weeks = recent_weeks(days, {}, TODAY)
    found = forecast(weeks, 9, TODAY, done_before=done_before_weeks(days, TODAY, weeks))
    assert isinstance(found, NoForecast)
    assert found.sentence.endswith(f" {says}")


def test_nothing_left() -> None:
    assert forecast([], 0, TODAY) == NoForecast(NoForecastReason.NOTHING_LEFT, "Everything is done.")


def test_the_odds_of_a_deadline_are_told_even_where_no_date_is() -> None:
    found = forecast([Week(on_day(1, 2), NOTHING)] * 3, 1000, TODAY, dates(30))
    assert isinstance(found, NoForecast)
    assert found.odds == 0.0


def test_luck_is_looked_for_up_to_the_day_of_a_far_deadline() -> None:
    """As much is added as is done: only luck gets there, and it gets likelier the longer it may take."""
    weeks = [Week(on_day(1, 2), NOTHING)] * 3 + [Week(NOTHING, on_day(2, 2))] * 3
    odds = []
    for days in (7 * 52, 7 * 61, 7 * 61 + 1):
        found = forecast(weeks, 20, TODAY, dates(days))
        assert found.odds is not None
        odds.append(found.odds)
    assert 0 < odds[0] < odds[1] < odds[2]


def test_a_deadline_that_has_passed_cannot_be_made() -> None:
    assert made(forecast([Week((1,) * 7, NOTHING)] * 3, 1, TODAY, dates(-1))).odds == 0.0


def test_at_the_end_of_the_calendar() -> None:
    found = made(forecast([Week((1,) * 7, NOTHING)] * 3, 40, date.max - timedelta(3), date.max))
    assert found.half == date.max


weeks_of = st.builds(
    Week,
    st.tuples(*[st.integers(0, 4)] * 7),
    st.tuples(*[st.sampled_from([0, 0, 0, 1, 2])] * 7),
)


@given(st.lists(weeks_of, min_size=3, max_size=12), st.integers(1, 60), st.integers(1, 200))
def test_whatever_the_weeks(weeks: list[Week], left: int, days: int) -> None:
    found = forecast(weeks, left, TODAY, dates(days), runs=200)
    assert found == forecast(weeks, left, TODAY, dates(days), runs=200)
    if isinstance(found, NoForecast):
        return
    assert TODAY < found.half <= dates(7 * HORIZON_WEEKS)
    assert found.likely is None or found.half <= found.likely
    assert found.odds is not None
    assert found.odds >= 0.5 if found.half <= dates(days) else found.odds < 0.5
    assert found.fan[0].left == (left,) * len(FAN)
    assert [point.day for point in found.fan] == sorted({point.day for point in found.fan})
    for point in found.fan:
        assert list(point.left) == sorted(point.left)
        assert (point.left[FAN.index(0.5)] == 0) == (point.day >= found.half)
    later = forecast(weeks, left, TODAY, dates(days + 20), runs=200)
    assert (later.odds or 0) >= found.odds


@given(st.lists(weeks_of, min_size=3, max_size=12), st.lists(st.integers(1, 60), min_size=2, max_size=5))
def test_one_simulation_answers_for_any_number_of_tasks(weeks: list[Week], numbers: list[int]) -> None:
    """In any order of asking, as if each were asked alone; and fewer tasks are never done later."""
    simulation = Simulation(weeks, TODAY, runs=200)
    halves = []
    for left in numbers:
        found = simulation.forecast(left, dates(100), has_fan=True)
        alone = forecast(weeks, left, TODAY, dates(100), runs=200)
        if isinstance(alone, NoForecast) and alone.reason is NoForecastReason.TOO_LITTLE_HISTORY:
            return
        assert found == alone
        halves.append((left, found.half if isinstance(found, Forecast) else date.max))
    ordered = sorted(halves)
    assert [half for _, half in ordered] == sorted(half for _, half in halves)


def test_the_fan_is_left_out_where_nobody_draws_it() -> None:
    weeks = [Week(on_day(7, 2), NOTHING)] * 3
    with_fan, without = (forecast(weeks, 9, TODAY, has_fan=has_fan) for has_fan in (True, False))
    assert made(with_fan)._replace(fan=()) == without


def test_the_fan_narrows_to_nothing_for_nine_tenths() -> None:
    weeks = [Week(on_day(7, 2), NOTHING), Week(on_day(7, 1), NOTHING), Week(on_day(7, 3), NOTHING)]
    fan = made(forecast(weeks, 20, TODAY, dates(365))).fan
    assert fan[-1].left == (0,) * len(FAN)
    assert fan[-2].left[-1] > 0
    assert fan[4].left[0] < 20 - 4 * 2 < fan[4].left[-1]


def test_a_single_run_that_never_ends_gives_no_date() -> None:
    weeks = [Week(on_day(7, 2), on_day(1, 2))] * 3
    assert isinstance(forecast(weeks, 3, TODAY, runs=1), NoForecast)
    assert made(forecast([Week(on_day(7, 2), NOTHING)] * 3, 3, TODAY, runs=1)).half == dates(14)


def test_the_fan_has_a_point_for_each_week_of_half_a_year_then_for_each_quarter() -> None:
    weeks = [Week(on_day(7, 2), NOTHING)] * 3
    fan = made(forecast(weeks, 120, TODAY, runs=10)).fan
    assert [(point.day - TODAY).days // 7 for point in fan] == [*range(27), 39, 52, 60]
    assert [point.left[0] for point in fan] == [120 - (point.day - TODAY).days // 7 * 2 for point in fan]


class TestRecentWeeks:
    """The weeks that a forecast is drawn from."""

    def test_they_end_today_and_their_days_are_in_order(self) -> None:
        done = {TODAY: 1, dates(-1): 2, dates(-6): 3, dates(-7): 4, dates(-13): 5, dates(1): 99}
        assert recent_weeks(done, {}, TODAY) == (
            Week((5, 0, 0, 0, 0, 0, 4), NOTHING),
            Week((3, 0, 0, 0, 0, 2, 1), NOTHING),
        )

    def test_no_more_than_asked_for_and_none_before_anything_happened(self) -> None:
        done = {dates(-30): 1}
        assert len(recent_weeks(done, {}, TODAY)) == 4
        assert len(recent_weeks(done, {dates(-300): 1}, TODAY)) == 12
        assert len(recent_weeks(done, {}, TODAY, weeks=2)) == 2
        assert recent_weeks({}, {}, TODAY) == ()
        assert recent_weeks({dates(-5): 1}, {}, TODAY) == ()
        assert recent_weeks({date.max: 1}, {date.max: 1}, TODAY) == ()
        assert recent_weeks({TODAY: 0, dates(-100): 0}, {}, TODAY) == ()

    def test_the_plan_is_no_growth(self) -> None:
        added = {dates(-34): 50, dates(-29): 14, dates(-28): 9, dates(-27): 2, TODAY: 1}
        assert [sum(week.added) for week in recent_weeks({}, added, TODAY)] == [0, 2, 0, 0, 1]

    def test_what_was_added_long_ago_is_outside(self) -> None:
        weeks = recent_weeks({}, {dates(-200): 50, dates(-84): 3, dates(-83): 4}, TODAY)
        assert [sum(week.added) for week in weeks] == [4] + [0] * 11
