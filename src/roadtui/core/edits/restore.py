"""Changes that restore tasks as they were: their text, their place, or the tasks themselves. Pure.

Unlike an undo they know nothing of the edit that changed them, only how the task was and how it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from typing_extensions import override

from roadtui.core.edits import insertion_point
from roadtui.core.edits.edit import Change, EditTarget
from roadtui.core.edits.insert import put
from roadtui.core.edits.insertion_point import InsertionPoint
from roadtui.core.edits.list_layout import ListMarker
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.move import move_to_point
from roadtui.core.edits.patch import Replacement
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section
from roadtui.core.titles import short_title


class Beside(Enum):
    """Where a task was, seen from another row."""

    AFTER = "after"
    """After it and all that is inside it."""
    FIRST_INSIDE = "first inside"
    """The first row inside it: a task, or a heading."""


@dataclass(frozen=True, slots=True)
class RestoreTasks(Change):
    """Restore checkbox and text of tasks, one for each anchor; indentation and list marker stay."""

    seen: tuple[str, ...]
    """Of each task, its line from the status symbol on as it is now."""
    original: tuple[str, ...]
    """What this was before."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        found = []
        for task, seen, original in zip(target.tasks, self.seen, self.original, strict=True):
            if task.source[task.symbol_index :].rstrip() != seen.rstrip():
                raise RefusedError(f"Not taken back: “{short_title(task.text)}” has changed again since.")
            found.append(Replacement.of_task(task, task.source[: task.symbol_index] + original))
        return found


@dataclass(frozen=True, slots=True)
class PutBack(Change):
    """Insert lists where they were before they were removed, one for each anchor.

    Without an anchor there is one list, which goes to the end of the note.
    """

    texts: tuple[str, ...]
    """Markdown lists."""
    where: tuple[Beside, ...]
    unit: str
    """The indentation of one level, used where the note has no nested items."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        if not target.found:
            return [put(insertion_point.at_end(target), text) for text in self.texts]
        return [
            put(_point(target, content, where, self.unit), text)
            for content, where, text in zip(target.found, self.where, self.texts, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class MoveBack(Change):
    """Move an item, the first anchor, beside the second one; without a second one to the end of the note."""

    where: Beside
    unit: str
    """The indentation of one level, used where the note has no nested items."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        item, *beside = target.found
        if not isinstance(item, ListItem):
            raise RefusedError("Not taken back: there is no task here.")
        point = _point(target, beside[0], self.where, self.unit) if beside else insertion_point.at_end(target)
        return move_to_point(target, [item], point)


def _point(target: EditTarget, content: Anchorable, where: Beside, unit: str) -> InsertionPoint:
    if isinstance(content, Section):
        return insertion_point.first_in(target, content)
    if where is Beside.AFTER:
        return insertion_point.after(target, content)
    children = insertion_point.own_children(target.note, content)
    if not children:
        return insertion_point.inside(target, content, unit)
    lead = ListMarker.of(children[0])
    return InsertionPoint(children[0].line, lead, content)
