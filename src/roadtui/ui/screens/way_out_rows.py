"""What the screen of the way out lists, and where on the screen the row under the cursor is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Protocol

from textual.geometry import Region
from typing_extensions import override

from roadtui.core.note import Task
from roadtui.core.terminal_text import display_text
from roadtui.session.tracking.tracked_task import TrackedTask
from roadtui.session.triage import words
from roadtui.session.triage.state import TriageState, TriageStep
from roadtui.session.triage.writing import NoteDiff
from roadtui.session.view_model import DashboardModel
from roadtui.ui.commands.found_tasks import FoundTasksHost
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.triage.lines import (
    ColumnHeads,
    DiffLine,
    PartLine,
    StepLine,
    TextLine,
    TriageLine,
    WeekLine,
)
from roadtui.ui.widgets.triage.triage_list import TriageList


class ShowsTriage(Protocol):
    """The screen that shows the list."""

    view: DashboardModel
    text_styles: TextStyles | None

    @property
    def listing(self) -> TriageList:
        """The list."""


class RowsOnScreen(FoundTasksHost):
    """The row under the cursor, for dialogs and for commands on its task."""

    def __init__(self, screen: ShowsTriage) -> None:
        """Make one for the list of `screen`."""
        self._screen = screen

    @property
    @override
    def selected_tasks(self) -> Sequence[TrackedTask]:
        line, notes = self._screen.listing.current, self._screen.view.snapshot.notes
        if not isinstance(line, PartLine) or not isinstance(line.row.part, Task):
            return []
        note = notes.get(line.row.key.path)
        return [TrackedTask(note, line.row.part)] if note is not None else []

    @property
    @override
    def display_context(self) -> TaskDisplayContext:
        view = self._screen.view
        return TaskDisplayContext(view.snapshot.statuses, view.snapshot.format, view.today, view.open_ids)

    @property
    @override
    def text_styles(self) -> TextStyles | None:
        return self._screen.text_styles

    @property
    @override
    def list_region(self) -> Region:
        return self._screen.listing.scrollable_content_region

    @property
    @override
    def row_region(self) -> Region:
        area, listing = self.list_region, self._screen.listing
        return Region(area.x, area.y + listing.cursor - listing.scroll_offset.y, area.width, 1)


def lines_of(state: TriageState, ticked: Collection[str]) -> list[TriageLine]:
    """The lines of the present step."""
    if state.step is TriageStep.ONE_STEP:
        return list(_small_steps(state, ticked))
    return list(_parts(state) if state.step is TriageStep.SMALLER else _week(state))


def _small_steps(state: TriageState, ticked: Collection[str]) -> Iterator[TriageLine]:
    steps, snapshot = state.small_steps, state.triage.scope.snapshot
    if not steps:
        yield from _nothing(state)
        return
    yield TextLine("one step of two minutes", is_heading=True)
    yield TextLine()
    for at, one in enumerate(steps):
        if at == 1:
            yield TextLine()
            yield TextLine("or one of these", is_heading=True)
        yield StepLine(one, snapshot.format, snapshot.statuses, one.task.source in ticked)
    yield TextLine()
    yield TextLine("Two minutes are enough to begin.")


def _nothing(state: TriageState) -> Iterator[TriageLine]:
    if not any(parts.open for parts in state.triage.parts):
        yield TextLine("There is nothing to decide.")  # Why, stands above the list.
    else:
        yield TextLine("Nothing can be begun now.", is_strong=True)
        yield TextLine("What is open waits for something, or is planned for later.")


def _parts(state: TriageState) -> Iterator[TriageLine]:
    rows = state.rows
    if not rows:
        yield from _nothing(state)
        return
    yield ColumnHeads()
    yield TextLine()
    for at, row in enumerate(rows):
        if at and not row.depth and rows[at - 1].depth:
            yield TextLine()
        yield PartLine(
            row,
            state.triage.today,
            state.weights.get(row.key),
            state.plan.get(row.key),
            state.decision_around(row),
            row.key in state.marked,
            state.is_split(row.key) is not None,
        )


def _week(state: TriageState) -> Iterator[TriageLine]:
    tasks = state.week
    if not tasks:
        yield from _nothing(state)
        return
    snapshot = state.triage.scope.snapshot
    yield TextLine("this week's few", is_heading=True)
    yield TextLine()
    for task in tasks:
        yield WeekLine(task, state.triage.today, snapshot.format, snapshot.statuses)


def lines_of_diff(diffs: Iterable[NoteDiff]) -> list[TriageLine]:
    """The lines that will change, note by note."""
    lines: list[TriageLine] = []
    for diff in diffs:
        lines += [TextLine()] * bool(lines)
        lines += [TextLine(f"{display_text(diff.path)}: {words.lines(len(diff.lines))}", is_strong=True)]
        for line in diff.lines:
            lines += [DiffLine(line.number, line.before), DiffLine(line.number, line.after, is_new=True)]
    return lines
