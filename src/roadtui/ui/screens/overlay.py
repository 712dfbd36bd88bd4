"""The base of the screens on top of the dashboard, and what they need of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import BindingType
from textual.signal import Signal

from roadtui.session.tracking.pending import PendingStatuses
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.commands.runner import CommandRunner
from roadtui.ui.screens.framed import FramedScreen, HeaderPresenter
from roadtui.ui.screens.report_presenter import ReportPresenter
from roadtui.ui.widgets.header import HeaderState

if TYPE_CHECKING:
    from roadtui.session.activity.activity import Activity
    from roadtui.session.activity.activity_service import ActivityService


class OverlayHost(Protocol):
    """What a screen on top of the dashboard shows, and what it can ask for."""

    @property
    def view(self) -> DashboardModel:
        """The vault as it is shown."""

    @property
    def view_changed(self) -> Signal[DashboardModel]:
        """Published with each new view."""

    @property
    def header(self) -> HeaderPresenter:
        """The state of the vault and of the last edit."""

    @property
    def report(self) -> ReportPresenter:
        """What the user looks at."""

    @property
    def pending(self) -> PendingStatuses:
        """The status symbols that are on their way to the disk again."""

    @property
    def commands(self) -> CommandRunner:
        """Runs commands on the vault."""

    @property
    def activity_service(self) -> ActivityService | None:
        """Finds what has changed since the last look; None before the vault was read."""

    @property
    def activity_changed(self) -> Signal[Activity]:
        """Published when something else has changed since the last look."""

    def open(self, path: str, line: int | None = None) -> None:
        """Show the note at `path`, and go to `line` (from 0) of it."""


class OverlayScreen(FramedScreen, inherit_bindings=False):
    """A screen on top of the dashboard that shows the same vault. `escape` goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.OVERLAY)]

    TAKES_EDITS: ClassVar[bool] = True
    """Whether notes can be changed while this is on top, by undo at least."""

    def __init__(self, host: OverlayHost) -> None:
        super().__init__()
        self.host = host
        self.view = host.view
        """The vault as it is shown."""
        self.set_reactive(OverlayScreen.header_state, host.header.state)

    def show(self, view: DashboardModel) -> None:
        """Show `view`, which `self.view` is already."""

    def on_mount(self) -> None:
        """Follow the vault."""
        self.host.header.changed.subscribe(self, self._show_header)
        self.host.view_changed.subscribe(self, self._show_view)

    def _show_header(self, header_state: HeaderState) -> None:
        self.header_state = header_state

    def _show_view(self, view: DashboardModel) -> None:
        self.view = view
        self.show(view)

    def suspend(self) -> None:
        """Stop what goes on. Called before the screen closes, or the program ends while it is open."""

    def open_note(self, path: str, line: int | None = None) -> None:
        """Close all screens on top of the dashboard, and go to the note at `path` and `line` (from 0)."""
        self.suspend()
        self.host.open(path, line)
        for screen in reversed(self.app.screen_stack[1:]):
            screen.dismiss()

    def leave(self) -> None:
        """Close the screen."""
        if self.app.screen is self:
            self.suspend()
            self.dismiss()

    def action_leave(self) -> None:
        """Close the screen."""
        self.leave()
