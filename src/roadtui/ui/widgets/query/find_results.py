"""The results of a query, best first, one line each: sign, text with the matched letters lit, where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.timer import Timer
from typing_extensions import override

from roadtui.core.note import Task
from roadtui.core.query.items import QueryItem
from roadtui.core.query.query import Query
from roadtui.core.terminal_text import display_text
from roadtui.session.find.find_session import FindHeading, FindRow
from roadtui.ui.command_table import Scope, bindings_in, bindings_of
from roadtui.ui.render import pane_heading
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.query.find_row import FindRowRenderer, longest_location
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext

_FIT_AFTER = 0.12
"""Seconds."""
_TASK_COMMANDS = (
    "status", "cycle", "doing", "cancel", "due", "scheduled", "start_date", "priority", "repeat", "tags",
)  # fmt: skip
"""Commands on the marked results, or the one under the cursor."""


class FindResults(LineList, inherit_bindings=False):
    """The cursor goes from result to result. Tasks can be marked, in several notes."""

    HELP_SCOPE: ClassVar[Scope] = Scope.FIND_RESULTS
    DEFAULT_CSS = "FindResults { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_in(Scope.FIND_RESULTS),
        *bindings_of(_TASK_COMMANDS),
        *bindings_in(Scope.LIST),
    ]

    display_context: var[TaskDisplayContext | None] = var(None)

    @dataclass
    class ActionRequested(Message):
        """The user wants to `open` or `tick` a result, to `focus` on it, or to go back `to_line`."""

        action: str

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[FindRow] = ()
        self._query: Query | None = None
        self._location_cells = 0
        self._marked: set[QueryItem] = set()
        self._ticked: set[Task] = set()
        """Tasks that were ticked here and are not on disk yet."""
        self._fitting: Timer | None = None

    # What is listed

    def show(self, rows: Sequence[FindRow], query: Query, became: Mapping[QueryItem, QueryItem]) -> None:
        """List `rows`, found by `query`.

        The marks stay on what they are on, and so does the cursor, unless it is on the best result while the
        query is being typed. `became`: what earlier results are among `rows`.
        """
        is_on_best = not self.has_focus and not any(map(self.is_stop, range(self.cursor)))
        current = None if is_on_best else self.current
        self._rows, self._query = rows, query
        listed = {row for row in rows if isinstance(row, QueryItem)}
        self._location_cells = longest_location(listed)
        self._marked = {one for one in (became.get(old, old) for old in self._marked) if one in listed}
        self._ticked.intersection_update(row.task for row in listed if row.task is not None)
        self.refresh()
        self._fit_soon()
        now = became.get(current, current) if current is not None else None
        self.move_to(0 if is_on_best else rows.index(now) if now in listed else self.cursor)
        if is_on_best:
            self.scroll_to(y=0, animate=False, immediate=True)  # It may have been scrolled by the wheel.
        self.refresh_bindings()

    def _fit_soon(self) -> None:
        """Fit the range of scrolling to the rows, after they are painted: that lays out the whole screen."""
        if self._fitting is not None:
            self._fitting.stop()
        self._fitting = self.set_timer(_FIT_AFTER, self.rows_changed)

    @property
    def current(self) -> QueryItem | None:
        """The result under the cursor."""
        row = self._rows[self.cursor] if self.cursor < len(self._rows) else None
        return row if isinstance(row, QueryItem) else None

    @property
    def items(self) -> list[QueryItem]:
        """The results that are listed."""
        return [row for row in self._rows if isinstance(row, QueryItem)]

    @property
    def selected(self) -> list[QueryItem]:
        """The marked results in the order of the list, else the one under the cursor."""
        marked = [item for item in self.items if item in self._marked]
        return marked or [item for item in (self.current,) if item is not None]

    def set_ticked(self, tasks: Sequence[Task], *, is_ticked: bool) -> None:
        """Show `tasks` with their next status before it is written, or as they are where that was refused."""
        (self._ticked.update if is_ticked else self._ticked.difference_update)(tasks)
        self.refresh()

    @override
    def row_count(self) -> int:
        return len(self._rows)

    @override
    def is_stop(self, row: int) -> bool:
        return isinstance(self._rows[row], QueryItem)

    @property
    @override
    def has_keys(self) -> bool:
        """True: from the query, enter goes to the row under the cursor."""
        return True

    def watch_cursor(self, before: int, after: int) -> None:
        """What can be done depends on the row."""
        super().watch_cursor(before, after)
        self.refresh_bindings()

    # Drawing

    @override
    def row_background(self, row: int, text_styles: TextStyles) -> Style | None:
        return text_styles.cursor_away if self._rows[row] in self._marked else None

    @override
    def draw_row(self, row_: int, width: int, text_styles: TextStyles) -> Strip:
        row = self._rows[row_]
        if isinstance(row, FindHeading):
            return Strip([Segment(" "), pane_heading(display_text(row.text), text_styles)])
        renderer = FindRowRenderer(
            row, row.task in self._ticked, self.display_context, text_styles, self._location_cells
        )
        return renderer.draw(
            width, self._query, is_current=row_ == self.cursor, is_marked=row in self._marked
        )

    # Actions

    def action_move(self, rows: int) -> None:
        """Move; from the first result up, to the query."""
        before = self.cursor
        super().action_move(rows)
        if rows < 0 and self.cursor == before and self.has_focus:
            self.action_to_line()

    def action_open(self) -> None:
        """Request to go to the result."""
        self._request("open")

    def action_tick(self) -> None:
        """Request that the selected tasks are ticked or unticked."""
        self._request("tick")

    def action_focus_task(self) -> None:
        """Request the focus screen."""
        self._request("focus")

    def action_to_line(self) -> None:
        """Request to go back to the query."""
        self.post_message(self.ActionRequested("to_line"))

    def _request(self, action: str) -> None:
        if self.current is not None:
            self.post_message(self.ActionRequested(action))

    def action_mark(self) -> None:
        """Mark or unmark the task, and go to the next result."""
        if self.current is not None and self.current.task is not None:
            self._marked ^= {self.current}
            self.refresh()
            self.action_move(1)
            self.refresh_bindings()

    def action_clear_marks(self) -> None:
        """Unmark all."""
        self._marked.clear()
        self.refresh()
        self.refresh_bindings()

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        is_task = self.current is not None and self.current.task is not None
        match action:
            case "clear_marks" if not self._marked:
                return "No results are marked."
            case "mark" | "focus_task" if not is_task:
                return "This is not a task."
            case "tick" if not is_task and not self._marked:
                return "This is not a task."
            case "open" if self.current is None:
                return "There is no result."
            case "move" if parameters == (-1,) and self.has_focus:
                return None  # From the first result it goes to the query.
        return super().refusal(action, parameters)

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Tick by a click on the checkbox, open by a double click elsewhere."""
        if 2 <= x <= 3 and self.current is not None and self.current.task is not None:
            self.action_tick()
        elif is_double:
            self.action_open()
