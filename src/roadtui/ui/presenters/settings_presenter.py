"""Opens the settings, and shows in the program what is changed in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from typing_extensions import override

from roadtui.config import Config
from roadtui.ui.navigation import ScreenNavigator
from roadtui.ui.presenters.palette_presenter import theme_names
from roadtui.ui.presenters.session_presenter import SessionPresenter
from roadtui.ui.screens.dashboard import DashboardScreen
from roadtui.ui.screens.settings import SettingsHost, SettingsScreen
from roadtui.ui.styles import TextStyles
from roadtui.ui.terminal.terminal_app import TerminalApp
from roadtui.ui.themes import ThemeChoice
from roadtui.ui.workers import start_worker
from roadtui.user_settings import UserSettings


class SettingsPresenter(SettingsHost):
    """Opens the settings on the screen that is on top."""

    def __init__(
        self,
        app: TerminalApp[Any],
        settings: UserSettings,
        theme_choice: ThemeChoice,
        dashboard: DashboardScreen,
        navigator: ScreenNavigator,
        presenter: SessionPresenter,
        count_anew: Callable[[Config], Awaitable[None]],
        choose_theme: Callable[[Callable[[], None]], None],
    ) -> None:
        """Make a presenter.

        Args:
            app: The program.
            settings: What is set.
            theme_choice: Puts on the theme that is set.
            dashboard: Shows the vault by the settings.
            navigator: Gives them to the screens on top of it.
            presenter: Tells of finished sections, or does not.
            count_anew: Has the vault take them; it may read and count for a while.
            choose_theme: Opens the list of themes, and calls its argument when it is closed.
        """
        self._app = app
        self._settings = settings
        self._theme_choice = theme_choice
        self._dashboard = dashboard
        self._navigator = navigator
        self._presenter = presenter
        self._count_anew = count_anew
        self._choose_theme = choose_theme

    def open(self) -> None:
        """Open the settings, unless the app is ending, or a dialog is open."""
        screen = self._app.screen
        if screen.is_attached and not screen.is_modal:
            self._app.push_screen(SettingsScreen(self, TextStyles.of_theme(self._app.theme_variables)))

    @property
    @override
    def settings(self) -> UserSettings:
        return self._settings

    @property
    @override
    def themes(self) -> Sequence[str]:
        return theme_names(self._app)

    @override
    def show_changed(self, name: str) -> None:
        if name == "theme":
            self._theme_choice.put_on()
            return
        if name == "glyphs":
            self._app.use_glyphs(self._settings.config.glyphs)
            return
        config = self._settings.config
        self._presenter.celebrates = config.celebrate
        self._navigator.use_config(config)
        self._dashboard.config = config
        self._dashboard.note.inbox = config.inbox
        self._dashboard.report.show()
        start_worker(self._app, self._count_anew, config, exclusive=True, group="settings")

    @override
    def choose_theme(self, then: Callable[[], None]) -> None:
        self._choose_theme(then)
