"""What is known of the tasks of a note without its text: it counts what many queries find there. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from roadtui.core.query.items import QueryContext
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.status import StatusType


class NoteTally(NamedTuple):
    """The tasks of one note, counted."""

    path: str
    """Relative to the vault."""
    symbols: Mapping[str, int]
    """The number of tasks with each status symbol."""
    kinds: Collection[FieldKind]
    """The fields that its tasks may have: of all others there are none."""
    due: Callable[[], Iterable[date]]
    """Gives the due dates of open tasks."""
    last_done: date | None
    """The last done date in a line of a done task; None without one."""
    has_dependencies: bool
    """Whether an open task has an id, or depends on other tasks."""

    def number_of(self, types: Collection[StatusType], context: QueryContext) -> int:
        """The number of tasks whose status has one of `types`."""
        type_of = context.statuses.type_of
        return sum(number for symbol, number in self.symbols.items() if type_of(symbol) in types)


Count = Callable[[NoteTally, QueryContext], int | None]
"""How many tasks, bullets and headings of a note match; None where the tally does not tell."""


def unknown(tally: NoteTally, context: QueryContext) -> int | None:
    """The count of what no tally tells."""
    return None


def none_without(*kinds: FieldKind) -> Count:
    """The count of what only tasks with a field of one of `kinds` can match."""
    return lambda tally, context: 0 if not any(kind in tally.kinds for kind in kinds) else None


def all_of(counts: Iterable[Count]) -> Count:
    """The count of what matches each of several tests."""
    parts = list(counts)
    if len(parts) == 1:
        return parts[0]
    return lambda tally, context: 0 if any(count(tally, context) == 0 for count in parts) else None


def any_of(counts: Iterable[Count]) -> Count:
    """The count of what matches one of several tests."""
    parts = list(counts)
    if len(parts) == 1:
        return parts[0]
    return lambda tally, context: 0 if all(count(tally, context) == 0 for count in parts) else None
