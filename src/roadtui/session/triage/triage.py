"""The numbers of a triage: what a plan changes, what is left then, and when it will be done.

Computed from one state of a vault, for screens and commands. Slow calls say so: they are for threads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import NamedTuple

from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.note import Section, Task
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates, pace
from roadtui.core.stats.forecast import Forecast, NoForecast, NoForecastReason
from roadtui.core.stats.progress import Progress, add_up, counted
from roadtui.core.triage.effect import ChangedTask, changed_tasks
from roadtui.core.triage.parts import NoteParts, PartRow, Split
from roadtui.core.triage.plan import NO_PLAN, Part, PartKey, Plan
from roadtui.core.triage.smallest import smallest_first
from roadtui.core.triage.week import capacity
from roadtui.core.triage.what_if import Remaining, WhatIf, days_sooner
from roadtui.session.triage.scope import TriageScope
from roadtui.vault.snapshot import VaultNote


class Deadline(NamedTuple):
    """The deadline of one of the notes, and the odds that the note meets it."""

    note: VaultNote
    day: date
    now: float | None
    then: float | None
    """If the plan is carried out."""


class PlanForecasts(NamedTuple):
    """What becomes of the forecast."""

    now: Forecast | NoForecast
    then: Forecast | NoForecast
    """If the plan is carried out."""
    one_more: Forecast | NoForecast
    """If, besides, one more task is done each week."""
    left_now: Remaining
    left_then: Remaining
    deadline: Deadline | None = None

    @property
    def days_sooner(self) -> int | None:
        """By how many days all is done sooner; None where a date is missing."""
        return days_sooner(self.now, self.then)


class Weight(NamedTuple):
    """What a part adds to the whole."""

    days: int | None
    """By how many days all were done sooner without it; None where a date is missing."""
    share: float
    """Its share of what is left, from 0 to 1."""


class Triage:
    """A triage of some roadmaps on one day. Thread-safe."""

    def __init__(
        self,
        scope: TriageScope,
        today: date,
        days: Callable[[Iterable[VaultNote]], KnownDates] = lambda _notes: NO_KNOWN_DATES,
    ) -> None:
        """Count the notes of `scope`. Slow.

        Args:
            scope: What it is about.
            today: The last past day.
            days: Returns the recorded dates of notes' tasks, beyond the dates that the notes contain.
        """
        self.scope = scope
        self.today = today
        snapshot = scope.snapshot
        self.notes: Mapping[str, VaultNote] = {note.path: note for note in scope.notes}
        self.parts: Sequence[NoteParts] = [
            NoteParts(note.path, note.name, note.note, note.note_progress, snapshot.statuses)
            for note in scope.notes
        ]
        self._changed: dict[str, tuple[Plan, list[ChangedTask]]] = {}
        self._lock = Lock()
        due = self._note_with_deadline()
        only_note = due is not None and len(scope.notes) == 1
        known = days(scope.notes)
        self._what_if = self._counting(scope.notes, known, due.deadline if only_note and due else None)
        self._due = due
        self._due_what_if = (
            self._what_if if only_note or due is None else self._counting([due], days([due]), due.deadline)
        )

    def _note_with_deadline(self) -> VaultNote | None:
        """The main note if it has a deadline, else the note whose deadline comes first from today on."""
        main = self.scope.main
        if main is not None and main.deadline is not None:
            return main
        found = ((note.deadline, note.path, note) for note in self.scope.notes if note.deadline is not None)
        return min((one for one in found if one[0] >= self.today), default=(None, "", None))[2]

    def _counting(self, notes: Iterable[VaultNote], days: KnownDates, deadline: date | None) -> WhatIf:
        snapshot = self.scope.snapshot
        tasks = [
            task
            for note in notes
            for task in counted(note.note.tasks, note.note_progress, snapshot.statuses, snapshot.count_mode)
        ]
        return WhatIf(tasks, snapshot.statuses, snapshot.format, days, self.today, deadline)

    # What is known without a plan

    @property
    def progress(self) -> Progress:
        """The progress of all notes."""
        return add_up(note.progress for note in self.scope.notes)

    @property
    def pace(self) -> float:
        """Completions a week."""
        return pace(self._what_if.done, self.today)

    @property
    def capacity(self) -> int | None:
        """How many tasks a week holds; see `core.triage.week`."""
        return capacity(self._what_if.done, self.today)

    def rows(self, split: Split) -> list[PartRow]:
        """The parts to decide about, note by note; notes in which nothing is open are left out."""
        return [row for parts in self.parts if parts.open for row in parts.rows(split)]

    def split_further(self, key: PartKey, split: Split) -> Split | None:
        """`split` with one more level of the part `key`; None where it has no more parts."""
        parts = next((parts for parts in self.parts if parts.path == key.path), None)
        return parts.split_further(key, split) if parts is not None else None

    def suggestions(self) -> list[Suggestion]:
        """What can be done next, best first. Slow."""
        return self.scope.snapshot.all_suggestions(self.scope.notes, self.today)

    def smallest_steps(self, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
        """Those of `suggestions` that can be begun now, the smallest first."""
        snapshot = self.scope.snapshot
        return smallest_first(suggestions, snapshot.statuses, snapshot.format, self.today)

    # What a plan changes

    def changed(self, plan: Plan) -> list[ChangedTask]:
        """The tasks that `plan` changes, note by note. Only what is decided anew is found anew."""
        return [changed for parts in self.parts for changed in self._changed_in(parts, plan)]

    def changed_by_note(self, plan: Plan) -> dict[str, list[ChangedTask]]:
        """As `changed`, by the path of the note; notes that stay as they are are left out."""
        found = {parts.path: self._changed_in(parts, plan) for parts in self.parts}
        return {path: changed for path, changed in found.items() if changed}

    def _changed_in(self, parts: NoteParts, plan: Plan) -> list[ChangedTask]:
        own = {key: decision for key, decision in plan.items() if key.path == parts.path}
        known = self._changed.get(parts.path)
        if known is not None and known[0] == own:
            return known[1]
        found = changed_tasks(parts, own)
        self._changed[parts.path] = own, found
        return found

    def remaining(self, plan: Plan = NO_PLAN) -> Remaining:
        """What is left to do if `plan` is carried out."""
        return self._what_if.remaining(self.changed(plan))

    def forecasts(self, plan: Plan = NO_PLAN) -> PlanForecasts:
        """What becomes of the forecast. Slow the first time."""
        with self._lock:
            changed = self.changed(plan)
            what_if = self._what_if
            return PlanForecasts(
                what_if.forecast(),
                what_if.forecast(changed),
                what_if.forecast(changed, one_more=True),
                what_if.now,
                what_if.remaining(changed),
                self._deadline(changed),
            )

    def _deadline(self, changed: Sequence[ChangedTask]) -> Deadline | None:
        note = self._due
        if note is None or note.deadline is None:
            return None
        now, then = (_odds(self._due_what_if.forecast(changes)) for changes in ((), changed))
        return Deadline(note, note.deadline, now, then)

    def weights(self, rows: Iterable[PartRow]) -> dict[PartKey, Weight]:
        """What each of `rows` weighs as things are; a row whose tasks are all put off is left out. Slow."""
        counts = self._counts()
        left = self._what_if.now.left
        with self._lock:
            now = self._what_if.forecast()
            found = {}
            for row in rows:
                count = counts[row.part]
                if count:
                    then = self._what_if.forecast_of(left - count) if count < left else None
                    days = days_sooner(now, then) if then is not None else _until(now, self.today)
                    found[row.key] = Weight(days, count / left)
            return found

    def _counts(self) -> Counter[Part]:
        """How many of the tasks that are left are in each part."""
        found: Counter[Part] = Counter()
        for task in self._what_if.tasks_left:
            part: Part | None = task
            while isinstance(part, Task):
                found[part] += 1
                part = part.parent_task
            around: Section | None = task.section
            while around is not None:
                found[around] += 1
                around = around.parent
        return found


def _odds(found: Forecast | NoForecast) -> float | None:
    """The odds of the deadline; sure where nothing is left."""
    is_done = isinstance(found, NoForecast) and found.reason is NoForecastReason.NOTHING_LEFT
    return 1.0 if is_done else found.odds


def _until(now: Forecast | NoForecast, today: date) -> int | None:
    return (now.half - today).days if isinstance(now, Forecast) else None
