"""Builds the transactions that change the text of an item, and those that add tasks and headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from roadtui.core.edits.edit import Edit, RestoreLines, Transaction
from roadtui.core.edits.insert import (
    AppendToSection,
    InsertAfter,
    InsertChild,
    InsertSection,
    PasteMarkdown,
    SplitTask,
)
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.set_text import SetText, description_of
from roadtui.core.note import Section, Task
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.fields import field_text, read_fields
from roadtui.core.tasks.status import TaskSettings
from roadtui.core.titles import short_title
from roadtui.session.action_builders.context import ActionContext, named, quoted, transaction
from roadtui.vault.snapshot import VaultNote


def set_text(
    _context: ActionContext, note: VaultNote, contents: Sequence[Anchorable], text: str
) -> Transaction:
    """Give the one task, bullet or heading of `contents` another text."""
    (content,) = contents
    change = SetText(description_of(content), text)
    return transaction(note, f"reword {named(contents)}", contents, change)


def split(
    _context: ActionContext, note: VaultNote, tasks: Sequence[Task], parts: Sequence[str]
) -> Transaction:
    """Make several tasks, one for each of `parts`, of the one task of `tasks`."""
    (task,) = tasks
    return transaction(note, f"split {named(tasks)}", tasks, SplitTask(task.text, tuple(parts)))


def add_after(
    context: ActionContext, note: VaultNote, contents: Sequence[Anchorable], texts: Sequence[str]
) -> Transaction:
    """Add tasks after the one item of `contents` and all inside it; for a heading, as its first tasks."""
    (content,) = contents
    new = _new_texts(context, texts)
    is_section = isinstance(content, Section)
    change = InsertChild(new, context.indent_unit, is_first=True) if is_section else InsertAfter(new)
    return transaction(note, f"add {quoted(texts)}", contents, change)


def add_child(
    context: ActionContext, note: VaultNote, contents: Sequence[Anchorable], texts: Sequence[str]
) -> Transaction:
    """Add tasks as the last ones inside an item, in a section, or (no `contents`) in the note."""
    change = InsertChild(_new_texts(context, texts), context.indent_unit)
    return transaction(note, f"add {quoted(texts)}", contents, change)


def capture(
    context: ActionContext, _note: VaultNote | None, _contents: Sequence[Anchorable], texts: Sequence[str]
) -> Transaction:
    """Add tasks at the end of the inbox note."""
    return add_to_note(context, context.inbox, None, texts)


def add_to_note(context: ActionContext, path: str, heading: str | None, texts: Sequence[str]) -> Transaction:
    """Add tasks at the end of the note at `path`, or of its section `heading`; either is made if missing.

    Raises:
        RefusedError: `path` cannot be the path of a note in the vault.
    """
    from roadtui.vault.new_note import check_path  # Brings in the writer, which no other builder needs.

    check_path(path)
    new = _new_texts(context, texts)
    change = InsertChild(new, context.indent_unit) if heading is None else AppendToSection(new, heading)
    title = f"add {quoted(texts)}"
    return Transaction(title, (Edit(path, title, (), change, creates_note=True),))


def add_section(
    _context: ActionContext, note: VaultNote, sections: Sequence[Anchorable], title: str
) -> Transaction:
    """Add a section after the one of `sections`, at its level; without one, at the end of the note."""
    found = [section for section in sections if isinstance(section, Section) and section.level]
    return transaction(note, f"add section “{short_title(title)}”", found, InsertSection(title))


def paste(context: ActionContext, note: VaultNote, contents: Sequence[Anchorable], text: str) -> Transaction:
    """Add Markdown or plain lines after an item, below a heading, or (no `contents`) last."""
    return transaction(note, "paste", contents, PasteMarkdown(text, context.indent_unit))


def _new_texts(context: ActionContext, texts: Iterable[str]) -> tuple[str, ...]:
    """The texts of new tasks, with the additions that the settings of the Tasks plugin ask for."""
    plugin = context.snapshot.settings.tasks_plugin
    if plugin is None:
        return tuple(texts)
    return tuple(_with_additions(context, text, plugin) for text in texts)


def _with_additions(context: ActionContext, text: str, plugin: TaskSettings) -> str:
    if plugin.global_filter not in text:
        text = f"{plugin.global_filter} {text}"
    if plugin.set_created_date and read_fields(text, plugin.task_format).created is None:
        created = field_text(FieldKind.CREATED, context.today.isoformat(), plugin.task_format)
        text = f"{text}{plugin.task_format.separator}{created}"
    return text


def create_note(path: str) -> Transaction:
    """Create an empty note at `path`, as Obsidian does for a link that leads nowhere."""
    return Transaction.of(Edit(path, f"create {path}", (), RestoreLines(()), creates_note=True))
