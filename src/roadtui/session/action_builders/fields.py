"""Builds the transactions that change the fields and tags of tasks: dates, priority, rule, dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import count

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.core.edits.set_text import AddDependency, EditTags, SetField
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import content_hash
from roadtui.core.note import Task
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.tags import read_tag
from roadtui.core.tasks.task_line import is_task_of_plugin
from roadtui.core.terminal_text import escape_terminal
from roadtui.session.action_builders.context import ActionContext, Location, named, transaction
from roadtui.vault.snapshot import VaultNote

_ID_LENGTH = 6
"""The length of the ids that the Tasks plugin makes."""


def set_day(
    context: ActionContext, note: VaultNote, tasks: Sequence[Task], day: date | None, *, kind: FieldKind
) -> Transaction:
    """Give tasks another date of `kind`; None removes it."""
    what = f"{kind.value} {day}" if day is not None else f"no {kind.value} date"
    return transaction(note, f"{what} for {named(tasks)}", tasks, SetField(kind, day, context.format))


def set_priority(
    context: ActionContext,
    note: VaultNote,
    tasks: Sequence[Task],
    priority: Priority | None,
    *,
    kind: FieldKind = FieldKind.PRIORITY,
) -> Transaction:
    """Give tasks another priority; None removes it."""
    what = f"{priority.name.lower()} priority" if priority is not None else "no priority"
    return transaction(note, f"{what} for {named(tasks)}", tasks, SetField(kind, priority, context.format))


def set_rule(
    context: ActionContext,
    note: VaultNote,
    tasks: Sequence[Task],
    rule: str | None,
    *,
    kind: FieldKind = FieldKind.RECURRENCE,
) -> Transaction:
    """Have tasks repeat by `rule`, such as `every week`; None ends it.

    Raises:
        RefusedError: `rule` is not a recurrence rule.
    """
    if rule is not None:
        from roadtui.core.tasks.recurrence import read_rule  # Brings in dateutil, which few edits need.

        if read_rule(rule) is None:
            raise RefusedError(
                f"“{escape_terminal(rule)}” is not a rule for repeating. Write for example: every 2 weeks."
            )
    what = f"repeat {rule}" if rule is not None else "stop repeating"
    return transaction(note, f"{what}: {named(tasks)}", tasks, SetField(kind, rule, context.format))


def edit_tags(
    context: ActionContext,
    note: VaultNote,
    tasks: Sequence[Task],
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
) -> Transaction:
    """Add tags and remove others; all with or without their `#`."""
    added, removed = tuple(map(read_tag, add)), tuple(map(read_tag, remove))
    signs = " ".join([*(f"+{tag}" for tag in added), *(f"-{tag}" for tag in removed)])
    return transaction(note, f"{signs} for {named(tasks)}", tasks, EditTags(added, removed, context.format))


def remove_tags(
    context: ActionContext, note: VaultNote, tasks: Sequence[Task], tags: Iterable[str]
) -> Transaction:
    """Remove tags, with or without their `#`."""
    return edit_tags(context, note, tasks, (), tags)


def wait_for(
    context: ActionContext, note: VaultNote, tasks: Sequence[Task], location: Location
) -> Transaction:
    """Have the one task of `tasks` wait until the task at `location` is done.

    That task gets an id if it has none. An id that the Tasks plugin does not read, because other text follows
    it, is moved to where the plugin reads it: else nothing would wait for it in Obsidian.

    Raises:
        RefusedError: both are one task, or the Tasks plugin would not see an id there.
    """
    (task,) = tasks
    other_note, other = location
    assert isinstance(other, Task), "nothing waits for a heading"
    if other is task:
        raise RefusedError("A task can't wait for itself.")
    _check_can_be_waited_for(context, other)
    title = f"{named([task])} waits for {named([other])}"
    field = read_fields(other.text, context.format.task_format).get(FieldKind.ID)
    is_read = field is not None and field.plugin_reads
    if field is not None and (is_read or not _is_read_elsewhere(context, field.raw)):
        id = field.raw
    else:
        id = _fresh_id(context, other_note, other)
    waits = Edit(note.path, title, (note.anchor(task),), AddDependency(id, context.format))
    if is_read:
        return Transaction.of(waits)
    set_id = SetField(FieldKind.ID, id, context.format, for_plugin=True)
    return Transaction(title, (Edit(other_note.path, title, (other_note.anchor(other),), set_id), waits))


def _check_can_be_waited_for(context: ActionContext, task: Task) -> None:
    plugin = context.snapshot.settings.tasks_plugin
    if plugin is None or is_task_of_plugin(task.source, task.symbol_index, plugin):
        return
    if plugin.global_filter not in task.text:
        missing = escape_terminal(plugin.global_filter)
        reason = f"it lacks {missing}, the filter of the Tasks plugin. Add that first."
    else:
        reason = "the Tasks plugin does not read its line as a task."
    raise RefusedError(f"Not changed: nothing can wait for {named([task])} in Obsidian: {reason}")


def _is_read_elsewhere(context: ActionContext, id: str) -> bool:
    """Whether the plugin reads `id` as the id of a task of the vault."""
    notes = (other for other in context.snapshot.notes.values() if id in other.content.summary.ids)
    tasks = (task for other in notes for task in other.note.tasks)
    fields = (
        read_fields(task.text, context.format.task_format).read_by_plugin(FieldKind.ID)
        for task in tasks
        if id in task.source
    )
    return any(found and found[0].raw == id for found in fields)


def _fresh_id(context: ActionContext, note: VaultNote, task: Task) -> str:
    """An id that no task of the vault has; always the same for the same task."""
    taken = {taken for each in context.snapshot.notes.values() for taken in each.content.summary.ids}
    for attempt in count():
        seed = f"{note.path}\n{task.source}\n{attempt}".encode("utf-8", "surrogateescape")
        id = content_hash(seed).hex()[:_ID_LENGTH]
        if id not in taken:
            return id
    raise AssertionError("`count` does not end")
