"""What one week holds: how much is done in most weeks, and a day for each task that is chosen. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from roadtui.core.stats.forecast import LEAST_WEEKS, recent_weeks

WEEK_DAYS = 7
"""The coming week: today and the six days after it."""
FEW_WITHOUT_HISTORY = 3
"""How many tasks a week is planned with where there is no history."""
_SHARE_OF_BAD_WEEKS = 0.2


def capacity(done: Mapping[date, int], today: date) -> int | None:
    """How many tasks are done in at least four of five weeks, by the last 12; None with too little history.

    At least 1: who does something now and then can choose one thing.
    """
    counts = sorted(sum(week.done) for week in recent_weeks(done, {}, today))
    if sum(count > 0 for count in counts) < LEAST_WEEKS:
        return None
    return max(1, counts[int(_SHARE_OF_BAD_WEEKS * len(counts))])


def days_for(due: Sequence[date | None], today: date) -> list[date]:
    """A day of the coming week for each task, from today on, evenly; none after its day in `due`.

    A task that is late gets its day as if it were not due.
    """
    days = (today + timedelta(at * WEEK_DAYS // len(due)) for at in range(len(due)))
    return [
        min(day, by) if by is not None and by >= today else day for day, by in zip(days, due, strict=True)
    ]
