"""The command that lists what links to the open note."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from roadtui.core.errors import RefusedError
from roadtui.core.note import Section, Task
from roadtui.core.tasks.fields import read_fields
from roadtui.core.terminal_text import display_text
from roadtui.session.link_graph.backlinks import Backlink, find_backlinks, lines_of_text
from roadtui.ui.commands.context import CommandContext
from roadtui.ui.commands.selection import title_of
from roadtui.ui.dialogs.anchor import AnchorPosition
from roadtui.ui.dialogs.finder import FinderItem, FinderRow, FuzzyFinder, SearchEntry
from roadtui.ui.render import status_sign, status_style
from roadtui.ui.widgets.sidebar import OpenRequested
from roadtui.vault.snapshot import VaultNote

_TO_THE_ROW = "→ here"
"""Beside a note that links to the very heading or task under the cursor; short, as the column is narrow."""


async def backlinks(context: CommandContext) -> None:
    """List the lines that link to the open note, those to the row under the cursor first; go to one."""
    note, content = context.tree.note, context.tree.current
    if note is None:
        raise RefusedError("No note is open.")
    found = await asyncio.to_thread(find_backlinks, context.snapshot, note.path, content)
    if not found:
        raise RefusedError(
            f"Nothing links to {display_text(note.name)} yet: [[{display_text(note.name)}]] would."
        )
    rows: dict[FinderItem, FinderRow] = {}
    actions = context.actions

    def candidates() -> list[SearchEntry[FinderItem]]:
        texts = lines_of_text(found, actions.context.read_lines)
        entries: list[SearchEntry[FinderItem]] = []
        for text, item, row in _rows(context, found, texts):
            rows[item] = row
            entries.append(SearchEntry(text, item))
        return entries

    def go(to: FinderItem) -> None:
        context.pane.screen.post_message(OpenRequested(to.note.path, to.line))

    anchor = context.anchor(AnchorPosition.BELOW)
    question = f"Links to {display_text(note.name)}"
    await context.ask(FuzzyFinder(question, candidates, rows.__getitem__, anchor, context.text_styles), go)


def _rows(
    context: CommandContext, found: Sequence[Backlink], texts: Iterable[str]
) -> Iterator[tuple[str, FinderItem, FinderRow]]:
    """The rows of the list, each with the text it is found by: of each note its name, then its lines."""
    group: tuple[bool, VaultNote] | None = None
    for backlink, text in zip(found, texts, strict=True):
        note = backlink.note
        if group != (backlink.is_exact, note):
            group = backlink.is_exact, note
            where = _TO_THE_ROW if backlink.is_exact else note.folder
            row = FinderRow("≡ ", context.text_styles.accent, note.name, where)
            yield note.name, FinderItem(note, None, backlink.line), row
        item = FinderItem(note, backlink.content, backlink.line)
        yield f"{text} {note.name}", item, _line_row(context, backlink, text)


def _line_row(context: CommandContext, backlink: Backlink, text: str) -> FinderRow:
    """The row of one line; its section, if it has one, is shown dim."""
    content, text_styles = backlink.content, context.text_styles
    if backlink.is_text:
        return FinderRow("¶ ", text_styles.dim, text or f"line {backlink.line + 1}", title_of(content))
    if isinstance(content, Section):
        return FinderRow("§ ", text_styles.accent, text, "")
    section = title_of(content.section)
    if not isinstance(content, Task):
        return FinderRow("• ", text_styles.dim, text.lstrip("-+*").strip(), section)
    statuses, symbol = context.display_context.statuses, content.status_symbol
    description = read_fields(content.text, context.display_context.format).description or content.text
    style = status_style(statuses.type_of(symbol), text_styles)
    return FinderRow(status_sign(symbol, statuses), style, description, section)
