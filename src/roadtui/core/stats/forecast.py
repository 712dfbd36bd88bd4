"""When it will be done, with honest odds: a Monte Carlo over recent weeks. Pure; its chance is a hash.

Each run draws whole weeks, with replacement, from those that went by: what was done and what was added on
each of their seven days. So a week's rhythm stays, and a good week stays with the scope that grew in it.
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
HISTORY_WEEKS = 12
"""How many weeks back the pace is drawn from."""
LEAST_WEEKS = 3
"""Fewer weeks with something done are too little history."""
LEAST_DONE = 5
"""Fewer completions are too little history."""
HORIZON_WEEKS = 260
"""Five years: what is not done by then is not done at this pace."""
FAN = (0.1, 0.25, 0.5, 0.75, 0.9)
"""The quantiles of a `FanPoint`."""

_FAN_WEEKS_EACH = 26
"""After so many weeks the fan has a point every quarter."""
_LUCK_WEEKS = 52
_WEEK = timedelta(weeks=1)


class Week(NamedTuple):
    """One week that went by, day by day."""

    done: tuple[int, ...]
    """Completions on each of its seven days."""
    added: tuple[int, ...]
    """Tasks that were added on each of them."""


class FanPoint(NamedTuple):
    """How much is left at the end of one day."""

    day: date
    left: tuple[int, ...]
    """Open tasks, at the quantiles `FAN` of the runs: the first is what the best tenth has left."""


class Forecast(NamedTuple):
    """When it will be done."""

    half: date
    """Half of the runs were done by the end of this day."""
    likely: date | None
    """Four fifths were; None where that takes more than `HORIZON_WEEKS`."""
    odds: float | None
    """The share of runs that made the deadline; None without one."""
    fan: tuple[FanPoint, ...]
    """From today on, until nine tenths are done."""


class NoForecastReason(Enum):
    """Why there is no forecast."""

    NOTHING_LEFT = "nothing left"
    TOO_LITTLE_HISTORY = "too little history"
    NOT_AT_THIS_PACE = "not at this pace"


class NoForecast(NamedTuple):
    """That it cannot be said when it will be done, and why."""

    why: NoForecastReason
    sentence: str
    odds: float | None = None
    """Of the deadline; only where there is a pace to tell by."""


def recent_weeks(
    done: Mapping[date, int], added: Mapping[date, int], today: date, weeks: int = HISTORY_WEEKS
) -> tuple[Week, ...]:
    """The last whole weeks, ending today; at most `weeks`, and none from before anything happened.

    What was added in the first week of all is the plan, not its growth.

    Args:
        done: Completions by day; days after today are left out.
        added: Tasks by the day they were added. Those that nothing dates were there from the beginning.
        today: The day it is.
        weeks: How far back to look.
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


def forecast(
    weeks: Sequence[Week], left: int, today: date, deadline: date | None = None, runs: int = RUNS
) -> Forecast | NoForecast:
    """When `left` open tasks will be done, at the pace of `weeks`. The same inputs give the same answer.

    A run is done on the first day at whose end nothing is left. Takes milliseconds: not for a key's path.

    Args:
        weeks: At most 255, as `recent_weeks` gives them.
        left: Open tasks.
        today: The last day that is over; the first day drawn is tomorrow.
        deadline: The day by whose end all is to be done.
        runs: How often to draw.
    """
    if left <= 0:
        return NoForecast(NoForecastReason.NOTHING_LEFT, "Everything is done.")
    active = sum(1 for week in weeks if sum(week.done))
    completions = sum(sum(week.done) for week in weeks)
    if active < LEAST_WEEKS or completions < LEAST_DONE:
        return NoForecast(NoForecastReason.TOO_LITTLE_HISTORY, _too_little(active, completions))
    return _Simulation(weeks, left, today, deadline, runs).outcome()


def _too_little(active: int, completions: int) -> str:
    if active >= LEAST_WEEKS:
        needed, had = quantity(LEAST_DONE, "completion"), completions
    else:
        needed, had = f"{quantity(LEAST_WEEKS, 'week')} with something done", active
    lately = {0: "there was none", 1: "there was only 1"}.get(had, f"there were only {had}")
    return f"Too little history for a forecast: it takes {needed}, and {lately} lately."


class _Simulation:
    """All runs at once, week by week, so that what is far from done costs next to nothing."""

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
        """By week drawn: how much less is left at the end of each day."""
        self._nets = [gains[-1] for gains in self._gains]
        self._peaks = [max(gains) for gains in self._gains]
        self._seed = repr(([tuple(week) for week in weeks], left, today.toordinal(), runs)).encode()
        self._left = [left] * runs
        """Of the runs that are not done yet."""
        self._finished: list[int] = []
        """Day, from today, on which runs were done; in order of weeks."""

    def outcome(self) -> Forecast | NoForecast:
        fan = [self._fan_point(0)]
        for week in range(1, self._horizon + 1):
            self._draw(week)
            if week <= _FAN_WEEKS_EACH or week % 13 == 0 or self._is_settled:
                fan.append(self._fan_point(week))
            if self._is_settled and (self._deadline is None or self._day(7 * week) >= self._deadline):
                break
        finished = sorted(self._finished)
        odds = self._odds(finished)
        half, likely = (self._when(finished, share) for share in (0.5, 0.8))
        if half is None:
            return NoForecast(NoForecastReason.NOT_AT_THIS_PACE, self._not_at_this_pace(), odds)
        return Forecast(half, likely, odds, tuple(self._until_settled(fan)))

    @property
    def _horizon(self) -> int:
        """How many weeks to look ahead: where scope grows as fast, only luck gets there, soon or never."""
        if sum(self._nets) > 0:
            return HORIZON_WEEKS
        days = (self._deadline - self._today).days if self._deadline is not None else 0
        return min(HORIZON_WEEKS, max(_LUCK_WEEKS, days // 7 + 1))

    @property
    def _is_settled(self) -> bool:
        return len(self._finished) >= FAN[-1] * self._runs

    def _draw(self, week: int) -> None:
        """Let one week go by in every run that is not done."""
        drawn = self._chances(week)
        left, peaks = self._left, self._peaks
        if left and min(left) <= max(peaks):
            done = [(some, which) for some, which in zip(left, drawn, strict=False) if some <= peaks[which]]
            going = [(some, which) for some, which in zip(left, drawn, strict=False) if some > peaks[which]]
            self._finished += [7 * (week - 1) + self._day_done(which, some) for some, which in done]
            self._left = [some - self._nets[which] for some, which in going]
        else:
            self._left = list(map(sub, left, map(self._nets.__getitem__, drawn)))

    def _day_done(self, which: int, left: int) -> int:
        """On which of its days, from 1, a week that gains `left` does so."""
        return next(number for number, gain in enumerate(self._gains[which], 1) if gain >= left)

    def _chances(self, week: int) -> bytes:
        """For each run that is not done the number of a week, each as likely as any other.

        Bytes of a hash of all inputs; those that would make some weeks likelier than others are dropped.
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
        places = (_place(share, self._runs) - done for share in FAN)
        return FanPoint(self._day(7 * week), tuple(left[place] if place >= 0 else 0 for place in places))

    def _until_settled(self, fan: Sequence[FanPoint]) -> Iterator[FanPoint]:
        """The points up to the first at which nine tenths are done; a deadline may have led further."""
        for point in fan:
            yield point
            if point.left[-1] == 0:
                return

    def _when(self, finished: Sequence[int], share: float) -> date | None:
        place = _place(share, self._runs)
        return self._day(finished[place]) if place < len(finished) else None

    def _odds(self, finished: Sequence[int]) -> float | None:
        if self._deadline is None:
            return None
        days = (self._deadline - self._today).days
        return sum(1 for day in finished if day <= days) / self._runs

    def _not_at_this_pace(self) -> str:
        if sum(self._nets) <= 0:
            return "Not at this pace: as much is added as is done."
        return "Not at this pace: it takes more than five years."


def _place(share: float, runs: int) -> int:
    """Position, among sorted runs, of the first by which `share` of them is covered."""
    return max(0, -int(-share * runs // 1) - 1)
