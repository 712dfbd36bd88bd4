"""Commands that delete, copy, paste and move items, and that have a task wait for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from roadtui.core.edits.input_text import as_tasks, count_lines
from roadtui.core.edits.insertion_point import siblings
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Note, Section, Task
from roadtui.core.quantity import quantity
from roadtui.core.tasks.fields import read_fields
from roadtui.session.action_builders.context import Location
from roadtui.ui.command_table import COMMANDS_BY_ID
from roadtui.ui.commands.context import CommandContext, SavedAt
from roadtui.ui.commands.selection import named, title_of
from roadtui.ui.dialogs.anchor import AnchorPosition
from roadtui.ui.dialogs.confirm import ConfirmDialog
from roadtui.ui.dialogs.finder import FinderItem, FinderRow, FuzzyFinder, SearchEntry
from roadtui.ui.render import status_sign, status_style
from roadtui.vault.snapshot import VaultNote

_ASK_FROM = 20
"""The number of lines from which on pasting asks for confirmation."""


async def delete(context: CommandContext) -> None:
    """Delete the selection; ask first where that is more than one line."""
    note, contents = context.selection.note, context.selection.contents
    question = delete_question(note.note, contents, context.selection.count_hidden(contents))
    what = _deleted(note.note, contents)

    def answered(_yes: bool) -> None:
        context.submit(context.actions.build("delete", note, contents), deleted)

    def deleted(saved: SavedAt | None) -> None:
        if saved is not None:
            context.say_done(f"Deleted {what} · {context.key_of('undo')} takes it back")

    if question is None:
        answered(True)
    else:
        await context.ask(
            ConfirmDialog(
                question, "delete", "keep", context.anchor(AnchorPosition.BELOW), context.text_styles
            ),
            answered,
        )


def delete_question(note: Note, contents: Sequence[Section | ListItem], hidden: int = 0) -> str | None:
    """The question before `contents` are deleted; None for a single item without children.

    A section may hold text that the tree does not show, so it is asked about even where it seems empty.
    `hidden`: how many of the tasks inside a filter hides.
    """
    of_these = f", {hidden} of which the filter hides" if hidden else ""
    first = contents[0]
    if isinstance(first, Section):
        inside = _tasks_in(note, first)
        count = f": {quantity(len(inside), 'task')}" if inside else ""
        return f"Delete the heading “{title_of(first)}” and everything below it{count}{of_these}?"
    is_alone = len(contents) == 1 and next(below_of(note, first), None) is None
    return None if is_alone else f"Delete {_deleted(note, contents)}{of_these}?"


def _deleted(note: Note, contents: Sequence[Section | ListItem]) -> str:
    """The text about `contents` and what is below them: `“Alpha” and the 2 tasks below it`."""
    first = contents[0]
    if isinstance(first, Section):
        inside = _tasks_in(note, first)
        also = f" with {quantity(len(inside), 'task')}" if inside else " and everything below it"
        return f"the heading “{title_of(first)}”{also}"
    items = [content for content in contents if isinstance(content, ListItem)]
    below = [inner for item in items for inner in below_of(note, item) if isinstance(inner, Task)]
    also = (
        f" and the {quantity(len(below), 'task')} below {'it' if len(items) == 1 else 'them'}"
        if below
        else ""
    )
    return named(items) + also


def _tasks_in(note: Note, section: Section) -> list[Task]:
    return [task for task in note.tasks if _is_in(task.section, section)]


def _is_in(inner: Section | None, outer: Section | ListItem) -> bool:
    while inner is not None and inner is not outer:
        inner = inner.parent
    return inner is outer


def below_of(note: Note, item: ListItem) -> Iterator[ListItem]:
    """The items inside `item`, however deep: they follow it."""
    for other in note.items[item.index + 1 :]:
        # By index: `item` may be of another parse of the same bytes.
        if all(around.index != item.index for around in other.ancestors):
            return
        yield other


# Moving


async def move_down(context: CommandContext) -> None:
    """Move the items past the next one that is shown."""
    _move(context, "down", 1)


async def move_up(context: CommandContext) -> None:
    """Move the items past the one before them that is shown."""
    _move(context, "up", -1)


def _move(context: CommandContext, action: str, step: int) -> None:
    note, items = context.selection.note, context.selection.items
    past = _until_shown(context, siblings(note.note, items[0]), items, step)
    context.submit(context.actions.build(action, note, items, past))


def _until_shown(
    context: CommandContext, among: Sequence[ListItem], items: Sequence[ListItem], step: int
) -> int:
    """How many siblings have to be passed to pass one that no filter hides.

    Raises RefusedError where the filter hides all of them.
    """
    edge = items[-1] if step > 0 else items[0]
    if edge not in among:
        return 1  # Of several parents: the edit says that they cannot be moved together.
    at = among.index(edge)
    beyond = among[at + 1 :] if step > 0 else among[:at][::-1]
    past = next((count for count, one in enumerate(beyond, 1) if context.selection.shows(one)), None)
    if past is None and beyond:
        raise RefusedError(
            f"The filter hides all that it can be moved past. {context.key_of('filter_drop')} shows them."
        )
    return past or 1


# Copying


async def copy(context: CommandContext) -> None:
    """Copy the items as Markdown."""
    items = context.selection.items
    context.put_on_clipboard(context.actions.copied_text(context.selection.note, items))
    context.say(f"Copied {named(items)} · {context.key_of('paste')} pastes it below the cursor")


async def paste(context: CommandContext) -> None:
    """Paste what was copied here below the cursor."""
    if not context.copied:
        raise RefusedError(
            "Nothing is copied yet: press y to copy. What other programs copied is pasted by your terminal."
        )
    context.submit(
        context.actions.build("paste", context.selection.note, context.selection.rows, context.copied),
        context.go_to,
    )


async def paste_text(context: CommandContext, text: str) -> None:
    """Paste text from the terminal as tasks below the cursor; ask first where it is long."""
    count = count_lines(text)
    if not count:
        return
    try:
        await context.selection.settle(COMMANDS_BY_ID["paste"])
        note, rows = context.selection.note, context.selection.rows
    except RefusedError as error:
        context.refuse(error)
        return

    def go_on(_yes: bool) -> None:
        context.submit(context.actions.build("paste", note, rows, as_tasks(text)), context.go_to)

    if count <= _ASK_FROM:
        try:
            go_on(True)
        except RefusedError as error:
            context.refuse(error)
        return
    question = f"Paste {count} lines as tasks?"
    await context.ask(
        ConfirmDialog(question, "paste", "drop", context.anchor(AnchorPosition.BELOW), context.text_styles),
        go_on,
    )


# Elsewhere


async def refile(context: CommandContext) -> None:
    """Move the items to a place that is found by a few letters of it."""
    note, items = context.selection.note, context.selection.items
    snapshot = context.snapshot

    def candidates() -> list[SearchEntry[FinderItem]]:
        moving = {id(item) for item in items}
        moving.update(id(inner) for item in items for inner in below_of(note.note, item))
        return [
            SearchEntry(text, spot)
            for text, spot in _spots(_nearest_first(note, snapshot.notes.values()))
            if id(spot.content) not in moving
        ]

    def move(to: FinderItem) -> None:
        context.submit(
            context.actions.build("move_to", note, items, Location(to.note, to.content)),
            lambda saved: _told(context, to, saved),
        )

    anchor = context.anchor(AnchorPosition.BELOW)
    await context.ask(
        FuzzyFinder(
            f"Move {named(items)} to", candidates, _row_function(context), anchor, context.text_styles
        ),
        move,
    )


def _told(context: CommandContext, to: FinderItem, saved: SavedAt | None) -> None:
    if saved is not None:
        place = to.note.name if to.content is None else f"{to.note.name} › {title_of(to.content)}"
        context.say_done(f"Moved to {place} · {context.key_of('undo')} takes it back")


async def depends(context: CommandContext) -> None:
    """Ask for the task that has to be done first."""
    note, task = context.selection.note, context.selection.task
    snapshot = context.snapshot

    def candidates() -> list[SearchEntry[FinderItem]]:
        return [
            SearchEntry(text, spot)
            for text, spot in _spots(_nearest_first(note, snapshot.notes.values()))
            if isinstance(spot.content, Task)
            and spot.content is not task
            and snapshot.statuses.type_of(spot.content.status_symbol).is_open
        ]

    def wait_for(found: FinderItem) -> None:
        assert isinstance(found.content, Task)
        context.submit(context.actions.build("wait_for", note, [task], Location(found.note, found.content)))

    anchor = context.anchor(AnchorPosition.BELOW)
    await context.ask(
        FuzzyFinder(
            f"“{title_of(task)}” has to wait for",
            candidates,
            _row_function(context),
            anchor,
            context.text_styles,
        ),
        wait_for,
    )


def _nearest_first(note: VaultNote, notes: Iterable[VaultNote]) -> list[VaultNote]:
    """The notes that can be changed: this one, those of its folder, all others."""
    writable = [other for other in notes if not other.label]
    return sorted(writable, key=lambda other: (other.path != note.path, other.folder != note.folder))


def _spots(notes: Iterable[VaultNote]) -> Iterator[tuple[str, FinderItem]]:
    """Every place in `notes`, with the text that it is found by."""
    for note in notes:
        yield note.name, FinderItem(note, None)
        parsed = note.content.peek().note
        for section in parsed.sections[1:]:
            yield f"{section.title} {note.name}", FinderItem(note, section)
        for task in parsed.tasks:
            yield f"{task.text} {note.name}", FinderItem(note, task)


def _row_function(context: CommandContext) -> Callable[[FinderItem], FinderRow]:
    """The function that gives the row of a place."""
    display_context, text_styles, here = context.display_context, context.text_styles, context.selection.note

    def look(spot: FinderItem) -> FinderRow:
        note, content = spot.note, spot.content
        if content is None:
            return FinderRow("≡ ", text_styles.accent, note.name, note.folder)
        if isinstance(content, Section):
            return FinderRow("§ ", text_styles.accent, content.title, "" if note is here else note.name)
        assert isinstance(content, Task)
        kind = display_context.statuses.type_of(content.status_symbol)
        description = read_fields(content.text, display_context.format).description or content.text
        title = content.section.title
        parts = [title] if note is here else [note.name, title]
        path = " › ".join(filter(None, parts))
        return FinderRow(
            status_sign(content.status_symbol, display_context.statuses),
            status_style(kind, text_styles),
            description,
            path,
        )

    return look
