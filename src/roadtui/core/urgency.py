"""How urgent a task is, as a number to sort by: the Tasks plugin's score. Pure."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from roadtui.core.fields import Priority

_OF_PRIORITY = {
    Priority.HIGHEST: 9.0,
    Priority.HIGH: 6.0,
    Priority.MEDIUM: 3.9,
    Priority.NONE: 1.95,
    Priority.LOW: 0.0,
    Priority.LOWEST: -1.8,
}
_MOST_FOR_DUE = 12.0
_FOR_SCHEDULED = 5.0
_FOR_FUTURE_START = -3.0


class Wanted(Protocol):
    """What a task says about when it is wanted, and how much: `Fields` does, and `Terms`."""

    @property
    def priority(self) -> Priority:
        """How much it matters."""

    @property
    def due(self) -> date | None:
        """Day it has to be done by."""

    @property
    def scheduled(self) -> date | None:
        """Day it is planned for."""

    @property
    def start(self) -> date | None:
        """Day from which it can be done."""


def urgency(task: Wanted, today: date) -> float:
    """The score of a task on `today`, from -4.8 to 26, most urgent highest (source: Tasks plugin)."""
    score = _OF_PRIORITY[task.priority]
    due, scheduled, start = task.due, task.scheduled, task.start
    if due is not None:
        score += _MOST_FOR_DUE * _share_of_due((today - due).days)
    if scheduled is not None and scheduled <= today:
        score += _FOR_SCHEDULED
    if start is not None and start > today:
        score += _FOR_FUTURE_START
    return score


def _share_of_due(days_late: int) -> float:
    """From 0.2, two weeks ahead or more, in a straight line to 1.0 at a week late."""
    if days_late >= 7:
        return 1.0
    if days_late >= -14:
        return (days_late + 14) * 0.8 / 21 + 0.2
    return 0.2
