"""Commands on the text of tasks: add, edit, split, tags, capture."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from functools import partial

from rich.style import Style

from roadtui.core.dates import trailing_date, weekday_text
from roadtui.core.edits.edit import Transaction
from roadtui.core.edits.input_text import as_tasks
from roadtui.core.edits.set_text import description_of
from roadtui.core.errors import RefusedError
from roadtui.core.inline import masked
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.quantity import quantity
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.fields import field_text, read_fields, value_text
from roadtui.core.tasks.tags import distinct_tags, is_tag, tag_key
from roadtui.core.titles import short_title
from roadtui.ui.commands.context import CommandContext
from roadtui.ui.commands.selection import title_of
from roadtui.ui.dialogs.anchor import AnchorPosition
from roadtui.ui.dialogs.field_offer import OfferedField
from roadtui.ui.dialogs.hint_line import InputHint
from roadtui.ui.dialogs.prompt import PromptDialog, PromptSpec
from roadtui.ui.render import status_sign, status_style
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.vault.snapshot import VaultNote

Spot = Section | ListItem
_BOX = "○ "


# Adding


class _Adding:
    """Adds tasks one after the other, each as soon as the one before is in the note, or was refused."""

    def __init__(self, context: CommandContext, add: Callable[[str], Transaction]) -> None:
        """`add`: makes the transaction for the first one; all others go after the one before."""
        self._context = context
        self._add = add
        self._turn = asyncio.Lock()

    async def take(self, text: str) -> None:
        """Add `text` after those before it; an empty one only waits for them. Raises `RoadtuiError`."""
        async with self._turn:
            if not text:
                return
            saved = await self._context.written(self._add(text))
            self._context.go_to(saved)
            item = next((item for item in saved.note.note.items if item.line == saved.line), None)
            if item is not None:
                self._add = partial(self._add_after, saved.note, item)

    def _add_after(self, note: VaultNote, item: ListItem, text: str) -> Transaction:
        return self._context.actions.build("add", note, [item], [text])


async def add(context: CommandContext) -> None:
    """Add a task after the one under the cursor; at a heading, the first of its section."""
    at = context.selection.at
    if at is None:
        await add_inside(context)
        return
    is_section = isinstance(at, Section)
    place = f"{'first in' if is_section else 'after'} “{title_of(at)}”"
    where = AnchorPosition.BELOW if is_section else AnchorPosition.BEHIND
    await _ask_for_task(context, "add", place, where, int(is_section))


async def add_inside(context: CommandContext) -> None:
    """Add a task as the last one inside the one under the cursor, of a section, or of an empty note."""
    at, note = context.selection.at, context.selection.note
    place = (
        f"{'last in' if isinstance(at, Section) else 'in'} “{title_of(at) if at else short_title(note.name)}”"
    )
    await _ask_for_task(context, "child", place, AnchorPosition.BEHIND, 1)


async def _ask_for_task(
    context: CommandContext, action: str, place: str, where: AnchorPosition, deeper: int
) -> None:
    note, rows = context.selection.note, context.selection.rows
    adding = _Adding(context, lambda text: context.actions.build(action, note, rows, [text]))

    def hint(text: str) -> InputHint:
        return InputHint(place if text.strip() else f"{place}; empty: enter closes")

    async def paste(text: str) -> None:
        context.go_to(await context.written(context.actions.build("paste", note, rows, as_tasks(text))))

    question = PromptSpec(
        _BOX,
        hint,
        adding.take,
        is_box=True,
        submit_and_go_on=adding.take,
        paste=paste,
        offer=partial(offered_due, display_context=context.display_context),
    )
    await context.ask(PromptDialog(question, context.anchor(where, deeper), context.text_styles))


def offered_due(text: str, display_context: TaskDisplayContext) -> OfferedField | None:
    """The due date that the last words of a new task name, unless it has one."""
    today, format = display_context.today, display_context.format
    found = trailing_date(text, today)
    fields = read_fields(text.strip(), format)
    if found is None or fields.due is not None or fields.invalid_dates:
        return None
    before = read_fields(found.before, format)
    if [field.raw for field in before.all] != [field.raw for field in fields.all]:
        return None  # The words belong to another field.
    value = value_text(FieldKind.DUE, found.day, format)
    label = f"due {weekday_text(found.day, today)}"
    return OfferedField(found.before, found.words, label, field_text(FieldKind.DUE, value, format))


async def add_section(context: CommandContext) -> None:
    """Add a heading after the section that the cursor is in."""
    note, at = context.selection.note, context.selection.at
    section = at.section if isinstance(at, ListItem) else at
    after = section if section is not None and section.level else None
    sections = [after] if after is not None else []

    def hint(text: str) -> InputHint:
        return InputHint(
            f"a heading after “{title_of(after)}”" if after is not None else f"a heading in {note.name}"
        )

    async def submit(text: str) -> None:
        if text:
            context.go_to(await context.written(context.actions.build("section", note, sections, text)))

    question = PromptSpec("# ", hint, submit)
    await context.ask(PromptDialog(question, context.anchor(AnchorPosition.BELOW), context.text_styles))


async def capture(context: CommandContext) -> None:
    """Add a task to the inbox note."""

    async def submit(text: str) -> None:
        if text:
            transaction = context.actions.build("capture", None, [], [text])
            saved = await context.written(transaction, stays=True)
            context.say_done(f"Added to {saved.note.path}")

    offer = partial(offered_due, display_context=context.display_context)
    question = PromptSpec(_BOX, lambda text: InputHint("into the inbox"), submit, is_box=True, offer=offer)
    await context.ask(PromptDialog(question, context.anchor_at_bottom(), context.text_styles))


# Changing


async def edit(context: CommandContext) -> None:
    """Edit the text of a task, a bullet or a heading in its row."""
    content, note = context.selection.content, context.selection.note
    description = description_of(content)

    def hint(text: str) -> InputHint:
        if not text.strip():
            return InputHint("The text is empty. Press esc, then d, to delete it.", is_wrong=True)
        if text.strip() == description:
            return InputHint("not changed yet")
        return _reading(context, text, content) if isinstance(content, Task) else InputHint("changed")

    async def submit(text: str) -> None:
        if text != description:
            await context.written(context.actions.build("text", note, [content], text))

    sign, style = _sign(context, content)
    cursor = _end_of_words(context, description) if isinstance(content, Task) else None
    question = PromptSpec(sign, hint, submit, description, is_box=True, style=style, cursor=cursor)
    await context.ask(PromptDialog(question, context.anchor(AnchorPosition.OVER), context.text_styles))


def _end_of_words(context: CommandContext, text: str) -> int:
    """Where the words of a task end: before the fields at its end, which have keys of their own."""
    fields = read_fields(text, context.display_context.format)
    end = fields.end
    for field in reversed(fields.all):
        if not text[field.end : end].strip():
            end = field.start
    return len(text[:end].rstrip())


def _sign(context: CommandContext, content: Spot) -> tuple[str, Style]:
    """The sign before the text of `content` while it is edited, and its style."""
    if isinstance(content, Section):
        return f"{'#' * content.level} ", context.text_styles.dim
    if not isinstance(content, Task):
        return "- ", context.text_styles.dim
    statuses = context.display_context.statuses
    return status_sign(content.status_symbol, statuses), status_style(
        statuses.type_of(content.status_symbol), context.text_styles
    )


def _reading(context: CommandContext, text: str, before: Task) -> InputHint:
    """The fields that `text` is parsed to have: one that is misspelt, or ran into a word, is missing.

    First those that `before`, the task as it is, has and `text` has not.
    """
    fields = read_fields(text.strip(), context.display_context.format)
    if fields.invalid_dates:
        return InputHint(f"{fields.invalid_dates[0].raw} is not a valid date", is_wrong=True)
    kept = {field.kind for field in fields.all}
    lost = {field.kind for field in read_fields(before.text, context.display_context.format).all} - kept
    found = [
        f"no {kind.value}{' date' * kind.is_date} any more"
        for kind in sorted(lost, key=lambda kind: kind.value)
    ]
    found += [f"{field.kind.value} {field.raw}" for field in fields.all if field.kind.is_date]
    found += fields.tags
    return InputHint(" · ".join(found) or "changed")


async def split(context: CommandContext) -> None:
    """Split a task into several at the bars that the user types."""
    task, note = context.selection.task, context.selection.note

    def hint(text: str) -> InputHint:
        parts = split_parts(text)
        if len(parts) < 2:
            return InputHint("put | where a new task begins")
        return InputHint(f"{len(parts)} tasks: {' · '.join(short_title(part) for part in parts)}")

    async def submit(text: str) -> None:
        parts = split_parts(text)
        if len(parts) < 2:
            raise RefusedError("Put | between the parts, or press esc.")
        context.go_to(await context.written(context.actions.build("split", note, [task], parts)))

    question = PromptSpec(_BOX, hint, submit, task.text, is_box=True)
    await context.ask(PromptDialog(question, context.anchor(AnchorPosition.OVER), context.text_styles))


def split_parts(text: str) -> list[str]:
    """The parts of `text` between bars, without empty ones. Bars in links and in code are ignored."""
    parts: list[str] = []
    start = 0
    for bar in re.finditer(r"\||\Z", masked(text)):
        parts.append(text[start : bar.start()])
        start = bar.end()
    return [part.strip() for part in parts if part.strip()]


# Tags


async def tags(context: CommandContext) -> None:
    """Change the tags that the selected tasks have in common."""
    tasks, note = context.selection.tasks, context.selection.note
    of_each = [read_fields(task.text, context.display_context.format).tags for task in tasks]
    keys_of_each = [set(map(tag_key, tags)) for tags in of_each]
    common = [tag for tag in distinct_tags(of_each[0]) if all(tag_key(tag) in keys for keys in keys_of_each)]

    def hint(text: str) -> InputHint:
        wrong = next((tag for tag in typed_tags(text) if not is_tag(tag)), None)
        if wrong is not None:
            return InputHint(f"{wrong} is not a tag: letters, numbers, - _ and / only", is_wrong=True)
        added, removed = changed_tags(common, text)
        changes = [f"adds {' '.join(added)}"] * bool(added) + [f"removes {' '.join(removed)}"] * bool(removed)
        for_all = f", for {quantity(len(tasks), 'task')}" if len(tasks) > 1 else ""
        return InputHint(" · ".join(changes) + for_all if changes else "tags, separated by spaces: ml later")

    async def submit(text: str) -> None:
        added, removed = changed_tags(common, text)
        if added or removed:
            await context.written(context.actions.build("tag", note, tasks, added, removed))

    value = " ".join(common) + " " * bool(common)
    await context.ask(
        PromptDialog(
            PromptSpec("tags ", hint, submit, value),
            context.anchor(AnchorPosition.BELOW),
            context.text_styles,
        )
    )


def typed_tags(text: str) -> list[str]:
    """The tags of `text`, each once, with `#` whether it was typed or not."""
    return list(distinct_tags(f"#{word.lstrip('#')}" for word in text.replace(",", " ").split()))


def changed_tags(before: list[str], text: str) -> tuple[list[str], list[str]]:
    """Which tags to add, and which to take away, so that those of `before` become those of `text`."""
    after = typed_tags(text)
    keys_before, keys_after = set(map(tag_key, before)), set(map(tag_key, after))
    added = [tag for tag in after if tag_key(tag) not in keys_before]
    return added, [tag for tag in before if tag_key(tag) not in keys_after]
