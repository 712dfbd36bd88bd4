"""The panes of the dashboard side by side, or one of them on a narrow screen; which has the focus."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import var
from typing_extensions import override

from roadtui.ui.messages import PreviewClosed
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.note_pane import NotePane
from roadtui.ui.widgets.progress_panel import ProgressPane
from roadtui.ui.widgets.sidebar import Sidebar
from roadtui.ui.widgets.task_tree import TaskTree

if TYPE_CHECKING:
    from textual.widget import Widget

    from roadtui.ui.widgets.preview.pane import PreviewPane
    from roadtui.vault.snapshot import Snapshot, VaultNote


class Panes(Horizontal):
    """Sidebar, note, and progress or preview. What is shown of them is up to the CSS of the screen.

    `-with-preview` says that the preview is open. With two panes, it is beside the tree, or with
    `-beside-sidebar` beside the sidebar. Of one pane alone, `-show-sidebar`, `-show-tree`,
    `-show-progress` or `-show-preview` names it.
    """

    text_styles: var[TextStyles | None] = var(None)

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, classes="-show-tree")
        self._preview: PreviewPane | None = None
        """Mounted when it is opened first."""
        self.is_sidebar_followed = False
        """Whether the sidebar was focused after the note was."""

    @override
    def compose(self) -> ComposeResult:
        yield Sidebar(id="sidebar").data_bind(Panes.text_styles)
        yield NotePane(id="note").data_bind(Panes.text_styles)
        yield ProgressPane(id="progress").data_bind(Panes.text_styles)

    @cached_property
    def sidebar(self) -> Sidebar:
        """The pane on the left. Cached: what is shown last is shown while the screen closes."""
        return self.query_one(Sidebar)

    @property
    def note(self) -> NotePane:
        """The pane in the middle."""
        return self.query_one(NotePane)

    @property
    def progress(self) -> ProgressPane:
        """The pane on the right; one line on top of the others on a screen of medium width."""
        return self.query_one(ProgressPane)

    # The preview

    @property
    def preview(self) -> PreviewPane | None:
        """The preview, if it is open."""
        return self._preview if self.has_class("-with-preview") else None

    def open_preview(self, max_note_bytes: int) -> PreviewPane:
        """Open the preview. `max_note_bytes`: larger notes are not read."""
        if self._preview is None:
            # With the first use: markdown-it is no part of the first screen.
            from roadtui.session.preview_notes import PreviewNotes
            from roadtui.ui.widgets.preview.pane import PreviewPane

            self._preview = PreviewPane(PreviewNotes(max_note_bytes), id="preview")
            self._preview.text_styles = self.text_styles
            self.mount(self._preview)
        self.add_class("-with-preview")
        return self._preview

    def toggle_preview(self, max_note_bytes: int, *, is_narrow: bool) -> None:
        """Open the preview or close it; where one pane is shown (`is_narrow`), show it instead of another."""
        preview = self.preview
        if preview is not None and (preview.view.has_focus or not is_narrow):
            self.close_preview()
            return
        if preview is None:
            self.open_preview(max_note_bytes)
        if is_narrow:
            self.focus_preview()

    @on(PreviewClosed)
    def close_preview(self) -> None:
        """Close the preview; what it followed has the focus where the preview had it."""
        had_focus = self.preview is not None and self.preview.view.has_focus
        self.remove_class("-with-preview")
        if self._preview is not None:
            self._preview.pause()
        if had_focus and self.is_sidebar_followed:
            self.focus_sidebar()
        elif had_focus:
            self.focus_note()

    def show_in_preview(self, snapshot: Snapshot, note: VaultNote | None, line: int | None) -> None:
        """Show `note` around `line` (from 0) in the preview, if it is open; None for nothing."""
        if self.preview is None:
            return
        from roadtui.ui.widgets.preview.view import PreviewTarget  # It is open, so this is imported already.

        self.preview.show(PreviewTarget(snapshot, note, line) if note is not None else None)

    @on(TaskTree.PendingChanged)
    def _show_pending(self) -> None:
        """Show the status symbols of the tree in the preview, too."""
        tree = self.note.task_tree
        if self.preview is not None and tree.note is not None:
            self.preview.view.show_symbols(tree.note, tree.symbols.pending)

    def watch_text_styles(self) -> None:
        """Redraw the preview in the new text styles."""
        if self._preview is not None:
            self._preview.text_styles = self.text_styles

    # The focus

    def focus_next_pane(self, step: int, *, with_progress: bool) -> None:
        """Focus the pane `step` further on, around the edge; on a narrow screen show it instead of this one.

        `with_progress`: whether the progress can be focused.
        """
        panes: list[Widget] = [self.sidebar, self.note.shown_list]
        if self.preview is not None:
            panes.append(self.preview.view)
        elif with_progress:
            panes.append(self.progress)
        focused = next((at for at, pane in enumerate(panes) if pane.has_focus), 0)
        self._focus(panes[(focused + step) % len(panes)])

    def focus_note(self) -> None:
        """Focus the note; on a narrow screen show it."""
        self._focus(self.note.shown_list)

    def show_note(self) -> None:
        """On a narrow screen, show the note instead of another pane."""
        self._show_pane(self.note.shown_list)

    def focus_sidebar(self) -> None:
        """Focus the sidebar; on a narrow screen show it."""
        self._focus(self.sidebar)

    def focus_preview(self) -> None:
        """Focus the preview, if it is open; on a narrow screen show it."""
        if self.preview is not None:
            self._show_pane(self.preview.view)
            self.call_after_refresh(self.preview.view.focus)  # It may not be mounted yet.

    def _focus(self, target: Widget) -> None:
        self._show_pane(target)
        target.focus()

    def _show_pane(self, target: Widget) -> None:
        preview = self.preview
        shown = {
            "-show-sidebar": target is self.sidebar,
            "-show-progress": target is self.progress,
            "-show-preview": preview is not None and target is preview.view,
        }
        for name, is_shown in shown.items():
            self.set_class(is_shown, name)
        self.set_class(not any(shown.values()), "-show-tree")
        if not shown["-show-preview"]:
            self.set_class(shown["-show-sidebar"], "-beside-sidebar")

    def follow_focus(self, focused: Widget) -> bool:
        """Show the pane that has got the focus, by a click or another way, where not all are shown.

        Returns whether the sidebar is followed instead of the note now, or the note instead of it.
        """
        preview = self.preview
        lists = [self.sidebar, self.note.shown_list, self.progress, preview.view if preview else None]
        if focused in lists:
            self._show_pane(focused)
        is_sidebar = focused is self.sidebar
        if is_sidebar == self.is_sidebar_followed or not (is_sidebar or focused is self.note.shown_list):
            return False
        self.is_sidebar_followed = is_sidebar
        return True
