"""The candidates for the next action in one note: its open tasks without open subtasks. Pure.

They are collected once for each state of a note (`core.next_actions.collector`), so that a change of the
vault only ranks a few candidates and reads no fields. `core.next_actions.ranking` compares the notes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import NamedTuple, Protocol

from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import Priority

SOON_DAYS = 7
"""A task due within this many days is due soon."""

NEVER = date.max.toordinal()
"""The ordinal that stands for no due date."""

SHORTLIST = 3
"""How many candidates without fields a short list keeps: as many as a screen suggests."""


class Scheduling(NamedTuple):
    """When a task can and has to be done, by its own fields and those it inherits from its parents."""

    priority: Priority = Priority.NONE
    due: date | None = None
    """The task's own due date, else that of its nearest parent that has one."""
    due_from: int | None = None
    """`Task.index` of the parent that the due date is inherited from; None for the task's own."""
    start: date | None = None
    """The latest start date among the task and its parents."""
    scheduled: date | None = None
    id: str | None = None
    depends_on: frozenset[str] = frozenset()
    """Ids of the tasks that the task or one of its parents depends on."""
    is_on_hold: bool = False
    """Whether the task or one of its parents is on hold."""


NO_SCHEDULING = Scheduling()
"""The scheduling of a task without fields."""


class Candidate(NamedTuple):
    """An open task without open subtasks. Subtasks of a cancelled task are never candidates."""

    task: Task
    is_doing: bool
    """Whether the task is in progress."""
    scheduling: Scheduling
    is_first_open: bool = False
    """Whether it is the first open task directly below its parent task, or in its section."""


class RankKey(NamedTuple):
    """The criteria by which candidates are ranked, most important first; the smaller key comes first."""

    is_waiting: bool = False
    """Whether the task is on hold, or scheduled for a later day: after all others."""
    due_soon: int = SOON_DAYS + 1
    """Days until the due date, negative when overdue; `SOON_DAYS` + 1 for later or no due date."""
    is_not_doing: bool = True
    urgency_deficit: float = 0.0
    """By how much its urgency, by priority and scheduled day, is below that of a task without fields."""
    negated_unlocks: int = 0
    """Minus the number of open tasks that depend on the task."""
    is_not_next: bool = True
    negated_neglect: int = 0
    """Minus the weeks since something was done in its section, if the section is neglected."""
    due: int = NEVER
    is_not_started: bool = True


class SuggestionGroup(Enum):
    """The groups of suggestions, in their order."""

    DUE = "due"
    """Late, or due within `SOON_DAYS`."""
    IN_PROGRESS = "in progress"
    NEXT = "next"
    """The best of the other tasks of a roadmap."""
    LATER = "later"


class RankedCandidate(NamedTuple):
    """A candidate and its place among those of its note.

    `Task.index` is unique in a note, so that sorting never compares candidates.
    """

    is_waiting: bool
    group: int
    """Position in `SuggestionGroup`."""
    round: int
    """0, but 1 for the second task of a roadmap that is in none of the first two groups, 2 for the third …"""
    rank_key: RankKey
    position: int
    """`Task.index`."""
    candidate: Candidate


class NoteCandidates(NamedTuple):
    """The candidates for the next action in one note, whatever the day."""

    path: str
    candidates: tuple[Candidate, ...]
    """In order of lines."""
    open_ids: Mapping[str, str]
    """Ids of the note's open tasks, each with the description of the first task that has it."""
    depended_on: tuple[str, ...]
    """Ids that its open tasks depend on, once for each task that names them."""
    last_done: Mapping[int, date]
    """The last day with a completion, by `Section.index`, subsections included; 0 is the whole note."""
    has_dependencies: bool
    """Whether a candidate has an id or depends on other tasks."""
    best_by_day: dict[date, tuple[RankedCandidate, ...]]
    """A cache of `core.next_actions.ranking`: the first `SHORTLIST` candidates by day."""


NO_CANDIDATES = NoteCandidates("", (), {}, (), {}, False, {})


_PRIORITY_SCORE = {
    Priority.HIGHEST: 9.0,
    Priority.HIGH: 6.0,
    Priority.MEDIUM: 3.9,
    Priority.NONE: 1.95,
    Priority.LOW: 0.0,
    Priority.LOWEST: -1.8,
}
_MAX_DUE_SCORE = 12.0
_SCHEDULED_SCORE = 5.0
_FOR_FUTURE_START = -3.0


class HasUrgency(Protocol):
    """The fields that decide a task's urgency; `Fields` and `Scheduling` have them."""

    @property
    def priority(self) -> Priority:
        """The priority; `Priority.NONE` where the task has none."""

    @property
    def due(self) -> date | None:
        """The day by which the task has to be done."""

    @property
    def scheduled(self) -> date | None:
        """The day for which the task is planned."""

    @property
    def start(self) -> date | None:
        """The day from which the task can be done."""


def urgency(task: HasUrgency, today: date) -> float:
    """The score of a task on `today`, from -4.8 to 26, most urgent highest (source: Tasks plugin)."""
    score = _PRIORITY_SCORE[task.priority]
    due, scheduled, start = task.due, task.scheduled, task.start
    if due is not None:
        score += _MAX_DUE_SCORE * _share_of_due((today - due).days)
    if scheduled is not None and scheduled <= today:
        score += _SCHEDULED_SCORE
    if start is not None and start > today:
        score += _FOR_FUTURE_START
    return score


def _share_of_due(days_late: int) -> float:
    """Linear from 0.2 at two weeks before the due date, or earlier, to 1.0 at a week overdue."""
    if days_late >= 7:
        return 1.0
    if days_late >= -14:
        return (days_late + 14) * 0.8 / 21 + 0.2
    return 0.2


class DueTask(NamedTuple):
    """An open task that has a due date."""

    path: str
    task: Task
    day: date
