"""What becomes of the forecast if a plan is carried out: the same history, and other open tasks. Pure.

By the rules of every forecast: what is dropped is not counted, nor is when it was added; what is put off is
left out until its day. So the answer is the forecast of the notes as the plan leaves them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from roadtui.core.note import Task
from roadtui.core.stats.activity import KnownDates, activity_timeline, task_dates
from roadtui.core.stats.forecast import (
    Forecast,
    NoForecast,
    Simulation,
    Week,
    all_put_off,
    done_before_weeks,
    no_forecast,
    recent_weeks,
)
from roadtui.core.stats.put_off import tasks_put_off
from roadtui.core.tasks.field_specs import TaskFormat
from roadtui.core.tasks.status import StatusRegistry
from roadtui.core.triage.effect import ChangedTask
from roadtui.core.triage.plan import Choice

_MOST_SIMULATIONS = 4
"""How many paces are kept simulated: a plan changes the pace only where it drops what was added lately."""


class Remaining(NamedTuple):
    """What is left to do."""

    left: int
    """Open tasks that count and can be worked on."""
    put_off: int
    """Open tasks that count and start on a later day."""


class WhatIf:
    """Answers for one set of tasks on one day. Calls may take a tenth of a second: for threads.

    Each answer is kept, as is the simulation behind it: the next takes a few milliseconds. Not thread-safe.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        statuses: StatusRegistry,
        format: TaskFormat,
        days: KnownDates,
        today: date,
        deadline: date | None = None,
    ) -> None:
        """Count the tasks.

        Args:
            tasks: Those that count towards the progress.
            statuses: The statuses of the vault.
            format: How the vault writes fields.
            days: Recorded dates of the tasks, beyond those in their lines.
            today: The last past day.
            deadline: The day by whose end all is to be done.
        """
        self.today = today
        self.deadline = deadline
        timeline = activity_timeline(tasks, statuses, format, days)
        self.done: Mapping[date, int] = timeline.done
        """Completions by day."""
        self._added = timeline.added
        self._put_off = set(tasks_put_off(tasks, statuses, format, today))
        open_ones = [task for task in tasks if statuses.type_of(task.status_symbol).is_open]
        self._open = {task: task_dates(task, format).added or days.added.get(task) for task in open_ones}
        """The open tasks, each with the day on which it was added."""
        self.now = Remaining(len(open_ones) - len(self._put_off), len(self._put_off))
        """What is left without a plan."""
        self._simulations: dict[Sequence[Week], Simulation] = {}
        self._answers: dict[tuple[Sequence[Week], int, bool], Forecast | NoForecast] = {}

    @property
    def tasks_left(self) -> Iterator[Task]:
        """The open tasks that count and can be worked on."""
        return (task for task in self._open if task not in self._put_off)

    def remaining(self, changed: Iterable[ChangedTask]) -> Remaining:
        """What is left if `changed` is carried out; tasks that do not count here are passed over."""
        left, put_off = self.now
        for task, decision in changed:
            if task in self._open:
                if task in self._put_off:
                    put_off -= 1
                else:
                    left -= 1
                if decision.choice is Choice.LATER:
                    put_off += 1
        return Remaining(left, put_off)

    def forecast(
        self, changed: Iterable[ChangedTask] = (), *, one_more: bool = False
    ) -> Forecast | NoForecast:
        """The forecast if `changed` is carried out; with `one_more`, at a pace of one more task a week."""
        changed = list(changed)
        left, put_off = self.remaining(changed)
        if left <= 0 and put_off:
            return all_put_off(put_off)
        return self._answer(self._weeks(changed), left, one_more=one_more)

    def forecast_of(self, left: int) -> Forecast | NoForecast:
        """The forecast for another number of open tasks, at the pace of now."""
        return self._answer(self._weeks(()), left, one_more=False)

    def _weeks(self, changed: Iterable[ChangedTask]) -> Sequence[Week]:
        dropped = (self._open.get(task) for task, decision in changed if decision.choice is Choice.DROP)
        less = Counter(day for day in dropped if day is not None)
        added = {day: count - less[day] for day, count in self._added.items()} if less else self._added
        return recent_weeks(self.done, added, self.today)

    def _answer(self, weeks: Sequence[Week], left: int, *, one_more: bool) -> Forecast | NoForecast:
        key = (weeks, left, one_more)
        if key not in self._answers:
            self._answers[key] = no_forecast(
                weeks, left, done_before_weeks(self.done, self.today, weeks)
            ) or self._simulated(_with_one_more(weeks) if one_more else weeks, left)
        return self._answers[key]

    def _simulated(self, weeks: Sequence[Week], left: int) -> Forecast | NoForecast:
        simulation = self._simulations.pop(weeks, None) or Simulation(weeks, self.today)
        while len(self._simulations) >= _MOST_SIMULATIONS:
            del self._simulations[next(iter(self._simulations))]
        self._simulations[weeks] = simulation  # The one that was asked last comes last.
        return simulation.forecast(left, self.deadline)


def _with_one_more(weeks: Iterable[Week]) -> Sequence[Week]:
    """The weeks with one more completion in each, on its last day."""
    return tuple(Week((*done[:-1], done[-1] + 1), added) for done, added in weeks)


def days_sooner(now: Forecast | NoForecast, then: Forecast | NoForecast) -> int | None:
    """By how many days `then` is done sooner than `now`, negative for later; None where a date is missing."""
    if not isinstance(now, Forecast) or not isinstance(then, Forecast):
        return None
    return (now.half - then.half).days
