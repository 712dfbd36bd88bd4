"""The tasks that are selected in a list of results, which may be in several notes: a context for commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textual.geometry import Region
from typing_extensions import override

from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.session.actions import TaskActions, TaskActionsAcrossNotes
from roadtui.session.tracking.tracked_task import TrackedTask
from roadtui.ui.commands.context import CommandContext, SavedAt
from roadtui.ui.commands.screen_context import ScreenContext, TaskScreen
from roadtui.ui.commands.selection import Selection, check_writable
from roadtui.ui.dialogs.anchor import AnchorPosition, DialogAnchor, beside_text
from roadtui.ui.dialogs.placement import MenuSpot
from roadtui.vault.snapshot import VaultNote


class FoundTasksHost(TaskScreen, Protocol):
    """The screen that shows the results."""

    @property
    def selected_tasks(self) -> Sequence[TrackedTask]:
        """The tasks that are marked, else the one under the cursor."""

    @property
    def row_region(self) -> Region:
        """Where on the screen the row under the cursor is."""

    @property
    def list_region(self) -> Region:
        """Where on the screen the results are."""


class FoundRowAnchor(DialogAnchor):
    """Anchors a dialog below the row under the cursor, or above it where there is no space below."""

    def __init__(self, host: FoundTasksHost) -> None:
        self._host = host

    @property
    @override
    def width(self) -> int:
        return self._host.row_region.width

    @property
    @override
    def indent(self) -> int:
        return 3

    @override
    def open(self, lines: int) -> Region:
        row, area = self._host.row_region, self._host.list_region
        below, above = area.bottom - row.bottom, row.y - area.y
        if lines <= below or below >= above:
            return Region(row.x, row.bottom, row.width, max(1, min(lines, below)))
        lines = min(lines, above)
        return Region(row.x, row.y - lines, row.width, lines)

    @override
    def close(self) -> None:
        pass

    @override
    def beside(self, area: Region) -> MenuSpot:
        row = self._host.row_region
        return beside_text([row], row.x + self.indent, area)


class FoundTasksSelection(Selection):
    """The tasks that are selected in the results."""

    def __init__(self, host: FoundTasksHost) -> None:
        self._host = host
        self.notes: dict[Task, VaultNote] = {}
        """The note of each task that a command was given, as it was seen."""

    def _tracked(self) -> Sequence[TrackedTask]:
        found = self._host.selected_tasks
        if not found:
            raise RefusedError("There is no task.")
        for tracked in found:
            check_writable(tracked.note)
            self.notes[tracked.task] = tracked.note
        return found

    @property
    @override
    def note(self) -> VaultNote:
        return self._tracked()[0].note

    @property
    @override
    def at(self) -> Section | ListItem | None:
        return self._tracked()[0].task

    @property
    @override
    def selected(self) -> Sequence[ListItem]:
        return [tracked.task for tracked in self._tracked()]


class FoundTasksContext(ScreenContext):
    """The context of the commands on the selected results."""

    def __init__(self, host: FoundTasksHost, below: CommandContext) -> None:
        """`below`: the context of the dashboard."""
        self._selection = FoundTasksSelection(host)
        super().__init__(host, below, self._selection)
        self._screen = host

    @property
    @override
    def actions(self) -> TaskActions:
        return TaskActionsAcrossNotes(super().actions, self._selection.notes)

    @override
    def anchor(self, where: AnchorPosition, deeper: int = 0) -> DialogAnchor:
        return FoundRowAnchor(self._screen)

    @override
    def go_to(self, saved: SavedAt | None) -> None:
        """Stay in the results."""

    def tick(self, then: Callable[[SavedAt | None], None]) -> Sequence[Task]:
        """Tick or untick the selected tasks: of several, the open ones while one is open. Gives which."""
        try:
            note, tasks = self.selection.note, self.selection.tasks
            statuses = self.display_context.statuses
            open_tasks = [task for task in tasks if statuses.type_of(task.status_symbol).is_open]
            tasks = open_tasks or tasks
            transaction = self.actions.build("tick", note, tasks)
        except RefusedError as error:
            self.refuse(error)
            return []
        self.submit(transaction, then)
        return tasks
