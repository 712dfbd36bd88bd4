"""All numbers that the insights show of one subject over one span of time. Counts: for a thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

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
from roadtui.session.report_scope import Breakdown, ReportScope
from roadtui.session.summary import forecast_of

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
        """As a user says it: `3 months`."""
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


@dataclass(frozen=True, slots=True)
class ScopeStats:
    """What takes time to find out of a subject, and is the same for every span."""

    subject: ReportScope
    course: ActivityTimeline
    ages: AgeBuckets
    forecast: Forecast | NoForecast


def stats_for(subject: ReportScope, today: date) -> ScopeStats:
    """Count `subject`."""
    snapshot, went = subject.snapshot, subject.course
    ages = open_ages(subject.tasks, snapshot.statuses, snapshot.format, today, subject.days)
    when = forecast_of(subject.progress, went.done, went.added, today, subject.deadline)
    return ScopeStats(subject, went, ages, when)


def metrics_for(record: ScopeStats, today: date, span: Span) -> Metrics:
    """The numbers of one span."""
    subject, went = record.subject, record.course
    start = span.start(went, today)
    monday = start - timedelta(start.weekday())
    return Metrics(
        subject.title,
        today,
        span,
        start,
        subject.progress,
        went,
        burn_up(went, start, today),
        weekly(went.done, today, (today - monday).days // 7 + 1),
        by_weekday(went.done, start, today),
        streak(went.done, today, subject.grace),
        pace(went.done, today),
        subject.shares,
        record.ages,
        record.forecast,
        subject.deadline,
        subject.seconds,
    )
