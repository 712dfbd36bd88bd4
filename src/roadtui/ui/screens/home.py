"""The dashboard: roadmaps, the tree of one of them, its progress."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.reactive import var
from textual.screen import Screen
from textual.timer import Timer

from roadtui.core.progress import Count
from roadtui.ui.inks import Inks
from roadtui.ui.sidebar_entries import sidebar_entries
from roadtui.ui.widgets.key_bar import KeyBar
from roadtui.ui.widgets.note_title import NoteTitle
from roadtui.ui.widgets.progress_pane import ProgressPane
from roadtui.ui.widgets.row_view import RowView
from roadtui.ui.widgets.sidebar import Sidebar
from roadtui.ui.widgets.task_painter import Reading
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.ui.widgets.top_bar import Standing, TopBar
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from roadtui.ui.progress_report import Report

MIN_COLUMNS, MIN_ROWS = 32, 8
"""The smallest terminal that the dashboard works in."""
_REPORT_DELAY = 0.12
"""Seconds that the cursor rests before its progress is worked out: charts never delay a key."""


class Home(Screen[None]):
    """Three panes, fewer where there is no room. Shows what it is given; edits go up as messages."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (an instance variable to Textual)
        (0, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
    ]

    DEFAULT_CSS = """
    Home {
        background: $background;
        layers: base over;
        #panes { height: 1fr; padding: 0 1; }
        Sidebar { width: 34; margin: 0 1 0 0; padding: 1 1 1 1; }
        #note { width: 1fr; background: $surface; padding: 1 1 0 1; }
        ProgressPane { width: 46; margin: 0 0 0 1; padding: 1 2; }
        HelpPanel { background: $surface; border-left: none; padding: 0 1; }
        &.-help ProgressPane { display: none; }
        &.-medium {
            Sidebar { width: 30; }
            ProgressPane { dock: top; width: 1fr; height: 1; margin: 0 1; padding: 0 1; }
            TopBar { height: 1; }
            #panes { padding: 1 1 0 1; }
        }
        &.-narrow {
            HelpPanel { width: 100%; max-width: 100%; }
            TopBar { height: 1; padding: 0 1; }
            #panes { padding: 0; }
            Sidebar, #note, ProgressPane { width: 1fr; margin: 0; padding: 1 1 0 1; display: none; }
            &.-show-sidebar Sidebar, &.-show-tree #note, &.-show-progress ProgressPane { display: block; }
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "next_pane(1)", "next pane", id="next_pane"),
        Binding("shift+tab", "next_pane(-1)", "previous pane", id="previous_pane", show=False),
    ]

    inks: var[Inks | None] = var(None)
    standing: var[Standing | None] = var(None)
    """How the vault and the last edit are, for the top line."""

    def __init__(self, today: date, count: Count, snapshot: Snapshot, first: str | None) -> None:
        """Make the dashboard.

        Args:
            today: The day that everything is told from.
            count: What is counted.
            snapshot: What is known of the vault already.
            first: Path of the note to show; None for the first there is.
        """
        super().__init__()
        self._known = snapshot
        self._today = today
        self._count = count
        self._path = first
        self._snapshot: Snapshot | None = None
        self._report_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """See `textual.screen.Screen.compose`."""
        self._use_theme()
        yield TopBar().data_bind(Home.inks, Home.standing)
        with Horizontal(id="panes"):
            yield Sidebar(self._today, id="sidebar").data_bind(Home.inks)
            with Vertical(id="note"):
                yield NoteTitle().data_bind(Home.inks)
                yield TaskTree(id="tree").data_bind(Home.inks)
            yield ProgressPane(id="progress").data_bind(Home.inks)
        yield KeyBar().data_bind(Home.inks)

    def on_mount(self) -> None:
        """Start in the tree, with what is known."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._use_theme())
        self.show(self._known, from_outside=False)
        self.task_tree.focus()
        self._show_pane()

    # What is shown

    @property
    def path(self) -> str | None:
        """Path of the note in the tree."""
        return self._path

    @property
    def task_tree(self) -> TaskTree:
        """The tree of the note that is open."""
        return self.query_one(TaskTree)

    def _use_theme(self) -> None:
        self.inks = Inks.of_theme(self.app.theme_variables)

    def show(self, snapshot: Snapshot, *, from_outside: bool) -> None:
        """Show the vault as it is now; what another program changed glows."""
        before = self._snapshot
        self._snapshot = snapshot
        if self._path is not None and before is not None and self._path not in snapshot.notes:
            self._follow_moved(before, snapshot)
        if self._path is None or (self._path not in snapshot.notes and snapshot.is_complete):
            self._path = next((note.path for note in snapshot.roadmaps), next(iter(snapshot.notes), None))
        sidebar = self.query_one(Sidebar)
        sidebar.show(sidebar_entries(snapshot, self._today))
        if self._path is not None:
            sidebar.choose(self._path)
        self.task_tree.reading = Reading(snapshot.statuses, snapshot.format, self._today)
        self._show_note(from_outside=from_outside)

    def _follow_moved(self, before: Snapshot, snapshot: Snapshot) -> None:
        """The open note is no longer where it was: go on with it where it is now."""
        assert self._path is not None
        gone = before.notes.get(self._path)
        moved = snapshot.successor(gone, before) if gone is not None else None
        if moved is not None:
            self.task_tree.rename(self._path, moved.path)
            self._path = moved.path

    def _show_note(self, *, from_outside: bool = False) -> None:
        note = self._note
        self.query_one(NoteTitle).note = note
        self.task_tree.show(note, from_outside=from_outside)
        self._schedule_report()

    @property
    def _note(self) -> VaultNote | None:
        return (
            self._snapshot.notes.get(self._path)
            if self._snapshot is not None and self._path is not None
            else None
        )

    def open(self, path: str, line: int | None = None) -> None:
        """Show the note at `path`, and go to `line` (from 0) of it."""
        self._path = path
        self.query_one(Sidebar).choose(path)
        self._show_note()
        if line is not None:
            self.task_tree.go_to_line(line)
        self.task_tree.focus()
        self._show_pane()

    @on(Sidebar.NoteHighlighted)
    def _preview(self, message: Sidebar.NoteHighlighted) -> None:
        if message.path != self._path:
            self._path = message.path
            self._show_note()

    @on(Sidebar.OpenRequested)
    def _open(self, message: Sidebar.OpenRequested) -> None:
        self.open(message.path, message.line)

    # Progress of what the cursor is on

    @on(RowView.CursorMoved)
    def _schedule_report(self) -> None:
        if self._report_timer is not None:
            self._report_timer.stop()
        self._report_timer = self.set_timer(_REPORT_DELAY, self._request_report)

    @on(events.Resize)
    def _fit(self) -> None:
        is_tiny = self.size.width < MIN_COLUMNS or self.size.height < MIN_ROWS
        if is_tiny != bool(self.query("TooSmall")):
            self._say_too_small(is_tiny)
        self._schedule_report()

    def _say_too_small(self, is_tiny: bool) -> None:
        from roadtui.ui.widgets.too_small import TooSmall  # Hardly ever needed.

        if is_tiny:
            self.mount(TooSmall(MIN_COLUMNS, MIN_ROWS))
        else:
            self.query(TooSmall).remove()

    def _request_report(self) -> None:
        note, snapshot = self._note, self._snapshot
        if note is None or snapshot is None:
            return
        content = self.task_tree.current
        width = self.query_one(ProgressPane).scrollable_content_region.width

        def draw() -> None:
            from roadtui.ui.reports import Subject, draw_report  # In the thread, after the first screen.

            subject = Subject.of(note, content, snapshot, self._count)
            self.app.call_from_thread(self._use_report, draw_report(subject, self._today, width))

        self.run_worker(draw, thread=True, exclusive=True, group="report")

    def _use_report(self, report: Report) -> None:
        self.query_one(ProgressPane).report = report

    # Panes

    def _panes(self) -> list[RowView | ProgressPane]:
        return [self.query_one(Sidebar), self.task_tree, self.query_one(ProgressPane)]

    def action_next_pane(self, step: int) -> None:
        """Give the keys to the next pane; on a narrow screen show it instead of this one."""
        panes = self._panes()
        if self.has_class("-medium"):
            panes.pop()
        focused = next((at for at, pane in enumerate(panes) if pane.has_focus), 0)
        target = panes[(focused + step) % len(panes)]
        self._show_pane(target)
        target.focus()

    def _show_pane(self, target: RowView | ProgressPane | None = None) -> None:
        """On a narrow screen: show `target`, or the tree."""
        wanted = (target or self.task_tree).id
        for pane in self._panes():
            self.set_class(pane.id == wanted, f"-show-{pane.id}")
