"""The list of next actions, two lines each: the task with its first reason, and where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.next_actions.candidates import SuggestionGroup
from roadtui.core.note import Task
from roadtui.session.tracking.tracked_task import TrackedTask
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.render import fit_row, pane_heading, wrapped
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.suggestion_row import SuggestionRowRenderer

GROUP_TITLES = {
    SuggestionGroup.DUE: "late and due this week",
    SuggestionGroup.IN_PROGRESS: "in progress",
    SuggestionGroup.NEXT: "the next of each roadmap",
    SuggestionGroup.LATER: "and then",
}


_MOST_LINES = 4
"""Of a message."""


class ListHeading(NamedTuple):
    """A heading above next actions, or a blank row."""

    text: str


class ListMessage(NamedTuple):
    """A line of text where there are no next actions."""

    text: str
    is_title: bool = False


class LocationLine(NamedTuple):
    """The second line of a next action."""

    tracked: TrackedTask


ListItemRow = ListHeading | ListMessage | TrackedTask | LocationLine


def list_rows(suggestions: Sequence[TrackedTask]) -> list[ListItemRow]:
    """`suggestions`, which are in the order of their groups, with a heading over each group."""
    entries: list[ListItemRow] = []
    group = None
    for one in suggestions:
        if one.group is not None and one.group is not group:
            group = one.group
            entries += [ListHeading("")] * bool(entries) + [ListHeading(GROUP_TITLES[group])]
        entries += [one, LocationLine(one)]
    return entries


def _in_lines(row: ListItemRow, width: int) -> Iterable[ListItemRow]:
    """`row`; a message in as many rows as it needs, each at most `width` cells wide."""
    if not isinstance(row, ListMessage) or not row.text:
        return (row,)
    return (row._replace(text=line) for line in wrapped(row.text, width, _MOST_LINES))


class SuggestionList(LineList, inherit_bindings=False):
    """The cursor goes from task to task."""

    HELP_SCOPE: ClassVar[Scope] = Scope.NEXT_ACTIONS
    DEFAULT_CSS = "SuggestionList { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.NEXT_ACTIONS, Scope.LIST)]

    display_context: var[TaskDisplayContext | None] = var(None)

    @dataclass
    class ActionRequested(Message):
        """The user wants to `tick`, `open` or `focus` a task."""

        action: str
        tracked: TrackedTask

    def __init__(self) -> None:
        super().__init__()
        self._given: list[ListItemRow] = []
        self._entries: list[ListItemRow] = []
        """Those that were given, each message in lines of the present width."""
        self._ticked: set[Task] = set()
        """Tasks that were ticked here and are not on disk yet."""

    @property
    def suggestions(self) -> Iterator[TrackedTask]:
        """The rows."""
        return (entry for entry in self._entries if isinstance(entry, TrackedTask))

    @property
    def current(self) -> TrackedTask | None:
        """The row or task under the cursor."""
        entry = self._entries[self.cursor] if self.cursor < len(self._entries) else None
        return entry if isinstance(entry, TrackedTask) else None

    def show(self, entries: list[ListItemRow], current: TrackedTask | None) -> None:
        """List `entries`, the cursor on `current` where that is among them; else it stays where it is."""
        self._given = entries
        self._lay_out()
        self._ticked.intersection_update(tracked.task for tracked in self.suggestions)
        tasks = [entry.task if isinstance(entry, TrackedTask) else None for entry in self._entries]
        at = tasks.index(current.task) if current is not None and current.task in tasks else self.cursor
        self.move_to(at)
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Wrap messages to the new width."""
        if any(isinstance(entry, ListMessage) for entry in self._given):
            self._lay_out()

    def _lay_out(self) -> None:
        width = max(16, self.scrollable_content_region.width - 2)
        self._entries = [row for entry in self._given for row in _in_lines(entry, width)]
        self.rows_changed()

    def mark_ticked(self, tracked: TrackedTask, *, is_ticked: bool) -> None:
        """Show `tracked` as done before it is written, or as open again where that was refused."""
        (self._ticked.add if is_ticked else self._ticked.discard)(tracked.task)
        self.refresh()

    def is_ticked(self, tracked: TrackedTask) -> bool:
        """Whether `tracked` is shown as done."""
        return tracked.task in self._ticked

    @override
    def row_count(self) -> int:
        return len(self._entries)

    @override
    def is_stop(self, row: int) -> bool:
        """Tasks."""
        return isinstance(self._entries[row], TrackedTask)

    def watch_cursor(self, before: int, after: int) -> None:
        """Keep both lines of the task in sight."""
        super().watch_cursor(before, after)
        self.refresh_row(before + 1)
        self.refresh_row(after + 1)

    @override
    def row_background(self, row: int, text_styles: TextStyles) -> Style | None:
        """The cursor is on both lines."""
        if row == self.cursor + 1 and isinstance(self._entries[row], LocationLine):
            return text_styles.cursor if self.has_keys else text_styles.cursor_away
        return None

    @override
    def draw_row(self, row_: int, width: int, text_styles: TextStyles) -> Strip:
        match self._entries[row_]:
            case ListHeading(text):
                heading = pane_heading(text, text_styles)
                return fit_row(width, [Segment(" ")], (heading.text, heading.style or text_styles.faint))
            case ListMessage(text, is_title):
                return fit_row(
                    width, [Segment(" ")], (text, text_styles.strong if is_title else text_styles.dim)
                )
            case TrackedTask() as tracked:
                is_ticked = self.is_ticked(tracked)
                return self._renderer(width, text_styles).name_row(
                    tracked, is_current=row_ == self.cursor, is_ticked=is_ticked
                )
            case LocationLine(tracked):
                return self._renderer(width, text_styles).location_row(tracked)

    def _renderer(self, width: int, text_styles: TextStyles) -> SuggestionRowRenderer:
        assert self.display_context is not None, "set before there are rows"
        return SuggestionRowRenderer(self.display_context, text_styles, width)

    def action_tick(self) -> None:
        """Request that the task is ticked."""
        self._request("tick")

    def action_open(self) -> None:
        """Request the task in the tree."""
        self._request("open")

    def action_focus_task(self) -> None:
        """Request the focus screen."""
        self._request("focus")

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action in ("tick", "open", "focus_task") and self.current is None:
            return "There is no task here."
        if action == "tick" and self.current is not None and self.is_ticked(self.current):
            return "It is ticked already."
        return super().refusal(action, parameters)

    def _request(self, action: str) -> None:
        if self.current is not None:
            self.post_message(self.ActionRequested(action, self.current))

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Tick by a click on the checkbox, open by a double click elsewhere."""
        if 2 <= x <= 3:
            self._request("tick")
        elif is_double:
            self._request("open")
