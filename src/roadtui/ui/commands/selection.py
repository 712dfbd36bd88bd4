"""What a command works on: the row under the cursor, or the rows that are selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from typing_extensions import override

from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.outline import Row
from roadtui.core.quantity import quantity
from roadtui.core.titles import short_title
from roadtui.session.action_requirements import Requires
from roadtui.session.outline.pending_outline import are_same_rows
from roadtui.session.outline.predicted_outline import is_predicted
from roadtui.ui.command import Command
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import VaultNote

Selected = TypeVar("Selected")
Content = TypeVar("Content", bound=Section | ListItem | None)

_ACT_AHEAD = frozenset(
    ("move_down", "move_up", "indent", "outdent", "delete", "cycle", "doing", "cancel", "tick")
)
"""Commands that need not wait for those before: they name what to do to a row, whatever it is."""
_MOST_WAIT = 1.0
"""Seconds; for longer than this only a write that waits for another program takes."""


class Selection(Protocol):
    """Looked up anew for every command: each property is as of now."""

    async def settle(self, command: Command) -> None:
        """Wait, before `command`, until what it works on is in the note, where it is shown ahead of that.

        Raises:
            RefusedError: it is not in the note yet, or not for certain what was selected.
        """
        return

    @property
    def note(self) -> VaultNote:
        """The note that the selection is in. Raises `RefusedError` where there is none to change."""

    @property
    def at(self) -> Section | ListItem | None:
        """The row or task under the cursor."""

    @property
    def rows(self) -> list[Section | ListItem]:
        """What the cursor is on, in a list; empty where there is no row."""
        return [self.at] if self.at is not None else []

    @property
    def selected(self) -> Sequence[ListItem]:
        """The selected items, else the one that the cursor is on; in the order of the note."""

    @property
    def items(self) -> list[ListItem]:
        """The selected items without those inside another selected one."""
        selected = self.selected
        inside = {id(item) for item in selected}
        return [item for item in selected if not any(id(outer) in inside for outer in item.ancestors)]

    def count_hidden(self, contents: Sequence[Section | ListItem]) -> int:
        """How many tasks inside `contents` a filter hides."""
        return 0

    def shows(self, item: ListItem) -> bool:
        """Whether no filter hides `item`."""
        return True

    @property
    def contents(self) -> list[Section | ListItem]:
        """The same, for a command that takes a heading under the cursor too."""
        at = self.at
        return [at] if isinstance(at, Section) and not self.items else [*self.items]

    @property
    def content(self) -> Section | ListItem:
        """The only heading or item that is selected. Raises `RefusedError` where there are several."""
        at = self.at
        return at if isinstance(at, Section) and not self.selected else _only(self.selected)

    @property
    def tasks(self) -> list[Task]:
        """The tasks among the selected items."""
        return [item for item in self.selected if isinstance(item, Task)]

    @property
    def task(self) -> Task:
        """The only task that is selected. Raises `RefusedError` where there are several."""
        return _only(self.tasks)


class TreeSelection(Selection):
    """The selection in a tree."""

    def __init__(self, tree: TaskTree) -> None:
        self._tree = tree

    @override
    async def settle(self, command: Command) -> None:
        ahead = self._tree.ahead
        if not ahead.is_shown or command.requires is Requires.NOTHING or self._can_act_ahead(command):
            return
        outline, rows = self._tree.outline_state.outline, self._tree.acted_on
        if not await ahead.settled(_MOST_WAIT):
            raise RefusedError("Not yet: the change before this one is still on its way to the disk.")
        if not are_same_rows(outline, rows, self._tree.outline_state.outline, self._tree.acted_on):
            raise RefusedError("Not done: the note has changed meanwhile. Look at the row, and try again.")

    def _can_act_ahead(self, command: Command) -> bool:
        """Whether `command` says by itself what to do, so that the writer can do it to what it finds."""
        if self._tree.ahead.is_full or command.id not in _ACT_AHEAD:
            return False
        rows = self._tree.acted_on
        if any(is_predicted(row.content) for row in rows):
            return False
        # What is inside the deleted rows is asked about: that has to be known.
        return command.id != "delete" or not any(map(self._has_more_inside, rows))

    def _has_more_inside(self, row: Row) -> bool:
        """Whether anything is inside `row`, as it is shown or in the note."""
        note, content = self._tree.note, row.content
        if note is None or not isinstance(content, ListItem):
            return True
        following = note.note.items[content.index + 1 : content.index + 2]
        return self._tree.outline_state.has_children(row.index) or any(
            content in item.ancestors for item in following
        )

    @property
    @override
    def note(self) -> VaultNote:
        note = self._tree.note
        if note is None:
            raise RefusedError("No note is open.")
        check_writable(note)
        return note

    @property
    @override
    def at(self) -> Section | ListItem | None:
        return _in_note(self._tree.current)

    @property
    @override
    def selected(self) -> Sequence[ListItem]:
        return [_in_note(item) for item in self._tree.selected]

    @override
    def count_hidden(self, contents: Sequence[Section | ListItem]) -> int:
        state = self._tree.outline_state
        rows = (state.outline.row_of(content) for content in contents)
        return sum(state.hidden_in(row) for row in rows if row is not None)

    @override
    def shows(self, item: ListItem) -> bool:
        state = self._tree.outline_state
        row = state.outline.row_of(item)
        return row is None or state.passes(row)


def _in_note(content: Content) -> Content:
    """`content`. Raises RefusedError where it is shown but not in the note yet."""
    if is_predicted(content):
        raise RefusedError("Not yet: this row is still on its way to the disk.")
    return content


def check_writable(note: VaultNote) -> None:
    """Raise RefusedError if `note` cannot be changed."""
    if note.label:
        raise RefusedError(f"{note.path} can only be read: it is {note.label}.")


def _only(selected: Sequence[Selected]) -> Selected:
    if len(selected) != 1:
        raise RefusedError("This works on one task at a time. Press escape to deselect the others.")
    return selected[0]


def title_of(content: Section | ListItem) -> str:
    """The text of a heading or an item, shortened and safe to display."""
    if isinstance(content, Section):
        return short_title(content.title)
    return short_title(content.text if isinstance(content, Task) else content.source.strip())


def named(items: Sequence[ListItem]) -> str:
    """`“Alpha”` for one, `3 tasks` for several."""
    if len(items) == 1:
        return f"“{title_of(items[0])}”"
    are_tasks = all(isinstance(item, Task) for item in items)
    return quantity(len(items), "task" if are_tasks else "item")
