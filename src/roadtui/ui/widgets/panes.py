"""The panes of the dashboard side by side, or one of them on a narrow screen; which has the focus."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import var
from typing_extensions import override

from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.note_pane import NotePane
from roadtui.ui.widgets.progress_panel import ProgressPane
from roadtui.ui.widgets.sidebar import Sidebar


class Panes(Horizontal):
    """Sidebar, note and progress. What is shown of them is up to the CSS of the screen.

    On a narrow screen one is shown: the class `-show-sidebar`, `-show-tree` or `-show-progress` names it.
    """

    text_styles: var[TextStyles | None] = var(None)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, classes="-show-tree")

    @override
    def compose(self) -> ComposeResult:
        yield Sidebar(id="sidebar").data_bind(Panes.text_styles)
        yield NotePane(id="note").data_bind(Panes.text_styles)
        yield ProgressPane(id="progress").data_bind(Panes.text_styles)

    @property
    def sidebar(self) -> Sidebar:
        """The pane on the left."""
        return self.query_one(Sidebar)

    @property
    def note(self) -> NotePane:
        """The pane in the middle."""
        return self.query_one(NotePane)

    @property
    def progress(self) -> ProgressPane:
        """The pane on the right; one line on top of the others on a screen of medium width."""
        return self.query_one(ProgressPane)

    def focus_next_pane(self, step: int, *, with_progress: bool) -> None:
        """Focus the pane `step` further on, around the edge; on a narrow screen show it instead of this one.

        `with_progress`: whether the progress can be focused.
        """
        panes: list[LineList | ProgressPane] = [self.sidebar, self.note.shown_list, self.progress]
        if not with_progress:
            panes.pop()
        focused = next((at for at, pane in enumerate(panes) if pane.has_focus), 0)
        target = panes[(focused + step) % len(panes)]
        self._show_pane(target)
        target.focus()

    def focus_note(self) -> None:
        """Focus the note; on a narrow screen show it."""
        self.note.shown_list.focus()
        self.show_note()

    def show_note(self) -> None:
        """On a narrow screen, show the note instead of another pane."""
        self._show_pane(self.note.shown_list)

    def _show_pane(self, target: LineList | ProgressPane) -> None:
        sidebar, progress = self.sidebar, self.progress
        self.set_class(target is sidebar, "-show-sidebar")
        self.set_class(target is progress, "-show-progress")
        self.set_class(target is not sidebar and target is not progress, "-show-tree")
