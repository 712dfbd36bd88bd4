"""The line above the tree: which note it is, and how far."""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from roadtui.core.display import shown
from roadtui.ui.drawing import row
from roadtui.ui.inks import Inks
from roadtui.ui.open_note import GONE
from roadtui.vault.snapshot import VaultNote

_GONE = "Renamed or deleted: shown as it was."


class NoteTitle(Widget):
    """Name, path and numbers of one note, and a row that is blank where nothing is the matter."""

    DEFAULT_CSS = """
    NoteTitle { height: 2; background: $surface; }
    """

    inks: var[Inks | None] = var(None)
    note: var[VaultNote | None] = var(None)
    marked: var[int] = var(0)
    """How many rows are marked in the tree."""

    def watch_inks(self) -> None:
        """Draw in the new colours."""
        self.refresh()

    def watch_note(self) -> None:
        """Draw what is new."""
        self.refresh()

    def watch_marked(self) -> None:
        """Draw the new number."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See `textual.widget.Widget.render_line`."""
        width = self.content_size.width
        ground = self.visual_style.rich_style
        if self.inks is None or self.note is None or (y and self.note.label != GONE):
            return Strip.blank(width, ground)
        if y:
            return row(width, [], (f" {_GONE}", self.inks.overdue)).apply_style(ground)
        name = Segment(f" {shown(self.note.name)}   ", self.inks.strong)
        place = f"{self.note.folder}/" if self.note.folder else ""
        if name.cell_length > width // 2:
            return row(
                width, [], (name.text.rstrip(), name.style or self.inks.strong), self._end()
            ).apply_style(ground)
        return row(width, [name], (shown(place), self.inks.faint), self._end()).apply_style(ground)

    def _end(self) -> list[Segment]:
        assert self.inks is not None
        assert self.note is not None
        if self.marked:
            return [Segment(f"▌{self.marked} marked ", self.inks.accent)]
        progress = self.note.progress
        parts = [Segment(f"{progress.done}/{progress.total}", self.inks.text)]
        warning = self._warning()
        if warning:  # There is no room for more beside it.
            return [*parts, Segment(f"   {warning} ", self.inks.overdue)]
        if progress.in_progress:
            parts.append(Segment(f"   {progress.in_progress} doing", self.inks.doing))
        if progress.open:
            parts.append(Segment(f"   {progress.open} open", self.inks.dim))
        return [*parts, Segment(" ")]

    def _warning(self) -> str:
        """What is wrong with the note; empty where nothing is."""
        assert self.note is not None
        if self.note.label:
            return f"read only: {self.note.label}"
        if self.note.note.conflicts:
            return f"merge conflict in line {self.note.note.conflicts[0].start + 1}"
        return ""
