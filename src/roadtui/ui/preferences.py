"""The theme that the user's config, or an earlier choice, asks for."""

from __future__ import annotations

from typing import Any

from textual.app import App

from roadtui.core.display import safe
from roadtui.ui.themes import DARK


def apply_theme(app: App[Any], configured: str | None, kept: str | None = None) -> str | None:
    """Make the program's own theme known and put on the one that is wanted.

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
    app.theme = wanted if is_known else DARK.name
    if is_known or configured is None:
        return None
    return f"The config asks for the theme “{safe(wanted)}”, which there is not. Press ctrl+p to choose one."


def register_shipped_themes(app: App[Any]) -> None:
    """Make the themes known that ship with the program."""
    from roadtui.resources import folder  # Not on the way to the first screen, where its own theme is enough.
    from roadtui.ui.themes import shipped_themes

    for theme in shipped_themes(folder("themes")):
        app.register_theme(theme)
