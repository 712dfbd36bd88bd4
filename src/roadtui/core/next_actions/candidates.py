"""The candidates for the next action in one note: its open tasks without open subtasks. Pure.

They are collected once for each state of a note (`core.next_actions.collector`), so that a change of the
vault only ranks a few candidates and reads no fields. `core.next_actions.ranking` compares the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import NamedTuple, Protocol

from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import Priority

SOON_DAYS = 7
"""A task due within this many days is due soon."""

NEVER = date.max.toordinal()
"""The ordinal that stands for no due date."""

SHORTLIST = 5
"""How many candidates without fields a short list keeps: as many as `roadtui next` lists by itself."""

MOST_SUGGESTED = 3
"""How many tasks a screen suggests."""


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

    position: int
    """`Task.index`."""
    section: int
    """`Section.index` of its section."""
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
    """The place of a candidate among those of its note."""

    is_waiting: bool
    group: int
    """Position in `SuggestionGroup`."""
    round: int
    """0, but 1 for the second task of a roadmap that is in none of the first two groups, 2 for the third …"""
    rank_key: RankKey
    position: int
    """`Task.index`, which is unique in a note."""


class NoteOutlook(NamedTuple):
    """What of a note is weighed for the next action."""

    candidates: tuple[Candidate, ...] = ()
    """In order of lines."""
    open_ids: Mapping[str, str] = {}
    """Ids of the note's open tasks, each with the description of the first task that has it."""
    depended_on: tuple[str, ...] = ()
    """Ids that its open tasks depend on, once for each task that names them."""
    last_done: Mapping[int, date] = {}
    """The last day with a completion, by `Section.index`, subsections included; 0 is the whole note."""


class BestOfDay(NamedTuple):
    """The first `SHORTLIST` candidates of a note on one day."""

    day: int
    """The ordinal of the day."""
    first: RankedCandidate | None
    """The best of them; None where nothing can be done on that day."""
    ranked: tuple[RankedCandidate, ...] | Callable[[], tuple[RankedCandidate, ...]]
    """The candidates, best first, or a function that returns them."""


class NoteCandidates:
    """The candidates for the next action in one note, whatever the day.

    What they are may be decoded with each access: those of a big vault are not all kept as objects.
    """

    __slots__ = ("_best", "_outlook", "has_dependencies", "has_ids", "is_empty", "last_day", "path")

    def __init__(
        self,
        path: str,
        outlook: NoteOutlook | Callable[[], NoteOutlook],
        *,
        is_empty: bool,
        has_ids: bool,
        has_dependencies: bool,
        last_day: int,
        best: BestOfDay | None = None,
    ) -> None:
        """Make the candidates of the note at `path`.

        Args:
            path: Relative to the vault.
            outlook: What is weighed, or a function that returns it.
            is_empty: Whether there are no candidates.
            has_ids: Whether an open task has an id, or depends on other tasks.
            has_dependencies: Whether a candidate has an id or depends on other tasks.
            last_day: The ordinal of the last day with a completion in the note; 0 without one.
            best: The first `SHORTLIST` candidates of a day, where they are known.
        """
        self._outlook = outlook
        self.path = path
        self.is_empty = is_empty
        self.has_ids = has_ids
        self.has_dependencies = has_dependencies
        self.last_day = last_day
        self._best = best

    @classmethod
    def of(cls, path: str, outlook: NoteOutlook) -> NoteCandidates:
        """The candidates of the note at `path`, kept as they are."""
        candidates, open_ids, depended_on, last_done = outlook
        return cls(
            path,
            outlook,
            is_empty=not candidates,
            has_ids=bool(open_ids or depended_on),
            has_dependencies=any(one.scheduling.id or one.scheduling.depends_on for one in candidates),
            last_day=last_done[0].toordinal() if 0 in last_done else 0,
        )

    @property
    def outlook(self) -> NoteOutlook:
        """What is weighed."""
        return self._outlook if isinstance(self._outlook, NoteOutlook) else self._outlook()

    @property
    def best(self) -> BestOfDay | None:
        """The first `SHORTLIST` candidates of the day for which they were asked for last."""
        return self._best

    def keep_best(self, day: date, ranked: tuple[RankedCandidate, ...]) -> None:
        """Keep the first candidates of `day`."""
        self._best = BestOfDay(day.toordinal(), ranked[0] if ranked else None, ranked)


NO_CANDIDATES = NoteCandidates.of("", NoteOutlook())


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
