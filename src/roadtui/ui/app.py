"""The app: composes the session, the dashboard and what shows one on the other, and handles global keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen
from typing_extensions import override

from roadtui.clock import Clock
from roadtui.config import Config
from roadtui.session.history_service import HistoryService
from roadtui.session.saved_positions import SavedViewState
from roadtui.session.session import VaultSession
from roadtui.session.view_model import DashboardModel
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.lifetime import Lifetime
from roadtui.ui.messages import AllSubmitted, OpenScreen
from roadtui.ui.navigation import ScreenNavigator
from roadtui.ui.notifications import Notifier, ShownMessage, ShownMessages
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.overlay import OverlayScreen
from roadtui.ui.session_listener import SessionPresenter
from roadtui.ui.terminal_app import TerminalApp
from roadtui.ui.themes import ThemeChoice
from roadtui.ui.widgets.header import HeaderState
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.vault import Vault

if TYPE_CHECKING:
    from textual.command import Provider

    from roadtui.core.edits.edit import Transaction
    from roadtui.session.actions import TaskActions
    from roadtui.vault.commit import TransactionResult

MIN_COLUMNS, MIN_ROWS = 32, 8
"""The smallest terminal that the screens work in."""


def _command_provider() -> type[Provider]:
    from roadtui.ui.commands.palette import CommandProvider  # With the palette.

    return CommandProvider


class RoadtuiApp(TerminalApp[int], inherit_bindings=False):
    """The program. Returns 0, or 1 where edits could not be saved before it ended."""

    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {
        *TerminalApp.COMMANDS,
        _command_provider,
    }
    TITLE = "roadtui"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

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
    ) -> None:
        """Make the program for one vault.

        Args:
            vault: The vault, loaded or not.
            config: The user's settings.
            clock: Where day and time come from.
            first: Path of the note to open; None for the one that was open last, or the first there is.
            shown_as: The name of the vault in the header; empty for its path.
            state: Folder that keeps the user's positions from run to run; None keeps nothing.
            actions: Gives what makes transactions; None for that of the vault.
        """
        super().__init__()
        self.vault = vault
        self._config = config
        self._actions = actions
        self._clock = clock
        self.notifier = Notifier(self)
        """Shows sentences; its `last_words` are to be printed once the screen is gone."""
        self._messages = ShownMessages()
        saved_view = SavedViewState(state, vault.root) if state is not None else None
        self._first = first if first is not None or saved_view is None else _last_note(vault, saved_view)

        self.history = HistoryService(vault, state, clock.moment, lambda new: presenter.history_changed(new))
        view = DashboardModel.of(vault.snapshot, clock.today(), self._first)
        header = HeaderState(shown_as or _short(vault.root), progress=view.progress)
        self.dashboard = DashboardScreen(
            view,
            config,
            self._first,
            self,
            self.history,
            clock.monotonic,
            header,
        )
        self.presenter = presenter = SessionPresenter(
            self,
            self.dashboard,
            self.notifier,
            clock,
            milestones=self.history if config.celebrate else None,
            is_saving=lambda: self.session.edits.to_save > 0,
        )
        self.session = VaultSession(vault, presenter, state, self.history, clock.monotonic)
        self.navigator = ScreenNavigator(
            self, self.dashboard, vault, config, clock, self.history, self.notifier
        )
        self._lifetime = Lifetime(
            self,
            self.dashboard,
            vault,
            self.session,
            self.history,
            self.navigator,
            saved_view,
            self.notifier,
            clock,
        )
        self._theme_choice = ThemeChoice(self, self.notifier, config.theme, state)
        if config.keys:
            self.set_keymap(config.keys)

    def get_default_screen(self) -> Screen[None]:
        """The dashboard, without a blank screen before it."""
        return self.dashboard

    def on_mount(self) -> None:
        """Show what is known already; start everything else after the first paint."""
        self.call_after_refresh(self._start)
        # Textual comes back from the background without painting what it does not know to be lost.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))

    def _start(self) -> None:
        self._lifetime.start(self._first)
        self._theme_choice.offer_all()
        if self._config.keys:
            from roadtui.ui.keymap import keymap_problems  # Only for a config that sets keys.

            for problem in keymap_problems(self._config.keys):
                self.notifier.show(problem, "warning")

    @override
    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """A message that is on the screen already is counted."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        now = self._clock.monotonic()
        new = ShownMessage(message, title, severity, markup, now + seconds)
        shown = self._messages.add(new, now)
        if shown is not None:
            self.clear_notifications()
        for one in shown or [new]:
            super().notify(
                one.counted_text,
                title=one.title,
                severity=one.severity,
                timeout=one.until - now,
                markup=one.markup,
            )

    def on_click(self, event: events.Click) -> None:
        """Forget a message that the click takes away, so that a repeated one does not bring it back."""
        if event.widget is not None and event.widget.css_identifier == "Toast":
            self._messages.dismiss(str(event.widget.render()))

    # What the user asks for

    @on(AllSubmitted)
    def _note_all_submitted(self) -> None:
        self._lifetime.all_submitted()

    @on(OpenScreen)
    def _open_screen(self, message: OpenScreen) -> None:
        self.navigator.open(message.opens, message.tracked)

    def action_open_screen(self, opens: str) -> None:
        """Open a screen, after what the dashboard has still to do for earlier keys."""
        self.dashboard.post_message(OpenScreen(opens))

    def submit(self, transaction: Transaction) -> asyncio.Future[TransactionResult | None]:
        """Have `transaction` written after those before it (see `CommandHost`)."""
        if self._lifetime.takes_edits(transaction.title):
            self.presenter.show_saving()
            return self.session.edits.submit(transaction)
        result: asyncio.Future[TransactionResult | None] = asyncio.get_running_loop().create_future()
        result.cancel()
        return result

    def make_actions(self) -> TaskActions:
        """What makes transactions for the vault as it is now, and today (see `CommandHost`)."""
        if self._actions is not None:
            return self._actions()
        from roadtui.session.actions import TaskActions  # With the first edit: the first screen needs none.

        return TaskActions.of(self.vault, self._clock.today())

    def on_key(self, event: events.Key) -> None:
        """What was typed while a panel was still opening belongs there."""
        if event.is_printable and event.character is not None and self.screen.is_modal:
            from roadtui.ui.dialogs.base import InlineDialog  # There is one, or another screen on top.

            if isinstance(self.screen, InlineDialog):
                self.screen.typed(event.character)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No palette on top of a question, no undo where notes are only looked at."""
        if action in ("undo", "redo"):
            return not isinstance(self.screen, OverlayScreen) or self.screen.TAKES_EDITS
        return action != "command_palette" or not self.screen.is_modal

    @override
    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        if screen is self.dashboard:
            yield SystemCommand(
                "Take dates from git",
                "When each box was ticked, by the vault's own log",
                self.navigator.import_history,
            )

    def action_undo(self) -> None:
        """Take the last edit back."""
        self.session.edits.undo()

    def action_redo(self) -> None:
        """Make the last undone edit again."""
        self.session.edits.redo()

    def action_toggle_help(self) -> None:
        """Show or hide the keys of the focused pane."""
        shows = bool(self.screen.query("HelpPanel"))
        self.screen.set_class(not shows, "-help")
        if shows:
            self.action_hide_help_panel()
        else:
            self.action_show_help_panel()

    def action_close_help(self) -> None:
        """Hide the keys, if they are shown."""
        if self.screen.query("HelpPanel"):
            self.action_toggle_help()

    async def action_quit(self) -> None:
        """Leave, once every edit is on disk. Asked again meanwhile, by a key or a signal, it goes on."""
        self._lifetime.end()

    @override
    def words_at_once(self) -> list[str]:
        return [*self.notifier.last_words, *self._lifetime.give_up()]

    async def action_suspend(self) -> None:
        """Go to the background, once every edit is on disk."""
        await self._lifetime.suspend()

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """The user is back, maybe from Obsidian."""
        self.session.rescan()

    def on_resize(self, event: events.Resize) -> None:
        """Say so where there is no room."""
        is_tiny = event.size.width < MIN_COLUMNS or event.size.height < MIN_ROWS
        if not is_tiny and len(self.screen_stack) <= 1:
            return
        from roadtui.ui.screens.too_small import TooSmallScreen  # Hardly ever needed.

        if is_tiny and not isinstance(self.screen, TooSmallScreen):
            self.push_screen(TooSmallScreen(MIN_COLUMNS, MIN_ROWS))
        elif not is_tiny and isinstance(self.screen, TooSmallScreen):
            self.pop_screen()


def _last_note(vault: Vault, saved_view: SavedViewState) -> str | None:
    """Path of the note that was open last, if it is still there."""
    last = saved_view.last_note()
    with suppress(VaultMissingError):  # Shown while loading.
        return last if last is not None and last in vault.refresh([last]).notes else None
    return None


def _short(path: Path) -> str:
    """`path` with `~` for the home folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
