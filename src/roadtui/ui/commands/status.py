"""Commands that change the status of tasks: ticking, choosing a status, the next one in the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError
from roadtui.core.note import Task
from roadtui.core.quantity import quantity
from roadtui.core.tasks.status import Status, StatusType
from roadtui.session.action_builders.status import next_symbol
from roadtui.session.outline.predicted_outline import is_predicted
from roadtui.ui.command_table import COMMANDS_BY_ID
from roadtui.ui.commands.arguments import common
from roadtui.ui.commands.context import CommandContext
from roadtui.ui.commands.selection import check_writable, named
from roadtui.ui.commands.structure import below_of
from roadtui.ui.dialogs.anchor import AnchorPosition
from roadtui.ui.dialogs.menu import MenuDialog
from roadtui.ui.render import status_sign, status_style
from roadtui.ui.widgets.menu_list import MenuItem
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import VaultNote


async def tick(context: CommandContext, asked: TaskTree.ToggleRequested) -> None:
    """Tick or untick, and show it before it is written."""
    try:
        check_writable(asked.note)
        if any(map(is_predicted, asked.tasks)):
            asked = await _settled(context, asked)
        transaction = context.submit(context.actions.build("tick", asked.note, asked.tasks, asked.seen))
    except RefusedError as error:
        context.refuse(error)
        return
    statuses = context.display_context.statuses
    is_open = [statuses.type_of(seen).is_open for seen in asked.seen]
    for task, seen, opened in zip(asked.tasks, asked.seen, is_open, strict=True):
        stays = any(is_open) and not opened  # Of several, those that are done stay so.
        mark = seen if stays else next_symbol(context.snapshot, task, seen)
        context.tree.symbols.show_pending(transaction, asked.note, task, mark)


async def _settled(context: CommandContext, asked: TaskTree.ToggleRequested) -> TaskTree.ToggleRequested:
    """`asked`, once the tasks are in the note. Raises RefusedError where they are not."""
    if list(asked.tasks) != context.tree.selected:
        raise RefusedError("Not yet: this row is still on its way to the disk.")
    await context.selection.settle(COMMANDS_BY_ID["tick"])
    tasks = context.selection.tasks
    return TaskTree.ToggleRequested(context.selection.note, tasks, context.tree.symbols.of_tasks(tasks))


async def tick_all(context: CommandContext) -> None:
    """Tick or untick tasks with all tasks below them that no filter hides."""
    selection, statuses = context.selection, context.display_context.statuses
    note, tasks = selection.note, selection.tasks
    marks: list[tuple[Task, str]] = []
    hidden = 0
    for task in tasks:
        mark = next_symbol(context.snapshot, task, task.status_symbol)
        marks.append((task, mark))
        is_done = statuses.type_of(mark) is StatusType.DONE
        mark_below = mark if is_done else statuses.symbol_for(StatusType.TODO) or mark
        for inner in below_of(note.note, task):
            if isinstance(inner, Task):
                kind = statuses.type_of(inner.status_symbol)
                if kind.is_open if is_done else kind is StatusType.DONE:
                    hidden += not selection.shows(inner)
                    marks += [(inner, mark_below)] * selection.shows(inner)
    if hidden:
        transaction = context.submit(_set_each(context, note, dict(marks)))
        context.say(f"{quantity(hidden, 'task')} below that the filter hides: not changed.")
    else:
        transaction = context.submit(context.actions.build("toggle_all", note, tasks))
    for task, mark in marks:
        context.tree.symbols.show_pending(transaction, note, task, mark)


def _set_each(context: CommandContext, note: VaultNote, marks: Mapping[Task, str]) -> Transaction:
    """Gives each task its symbol in `marks`, which follows its own, and leaves the tasks below it alone."""
    symbols = set(marks.values())
    if len(symbols) == 1:
        return context.actions.build("status", note, list(marks), symbols.pop())
    return context.actions.build("toggle", note, list(marks))


async def cycle(context: CommandContext) -> None:
    """Give each task its next status."""
    tasks, statuses = context.selection.tasks, context.display_context.statuses
    seen = context.tree.symbols.of_tasks(tasks)
    transaction = context.submit(context.actions.build("cycle", context.selection.note, tasks, seen))
    for task, mark in zip(tasks, seen, strict=True):
        context.tree.symbols.show_pending(transaction, context.selection.note, task, statuses.following(mark))


async def doing(context: CommandContext) -> None:
    """Give the tasks the status "in progress"."""
    _give(
        context,
        context.selection.tasks,
        context.display_context.statuses.needed_symbol(StatusType.IN_PROGRESS),
    )


async def cancel(context: CommandContext) -> None:
    """Cancel the tasks."""
    _give(
        context, context.selection.tasks, context.display_context.statuses.needed_symbol(StatusType.CANCELLED)
    )


def _give(context: CommandContext, tasks: Sequence[Task], symbol: str) -> None:
    seen = context.tree.symbols.of_tasks(tasks)
    transaction = context.submit(context.actions.build("status", context.selection.note, tasks, symbol, seen))
    for task in tasks:
        context.tree.symbols.show_pending(transaction, context.selection.note, task, symbol)


async def status(context: CommandContext) -> None:
    """Choose among the statuses of the vault."""
    tasks = context.selection.tasks
    statuses = context.display_context.statuses
    seen = [statuses.choice_of(symbol) for symbol in context.tree.symbols.of_tasks(tasks)]
    unknown = dict.fromkeys(one for one in seen if not statuses.has(one.symbol))
    choices = [_status_choice(context, found) for found in (*statuses.choices(), *unknown)]
    current = common(one.symbol for one in seen)
    menu = MenuDialog(
        f"Status of {named(tasks)}",
        choices,
        current,
        context.anchor(AnchorPosition.BELOW),
        context.text_styles,
    )
    await context.ask(menu, partial(_give, context, tasks))


def _status_choice(context: CommandContext, found: Status) -> MenuItem:
    keys = (found.symbol,) if found.symbol.strip() else ()
    return MenuItem(
        status_sign(found.symbol, context.display_context.statuses),
        found.name or "without a name",
        found.symbol,
        keys,
        f"[{found.symbol}]",
        status_style(found.type, context.text_styles),
    )
