"""The preview: the rendered note, its keys, its links, and the title above it."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.reactive import reactive, var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.session.preview_notes import PreviewNotes
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.messages import LinkRequested, PreviewClosed
from roadtui.ui.refusal import scroll_refusal
from roadtui.ui.render import fit_row, pane_heading
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.preview.document import LinkPosition
from roadtui.ui.widgets.preview.lines import LinkArea
from roadtui.ui.widgets.preview.view import PreviewLines, PreviewTarget

_CHOSEN = Style(reverse=True)


class PreviewView(PreviewLines, inherit_bindings=False):
    """A note that is scrolled, and whose links are stepped through and followed."""

    HELP_SCOPE: ClassVar[Scope] = Scope.PREVIEW
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.PREVIEW)]

    chosen: reactive[LinkPosition | None] = reactive(None, bindings=True)
    """The link that `enter` follows."""

    @override
    def document_changed(self) -> None:
        self.chosen = None

    @override
    def highlighted(self, strip: Strip, row: int) -> Strip:
        if self.chosen is None or self.document is None or not self.has_focus:
            return strip
        for on_row, area in self.document.rows_of_link(self.chosen):
            if on_row == row:
                strip = _with_chosen(strip, area)
        return strip

    # Keys

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        document, top = self.document, self.scroll_offset.y
        if action.startswith("scroll_"):
            return scroll_refusal(self, down=int(str(parameters[0])) > 0)
        if action in ("go_to_top", "go_to_end"):
            return scroll_refusal(self, down=action == "go_to_end")
        if action in ("choose_link", "follow_link"):
            in_sight = document.links_in(top, top + self.size.height) if document is not None else ()
            chosen = self.chosen if self.chosen in in_sight else None
            if action == "follow_link" and chosen is not None and document is not None:
                return None if document.target(chosen) is not None else "This link leads nowhere."
            step = int(str(parameters[0])) if parameters else 1
            if document is None or (not in_sight and document.next_link(None, top, step) is None):
                return "There is no link here."
            if chosen is not None and document.next_link(chosen, top, step) is None:
                return "There is no other link in this direction."
        return super().refusal(action, parameters)

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by `rows` rows."""
        self.scroll_to_row(self.scroll_offset.y + rows)

    def action_scroll_half(self, pages: int) -> None:
        """Scroll by half the height of the pane."""
        self.scroll_to_row(self.scroll_offset.y + pages * max(1, self.size.height // 2))

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by the height of the pane."""
        self.scroll_to_row(self.scroll_offset.y + pages * max(1, self.size.height - 1))

    def action_go_to_top(self) -> None:
        """Scroll to the first row."""
        self.scroll_to_row(0)

    def action_go_to_end(self) -> None:
        """Scroll to the last row."""
        self.scroll_to_row(self.max_scroll_y)

    def action_close_preview(self) -> None:
        """Close the preview."""
        self.post_message(PreviewClosed())

    def action_choose_link(self, step: int) -> None:
        """Choose the link `step` further on, from the one that is chosen if it is in sight."""
        document = self.document
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
            self.fit_scroll_range()
            self.chosen = found
            rows = [row for row, _ in document.rows_of_link(found)]
            self.reveal(range(rows[0], rows[-1] + 1))

    def action_follow_link(self) -> None:
        """Request the note that the chosen link leads to; choose one where none is in sight."""
        document, top = self.document, self.scroll_offset.y
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
        if at is None or self.document is None:
            return
        link = self.document.link_at(at.y + self.scroll_offset.y, at.x)
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

    text_styles: reactive[TextStyles | None] = reactive(None)
    note_name: reactive[str] = reactive("")
    is_active: reactive[bool] = reactive(False)
    """Whether the pane has the focus."""

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

    def pause(self) -> None:
        """Show nothing new while the pane is closed."""
        self.view.pause()

    def on_descendant_focus(self) -> None:
        """Show that the pane has the focus."""
        self._title.is_active = True

    def on_descendant_blur(self) -> None:
        """Show that the pane has no focus."""
        self._title.is_active = False
