"""The surroundings of a result in its note: the rows of the note, with the result in the middle."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.reactive import var
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.note import ListItem, Section, Task
from roadtui.core.outline import Outline, outline
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.task_row import TaskDisplayContext, TaskRowRenderer
from roadtui.vault.snapshot import VaultNote

_ABOVE = 3
"""A result is shown so far from the top: a third of the height."""


class NoteExcerpt(LineList, inherit_bindings=False):
    """The rows of one note, unfolded, scrolled to one of them. Takes no keys."""

    DEFAULT_CSS = "NoteExcerpt { height: 1fr; overflow-y: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = []

    display_context: var[TaskDisplayContext | None] = var(None)

    def __init__(self) -> None:
        super().__init__()
        self.can_focus = False
        self._note: VaultNote | None = None
        self._outline: Outline | None = None
        self._marked = -1
        """The row that is marked."""

    def show(self, note: VaultNote | None, content: Section | ListItem | None) -> None:
        """Show `content` in `note`; the start of the note where that has no row; nothing for None."""
        if note is not self._note:
            self._note = note
            self._outline = outline(note.note) if note is not None else None
            self.rows_changed()
        rows = self._outline.rows if self._outline is not None else ()
        self._marked = next((row.index for row in rows if row.content is content and content is not None), -1)
        self.scroll_to(
            y=max(0, self._marked - self.size.height // _ABOVE), animate=False, immediate=True, force=True
        )
        self.refresh()

    @override
    def row_count(self) -> int:
        return len(self._outline.rows) if self._outline is not None else 0

    @override
    def is_stop(self, row: int) -> bool:
        return False

    @override
    def row_background(self, row: int, text_styles: TextStyles) -> Style | None:
        return text_styles.cursor if row == self._marked else None

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        if self._outline is None or self._note is None or self.display_context is None:
            return Strip.blank(width)
        found = self._outline.rows[row]
        symbol = found.content.status_symbol if isinstance(found.content, Task) else ""
        renderer = TaskRowRenderer(self._note.note_progress, self.display_context, text_styles, width)
        is_marked = row == self._marked
        return renderer.draw(found, " ", symbol, is_current=is_marked, is_selected=is_marked)
