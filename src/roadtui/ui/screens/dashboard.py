"""The dashboard: roadmaps, the tree of one of them, its progress."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.geometry import Region
from textual.reactive import var
from textual.screen import Screen
from textual.signal import Signal
from textual.strip import Strip
from textual.timer import Timer
from typing_extensions import override

from roadtui.config import Config
from roadtui.session.open_note import ShownNote
from roadtui.session.view_model import DashboardModel, ReportContext, TaskRecords
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.commands.runner import CommandRunner
from roadtui.ui.messages import PasteRequested, RowMoved
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import KeyFooter
from roadtui.ui.widgets.header import Header, HeaderState
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.note_pane import NotePane, NoteTitle
from roadtui.ui.widgets.progress_panel import ProgressPane
from roadtui.ui.widgets.sidebar import OpenRequested, Sidebar
from roadtui.ui.widgets.task_row import TaskDisplayContext
from roadtui.ui.widgets.task_tree import TaskTree
from roadtui.vault.snapshot import Snapshot, VaultNote

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from roadtui.core.note import Task
    from roadtui.session.actions import TaskActions
    from roadtui.session.pending import PendingMarks
    from roadtui.session.tracked_task import TrackedTask
    from roadtui.ui.charts.progress_report import Report
    from roadtui.ui.widgets.empty_state import EmptyState


class DashboardScreen(Screen[None], inherit_bindings=False):
    """Three panes, fewer where there is no room. Shows what it is given; edits go up as messages."""

    AUTO_FOCUS = "#note LineList"
    """The pane in the middle, from the start on: to give the keys to the left one first costs a paint."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (an instance variable to Textual)
        (0, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
        (150, "-vast"),
    ]

    DEFAULT_CSS = """
    DashboardScreen {
        background: $background;
        #panes { height: 1fr; padding: 0 1; visibility: hidden; }  /* Its own lines are all covered. */
        #panes > * { visibility: visible; }
        Sidebar { width: 34; margin: 0 1 0 0; padding: 1 0 1 1; }
        #note { width: 1fr; background: $surface; padding: 1 1 0 1; }
        ProgressPane { width: 46; margin: 0 0 0 1; padding: 1 2; }
        HelpPanel {
            background: $surface; border-left: none; padding: 1 1 0 1;
            #widget-help { margin: 0; padding: 0; background: $surface; }
            KeyPanel {
                scrollbar-size-vertical: 1;
                scrollbar-color: $scrollbar;
                scrollbar-background: $surface;
            }
        }
        &.-help ProgressPane { display: none; }
        &.-wide KeyFooter, &.-vast KeyFooter { padding: 0 2; }
        &.-wide {
            Sidebar { width: 30; }
            ProgressPane { width: 38; padding: 1 1; }
        }
        &.-medium {
            HelpPanel { width: 42; }
            Sidebar { width: 30; }
            ProgressPane { dock: top; width: 1fr; height: 1; margin: 0; padding: 0 1; }
            Header { height: 1; }
            #panes { padding: 1 1 0 1; }
        }
        &.-narrow {
            HelpPanel {
                split: top; width: 100%; max-width: 100%; height: 75%; padding: 0 1;
                #widget-help { display: none; }
            }
            Header { height: 1; padding: 0 1; }
            #panes { padding: 0; }
            Sidebar, #note, ProgressPane { width: 1fr; margin: 0; padding: 1 1 0 1; display: none; }
            &.-show-sidebar Sidebar, &.-show-tree #note, &.-show-progress ProgressPane { display: block; }
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DASHBOARD)]

    text_styles: var[TextStyles | None] = var(None)
    header_state: var[HeaderState | None] = var(None)
    """How the vault and the last edit are, for the top line."""
    gaze: var[ReportContext | None] = var(None, always_update=True)
    """What the user looks at."""

    def __init__(
        self,
        view: DashboardModel,
        config: Config,
        first: str | None,
        edits: Callable[[], TaskActions],
        records: TaskRecords,
        clock: Callable[[], float],
        header: HeaderState,
    ) -> None:
        """Make the dashboard.

        Args:
            view: What is known of the vault already.
            config: What is counted, what breaks a streak, where quick capture writes.
            first: Path of the note to show; None for the first there is.
            edits: Makes the steps that can be taken now.
            records: What is known of tasks besides what the notes say.
            clock: Gives seconds that never step back.
            header: What the header shows at first.
        """
        super().__init__(classes="-show-tree")
        self.set_reactive(DashboardScreen.header_state, header)
        self._view = view
        self.view_changed: Signal[DashboardModel] = Signal(self, "view changed")
        """Tells the screens on top that the vault is shown in another state."""
        self._pending: PendingMarks | None = None
        """Marks that other programs have overwritten, and that are on their way again."""
        self._config = config
        self._open_note = ShownNote(first)
        self.commands = CommandRunner(lambda: self.note_pane, edits)
        """Runs what can be done to the note."""
        self._records = records
        self._begun: set[str] = set()
        """Notes that the user writes in and that hold no task yet, or none any more."""
        self._is_on_left = False
        """Whether the pane of the two that was last given the keys is the left one."""
        self._guide: EmptyState | None = None
        self._clock = clock
        self._next_look: Timer | None = None

    @override
    def compose(self) -> ComposeResult:
        self._use_theme()
        yield Header().data_bind(DashboardScreen.text_styles, DashboardScreen.header_state)
        with Horizontal(id="panes"):
            yield Sidebar(id="sidebar").data_bind(DashboardScreen.text_styles)
            with NotePane(id="note"):
                yield NoteTitle().data_bind(DashboardScreen.text_styles)
                yield TaskTree(id="tree").data_bind(DashboardScreen.text_styles)
            yield ProgressPane(id="progress").data_bind(DashboardScreen.text_styles)
        yield KeyFooter().data_bind(DashboardScreen.text_styles)

    @override
    def render_lines(self, crop: Region) -> list[Strip]:
        # Of its own it has the background alone, so that one line is like all.
        return super().render_lines(Region(crop.x, crop.y, crop.width, 1)) * crop.height

    def on_mount(self) -> None:
        """Start in the tree, with what is known."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self._use_theme())
        self.show(self._view, from_outside=False)
        self._middle.focus()

    def _use_theme(self) -> None:
        self.text_styles = TextStyles.of_theme(self.app.theme_variables)
        if self._guide is not None:
            self._guide.text_styles = self.text_styles

    def update_header(self, **changes: Any) -> None:
        """Show `changes` of the `HeaderState` in the header."""
        if self.header_state is not None:
            self.header_state = self.header_state._replace(**changes)

    # What is shown

    @property
    def view(self) -> DashboardModel:
        """The vault as it is shown."""
        return self._view

    @property
    def path(self) -> str | None:
        """Path of the note in the tree."""
        return self._open_note.path

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it is shown."""
        return self._view.snapshot

    @cached_property
    def task_tree(self) -> TaskTree:
        """The tree of the note that is open. Kept: it is asked for with every key that the footer shows."""
        return self.query_one(TaskTree)

    @cached_property
    def note_pane(self) -> NotePane:
        """The pane that holds the tree."""
        return self.query_one(NotePane)

    @property
    def _middle(self) -> LineList:
        """What stands in the middle: the tree, or words where there is nothing for it."""
        return self._guide if self._guide is not None and self._guide.display else self.task_tree

    @property
    def _note(self) -> VaultNote | None:
        return self._open_note.note_in(self._view.snapshot)

    def show(self, view: DashboardModel, *, from_outside: bool) -> None:
        """Show the vault as it is now; what another program changed glows."""
        before, self._view = self._view.snapshot, view
        snapshot = view.snapshot
        if self._pending is not None:
            self._pending.follow(before.notes, snapshot)
        self._follow(before)
        if not self._open_note.is_missed and (self.path is None or self._is_gone(self.path)):
            self._open_note.go_to(
                next((note.path for note in snapshot.roadmaps), next(iter(snapshot.notes), None))
            )
        self.note_pane.snapshot = snapshot
        self.query_one(Sidebar).show(view.entries, view.today, self.path)
        self.task_tree.reading = TaskDisplayContext(
            snapshot.statuses, snapshot.format, view.today, view.open_ids
        )
        self._show_note(from_outside=from_outside)
        self.view_changed.publish(view)

    def mark_pending(self, key: object, note: VaultNote, marks: Sequence[tuple[Task, str]]) -> None:
        """Show tasks of `note` with `marks`, which are about to be written again, until `settle(key)`."""
        if self._pending is None:
            from roadtui.session.pending import PendingMarks  # With the first edit that is overwritten.

            self._pending = PendingMarks()
        self._pending.add(key, note, marks, self.snapshot)
        for task, mark in marks:
            self.task_tree.mark_pending(key, note, task, mark)

    def settle(self, key: object, *, is_written: bool = False) -> None:
        """Show what the notes say: the write of `key` is over. `is_written`: it is shown next."""
        self.task_tree.settle(key)
        if self._pending is not None and self._pending.settle(key) and not is_written:
            self.view_changed.publish(self._view)

    def mark_of(self, task: Task) -> str:
        """The mark of `task`, which is ahead of its note where an overwritten one is written again."""
        return self._pending.mark_of(task) if self._pending is not None else task.status_symbol

    @property
    def about_to_close(self) -> Sequence[TrackedTask]:
        """The tasks that are open in the notes and will not be, as that is on its way to the disk."""
        return self._pending.about_to_close(self.snapshot) if self._pending is not None else ()

    def written(self, path: str, note: VaultNote | None) -> None:
        """The user's step is in `note` at `path`, or took it away (None); call before it is shown."""
        if note is None:
            self._begun.discard(path)
            if path == self.path:
                self._open_note.go_to(None)
        elif not note.has_tasks:
            self._begun.add(path)

    def _follow(self, before: Snapshot) -> None:
        """Go on with the open note where it is now; look again where it is gone and may turn up."""
        time = self._clock()
        renamed = self._open_note.follow(before, self._view.snapshot, time)
        if renamed is not None:
            self.task_tree.rename(renamed.old, renamed.new)
        if self._next_look is not None:
            self._next_look.stop()
        seconds = self._open_note.next_look(time)
        self._next_look = self.set_timer(seconds, self._look_again) if seconds is not None else None

    def _look_again(self) -> None:
        self.show(self._view, from_outside=False)

    def _is_gone(self, path: str) -> bool:
        """Whether the note at `path` is neither there, nor there to be read later."""
        snapshot = self._view.snapshot
        return (
            path not in snapshot.notes
            and snapshot.is_complete
            and all(problem.path != path for problem in snapshot.problems)
        )

    def _show_note(self, *, from_outside: bool = False) -> None:
        note = self._note
        self.query_one(NoteTitle).note = note
        self.task_tree.show(note, self._view.rows_of(note) if note else None, from_outside=from_outside)
        self._show_guide(note)
        self.report()

    def _show_guide(self, note: VaultNote | None) -> None:
        """Where there is nothing for the tree to show, say so in its place."""
        words = None
        if note is None or not (note.has_tasks or self._open_note.is_missed):
            from roadtui.session.empty_states import empty_note_text  # Most vaults never need it.
            from roadtui.ui.widgets.empty_state import EmptyState

            words = empty_note_text(
                self._view, self.path, self._config.inbox, is_begun=self.path in self._begun
            )
            if words is not None:
                if self._guide is None:
                    self._guide = EmptyState(id="guide")
                    self._guide.text_styles = self.text_styles
                    self.note_pane.mount(self._guide)
                self._guide.show(words)
        had_focus = self._middle.has_focus
        for pane in (self.task_tree, self._guide):
            if pane is not None:
                pane.display = (pane is self._guide) == (words is not None)
        self.query_one(NoteTitle).display = words is None
        if had_focus:
            self._middle.focus()

    def open(self, path: str, line: int | None = None) -> None:
        """Show the note at `path`, and go to `line` (from 0) of it."""
        self._go_to(path)
        self.query_one(Sidebar).choose(path)
        if line is not None:
            self.task_tree.go_to_line(line)
        self._middle.focus()
        self._show_pane()

    def _go_to(self, path: str) -> None:
        self._open_note.go_to(path)
        self._show_note()

    @on(Sidebar.NoteHighlighted)
    def _preview(self, message: Sidebar.NoteHighlighted) -> None:
        if message.path != self.path:
            self._go_to(message.path)

    @on(OpenRequested)
    def _open(self, message: OpenRequested) -> None:
        self.open(message.path, message.line)

    @on(events.DescendantFocus)
    def _follow_focus(self, event: events.DescendantFocus) -> None:
        is_left = isinstance(event.widget, Sidebar)
        if is_left != self._is_on_left and (is_left or event.widget is self._middle):
            self._is_on_left = is_left
            self.report()

    @on(LineList.CursorMoved)
    def report(self) -> None:
        """Have the progress pane show what the cursor is on; with the cursor on the left, the note there."""
        if not self.query(TaskTree) or not self.query(ProgressPane):  # The program is ending.
            return
        config = self._config
        note, content = self._note, self.task_tree.current
        if self._is_on_left:
            path = self.query_one(Sidebar).current_path
            note, content = self._view.snapshot.notes.get(path or "", note), None
        self.gaze = ReportContext(self._view, note, content, config.count, self._records, config.grace_days)
        pane = self.query_one(ProgressPane)
        if note is None:
            pane.show(None)
            return
        gaze = self.gaze

        def draw(width: int) -> Report:
            from roadtui.ui.charts.progress_report import (
                draw_report,  # In the thread, after the first screen.
            )

            return draw_report(gaze, width)

        pane.show(draw)

    # Commands

    async def action_command(self, id: str) -> None:
        """Run the command `id`."""
        await self.commands.run(id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense on the row."""
        return action != "command" or self.commands.offers(str(parameters[0]))

    @on(TaskTree.ToggleRequested)
    def _tick(self, message: TaskTree.ToggleRequested) -> None:
        self.commands.tick(message)

    @on(PasteRequested)
    async def _paste(self, message: PasteRequested) -> None:
        await self.commands.paste(message.text)

    @on(RowMoved)
    def _move_panel(self) -> None:
        self.commands.panel_follows()

    # Panes

    def _panes(self) -> list[LineList | ProgressPane]:
        return [self.query_one(Sidebar), self._middle, self.query_one(ProgressPane)]

    def action_next_pane(self, step: int) -> None:
        """Give the keys to the next pane; on a narrow screen show it instead of this one."""
        panes = self._panes()
        if self.has_class("-medium"):
            panes.pop()
        focused = next((at for at, pane in enumerate(panes) if pane.has_focus), 0)
        target = panes[(focused + step) % len(panes)]
        self._show_pane(target)
        target.focus()

    def _show_pane(self, target: LineList | ProgressPane | None = None) -> None:
        """On a narrow screen: show `target`, or the note."""
        sidebar, _, progress = self._panes()
        for pane, name in ((sidebar, "sidebar"), (progress, "progress")):
            self.set_class(pane is target, f"-show-{name}")
        self.set_class(target is not sidebar and target is not progress, "-show-tree")
