"""What to do next, and why. Pure: the day comes in as an argument.

The reasons stand in order of weight; the first one in which two candidates differ decides between them
(docs/next.md is the table, tests/core/test_ranking.py the proof). What decides is what is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from heapq import nsmallest
from itertools import chain
from typing import NamedTuple

from roadtui.core.dates import day_words
from roadtui.core.next_actions.candidates import (
    NEVER,
    NO_SCHEDULING,
    SOON_DAYS,
    Candidate,
    NoteCandidates,
    RankKey,
    Scheduling,
    Weighed,
    urgency,
)
from roadtui.core.next_actions.waiting import waiting
from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import Priority

NEGLECTED_DAYS = 28
"""A section in which nothing was done for so long is neglected, if the rest of its roadmap moves."""

MOVING_DAYS = 14
"""A roadmap moves if something in it was done within so many days."""

IN_PROGRESS = "in progress"
NEXT_IN_LINE = "next in line"
LATER_IN_LINE = "later in line"

_COUNTED_DAYS = 14
"""A due date further ahead than this is named, not counted down to."""

_USUAL = urgency(NO_SCHEDULING, date.min)

_BEFORE_ALL_PLAIN = RankKey(not_neglected=-date.max.toordinal())
"""What weighs less comes before every task that says nothing and is not the next in line."""


class Suggestion(NamedTuple):
    """A task that could be done next, and why."""

    path: str
    task: Task
    reasons: tuple[str, ...]
    """In order of weight, at least one."""

    @property
    def reason(self) -> str:
        """The one that weighs most."""
        return self.reasons[0]


class Dependencies(NamedTuple):
    """How the tasks of a vault wait for one another."""

    open_ids: Mapping[str, str]
    """Ids that some open task has, each with its description; who waits for one of them is blocked (Tasks
    plugin)."""
    awaited: Mapping[str, int]
    """How many open tasks wait for an id."""

    @classmethod
    def of(cls, outlooks: Iterable[NoteCandidates]) -> Dependencies:
        """Those of all notes of a vault."""
        tied = [one for one in outlooks if one.open_ids or one.awaited]
        open_ids: dict[str, str] = {}
        for one in reversed(tied):  # Of several tasks with one id, the first is named.
            open_ids.update(one.open_ids)
        return cls(open_ids, Counter(chain.from_iterable(one.awaited for one in tied)))


class _Ranked(NamedTuple):
    """A candidate with what decides its place; compared field by field."""

    waits: bool
    round: int
    """0 for the best of its roadmap, 1 for the second …"""
    weight: RankKey
    idle: int
    """Minus the day on which something was done last in its roadmap."""
    roadmap: int
    """Position among the roadmaps."""
    position: int
    """`Task.index`: no two of a roadmap have the same, so nothing behind it is ever compared."""
    candidate: Candidate


def rank(
    roadmaps: Iterable[NoteCandidates], dependencies: Dependencies, today: date, count: int | None = None
) -> list[Suggestion]:
    """The open, unblocked leaves of `roadmaps`, best first: one of each roadmap, then the seconds, and so on.

    What weighs the same comes from the roadmap in which something was done last, then from the one that is
    given first, then by line. Time is linear in the candidates.

    Args:
        roadmaps: The notes to choose from, in the order that decides between equals.
        dependencies: Those of the whole vault.
        today: The day it is.
        count: How many; None for all. Short outlooks are right for up to `outlook.HEADS`.
    """
    given = list(roadmaps)
    bests = [
        _ranked(one, number, 0, best)
        for number, one in enumerate(given)
        if one.candidates and (best := _best(one, dependencies, today)) is not None
    ]
    if count is not None and sum(1 for best in bests if not best.waits) >= count:
        chosen = nsmallest(count, bests)
    else:
        chosen = sorted(
            _ranked(one, number, place, weighed)
            for number, one in enumerate(given)
            for place, weighed in enumerate(sorted(_weighed(one, dependencies, today)))
        )[:count]
    return [_suggestion(given[one.roadmap].path, one, today) for one in chosen]


def _suggestion(path: str, ranked: _Ranked, today: date) -> Suggestion:
    candidate = ranked.candidate
    return Suggestion(path, candidate.task, tuple(_reasons(ranked.weight, candidate.terms, today)))


def _ranked(one: NoteCandidates, number: int, place: int, weighed: Weighed) -> _Ranked:
    weight, position, candidate = weighed
    idle = -one.last_done[0].toordinal() if 0 in one.last_done else 0
    return _Ranked(weight.waits, place, weight, idle, number, position, candidate)


def _best(one: NoteCandidates, dependencies: Dependencies, today: date) -> Weighed | None:
    """The best candidate of one roadmap; remembered for the day where no other note has a say in it."""
    if not one.is_tied and today in one.best_on:
        return one.best_on[today]
    best = min(_weighed(one, dependencies, today, only_best=True), default=None)
    one.best_on[today] = best
    return best


def _weighed(
    one: NoteCandidates, dependencies: Dependencies, today: date, *, only_best: bool = False
) -> list[Weighed]:
    """The candidates of one roadmap that can be done on `today`.

    `only_best` leaves out those that cannot be the first: once one is found that comes before every task that
    says nothing, all of these.
    """
    found: list[Weighed] = []
    is_line_begun = False
    is_plain_beaten = False
    sections: set[int] = set()
    for candidate in one.candidates:
        terms = candidate.terms
        if only_best and is_plain_beaten and terms is NO_SCHEDULING and not candidate.is_doing:
            sections.add(candidate.task.section.index)
            continue
        if terms is not NO_SCHEDULING and not _is_offered(candidate, dependencies, today):
            continue
        waits = terms.is_held or _is_planned_for_later(candidate, today)
        is_next = not (is_line_begun or waits or candidate.is_doing)
        is_line_begun = is_line_begun or is_next
        section = candidate.task.section.index
        is_first = section not in sections and not waits
        if is_first:
            sections.add(section)
        weight = RankKey(
            waits,
            not candidate.is_doing,
            min((terms.due - today).days, SOON_DAYS + 1) if terms.due else SOON_DAYS + 1,
            _USUAL - urgency(terms._replace(due=None, start=None), today)
            if terms is not NO_SCHEDULING
            else 0.0,
            -dependencies.awaited.get(terms.id, 0) if terms.id else 0,
            not is_next,
            -_weeks_of_neglect(one.last_done, section, today) if is_first else 0,
            terms.due.toordinal() if terms.due else NEVER,
            terms.start is None or terms.start > today,
        )
        is_plain_beaten = is_plain_beaten or (is_line_begun and weight < _BEFORE_ALL_PLAIN)
        found.append((weight, candidate.task.index, candidate))
    return found


def _is_offered(candidate: Candidate, dependencies: Dependencies, today: date) -> bool:
    terms = candidate.terms
    is_doing = candidate.is_doing
    held_back = waiting(terms.depends_on, terms.start, dependencies.open_ids, today, is_doing=is_doing)
    return held_back is None


def _is_planned_for_later(candidate: Candidate, today: date) -> bool:
    scheduled = candidate.terms.scheduled
    return scheduled is not None and scheduled > today and not candidate.is_doing


def _weeks_of_neglect(last_done: Mapping[int, date], section: int, today: date) -> int:
    """Whole weeks since something was done in a section below a heading, if it is neglected; else 0."""
    if section == 0 or section not in last_done:
        return 0
    days = (today - last_done[section]).days
    is_neglected = days >= NEGLECTED_DAYS and (today - last_done[0]).days <= MOVING_DAYS
    return days // 7 if is_neglected else 0


def _reasons(weight: RankKey, terms: Scheduling, today: date) -> list[str]:
    due = _due_words(terms, today)
    is_soon = weight.due_soon <= SOON_DAYS
    reasons = [
        "on hold" if terms.is_held else "",
        _scheduled_words(terms, today) if weight.waits else "",
        "" if weight.is_not_doing else IN_PROGRESS,
        due if is_soon else "",
        "" if terms.priority is Priority.NONE else f"{terms.priority.name.lower()} priority",
        _scheduled_words(terms, today) if not weight.waits else "",
        _unlocking_words(-weight.not_unlocking),
        "" if weight.is_not_next else NEXT_IN_LINE,
        f"nothing done in this section for {-weight.not_neglected} weeks" if weight.not_neglected else "",
        due if not is_soon else "",
        f"started {day_words(terms.start, today)}" if terms.start and terms.start <= today else "",
    ]
    return [reason for reason in reasons if reason] or [LATER_IN_LINE]


def _due_words(terms: Scheduling, today: date) -> str:
    """`overdue by 3 days`, `due in 2 days`, `due 14 Feb 2027`; empty without a due date."""
    if terms.due is None:
        return ""
    days = (terms.due - today).days
    if days < 0:
        words = f"overdue by {-days} day{'' if days == -1 else 's'}"
    elif 1 < days <= _COUNTED_DAYS:
        words = f"due in {days} days"
    else:
        words = f"due {day_words(terms.due, today)}"
    return f"topic {words}" if terms.is_due_inherited else words


def _scheduled_words(terms: Scheduling, today: date) -> str:
    return f"scheduled {day_words(terms.scheduled, today)}" if terms.scheduled is not None else ""


def _unlocking_words(count: int) -> str:
    if not count:
        return ""
    return "unlocks 1 other" if count == 1 else f"unlocks {count} others"
