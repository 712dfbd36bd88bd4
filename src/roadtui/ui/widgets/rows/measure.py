"""Finds out how much room the columns of a note need.

Reads the fields of every task, but only roughly: for what is in code or in a link a column may be there, or
wider, in vain. What has been read of a line is kept, so that an edit costs one line.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import NamedTuple

from rich.cells import cell_len

from roadtui.core.note import Task
from roadtui.core.patterns import LazyPattern
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


class _LineFields(NamedTuple):
    """What was read of one line."""

    tags: int
    has_priority: bool
    has_repeats: bool
    days: dict[FieldKind, date | None]
    depends_on: tuple[str, ...]


class ColumnMeter:
    """Measures the columns of one note at a time."""

    def __init__(self) -> None:
        self._lines: dict[str, _LineFields | None] = {}
        """What was read of each line of the note that was measured last."""
        self._measured: tuple[VaultNote, TaskDisplayContext] | None = None
        self._needs = ColumnNeeds()
        self._columns = RowColumns(0)

    def columns(self, note: VaultNote, context: TaskDisplayContext, width: int) -> RowColumns:
        """The columns of `note` in a pane of `width` cells; measured anew if note or context are others."""
        is_same = self._measured is not None and self._measured[0] is note and self._measured[1] is context
        if not is_same:
            self._measured = note, context
            self._needs = self._needs_of(note, context)
        if not is_same or self._columns.width != width:
            self._columns = fit_columns(self._needs, width)
        return self._columns

    def _needs_of(self, note: VaultNote, context: TaskDisplayContext) -> ColumnNeeds:
        before, self._lines = self._lines, {}
        lines = self._lines
        progress, statuses = note.note_progress, context.statuses
        tags, has_priority, has_repeats = 0, False, False
        facts: set[TaskFacts] = set()
        for task in note.note.tasks:
            source = task.source
            line = lines.get(source, ...)
            if line is ...:
                line = before.get(source, ...)
                line = lines[source] = _line_fields(task) if line is ... else line
            kind = statuses.type_of(task.status_symbol)
            if line is None and kind in _QUIET_TYPES and not progress.is_ready(task, statuses):
                continue
            if line is None:
                line = _NO_FIELDS
            tags = max(tags, line.tags)
            if kind.is_open:
                has_priority = has_priority or line.has_priority
                has_repeats = has_repeats or line.has_repeats
            day = partial(_day_in, line.days)
            facts.add(task_facts(task, task.status_symbol, context, progress, day, line.depends_on))
        dates = {tuple(map(form_cells, date_forms(one, context.today).forms)) for one in facts}
        counted = [one for one in (*progress.sections[1:], *progress.parents.values()) if one.total]
        counts = [len(f"{one.done}/{one.total}") for one in counted]
        if any(not one.total for one in progress.parents.values()):
            counts.append(1)
        return ColumnNeeds(
            tags, has_priority, has_repeats, frozenset(dates - {()}), bool(counted), max(counts, default=0)
        )


_NO_FIELDS = _LineFields(0, False, False, {}, ())


def _day_in(days: dict[FieldKind, date | None], kind: FieldKind) -> date | None:
    return days.get(kind)


def _line_fields(task: Task) -> _LineFields | None:
    """What is read of the line of `task`; None where it has no fields and no tags."""
    text = task.text
    if _MAY_HAVE_FIELDS.search(text) is None:
        return None
    raws: dict[FieldKind, str] = {}
    for match in _FIELD.finditer(text):
        written = match[0]
        if written[0] in "[(":
            kind = KIND_OF_KEY[written[1 : written.index("::")].strip()]
        else:
            kind = KIND_OF_SIGN[written[0]]
        raws.setdefault(kind, match[match.lastindex or 0])
    depends_on = parse_ids(raws[FieldKind.DEPENDS_ON]) if FieldKind.DEPENDS_ON in raws else ()
    return _LineFields(
        _tag_cells(text),
        FieldKind.PRIORITY in raws,
        FieldKind.RECURRENCE in raws,
        {kind: parse_day(raw) for kind, raw in raws.items() if kind.is_date},
        tuple(id for id in depends_on if id != raws.get(FieldKind.ID)),
    )


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
