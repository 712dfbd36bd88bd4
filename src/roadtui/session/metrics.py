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
from roadtui.session.report_scope import Breakdown, ReportScope, ScopeLevel
from roadtui.session.summary import forecast_of
from roadtui.session.view_model import ReportContext

_LEAST_DAYS = 28
"""A span is at least so long, so that there is something to see."""


class Span(Enum):
    """How far back the insights look."""

    MONTH = 1
    QUARTER = 3
    HALF = 6
    YEAR = 12
    ALL = 0

    @property
    def words(self) -> str:
        """The span in words: `3 months`."""
        return _WORDS[self]

    @property
    def in_words(self) -> str:
        """`in 3 months`."""
        return _IN_WORDS.get(self, f"in {self.words}")

    def start(self, course: ActivityTimeline, today: date) -> date:
        """The first day of the span that ends `today`; of all: that of the first thing that happened."""
        if self is Span.ALL:
            happened = [day for days in (course.done, course.added) for day in days if day <= today]
            return min(*happened, today - timedelta(_LEAST_DAYS)) if happened else add_months(today, -12)
        return add_months(today, -self.value) + timedelta(1)


_WORDS = {
    Span.MONTH: "1 month",
    Span.QUARTER: "3 months",
    Span.HALF: "6 months",
    Span.YEAR: "year",
    Span.ALL: "all",
}
_IN_WORDS = {Span.YEAR: "in a year", Span.ALL: "with a date"}


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the cards are drawn from."""

    title: str
    today: date
    span: Span
    start: date
    """First day of the span; the last is `today`."""
    progress: Progress
    course: ActivityTimeline
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


class _Course(NamedTuple):
    """What is slow to compute for a scope, and is the same for every span."""

    course: ActivityTimeline
    ages: AgeBuckets
    forecast: Forecast | NoForecast


class MetricsService:
    """Computes the metrics of one state of a vault, each once.

    For threads: calls block, and concurrent ones may do the same work but give equal results.
    """

    def __init__(self, context: ReportContext) -> None:
        """Count nothing yet. Another context needs another service."""
        self._context = context
        self._scopes: dict[ScopeLevel, ReportScope] = {}
        self._courses: dict[ScopeLevel, _Course] = {}
        self._metrics: dict[tuple[ScopeLevel, Span], Metrics] = {}

    @property
    def today(self) -> date:
        """The day that the numbers are of."""
        return self._context.view.today

    def scope(self, level: ScopeLevel) -> ReportScope:
        """What is counted at `level`."""
        if level not in self._scopes:
            self._scopes[level] = ReportScope.of(self._context, level)
        return self._scopes[level]

    def metrics(self, level: ScopeLevel, span: Span) -> Metrics:
        """The numbers of `span` at `level`."""
        if (level, span) not in self._metrics:
            self._metrics[level, span] = _metrics(self.scope(level), self._course(level), self.today, span)
        return self._metrics[level, span]

    def _course(self, level: ScopeLevel) -> _Course:
        if level not in self._courses:
            scope, today = self.scope(level), self.today
            snapshot, course = scope.snapshot, scope.course
            ages = open_ages(scope.tasks, snapshot.statuses, snapshot.format, today, scope.days)
            forecast = forecast_of(scope.progress, course.done, course.added, today, scope.deadline)
            self._courses[level] = _Course(course, ages, forecast)
        return self._courses[level]


def _metrics(scope: ReportScope, counted: _Course, today: date, span: Span) -> Metrics:
    course = counted.course
    start = span.start(course, today)
    monday = start - timedelta(start.weekday())
    return Metrics(
        scope.title,
        today,
        span,
        start,
        scope.progress,
        course,
        burn_up(course, start, today),
        weekly(course.done, today, (today - monday).days // 7 + 1),
        by_weekday(course.done, start, today),
        streak(course.done, today, scope.grace),
        pace(course.done, today),
        scope.shares,
        counted.ages,
        counted.forecast,
        scope.deadline,
        scope.seconds,
    )
