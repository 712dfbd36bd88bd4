"""The surroundings of a result in its note: the rows of the note around it, unfolded."""

from __future__ import annotations

from textual.reactive import reactive, var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.note import ListItem, Section, Task
from roadtui.core.outline import Outline, outline
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext
from roadtui.ui.widgets.rows.measure import ColumnMeter
from roadtui.ui.widgets.task_row import RowLook, TaskRowRenderer
from roadtui.vault.snapshot import VaultNote

_ABOVE = 3
"""The rows above the result take this part of the height: a third."""


class NoteExcerpt(Widget):
    """As many rows of one note as fit, with one of them marked. Takes no keys."""

    DEFAULT_CSS = "NoteExcerpt { height: 1fr; background: $surface; }"

    display_context: var[TaskDisplayContext | None] = var(None)
    text_styles: reactive[TextStyles | None] = reactive(None)

    def __init__(self) -> None:
        super().__init__()
        self._note: VaultNote | None = None
        self._outline: Outline | None = None
        self._meter = ColumnMeter()
        self._marked = -1
        """The row that is marked; -1 for none."""

    def show(self, note: VaultNote | None, content: Section | ListItem | None) -> None:
        """Show `content` in `note`; the start of the note where that has no row; nothing for None."""
        if note is not self._note:
            self._note = note
            self._outline = outline(note.note) if note is not None else None
        rows = self._outline.rows if self._outline is not None else ()
        self._marked = next((row.index for row in rows if row.content is content and content is not None), -1)
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width, height = self.content_size
        background = self.visual_style.rich_style
        rows = self._outline.rows if self._outline is not None else ()
        at = y + max(0, min(self._marked - height // _ABOVE, len(rows) - height))
        if at >= len(rows) or self._note is None or self.display_context is None or self.text_styles is None:
            return Strip.blank(width, background)
        found, is_marked = rows[at], at == self._marked
        if found.content is None:
            return Strip.blank(width, background)
        symbol = found.content.status_symbol if isinstance(found.content, Task) else ""
        columns = self._meter.columns(self._note, self.display_context, width)
        renderer = TaskRowRenderer(
            self._note.note_progress, self.display_context, self.text_styles, columns, self._note.path
        )
        strip = renderer.prepare(found, RowLook(" ", symbol, is_marked, is_marked)).strip()
        style = background + self.text_styles.cursor if is_marked else background
        return strip.adjust_cell_length(width).apply_style(style)
