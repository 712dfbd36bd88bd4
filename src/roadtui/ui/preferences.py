"""What the user's config says about looks and keys, brought to Textual; complaints come back as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


def unknown_keys(wanted: Iterable[str], app: App[Any]) -> str | None:
    """A complaint about ids in the config's `keys` that no binding has; None where all are known.

    Known are the ids of everything that is on screen: Textual itself passes over unknown ones in silence.
    """
    ids = list(wanted)
    known = set(_binding_ids(app))
    if not known.issuperset(ids):
        known.update(_ids_elsewhere())
    unknown = [safe(id) for id in ids if id not in known]
    if not unknown:
        return None
    return f"The config sets keys for what there is not: {', '.join(unknown)}. There is: {_listed(known)}."


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))


def _ids_elsewhere() -> Iterator[str]:
    """The ids of the screens that are not there yet."""
    # Only for a config that sets keys of these screens.
    from roadtui.ui.screens.focus import FocusScreen
    from roadtui.ui.screens.insights import Insights
    from roadtui.ui.screens.past import PastScreen
    from roadtui.ui.widgets.past_tree import PastTree
    from roadtui.ui.widgets.suggestion_list import SuggestionList

    for kind in (FocusScreen, Insights, PastScreen, PastTree, SuggestionList):
        yield from _ids_of(kind)


def _ids_of(kind: type) -> Iterator[str]:
    for binding in getattr(kind, "BINDINGS", ()):
        if id := getattr(binding, "id", None):
            yield id


def _binding_ids(app: App[Any]) -> Iterator[str]:
    for node in (app, app.screen, *app.screen.walk_children()):
        for kind in type(node).__mro__:
            yield from _ids_of(kind)
