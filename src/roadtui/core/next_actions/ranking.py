"""Ranks the candidates for the next action, with the reasons. Pure: the day comes in as an argument.

The first criterion of `RankKey` in which two candidates differ decides between them (docs/next.md has the
table, tests/core/test_ranking.py tests it). The reasons shown are the criteria that decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from heapq import nsmallest
from itertools import chain
from typing import NamedTuple

from roadtui.core.dates import day_text
from roadtui.core.next_actions.candidates import (
    NEVER,
    NO_SCHEDULING,
    SOON_DAYS,
    Candidate,
    NoteCandidates,
    RankedCandidate,
    RankKey,
    Scheduling,
    urgency,
)
from roadtui.core.next_actions.waiting import waiting
from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import Priority

NEGLECTED_DAYS = 28
"""A section without a completion for this long is neglected, if its roadmap has a recent one elsewhere."""

MOVING_DAYS = 14
"""A section only counts as neglected if its roadmap has a completion within this many days."""

IN_PROGRESS = "in progress"
NEXT_IN_LINE = "next in line"
LATER_IN_LINE = "later in line"

_COUNTED_DAYS = 14
"""A due date further ahead than this is shown as a date, not as a number of days."""

_USUAL = urgency(NO_SCHEDULING, date.min)

_BEFORE_UNMARKED = RankKey(negated_neglect=-date.max.toordinal())
"""Smaller keys come before every task without fields that is not the next in line."""


class Suggestion(NamedTuple):
    """A task that could be done next, and why."""

    path: str
    task: Task
    reasons: tuple[str, ...]
    """Most important first; never empty."""

    @property
    def reason(self) -> str:
        """The most important reason."""
        return self.reasons[0]


class Dependencies(NamedTuple):
    """How the open tasks of a vault depend on one another."""

    open_ids: Mapping[str, str]
    """Ids of open tasks, each with its description; tasks that depend on them are blocked (Tasks plugin)."""
    depended_on: Mapping[str, int]
    """The number of open tasks that depend on an id."""

    @classmethod
    def of(cls, notes: Iterable[NoteCandidates]) -> Dependencies:
        """The dependencies in all `notes` of a vault."""
        with_ids = [note for note in notes if note.open_ids or note.depended_on]
        open_ids: dict[str, str] = {}
        for note in reversed(with_ids):  # Of several tasks with one id, the first gives the description.
            open_ids.update(note.open_ids)
        return cls(open_ids, Counter(chain.from_iterable(note.depended_on for note in with_ids)))


class _RankedInVault(NamedTuple):
    """A candidate and its sort key in the whole vault; compared field by field."""

    is_waiting: bool
    round: int
    """0 for the best candidate of a roadmap, 1 for the second …"""
    rank_key: RankKey
    not_recent: int
    """Minus the ordinal of the last day with a completion in the roadmap."""
    roadmap: int
    """Index of the roadmap."""
    position: int
    """`Task.index`, which is unique in a roadmap: the candidate itself is never compared."""
    candidate: Candidate


def rank(
    roadmaps: Iterable[NoteCandidates], dependencies: Dependencies, today: date, count: int | None = None
) -> list[Suggestion]:
    """The candidates that can be done on `today`: the best of each roadmap, then the second best, and so on.

    Equal ones are sorted by the last completion in their roadmap, the latest first, then by the order of
    `roadmaps`, then by line. Time is linear in the candidates.

    Args:
        roadmaps: The candidates of each note.
        dependencies: The dependencies of the whole vault.
        today: The day of the user.
        count: How many to return; None for all. With short lists of candidates, at most `SHORTLIST`.
    """
    notes = list(roadmaps)
    best_of_each = [
        _with_round(note, number, 0, best)
        for number, note in enumerate(notes)
        if note.candidates and (best := _best(note, dependencies, today)) is not None
    ]
    if count is not None and sum(1 for best in best_of_each if not best.is_waiting) >= count:
        chosen = nsmallest(count, best_of_each)
    else:
        chosen = sorted(
            _with_round(note, number, round_number, ranked_candidate)
            for number, note in enumerate(notes)
            for round_number, ranked_candidate in enumerate(
                sorted(_rank_candidates(note, dependencies, today))
            )
        )[:count]
    return [_suggestion(notes[ranked.roadmap].path, ranked, today) for ranked in chosen]


def _suggestion(path: str, ranked: _RankedInVault, today: date) -> Suggestion:
    candidate = ranked.candidate
    return Suggestion(path, candidate.task, tuple(_reasons(ranked.rank_key, candidate.scheduling, today)))


def _with_round(
    note: NoteCandidates, number: int, round_number: int, ranked_candidate: RankedCandidate
) -> _RankedInVault:
    rank_key, position, candidate = ranked_candidate
    not_recent = -note.last_done[0].toordinal() if 0 in note.last_done else 0
    return _RankedInVault(
        rank_key.is_waiting, round_number, rank_key, not_recent, number, position, candidate
    )


def _best(note: NoteCandidates, dependencies: Dependencies, today: date) -> RankedCandidate | None:
    """The best candidate of a roadmap; cached by day unless it depends on other notes."""
    if not note.has_dependencies and today in note.best_by_day:
        return note.best_by_day[today]
    best = min(_rank_candidates(note, dependencies, today, only_best=True), default=None)
    note.best_by_day[today] = best
    return best


def _rank_candidates(
    note: NoteCandidates, dependencies: Dependencies, today: date, *, only_best: bool = False
) -> list[RankedCandidate]:
    """The candidates of a roadmap that can be done on `today`, with their rank keys.

    `only_best` leaves out candidates that cannot be the first: once a candidate is found that comes before
    every task without fields, all of these.
    """
    found: list[RankedCandidate] = []
    has_next_in_line = False
    has_better_than_unmarked = False
    sections: set[int] = set()
    for candidate in note.candidates:
        scheduling = candidate.scheduling
        if only_best and has_better_than_unmarked and scheduling is NO_SCHEDULING and not candidate.is_doing:
            sections.add(candidate.task.section.index)
            continue
        if scheduling is not NO_SCHEDULING and not _can_be_done(candidate, dependencies, today):
            continue
        is_waiting = scheduling.is_on_hold or _is_planned_for_later(candidate, today)
        is_next = not (has_next_in_line or is_waiting or candidate.is_doing)
        has_next_in_line = has_next_in_line or is_next
        section = candidate.task.section.index
        is_first = section not in sections and not is_waiting
        if is_first:
            sections.add(section)
        rank_key = RankKey(
            is_waiting,
            not candidate.is_doing,
            min((scheduling.due - today).days, SOON_DAYS + 1) if scheduling.due else SOON_DAYS + 1,
            _USUAL - urgency(scheduling._replace(due=None, start=None), today)
            if scheduling is not NO_SCHEDULING
            else 0.0,
            -dependencies.depended_on.get(scheduling.id, 0) if scheduling.id else 0,
            not is_next,
            -_weeks_of_neglect(note.last_done, section, today) if is_first else 0,
            scheduling.due.toordinal() if scheduling.due else NEVER,
            scheduling.start is None or scheduling.start > today,
        )
        has_better_than_unmarked = has_better_than_unmarked or (
            has_next_in_line and rank_key < _BEFORE_UNMARKED
        )
        found.append((rank_key, candidate.task.index, candidate))
    return found


def _can_be_done(candidate: Candidate, dependencies: Dependencies, today: date) -> bool:
    scheduling = candidate.scheduling
    is_doing = candidate.is_doing
    waiting_for = waiting(
        scheduling.depends_on, scheduling.start, dependencies.open_ids, today, is_doing=is_doing
    )
    return waiting_for is None


def _is_planned_for_later(candidate: Candidate, today: date) -> bool:
    scheduled = candidate.scheduling.scheduled
    return scheduled is not None and scheduled > today and not candidate.is_doing


def _weeks_of_neglect(last_done: Mapping[int, date], section: int, today: date) -> int:
    """Whole weeks since the last completion in a neglected section; 0 for any other, and outside headings."""
    if section == 0 or section not in last_done:
        return 0
    days = (today - last_done[section]).days
    is_neglected = days >= NEGLECTED_DAYS and (today - last_done[0]).days <= MOVING_DAYS
    return days // 7 if is_neglected else 0


def _reasons(rank_key: RankKey, scheduling: Scheduling, today: date) -> list[str]:
    due = _due_text(scheduling, today)
    is_soon = rank_key.due_soon <= SOON_DAYS
    reasons = [
        "on hold" if scheduling.is_on_hold else "",
        _scheduled_text(scheduling, today) if rank_key.is_waiting else "",
        "" if rank_key.is_not_doing else IN_PROGRESS,
        due if is_soon else "",
        "" if scheduling.priority is Priority.NONE else f"{scheduling.priority.name.lower()} priority",
        _scheduled_text(scheduling, today) if not rank_key.is_waiting else "",
        _unlocking_text(-rank_key.negated_unlocks),
        "" if rank_key.is_not_next else NEXT_IN_LINE,
        f"nothing done in this section for {-rank_key.negated_neglect} weeks"
        if rank_key.negated_neglect
        else "",
        due if not is_soon else "",
        f"started {day_text(scheduling.start, today)}"
        if scheduling.start and scheduling.start <= today
        else "",
    ]
    return [reason for reason in reasons if reason] or [LATER_IN_LINE]


def _due_text(scheduling: Scheduling, today: date) -> str:
    """`overdue by 3 days`, `due in 2 days`, `due 14 Feb 2027`; empty without a due date."""
    if scheduling.due is None:
        return ""
    days = (scheduling.due - today).days
    if days < 0:
        words = f"overdue by {-days} day{'' if days == -1 else 's'}"
    elif 1 < days <= _COUNTED_DAYS:
        words = f"due in {days} days"
    else:
        words = f"due {day_text(scheduling.due, today)}"
    return f"topic {words}" if scheduling.is_due_inherited else words


def _scheduled_text(scheduling: Scheduling, today: date) -> str:
    return f"scheduled {day_text(scheduling.scheduled, today)}" if scheduling.scheduled is not None else ""


def _unlocking_text(count: int) -> str:
    if not count:
        return ""
    return "unlocks 1 other" if count == 1 else f"unlocks {count} others"
