"""What is decided on the screen of the way out, and what it lists: steps, parts, the few of the week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import NamedTuple

from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.tasks.fields import read_fields
from roadtui.core.triage.parts import Depth, PartRow, Split
from roadtui.core.triage.plan import Decision, Part, PartKey, Plan, keys_still_sure
from roadtui.core.triage.week import WEEK_DAYS, days_for
from roadtui.session.triage.triage import PlanForecasts, Triage, Weight
from roadtui.session.triage.writing import NoteTasks

SMALL_STEPS = 5
"""How many small steps are offered."""
_MOST_OF_A_WEEK = 60
"""How many tasks the week is chosen from."""


class TriageStep(Enum):
    """The steps of the way out, in order; the value is the title."""

    ONE_STEP = "one step"
    SMALLER = "make it smaller"
    WEEK = "this week"


class WeekTask(NamedTuple):
    """A task that this week can be planned with."""

    key: PartKey
    suggestion: Suggestion
    day: date | None
    """The day that it is planned for; None where it is not."""
    is_chosen: bool
    """Whether it was chosen here, and not planned before."""


class TriageState:
    """The decisions so far, for one `Triage` after the other as the vault changes."""

    def __init__(self, triage: Triage, suggestions: Sequence[Suggestion]) -> None:
        """Decide nothing yet. `suggestions` are those of `triage`."""
        self.triage = triage
        self.suggestions = suggestions
        self.step = TriageStep.ONE_STEP if suggestions else TriageStep.SMALLER
        self.plan: Plan = {}
        self.split: Split = {}
        if triage.parts:
            first = triage.parts[0]
            self.split = triage.split_further(PartKey(first.path), {}) or {}
        self.marked: frozenset[PartKey] = frozenset()
        self._chosen: tuple[PartKey, ...] = ()
        self.forecasts: PlanForecasts | None = None
        """None until it is computed."""
        self.weights: Mapping[PartKey, Weight] = {}

    def follow(self, triage: Triage, suggestions: Sequence[Suggestion]) -> None:
        """Go on with a newer state of the vault; decisions about parts that certainly stayed are kept."""
        before = {parts.path: parts.by_key for parts in self.triage.parts}
        there = {
            key
            for parts in triage.parts
            if parts.path in before
            for key in keys_still_sure(before[parts.path], parts.by_key)
        }
        self.triage, self.suggestions = triage, suggestions
        self.weights = {}
        self.plan = {key: decision for key, decision in self.plan.items() if key in there}
        self.split = {key: depth for key, depth in self.split.items() if key in there}
        self.marked &= there
        self._chosen = tuple(key for key in self._chosen if key in there)

    # One step

    @property
    def small_steps(self) -> list[Suggestion]:
        """The smallest things to begin with."""
        return self.triage.smallest_steps(self.suggestions)[:SMALL_STEPS]

    # Make it smaller

    @property
    def rows(self) -> list[PartRow]:
        """The parts to decide about."""
        return self.triage.rows(self.split)

    def decide(self, keys: Iterable[PartKey], decision: Decision) -> None:
        """Decide about parts; the same decision once more takes it back."""
        chosen = list(keys)
        plan = dict(self.plan)
        is_undone = all(plan.get(key) == decision for key in chosen)
        for key in chosen:
            if is_undone:
                plan.pop(key, None)
            else:
                plan[key] = decision
        self.plan = plan
        self.marked = frozenset()

    def decision_around(self, row: PartRow) -> Decision | None:
        """The decision about the nearest part around `row` that has one."""
        key_of = self._key_of(row.key.path)
        part: Part | None = _around(row.part)
        while part is not None:
            found = self.plan.get(key_of[part])
            if found is not None:
                return found
            part = _around(part)
        return None

    def toggle_mark(self, key: PartKey) -> None:
        """Mark a part, or unmark it."""
        self.marked ^= {key}

    def split_further(self, key: PartKey) -> bool:
        """List the parts of `key`; False where it has no more."""
        split = self.triage.split_further(key, self.split)
        if split is not None:
            self.split = split
        return split is not None

    def join(self, key: PartKey) -> bool:
        """List the parts of `key` no more; False where none are listed."""
        if key not in self.split:
            return False
        self.split = {other: depth for other, depth in self.split.items() if other != key}
        return True

    def is_split(self, key: PartKey) -> Depth | None:
        """How far `key` is split."""
        return self.split.get(key)

    # This week

    @property
    def week(self) -> list[WeekTask]:
        """The tasks to choose from: those planned for the week already, then what can be done, best first.

        What the plan puts off or drops is left out.
        """
        going = {task for task, _ in self.triage.changed(self.plan)}
        days = self._days()
        found = []
        for one in self.suggestions:
            if one.task in going:
                continue
            key = self._key_of(one.path)[one.task]
            planned = self._planned_day(one.task)
            if planned is not None and planned >= self.triage.today + timedelta(WEEK_DAYS):
                continue
            found.append(WeekTask(key, one, days.get(key, planned), key in days))
        found.sort(key=lambda one: one.day is None or one.is_chosen)
        return found[:_MOST_OF_A_WEEK]

    @property
    def planned_count(self) -> int:
        """How many tasks the week has, with those chosen here."""
        return sum(one.day is not None for one in self.week)

    @property
    def chosen_count(self) -> int:
        """How many tasks are chosen here for the week."""
        return len(self._chosen)

    def toggle_chosen(self, key: PartKey) -> None:
        """Choose a task for the week, or no longer."""
        if key in self._chosen:
            self._chosen = tuple(other for other in self._chosen if other != key)
        else:
            self._chosen = (*self._chosen, key)

    def _days(self) -> dict[PartKey, date]:
        """The day of each task that is chosen."""
        tasks = [(key, self._task(key)) for key in self._chosen]
        there = [(key, task) for key, task in tasks if task is not None]
        format = self.triage.scope.snapshot.format
        due = [read_fields(task.text, format).due for _, task in there]
        days = days_for(due, self.triage.today)
        return {key: day for (key, _), day in zip(there, days, strict=True)}

    def _planned_day(self, task: Task) -> date | None:
        return read_fields(task.text, self.triage.scope.snapshot.format).scheduled

    def _task(self, key: PartKey) -> Task | None:
        parts = (parts.by_key.get(key) for parts in self.triage.parts if parts.path == key.path)
        found = next(parts, None)
        return found if isinstance(found, Task) else None

    def _key_of(self, path: str) -> Mapping[Part, PartKey]:
        return next(parts.key_of for parts in self.triage.parts if parts.path == path)

    # All of it

    @property
    def is_decided(self) -> bool:
        """Whether anything was decided or chosen."""
        return bool(self.plan or self._chosen)

    def to_write(self) -> list[NoteTasks]:
        """What is to be written, note by note."""
        changed = self.triage.changed_by_note(self.plan)
        going = {task for tasks in changed.values() for task, _ in tasks}
        planned: dict[str, dict[Task, date]] = {}
        for key, day in self._days().items():
            task = self._task(key)
            if task is not None and task not in going:
                planned.setdefault(key.path, {})[task] = day
        return [
            NoteTasks(note, changed.get(path, ()), planned.get(path, {}))
            for path, note in self.triage.notes.items()
            if path in changed or path in planned
        ]


def _around(part: Part) -> Part | None:
    if isinstance(part, Section):
        return part.parent
    around: ListItem | None = part.parent_task
    return around if isinstance(around, Task) else part.section
