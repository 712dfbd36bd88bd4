"""Ranks the candidates for the next action, with the reasons. Pure: the day comes in as an argument.

Candidates are put into groups, which come one after the other. In a group, the first criterion of `RankKey`
in which two differ decides between them (docs/next.md has the tables, tests/core/test_ranking.py tests
them). The reasons shown are the criteria that decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from heapq import nsmallest
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from roadtui.core.dates import day_text, due_text
from roadtui.core.next_actions.candidates import (
    NEVER,
    NO_SCHEDULING,
    SHORTLIST,
    SOON_DAYS,
    Candidate,
    NoteCandidates,
    NoteOutlook,
    RankedCandidate,
    RankKey,
    Scheduling,
    SuggestionGroup,
    urgency,
)
from roadtui.core.next_actions.waiting import waiting
from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import Priority
from roadtui.core.titles import short_title

NEGLECTED_DAYS = 28
"""A section without a completion for this long is neglected, if its roadmap has a recent one elsewhere."""

MOVING_DAYS = 14
"""A section only counts as neglected if its roadmap has a completion within this many days."""

_USUAL = urgency(NO_SCHEDULING, date.min)

_GROUPS = tuple(SuggestionGroup)
_DUE, _IN_PROGRESS, _NEXT, _LATER = range(len(_GROUPS))


class ReasonKind(Enum):
    """What a reason is about, which decides how it is shown."""

    LATE = "late"
    DUE = "due"
    """Due within `SOON_DAYS`."""
    IN_PROGRESS = "in progress"
    PLACE = "place"
    """The task is the first one where it is."""
    OTHER = "other"


class Reason(NamedTuple):
    """Why a task is suggested."""

    text: str
    """A few words, safe for a terminal."""
    kind: ReasonKind = ReasonKind.OTHER


class Suggestion(NamedTuple):
    """A task that could be done next, and why."""

    path: str
    task: Task
    reasons: tuple[Reason, ...]
    """Most important first; empty where there is nothing to say."""
    group: SuggestionGroup


class Dependencies(NamedTuple):
    """How the open tasks of a vault depend on one another."""

    open_ids: Mapping[str, str]
    """Ids of open tasks, each with its description; tasks that depend on them are blocked (Tasks plugin)."""
    depended_on: Mapping[str, int]
    """The number of open tasks that depend on an id."""

    @classmethod
    def of(cls, notes: Iterable[NoteCandidates]) -> Dependencies:
        """The dependencies in all `notes` of a vault."""
        with_ids = [note.outlook for note in notes if note.has_ids]
        open_ids: dict[str, str] = {}
        for note in reversed(with_ids):  # Of several tasks with one id, the first gives the description.
            open_ids.update(note.open_ids)
        return cls(open_ids, Counter(chain.from_iterable(note.depended_on for note in with_ids)))


class _RankedInVault(NamedTuple):
    """A candidate and its sort key in the whole vault; compared field by field."""

    is_waiting: bool
    group: int
    round: int
    rank_key: RankKey
    not_recent: int
    """Minus the ordinal of the last day with a completion in the roadmap."""
    roadmap: int
    """Index of the roadmap."""
    position: int
    """`Task.index`, which is unique in a roadmap."""


class RankedTask(NamedTuple):
    """A candidate that can be done on a day; `suggestion` makes a suggestion of it."""

    note: NoteCandidates
    candidate: Candidate
    rank_key: RankKey
    group: int
    today: date

    def suggestion(self, task: Task) -> Suggestion:
        """The suggestion of `task`, which has the index of the candidate."""
        reasons = _reasons(self.rank_key, self.group, self.candidate, task, self.today)
        return Suggestion(self.note.path, task, tuple(reasons), _GROUPS[self.group])


def rank(
    roadmaps: Iterable[NoteCandidates], dependencies: Dependencies, today: date, count: int | None = None
) -> list[RankedTask]:
    """The candidates that can be done on `today`, by their groups.

    Equal ones are sorted by the last completion in their roadmap, the latest first, then by the order of
    `roadmaps`, then by line. Time is linear in the candidates.

    Args:
        roadmaps: The candidates of each note.
        dependencies: The dependencies of the whole vault.
        today: The day of the user.
        count: How many to return; None for all. With short lists of candidates, at most `SHORTLIST`.
    """
    notes = list(roadmaps)
    if count is not None and count <= SHORTLIST:
        best = (
            _in_vault(note, number, found)
            for number, note in enumerate(notes)
            if not note.is_empty and (found := _first(note, dependencies, today)) is not None
        )
        # A note can only have others among the first if its best is.
        firsts = nsmallest(count, best)
        chosen = nsmallest(
            count,
            (
                _in_vault(notes[one.roadmap], one.roadmap, ranked)
                for one in firsts
                for ranked in _first_few(notes[one.roadmap], dependencies, today)
            ),
        )
    else:
        chosen = sorted(
            _in_vault(note, number, ranked)
            for number, note in enumerate(notes)
            for ranked in _rank_candidates(note, dependencies, today)
        )[:count]
    by_position: dict[int, dict[int, Candidate]] = {}
    for ranked in chosen:
        if ranked.roadmap not in by_position:
            candidates = notes[ranked.roadmap].outlook.candidates
            by_position[ranked.roadmap] = {one.position: one for one in candidates}
    return [
        RankedTask(
            notes[ranked.roadmap],
            by_position[ranked.roadmap][ranked.position],
            ranked.rank_key,
            ranked.group,
            today,
        )
        for ranked in chosen
    ]


def has_next(roadmap: NoteCandidates, dependencies: Dependencies, today: date) -> bool:
    """Whether `rank` finds anything in `roadmap`."""
    return not roadmap.is_empty and _first(roadmap, dependencies, today) is not None


def _in_vault(note: NoteCandidates, number: int, ranked: RankedCandidate) -> _RankedInVault:
    is_waiting, group, round_number, rank_key, position = ranked
    return _RankedInVault(is_waiting, group, round_number, rank_key, -note.last_day, number, position)


def _first(note: NoteCandidates, dependencies: Dependencies, today: date) -> RankedCandidate | None:
    """The first of `_first_few`."""
    best = note.best
    if best is not None and best.day == today.toordinal() and not note.has_dependencies:
        return best.first
    return next(iter(_first_few(note, dependencies, today)), None)


def _first_few(note: NoteCandidates, dependencies: Dependencies, today: date) -> tuple[RankedCandidate, ...]:
    """The first `SHORTLIST` candidates of a roadmap; cached by day unless it depends on other notes."""
    best = note.best
    if best is not None and best.day == today.toordinal() and not note.has_dependencies:
        if isinstance(best.ranked, tuple):
            return best.ranked
        found = best.ranked()
        note.keep_best(today, found)
        return found
    found = tuple(_rank_candidates(note, dependencies, today)[:SHORTLIST])
    note.keep_best(today, found)
    return found


def _rank_candidates(note: NoteCandidates, dependencies: Dependencies, today: date) -> list[RankedCandidate]:
    """The candidates of a roadmap that can be done on `today`, in their order."""
    keys = sorted(_rank_keys(note.outlook, dependencies, today), key=itemgetter(0, 1))
    found: list[RankedCandidate] = []
    with_dates: set[int] = set()
    """`Task.index` of the parents whose due date has brought a task into the first group."""
    rounds = 0
    for rank_key, position, candidate in keys:
        due_from = candidate.scheduling.due_from
        round_number = 0
        if rank_key.is_waiting:
            group = _LATER
        elif rank_key.due_soon <= SOON_DAYS and due_from not in with_dates:
            group = _DUE
            if due_from is not None:
                with_dates.add(due_from)
        elif candidate.is_doing:
            group = _IN_PROGRESS
        else:
            group = _LATER if rounds else _NEXT
            round_number, rounds = rounds, rounds + 1
        found.append(RankedCandidate(rank_key.is_waiting, group, round_number, rank_key, position))
    return sorted(found)


def _rank_keys(
    note: NoteOutlook, dependencies: Dependencies, today: date
) -> Iterator[tuple[RankKey, int, Candidate]]:
    """The candidates of a roadmap that can be done on `today`, after their rank keys and `Task.index`."""
    has_next = False
    sections: set[int] = set()
    for candidate in note.candidates:
        scheduling = candidate.scheduling
        if scheduling is not NO_SCHEDULING and not _can_be_done(candidate, dependencies, today):
            continue
        is_waiting = scheduling.is_on_hold or _is_planned_for_later(candidate, today)
        due_soon = min((scheduling.due - today).days, SOON_DAYS + 1) if scheduling.due else SOON_DAYS + 1
        is_next = not (has_next or is_waiting or candidate.is_doing or due_soon <= SOON_DAYS)
        has_next = has_next or is_next
        section = candidate.section
        is_first = section not in sections and not is_waiting
        if is_first:
            sections.add(section)
        rank_key = RankKey(
            is_waiting,
            due_soon,
            not candidate.is_doing,
            _USUAL - urgency(scheduling._replace(due=None, start=None), today)
            if scheduling is not NO_SCHEDULING
            else 0.0,
            -dependencies.depended_on.get(scheduling.id, 0) if scheduling.id else 0,
            not is_next,
            -_weeks_of_neglect(note.last_done, section, today) if is_first else 0,
            scheduling.due.toordinal() if scheduling.due else NEVER,
            scheduling.start is None or scheduling.start > today,
        )
        yield rank_key, candidate.position, candidate


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


def _reasons(rank_key: RankKey, group: int, candidate: Candidate, task: Task, today: date) -> list[Reason]:
    scheduling = candidate.scheduling
    due = _due_reason(scheduling, today)
    is_soon = rank_key.due_soon <= SOON_DAYS
    planned = f"planned {day_text(scheduling.scheduled, today)}" if scheduling.scheduled is not None else ""
    is_next = group == _NEXT and not rank_key.is_not_next
    has_started = scheduling.start is not None and scheduling.start <= today
    reasons = [
        Reason("on hold" if scheduling.is_on_hold else ""),
        Reason(planned if rank_key.is_waiting else ""),
        due if is_soon else _NO_REASON,
        _NO_REASON if rank_key.is_not_doing else Reason("in progress", ReasonKind.IN_PROGRESS),
        Reason(
            "" if scheduling.priority is Priority.NONE else f"{scheduling.priority.name.lower()} priority"
        ),
        Reason(planned if not rank_key.is_waiting else ""),
        Reason(f"unlocks {-rank_key.negated_unlocks}" if rank_key.negated_unlocks else ""),
        _place_reason(candidate, task) if is_next else _NO_REASON,
        Reason(
            f"nothing done in this section for {-rank_key.negated_neglect} weeks"
            if rank_key.negated_neglect
            else ""
        ),
        due if not is_soon else _NO_REASON,
        Reason(f"started {day_text(scheduling.start, today)}" if scheduling.start and has_started else ""),
    ]
    return [reason for reason in reasons if reason.text]


_NO_REASON = Reason("")


def _due_reason(scheduling: Scheduling, today: date) -> Reason:
    """`3 days late`, `due Tue`, `due 14 Feb 2027`; empty without a due date."""
    if scheduling.due is None:
        return _NO_REASON
    days = (scheduling.due - today).days
    words = due_text(scheduling.due, today)
    if days > 1:
        words = f"due {words}"
    kind = ReasonKind.LATE if days < 0 else ReasonKind.DUE if days <= SOON_DAYS else ReasonKind.OTHER
    return Reason(f"topic {words}" if scheduling.due_from is not None else words, kind)


def _place_reason(candidate: Candidate, task: Task) -> Reason:
    """`first open in Linear Algebra`; empty where another one is before it, and outside headings."""
    title = task.parent_task.text if task.parent_task is not None else task.section.title
    if not candidate.is_first_open or not title:
        return _NO_REASON
    return Reason(f"first open in {short_title(title)}", ReasonKind.PLACE)
