"""Commands that open the note in another program: in Obsidian, or in the user's editor."""

from __future__ import annotations

import asyncio
import os
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.link_targets import block_id, heading_subpath
from roadtui.core.note import ListItem, Section
from roadtui.core.terminal_text import escape_terminal
from roadtui.ui.commands.context import CommandContext
from roadtui.ui.editors import editor_command
from roadtui.ui.external_programs import open_in_obsidian
from roadtui.ui.widgets.sidebar import Sidebar
from roadtui.ui.workers import start_worker
from roadtui.vault.snapshot import VaultNote

_EDITOR = "editor"
"""The group of the worker that waits for the editor: there is one at a time."""


class _Row(NamedTuple):
    """What the cursor is on, in the pane that has the focus."""

    note: VaultNote
    content: Section | ListItem | None


def _row(context: CommandContext) -> _Row:
    """What is to be opened. Raises RefusedError where there is no note."""
    focused = context.pane.screen.focused
    path = focused.current_path if isinstance(focused, Sidebar) else None
    if isinstance(focused, Sidebar) and path is not None and path in context.snapshot.notes:
        return _Row(context.snapshot.notes[path], focused.current_task)
    if context.tree.note is None:
        raise RefusedError("No note is open.")
    return _Row(context.tree.note, context.tree.current)


def _refuse_missing(context: CommandContext, note: VaultNote) -> None:
    if not os.path.exists(context.host.vault.root / note.path):
        raise RefusedError(f"{escape_terminal(note.path)} is no longer there.")


async def open_note_in_obsidian(context: CommandContext) -> None:
    """Open the note in Obsidian at the heading or block of the row, without waiting for it."""
    note, content = _row(context)
    _refuse_missing(context, note)
    root, subpath = context.host.vault.root.absolute(), subpath_of(content)

    async def work() -> None:
        try:
            await asyncio.to_thread(open_in_obsidian, root, note.path, subpath)
        except RefusedError as error:
            context.say(str(error), "warning")

    context.say(f"Opening {escape_terminal(note.name)} in Obsidian")
    start_worker(context.pane.app, work, group="outside")


def subpath_of(content: Section | ListItem | None) -> str:
    """`#^block` of an item that has an id, else `#heading` of what it is in; empty above all headings."""
    if content is None:
        return ""
    if isinstance(content, Section):
        return heading_subpath(content)
    block = block_id(content.source)
    return f"#^{block}" if block else heading_subpath(content.section)


async def edit_note(context: CommandContext) -> None:
    """Open the note in the user's editor at the line of the row, and wait until the editor has ended."""
    app = context.pane.app
    if all(worker.is_finished for worker in app.workers if worker.group == _EDITOR):
        start_worker(app, _edit, context, group=_EDITOR)


async def _edit(context: CommandContext) -> None:
    try:
        if not await context.host.edits_are_written():
            raise RefusedError("Not yet: an edit is still on its way to the disk.")
        note, content = _row(context)
        _refuse_missing(context, note)
        line = content.line + 1 if content is not None else 1
        path = os.fspath((context.host.vault.root / note.path).absolute())
        command = editor_command(os.environ, path, line)
        status = await context.host.run_editor(command.arguments, note.path)
    except RefusedError as error:
        context.refuse(error)
        return
    if status:
        context.say(f"{command.name} {_end(status)}.", "warning")


def _end(status: int) -> str:
    return f"ended with status {status}" if status > 0 else f"was ended by signal {-status}"
