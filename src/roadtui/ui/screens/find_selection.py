"""The results of the find screen that commands work on, and where they are on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.geometry import Region
from typing_extensions import override

from roadtui.session.tracking.tracked_task import TrackedTask
from roadtui.ui.commands.found_tasks import FoundTasksHost
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.query.find_results import FindResults
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.vault.snapshot import VaultNote


class SelectedResults(FoundTasksHost):
    """The marked results of a list, else the one under the cursor."""

    def __init__(self, results: FindResults, notes: Mapping[str, VaultNote]) -> None:
        """`notes`: the notes in the state in which the results were found."""
        self.notes = notes
        self._results = results

    @property
    @override
    def selected_tasks(self) -> Sequence[TrackedTask]:
        found = ((self.notes.get(item.note.path), item.task) for item in self._results.selected)
        return [TrackedTask(note, task) for note, task in found if note is not None and task is not None]

    @property
    @override
    def display_context(self) -> TaskDisplayContext:
        display_context = self._results.display_context
        assert display_context is not None, "set when the screen opens"
        return display_context

    @property
    @override
    def text_styles(self) -> TextStyles | None:
        return self._results.text_styles

    @property
    @override
    def list_region(self) -> Region:
        return self._results.scrollable_content_region

    @property
    @override
    def row_region(self) -> Region:
        area, results = self.list_region, self._results
        return Region(area.x, area.y + results.cursor - results.scroll_offset.y, area.width, 1)
