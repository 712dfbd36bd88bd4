"""The page of the insights, scrolled from card to card, and the line above it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive, var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.session.reports.metrics import TimeSpan
from roadtui.session.reports.report_scope import ScopeLevel
from roadtui.ui.charts.layout import RenderedPage
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.refusal import ExplainsRefusals, scroll_refusal
from roadtui.ui.render import fit_row
from roadtui.ui.styles import TextStyles


class InsightsView(ExplainsRefusals, ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a page. Keys scroll to the next row of cards or the next table, the wheel by lines."""

    DEFAULT_CSS = """
    InsightsView {
        background: $background; overflow-x: hidden; overflow-y: auto;
        scrollbar-size-vertical: 0;
    }
    """

    HELP_SCOPE: ClassVar[Scope] = Scope.INSIGHTS_PAGE

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.INSIGHTS_PAGE)]

    page: var[RenderedPage | None] = var(None, always_update=True)

    def watch_page(self) -> None:
        """Redraw."""
        self.virtual_size = Size(0, len(self.page.strips) if self.page is not None else 0)
        self.refresh()
        self.screen.refresh_bindings()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Show in the footer which keys scroll on from here."""
        super().watch_scroll_y(old_value, new_value)
        self.screen.refresh_bindings()

    @property
    def is_longer(self) -> bool:
        """Whether a part of the page is not visible."""
        return self.page is not None and len(self.page.strips) > self.size.height

    def step(self, steps: int) -> None:
        """Scroll to the next card or table, or by a screen where that is further away."""
        if self.page is None:
            return
        top = self.scroll_offset.y
        beyond = [stop for stop in self.page.stops if (stop > top if steps > 0 else stop < top)]
        target = (min(beyond) if steps > 0 else max(beyond)) if beyond else top + steps
        reach = self.scrollable_content_region.height
        if abs(target - top) > reach + 1:  # One more for the gap above the next card.
            target = top + steps * max(1, reach - 1)
        self.scroll_to(y=target, animate=False)

    @override
    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        if action == "page":
            return scroll_refusal(self, down=int(str(parameters[0])) > 0)
        if action in ("go_to_top", "go_to_end"):
            return scroll_refusal(self, down=action == "go_to_end")
        return super().refusal(action, parameters)

    def action_go_to_top(self) -> None:
        """Go to the first row."""
        self.scroll_home(animate=False)

    def action_go_to_end(self) -> None:
        """Go to the last row."""
        self.scroll_end(animate=False)

    def action_page(self, pages: int) -> None:
        """Go by the height of the screen."""
        height = self.scrollable_content_region.height
        self.scroll_to(y=self.scroll_offset.y + pages * max(1, height - 1), animate=False)

    @override
    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        background = self.visual_style.rich_style
        at = y + self.scroll_offset.y
        strips = self.page.strips if self.page is not None else ()
        strip = strips[at] if 0 <= at < len(strips) else Strip.blank(width, background)
        return strip.adjust_cell_length(width, background)


_SHORT_SPANS = {
    TimeSpan.MONTH: "1",
    TimeSpan.QUARTER: "3",
    TimeSpan.HALF: "6 months",
    TimeSpan.YEAR: "year",
    TimeSpan.ALL: "all",
}


_CHOSEN = Style(bold=True, underline=True)


class InsightsBar(Widget):
    """Title, scopes and spans in one line; on a narrow screen only the chosen ones, else these underlined."""

    DEFAULT_CSS = """
    InsightsBar { dock: top; height: 2; background: $background; padding: 0 2; }
    """

    @dataclass
    class Chosen(Message):
        """The user clicked on a scope or on a span."""

        choice: ScopeLevel | TimeSpan

    text_styles: reactive[TextStyles | None] = reactive(None)
    title: reactive[str] = reactive("")
    scope: reactive[ScopeLevel] = reactive(ScopeLevel.NOTE)
    span: reactive[TimeSpan] = reactive(TimeSpan.HALF)

    def __init__(self) -> None:
        super().__init__()
        self._choices: list[tuple[int, int, ScopeLevel | TimeSpan]] = []

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        background = self.visual_style.rich_style
        if y or self.text_styles is None:
            return Strip.blank(width, background)
        start = [
            Segment("Insights", self.text_styles.accent + self.text_styles.strong.without_color),
            Segment("  "),
        ]
        end = self._end(width, self.text_styles)
        return fit_row(width, start, (display_text(self.title), self.text_styles.text), end).apply_style(
            background
        )

    def _end(self, width: int, text_styles: TextStyles) -> list[Segment]:
        """The choices at the right edge; stores their positions for clicks."""
        self._choices = []
        if width < 74:
            return [Segment(f"{self.scope.value} · {self.span.label}", text_styles.dim)]
        pieces: list[tuple[Segment, ScopeLevel | TimeSpan | None]] = []
        for scope in ScopeLevel:
            pieces += [
                (self._piece(scope.value, scope is self.scope, text_styles), scope),
                (Segment("  "), None),
            ]
        pieces.append((Segment("   "), None))
        for span in TimeSpan:
            text = _SHORT_SPANS[span]
            pieces += [(self._piece(text, span is self.span, text_styles), span), (Segment("  "), None)]
        pieces.pop()
        at = width - sum(cell_len(segment.text) for segment, _ in pieces)
        for segment, choice in pieces:
            if choice is not None:
                self._choices.append((at, at + cell_len(segment.text), choice))
            at += cell_len(segment.text)
        return [segment for segment, _ in pieces]

    @staticmethod
    def _piece(text: str, chosen: bool, text_styles: TextStyles) -> Segment:
        return Segment(text, text_styles.accent + _CHOSEN if chosen else text_styles.dim)

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the pointer."""
        at = event.get_content_offset(self)
        for start, end, choice in self._choices:
            if at is not None and not at.y and start <= at.x < end:
                self.post_message(self.Chosen(choice))
