"""The numbers that reports and charts show, of one scope over one span of time. Slow: for threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from roadtui.core.dates import add_months
from roadtui.core.stats.activity import (
    ActiveWeek,
    ActivityTimeline,
    AgeBuckets,
    BurnUp,
    Streak,
    burn_up,
    by_weekday,
    open_ages,
    pace,
    streak,
    weekly,
)
from roadtui.core.stats.forecast import Forecast, NoForecast
from roadtui.core.stats.progress import Progress
from roadtui.session.reports.report_scope import Breakdown, ReportScope, ScopeLevel
from roadtui.session.reports.summary import forecast_of
from roadtui.session.view_model import ReportContext

_LEAST_DAYS = 28
"""A span is at least so long, so that there is something to see."""


class TimeSpan(Enum):
    """How far back the insights look."""

    MONTH = 1
    QUARTER = 3
    HALF = 6
    YEAR = 12
    ALL = 0

    @property
    def label(self) -> str:
        """The span in words: `3 months`."""
        return _LABELS[self]

    @property
    def in_label(self) -> str:
        """`in 3 months`."""
        return _IN_LABELS.get(self, f"in {self.label}")

    def start(self, timeline: ActivityTimeline, today: date) -> date:
        """The first day of the span that ends `today`; of all: that of the first thing that happened."""
        if self is TimeSpan.ALL:
            happened = [day for days in (timeline.done, timeline.added) for day in days if day <= today]
            return min(*happened, today - timedelta(_LEAST_DAYS)) if happened else add_months(today, -12)
        return add_months(today, -self.value) + timedelta(1)


_LABELS = {
    TimeSpan.MONTH: "1 month",
    TimeSpan.QUARTER: "3 months",
    TimeSpan.HALF: "6 months",
    TimeSpan.YEAR: "year",
    TimeSpan.ALL: "all",
}
_IN_LABELS = {TimeSpan.YEAR: "in a year", TimeSpan.ALL: "with a date"}


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the cards are drawn from."""

    title: str
    today: date
    span: TimeSpan
    start: date
    """First day of the span; the last is `today`."""
    progress: Progress
    timeline: ActivityTimeline
    burn_up: BurnUp
    weeks: Sequence[ActiveWeek]
    """Those that the span touches, whole."""
    weekdays: Sequence[int]
    """Completions of the span, by weekday from Monday."""
    streak: Streak
    pace: float
    """Completions a week."""
    shares: Sequence[Breakdown]
    ages: AgeBuckets
    """Of what is open now."""
    put_off: int
    """Open tasks that start on a later day; the forecast leaves them out."""
    forecast: Forecast | NoForecast
    deadline: date | None
    seconds: int
    """Time spent in focus, whenever that was."""

    @property
    def done_in_span(self) -> int:
        """Completions on the days of the span."""
        return sum(self.weekdays)

    @property
    def left(self) -> int:
        """Tasks that are not done."""
        return self.progress.total - self.progress.done


class _Timeline(NamedTuple):
    """What is slow to compute for a scope, and is the same for every span."""

    timeline: ActivityTimeline
    ages: AgeBuckets
    put_off: int
    forecast: Forecast | NoForecast


class MetricsService:
    """Computes the metrics of one state of a vault, each once.

    For threads: calls block, and concurrent ones may do the same work but give equal results.
    """

    def __init__(self, context: ReportContext) -> None:
        """Count nothing yet. Another context needs another service."""
        self._context = context
        self._scopes: dict[ScopeLevel, ReportScope] = {}
        self._timelines: dict[ScopeLevel, _Timeline] = {}
        self._metrics: dict[tuple[ScopeLevel, TimeSpan], Metrics] = {}

    @property
    def today(self) -> date:
        """The day that the numbers are of."""
        return self._context.view.today

    def scope(self, level: ScopeLevel) -> ReportScope:
        """What is counted at `level`."""
        if level not in self._scopes:
            self._scopes[level] = ReportScope.of(self._context, level)
        return self._scopes[level]

    def metrics(self, level: ScopeLevel, span: TimeSpan) -> Metrics:
        """The numbers of `span` at `level`."""
        if (level, span) not in self._metrics:
            self._metrics[level, span] = _metrics(self.scope(level), self._course(level), self.today, span)
        return self._metrics[level, span]

    def _course(self, level: ScopeLevel) -> _Timeline:
        if level not in self._timelines:
            scope, today = self.scope(level), self.today
            snapshot, timeline = scope.snapshot, scope.timeline
            ages = open_ages(scope.list_tasks(), snapshot.statuses, snapshot.format, today, scope.days)
            put_off = scope.put_off(today)
            forecast = forecast_of(scope.progress, timeline, put_off, today, scope.deadline, has_fan=True)
            self._timelines[level] = _Timeline(timeline, ages, put_off, forecast)
        return self._timelines[level]


def _metrics(scope: ReportScope, counted: _Timeline, today: date, span: TimeSpan) -> Metrics:
    timeline = counted.timeline
    start = span.start(timeline, today)
    monday = start - timedelta(start.weekday())
    return Metrics(
        scope.title,
        today,
        span,
        start,
        scope.progress,
        timeline,
        burn_up(timeline, start, today),
        weekly(timeline.done, today, (today - monday).days // 7 + 1),
        by_weekday(timeline.done, start, today),
        streak(timeline.done, today, scope.grace),
        pace(timeline.done, today),
        scope.shares,
        counted.ages,
        counted.put_off,
        counted.forecast,
        scope.deadline,
        scope.seconds,
    )
