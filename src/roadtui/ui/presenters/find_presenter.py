"""Makes what finds things with its first use: the search, the saved views, and the palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App

from roadtui.config import Config
from roadtui.session.find.find_service import FindService
from roadtui.session.find.saved_views import SavedViews
from roadtui.session.view_model import TaskRecords
from roadtui.ui.notifications import Notifier
from roadtui.ui.presenters.views_presenter import ViewsPresenter
from roadtui.ui.screens.dashboard import DashboardScreen

if TYPE_CHECKING:
    from roadtui.ui.presenters.palette_presenter import PalettePresenter


class FindPresenter:
    """Finds things in the vault for the screens. Made after the first screen."""

    def __init__(
        self,
        app: App[Any],
        dashboard: DashboardScreen,
        config: Config,
        records: TaskRecords,
        notifier: Notifier,
        import_history: Callable[[], None],
        find: Callable[[str], None],
        views_file: Path | None,
        usage_file: Path | None,
    ) -> None:
        """Make a presenter.

        Args:
            app: The program.
            dashboard: Shows the views, and what is gone to.
            config: Has views of its own, and the size of the largest note that is read.
            records: What is known of tasks besides what the notes say.
            notifier: Shows sentences.
            import_history: Finds in git when tasks were completed.
            find: Opens the screen that shows what a query finds.
            views_file: Keeps the views that the user saves; None keeps none.
            usage_file: Keeps what was used in the palette, from run to run; None keeps nothing.
        """
        self._app = app
        self._dashboard = dashboard
        self._import_history = import_history
        self._usage_file = usage_file
        view = dashboard.view
        self.service = FindService(SavedViews(config.views, views_file), view.snapshot, view.today, records)
        """What finds things in the vault."""
        self.views = ViewsPresenter(app, dashboard, self.service, notifier, find, config.max_note_bytes)
        """Shows and counts the saved views."""

    @cached_property
    def palette(self) -> PalettePresenter:
        """The palette."""
        from roadtui.ui.presenters.palette_presenter import (
            PalettePresenter,  # With the first use of the palette.
        )

        return PalettePresenter(
            self._app, self._dashboard, self.service, self._import_history, self._usage_file
        )
