"""Taking dates from the vault's git, from the palette: with progress, and until the user wants no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadtui.core.errors import RoadtuiError
from roadtui.ui.panels.opening import AtBottom
from roadtui.ui.panels.working import Tell, Working
from roadtui.vault.history.git import Git
from roadtui.vault.history.git_import import CancelledError, Imported, import_git

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

    from roadtui.ui.inks import Inks
    from roadtui.vault.history import History
    from roadtui.vault.vault import Vault


def import_panel(vault: Vault, history: History, pane: Widget, inks: Inks) -> Working[Imported]:
    """The panel that imports into `history`, at the bottom of `pane`."""

    def work(tell: Tell, is_cancelled: Callable[[], bool]) -> Imported:
        vault.folder.find()  # Git would take the vault for one without a repository.
        try:
            return import_git(Git(vault.root), history, vault.snapshot, tell, is_cancelled=is_cancelled)
        except CancelledError:
            return Imported(0, 0, 0)  # Nobody hears of it: the panel is closed.

    return Working("Reading when each box was ticked, from git", "commits", work, AtBottom(pane), inks)


def outcome(found: Imported | RoadtuiError) -> str:
    """What to say of an import."""
    if isinstance(found, RoadtuiError):
        return str(found)
    return f"{found.sentence} Dates that tasks name themselves, and what was seen here, go before."
