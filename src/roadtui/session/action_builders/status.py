"""Builds the transactions that give tasks another status.

The parameter `seen`: the status symbols that the user saw, where pending writes have put the screen ahead of
the note; empty for those of the tasks.
"""

from __future__ import annotations

from collections.abc import Sequence

from roadtui.core.edits.edit import Transaction
from roadtui.core.edits.set_status import SetStatus
from roadtui.core.note import Task
from roadtui.core.tasks.status import StatusType
from roadtui.core.tasks.task_line import is_task_of_plugin
from roadtui.session.action_builders.context import ActionContext, named, transaction
from roadtui.vault.snapshot import Snapshot, VaultNote


def next_symbol(snapshot: Snapshot, task: Task, symbol: str) -> str:
    """The status symbol that a toggle gives `task`, which has `symbol`.

    A line that the Tasks plugin does not count as its own (its global filter) toggles as in plain Obsidian.
    """
    plugin = snapshot.settings.tasks_plugin
    if plugin is not None and not is_task_of_plugin(task.source, task.symbol_index, plugin):
        return "x" if symbol == " " else " "
    return snapshot.statuses.get(symbol).next_symbol


def toggle(
    context: ActionContext, note: VaultNote, tasks: Sequence[Task], seen: Sequence[str] = ()
) -> Transaction:
    """Tick or untick. Of several tasks, while one is open, only the open ones change: they become done."""
    symbols = _symbols(tasks, seen)
    changing = frozenset(ticked(context, symbols))
    following = [
        next_one if at in changing else symbols[at]
        for at, next_one in enumerate(_following(context, tasks, symbols))
    ]
    return _set(context, note, tasks, symbols, following)


def ticked(context: ActionContext, symbols: Sequence[str]) -> Sequence[int]:
    """The positions of the `symbols` that a tick changes: those of open tasks while one is open, else all."""
    statuses = context.snapshot.statuses
    open_ones = [at for at, symbol in enumerate(symbols) if statuses.type_of(symbol).is_open]
    return open_ones or range(len(symbols))


def toggle_each(context: ActionContext, note: VaultNote, tasks: Sequence[Task]) -> Transaction:
    """Tick or untick, each task by its own status."""
    symbols = _symbols(tasks)
    return _set(context, note, tasks, symbols, _following(context, tasks, symbols))


def toggle_all(context: ActionContext, note: VaultNote, tasks: Sequence[Task]) -> Transaction:
    """Tick or untick, with all tasks inside: those that are open become done, or those that are done open."""
    symbols = _symbols(tasks)
    return _set(context, note, tasks, symbols, _following(context, tasks, symbols), with_children=True)


def set_symbol(
    context: ActionContext, note: VaultNote, tasks: Sequence[Task], symbol: str, seen: Sequence[str] = ()
) -> Transaction:
    """Give tasks the status of `symbol`."""
    return _set(context, note, tasks, _symbols(tasks, seen), [symbol] * len(tasks))


def set_type(
    context: ActionContext,
    note: VaultNote,
    tasks: Sequence[Task],
    seen: Sequence[str] = (),
    *,
    type: StatusType,
) -> Transaction:
    """Give tasks the vault's status of `type`; raises RefusedError where it has none."""
    return set_symbol(context, note, tasks, context.snapshot.statuses.needed_symbol(type), seen)


def cycle(
    context: ActionContext, note: VaultNote, tasks: Sequence[Task], seen: Sequence[str] = ()
) -> Transaction:
    """Give tasks the status after theirs in the list of the vault's statuses."""
    symbols = _symbols(tasks, seen)
    return _set(context, note, tasks, symbols, list(map(context.snapshot.statuses.following, symbols)))


def _symbols(tasks: Sequence[Task], seen: Sequence[str] = ()) -> Sequence[str]:
    return seen or [task.status_symbol for task in tasks]


def _following(context: ActionContext, tasks: Sequence[Task], symbols: Sequence[str]) -> list[str]:
    pairs = zip(tasks, symbols, strict=True)
    return [next_symbol(context.snapshot, task, symbol) for task, symbol in pairs]


def _set(
    context: ActionContext,
    note: VaultNote,
    tasks: Sequence[Task],
    seen: Sequence[str],
    symbols: Sequence[str],
    *,
    with_children: bool = False,
) -> Transaction:
    change = SetStatus(
        tuple(seen),
        tuple(symbols),
        context.today,
        context.dates,
        context.snapshot.statuses,
        with_children=with_children,
        roll_up=context.roll_up,
    )
    verb = _verb(context, symbols[0]) if len(set(symbols)) == 1 else "tick"
    title = f"{verb} {named(tasks)}" + (" with all below" if with_children else "")
    return transaction(note, title, tasks, change)


def _verb(context: ActionContext, symbol: str) -> str:
    status = context.snapshot.statuses.get(symbol)
    match status.type:
        case StatusType.DONE:
            return "tick"
        case StatusType.TODO if symbol == " ":
            return "untick"
        case _:
            return f"set {status.name.lower()}"
