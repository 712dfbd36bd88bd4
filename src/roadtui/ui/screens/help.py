"""The help: the keys of the pane that one is in, in columns by intent, filtered as one types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Input, Static
from typing_extensions import override

from roadtui.ui.command_table import Scope, bindings_in, bindings_of
from roadtui.ui.help_page import HelpPart, PaneHelp, in_columns, matching
from roadtui.ui.refusal import ExplainsRefusals, scroll_refusal
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.footer import KeyFooter
from roadtui.ui.widgets.line_input import LineInput, SafeInput

_CLOSES = "? or esc closes"
_MOST_CELLS = 124
_BESIDE = 7
"""Cells of the box beside those of the page: its edges, and a scrollbar."""
_ROOMY_COLUMNS, _ROOMY_ROWS = 80, 24
"""From these on there is a sentence on the pane, and space around the page."""
_AROUND = 6
"""Lines of the box besides those of the page: two of its edge, the title, the filter, and one below each."""


class HelpView(ScrollView, can_focus=False):
    """The page, scrolled where it does not fit."""

    DEFAULT_CSS = """
    HelpView {
        height: 1fr; background: $panel; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        scrollbar-color: $scrollbar; scrollbar-background: $panel;
    }
    """

    def __init__(self, parts: Sequence[HelpPart], text_styles: TextStyles) -> None:
        super().__init__()
        self._parts = parts
        self._text_styles = text_styles
        self._lines: list[Strip] = []

    def show(self, parts: Sequence[HelpPart]) -> None:
        """Show these parts, from the top."""
        self._parts = parts
        self.scroll_to(y=0, animate=False, immediate=True)
        self._lay_out()

    def on_resize(self) -> None:
        """Lay out anew: another number of columns may fit."""
        self._lay_out()

    @property
    def is_longer(self) -> bool:
        """Whether a part of the page is not visible."""
        return len(self._lines) > self.size.height

    def _lay_out(self) -> None:
        found = in_columns(self._parts, self.size.width, self.size.height, self._text_styles)
        self._lines = [Strip(line) for line in found]
        self.virtual_size = Size(0, len(self._lines))
        self.screen.refresh_bindings()
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        background = self.visual_style.rich_style
        number = y + self.scroll_offset.y
        if number >= len(self._lines):
            return Strip.blank(width, background)
        return self._lines[number].adjust_cell_length(width).apply_style(background)


class HelpFilter(LineInput, inherit_bindings=False):
    """The line for a filter. It leaves the keys that close the help to its screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*SafeInput.BINDINGS]

    @override
    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        return key != "question_mark" and super().check_consume_key(key, character)


class HelpScreen(ExplainsRefusals, ModalScreen[None], inherit_bindings=False):
    """Keys of one pane. Dismissed with None."""

    AUTO_FOCUS = "LineInput"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_ROOMY_COLUMNS, "-medium")]  # noqa: RUF012 (an instance variable to Textual)
    VERTICAL_BREAKPOINTS = [(0, "-short"), (_ROOMY_ROWS, "-tall")]  # noqa: RUF012
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: transparent;
        #help { background: $panel; padding: 1 2 1 4; max-width: 100%; max-height: 100%; }
        #title { height: 1; }
        #name { width: 1fr; background: $panel; }
        #closes { width: auto; color: $text-muted; background: $panel; }
        #about { height: 1; color: $text-muted; background: $panel; }
        #line { height: 1; margin: 1 0; }
        #sign { width: 2; color: $primary; background: $panel; }
        &.-narrow #help { padding: 0 1 0 2; }
        &.-narrow #about, &.-short #about { display: none; }
        &.-short #help { padding: 0 1 0 2; }
        &.-short #line { margin: 0 0 1 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.HELP), *bindings_of(("help",))]

    def __init__(self, pane: PaneHelp, parts: Sequence[HelpPart], text_styles: TextStyles) -> None:
        """Make the screen.

        Args:
            pane: The pane whose keys are shown.
            parts: All of them.
            text_styles: The text styles of the theme.
        """
        super().__init__()
        self._pane = pane
        self._parts = parts
        self._text_styles = text_styles
        self._view = HelpView(parts, text_styles)
        self._box = Vertical(id="help")
        self._footer = KeyFooter()
        self._footer.text_styles = text_styles

    @override
    def compose(self) -> ComposeResult:
        self._fit(self._box, self.app.size)  # Before it is laid out, which would have to be done again.
        with self._box:
            with Horizontal(id="title"):
                yield Static(Content.from_markup("[b]Keys[/b]  of $name", name=self._pane.name), id="name")
                yield Static(_CLOSES, id="closes")
            if self._pane.sentence:
                yield Static(Content(self._pane.sentence), id="about")
            with Horizontal(id="line"):
                yield Static("/", id="sign")
                yield HelpFilter("", "type to filter", selects=False)
            yield self._view
        yield self._footer

    def on_resize(self, event: events.Resize) -> None:
        """Take as much of the screen as the page needs now."""
        self._fit(self._box, event.size)

    def _fit(self, box: Vertical, size: Size) -> None:
        """Give `box` the size that the page needs, on a screen of this `size`."""
        is_wide = size.width >= _ROOMY_COLUMNS
        about = 1 if self._pane.sentence and is_wide and size.height >= _ROOMY_ROWS else 0
        width = min(size.width - (2 if size.width > _ROOMY_COLUMNS else 0), _MOST_CELLS)
        around = _AROUND + about
        page = in_columns(self._parts, width - _BESIDE, size.height - 1 - around, self._text_styles)
        used = sum(cell_len(part.text) for part in page[0]) + _BESIDE if page else 0
        least = max(used, cell_len(self._pane.sentence) + _BESIDE if about else 0, 44)
        box.styles.width = min(width, least) if is_wide else "100%"
        box.styles.height = min(size.height - 1, len(page) + around)

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        found = matching(self._parts, message.value)
        self._view.show(found)
        self.query_one("#closes", Static).update(Content(_CLOSES if found else "nothing found"))

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if not action.startswith("scroll_"):
            return super().refusal(action, parameters)
        if not self._view.is_longer:
            return "All keys are on the screen."
        return scroll_refusal(self._view, down=int(str(parameters[0])) > 0)

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll the page."""
        self._view.scroll_relative(y=rows, animate=False)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll the page by its height."""
        self._view.scroll_relative(y=pages * max(1, self._view.size.height - 1), animate=False)

    def action_open_help(self) -> None:
        """Close it: the key that opened it was pressed again."""
        self.action_close()

    @on(Input.Submitted)
    def action_close(self) -> None:
        """Close it."""
        if self.app.screen is self:
            self.dismiss()

    def on_click(self, event: events.Click) -> None:
        """Close it by a click beside it."""
        shown = (self._box, self._footer)
        if not any(each.region.contains_point(event.screen_offset) for each in shown):
            self.action_close()
