"""Forecasts when a roadmap will be done, by a Monte Carlo simulation. Pure: hashes replace random numbers.

Each run draws whole past weeks, with replacement: the completions and the added tasks on each of their seven
days. So the rhythm of a week is kept, and a good week stays together with the scope that grew in it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from hashlib import shake_128
from itertools import accumulate
from operator import add
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
_BLOCK_WEEKS = 26
"""So many weeks are simulated together: few enough that a near end costs little."""
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
    """The open tasks from today on, until nine tenths of the runs are done; empty where not asked for."""


class NoForecastReason(Enum):
    """Why there is no forecast."""

    NOTHING_LEFT = "nothing left"
    PUT_OFF = "put off"
    """All that is left is put off to later days."""
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
    *,
    has_fan: bool = True,
) -> Forecast | NoForecast:
    """Forecast when `left` open tasks will be done, at the pace of `weeks`. Equal inputs give equal results.

    A run is done on the first day at whose end no task is open. Takes milliseconds: too slow for every key;
    `Simulation` answers for many numbers of tasks.

    Args:
        weeks: Past weeks, as `recent_weeks` gives them; at most 255.
        left: The number of open tasks.
        today: The last past day; the simulation starts tomorrow.
        deadline: The day by whose end all tasks are to be done.
        runs: The number of runs to simulate.
        done_before: Completions in the days before these weeks, which are no whole week yet. They count for
            what is told to be missing for a forecast.
        has_fan: Whether to compute the fan, which takes as long as the days.
    """
    missing = no_forecast(weeks, left, done_before)
    if missing is not None:
        return missing
    return Simulation(weeks, today, runs).forecast(left, deadline, has_fan=has_fan)


def all_put_off(count: int) -> NoForecast:
    """The result where all that is open, `count` tasks, is put off to later days."""
    sentence = "All that is open starts later." if count > 1 else "The one that is open starts later."
    return NoForecast(NoForecastReason.PUT_OFF, sentence)


def no_forecast(weeks: Sequence[Week], left: int, done_before: int = 0) -> NoForecast | None:
    """Why no simulation is needed, or possible, for `left` open tasks; None where there is no such reason.

    The arguments are those of `forecast`.
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
    return None


def _too_little(active: int, completions: int, known: int) -> str:
    """What is missing, after `completions` in `active` of the `known` weeks."""
    span = "three of the last twelve weeks" if known >= HISTORY_WEEKS else "three weeks or more"
    missing = [
        quantity(number, unit)
        for number, unit in ((LEAST_DONE - completions, "task"), (LEAST_WEEKS - active, "week"))
        if number > 0
    ]
    return f"A forecast appears after five tasks done in {span}: {' and '.join(missing or ['1 week'])} to go."


class Simulation:
    """Simulates how open tasks decrease, for any number of them.

    The runs are the same for each number of tasks, so that fewer tasks are never done later. They are
    simulated as far as an answer needs them, and kept: the next answer takes a few milliseconds. Not
    thread-safe.
    """

    def __init__(self, weeks: Sequence[Week], today: date, runs: int = RUNS) -> None:
        """Simulate nothing yet; the arguments are those of `forecast`, and there is a week at least."""
        self._today = today
        self._runs = runs
        gains = [
            tuple(accumulate(done - added for done, added in zip(week.done, week.added, strict=True)))
            for week in weeks
        ]
        self._nets = [gained[-1] for gained in gains]
        self._tops = [tuple(accumulate(gained, max)) for gained in gains]
        """For each past week, the most by which the open tasks had decreased by the end of each day."""
        self._seed = repr(([tuple(week) for week in weeks], today.toordinal(), runs)).encode()
        self._drawn: list[bytes] = []
        """For each block of weeks and each run in it, the indexes of the past weeks that were drawn."""
        self._gained = [array("i", [0]) for _ in range(runs)]
        """For each run, by how much the open tasks have decreased at the end of each week, from today on."""
        is_steady = all(net == tops[-1] >= 0 for net, tops in zip(self._nets, self._tops, strict=True))
        self._best = self._gained if is_steady else [array("i", [0]) for _ in range(runs)]
        """As `_gained`, the most at the end of any day so far: a run that had no task left is done."""

    def forecast(
        self, left: int, deadline: date | None = None, *, has_fan: bool = False
    ) -> Forecast | NoForecast:
        """The forecast for `left` open tasks, at least one; see the function of this name."""
        days = self._days_done(left, deadline)
        half, likely = (self._day_of_share(days, share) for share in (0.5, 0.8))
        odds = None
        if deadline is not None:
            odds = bisect_right(days, (deadline - self._today).days) / self._runs
        if half is None:
            return NoForecast(NoForecastReason.NOT_AT_THIS_PACE, self._not_at_this_pace(), odds)
        fan = tuple(self._fan(left, days, self._horizon(deadline))) if has_fan else ()
        return Forecast(half, likely, odds, fan)

    def _days_done(self, left: int, deadline: date | None) -> list[int]:
        """For each run that does `left` tasks within the horizon, the number of days from today; in order."""
        horizon = self._horizon(deadline)
        weeks = min(horizon, (deadline - self._today).days // 7 + 1 if deadline is not None else 0)
        while (simulated := len(self._drawn) * _BLOCK_WEEKS) < horizon:
            done = sum(best[-1] >= left for best in self._best)
            if done >= FAN[-1] * self._runs and simulated >= weeks:
                break
            self._simulate_block()
        last = len(self._drawn) * _BLOCK_WEEKS
        days = []
        for run, best in enumerate(self._best):
            week = bisect_left(best, left)
            if week <= last:
                block, at = divmod(week - 1, _BLOCK_WEEKS)
                drawn = self._drawn[block][run * _BLOCK_WEEKS + at]
                missing = left - self._gained[run][week - 1]
                days.append(7 * week - 6 + bisect_left(self._tops[drawn], missing))
        days.sort()
        return days[: bisect_right(days, 7 * horizon)]

    def _horizon(self, deadline: date | None) -> int:
        """How many weeks to simulate; fewer where as many tasks are added as done: few runs finish."""
        if sum(self._nets) > 0:
            return HORIZON_WEEKS
        days = (deadline - self._today).days if deadline is not None else 0
        return min(HORIZON_WEEKS, max(_HORIZON_WEEKS_WITHOUT_GAIN, days // 7 + 1))

    def _simulate_block(self) -> None:
        """Simulate the next weeks in every run."""
        drawn = self._chances(len(self._drawn))
        self._drawn.append(drawn)
        net_of, top_of = self._nets.__getitem__, [tops[-1] for tops in self._tops].__getitem__
        for run, (gained, best) in enumerate(zip(self._gained, self._best, strict=True)):
            of_run = drawn[run * _BLOCK_WEEKS : (run + 1) * _BLOCK_WEEKS]
            gained.extend(accumulate(map(net_of, of_run), initial=gained.pop()))
            if best is not gained:
                tops = map(add, gained[-_BLOCK_WEEKS - 1 :], map(top_of, of_run))
                best.extend(accumulate(tops, max, initial=best.pop()))

    def _chances(self, block: int) -> bytes:
        """For each run and each week of a block, the index of a past week, uniformly distributed.

        The indexes are bytes of a hash of all inputs; bytes that would favour some weeks are dropped.
        """
        count = len(self._nets)
        fair = 256 - 256 % count
        table = bytes(value % count for value in range(256))
        unfair = bytes(range(fair, 256))
        stream = shake_128(self._seed + block.to_bytes(2, "big"))
        needed = self._runs * _BLOCK_WEEKS
        size = needed + needed // 8
        drawn = stream.digest(size).translate(table, unfair)
        while len(drawn) < needed:
            size *= 2
            drawn = stream.digest(size).translate(table, unfair)
        return drawn[:needed]

    def _fan(self, left: int, days: Sequence[int], horizon: int) -> Iterator[FanPoint]:
        """The points up to the first with nine tenths of the runs done."""
        for week in range(horizon + 1):
            done = bisect_right(days, 7 * week)
            is_complete = done >= FAN[-1] * self._runs
            if week <= _FAN_WEEKS_EACH or week % 13 == 0 or is_complete:
                yield self._fan_point(left, week, done)
            if is_complete:
                return

    def _fan_point(self, left: int, week: int, done: int) -> FanPoint:
        gained, best = ([one[week] for one in runs] for runs in (self._gained, self._best))
        still_open = sorted([left - now for now, most in zip(gained, best, strict=True) if most < left])
        indexes = (_quantile_index(share, self._runs) - done for share in FAN)
        return FanPoint(
            self._day(7 * week), tuple(still_open[index] if index >= 0 else 0 for index in indexes)
        )

    def _day_of_share(self, days: Sequence[int], share: float) -> date | None:
        index = _quantile_index(share, self._runs)
        return self._day(days[index]) if index < len(days) else None

    def _day(self, number: int) -> date:
        return date.fromordinal(min(self._today.toordinal() + number, date.max.toordinal()))

    def _not_at_this_pace(self) -> str:
        if sum(self._nets) <= 0:
            return "Not at this pace: as much is added as is done."
        return "Not at this pace: it takes more than five years."


def _quantile_index(share: float, runs: int) -> int:
    """Index, among sorted runs, of the run that completes `share` of them."""
    return max(0, -int(-share * runs // 1) - 1)
