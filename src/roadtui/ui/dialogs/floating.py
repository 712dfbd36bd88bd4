"""The base of the dialogs that float beside a row, on a ground of their own, and move nothing."""

from __future__ import annotations

from typing import Generic

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region, Size
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.ui.dialogs.anchor import DialogAnchor
from roadtui.ui.dialogs.base import Answer, InlineDialog
from roadtui.ui.dialogs.placement import place
from roadtui.ui.render import wrapped
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import FOOTER_LINES
from roadtui.ui.widgets.menu_list import MENU_INDENT

_BORDER = 1
_WRAPPED_CELLS = 44
"""The width of a title of several lines."""
_BLANKS = 2
"""Blank lines where there is space: below the title, and below the content."""


class FloatingDialog(InlineDialog[Answer], Generic[Answer], inherit_bindings=False):
    """Asks one thing beside its row. Where there is little space, it has no blank lines, and may scroll."""

    DEFAULT_CSS = """
    FloatingDialog {
        #dialog { border-left: outer $primary; }
        #title { height: auto; background: $panel; color: $text-muted; padding: 0 2 0 3; }
        #dialog.-spacious #title { margin: 0 0 1 0; }
        #dialog.-spacious { padding: 0 0 1 0; }
    }
    """
    LINES_OF_TITLE = 1
    """So many lines a long title may have."""
    CELLS_OF_TITLE = 44
    """A title that fits into so many cells is not wrapped."""

    def __init__(self, title: str, anchor: DialogAnchor, text_styles: TextStyles) -> None:
        """`title`: what is asked."""
        super().__init__(anchor, text_styles)
        self._title = display_text(title)

    def content(self) -> ComposeResult:
        """What stands below the title."""
        raise NotImplementedError

    @property
    def size_wanted(self) -> Size:
        """Cells and lines in which the whole content is shown."""
        raise NotImplementedError

    @override
    def rows(self) -> ComposeResult:
        yield Static("", id="title")
        yield from self.content()

    @override
    def place(self) -> None:
        if not self.is_attached:
            return  # The program ends, and the content is gone.
        screen = self.app.size
        area = Region(0, 0, screen.width, max(2, screen.height - FOOTER_LINES))
        cells, lines = self.size_wanted
        around = _BORDER + MENU_INDENT + 2
        most = min(self.CELLS_OF_TITLE, area.width - around)
        title = self._wrapped(most if cell_len(self._title) <= most else min(most, _WRAPPED_CELLS))
        width = min(area.width, max(cells + _BORDER, max(map(cell_len, title)) + around))
        title = self._wrapped(width - around)
        least = len(title) + lines
        sizes = [Size(width, least + _BLANKS), Size(width, least)]
        region = place(sizes, self._anchor.beside(area))
        self.query_one("#title", Static).update(Content("\n".join(title)))
        box = self.query_one("#dialog")
        box.set_class(region.height >= sizes[0].height, "-spacious")
        box.styles.offset = region.offset
        box.styles.width, box.styles.height = region.size

    def _wrapped(self, cells: int) -> list[str]:
        return wrapped(self._title, max(8, cells), self.LINES_OF_TITLE)

    def on_resize(self) -> None:
        """Stand beside the row again, once the screen below has been laid out."""
        self.call_after_refresh(self.place)
