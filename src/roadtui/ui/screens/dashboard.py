"""The dashboard: roadmaps, the tree of one of them, its progress."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.signal import Signal
from textual.timer import Timer
from typing_extensions import override

from roadtui.config import AfterFilter, Config
from roadtui.session.sidebar_items import SidebarView, with_views
from roadtui.session.tracking.open_note import ShownNote
from roadtui.session.tracking.pending import PendingStatuses
from roadtui.session.view_model import DashboardModel, ReportContext, TaskRecords
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.commands.host import CommandHost
from roadtui.ui.commands.runner import CommandRunner
from roadtui.ui.messages import PasteRequested, PreviewClosed, RowMoved
from roadtui.ui.screens.framed import FramedScreen
from roadtui.ui.widgets.header import HeaderState
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.panes import Panes
from roadtui.ui.widgets.sidebar import OpenRequested, Sidebar, ViewRequested
from roadtui.ui.widgets.task_row import TaskDisplayContext
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from roadtui.core.note import ListItem, Section, Task
    from roadtui.session.empty_states import EmptyStateText
    from roadtui.session.navigation.navigation_history import NavigationHistory, VisitedPlace
    from roadtui.ui.charts.progress_report import Report

_WHILE_TYPING = ("filter_save",)
"""Ids of commands that can be run while a query is being typed."""


class DashboardScreen(FramedScreen, inherit_bindings=False):
    """Three panes, fewer on a small screen. Shows the view model it is given; commands run on its note."""

    AUTO_FOCUS = "#note LineList"
    """The pane in the middle from the start: focusing the left one first would cost a paint."""

    DEFAULT_CSS = """
    DashboardScreen {
        #panes { height: 1fr; padding: 0 1; visibility: hidden; }  /* Its own lines are all covered. */
        #panes > * { visibility: visible; }
        Sidebar { width: 34; margin: 0 1 0 0; padding: 1 0 1 1; }
        #note { width: 1fr; background: $surface; padding: 1 1 0 1; }
        ProgressPane { width: 46; margin: 0 0 0 1; padding: 1 2; }
        PreviewPane { width: 46; margin: 0 0 0 1; padding: 1 1 0 2; background: $surface; display: none; }
        .-with-preview PreviewPane { display: block; }
        .-with-preview ProgressPane { display: none; }
        &.-help ProgressPane, &.-help .-with-preview PreviewPane { display: none; }
        &.-help .-with-preview.-show-preview PreviewPane { display: block; }
        &.-help .-with-preview.-show-preview Sidebar { display: none; }
        &.-wide {
            Sidebar { width: 30; }
            ProgressPane { width: 38; padding: 1 1; }
            PreviewPane { width: 38; padding: 1 0 0 1; }
        }
        &.-medium {
            HelpPanel { width: 42; }
            Sidebar { width: 30; }
            ProgressPane { dock: top; width: 1fr; height: 1; margin: 0; padding: 0 1; }
            #panes { padding: 1 1 0 1; }
            PreviewPane { width: 1fr; padding: 1 0 0 1; }
            .-with-preview ProgressPane { display: block; }
            .-with-preview Sidebar, .-with-preview.-beside-sidebar #note { display: none; }
            .-with-preview.-beside-sidebar Sidebar { display: block; }
        }
        &.-help.-medium .-with-preview.-show-preview {
            Sidebar, #note { display: none; }
        }
        &.-narrow {
            #panes { padding: 0; }
            Sidebar, #note, ProgressPane, PreviewPane, .-with-preview PreviewPane {
                width: 1fr; margin: 0; padding: 1 1 0 1; display: none;
            }
            .-show-sidebar Sidebar, .-show-tree #note, .-show-progress ProgressPane,
            .-show-preview PreviewPane { display: block; }
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DASHBOARD)]

    def __init__(
        self,
        view: DashboardModel,
        config: Config,
        first: str | None,
        host: Callable[[], CommandHost],
        records: TaskRecords,
        clock: Callable[[], float],
        header: HeaderState,
    ) -> None:
        """Make the dashboard.

        Args:
            view: What is known of the vault already.
            config: What is counted, what breaks a streak, where quick capture writes.
            first: Path of the note to show; None for the first there is.
            host: Gives what commands need of the program; not asked before the first command.
            records: What is known of tasks besides what the notes say.
            clock: Gives seconds that never step back.
            header: What the header shows at first.
        """
        super().__init__()
        self.set_reactive(DashboardScreen.header_state, header)
        self.header_changed: Signal[HeaderState] = Signal(self, "header changed")
        self.view = view
        """The vault as it is shown."""
        self.view_changed: Signal[DashboardModel] = Signal(self, "view changed")
        self.report_context: ReportContext | None = None
        """What progress and insights are shown of."""
        self.report_changed: Signal[ReportContext] = Signal(self, "report changed")
        self.pending = PendingStatuses()
        """Status symbols that other programs have overwritten, and that are on their way again."""
        self.shown_note = ShownNote(first)
        self.commands = CommandRunner(lambda: self.panes.note, host)
        """Runs the commands on the note."""
        self._config = config
        self._records = records
        self._clock = clock
        self._has_jumped = False
        self._before_preview: VisitedPlace | None = None
        """Where the user was before the sidebar showed another note; None if it has not."""
        self._saved_views: Sequence[SidebarView] = ()
        self._is_sidebar_followed = False
        """Whether the sidebar was focused after the note was."""
        self._next_look: Timer | None = None

    @override
    def content(self) -> ComposeResult:
        yield Panes(id="panes").data_bind(DashboardScreen.text_styles)

    def on_mount(self) -> None:
        """Start in the tree, with what is known."""
        self.show(self.view, from_outside=False)
        self.panes.note.shown_list.focus()

    @property
    def path(self) -> str | None:
        """Path of the open note."""
        return self.shown_note.path

    @cached_property
    def panes(self) -> Panes:
        """The panes."""
        return self.query_one(Panes)

    @cached_property
    def task_tree(self) -> TaskTree:
        """The tree of the open note. Cached: every key in the footer needs it."""
        return self.query_one(TaskTree)

    @cached_property
    def visited(self) -> NavigationHistory:
        """Where the user was, to go back to."""
        from roadtui.session.navigation.navigation_history import NavigationHistory  # With the first jump.

        return NavigationHistory()

    # The vault

    def update_header(self, **changes: Any) -> None:
        """Show `changes` of the `HeaderState` in the header."""
        if self.header_state is not None:
            self.header_state = self.header_state._replace(**changes)
            self.header_changed.publish(self.header_state)

    def show(self, view: DashboardModel, *, from_outside: bool) -> None:
        """Show the vault as it is now; `from_outside`: what has changed is highlighted."""
        before, self.view = self.view.snapshot, view
        snapshot = view.snapshot
        self.pending.follow(before.notes, snapshot)
        self._follow(before)
        self.shown_note.choose(snapshot)
        self.panes.note.snapshot = snapshot
        self._show_entries()
        self.task_tree.display_context = TaskDisplayContext(
            snapshot.statuses, snapshot.format, view.today, view.open_ids
        )
        self._show_note(from_outside=from_outside)
        self.view_changed.publish(view)

    def _show_entries(self) -> None:
        entries = with_views(self.view.entries, self._saved_views)
        self.panes.sidebar.show(entries, self.view.today, self.path)

    def show_views(self, views: Sequence[SidebarView]) -> None:
        """Show the saved views in the sidebar."""
        if views != self._saved_views:
            self._saved_views = views
            self._show_entries()

    def _follow(self, before: Snapshot) -> None:
        """Follow the open note when it is moved; look again later where it is gone and may come back."""
        time = self._clock()
        if self._has_jumped:
            self.visited.follow(before, self.view.snapshot, time)
        renamed = self.shown_note.follow(before, self.view.snapshot, time)
        if renamed is not None:
            self.task_tree.rename(renamed.old, renamed.new)
        if self._next_look is not None:
            self._next_look.stop()
        seconds = self.shown_note.next_check(time)
        if seconds is not None:
            self._next_look = self.set_timer(seconds, lambda: self.show(self.view, from_outside=False))
        else:
            self._next_look = None

    def show_pending(self, key: object, note: VaultNote, marks: Sequence[tuple[Task, str]]) -> None:
        """Show tasks of `note` with status symbols that are written again, until `clear_pending(key)`."""
        self.pending.add(key, note, marks, self.view.snapshot)
        for task, mark in marks:
            self.task_tree.show_pending(key, note, task, mark)

    def clear_pending(self, key: object, *, is_written: bool = False) -> None:
        """Show what the notes say, as the write of `key` has ended. `is_written`: it is shown next."""
        self.task_tree.clear_pending(key)
        if self.pending.clear(key) and not is_written:
            self.view_changed.publish(self.view)

    # The open note

    def open(self, path: str, line: int | None = None) -> None:
        """Show the note at `path`, and go to `line` (from 0) of it. `go_back` leads back to here."""
        if path != self.path or line is not None:
            self._record_jump()
        self.show_line(path, line)

    def show_line(self, path: str, line: int | None) -> None:
        """Show the note at `path`, and go to `line` (from 0) of it, as after a small move."""
        self._go_to(path)
        self.panes.sidebar.choose(path)
        if line is not None:
            self.task_tree.go_to_line(line)
        preview = self.panes.preview
        if preview is None or self.app.screen is not self or not preview.view.has_focus:
            self.panes.focus_note()  # Who reads in the preview follows links there.

    def _record_jump(self) -> None:
        """Record the place that the user leaves: the one before the sidebar showed other notes, if it did."""
        place, self._before_preview = self._before_preview or self.task_tree.place, None
        if place is not None:
            self._record(place)

    def _record(self, left: VisitedPlace) -> None:
        self._has_jumped = True
        self.visited.record(left)

    def action_go_back(self) -> None:
        """Go back to where the user was before the last jump."""
        self._return(self.visited.back, "Nothing to go back to.")

    def action_go_forward(self) -> None:
        """Go to where the user was before going back."""
        self._return(self.visited.forward, "Nothing to go forward to.")

    def leave_deleted_note(self) -> None:
        """Go back to where the user was before the open note was created."""
        place = self.visited.back(None, self.view.snapshot)
        if place is not None:
            self._show_place(place)

    def _return(
        self, step: Callable[[VisitedPlace | None, Snapshot], VisitedPlace | None], nothing: str
    ) -> None:
        snapshot = self.view.snapshot
        self.visited.follow(snapshot, snapshot, self._clock())
        here, self._before_preview = self._before_preview or self.task_tree.place, None
        place = step(here, snapshot)
        if place is None:
            self.notify(nothing, timeout=3)
            return
        self._show_place(place)

    def _show_place(self, place: VisitedPlace) -> None:
        self.show_line(place.path, None)
        self.task_tree.return_to(place)

    def _go_to(self, path: str) -> None:
        self.shown_note.go_to(path)
        self._show_note()

    @on(Sidebar.NoteHighlighted)
    def _preview(self, message: Sidebar.NoteHighlighted) -> None:
        if message.path != self.path:
            self._before_preview = self._before_preview or self.task_tree.place
            self._go_to(message.path)

    @on(OpenRequested)
    def _open(self, message: OpenRequested) -> None:
        self.open(message.path, message.line)

    def _leave_preview(self, before: VisitedPlace) -> None:
        """The tree has the focus again: of another note, that was a jump."""
        if before.path != self.path:
            self._record(before)
        self._before_preview = None

    def _show_note(self, *, from_outside: bool = False) -> None:
        note = self.shown_note.note_in(self.view.snapshot)
        rows = self.view.rows_of(note) if note is not None else None
        self.panes.note.show(note, rows, self._empty_text(note), from_outside=from_outside)
        self.report()

    def _empty_text(self, note: VaultNote | None) -> EmptyStateText | None:
        """The text in place of the tree; None where the tree has something to show."""
        if note is not None and (note.has_tasks or self.shown_note.is_missed):
            return None
        from roadtui.session.empty_states import empty_note_text  # Most vaults never need it.

        return empty_note_text(self.view, self.path, self._config.inbox, is_begun=self.shown_note.is_begun)

    # Progress

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        self.panes.follow_focus(event.widget)
        is_sidebar = isinstance(event.widget, Sidebar)
        is_other = is_sidebar != self._is_sidebar_followed
        if is_other and (is_sidebar or event.widget is self.panes.note.shown_list):
            self._is_sidebar_followed = is_sidebar
            if not is_sidebar and self._before_preview is not None:
                self._leave_preview(self._before_preview)
            self.report()

    @on(LineList.CursorMoved)
    def report(self) -> None:
        """Show the progress of what the cursor is on: in the sidebar a note, else a part of the open one."""
        if not self.query(TaskTree) or not self.query("ProgressPane"):  # The program is ending.
            return
        config, snapshot = self._config, self.view.snapshot
        note, content = self.shown_note.note_in(snapshot), self.task_tree.current
        if self._is_sidebar_followed:
            note, content = snapshot.notes.get(self.panes.sidebar.current_path or "", note), None
        context = self.report_context = ReportContext(
            self.view, note, content, config.count, self._records, config.grace_days
        )
        self.report_changed.publish(context)

        def draw(width: int) -> Report:
            from roadtui.ui.charts.progress_report import draw_report  # In a thread, after the first screen.

            return draw_report(context, width)

        if self.panes.preview is not None:
            self._show_in_preview(note, content)
        if self.panes.preview is None or self.has_class("-medium"):
            self.panes.progress.show(draw if note is not None else None)

    # The preview

    def _show_in_preview(self, note: VaultNote | None, content: Section | ListItem | None) -> None:
        from roadtui.ui.widgets.preview.view import PreviewTarget  # It is open, so this is imported already.

        line = content.line if content is not None and self.task_tree.display else None
        if self._is_sidebar_followed:
            line = self.panes.sidebar.current_line
        target = PreviewTarget(self.view.snapshot, note, line) if note is not None else None
        self.panes.show_in_preview(target)

    def open_preview(self) -> None:
        """Show the rendered note in place of the progress."""
        self.panes.open_preview(self._config.max_note_bytes)
        self.report()

    def action_toggle_preview(self) -> None:
        """Open the preview or close it; on a narrow screen show it where another pane is shown."""
        is_narrow = self.has_class("-narrow")
        preview = self.panes.preview
        if preview is not None and (preview.view.has_focus or not is_narrow):
            self._close_preview()
            return
        if preview is None:
            self.open_preview()
        if is_narrow:
            self.panes.focus_preview()

    @on(PreviewClosed)
    def _close_preview(self) -> None:
        """Close the preview; what it followed has the focus where the preview had it."""
        preview = self.panes.preview
        had_focus = preview is not None and preview.view.has_focus
        self.panes.close_preview()
        if had_focus and self._is_sidebar_followed:
            self.panes.focus_sidebar()
        elif had_focus:
            self.panes.focus_note()
        self.report()

    # Keys and requests

    async def action_command(self, id: str) -> None:
        """Run the command `id`."""
        await self.commands.run(id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the commands that apply to the selection; few while a query is being typed."""
        if action == "filter":
            return self.panes.note.can_filter
        if action != "command":
            return True
        id = str(parameters[0])
        return (not self.is_typing or id in _WHILE_TYPING) and self.commands.offers(id)

    @property
    def is_typing(self) -> bool:
        """Whether a query is being typed, and this screen has the keys."""
        return self.is_current and self.panes.note.is_typing

    async def action_filter(self) -> None:
        """Open the line for a query below the tree."""
        self.panes.show_note()
        is_kept = self._config.after_filter is AfterFilter.KEEP
        await self.panes.note.open_filter(self._records, is_kept_after_enter=is_kept)

    @on(ViewRequested)
    async def _open_view(self, message: ViewRequested) -> None:
        await self.run_action(f"app.open_view({message.view.number})")

    def action_next_pane(self, step: int) -> None:
        """Focus the next pane."""
        self.panes.focus_next_pane(step, with_progress=not self.has_class("-medium"))

    @on(TaskTree.ToggleRequested)
    def _tick(self, message: TaskTree.ToggleRequested) -> None:
        self.commands.tick(message)

    @on(PasteRequested)
    async def _paste(self, message: PasteRequested) -> None:
        await self.commands.paste(message.text)

    @on(RowMoved)
    def _move_dialog(self) -> None:
        self.commands.follow_row()
