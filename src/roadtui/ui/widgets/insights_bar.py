"""The top line of the insights: what they are about, and how far back they look. A click chooses."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from roadtui.core.display import shown
from roadtui.ui.command_table import COMMANDS_BY_ID
from roadtui.ui.drawing import row
from roadtui.ui.inks import Inks
from roadtui.ui.insights.facts import Span
from roadtui.ui.subject import ScopeLevel

SCOPE_KEYS = {scope: COMMANDS_BY_ID[f"insights_{scope.value}"].key for scope in ScopeLevel}
SPAN_KEYS = {span: COMMANDS_BY_ID[f"insights_{span.name.lower()}"].key for span in Span}
_SHORT_SPANS = {Span.MONTH: "1", Span.QUARTER: "3", Span.HALF: "6 months", Span.YEAR: "year", Span.ALL: "all"}


_CHOSEN = Style(bold=True, underline=True)


class InsightsBar(Widget):
    """One line. What is chosen is underlined; where there is no room, it alone is named."""

    DEFAULT_CSS = """
    InsightsBar { dock: top; height: 2; background: $background; padding: 0 2; }
    """

    @dataclass
    class Chosen(Message):
        """The user clicked on a scope or on a span."""

        choice: ScopeLevel | Span

    inks: var[Inks | None] = var(None)
    title: var[str] = var("")
    scope: var[ScopeLevel] = var(ScopeLevel.NOTE)
    span: var[Span] = var(Span.HALF)

    def __init__(self) -> None:
        super().__init__()
        self._choices: list[tuple[int, int, ScopeLevel | Span]] = []

    def watch_inks(self) -> None:
        """Draw in the new colours."""
        self.refresh()

    def watch_title(self) -> None:
        """Draw what is new."""
        self.refresh()

    def watch_scope(self) -> None:
        """Draw what is new."""
        self.refresh()

    def watch_span(self) -> None:
        """Draw what is new."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """See `textual.widget.Widget.render_line`."""
        width = self.content_size.width
        ground = self.visual_style.rich_style
        if y or self.inks is None:
            return Strip.blank(width, ground)
        start = [Segment("Insights", self.inks.accent + self.inks.strong.without_color), Segment("  ")]
        end = self._end(width, self.inks)
        return row(width, start, (shown(self.title), self.inks.text), end).apply_style(ground)

    def _end(self, width: int, inks: Inks) -> list[Segment]:
        """The choices, at the right edge; remembers where they are."""
        self._choices = []
        if width < 74:
            return [Segment(f"{self.scope.value} · {self.span.words}", inks.dim)]
        pieces: list[tuple[Segment, ScopeLevel | Span | None]] = []
        for scope in ScopeLevel:
            pieces += [(self._piece(scope.value, scope is self.scope, inks), scope), (Segment("  "), None)]
        pieces.append((Segment("   "), None))
        for span in Span:
            words = _SHORT_SPANS[span]
            pieces += [(self._piece(words, span is self.span, inks), span), (Segment("  "), None)]
        pieces.pop()
        at = width - sum(cell_len(segment.text) for segment, _ in pieces)
        for segment, choice in pieces:
            if choice is not None:
                self._choices.append((at, at + cell_len(segment.text), choice))
            at += cell_len(segment.text)
        return [segment for segment, _ in pieces]

    @staticmethod
    def _piece(words: str, chosen: bool, inks: Inks) -> Segment:
        return Segment(words, inks.accent + _CHOSEN if chosen else inks.dim)

    def on_click(self, event: events.Click) -> None:
        """Choose what is under the pointer."""
        at = event.get_content_offset(self)
        for start, end, choice in self._choices:
            if at is not None and not at.y and start <= at.x < end:
                self.post_message(self.Chosen(choice))
