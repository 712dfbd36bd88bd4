"""Restores what the user saw at the end of the run before, and saves it at the end of this one."""

from __future__ import annotations

import asyncio

from roadtui.session.outline.saved_positions import SavedViewState
from roadtui.ui.screens.dashboard import DashboardScreen


class SavedViewPresenter:
    """The positions in the notes, and the preview, from run to run."""

    def __init__(self, dashboard: DashboardScreen, saved_view: SavedViewState | None) -> None:
        """`saved_view` keeps them; None keeps nothing."""
        self._dashboard = dashboard
        self._saved_view = saved_view

    async def restore(self) -> None:
        """Restore positions where the user has not moved since the start, and open the preview if it was."""
        if self._saved_view is not None:
            self._dashboard.task_tree.restore_positions(await asyncio.to_thread(self._saved_view.places))
            if await asyncio.to_thread(self._saved_view.has_preview):
                self._dashboard.report.open_preview()

    def save(self) -> None:
        """Save where the user is."""
        if self._saved_view is not None:
            positions = self._dashboard.task_tree.positions()
            has_preview = self._dashboard.panes.preview is not None
            self._saved_view.keep(self._dashboard.path, positions, has_preview=has_preview)
