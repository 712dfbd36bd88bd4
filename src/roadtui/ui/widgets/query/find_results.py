"""The results of a query, best first, one line each: sign, text with the matched letters lit, where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.timer import Timer
from typing_extensions import override

from roadtui.core.dates import day_text, due_text
from roadtui.core.mojibake import repair
from roadtui.core.note import ListItem, Task
from roadtui.core.query.items import QueryItem
from roadtui.core.query.query import Query
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.status import StatusType
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.session.find.find_session import FindHeading, FindRow
from roadtui.ui.command_table import Scope, bindings_in, bindings_of
from roadtui.ui.render import STATUS_GLYPHS, fit_row, pane_heading, status_sign, status_style
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.task_row import TaskDisplayContext

NOTE_SIGN, HEADING_SIGN, BULLET_SIGN = "≡ ", "§ ", "– "
_WIDE = 72
"""Cells from which on the location gets up to half of a row, and days are shown."""
_FIT_AFTER = 0.12
"""Seconds."""
_TASK_COMMANDS = (
    "status", "cycle", "doing", "cancel", "due", "scheduled", "start_date", "priority", "repeat", "tags",
)  # fmt: skip
"""Commands on the marked results, or the one under the cursor."""


class FindResults(LineList, inherit_bindings=False):
    """The cursor goes from result to result. Tasks can be marked, in several notes."""

    BINDING_GROUP_TITLE = "Results"
    HELP = """
What the query finds, best first. `enter` goes to it; `tab` goes back to the query.

- `space` ticks a task. `m` marks several, in whatever notes they are: what you press next is done to all of
  them, as one change that `u` takes back.
"""
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
        self._marked = {one for one in (became.get(old, old) for old in self._marked) if one in listed}
        self._ticked.intersection_update(row.task for row in listed if row.task is not None)
        self.refresh()
        self._fit_soon()
        now = became.get(current, current) if current is not None else None
        self.move_to(0 if is_on_best else rows.index(now) if now in listed else self.cursor)
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
        is_current = row_ == self.cursor
        sign, sign_style = self._sign(row, text_styles)
        bar = "▌" if is_current or row in self._marked else " "
        start = [Segment(bar, text_styles.accent), Segment(f" {sign}", sign_style)]
        day = self._day(row, text_styles) if width >= _WIDE else []
        location = ellipsize(_location(row), width // 2 if width >= _WIDE else width // 3, cell_len)
        end = [*day, Segment(f"  {location} ", text_styles.dim)] if location else [*day, Segment(" ")]
        letters = self._query.letters(row.text) if self._query is not None else []
        style = self._text_style(row, text_styles, is_current=is_current)
        return fit_row(width, start, (row.text or "…", style), end, matched=(letters, text_styles.match))

    def _kind(self, item: QueryItem) -> StatusType | None:
        if item.task is None or self.display_context is None:
            return None
        statuses = self.display_context.statuses
        kind = statuses.type_of(item.task.status_symbol)
        if item.task not in self._ticked:
            return kind
        return StatusType.DONE if kind.is_open else StatusType.TODO

    def _sign(self, item: QueryItem, text_styles: TextStyles) -> tuple[str, Style]:
        kind = self._kind(item)
        if kind is None or item.task is None or self.display_context is None:
            sign = NOTE_SIGN if item.is_note else HEADING_SIGN if item.is_heading else BULLET_SIGN
            return sign, text_styles.accent
        if item.task in self._ticked:
            return f"{STATUS_GLYPHS[kind]} ", status_style(kind, text_styles)
        sign = status_sign(item.task.status_symbol, self.display_context.statuses)
        return sign, status_style(kind, text_styles)

    def _text_style(self, item: QueryItem, text_styles: TextStyles, *, is_current: bool) -> Style:
        kind = self._kind(item)
        if kind is StatusType.CANCELLED:
            return text_styles.faint + Style(strike=True)
        if kind is not None and not kind.is_open:
            return text_styles.faint
        return text_styles.strong if is_current or kind is None else text_styles.text

    def _day(self, item: QueryItem, text_styles: TextStyles) -> list[Segment]:
        """When an open task is due, or when one was done."""
        kind = self._kind(item)
        if kind is None or self.display_context is None:
            return []
        today = self.display_context.today
        if kind is StatusType.DONE:
            done = item.day(FieldKind.DONE)
            return [Segment(f"done {day_text(done, today)}", text_styles.faint)] if done else []
        due = item.day(FieldKind.DUE) if kind.is_open else None
        if due is None:
            return []
        return [Segment(due_text(due, today), text_styles.overdue if due < today else text_styles.due)]

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

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done to the result under the cursor."""
        if action == "clear_marks":
            return bool(self._marked)
        is_task = self.current is not None and self.current.task is not None
        if action in ("mark", "focus_task"):
            return is_task
        if action == "tick":
            return is_task or bool(self._marked)
        return action != "open" or self.current is not None

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Tick by a click on the checkbox, open by a double click elsewhere."""
        if 2 <= x <= 3 and self.current is not None and self.current.task is not None:
            self.action_tick()
        elif is_double:
            self.action_open()


def _location(item: QueryItem) -> str:
    """Where a result is: the note and the headings around it; of a note, its folder."""
    if item.is_note:
        return display_text(item.note.path.rpartition("/")[0])
    content = item.content
    section = content.section if isinstance(content, ListItem) else content.parent
    titles = [repair(title) for title in section.heading_path] if section is not None else []
    return display_text(" › ".join([item.note.name, *(title for title in titles if title != item.note.name)]))
