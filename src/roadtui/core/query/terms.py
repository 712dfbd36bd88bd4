"""The terms that a query may have, one row each: `is:open`, `due:<fri`, `#tag` … Pure.

A term is declared here and nowhere else: parsing, error messages, completion and `docs/query.md` follow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from operator import eq, ge, gt, le, lt
from typing import NamedTuple

from roadtui.core.next_actions.candidates import urgency
from roadtui.core.query.dates import DAY_EXAMPLES, PERIODS, read_period
from roadtui.core.query.items import QueryContext, QueryItem
from roadtui.core.query.syntax import QueryError, Term
from roadtui.core.query.tally import Count, NoteTally, none_without, unknown
from roadtui.core.query.text_match import contains_fuzzily, fold
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.status import Status, StatusType

Test = Callable[[QueryItem, QueryContext], bool]
"""Whether an item matches."""

_OPERATORS: dict[str, Callable[[int, int], bool]] = {"": eq, "=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The values that a vault has for some terms, for completion."""

    tags: tuple[str, ...] = ()
    """Without their `#`."""
    paths: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    """Names of statuses."""


class TermSpec(NamedTuple):
    """One term."""

    name: str
    """The text before the colon; for tags `#`, which has no colon."""
    help: str
    """What it finds, in a few words."""
    read: Callable[[Term, date], Test]
    """Makes the test of a term, on a day. Raises QueryError for a value that it does not have."""
    example: str
    values: Callable[[Vocabulary], Iterable[str]] = lambda _: ()
    """The values to offer while typing."""
    has_operators: bool = False
    """Whether `<`, `<=`, `>` and `>=` may stand before the value."""
    needs_history: bool = False
    """Whether it asks for dates that may be in the history alone."""
    needs_other_notes: Callable[[str], bool] = lambda _: False
    """Whether its answer, for a value, depends on tasks of other notes."""
    read_count: Callable[[Term, date], Count] = lambda term, today: unknown
    """Makes what counts its matches by the tally of a note alone. Asked for terms that `read` understands."""

    @property
    def prefix(self) -> str:
        """How the term begins: `due:`, `#`."""
        return self.name if self.name == "#" else f"{self.name}:"


def test_of(term: Term, today: date) -> Test:
    """The test of `term` on the day `today`.

    Raises:
        QueryError: there is no such term, or it has no such value.
    """
    spec = SPECS.get(term.name)
    if spec is None:
        close = get_close_matches(term.name, SPECS, n=1)
        advice = (
            f"Did you mean `{close[0]}:`?" if close else f'In quotes it is text: "{term.name}:{term.value}".'
        )
        name_end = term.value_span.start - len(term.operator)
        raise QueryError(f"There is no term `{term.name}:`. {advice}", term.span.start, name_end)
    if term.operator not in ("", "=") and not spec.has_operators:
        raise QueryError(f"`{spec.prefix}` takes no `{term.operator}`.", *term.span)
    if not term.value:
        raise QueryError(f"`{spec.prefix}` needs a value, as in `{spec.example}`.", *term.span)
    return spec.read(term, today)


def count_of(term: Term, today: date) -> Count:
    """What counts, by the tally of a note, the items that match `term`, which `test_of` understands."""
    return SPECS[term.name].read_count(term, today)


def unknown_value(term: Term, values: Iterable[str], what: str = "") -> QueryError:
    """The error for a value that is none of `values`."""
    known = list(values)
    close = get_close_matches(term.value.lower(), known, n=1)
    advice = f"Did you mean `{close[0]}`?" if close else f"It may be {_listed(known)}."
    return QueryError(
        f"`{term.value}` is not a {what or f'value of `{term.name}:`'}. {advice}", *term.value_span
    )


def _listed(values: list[str]) -> str:
    return f"{', '.join(values[:-1])} or {values[-1]}"


def _one_of(choices: dict[str, Test]) -> Callable[[Term, date], Test]:
    def read(term: Term, today: date) -> Test:
        test = choices.get(term.value.lower())
        if test is None:
            raise unknown_value(term, choices)
        return test

    return read


# States


def _is_blocked(item: QueryItem, context: QueryContext) -> bool:
    waiting = item.waiting(context)
    return waiting is not None and bool(waiting.tasks)


def _is_ready(item: QueryItem, context: QueryContext) -> bool:
    return item.task is not None and item.note.progress.is_ready(item.task, context.statuses)


def _is_overdue(item: QueryItem, context: QueryContext) -> bool:
    due = item.day(FieldKind.DUE)
    return due is not None and due < context.today and item.is_open(context)


def _is_stuck(item: QueryItem, context: QueryContext) -> bool:
    return item.is_leaf and item.is_open(context) and context.is_stuck(item.note.path)


def _has_type(*types: StatusType) -> Test:
    return lambda item, context: item.status_type(context) in types


_STATES: dict[str, Test] = {
    "open": lambda item, context: item.is_open(context),
    "todo": _has_type(StatusType.TODO, StatusType.EMPTY),
    "doing": _has_type(StatusType.IN_PROGRESS),
    "done": _has_type(StatusType.DONE),
    "cancelled": _has_type(StatusType.CANCELLED),
    "blocked": _is_blocked,
    "waiting": lambda item, context: item.is_waiting(context),
    "ready": _is_ready,
    "overdue": _is_overdue,
    "stuck": _is_stuck,
    "leaf": lambda item, context: item.is_leaf,
    "parent": lambda item, context: item.task is not None and not item.is_leaf,
    "task": lambda item, context: item.task is not None,
    "heading": lambda item, context: item.is_heading,
}
_STATES_BY_OTHER_NOTES = {"blocked", "waiting", "stuck"}
"""Those that may change with a task of another note."""


def _count_type(*types: StatusType) -> Count:
    return lambda tally, context: tally.number_of(types, context)


def _count_overdue(tally: NoteTally, context: QueryContext) -> int | None:
    return sum(due < context.today for due in tally.due()) if FieldKind.DUE in tally.kinds else 0


_STATE_COUNTS: dict[str, Count] = {
    "open": _count_type(*(type for type in StatusType if type.is_open)),
    "todo": _count_type(StatusType.TODO, StatusType.EMPTY),
    "doing": _count_type(StatusType.IN_PROGRESS),
    "done": _count_type(StatusType.DONE),
    "cancelled": _count_type(StatusType.CANCELLED),
    "task": _count_type(*StatusType),
    "overdue": _count_overdue,
    "blocked": lambda tally, context: None if tally.has_dependencies else 0,
    "stuck": lambda tally, context: None if context.is_stuck(tally.path) else 0,
}

# Fields

_FIELD_NAMES = {
    "due": FieldKind.DUE,
    "start": FieldKind.START,
    "scheduled": FieldKind.SCHEDULED,
    "created": FieldKind.CREATED,
    "done": FieldKind.DONE,
    "cancelled": FieldKind.CANCELLED,
    "priority": FieldKind.PRIORITY,
    "repeat": FieldKind.RECURRENCE,
    "id": FieldKind.ID,
    "depends": FieldKind.DEPENDS_ON,
}


def _has_field(kind: FieldKind) -> Test:
    return lambda item, context: item.fields is not None and item.fields.get(kind) is not None


_CONTENTS: dict[str, Test] = {
    **{name: _has_field(kind) for name, kind in _FIELD_NAMES.items()},
    "tag": lambda item, context: item.fields is not None and bool(item.fields.found_tags),
    "link": lambda item, context: any(link.line == item.content.line for link in item.note.note.links),
    "subtasks": lambda item, context: item.task is not None and not item.is_leaf,
}


def _count_contents(term: Term, today: date) -> Count:
    kind = _FIELD_NAMES.get(term.value.lower())
    return unknown if kind is None else none_without(kind)


def _done_day(item: QueryItem, context: QueryContext) -> date | None:
    if item.task is None or item.status_type(context) is not StatusType.DONE:
        return None
    return item.day(FieldKind.DONE) or context.known_dates(item.note.path).done.get(item.task)


def _created_day(item: QueryItem, context: QueryContext) -> date | None:
    if item.task is None:
        return None
    return item.day(FieldKind.CREATED) or context.known_dates(item.note.path).added.get(item.task)


def _changed_day(item: QueryItem, context: QueryContext) -> date | None:
    days = (_done_day(item, context), _created_day(item, context), item.day(FieldKind.CANCELLED))
    return max((day for day in days if day is not None), default=None)


Day = Callable[[QueryItem, QueryContext], date | None]


def _field(kind: FieldKind) -> Day:
    return lambda item, context: item.day(kind)


def _days_in(day_of: Day, *, is_past: bool) -> Callable[[Term, date], Test]:
    def read(term: Term, today: date) -> Test:
        period = read_period(term.value, today, is_past=is_past)
        if period is None:
            examples = _listed([*DAY_EXAMPLES[:4], PERIODS[0], DAY_EXAMPLES[-1]])
            raise QueryError(f"`{term.value}` is not a day. It may be {examples}.", *term.value_span)
        operator = term.operator

        def test(item: QueryItem, context: QueryContext) -> bool:
            day = day_of(item, context)
            return day is not None and period.contains(day, operator)

        return test

    return read


def _planned(kind: FieldKind) -> Callable[[Term, date], Test]:
    """Reads a term about a day to come."""
    return _days_in(_field(kind), is_past=False)


def _past(day_of: Day) -> Callable[[Term, date], Test]:
    """Reads a term about a day that has been."""
    return _days_in(day_of, is_past=True)


def _count_field(kind: FieldKind) -> Callable[[Term, date], Count]:
    """Counts a term that only tasks with the field `kind` match."""
    return lambda term, today: none_without(kind)


def _count_done(term: Term, today: date) -> Count:
    """Counts `done:`: none where the last day, and all of the history, are out of the period."""
    period = read_period(term.value, today, is_past=True)
    assert period is not None, "the term is understood"

    def count(tally: NoteTally, context: QueryContext) -> int | None:
        if tally.last_done is not None and tally.last_done >= period.earliest(term.operator):
            return None
        recorded = context.known_dates(tally.path).done.values()
        return None if any(period.contains(day, term.operator) for day in recorded) else 0

    return count


def _read_priority(term: Term, today: date) -> Test:
    priorities = {priority.name.lower(): priority for priority in Priority}
    wanted = priorities.get(term.value.lower())
    if wanted is None:
        raise unknown_value(term, priorities, "priority")
    # `Priority` sorts from the most urgent on, and `>high` means more urgent than high.
    compare, limit = _OPERATORS[term.operator], -wanted.value

    def test(item: QueryItem, context: QueryContext) -> bool:
        return item.fields is not None and compare(-item.fields.priority.value, limit)

    return test


def _read_unlocks(term: Term, today: date) -> Test:
    if not re.fullmatch("[0-9]{1,6}", term.value):
        raise QueryError(f"`{term.value}` is not a number, as in `unlocks:>3`.", *term.value_span)
    compare, limit = _OPERATORS[term.operator], int(term.value)

    def test(item: QueryItem, context: QueryContext) -> bool:
        if item.fields is None or not item.is_open(context):
            return False
        return compare(context.depended_on.get(item.fields.id or "", 0), limit)

    return test


# Text


def _read_tag(term: Term, today: date) -> Test:
    wanted = fold(term.value.removeprefix("#").rstrip("/"))

    def test(item: QueryItem, context: QueryContext) -> bool:
        if item.fields is None or not item.fields.found_tags:
            return False
        tags = (fold(tag[1:]) for tag in item.fields.tags)
        return any(tag == wanted or tag.startswith(f"{wanted}/") for tag in tags)

    return test


def _read_status(term: Term, today: date) -> Test:
    def test(item: QueryItem, context: QueryContext) -> bool:
        if item.task is None:
            return False
        if len(term.value) == 1:
            return item.task.status_symbol == term.value
        return _is_named(term, context.statuses.get(item.task.status_symbol))

    return test


def _is_named(term: Term, status: Status) -> bool:
    return fold(term.value) in (fold(status.name), status.type.name.lower())


def _read_path(term: Term, today: date) -> Test:
    wanted = fold(term.value)
    return lambda item, context: wanted in fold(item.note.path)


def _count_status(term: Term, today: date) -> Count:
    def count(tally: NoteTally, context: QueryContext) -> int | None:
        if len(term.value) == 1:
            return tally.symbols.get(term.value, 0)
        return None if any(_is_named(term, context.statuses.get(symbol)) for symbol in tally.symbols) else 0

    return count


def _count_path(term: Term, today: date) -> Count:
    wanted = fold(term.value)
    return lambda tally, context: None if wanted in fold(tally.path) else 0


def _read_section(term: Term, today: date) -> Test:
    wanted = fold(term.value)

    def test(item: QueryItem, context: QueryContext) -> bool:
        own = (item.folded,) if item.is_heading else ()
        return any(contains_fuzzily(wanted, title) for title in (*item.headings, *own))

    return test


def _read_id(term: Term, today: date) -> Test:
    return lambda item, context: item.fields is not None and item.fields.id == term.value


def _days(known: Vocabulary) -> Iterable[str]:
    """The values that are offered for every date."""
    return (*DAY_EXAMPLES, *PERIODS)


# fmt: off
SPECS = {spec.name: spec for spec in (
    TermSpec("is", "the state of a task", _one_of(_STATES), "is:open", lambda _: _STATES,
             needs_other_notes=lambda value: value.lower() in _STATES_BY_OTHER_NOTES,
             read_count=lambda term, today: _STATE_COUNTS.get(term.value.lower(), unknown)),
    TermSpec("due", "the day it has to be done by", _planned(FieldKind.DUE),
             "due:<2026-12-01", _days, has_operators=True,
             read_count=_count_field(FieldKind.DUE)),
    TermSpec("start", "the day from which it can be done", _planned(FieldKind.START),
             "start:>today", _days, has_operators=True,
             read_count=_count_field(FieldKind.START)),
    TermSpec("scheduled", "the day it is planned for", _planned(FieldKind.SCHEDULED),
             "scheduled:this-week", _days, has_operators=True,
             read_count=_count_field(FieldKind.SCHEDULED)),
    TermSpec("done", "the day it was done, by its line or the history", _past(_done_day),
             "done:this-week", _days, has_operators=True,
             needs_history=True, read_count=_count_done),
    TermSpec("created", "the day it was written, by its line or the history",
             _past(_created_day), "created:last-month", _days, has_operators=True,
             needs_history=True),
    TermSpec("cancelled", "the day it was cancelled", _past(_field(FieldKind.CANCELLED)),
             "cancelled:2026", _days, has_operators=True,
             read_count=_count_field(FieldKind.CANCELLED)),
    TermSpec("changed", "the last day it was written, done or cancelled", _past(_changed_day),
             "changed:today", _days, has_operators=True,
             needs_history=True),
    TermSpec("#", "a tag, or one below it", _read_tag, "#ml", lambda known: known.tags),
    TermSpec("status", "the character in its box, or its name", _read_status, "status:/",
             lambda known: known.statuses, read_count=_count_status),
    TermSpec("priority", "how much it matters", _read_priority, "priority:>=high",
             lambda _: (priority.name.lower() for priority in Priority), has_operators=True),
    TermSpec("path", "part of the note's path", _read_path, "path:roadmaps", lambda known: known.paths,
             read_count=_count_path),
    TermSpec("section", "a heading around it", _read_section, "section:foundations",
             lambda known: known.sections),
    TermSpec("has", "what stands in its line", _one_of(_CONTENTS), "has:due", lambda _: _CONTENTS,
             read_count=_count_contents),
    TermSpec("unlocks", "how many open tasks wait for it", _read_unlocks, "unlocks:>3", has_operators=True,
             needs_other_notes=lambda _: True),
    TermSpec("id", "its own id", _read_id, "id:k3f9a2", read_count=_count_field(FieldKind.ID)),
)}
# fmt: on
"""By name, in the order in which they are documented."""


# Sorting


SortKey = Callable[[QueryItem, QueryContext], object]
"""The value that items are sorted by; items with equal ones stay in their order."""


def _by_day(day_of: Day) -> SortKey:
    """Days in order; items without one come last."""

    def key(item: QueryItem, context: QueryContext) -> tuple[bool, date]:
        day = day_of(item, context)
        return day is None, day or date.max

    return key


def _priority_key(item: QueryItem, context: QueryContext) -> int:
    return (item.fields.priority if item.fields is not None else Priority.NONE).value


def _urgency_key(item: QueryItem, context: QueryContext) -> float:
    return -urgency(item.fields, context.today) if item.fields is not None else 0.0


def _status_key(item: QueryItem, context: QueryContext) -> int:
    type = item.status_type(context)
    return list(StatusType).index(type) if type is not None else len(StatusType)


SORT_KEYS: dict[str, SortKey] = {
    "due": _by_day(_field(FieldKind.DUE)),
    "start": _by_day(_field(FieldKind.START)),
    "scheduled": _by_day(_field(FieldKind.SCHEDULED)),
    "done": _by_day(_done_day),
    "created": _by_day(_created_day),
    "changed": _by_day(_changed_day),
    "priority": _priority_key,
    "urgency": _urgency_key,
    "status": _status_key,
    "text": lambda item, context: item.folded,
    "path": lambda item, context: (item.note.path, item.content.line),
}
"""What `sort:` may name. In `sort:-due` the order is reversed."""
