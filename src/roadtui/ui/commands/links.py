"""Commands that follow links: to a note, to a heading or block of it, or to an address."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

from roadtui.core.errors import RefusedError
from roadtui.core.link_targets import LinkTarget, is_address
from roadtui.core.links import LinkResolver
from roadtui.core.terminal_text import display_text, escape_terminal
from roadtui.session.action_builders.text import create_note
from roadtui.session.navigation.links import RowLink, find_destination, notes_also_called, row_links
from roadtui.ui.commands.context import CommandContext, SavedAt
from roadtui.ui.dialogs.anchor import AnchorPosition
from roadtui.ui.dialogs.confirm import ConfirmDialog
from roadtui.ui.dialogs.menu import MenuDialog
from roadtui.ui.external_programs import open_address
from roadtui.ui.messages import LinkRequested
from roadtui.ui.widgets.menu_list import MenuItem
from roadtui.ui.workers import start_worker
from roadtui.vault.new_note import path_of_new_note
from roadtui.vault.path_kind import is_note_name
from roadtui.vault.scan import linkable_files
from roadtui.vault.snapshot import VaultNote

_MOST_CHOICES = 9
"""The most links, of those on one row, that are offered."""


async def follow(context: CommandContext) -> None:
    """Follow the link of the row; ask which, where it has several. Fold it where it has none."""
    note, content = context.tree.note, context.tree.current
    if note is None or content is None:
        return
    lines = await asyncio.to_thread(_lines_of, context, note)
    links = row_links(context.snapshot, note, content, lines)
    if not links:
        reason = context.tree.refusal("toggle_fold", ())
        if reason is not None:
            raise RefusedError(reason)
        context.tree.action_toggle_fold()
    elif len(links) == 1:
        await follow_target(context, note.path, links[0].target)
    else:
        await _choose(context, note, links[:_MOST_CHOICES])


def _lines_of(context: CommandContext, note: VaultNote) -> Sequence[str] | None:
    try:
        return context.host.vault.lines(note)
    except RefusedError:  # It has just been changed: what is shown is followed.
        return None


async def _choose(context: CommandContext, note: VaultNote, links: Sequence[RowLink]) -> None:
    """Ask which of several links to follow."""

    def go_on(number: str) -> None:
        context.post(LinkRequested(note.path, links[int(number)].target))

    choices = [
        MenuItem(_sign(link), link.target, str(number), note=link.remark) for number, link in enumerate(links)
    ]
    anchor = context.anchor(AnchorPosition.BELOW)
    await context.ask(MenuDialog("Open which link?", choices, None, anchor, context.text_styles), go_on)


def _sign(link: RowLink) -> str:
    if link.path is not None:
        return "→ "
    return "↗ " if link.can_be_opened else "+ "


async def follow_target(context: CommandContext, source: str, target: str) -> None:
    """Follow the link `target` in the note `source`, and show a sentence where that is not possible."""
    try:
        if is_address(target):
            await _open_address(context, target)
            return
        vault = context.host.vault
        found = await asyncio.to_thread(
            find_destination, context.snapshot, source, target, lambda note: "".join(vault.lines(note))
        )
        if found is None:
            await _offer_to_create(context, source, target)
            return
        context.host.open_note(found.path, found.line)
        if found.problem:
            context.say(found.problem, "warning")
    except RefusedError as error:
        context.refuse(error)


async def _open_address(context: CommandContext, address: str) -> None:
    """Open an address in another program, without waiting for it."""

    async def work() -> None:
        try:
            await asyncio.to_thread(open_address, address)
        except RefusedError as error:
            context.pane.app.copy_to_clipboard(address)
            context.say(f"{error} The address is copied.", "warning")

    context.say(f"Opening {display_text(address)}")
    start_worker(context.pane.app, work, group="outside")


async def _ask(context: CommandContext, question: str, yes: str, no: str, then: Callable[[], None]) -> None:
    anchor = context.anchor(AnchorPosition.BELOW)
    await context.ask(ConfirmDialog(question, yes, no, anchor, context.text_styles), lambda _yes: then())


async def _offer_to_create(context: CommandContext, source: str, target: str) -> None:
    """Ask whether to create the note that a link names, or to go to one with that alias.

    Raises:
        RefusedError: there is such a file, which is no note that is shown; or no note can have that name.
    """
    name = LinkTarget.of(target).note
    await asyncio.to_thread(_refuse_other_file, context, source, target)
    also_called = next(notes_also_called(context.snapshot, target), None)
    if also_called is not None:
        question = f"No note is called “{name}”; it is an alias of {also_called.name}. Go there?"
        path = also_called.path
        await _ask(context, question, "go there", "stay", lambda: context.host.open_note(path))
        return
    path = path_of_new_note(name, source, context.snapshot.settings)
    question = f"There is no note “{escape_terminal(name)}”. Create {path}?"
    await _ask(context, question, "create it", "leave it", lambda: _create(context, path))


def _refuse_other_file(context: CommandContext, source: str, target: str) -> None:
    """Raise RefusedError if the link leads to a file that is not shown here, or may do so."""
    vault, name = context.host.vault, LinkTarget.of(target).note
    shown = escape_terminal(name)
    if vault.scope != vault.root:
        raise RefusedError(f"Only this note is open. Open its folder to follow the link to “{shown}”.")
    if not context.snapshot.is_complete:
        raise RefusedError("The vault is still being read. Try again in a moment.")
    file = LinkResolver(linkable_files(vault.root)).resolve(target, source)
    if file is None:
        if _ATTACHMENT.search(name):
            raise RefusedError(f"There is no file “{shown}” in the vault.")
        return
    if is_note_name(file):
        raise RefusedError(f"{escape_terminal(file)} is not shown: it is excluded, or cannot be read.")
    raise RefusedError(
        f"{escape_terminal(file)} is not a note. {context.key_of('obsidian')} opens this note in Obsidian."
    )


_ATTACHMENT = re.compile(
    r"\.(?:avif|bmp|gif|jpe?g|png|svg|webp|flac|m4a|mp3|ogg|wav|webm|3gp|mkv|mov|mp4|ogv|pdf|canvas|base)$",
    re.IGNORECASE,
)
"""The end of the names of files, besides notes, that Obsidian shows."""


def _create(context: CommandContext, path: str) -> None:
    def created(saved: SavedAt | None) -> None:
        if saved is not None:
            context.host.open_note(saved.note.path)
            context.say_done(f"Created {saved.note.path} · {context.key_of('undo')} takes it back")

    context.submit(create_note(path), created)
