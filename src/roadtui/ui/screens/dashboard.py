"""The dashboard: roadmaps, the tree of one of them, its progress."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.signal import Signal
from typing_extensions import override

from roadtui.config import AfterFilter, Config
from roadtui.session.tracking.pending import PendingStatuses
from roadtui.session.view_model import DashboardModel, TaskRecords
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.commands.host import CommandHost
from roadtui.ui.commands.runner import CommandRunner
from roadtui.ui.messages import PasteRequested, PreviewClosed, RowMoved
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.framed import FramedScreen, HeaderPresenter
from roadtui.ui.screens.note_presenter import NotePresenter
from roadtui.ui.screens.report_presenter import ReportPresenter
from roadtui.ui.widgets.header import HeaderState
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.panes import Panes
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.sidebar import OpenRequested, Sidebar
from roadtui.ui.widgets.task_tree import TaskTree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from roadtui.session.activity.activity import Activity
    from roadtui.session.activity.activity_service import ActivityService
    from roadtui.session.outline.saved_positions import ViewPosition

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
        &.-wide {
            Sidebar { width: 28; }
            ProgressPane { width: 36; padding: 1 1; }
            PreviewPane { width: 36; padding: 1 0 0 1; }
        }
        &.-ultrawide {
            #note { width: 96; }
            ProgressPane, PreviewPane { width: 1fr; }
        }
        &.-medium {
            Sidebar { width: 30; }
            ProgressPane { dock: top; width: 1fr; height: 1; margin: 0; padding: 0 1; }
            #panes { padding: 1 1 0 1; }
            PreviewPane { width: 1fr; padding: 1 0 0 1; }
            .-with-preview ProgressPane { display: block; }
            .-with-preview Sidebar, .-with-preview.-beside-sidebar #note { display: none; }
            .-with-preview.-beside-sidebar Sidebar { display: block; }
        }
        &.-narrow {
            #panes { padding: 0; }
            Sidebar, #note, ProgressPane, PreviewPane, .-with-preview PreviewPane {
                width: 1fr; margin: 0; padding: 1 1 0 1; display: none;
            }
            .-show-sidebar Sidebar, .-show-tree #note, .-show-progress ProgressPane,
            .-show-preview PreviewPane { display: block; }
        }
        &.-short { Sidebar, #note, ProgressPane, PreviewPane { padding: 0 1; } }
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
            first: Path of the note to show; None for the one with the best
                next action.
            host: Gives what commands need of the program; not asked before the first command.
            records: What is known of tasks besides what the notes say.
            clock: Gives seconds that never step back.
            header: What the header shows at first.
        """
        super().__init__()
        self.header = HeaderPresenter(self, header)
        """Shows the state of the vault and of the last edit."""
        self.view = view
        """The vault as it is shown."""
        self.view_changed: Signal[DashboardModel] = Signal(self, "view changed")
        self.activity_service: ActivityService | None = None
        """Finds what has changed since the last look; None before the vault was read."""
        self.activity_changed: Signal[Activity] = Signal(self, "activity changed")
        """Published when something else has changed since the last look."""
        self.pending = PendingStatuses()
        """Status symbols that other programs have overwritten, and that are on their way again."""
        self.commands = CommandRunner(lambda: self.panes.note, host)
        """Runs the commands on the note."""
        self.config = config
        """The user's settings."""
        self.first_positions: Mapping[str, ViewPosition] = {}
        """Where the user was in an earlier run, or as the saved frame shows it; by the path of the note.

        Set before the first paint."""
        self._host = host
        self.note = NotePresenter(
            self,
            lambda: self.panes,
            view,
            first,
            config.inbox,
            clock,
            lambda: self.report.show(),
            lambda: self.show(self.view, from_outside=False),
        )
        """Shows the open note."""
        self.report = ReportPresenter(self, lambda: self.panes, self.note, lambda: self.config, records)
        """Shows what the cursor is on."""

    @override
    def content(self) -> ComposeResult:
        yield Panes(id="panes").data_bind(DashboardScreen.text_styles)

    def on_mount(self) -> None:
        """Start in the tree, with what is known."""
        self.task_tree.restore_positions(self.first_positions)
        self.show(self.view, from_outside=False)
        self.panes.note.shown_list.focus()

    @property
    def path(self) -> str | None:
        """Path of the open note."""
        return self.note.path

    @cached_property
    def panes(self) -> Panes:
        """The panes."""
        return self.query_one(Panes)

    @cached_property
    def task_tree(self) -> TaskTree:
        """The tree of the open note. Cached: every key in the footer needs it."""
        return self.query_one(TaskTree)

    # The vault

    def show(self, view: DashboardModel, *, from_outside: bool) -> None:
        """Show the vault as it is now; `from_outside`: what has changed is highlighted."""
        if not has_children(self.panes):
            return  # The program is ending: an edit that ends now is on disk, and shown no more.
        before, self.view = self.view.snapshot, view
        snapshot = view.snapshot
        self.pending.follow(before.notes, snapshot)
        self.note.follow(view)
        self.panes.note.snapshot = snapshot
        self.panes.sidebar.show(view.entries, view.today, self.path)
        self.task_tree.display_context = TaskDisplayContext(
            snapshot.statuses,
            snapshot.format,
            view.today,
            view.open_ids,
            snapshot.links.resolver if snapshot.is_complete else None,
        )
        self.note.show(from_outside=from_outside)
        self.view_changed.publish(view)

    # The open note

    def open(self, path: str, line: int | None = None) -> None:
        """Show the note at `path`, and go to `line` (from 0) of it. `go_back` leads back to here."""
        self.note.open(path, line)

    def action_go_back(self) -> None:
        """Go back to where the user was before the last jump."""
        self.note.go_back()

    def action_go_forward(self) -> None:
        """Go to where the user was before going back."""
        self.note.go_forward()

    @on(Sidebar.NoteHighlighted)
    def _preview(self, message: Sidebar.NoteHighlighted) -> None:
        self.note.preview(message.path)

    @on(OpenRequested)
    def _open(self, message: OpenRequested) -> None:
        self.open(message.path, message.line)

    # Progress and preview

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        if self.panes.follow_focus(event.widget):
            if not self.panes.is_sidebar_followed:
                self.note.end_preview()
            self.report.show()

    @on(LineList.CursorMoved)
    @on(PreviewClosed)
    def _report(self) -> None:
        self.report.show()

    def action_toggle_preview(self) -> None:
        """Open the preview or close it; on a narrow screen show it where another pane is shown."""
        self.report.toggle_preview()

    # Keys and requests

    async def action_command(self, id: str) -> None:
        """Run the command `id`."""
        await self.commands.run(id)

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        """Refuse commands that do not apply to the selection; most while a query is being typed."""
        if action == "filter" and not self.panes.note.can_filter:
            return "There are no tasks to filter here."
        if action == "command":
            id = str(parameters[0])
            if id == "filter_save" and not self.panes.note.filter_text.strip():
                return "There is no filter to save: / opens one."
            is_held_up = self.is_typing and id not in _WHILE_TYPING
            return "The filter is being typed." if is_held_up else self.commands.refusal(id)
        return super().refusal(action, parameters)

    @property
    def is_typing(self) -> bool:
        """Whether a query is being typed, and this screen has the keys."""
        return self.is_current and self.panes.note.is_typing

    async def action_filter(self) -> None:
        """Open the line for a query below the tree."""
        self.panes.show_note()
        is_kept = self.config.after_filter is AfterFilter.KEEP
        await self.panes.note.open_filter(self._host().find, is_kept_after_enter=is_kept)

    def action_next_pane(self, step: int) -> None:
        """Focus the next pane."""
        self.panes.focus_next_pane(step, with_progress=not self.has_class("-medium"))

    @on(TaskTree.ToggleRequested)
    async def _tick(self, message: TaskTree.ToggleRequested) -> None:
        await self.commands.tick(message)

    @on(PasteRequested)
    async def _paste(self, message: PasteRequested) -> None:
        await self.commands.paste(message.text)

    @on(RowMoved)
    def _move_dialog(self) -> None:
        self.commands.follow_row()
