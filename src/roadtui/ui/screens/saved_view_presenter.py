"""Restores what the user saw at the end of the run before, and saves it at the end of this one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from roadtui.session.outline.saved_positions import SavedViewState
from roadtui.ui.screens.dashboard import DashboardScreen


class FrameCapture(Protocol):
    """Keeps the screen for the next start."""

    def capture(self) -> None:
        """Remember what is shown."""


class SavedViewPresenter:
    """The positions in the notes, and the preview, from run to run."""

    def __init__(
        self,
        dashboard: DashboardScreen,
        saved_view: SavedViewState | None,
        frames: Callable[[], FrameCapture | None],
    ) -> None:
        """Make a presenter.

        Args:
            dashboard: Shows the notes.
            saved_view: Keeps the positions; None keeps nothing.
            frames: Gives what keeps the screen itself, if anything does.
        """
        self._dashboard = dashboard
        self._saved_view = saved_view
        self._frames = frames

    async def restore(self) -> None:
        """Restore positions where the user has not moved since the start, and open the preview if it was."""
        if self._saved_view is not None:
            places = await asyncio.to_thread(self._saved_view.places)
            self._dashboard.task_tree.restore_positions({**places, **self._dashboard.first_positions})
            if await asyncio.to_thread(self._saved_view.has_preview):
                self._dashboard.report.open_preview()

    def save(self) -> None:
        """Save where the user is, and remember what the screen shows."""
        frames = self._frames()
        if frames is not None:
            frames.capture()
        if self._saved_view is not None:
            positions = self._dashboard.task_tree.positions()
            has_preview = self._dashboard.panes.preview is not None
            self._saved_view.keep(self._dashboard.path, positions, has_preview=has_preview)
