"""The app: composes the session, the dashboard and the presenter between them, and handles global keys."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.screen import Screen
from typing_extensions import override

from roadtui.clock import Clock
from roadtui.config import Config
from roadtui.session.history_service import HistoryService
from roadtui.session.outline.saved_positions import SavedViewState, vault_file
from roadtui.session.session import VaultSession
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import COMMANDS_BY_ID, Scope, bindings_in
from roadtui.ui.frame_app import FrameApp, SavedFrames
from roadtui.ui.lifetime import Lifetime
from roadtui.ui.messages import AllSubmitted, LinkRequested, OpenScreen, PasteRequested
from roadtui.ui.navigation import ScreenNavigator
from roadtui.ui.notifications import Notifier
from roadtui.ui.presenters.session_presenter import SessionPresenter
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.ui.screens.saved_view_presenter import SavedViewPresenter
from roadtui.ui.terminal.suspension import ProgramSuspender
from roadtui.ui.themes import ThemeChoice
from roadtui.ui.widgets.header import HeaderState
from roadtui.ui.workers import start_worker
from roadtui.user_settings import UserSettings
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.vault import Vault

if TYPE_CHECKING:
    from roadtui.session.actions import TaskActions
    from roadtui.session.saved_frames import FrameStore
    from roadtui.ui.commands.host import CommandHost
    from roadtui.ui.presenters.activity_presenter import ActivityPresenter
    from roadtui.ui.presenters.find_presenter import FindPresenter
    from roadtui.ui.presenters.frame_presenter import FramePresenter

MIN_COLUMNS, MIN_ROWS = 32, 8
"""The smallest terminal that the screens work in."""


class RoadtuiApp(FrameApp[int], inherit_bindings=False):
    """The program. Returns 0, or 1 where edits could not be saved before it ended."""

    TITLE = "roadtui"
    ENABLE_COMMAND_PALETTE = False  # It has its own.

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.APP)]

    def __init__(
        self,
        vault: Vault,
        config: Config,
        clock: Clock,
        first: str | None = None,
        shown_as: str = "",
        state: Path | None = None,
        actions: Callable[[], TaskActions] | None = None,
        views_file: Path | None = None,
        settings: UserSettings | None = None,
        frames: SavedFrames | None = None,
    ) -> None:
        """Make the program for one vault.

        Args:
            vault: The vault, loaded or not.
            config: The user's settings.
            clock: Where day and time come from.
            first: Path of the note to open; None for the one that was open last, or the one with the best
                next action.
            shown_as: The name of the vault in the header; empty for its path.
            state: Folder that keeps the user's positions from run to run; None keeps nothing.
            actions: Makes the `TaskActions` that build transactions; None for those of the vault.
            views_file: Keeps the views that the user saves; None keeps none.
            settings: Where `config` comes from; what is changed is saved in them. None saves nothing.
            frames: The screen as it was left, and as it is left this time; None saves none.
        """
        super().__init__(clock, config.keys, frames)
        self.vault = vault
        self.glyphs = config.glyphs
        self._config = config
        self._settings = settings or UserSettings.of(config)
        self._actions = actions
        self._clock = clock
        self._views_file = views_file
        self.notifier = Notifier(self.message_log)
        """Shows sentences; its `last_words` are to be printed once the screen is gone."""
        saved_view = SavedViewState(state, vault.root) if state is not None else None
        if first is None and self.frame_view is not None:
            first = _if_there(vault, self.frame_view.path)
        if first is None and saved_view is not None:
            first = _if_there(vault, saved_view.last_note())
        self._first = first

        self.history = HistoryService(vault, state, clock.moment, lambda new: presenter.history_changed(new))
        view = DashboardModel.of(vault.snapshot, clock.today(), self._first)
        header = HeaderState(shown_as or _short(vault.root), progress=view.progress)
        self.dashboard = DashboardScreen(
            view,
            config,
            self._first,
            lambda: self._command_host,
            self.history,
            clock.monotonic,
            header,
        )
        if self.frame_view is not None:
            self.dashboard.first_positions = {self.frame_view.path: self.frame_view.position}
        elif saved_view is not None:
            self.dashboard.first_positions = saved_view.last_place()
        if self.frame_view is not None:
            self.dashboard.first_positions = {self.frame_view.path: self.frame_view.position}

        def make_activity() -> ActivityPresenter:
            from roadtui.ui.presenters.activity_presenter import ActivityPresenter  # After the first screen.

            made = ActivityPresenter(self, self.dashboard, vault, state, self.history, clock)
            self.on_input = made.input_came
            return made

        self.presenter = presenter = SessionPresenter(
            self,
            self.dashboard,
            self.notifier,
            clock,
            milestones=self.history,
            celebrates=config.celebrate,
            is_saving=lambda: self.session.edits.to_save > 0,
            recorded=lambda: self._find.views.recorded(),
            make_activity=make_activity,
        )
        self.session = VaultSession(vault, presenter, state, self.history, clock.monotonic)
        self.navigator = ScreenNavigator(
            self,
            self.dashboard,
            vault,
            config,
            clock,
            self.history,
            self.notifier,
            lambda: self._find.service,
            lambda: self._find.views.imported(),
        )
        self._lifetime = Lifetime(
            self,
            self.session,
            self.history,
            self.navigator,
            SavedViewPresenter(self.dashboard, saved_view, lambda: self.frames),
            self.notifier,
            clock,
            presenter.close_activity,
        )
        self._suspender = ProgramSuspender(self, self.session, self.notifier)
        self._usage_file = vault_file(state, vault.root, ".usage") if state is not None else None
        self._theme_choice = ThemeChoice(self, self.notifier, self._settings, state)
        if config.keys:
            self.set_keymap(config.keys)

    def get_default_screen(self) -> Screen[None]:
        """The dashboard, without a blank screen before it."""
        return self.dashboard

    def on_mount(self) -> None:
        """Show the dashboard; start everything else after the first paint."""
        self.call_after_refresh(self._start)
        # After a suspend, Textual repaints only what has changed, although the whole screen is lost.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))

    def _start(self) -> None:
        def start_others() -> None:
            start_worker(self, self._find.views.start, group="saved views")  # Counting ends other counting.

        self._lifetime.start(self._first, start_others)
        if self.frames is not None:
            self.frames.start()
        self._theme_choice.offer_all()
        for problem in self._settings.problems:
            self.notifier.show(problem, "warning")
        if self._config.keys:
            from roadtui.ui.keymap import keymap_problems  # Only for a config that sets keys.

            for problem in keymap_problems(self._config.keys):
                self.notifier.show(problem, "warning")

    @override
    def make_frames(self, make_store: Callable[[], FrameStore]) -> FramePresenter:
        # After the first screen, unless a frame stands.
        from roadtui.ui.presenters.frame_presenter import FramePresenter

        shown = self.dashboard, self.history, self.message_log, lambda: self._find.views
        return FramePresenter(self, *shown, make_store, self.frame_view)

    @cached_property
    def _find(self) -> FindPresenter:
        from roadtui.ui.presenters.find_presenter import FindPresenter  # After the first screen.

        return FindPresenter(
            self,
            self.dashboard,
            self._config,
            self.history,
            self.notifier,
            self.navigator.import_history,
            lambda query: self._request_screen(OpenScreen(COMMANDS_BY_ID["find"].opens, query=query)),
            self._views_file,
            self._usage_file,
        )

    @cached_property
    def _command_host(self) -> CommandHost:
        from roadtui.session.actions import TaskActions  # With the first command.
        from roadtui.ui.command_host import ProgramCommandHost  # As above.

        return ProgramCommandHost(
            self,
            self.dashboard,
            self.vault,
            self.session.edits,
            self.presenter,
            self._lifetime,
            self._suspender,
            self._find,
            self.notifier,
            self._actions or (lambda: TaskActions.of(self.vault, self._clock.today())),
        )

    @override
    def action_command_palette(self) -> None:
        """Open the palette, unless the app is ending."""
        if self.screen.is_attached:
            self._find.palette.open()

    # Requests of the user

    @on(AllSubmitted)
    def _note_all_submitted(self) -> None:
        self._lifetime.all_submitted()

    @on(OpenScreen)
    async def _open_screen(self, message: OpenScreen) -> None:
        try:
            await self.navigator.open(message.opens, message.tracked, message.query)
        finally:
            await self.release_input()

    @on(LinkRequested)
    async def _follow_link(self, message: LinkRequested) -> None:
        await self.dashboard.commands.follow_link(message.source_path, message.target)

    def action_open_screen(self, opens: str) -> None:
        """Open a screen, after the dashboard has handled the earlier keys. Later keys are for that screen."""
        self._request_screen(OpenScreen(opens))

    def _request_screen(self, message: OpenScreen) -> None:
        if self.dashboard.post_message(message):
            self.hold_input()

    def action_open_view(self, number: int) -> None:
        """Show what a saved view finds; from 1."""
        self._find.views.open(number)

    def on_paste(self, event: events.Paste) -> None:
        """Make tasks of what was pasted onto the tree."""
        if self.screen is self.dashboard and self.dashboard.panes.note.has_focus_within:
            self.dashboard.post_message(PasteRequested(event.text))

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        """Refuse the palette on top of a dialog, undo and redo on a read-only screen."""
        screen = self.screen
        if action in ("undo", "redo") and isinstance(screen, OverlayScreen) and not screen.TAKES_EDITS:
            return "Notes of an earlier day can only be read."
        if action == "command_palette" and screen.is_modal:
            return "A question is open: answer it first."
        return super().refusal(action, parameters)

    def action_undo(self) -> None:
        """Undo the last edit."""
        self.session.edits.undo()

    def action_redo(self) -> None:
        """Redo the last undone edit."""
        self.session.edits.redo()

    def action_open_help(self) -> None:
        """Show the keys of the focused pane."""
        from roadtui.ui.presenters.help_presenter import open_help  # With the first use of the help.

        open_help(self, self._config.keys)

    def action_open_settings(self) -> None:
        """Show the settings."""
        # With the first use of the settings.
        from roadtui.ui.presenters.settings_presenter import SettingsPresenter

        SettingsPresenter(
            self,
            self._settings,
            self._theme_choice,
            self.dashboard,
            self.navigator,
            self.presenter,
            self.session.use_config,
            lambda then: self._find.palette.choose_theme(then),
        ).open()

    async def action_quit(self) -> None:
        """Leave, once every edit is on disk. Further calls meanwhile do nothing."""
        self._lifetime.end()

    @override
    def abort_messages(self) -> list[str]:
        return [*self.notifier.exit_messages, *self._lifetime.give_up()]

    async def action_suspend(self) -> None:
        """Go to the background, once every edit is on disk."""
        await self._suspender.suspend()

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """Scan the vault: the user may come back from Obsidian."""
        self.session.rescan()

    def on_resize(self, event: events.Resize) -> None:
        """Show a message in place of the screens while the terminal is too small."""
        is_tiny = event.size.width < MIN_COLUMNS or event.size.height < MIN_ROWS
        if not is_tiny and len(self.screen_stack) <= 1:
            return
        from roadtui.ui.screens.too_small import TooSmallScreen  # Hardly ever needed.

        if is_tiny and not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen(MIN_COLUMNS, MIN_ROWS))
        elif not is_tiny and isinstance(self.screen, TooSmallScreen):
            self.pop_screen()


def _if_there(vault: Vault, path: str | None) -> str | None:
    """`path`, if it is that of a note."""
    with suppress(VaultMissingError):  # Shown while loading.
        return path if path is not None and path in vault.refresh([path]).notes else None
    return None


def _short(path: Path) -> str:
    """`path` with `~` for the home folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
