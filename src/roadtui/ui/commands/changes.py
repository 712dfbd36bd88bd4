"""Going from change to change: through the open note, then on to the next one with any, and round again."""

from __future__ import annotations

from roadtui.core.errors import RefusedError
from roadtui.ui.commands.context import CommandContext
from roadtui.ui.widgets.task_tree import TaskTree


async def next_change(context: CommandContext) -> None:
    """Go to the next change since the last look."""
    _step(context, 1)


async def previous_change(context: CommandContext) -> None:
    """Go to the change before."""
    _step(context, -1)


def _step(context: CommandContext, step: int) -> None:
    tree, activity = context.tree, context.host.activity
    paths = [path for path in sorted(activity.by_path) if path in context.snapshot.notes]
    if not paths:
        raise RefusedError("Others have changed nothing since you last looked.")
    row = tree.current_row
    if _go_on(tree, row if row is not None else -1, step):
        return
    here = tree.note.path if tree.note is not None else ""
    further = [path for path in paths if (path > here if step > 0 else path < here)]
    if not further:
        context.host.notifier.hint(f"That was the {'last' if step > 0 else 'first'} change: round again.")
    path = (further or paths)[0 if step > 0 else -1]
    if path != here:
        context.host.open_note(path)
    _go_on(tree, -1 if step > 0 else len(tree.outline_state.outline.rows), step)


def _go_on(tree: TaskTree, row: int, step: int) -> bool:
    """Go to the first change after `row` of the open note, or before it; whether there is one."""
    found = tree.badges.next_row(row, step)
    while found is not None and not tree.outline_state.passes(found):  # A filter hides it.
        found = tree.badges.next_row(found, step)
    if found is not None:
        tree.go_to_row(found)
    return found is not None
