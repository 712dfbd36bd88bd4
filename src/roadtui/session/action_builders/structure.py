"""Builds the transactions that move items, and those that delete them."""

from __future__ import annotations

from collections.abc import Sequence

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.move import (
    Delete,
    Indent,
    InsertFromNote,
    MoveSibling,
    MoveWithinNote,
    Outdent,
    text_of,
)
from roadtui.core.note import ListItem
from roadtui.core.titles import short_title
from roadtui.session.action_builders.context import ActionContext, Location, named, transaction
from roadtui.vault.snapshot import VaultNote


def delete(_context: ActionContext, note: VaultNote, contents: Sequence[Anchorable]) -> Transaction:
    """Delete items and sections, with all that is inside."""
    return transaction(note, f"delete {named(contents)}", contents, Delete())


def move(
    _context: ActionContext, note: VaultNote, items: Sequence[ListItem], past: int = 1, *, step: int
) -> Transaction:
    """Move items past the next ones (1) or those before (-1), `past` of them."""
    title = f"move {named(items)} {'down' if step > 0 else 'up'}"
    return transaction(note, title, items, MoveSibling(step, past))


def indent(context: ActionContext, note: VaultNote, items: Sequence[ListItem]) -> Transaction:
    """Nest items in the one before them."""
    return transaction(note, f"indent {named(items)}", items, Indent(context.indent_unit))


def outdent(_context: ActionContext, note: VaultNote, items: Sequence[ListItem]) -> Transaction:
    """Move items out of the one that they are nested in, after it."""
    return transaction(note, f"outdent {named(items)}", items, Outdent())


def copied_text(context: ActionContext, note: VaultNote, items: Sequence[ListItem]) -> str:
    """Items with all that is inside, as Markdown. Reads the note.

    Raises:
        RefusedError: the note has changed since it was seen.
    """
    return text_of(context.read_lines(note), items)


def move_to(
    context: ActionContext, note: VaultNote, items: Sequence[ListItem], location: Location
) -> Transaction:
    """Move items to the end of a section, into another task, or to the end of a note.

    Reads the note if the location is in another one.

    Raises:
        RefusedError: the note has changed since it was seen.
    """
    other, content = location
    target_name = named([content]) if content is not None else f"“{short_title(other.name)}”"
    title = f"move {named(items)} to {target_name}"
    if other.path == note.path:
        target = content or other.note.sections[-1]
        return transaction(note, title, [*items, target], MoveWithinNote(context.indent_unit))
    anchors = (other.anchor(content),) if content is not None else ()
    insertion = InsertFromNote(copied_text(context, note, items), context.indent_unit)
    removal = transaction(note, title, items, Delete())
    return Transaction(title, (Edit(other.path, title, anchors, insertion), *removal.edits))
