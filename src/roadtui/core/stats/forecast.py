"""Forecasts when a roadmap will be done, by a Monte Carlo simulation. Pure: hashes replace random numbers.

Each run draws whole past weeks, with replacement: the completions and the added tasks on each of their seven
days. So the rhythm of a week is kept, and a good week stays together with the scope that grew in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from hashlib import shake_128
from itertools import accumulate
from operator import sub
from typing import NamedTuple

from roadtui.core.quantity import quantity

RUNS = 2000
"""The number of simulated runs."""
HISTORY_WEEKS = 12
"""The number of past weeks to draw from."""
LEAST_WEEKS = 3
"""Fewer weeks with a completion are too little history."""
LEAST_DONE = 5
"""Fewer completions are too little history."""
HORIZON_WEEKS = 260
"""Five years. A run that is not done by then counts as never done."""
FAN = (0.1, 0.25, 0.5, 0.75, 0.9)
"""The quantiles of a `FanPoint`."""

_FAN_WEEKS_EACH = 26
"""The fan has a point for each of the first weeks; after this many, one for each quarter of a year."""
_HORIZON_WEEKS_WITHOUT_GAIN = 52
_WEEK = timedelta(weeks=1)


class Week(NamedTuple):
    """One past week, day by day."""

    done: tuple[int, ...]
    """Completions on each of its seven days."""
    added: tuple[int, ...]
    """Tasks added on each of its seven days."""


class FanPoint(NamedTuple):
    """The number of open tasks at the end of one day."""

    day: date
    left: tuple[int, ...]
    """Open tasks at the quantiles `FAN` of the runs; the first is that of the best tenth."""


class Forecast(NamedTuple):
    """The day on which all open tasks will be done, with its uncertainty."""

    half: date
    """Half of the runs are done by the end of this day."""
    likely: date | None
    """Four fifths of the runs are done by the end of this day; None if that takes over `HORIZON_WEEKS`."""
    odds: float | None
    """The share of runs that meet the deadline; None without a deadline."""
    fan: tuple[FanPoint, ...]
    """The open tasks from today on, until nine tenths of the runs are done."""


class NoForecastReason(Enum):
    """Why there is no forecast."""

    NOTHING_LEFT = "nothing left"
    TOO_LITTLE_HISTORY = "too little history"
    NOT_AT_THIS_PACE = "not at this pace"


class NoForecast(NamedTuple):
    """The result where no forecast can be made."""

    reason: NoForecastReason
    sentence: str
    """The reason, as a sentence for the user."""
    odds: float | None = None
    """The share of runs that meet the deadline; None without a deadline or with too little history."""


def recent_weeks(
    done: Mapping[date, int], added: Mapping[date, int], today: date, weeks: int = HISTORY_WEEKS
) -> tuple[Week, ...]:
    """The last whole weeks, ending today; at most `weeks`, and none before the first recorded day.

    Tasks added in the first week are the initial plan, not growth of scope, and are left out.

    Args:
        done: Completions by day; days after today are ignored.
        added: Tasks by the day they were added, without those of unknown day.
        today: The last day.
        weeks: The most weeks.
    """
    happened = (day for days in (done, added) for day, count in days.items() if count and day <= today)
    first = min(happened, default=today)
    known = min(weeks, ((today - first).days + 1) // 7)
    growing_from = first + _WEEK
    found = []
    for back in range(known, 0, -1):
        days = [today - timedelta(days=7 * back - 1 - day) for day in range(7)]
        grown = (added.get(day, 0) if day >= growing_from else 0 for day in days)
        found.append(Week(tuple(done.get(day, 0) for day in days), tuple(grown)))
    return tuple(found)


def done_before_weeks(done: Mapping[date, int], today: date, weeks: Sequence[Week]) -> int:
    """The completions before the first of `weeks`, where these are all that `recent_weeks` knows of."""
    first = today - len(weeks) * _WEEK
    return sum(count for day, count in done.items() if day <= first) if len(weeks) < HISTORY_WEEKS else 0


def forecast(
    weeks: Sequence[Week],
    left: int,
    today: date,
    deadline: date | None = None,
    runs: int = RUNS,
    done_before: int = 0,
) -> Forecast | NoForecast:
    """Forecast when `left` open tasks will be done, at the pace of `weeks`. Equal inputs give equal results.

    A run is done on the first day at whose end no task is open. Takes milliseconds: too slow for every key.

    Args:
        weeks: Past weeks, as `recent_weeks` gives them; at most 255.
        left: The number of open tasks.
        today: The last past day; the simulation starts tomorrow.
        deadline: The day by whose end all tasks are to be done.
        runs: The number of runs to simulate.
        done_before: Completions in the days before these weeks, which are no whole week yet. They count for
            what is told to be missing for a forecast.
    """
    if left <= 0:
        return NoForecast(NoForecastReason.NOTHING_LEFT, "Everything is done.")
    active = sum(1 for week in weeks if sum(week.done))
    completions = sum(sum(week.done) for week in weeks)
    if active < LEAST_WEEKS or completions < LEAST_DONE:
        return NoForecast(
            NoForecastReason.TOO_LITTLE_HISTORY,
            _too_little(active, completions + done_before, known=len(weeks)),
        )
    return _Simulation(weeks, left, today, deadline, runs).outcome()


def _too_little(active: int, completions: int, known: int) -> str:
    """What is missing, after `completions` in `active` of the `known` weeks."""
    span = "three of the last twelve weeks" if known >= HISTORY_WEEKS else "three weeks or more"
    missing = [
        quantity(number, unit)
        for number, unit in ((LEAST_DONE - completions, "task"), (LEAST_WEEKS - active, "week"))
        if number > 0
    ]
    return f"A forecast appears after five tasks done in {span}: {' and '.join(missing or ['1 week'])} to go."


class _Simulation:
    """Simulates all runs together, week by week: weeks far from the end of any run are cheap."""

    def __init__(
        self, weeks: Sequence[Week], left: int, today: date, deadline: date | None, runs: int
    ) -> None:
        self._today = today
        self._deadline = deadline
        self._runs = runs
        self._gains = [
            tuple(accumulate(done - added for done, added in zip(week.done, week.added, strict=True)))
            for week in weeks
        ]
        """For each past week, by how much the open tasks have decreased at the end of each of its days."""
        self._nets = [gains[-1] for gains in self._gains]
        self._peaks = [max(gains) for gains in self._gains]
        self._seed = repr(([tuple(week) for week in weeks], left, today.toordinal(), runs)).encode()
        self._left = [left] * runs
        """Open tasks of each run that is not done yet."""
        self._finished: list[int] = []
        """For each finished run, the number of days from today; in order of weeks."""

    def outcome(self) -> Forecast | NoForecast:
        fan = [self._fan_point(0)]
        for week in range(1, self._horizon + 1):
            self._draw(week)
            if week <= _FAN_WEEKS_EACH or week % 13 == 0 or self._is_fan_complete:
                fan.append(self._fan_point(week))
            if self._is_fan_complete and (self._deadline is None or self._day(7 * week) >= self._deadline):
                break
        finished = sorted(self._finished)
        odds = self._odds(finished)
        half, likely = (self._day_of_share(finished, share) for share in (0.5, 0.8))
        if half is None:
            return NoForecast(NoForecastReason.NOT_AT_THIS_PACE, self._not_at_this_pace(), odds)
        return Forecast(half, likely, odds, tuple(self._up_to_completion(fan)))

    @property
    def _horizon(self) -> int:
        """How many weeks to simulate; fewer where as many tasks are added as done: few runs finish."""
        if sum(self._nets) > 0:
            return HORIZON_WEEKS
        days = (self._deadline - self._today).days if self._deadline is not None else 0
        return min(HORIZON_WEEKS, max(_HORIZON_WEEKS_WITHOUT_GAIN, days // 7 + 1))

    @property
    def _is_fan_complete(self) -> bool:
        return len(self._finished) >= FAN[-1] * self._runs

    def _draw(self, week: int) -> None:
        """Simulate one week in every run that is not done."""
        drawn = self._chances(week)
        left, peaks = self._left, self._peaks
        if left and min(left) <= max(peaks):
            done = [
                (left_before, week_drawn)
                for left_before, week_drawn in zip(left, drawn, strict=False)
                if left_before <= peaks[week_drawn]
            ]
            still_open = [
                (left_before, week_drawn)
                for left_before, week_drawn in zip(left, drawn, strict=False)
                if left_before > peaks[week_drawn]
            ]
            self._finished += [
                7 * (week - 1) + self._day_done(week_drawn, left_before) for left_before, week_drawn in done
            ]
            self._left = [left_before - self._nets[week_drawn] for left_before, week_drawn in still_open]
        else:
            self._left = list(map(sub, left, map(self._nets.__getitem__, drawn)))

    def _day_done(self, week_drawn: int, left: int) -> int:
        """The day of the week, from 1, by which `left` tasks are done in it."""
        return next(number for number, gain in enumerate(self._gains[week_drawn], 1) if gain >= left)

    def _chances(self, week: int) -> bytes:
        """For each run that is not done, the index of a past week, uniformly distributed.

        The indexes are bytes of a hash of all inputs; bytes that would favour some weeks are dropped.
        """
        count = len(self._gains)
        fair = 256 - 256 % count
        table = bytes(value % count for value in range(256))
        unfair = bytes(range(fair, 256))
        stream = shake_128(self._seed + week.to_bytes(2, "big"))
        size = len(self._left)
        drawn = stream.digest(size).translate(table, unfair)
        while len(drawn) < len(self._left):
            size *= 2
            drawn = stream.digest(size).translate(table, unfair)
        return drawn

    def _day(self, number: int) -> date:
        return date.fromordinal(min(self._today.toordinal() + number, date.max.toordinal()))

    def _fan_point(self, week: int) -> FanPoint:
        left = sorted(self._left)
        done = self._runs - len(left)
        indexes = (_quantile_index(share, self._runs) - done for share in FAN)
        return FanPoint(self._day(7 * week), tuple(left[index] if index >= 0 else 0 for index in indexes))

    def _up_to_completion(self, fan: Sequence[FanPoint]) -> Iterator[FanPoint]:
        """The points up to the first with nine tenths of the runs done; a deadline may add later ones."""
        for point in fan:
            yield point
            if point.left[-1] == 0:
                return

    def _day_of_share(self, finished: Sequence[int], share: float) -> date | None:
        index = _quantile_index(share, self._runs)
        return self._day(finished[index]) if index < len(finished) else None

    def _odds(self, finished: Sequence[int]) -> float | None:
        if self._deadline is None:
            return None
        days = (self._deadline - self._today).days
        return sum(1 for day in finished if day <= days) / self._runs

    def _not_at_this_pace(self) -> str:
        if sum(self._nets) <= 0:
            return "Not at this pace: as much is added as is done."
        return "Not at this pace: it takes more than five years."


def _quantile_index(share: float, runs: int) -> int:
    """Index, among sorted runs, of the run that completes `share` of them."""
    return max(0, -int(-share * runs // 1) - 1)
