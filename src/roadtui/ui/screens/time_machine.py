"""The time machine: the vault of an earlier day, from its git history, read-only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.dates import MONTHS, WEEKDAYS
from roadtui.core.errors import RoadtuiError
from roadtui.core.stats.progress import NO_PROGRESS, Progress
from roadtui.core.terminal_text import display_text
from roadtui.session.outline.saved_positions import ViewPosition
from roadtui.session.reports.changes_between import TaskChanges, all_changes, changes_between
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.render import fit_row
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.widgets.note_pane import NoteTitle
from roadtui.ui.widgets.past.day_strip import DayStrip, DayStripState
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.sidebar import OpenRequested, Sidebar
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.ui.workers import start_worker
from roadtui.vault.git.time_machine import TimeMachine


class ReadOnlyTree(TaskTree, inherit_bindings=False):
    """A tree that shows notes of earlier days. Cursor and folds follow their rows from day to day."""

    HELP_SCOPE: ClassVar[Scope] = Scope.READ_ONLY_TREE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.READ_ONLY_TREE, Scope.LIST)]

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        """Clicks fold, and tick nothing."""
        if is_double:
            self.action_toggle_fold()


class DateHeaderState(NamedTuple):
    """What a `DateHeader` shows."""

    day: date
    today: date
    position: int
    """Number of the day among those with changes, from 1."""
    days: int
    then: Progress
    now: Progress | None
    """None while notes of the vault are still being read."""
    is_read: bool
    """False while the notes of the day are being read."""

    @property
    def text(self) -> str:
        """`Sat 14 Nov 2026, 8 days ago`."""
        return self.forms[0]

    @property
    def forms(self) -> tuple[str, ...]:
        """The day in words, from the longest form to the shortest."""
        day = self.day
        weekday, month = WEEKDAYS[day.weekday()][:3].title(), MONTHS[day.month - 1][:3].title()
        back = (self.today - day).days
        ago = "today" if back == 0 else "yesterday" if back == 1 else f"{back} days ago"
        written = f"{day.day} {month} {day.year}"
        return f"{weekday} {written}, {ago}", f"{weekday} {written}", written


class DateHeader(Widget):
    """One line, in the background colour of warnings."""

    DEFAULT_CSS = """
    DateHeader {
        dock: top; height: 1; padding: 0 2;
        background: $warning; color: $background; text-style: bold;
    }
    """

    shown: reactive[DateHeaderState | None] = reactive(None)

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        shown = self.shown
        if y or shown is None:
            return Strip.blank(width, background)
        plain = Style(bold=False)
        start = [] if shown.is_read else [Segment("reading… ", plain)]
        counted = ""
        if shown.is_read and shown.then.total:
            percent = f"{shown.then.percent}%"
            counted = f"{shown.then.done}/{shown.then.total} · {percent}" if width >= 48 else percent
            if width >= 80 and shown.now is not None:
                counted += f"   now {shown.now.done}/{shown.now.total} · {shown.now.percent}%"
        place = f"{shown.position} of {shown.days}" if width >= 100 else ""
        end = [Segment("   ".join(part for part in ("read only", place, counted) if part), plain)]
        space = width - sum(segment.cell_length for segment in (*start, *end)) - 1
        text = next((form for form in shown.forms if len(form) <= space), shown.forms[-1])
        return fit_row(width, start, (text, Style(bold=True)), end).apply_style(background)


class TimeMachineScreen(OverlayScreen, inherit_bindings=False):
    """Shows one day at a time. Days are read in a thread, the one requested last."""

    AUTO_FOCUS = "ReadOnlyTree"
    DEFAULT_CSS = """
    TimeMachineScreen {
        #panes { height: 1fr; padding: 0 1; }
        Sidebar { width: 34; margin: 0 1 0 0; padding: 1 0 1 1; }
        #past { width: 1fr; background: $surface; padding: 1 1 0 1; }
        #message { color: $text-muted; padding: 0 1; display: none; }
        &.-medium Sidebar { width: 30; }
        &.-narrow {
            DateHeader { padding: 0 1; }
            DayStrip { height: 1; margin: 0; padding: 0 1; }
            #panes { padding: 0; }
            Sidebar { display: none; }
        }
        &.-short {
            DayStrip { height: 1; margin: 0; }
            #past { padding: 0 1; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.TIME_MACHINE, Scope.OVERLAY)]
    TAKES_EDITS = False

    def __init__(
        self,
        host: OverlayHost,
        past: TimeMachine,
        path: str | None,
        positions: Mapping[str, ViewPosition],
    ) -> None:
        """Make the screen.

        Args:
            host: Shows the vault as it is now.
            past: Gives the vault of an earlier day.
            path: Path of the note to show first, if there is one.
            positions: Cursor, scroll and folds in notes, by path, as they are now.
        """
        super().__init__(host)
        self._past = past
        earlier = [at for at, day in enumerate(past.days) if day < host.view.today]
        self._at = earlier[-1] if earlier else len(past.days) - 1
        self._path = path
        self._positions = positions
        self._then: DashboardModel | None = None
        """The vault of the day that is shown."""
        self._changes: Mapping[str, TaskChanges] | None = None
        """What happened from that day to now, by path; None until it is known."""

    @override
    def top(self) -> ComposeResult:
        yield DateHeader()

    @override
    def content(self) -> ComposeResult:
        yield DayStrip().data_bind(TimeMachineScreen.text_styles)
        with Horizontal(id="panes"):
            yield Sidebar().data_bind(TimeMachineScreen.text_styles)
            with Vertical(id="past"):
                yield NoteTitle().data_bind(TimeMachineScreen.text_styles)
                yield Static("", id="message", markup=False)
                yield ReadOnlyTree().data_bind(TimeMachineScreen.text_styles)

    def on_mount(self) -> None:
        """Start where the user is now, and go a step back."""
        self._tree.restore_positions(self._positions)
        self._go()

    @property
    def _tree(self) -> ReadOnlyTree:
        return self.query_one(ReadOnlyTree)

    @property
    def _day(self) -> date:
        return self._past.days[self._at]

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "edit":
            return "Notes of an earlier day can only be read."
        if action == "step" and parameters == (-1,) and not self._at:
            return "This is the first day in git."
        return super().refusal(action, parameters)

    # From day to day

    def action_step(self, step: int) -> None:
        """Go to the day before, or after; after the last one is now."""
        at = self._at + step
        if at >= len(self._past.days):
            self.leave()
        elif at >= 0:
            self._at = at
            self._go()

    @on(DayStrip.DayRequested)
    def _choose_day(self, message: DayStrip.DayRequested) -> None:
        if message.at != self._at:
            self._at = message.at
            self._go()

    def _go(self) -> None:
        self._changes = None
        self._show_day(is_read=False)
        start_worker(self, self._read, self._day, exclusive=True, group="read")

    async def _read(self, day: date) -> None:
        like = self.view.snapshot if self._then is None else self._then.snapshot

        def work() -> DashboardModel | None:
            found = self._past.at(day, like, lambda: self.is_running and day == self._day)
            return DashboardModel.of(found, day, self._path) if found is not None else None

        try:
            then = await asyncio.to_thread(work)
        except RoadtuiError as error:
            self.notify(display_text(str(error)), severity="error", markup=False)
            return
        if then is not None:
            is_first, self._then = self._then is None, then
            self._show_day(is_read=True)
            self.query_one(Sidebar).show(then.entries, day, self._path)
            self._show_note(glows=not is_first)
            self._compare()

    def _compare(self) -> None:
        """Find out what happened from the day that is shown to now."""
        then, now = self._then, self.view.snapshot
        if then is None or then.today != self._day or not now.is_complete:
            return

        async def compare(then: DashboardModel) -> None:
            changes = await asyncio.to_thread(changes_between, then.snapshot, now)
            if then.today == self._day:
                self._changes = changes
                self._show_days()

        start_worker(self, compare, then, exclusive=True, group="compare")

    @override
    def show(self, view: DashboardModel) -> None:
        """Show the progress of now in the header."""
        self._show_day(is_read=self._then is not None and self._then.today == self._day)
        self._compare()

    def _show_day(self, *, is_read: bool) -> None:
        then = self._then.progress if self._then is not None else NO_PROGRESS.note
        self.query_one(DateHeader).shown = DateHeaderState(
            self._day,
            self.view.today,
            self._at + 1,
            len(self._past.days),
            then,
            self.view.progress if self.view.snapshot.is_complete else None,
            is_read,
        )
        self._show_days()

    def _show_days(self) -> None:
        changes, path = self._changes, self._path
        total = all_changes(changes) if changes is not None else None
        note = None
        if changes is not None and path is not None and self._then is not None:
            both = (self._then.snapshot.notes.get(path), self.view.snapshot.notes.get(path))
            if both[0] is not None and both[1] is not None:
                note = display_text(both[1].name), changes.get(path, TaskChanges())
        self.query_one(DayStrip).shown = DayStripState(self._past.days, self._at, total, note)

    # What is shown of the day

    def _show_note(self, *, glows: bool = False) -> None:
        then = self._then
        if then is None:
            return
        note = then.snapshot.notes.get(self._path) if self._path is not None else None
        self._tree.display_context = TaskDisplayContext(
            then.snapshot.statuses, then.snapshot.format, then.today, then.open_ids
        )
        self._tree.show(note, then.rows_of(note) if note is not None else None, from_outside=glows)
        self.query_one(NoteTitle).note = note
        message = self.query_one("#message", Static)
        message.update(display_text(f"{self._path or 'This note'} did not exist on this day."))
        message.display = note is None
        self._tree.display = note is not None
        self._show_days()

    @on(Sidebar.NoteHighlighted)
    def _preview(self, message: Sidebar.NoteHighlighted) -> None:
        self._path = message.path
        self._show_note()

    @on(OpenRequested)
    def _open(self, message: OpenRequested) -> None:
        self._path = message.path
        self._show_note()
        self.query_one(Sidebar).choose(message.path)
        if message.line is not None:
            self._tree.go_to_line(message.line)
        self._tree.focus()
