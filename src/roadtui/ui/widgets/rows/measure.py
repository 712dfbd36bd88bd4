"""Finds out how much room the columns of a note need.

Reads the fields of every task, but only roughly: for what is in code or in a link a column may be there, or
wider, in vain. What has been read of a line is kept, so that an edit costs one line.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from roadtui.core.note import Task
from roadtui.core.patterns import LazyPattern
from roadtui.core.stats.progress import NoteProgress
from roadtui.core.tasks.field_specs import (
    KIND_OF_KEY,
    KIND_OF_SIGN,
    FieldKind,
    field_pattern,
    parse_day,
    parse_ids,
)
from roadtui.core.tasks.status import StatusType
from roadtui.core.terminal_text import display_text
from roadtui.ui.widgets.rows.columns import ColumnNeeds, RowColumns, fit_columns, form_cells
from roadtui.ui.widgets.rows.day_words import TaskFacts, date_forms
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.rows.facts import task_facts
from roadtui.vault.snapshot import VaultNote

_FIELD = LazyPattern(field_pattern(*FieldKind))
_MAY_HAVE_FIELDS = LazyPattern(f"::|[#{''.join(KIND_OF_SIGN)}]")
_QUIET_TYPES = (StatusType.TODO, StatusType.DONE, StatusType.EMPTY, StatusType.ON_HOLD)
"""Of tasks of these types nothing is shown at the right edge that is not one of their fields."""


class _RowNeeds(NamedTuple):
    """What one row needs."""

    tag_cells: int = 0
    has_priority: bool = False
    has_repeats: bool = False
    date: tuple[int, ...] = ()
    """How long the forms of its date are."""


_NOTHING = _RowNeeds()


class ColumnMeter:
    """Measures the columns of one note at a time."""

    def __init__(self) -> None:
        self._rows: dict[str | tuple[str, bool], _RowNeeds] = {}
        """What each line of the note measured last needs; for parents also by whether they are ready."""
        self._note: VaultNote | None = None
        self._context: TaskDisplayContext | None = None
        self._needs = ColumnNeeds()
        self._columns = RowColumns(0)

    def columns(self, note: VaultNote, context: TaskDisplayContext, width: int) -> RowColumns:
        """The columns of `note` in a pane of `width` cells; measured anew if note or context are others."""
        if note is not self._note or context is not self._context:
            if context != self._context:
                self._rows = {}
            self._note, self._context = note, context
            needs = self._needs_of(note, context)
            if needs != self._needs or self._columns.width != width:
                self._needs = needs
                self._columns = fit_columns(needs, width)
        elif self._columns.width != width:
            self._columns = fit_columns(self._needs, width)
        return self._columns

    def _needs_of(self, note: VaultNote, context: TaskDisplayContext) -> ColumnNeeds:
        before, rows = self._rows, {}
        progress = note.note_progress
        for task in note.note.tasks:
            key: str | tuple[str, bool] = task.source
            if task.index in progress.parents:
                key = task.source, progress.is_ready(task, context.statuses)
            if key not in rows:
                needs = before.get(key)
                rows[key] = needs if needs is not None else _row_needs(task, context, progress)
        self._rows = rows
        needed = set(rows.values())
        counted = [one for one in (*progress.sections[1:], *progress.parents.values()) if one.total]
        count_cells = max((len(f"{one.done}/{one.total}") for one in counted), default=0)
        return ColumnNeeds(
            max((one.tag_cells for one in needed), default=0),
            any(one.has_priority for one in needed),
            any(one.has_repeats for one in needed),
            frozenset(one.date for one in needed if one.date),
            bool(counted),
            max(count_cells, 1) if progress.parents else count_cells,
        )


def _row_needs(task: Task, context: TaskDisplayContext, progress: NoteProgress) -> _RowNeeds:
    text, kind = task.text, context.statuses.type_of(task.status_symbol)
    raws: dict[FieldKind, str] = {}
    tag_cells = 0
    if _MAY_HAVE_FIELDS.search(text) is not None:
        for match in _FIELD.finditer(text):
            written = match[0]
            if written[0] in "[(":
                field = KIND_OF_KEY[written[1 : written.index("::")].strip()]
            else:
                field = KIND_OF_SIGN[written[0]]
            raws.setdefault(field, match[match.lastindex or 0])
        tag_cells = _tag_cells(text)
    elif kind in _QUIET_TYPES and task.index not in progress.parents:
        return _NOTHING

    def day(field: FieldKind) -> date | None:
        return parse_day(raws[field]) if field in raws else None

    depends_on = parse_ids(raws[FieldKind.DEPENDS_ON]) if FieldKind.DEPENDS_ON in raws else ()
    others = [id for id in depends_on if id != raws.get(FieldKind.ID)]
    facts = task_facts(task, task.status_symbol, context, progress, day, others)
    return _RowNeeds(
        tag_cells,
        kind.is_open and FieldKind.PRIORITY in raws,
        kind.is_open and FieldKind.RECURRENCE in raws,
        _date_cells(facts, context.today),
    )


@lru_cache(maxsize=512)
def _date_cells(facts: TaskFacts, today: date) -> tuple[int, ...]:
    return tuple(map(form_cells, date_forms(facts, today).forms))


def _tag_cells(text: str) -> int:
    """How long the tags at the end of the description are."""
    if "#" not in text:
        return 0
    words = _FIELD.sub(" ", text).split()
    if words and words[-1].startswith("^"):
        words.pop()
    at = len(words)
    while at > 1 and words[at - 1].startswith("#"):
        at -= 1
    return cell_len(display_text(" ".join(words[at:])))
