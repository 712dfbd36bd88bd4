"""The lines of the rendered note: read and drawn in a thread, part by part, and following the tree."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from textual.geometry import Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.session.preview_notes import PreviewNotes
from roadtui.ui.refusal import ExplainsRefusals
from roadtui.ui.render import fit_row, wrapped
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.preview.document import PreviewDocument, RowPosition
from roadtui.ui.workers import start_worker
from roadtui.vault.errors import Unreadable, UnreadableNoteError
from roadtui.vault.snapshot import Snapshot, VaultNote

_MARGIN = 2
"""Rows that stay in sight above and below what is followed."""


class PreviewTarget(NamedTuple):
    """What the preview shows."""

    snapshot: Snapshot
    note: VaultNote
    line: int | None
    """The line of the note, from 0, that is followed; None for no line in particular."""


class _Appearance(NamedTuple):
    """What the lines of a note depend on, beside the note."""

    width: int
    text_styles: TextStyles


class PreviewLines(ExplainsRefusals, ScrollView, can_focus=True, inherit_bindings=False):
    """The lines of one note. Subclasses add what can be done with them."""

    DEFAULT_CSS = """
    PreviewLines {
        background: $surface; height: 1fr;
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
        scrollbar-color: $scrollbar; scrollbar-color-hover: $secondary; scrollbar-color-active: $primary;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
    }
    """

    text_styles: var[TextStyles | None] = var(None)

    def __init__(self, notes: PreviewNotes) -> None:
        super().__init__()
        self._notes = notes
        self._target: PreviewTarget | None = None
        self._shown_for: tuple[Snapshot, VaultNote, _Appearance] | None = None
        """What was shown last: it need not be read again, even where it could not be read."""
        self.document: PreviewDocument | None = None
        """The rows that are shown; None without a note, or while one is read."""
        self._message = ""
        """Why there is no document."""
        self._marked = range(0)
        """The rows of the line that is followed."""
        self._is_to_reveal = False
        """Whether the followed line is to be scrolled into sight, once it is drawn."""
        self._is_loading = False
        self._is_drawing = False

    def document_changed(self) -> None:
        """Another note, or the same in another state, is about to be shown."""

    def highlighted(self, strip: Strip, row: int) -> Strip:
        """`strip` with what is to stand out on `row`."""
        return strip

    # What is shown

    def show(self, target: PreviewTarget | None) -> None:
        """Show `target`: where its note is shown already, only what has changed is drawn."""
        before, self._target = self._target, target
        if target is None:
            self._shown_for = None
            self._set_document(None)
            return
        if before is None or (before.note.path, before.line) != (target.note.path, target.line):
            self._is_to_reveal = True
        if self._is_current(target):
            if self._appearance is not None:
                self._shown_for = (target.snapshot, target.note, self._appearance)
            self._follow()
        elif not self._is_loading and self._appearance is not None:
            self._is_loading = True
            start_worker(self, self._load, group="preview")

    def pause(self) -> None:
        """Show nothing new while the pane is closed; what is drawn is kept, to be shown at once again."""
        self._target = self._shown_for = None

    def show_symbols(self, note: VaultNote, symbols: Mapping[int, str]) -> None:
        """Show status symbols, by line, that are ahead of `note`, if it is this state of it that is shown."""
        document = self.document
        if document is not None and (document.note.path, document.note.digest) == (note.path, note.digest):
            chunks = document.set_symbols(symbols)
            if chunks:
                start_worker(self, self._draw, document, chunks, group="preview")

    @property
    def _appearance(self) -> _Appearance | None:
        width = self.scrollable_content_region.width
        return _Appearance(width, self.text_styles) if self.text_styles is not None and width > 0 else None

    def _is_current(self, target: PreviewTarget) -> bool:
        document, appearance = self.document, self._appearance
        if appearance is not None and self._shown_for == (target.snapshot, target.note, appearance):
            return True
        return (
            document is not None
            and (document.style.width, document.style.text_styles) == appearance
            and document.style.statuses == target.snapshot.statuses
            and self._notes.is_current(document.note, target.snapshot, target.note)
        )

    async def _load(self) -> None:
        """Read the note, until it is the one that is to be shown."""
        read: PreviewTarget | None = None
        try:
            while (
                (target := self._target) is not None
                and target is not read
                and (appearance := self._appearance)
            ):
                read = target
                if not self._is_current(target):
                    document, message = await asyncio.to_thread(self._open, target, appearance)
                    if not self.is_attached:
                        return
                    if self._target is not None and self._target.note.path == target.note.path:
                        self._shown_for = (target.snapshot, target.note, appearance)
                        self._set_document(document, message)
        finally:
            self._is_loading = False

    def _open(self, target: PreviewTarget, appearance: _Appearance) -> tuple[PreviewDocument | None, str]:
        """The note, with the parts drawn that are seen first; else why it cannot be shown. For a thread."""
        shown = self.document
        try:
            note = self._notes.open(target.snapshot, target.note)
        except UnreadableNoteError as error:
            is_kept = shown is not None and shown.note.path == target.note.path
            if error.reason is Unreadable.GONE and is_kept:  # It is shown as it was, as the tree does.
                return shown, ""
            return None, str(error)
        document = PreviewDocument(note, appearance.width, appearance.text_styles, target.snapshot.statuses)
        document.add(document.draw(document.around(target.line or 0, self.size.height)))
        return document, ""

    def _set_document(self, document: PreviewDocument | None, message: str = "") -> None:
        """Show `document`. Of the same note in another state, the same part stays in sight."""
        before, self.document, self._message = self.document, document, message
        if document is not before:
            top = before.line_before(self.scroll_offset.y) if before is not None else None
            marked = self._marked.start - self.scroll_offset.y if self._marked else None
            self._marked = range(0)
            self.document_changed()
            self.fit_scroll_range()
            is_same = before is not None and document is not None and before.note.path == document.note.path
            if not is_same or document is None:
                self.scroll_to_row(0)
            elif rows := self._followed_rows():
                if marked is not None and 0 <= marked < self.size.height:
                    self.scroll_to_row(rows.start - marked)
            elif top is not None and (rows := document.rows_of(top) or range(0)):
                self.scroll_to_row(rows.start)
        self.refresh()
        self._follow()
        self.refresh_bindings()  # There may be links in sight now, or none any more.

    def fit_scroll_range(self) -> None:
        """Update the scroll range. Call after the rows have changed."""
        self.virtual_size = Size(0, self.document.height if self.document is not None else 0)

    def scroll_to_row(self, row: int) -> None:
        """Scroll at once so that `row` is the first in sight, or as far as possible."""
        self.scroll_to(y=max(0, row), animate=False, immediate=True)

    def on_resize(self) -> None:
        """Wrap the lines to the new width."""
        self.show(self._target)

    def watch_text_styles(self) -> None:
        """Draw in the new text styles."""
        self.show(self._target)

    def watch_has_focus(self, _focused: bool) -> None:
        """Show whether the pane has the focus."""
        self.refresh()

    # Following the tree

    def _followed_rows(self) -> range:
        """The rows of the line that is followed; empty where there is none, or it is not drawn yet."""
        line = self._target.line if self._target is not None else None
        rows = self.document.rows_of(line) if self.document is not None and line is not None else None
        return rows or range(0)

    def _follow(self) -> None:
        """Mark the line that is followed, and scroll it into sight if it is another one than before."""
        rows = self._followed_rows()
        if rows != self._marked:
            for shown in (self._marked, rows):
                if shown:
                    self.refresh_lines(shown.start, len(shown))
            self._marked = rows
        if self._is_to_reveal and (rows or self._target is None or self._target.line is None):
            self._is_to_reveal = False
            self.reveal(rows)
        self._draw_needed()

    def reveal(self, rows: range) -> None:
        """Scroll so that `rows` are in sight, with some more around them."""
        height = self.size.height
        top = self.scroll_offset.y
        margin = min(_MARGIN, (height - 1) // 2)
        if rows and (rows.start < top + margin or rows.stop > top + height - margin):
            self.scroll_to_row(rows.start - height // 3)

    # Drawing parts

    def _draw_needed(self) -> None:
        """Draw in a thread what is in sight, above and below it, and what is followed."""
        document = self.document
        if document is None or self._is_drawing:
            return
        height, top = self.size.height, self.scroll_offset.y
        chunks = document.missing(top - height, top + 2 * height)
        line = self._target.line if self._target is not None and self._is_to_reveal else None
        if line is not None and document.rows_of(line) is None:
            chunks = document.around(line, height)
        if chunks:
            self._is_drawing = True
            start_worker(self, self._draw, document, chunks, group="preview")

    async def _draw(self, document: PreviewDocument, chunks: list[int]) -> None:
        try:
            drawn = await asyncio.to_thread(document.draw, chunks)
        finally:
            self._is_drawing = False
        if document is self.document and self.is_attached:
            is_at_end = self.scroll_offset.y > 0 and self.scroll_offset.y >= self.max_scroll_y
            top = document.position(self.scroll_offset.y)
            document.add(drawn)
            self._keep_in_place(document, top, is_at_end=is_at_end)
            self.refresh_bindings()  # There may be links in sight now.
        self._follow()

    def _keep_in_place(self, document: PreviewDocument, top: RowPosition, *, is_at_end: bool) -> None:
        """Keep the same rows in sight, after others have become higher or lower."""
        self.fit_scroll_range()
        row = self.max_scroll_y if is_at_end else document.row(top)
        if row != self.scroll_offset.y:
            self.scroll_to_row(row)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw what comes into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._draw_needed()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        background = self.visual_style.rich_style
        text_styles, document = self.text_styles, self.document
        if text_styles is None or document is None:
            return self._message_line(y, width).apply_style(background)
        row = y + self.scroll_offset.y
        line = document.line_at(row)
        if line is None:
            return Strip.blank(width, background)
        strip = self.highlighted(line.strip, row)
        if row in self._marked:
            background += text_styles.cursor_away
        return strip.adjust_cell_length(width).apply_style(background)

    def _message_line(self, y: int, width: int) -> Strip:
        lines = wrapped(display_text(self._message), width, 4) if self._message else []
        if self.text_styles is None or y >= len(lines):
            return Strip.blank(width)
        return fit_row(width, [], (lines[y], self.text_styles.dim))
