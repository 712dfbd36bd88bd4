"""Shows what the cursor of the dashboard is on: its progress, and its text in the preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.geometry import Size
from textual.screen import Screen
from textual.signal import Signal

from roadtui.config import Config
from roadtui.session.view_model import ReportContext, TaskRecords
from roadtui.ui.screens.note_presenter import NotePresenter
from roadtui.ui.widgets.panes import Panes
from roadtui.ui.widgets.task_tree import TaskTree

if TYPE_CHECKING:
    from roadtui.ui.charts.progress_report import Report


class ReportPresenter:
    """What is reported of the vault, the open note, or the one that the cursor is on in the sidebar."""

    def __init__(
        self,
        screen: Screen[Any],
        panes: Callable[[], Panes],
        note: NotePresenter,
        config: Callable[[], Config],
        records: TaskRecords,
    ) -> None:
        """Make a presenter.

        Args:
            screen: The screen of the panes.
            panes: Gives the panes; not asked before the screen is composed.
            note: Shows the open note.
            config: Gives the user's settings.
            records: What is known of tasks besides what the notes say.
        """
        self._screen = screen
        self._panes = panes
        self._note = note
        self._config = config
        self._records = records
        self.context: ReportContext | None = None
        """What was reported last."""
        self.changed: Signal[ReportContext] = Signal(screen, "report changed")
        """Published with each new `context`."""

    def show(self) -> None:
        """Show the progress of the open note, or of the one that the cursor is on in the sidebar."""
        if not self._screen.query(TaskTree) or not self._screen.query("ProgressPane"):
            return  # The program is ending.
        panes, config, view = self._panes(), self._config(), self._note.view
        tree = panes.note.task_tree
        note, content = self._note.note, tree.current
        if tree.ahead.is_shown:
            note = tree.note  # The rows are of this state of it.
        line = content.line if content is not None and tree.display else None
        if panes.is_sidebar_followed:
            note, content = view.snapshot.notes.get(panes.sidebar.current_path or "", note), None
            line = panes.sidebar.current_line
            note = None if panes.sidebar.is_on_vault else note
        context = self.context = ReportContext(
            view, note, content, config.count, self._records, config.grace_days
        )
        self.changed.publish(context)

        def draw(size: Size) -> Report:
            from roadtui.ui.charts.progress_report import draw_report  # In a thread, after the first screen.

            return draw_report(context, size)

        if panes.preview is not None:
            panes.show_in_preview(view.snapshot, note, line)
        if panes.preview is None or self._screen.has_class("-medium"):
            panes.progress.show(draw if view.snapshot.notes else None)

    def open_preview(self) -> None:
        """Show the rendered note in place of the progress."""
        self._panes().open_preview(self._config().max_note_bytes)
        self.show()

    def toggle_preview(self) -> None:
        """Open the preview or close it; on a narrow screen show it where another pane is shown."""
        is_narrow = self._screen.has_class("-narrow")
        self._panes().toggle_preview(self._config().max_note_bytes, is_narrow=is_narrow)
        self.show()
