"""Runs commands on the note in the dashboard. What they need is imported with the first of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from roadtui.core.note import ListItem, Task
from roadtui.session.action_requirements import Requires
from roadtui.ui.command_table import COMMANDS_BY_ID, Command
from roadtui.ui.commands.host import CommandHost
from roadtui.ui.widgets.note_pane import NotePane
from roadtui.ui.widgets.outline_tree import what_it_is
from roadtui.ui.widgets.task_tree import TaskTree

if TYPE_CHECKING:
    from roadtui.ui.commands.context import CommandContext

Handler = Callable[["CommandContext"], Awaitable[None]]
"""Runs a command on the selection. Raises `RefusedError` where that is not possible."""


def handler_of(command: Command) -> Handler:
    """The handler of `command`. Imports its module with the first command that needs it."""
    if not command.handler:
        from roadtui.ui.commands.arguments import run_action  # Imports the actions and the dialogs.

        return partial(run_action, command.action)
    module, _, name = command.handler.partition(".")
    handler: Handler = getattr(import_module(f"roadtui.ui.commands.{module}"), name)
    return handler


async def run(id: str, context: CommandContext) -> None:
    """Run the command `id` in `context`, and show why if it is refused.

    A command opens its dialog before this returns: the next keys are for the dialog.
    """
    from roadtui.core.errors import RefusedError  # With the first edit.

    command = COMMANDS_BY_ID[id]
    try:
        await context.selection.settle(command)
        await handler_of(command)(context)
    except RefusedError as error:
        context.refuse(error)


class CommandRunner:
    """The commands of one pane. The first one makes their context: the first screen needs none."""

    def __init__(self, pane: Callable[[], NotePane], host: Callable[[], CommandHost]) -> None:
        """Make a runner.

        Args:
            pane: Gives the pane with the note; not asked before the screen is composed.
            host: Gives what commands need of the program; not asked before the first command.
        """
        self._pane = pane
        self._host = host
        self._context: CommandContext | None = None

    @property
    def context(self) -> CommandContext:
        """The context of the commands; made on first use."""
        if self._context is None:
            from roadtui.ui.commands.context import CommandContext  # With the first edit.

            self._context = CommandContext(self._pane(), self._host())
        return self._context

    def refusal(self, id: str) -> str | None:
        """Why the command `id` does not apply to the row under the cursor, or to the selected ones."""
        command = COMMANDS_BY_ID[id]
        tree = self._pane().task_tree
        if command.requires is Requires.LINK and not self._pane().may_have_links:
            return "There is no link in this row."
        if command.requires in (Requires.NOTHING, Requires.LINK):
            return None
        if tree.note is None:
            return "No note is open."
        if tree.note.label:
            return f"This note can only be read: it is {tree.note.label}."
        if command.requires is Requires.NOTE:
            return None
        if command.requires is Requires.ROW:
            return None if tree.current is not None else "There is no row here."
        wanted = (ListItem, "tasks and items") if command.requires is Requires.ITEM else (Task, "tasks")
        if any(isinstance(item, wanted[0]) for item in tree.selected):
            return None
        return f"“{command.label}” is for {wanted[1]}; {what_it_is(tree.current)}."

    async def run(self, id: str) -> None:
        """Run the command `id`."""
        await run(id, self.context)

    async def tick(self, asked: TaskTree.ToggleRequested) -> None:
        """Tick the requested tasks."""
        from roadtui.ui.commands import status  # With the first edit.

        await status.tick(self.context, asked)

    async def follow_link(self, source_path: str, target: str) -> None:
        """Follow a link in the note at `source_path`."""
        from roadtui.ui.commands import links  # With the first link.

        await links.follow_target(self.context, source_path, target)

    async def paste(self, text: str) -> None:
        """Insert `text` as tasks below the cursor, if the note can be changed."""
        if self.refusal("paste") is None:
            from roadtui.ui.commands import structure  # With the first edit.

            await structure.paste_text(self.context, text)

    def follow_row(self) -> None:
        """Move an open dialog to where its row is now."""
        if self._context is not None:
            self._context.follow_row()
