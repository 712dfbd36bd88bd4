"""Focus: one task at a time, with a timer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.titles import short_title
from roadtui.session.empty_states import no_next_actions_text
from roadtui.session.focus_session import FocusSession, Phase
from roadtui.session.focused_task import FocusedTask, FocusStatus
from roadtui.session.navigation.links import row_links
from roadtui.session.tracking.tracked_task import TrackedTask, track
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in, bindings_of
from roadtui.ui.commands.context import SavedAt
from roadtui.ui.commands.runner import run
from roadtui.ui.commands.single_task import SingleTaskContext, tick
from roadtui.ui.messages import LinkRequested
from roadtui.ui.mounting import has_children
from roadtui.ui.screens.overlay import OverlayHost, OverlayScreen
from roadtui.ui.screens.timer_presenter import TimerPresenter
from roadtui.ui.widgets.focus.card import FocusCard, FocusCardState
from roadtui.ui.widgets.focus.timer import FocusTimer
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.workers import start_worker

Ring = Callable[[Phase, TrackedTask | None], None]
"""Notifies the user of the end of a phase."""
Leave = Callable[[TrackedTask | None], None]
"""Called when the user leaves, with the task of the round; None where it is done or there is none."""


class FocusScreen(OverlayScreen, inherit_bindings=False):
    """Shows one task after the other, with a timer that counts while the task is open."""

    HELP_SCOPE: ClassVar[Scope] = Scope.FOCUS
    DEFAULT_CSS = """
    FocusScreen {
        #middle { align: center middle; height: 1fr; padding: 0 2; }
        #column { width: 100%; max-width: 92; height: auto; background: $surface; padding: 2 4 2 3; }
        FocusCard { background: $surface; }
        FocusTimer { margin: 2 0 1 0; height: 5; }
        #timer { color: $text-muted; padding: 0 2; height: 1; background: $surface; }
        #then { color: $text-muted; padding: 0 2; height: 1; background: $surface; margin: 1 0 0 0; }
        &.-tall {
            #column { padding: 3 4 3 3; }
            FocusTimer { margin: 3 0 1 0; height: 7; }
        }
        &.-narrow {
            #middle { padding: 0 1; }
            #column { padding: 1 2 1 1; }
            FocusTimer { margin: 1 0; }
        }
        &.-short {
            #column { height: 1fr; padding: 0 1; }
            FocusCard { height: 1fr; }
            FocusTimer { margin: 0; height: 1; }
            #then { margin: 0; }
            #timer { display: none; }
        }
    }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-high"), (34, "-tall")]  # noqa: RUF012 (see Textual)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_in(Scope.FOCUS),
        *bindings_of(("edit", "split", "due")),
        *bindings_in(Scope.OVERLAY),
    ]

    def __init__(
        self,
        host: OverlayHost,
        focus_session: FocusSession,
        ring: Ring,
        tracked: TrackedTask | None,
        scope: str | None,
        leave: Leave,
    ) -> None:
        """Make the screen.

        Args:
            host: Shows the vault.
            focus_session: Keeps the time.
            ring: Notifies the user of the end of a phase.
            tracked: The task to start with; None for the best suggestion.
            scope: Path of the note from which suggestions come first; None for all roadmaps alike.
            leave: Called when the user leaves.
        """
        super().__init__(host)
        self.focus_session = focus_session
        self.time = TimerPresenter(self, focus_session, lambda ended: ring(ended, self.tracked))
        """Shows the time."""
        self._focus_task = FocusedTask(focus_session, host.pending, tracked, scope, self.view.snapshot.notes)
        self._leave = leave
        self._task_context: SingleTaskContext | None = None

    @override
    def content(self) -> ComposeResult:
        with Vertical(id="middle"), Vertical(id="column"):
            yield FocusCard().data_bind(FocusScreen.text_styles)
            yield FocusTimer().data_bind(FocusScreen.text_styles)
            yield Static("", id="timer", markup=False)
            yield Static("", id="then", markup=False)

    def on_mount(self) -> None:
        """Start the timer."""
        self.time.start()
        if self.tracked is None:
            self._choose()
        else:
            self._work_on(self.tracked)

    # What is worked on

    @property
    def tracked(self) -> TrackedTask | None:
        """The task; its last state where it is gone."""
        return self._focus_task.tracked

    @property
    def card(self) -> FocusCard:
        """The card with the task."""
        return self.query_one(FocusCard)

    @property
    def display_context(self) -> TaskDisplayContext:
        """The statuses, the field format and the day by which tasks are read."""
        snapshot = self.view.snapshot
        return TaskDisplayContext(snapshot.statuses, snapshot.format, self.view.today)

    def _work_on(self, tracked: TrackedTask | None) -> None:
        """Work on `tracked` from now on, or on its first open subtask."""
        self._focus_task.work_on(tracked, self.view.snapshot)
        self._show_task()

    def _show_task(self) -> None:
        """Show the task as it is now."""
        tracked, status = self.tracked, self._focus_task.status
        links = () if tracked is None else row_links(self.view.snapshot, tracked.note, tracked.task)
        nothing = no_next_actions_text(self.view) if tracked is None else None
        mark = "" if tracked is None else self.host.pending.symbol_of(tracked.task)
        self.card.state = FocusCardState(status, tracked, mark, links, self.display_context, nothing)
        self.time.show()
        self.refresh_bindings()
        if tracked is not None and self._focus_task.is_open:
            start_worker(self, self._show_what_follows, tracked, exclusive=True, group="then")
        else:
            self.query_one("#then", Static).update("")

    async def _show_what_follows(self, tracked: TrackedTask) -> None:
        """Show what comes after `tracked`."""
        view = self.view
        closing = [tracked, *self.host.pending.about_to_close(self.host.view.snapshot)]
        following = await asyncio.to_thread(self._focus_task.queue.finder(view, closing))
        if self.is_attached and self.tracked is not None and self.tracked.task is tracked.task:
            title = short_title(following.task.text) if following is not None else ""
            self.query_one("#then", Static).update(f"then: {title}" if title else "")

    @override
    def show(self, view: DashboardModel) -> None:
        """Follow the task to where it is now."""
        is_changed = self._focus_task.follow(view)
        if self.tracked is None:
            self._choose()
        elif is_changed:
            self._show_task()

    def saved(self, saved: SavedAt) -> None:
        """Show a written transaction: if the task was split, go on with the first part."""
        view = self.host.view
        if self.is_attached and self._focus_task.follow_split(saved.note, saved.line, view.snapshot):
            self.view = view
            self._show_task()

    # What comes next

    def _choose(self) -> None:
        start_worker(self, self._go_on, exclusive=True, group="choose")

    async def _go_on(self) -> None:
        """Find the best next action that was neither done nor skipped here, and work on it."""
        view = self.view
        closing = self.host.pending.about_to_close(self.host.view.snapshot)
        tracked = await asyncio.to_thread(self._focus_task.queue.finder(view, closing))
        if tracked is None and self.tracked is None and closing:
            return  # What there is to do is what was done already.
        if tracked is not None and view is not self.view:
            tracked = track([tracked], view.snapshot.notes, self.view.snapshot)[0]
        if tracked is not None:
            self._focus_task.queue.unskip(tracked)
        self._work_on(tracked)

    def action_done(self) -> None:
        """Tick the task and go on to the next."""
        tracked = self.tracked
        if tracked is None or tracked in self._focus_task.queue:
            return
        if tick(self.host.commands.context, tracked, partial(self._written, tracked)):
            self.focus_session.work_on(None)
            self._focus_task.queue.tick(tracked)
            self._choose()

    def _written(self, tracked: TrackedTask, saved: SavedAt | None) -> None:
        if saved is None:
            self._focus_task.queue.untick(tracked)
        else:
            self.focus_session.done += 1
            if self.is_attached:  # The user may have left meanwhile.
                self.time.show()

    def action_skip(self) -> None:
        """Go on to the next task; this one stays open."""
        self.focus_session.work_on(None)
        if self.tracked is not None and self._focus_task.is_open:
            self._focus_task.queue.skip(self.tracked)
        self._choose()

    def action_pause(self) -> None:
        """Pause the timer, or resume it; in a break, go back to work."""
        self.focus_session.toggle_pause()
        self.time.show()

    # Around it

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        is_open = self._focus_task.is_open
        links = self.card.targets if is_open and has_children(self) else 0
        match action:
            case "done" | "command" | "skip" | "pause" if self._focus_task.status is FocusStatus.NOTHING:
                return "There is no task here."
            case "done" | "command" | "pause" if not is_open:
                return "This task is no longer open."
            case "done" | "command" if self.tracked is not None and self.tracked.note.label:
                return f"This note can only be read: it is {self.tracked.note.label}."
            case "open_link" if not links:
                return "There is no link in this task."
            case "choose_link" if links < 2:
                return "There is no other link in this task."
        return super().refusal(action, parameters)

    async def action_command(self, id: str) -> None:
        """Run the command `id` on the task."""
        self._task_context = self._task_context or SingleTaskContext(self, self.host.commands.context)
        await run(id, self._task_context)

    def action_choose_link(self, step: int) -> None:
        """Select another link."""
        self.card.choose(step)

    @on(FocusCard.LinkClicked)
    def action_open_link(self) -> None:
        """Follow the selected link; if it leads to a note, the timer pauses."""
        link = self.card.link
        if link is not None and self.tracked is not None:
            self.post_message(LinkRequested(self.tracked.note.path, link.target))

    @override
    def suspend(self) -> None:
        """Record the time spent, and pause the timer."""
        self.focus_session.work_on(None)
        self.focus_session.suspend()
        self._leave(self.tracked if self._focus_task.is_open else None)
