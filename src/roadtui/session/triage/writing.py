"""The transaction that carries out a plan, and the lines that it changes.

What is put off gets a start date, what is dropped the vault's cancelled status, what is chosen for the week a
scheduled date. Nothing is deleted, and no other line changes: parents are not ticked along with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from roadtui.core.edits.edit import Edit, Transaction, apply_edit, rebase
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash, split_byte_order_mark, split_lines
from roadtui.core.note import Task
from roadtui.core.quantity import quantity
from roadtui.core.stats.progress import RollUp
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.fields import field_text, value_text
from roadtui.core.tasks.status import StatusType
from roadtui.core.triage.effect import ChangedTask
from roadtui.core.triage.plan import Choice
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.action_builders.fields import set_day
from roadtui.session.action_builders.status import set_type
from roadtui.vault.snapshot import Snapshot, VaultNote

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class NoteTasks(NamedTuple):
    """What is to be written into one note."""

    note: VaultNote
    changed: Sequence[ChangedTask] = ()
    """What is dropped and put off."""
    planned: Mapping[Task, date] = {}
    """What is chosen for the week, with its day."""


class PlannedLine(NamedTuple):
    """A line that a transaction changes."""

    number: int
    """From 1."""
    before: str
    after: str


class NoteDiff(NamedTuple):
    """The lines of one note that a transaction changes, in order."""

    path: str
    lines: tuple[PlannedLine, ...]


def triage_transaction(context: ActionContext, notes: Iterable[NoteTasks]) -> Transaction | None:
    """One transaction for all `notes`, undone as one; None where nothing is to be written.

    Raises:
        RefusedError: a note cannot be written, or the vault has no cancelled status.
    """
    context = replace(context, roll_up=RollUp.NEVER)
    edits = [edit for one in notes for edit in _edits(context, one)]
    return Transaction("the way out", tuple(edits)) if edits else None


def _edits(context: ActionContext, one: NoteTasks) -> Iterator[Edit]:
    note = one.note
    if note.label and (one.changed or one.planned):
        raise RefusedError(f"Not changed: {note.name} is shown only ({note.label}).")
    dropped = [task for task, decision in one.changed if decision.choice is Choice.DROP]
    if dropped:
        yield from set_type(context, note, dropped, type=StatusType.CANCELLED).edits
    later = [(decision.day, task) for task, decision in one.changed if decision.choice is Choice.LATER]
    type_of = context.snapshot.statuses.type_of
    begun = [task for _, task in later if type_of(task.status_symbol) is StatusType.IN_PROGRESS]
    if begun:  # What is in progress has started, whatever its start date.
        yield from set_type(context, note, begun, type=StatusType.TODO).edits
    for day, tasks in _by_day(later):
        yield from set_day(context, note, tasks, day, kind=FieldKind.START).edits
    for day, tasks in _by_day((day, task) for task, day in one.planned.items()):
        yield from set_day(context, note, tasks, day, kind=FieldKind.SCHEDULED).edits


def _by_day(dated: Iterable[tuple[date | None, Task]]) -> Iterator[tuple[date, list[Task]]]:
    known = sorted((day, task.index, task) for day, task in dated if day is not None)
    for day, found in groupby(known, key=lambda one: one[0]):
        yield day, [task for _, _, task in found]


def changed_lines(context: ActionContext, transaction: Transaction) -> list[NoteDiff]:
    """The lines that `transaction` would change, note by note. Reads the notes; writes nothing.

    Raises:
        RefusedError: a note has changed since it was seen, or an edit would be refused.
    """
    found = []
    for path, edits in groupby(transaction.edits, key=lambda edit: edit.path):
        note = context.snapshot.notes[path]
        before = context.read_lines(note)
        after = _edited(list(edits), note, before)
        pairs = zip(before, after, strict=True)
        lines = (
            PlannedLine(number, old.rstrip("\r\n"), new.rstrip("\r\n"))
            for number, (old, new) in enumerate(pairs, 1)
            if old != new
        )
        found.append(NoteDiff(path, tuple(lines)))
    return [diff for diff in found if diff.lines]


def _edited(edits: Sequence[Edit], note: VaultNote, before: Sequence[str]) -> list[str]:
    """The lines of `note` after all `edits`; each changes its lines one for one."""
    data = "".join(before).encode("utf-8", "surrogateescape")
    if content_hash(data) != note.digest:
        data = _BYTE_ORDER_MARK + data
    waiting = list(edits)
    while waiting:
        made = apply_edit(waiting.pop(0), data)
        data = made.data
        waiting = [rebase(edit, made) for edit in waiting]
    return split_lines(split_byte_order_mark(data.decode("utf-8", "surrogateescape"))[1])


def will_change(snapshot: Snapshot, notes: Iterable[NoteTasks]) -> str:
    """What a transaction would change, in a sentence: `13 get 🛫 2027-01-01, 14 become [-], in 1 note.`

    Empty where nothing is to be written.
    """
    notes = [one for one in notes if one.changed or one.planned]
    format = snapshot.format
    parts = []
    all_changed = [changed for one in notes for changed in one.changed]
    for kind, days in (
        (FieldKind.START, [decision.day for _, decision in all_changed if decision.choice is Choice.LATER]),
        (FieldKind.SCHEDULED, [day for one in notes for day in one.planned.values()]),
    ):
        known = sorted(day for day in days if day is not None)
        if known:
            day = value_text(kind, known[0], format)
            more = f" to {known[-1]}" if known[-1] != known[0] else ""
            parts.append(f"{_get(len(known))} {field_text(kind, day, format)}{more}")
    dropped = sum(decision.choice is Choice.DROP for _, decision in all_changed)
    if dropped:
        symbol = snapshot.statuses.symbol_for(StatusType.CANCELLED)
        verb = "becomes" if dropped == 1 else "become"
        parts.append(f"{dropped} {verb} [{symbol}]" if symbol is not None else f"{dropped} to cancel")
    return f"{', '.join(parts)}, in {quantity(len(notes), 'note')}." if parts else ""


def _get(count: int) -> str:
    return f"{count} {'gets' if count == 1 else 'get'}"
