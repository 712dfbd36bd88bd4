"""Opens the help on the pane with the focus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from roadtui.ui.command_table import Command, Scope
from roadtui.ui.help_page import PANES, help_parts
from roadtui.ui.keymap import keys_of
from roadtui.ui.screens.help import HelpScreen
from roadtui.ui.styles import TextStyles


def open_help(app: App[Any], keys: Mapping[str, str]) -> None:
    """Show the keys of the focused pane of the screen on top; of a dialog, nothing.

    `keys`: those that the config sets, by the id of a command.
    """
    screen = app.screen
    scope = next(_scopes(screen), None)
    if scope is None or not screen.is_attached or screen.is_modal:
        return
    live = {one.binding.id or "" for one in screen.active_bindings.values() if one.enabled}

    def shown_keys(command: Command) -> list[str]:
        display = command.display if command.id not in keys else None
        bindings = (Binding(key, "", key_display=display) for key in keys_of(command, keys))
        return [app.get_key_display(binding) for binding in bindings]

    parts = help_parts(scope, live, shown_keys)
    app.push_screen(HelpScreen(PANES[scope], parts, TextStyles.of_theme(app.theme_variables)))


def _scopes(screen: Screen[Any]) -> Iterator[Scope]:
    """The scopes of the focused widget and of those around it, innermost first."""
    for widget in (screen.focused or screen).ancestors_with_self:
        scope = getattr(widget, "HELP_SCOPE", None)
        if isinstance(scope, Scope):
            yield scope
