"""The table of actions: what can be done to the tasks and headings of a vault, one row each.

Screens and command line read this table: `ui.command_table` binds its rows to keys, `roadtui task` has an
option for each. The table contains no key, screen or option itself. The functions that build the transactions
are in `session.action_builders`; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from typing_extensions import override

from roadtui.core.edits.edit import Transaction
from roadtui.core.edits.locate import Anchorable
from roadtui.core.note import ListItem, Task
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.status import StatusType
from roadtui.session.action_builders import fields, status, structure, text
from roadtui.session.action_builders.context import ActionContext, named
from roadtui.session.action_requirements import Argument, Requires
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.vault.vault import Vault

Build = Callable[..., Transaction]
"""Takes the `ActionContext`, the note, the items, and the argument where the action has one."""


class TaskAction(NamedTuple):
    """One thing that can be done to tasks, headings or a note."""

    id: str
    """The name by which commands refer to it; with `-` for `_`, the option of `roadtui task`."""
    summary: str
    """What it does, in one line."""
    requires: Requires
    """What has to be selected for it."""
    argument: Argument = Argument.NONE
    build: Build | None = None
    """Builds the transaction, or raises RefusedError; None for an action that changes nothing."""
    field: FieldKind | None = None
    """The field that it sets; None where it sets none."""
    is_single: bool = False
    """Whether it is done to one item at a time."""
    takes_seen: bool = False
    """Whether the last argument is the status symbols that the user saw, one for each task."""


def _sets(kind: FieldKind, summary: str, argument: Argument, build: Build) -> TaskAction:
    """The action that sets the field `kind`, which gives it its id."""
    return TaskAction(kind.value, summary, Requires.TASK, argument, partial(build, kind=kind), kind)


def _gives(id: str, summary: str, type: StatusType) -> TaskAction:
    """The action that gives tasks the vault's status of `type`."""
    build = partial(status.set_type, type=type)
    return TaskAction(id, summary, Requires.TASK, Argument.NONE, build, takes_seen=True)


# fmt: off
ACTIONS = (
    # Status.
    TaskAction("tick", "Tick or untick; of several, the open ones while one is open.", Requires.TASK,
               build=status.toggle, takes_seen=True),
    TaskAction("toggle", "Tick or untick.", Requires.TASK, build=status.toggle_each),
    TaskAction("toggle_all", "Tick or untick, with all tasks inside.", Requires.TASK,
               build=status.toggle_all),
    _gives("done", "Mark as done: the vault's done status, [x] if it has that.", StatusType.DONE),
    _gives("todo", "Reopen: the vault's to-do status, mostly [ ].", StatusType.TODO),
    _gives("doing", "Start: the vault's in-progress status, mostly [/].", StatusType.IN_PROGRESS),
    _gives("cancel", "Cancel: the vault's cancelled status, mostly [-].", StatusType.CANCELLED),
    TaskAction("cycle", "Set the next status of the vault's list.", Requires.TASK, build=status.cycle,
               takes_seen=True),
    TaskAction("status", "Set the status that has this character in the vault.",
               Requires.TASK, Argument.STATUS, status.set_symbol, takes_seen=True),
    # Fields and tags.
    _sets(FieldKind.DUE, "Due date: 2026-12-01, tomorrow, fri, +2w, none.", Argument.DAY, fields.set_day),
    _sets(FieldKind.SCHEDULED, "Scheduled date.", Argument.DAY, fields.set_day),
    _sets(FieldKind.START, "Start date.", Argument.DAY, fields.set_day),
    _sets(FieldKind.PRIORITY, "Priority: highest, high, medium, low, lowest or none.", Argument.PRIORITY,
          fields.set_priority),
    _sets(FieldKind.RECURRENCE, "Repeat, such as `every 2 weeks`; none ends it.", Argument.RULE,
          fields.set_rule),
    TaskAction("tag", "Add tags.", Requires.TASK, Argument.TAGS, fields.edit_tags),
    TaskAction("untag", "Remove tags.", Requires.TASK, Argument.TAGS, fields.remove_tags),
    TaskAction("wait_for", "Make it wait for another task, NOTE.md:LINE.", Requires.TASK, Argument.TASK,
               fields.wait_for, is_single=True),
    # Text.
    TaskAction("text", "Replace its text.", Requires.ROW, Argument.TEXT, text.set_text, is_single=True),
    TaskAction("split", "Replace it with several tasks, one for each line.", Requires.TASK, Argument.LINES,
               text.split, is_single=True),
    TaskAction("add", "Add a task after it, one for each line.", Requires.ROW, Argument.LINES,
               text.add_after, is_single=True),
    TaskAction("child", "Add a task inside it, one for each line.", Requires.NOTE, Argument.LINES,
               text.add_child, is_single=True),
    TaskAction("paste", "Add a list, or lines, after it.", Requires.NOTE, Argument.MARKDOWN, text.paste,
               is_single=True),
    TaskAction("section", "Add a heading after its section.", Requires.NOTE, Argument.TEXT,
               text.add_section, is_single=True),
    TaskAction("capture", "Add a task to the inbox note, one for each line.", Requires.NOTHING,
               Argument.LINES, text.capture),
    # Structure.
    TaskAction("delete", "Delete it.", Requires.ROW,
               build=structure.delete),
    TaskAction("up", "Move before the one above it.", Requires.ITEM, build=partial(structure.move, step=-1)),
    TaskAction("down", "Move after the one below it.", Requires.ITEM, build=partial(structure.move, step=1)),
    TaskAction("indent", "Nest in the one above it.", Requires.ITEM, build=structure.indent),
    TaskAction("outdent", "Move out of the one that it is nested in.", Requires.ITEM,
               build=structure.outdent),
    TaskAction("move_to", "Move it elsewhere, with all inside it.", Requires.ITEM, Argument.LOCATION,
               structure.move_to),
    TaskAction("copy", "Write it and all inside it as Markdown; changes nothing.", Requires.ITEM),
)
# fmt: on
"""In the order in which they are listed."""

ACTIONS_BY_ID = {action.id: action for action in ACTIONS}


class TaskActions:
    """Builds the transactions of the table for one state of a vault, on one day."""

    def __init__(self, context: ActionContext) -> None:
        """Build transactions for `context`."""
        self.context = context

    @classmethod
    def of(cls, vault: Vault, today: date) -> TaskActions:
        """The actions that can be done in `vault` as it is now."""
        return cls(ActionContext.of(vault, today))

    def build(
        self, id: str, note: VaultNote | None, contents: Sequence[Anchorable], *arguments: Any
    ) -> Transaction:
        """The transaction of the action `id`.

        Args:
            id: Of an action that changes something.
            note: The note as it was seen; None where the action requires none.
            contents: Items and sections of that very state of the note.
            arguments: The argument of the action, and what else its builder takes.

        Raises:
            RefusedError: the action cannot be done. Most reasons for that are found only when the transaction
                is written.
        """
        build = ACTIONS_BY_ID[id].build
        assert build is not None, f"{id} changes nothing"
        return build(self.context, note, contents, *arguments)

    def copied_text(self, note: VaultNote, items: Sequence[ListItem]) -> str:
        """Items of `note` with all that is inside, as Markdown. Reads the note.

        Raises:
            RefusedError: the note has changed since it was seen.
        """
        return structure.copied_text(self.context, note, items)


class TaskActionsAcrossNotes(TaskActions):
    """Builds one transaction for tasks of several notes: it is done, and undone, as a whole."""

    def __init__(self, actions: TaskActions, notes: Mapping[Task, VaultNote]) -> None:
        """Build with `actions`; `notes` has the note of each task, as it was seen."""
        self._actions = actions
        self._notes = notes

    @override
    def build(
        self, id: str, note: VaultNote | None, contents: Sequence[Anchorable], *arguments: Any
    ) -> Transaction:
        """The transaction of the action `id`, whatever note each task is in; see `TaskActions.build`."""
        if id == "tick":
            contents, arguments = self._ticked(contents, *arguments)
        positions: dict[str, list[int]] = {}
        for at, content in enumerate(contents):
            positions.setdefault(self._note_of(content).path, []).append(at)
        if len(positions) < 2:
            note = self._note_of(contents[0]) if contents else note
            return self._actions.build(id, note, contents, *arguments)
        parts = [
            self._part(id, [contents[at] for at in part], part, arguments) for part in positions.values()
        ]
        first = [contents[at] for at in next(iter(positions.values()))]
        title = parts[0].title.replace(named(first), named(contents), 1)
        return Transaction(title, tuple(edit for part in parts for edit in part.edits))

    def _ticked(
        self, contents: Sequence[Anchorable], seen: Sequence[str] = ()
    ) -> tuple[Sequence[Anchorable], tuple[Sequence[str]]]:
        """Those of `contents`, with the symbols seen of them, that a tick of all of them changes."""
        symbols = seen or [content.status_symbol for content in contents if isinstance(content, Task)]
        changing = status.ticked(self._actions.context, symbols)
        return [contents[at] for at in changing], ([symbols[at] for at in changing],)

    def _part(
        self, id: str, contents: Sequence[Anchorable], positions: Sequence[int], arguments: tuple[Any, ...]
    ) -> Transaction:
        """The transaction of those `contents` that are in one note."""
        action = ACTIONS_BY_ID[id]
        shared = arguments
        if action.takes_seen:
            at = 0 if action.argument is Argument.NONE else 1
            shared = (*arguments[:at], *([seen[one] for one in positions] for seen in arguments[at:] if seen))
        return self._actions.build(id, self._note_of(contents[0]), contents, *shared)

    def _note_of(self, content: Anchorable) -> VaultNote:
        assert isinstance(content, Task), "actions across notes are done to tasks"
        return self._notes[content]
