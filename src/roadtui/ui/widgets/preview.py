"""The preview: the rendered note, which follows the cursor of the tree, and whose links can be followed."""

from __future__ import annotations

import asyncio
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.session.preview_notes import PreviewNotes
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.messages import LinkRequested, PreviewClosed
from roadtui.ui.render import fit_row, pane_heading, wrapped
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.preview_document import LinkPosition, PreviewDocument, RowPosition
from roadtui.ui.widgets.preview_lines import LinkArea
from roadtui.vault.errors import Unreadable, UnreadableNoteError
from roadtui.vault.snapshot import Snapshot, VaultNote

_MARGIN = 2
"""Rows that stay in sight above and below what is followed."""
_CHOSEN = Style(reverse=True)


class PreviewTarget(NamedTuple):
    """What the preview shows."""

    snapshot: Snapshot
    note: VaultNote
    line: int | None
    """The line of the note, from 0, that is followed; None for no line in particular."""


class _Paper(NamedTuple):
    """What the lines of a note depend on, beside the note."""

    width: int
    text_styles: TextStyles


class PreviewView(ScrollView, can_focus=True, inherit_bindings=False):
    """The lines of one note. It is read, and its parts are drawn, in a thread."""

    DEFAULT_CSS = """
    PreviewView {
        background: $surface; height: 1fr;
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
        scrollbar-color: $scrollbar; scrollbar-color-hover: $secondary; scrollbar-color-active: $primary;
        scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface;
    }
    """
    BINDING_GROUP_TITLE = "Preview"
    HELP = """
The note as it reads. It follows the cursor of the tree.

- `]` and `[` step from link to link, `enter` follows one. Links that lead to no note are dim.
- `v` or `esc` closes it.
"""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.PREVIEW)]

    text_styles: var[TextStyles | None] = var(None)
    chosen: var[LinkPosition | None] = var(None)
    """The link that `enter` follows."""

    def __init__(self, notes: PreviewNotes) -> None:
        super().__init__()
        self._notes = notes
        self._target: PreviewTarget | None = None
        self._shown_for: tuple[Snapshot, VaultNote, _Paper] | None = None
        """What was shown last: it need not be read again, even where it could not be read."""
        self._document: PreviewDocument | None = None
        self._message = ""
        """Why there is no document."""
        self._marked = range(0)
        """The rows of the line that is followed."""
        self._is_to_reveal = False
        """Whether the followed line is to be scrolled into sight, once it is drawn."""
        self._is_loading = False
        self._is_drawing = False

    # What is shown

    def show(self, target: PreviewTarget | None) -> None:
        """Show `target`: where its note is shown already, only what has changed is drawn."""
        before, self._target = self._target, target
        if target is None:
            self._set_document(None)
            return
        if before is None or (before.note.path, before.line) != (target.note.path, target.line):
            self._is_to_reveal = True
        if self._is_current(target):
            self._follow()
        elif not self._is_loading and self._paper is not None:
            self._is_loading = True
            self.run_worker(self._load(), group="preview")

    @property
    def _paper(self) -> _Paper | None:
        width = self.scrollable_content_region.width
        return _Paper(width, self.text_styles) if self.text_styles is not None and width > 0 else None

    def _is_current(self, target: PreviewTarget) -> bool:
        document, paper = self._document, self._paper
        if paper is not None and self._shown_for == (target.snapshot, target.note, paper):
            return True
        return (
            document is not None
            and (document.style.width, document.style.text_styles) == paper
            and document.style.statuses == target.snapshot.statuses
            and self._notes.is_current(document.note, target.snapshot, target.note)
        )

    async def _load(self) -> None:
        """Read the note, until it is the one that is to be shown."""
        read: PreviewTarget | None = None
        try:
            while (target := self._target) is not None and target is not read and (paper := self._paper):
                read = target
                if not self._is_current(target):
                    document, message = await asyncio.to_thread(self._open, target, paper)
                    if not self.is_attached:
                        return
                    if self._target is not None and self._target.note.path == target.note.path:
                        self._shown_for = (target.snapshot, target.note, paper)
                        self._set_document(document, message)
        finally:
            self._is_loading = False

    def _open(self, target: PreviewTarget, paper: _Paper) -> tuple[PreviewDocument | None, str]:
        """The note, with the parts drawn that are seen first; else why it cannot be shown. For a thread."""
        shown = self._document
        try:
            note = self._notes.open(target.snapshot, target.note)
        except UnreadableNoteError as error:
            is_kept = shown is not None and shown.note.path == target.note.path
            if error.reason is Unreadable.GONE and is_kept:  # It is shown as it was, as the tree does.
                return shown, ""
            return None, str(error)
        document = PreviewDocument(note, paper.width, paper.text_styles, target.snapshot.statuses)
        document.add(document.draw(document.around(target.line or 0, self.size.height)))
        return document, ""

    def _set_document(self, document: PreviewDocument | None, message: str = "") -> None:
        """Show `document`. Of the same note in another state, the same part stays in sight."""
        before, self._document, self._message = self._document, document, message
        if document is not before:
            top = before.line_before(self.scroll_offset.y) if before is not None else None
            marked = self._marked.start - self.scroll_offset.y if self._marked else None
            self._marked = range(0)
            self.chosen = None
            self._resize()
            is_same = before is not None and document is not None and before.note.path == document.note.path
            if not is_same or document is None:
                self._scroll(0)
            elif rows := self._followed_rows():
                if marked is not None and 0 <= marked < self.size.height:
                    self._scroll(rows.start - marked)
            elif top is not None and (rows := document.rows_of(top) or range(0)):
                self._scroll(rows.start)
        self.refresh()
        self._follow()

    def _resize(self) -> None:
        self.virtual_size = Size(0, self._document.height if self._document is not None else 0)

    def _scroll(self, row: int) -> None:
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
        rows = self._document.rows_of(line) if self._document is not None and line is not None else None
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
            self._reveal(rows)
        self._draw_needed()

    def _reveal(self, rows: range) -> None:
        """Scroll so that `rows` are in sight, with some more around them."""
        height = self.size.height
        top = self.scroll_offset.y
        margin = min(_MARGIN, (height - 1) // 2)
        if rows and (rows.start < top + margin or rows.stop > top + height - margin):
            self._scroll(rows.start - height // 3)

    # Drawing parts

    def _draw_needed(self) -> None:
        """Draw in a thread what is in sight, above and below it, and what is followed."""
        document = self._document
        if document is None or self._is_drawing:
            return
        height, top = self.size.height, self.scroll_offset.y
        chunks = document.missing(top - height, top + 2 * height)
        line = self._target.line if self._target is not None and self._is_to_reveal else None
        if line is not None and document.rows_of(line) is None:
            chunks = document.around(line, height)
        if chunks:
            self._is_drawing = True
            self.run_worker(self._draw(document, chunks), group="preview")

    async def _draw(self, document: PreviewDocument, chunks: list[int]) -> None:
        try:
            drawn = await asyncio.to_thread(document.draw, chunks)
        finally:
            self._is_drawing = False
        if document is self._document and self.is_attached:
            is_at_end = self.scroll_offset.y > 0 and self.scroll_offset.y >= self.max_scroll_y
            top = document.position(self.scroll_offset.y)
            document.add(drawn)
            self._keep_in_place(document, top, is_at_end=is_at_end)
        self._follow()

    def _keep_in_place(self, document: PreviewDocument, top: RowPosition, *, is_at_end: bool) -> None:
        """Keep the same rows in sight, after others have become higher or lower."""
        self._resize()
        row = self.max_scroll_y if is_at_end else document.row(top)
        if row != self.scroll_offset.y:
            self._scroll(row)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Draw what comes into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._draw_needed()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        background = self.visual_style.rich_style
        text_styles, document = self.text_styles, self._document
        if text_styles is None or document is None:
            return self._message_line(y, width).apply_style(background)
        row = y + self.scroll_offset.y
        line = document.line_at(row)
        if line is None:
            return Strip.blank(width, background)
        strip = line.strip
        if self.chosen is not None and self.has_focus:
            for on_row, area in document.rows_of_link(self.chosen):
                if on_row == row:
                    strip = _with_chosen(strip, area)
        if row in self._marked:
            background += text_styles.cursor_away
        return strip.adjust_cell_length(width).apply_style(background)

    def _message_line(self, y: int, width: int) -> Strip:
        lines = wrapped(display_text(self._message), width, 4) if self._message else []
        if self.text_styles is None or y >= len(lines):
            return Strip.blank(width)
        return fit_row(width, [], (lines[y], self.text_styles.dim))

    # Keys

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by `rows` rows."""
        self._scroll(self.scroll_offset.y + rows)

    def action_scroll_half(self, pages: int) -> None:
        """Scroll by half the height of the pane."""
        self._scroll(self.scroll_offset.y + pages * max(1, self.size.height // 2))

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by the height of the pane."""
        self._scroll(self.scroll_offset.y + pages * max(1, self.size.height - 1))

    def action_go_to_top(self) -> None:
        """Scroll to the first row."""
        self._scroll(0)

    def action_go_to_end(self) -> None:
        """Scroll to the last row."""
        self._scroll(self.max_scroll_y)

    def action_close_preview(self) -> None:
        """Close the preview."""
        self.post_message(PreviewClosed())

    def action_choose_link(self, step: int) -> None:
        """Choose the link `step` further on, from the one that is chosen if it is in sight."""
        document = self._document
        if document is None:
            return
        top, height = self.scroll_offset.y, self.size.height
        in_sight = document.links_in(top, top + height)
        if self.chosen in in_sight:
            found = document.next_link(self.chosen, top, step)
        elif in_sight:
            found = in_sight[0 if step > 0 else -1]
        else:
            found = document.next_link(None, top, step)
        if found is not None:
            self._resize()
            self.chosen = found
            rows = [row for row, _ in document.rows_of_link(found)]
            self._reveal(range(rows[0], rows[-1] + 1))

    def watch_chosen(self) -> None:
        """Show which link is chosen."""
        self.refresh()

    def action_follow_link(self) -> None:
        """Request the note that the chosen link leads to; choose one where none is in sight."""
        document, top = self._document, self.scroll_offset.y
        if document is None:
            return
        if self.chosen is None or self.chosen not in document.links_in(top, top + self.size.height):
            self.action_choose_link(1)
            return
        target = document.target(self.chosen)
        if target is not None:
            self.post_message(LinkRequested(document.note.path, target))

    def on_click(self, event: events.Click) -> None:
        """Follow the link under the pointer."""
        at = event.get_content_offset(self)
        if at is None or self._document is None:
            return
        link = self._document.link_at(at.y + self.scroll_offset.y, at.x)
        if link is not None:
            self.chosen = link
            self.action_follow_link()


def _with_chosen(strip: Strip, area: LinkArea) -> Strip:
    """`strip` with the link on it highlighted."""
    inside = [
        Segment(segment.text, (segment.style or Style()) + _CHOSEN)
        for segment in strip.crop(area.start, area.end)
    ]
    return Strip.join([strip.crop(0, area.start), Strip(inside), strip.crop(area.end)])


class PreviewTitle(Widget):
    """The heading of the pane, with the name of the note."""

    DEFAULT_CSS = "PreviewTitle { height: 2; background: $surface; }"

    text_styles: var[TextStyles | None] = var(None)
    note_name: var[str] = var("")
    is_active: var[bool] = var(False)
    """Whether the pane has the focus."""

    def watch_text_styles(self) -> None:
        """Redraw in the new text styles."""
        self.refresh()

    def watch_note_name(self) -> None:
        """Redraw."""
        self.refresh()

    def watch_is_active(self) -> None:
        """Redraw."""
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        if y or self.text_styles is None:
            return Strip.blank(width, background)
        heading = pane_heading("Preview", self.text_styles, has_focus=self.is_active)
        name = (display_text(self.note_name), self.text_styles.text)
        return fit_row(width, [heading, Segment("  ")], name).apply_style(background)


class PreviewPane(Vertical):
    """Title and lines of the preview."""

    text_styles: var[TextStyles | None] = var(None)

    def __init__(self, notes: PreviewNotes, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view = PreviewView(notes)
        """The lines, which can have the focus."""
        self._title = PreviewTitle()

    @override
    def compose(self) -> ComposeResult:
        yield self._title.data_bind(PreviewPane.text_styles)
        yield self.view.data_bind(PreviewPane.text_styles)

    def show(self, target: PreviewTarget | None) -> None:
        """Show `target`."""
        self._title.note_name = target.note.name if target is not None else ""
        self.view.show(target)

    def on_descendant_focus(self) -> None:
        """Show that the pane has the focus."""
        self._title.is_active = True

    def on_descendant_blur(self) -> None:
        """Show that the pane has no focus."""
        self._title.is_active = False
