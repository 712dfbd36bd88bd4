"""Themes: the default one is defined here, for a fast start; the others are TOML files in `themes/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from textual.app import App
from textual.theme import Theme

from roadtui.core.terminal_text import escape_terminal
from roadtui.session.outline.saved_positions import SavedTheme
from roadtui.ui.notifications import Notifier
from roadtui.user_settings import OwnSettingsError, SettingOrigin, UserSettings

DARK = Theme(
    name="roadtui-dark",
    primary="#8aadf4",
    secondary="#6b7280",
    accent="#8aadf4",
    foreground="#d8dce4",
    background="#15171c",
    surface="#1a1d23",
    panel="#252930",
    success="#7fb685",
    warning="#e0b060",
    error="#e07a6a",
    dark=True,
    variables={
        "dim": "#a3aab6",
        "faint": "#8e95a2",
        "track": "#3a3f4a",
        "cursor": "#2a3140",
        "glow": "#26311f",
        "heat-1": "#35523a",
        "heat-2": "#4b7a52",
        "heat-3": "#66a06f",
        "heat-4": "#8fce98",
        "scrollbar": "#3a3f4a",
        "footer-key-foreground": "#8aadf4",
    },
)


def shipped_themes(folder: Path) -> Iterator[Theme]:
    """The themes in `folder`, a TOML file each: the fields of Textual's `Theme`, `[variables]` below them."""
    import tomllib  # Read after the first paint, when the user may look at the list of themes.

    for file in sorted(folder.glob("*.toml")):
        values = tomllib.loads(file.read_text("utf-8"))
        values["variables"].setdefault("scrollbar", values["variables"]["track"])
        yield Theme(name=file.stem, **values)


def apply_theme(app: App[Any], configured: str | None, kept: str | None = None) -> str | None:
    """Register the default theme and apply the one that is wanted.

    The shipped themes are registered here only if one of them is meant: else they come after the first paint.

    Args:
        app: The program.
        configured: The theme that the config names, if it does.
        kept: The one that was chosen in the palette last; passed over where it is no more.

    Returns:
        A complaint where the config names a theme that there is not.
    """
    app.register_theme(DARK)
    wanted = configured or kept or DARK.name
    if wanted not in app.available_themes:
        register_shipped_themes(app)
    is_known = wanted in app.available_themes
    _put_on(app, app.available_themes[wanted if is_known else DARK.name])
    if is_known or configured is None:
        return None
    return f"Unknown theme “{escape_terminal(wanted)}” in the config. Press ctrl+p to choose one."


def _put_on(app: App[Any], theme: Theme) -> None:
    """Apply `theme` to an app that does not run yet."""
    if (theme.dark, theme.ansi) == (app.current_theme.dark, app.current_theme.ansi):
        # Only colours differ, and no style sheet has been read: a change of theme would have it read twice.
        app.set_reactive(App.theme, theme.name)
        app.set_class(True, f"-theme-{theme.name}", update=False)
        app.stylesheet.set_variables(app.get_css_variables())
    else:
        app.theme = theme.name


def register_shipped_themes(app: App[Any]) -> None:
    """Register the themes that ship with the program."""
    from roadtui.resources import folder  # Not on the way to the first screen, where its own theme is enough.

    for theme in shipped_themes(folder("themes")):
        app.register_theme(theme)


class ThemeChoice:
    """The theme of an app: the one that is set, else the one that an earlier version saved as chosen last."""

    def __init__(self, app: App[Any], notifier: Notifier, settings: UserSettings, state: Path | None) -> None:
        """Apply the theme.

        Args:
            app: The program.
            notifier: Shows the user what is wrong with the settings.
            settings: Hold the theme, and save what is chosen.
            state: Folder in which earlier versions saved the choice; None for none.
        """
        self._app = app
        self._notifier = notifier
        self._settings = settings
        self._former = SavedTheme(state) if state is not None else None
        theme = settings.config.theme
        is_held = settings.origin("theme") is SettingOrigin.CONFIG
        last = self._former.read() if theme is None and self._former is not None else theme
        self._complaint = apply_theme(app, theme if is_held else None, last)
        self._name = app.theme

    def offer_all(self) -> None:
        """Register the themes to choose from, and follow the choice. The first paint does not need it."""
        register_shipped_themes(self._app)
        if self._former is not None and self._settings.config.theme is None and self._former.read():
            self._keep(self._name)
        self._app.theme_changed_signal.subscribe(self._app, lambda theme: self._save(theme.name))
        if self._complaint is not None:
            self._notifier.show(self._complaint, "warning")

    def put_on(self) -> None:
        """Put on the theme that the settings hold now."""
        theme = self._settings.config.theme or DARK.name
        if theme in self._app.available_themes:
            self._name = self._app.theme = theme

    def _save(self, name: str) -> None:
        """Save the theme `name`, if the user has just chosen it and the config leaves the choice open."""
        before, self._name = self._name, name
        if name == before:
            return
        if self._settings.origin("theme") is not SettingOrigin.CONFIG:
            self._keep(name)
        elif name != self._settings.config.theme:
            self._notifier.show("Your config sets the theme: this one lasts until you leave.")

    def _keep(self, name: str) -> None:
        try:
            self._settings.change("theme", name if name != DARK.name else None)
        except OwnSettingsError as error:
            self._notifier.show(str(error), "error")
            return
        if self._former is not None and self._settings.file is not None:
            self._former.forget()
