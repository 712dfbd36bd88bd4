"""What is shown below the line of a filter: what to type, completions, what is wrong, or a summary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.core.query.completion import Completion
from roadtui.core.terminal_text import ellipsize, escape_terminal
from roadtui.ui.render import fit_row, wrapped
from roadtui.ui.styles import TextStyles

SIGN = " / "
"""Before the query."""
_MOST_ERROR_LINES = 3
_TAUGHT = (
    ("is:open", "to do"),
    ("due:<fri", "before Friday"),
    ("#tag", "tagged"),
    ("-word", "not this"),
)
"""Terms that are taught while the line is empty."""


class _Part(NamedTuple):
    """A part of the hint that can be clicked."""

    start: int
    end: int
    number: int


class FilterHint(Widget):
    """One line, or a few for an error: what to type, what can be completed, or what is wrong."""

    DEFAULT_CSS = """
    FilterHint { height: 1; background: $panel; }
    """

    class Clicked(Message):
        """A click."""

        def __init__(self, part: int | None) -> None:
            """`part`: the number of the suggestion that was clicked; None for a click elsewhere."""
            super().__init__()
            self.part = part

    def __init__(self) -> None:
        super().__init__()
        self._draw: Callable[[int], list[Strip]] = lambda width: []
        self._parts: list[_Part] = []

    def _show(self, draw: Callable[[int], list[Strip]], parts: Sequence[_Part] = ()) -> None:
        """Show the lines that `draw` makes for a width."""
        self._draw = draw
        self._parts = list(parts)
        self._fit()
        self.refresh()

    def _fit(self) -> None:
        height = max(1, len(self._draw(self.content_size.width)))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height

    def on_resize(self) -> None:
        """Take as many lines as the new width needs."""
        self._fit()

    @override
    def render_line(self, y: int) -> Strip:
        width = self.content_size.width
        lines = self._draw(width)
        background = self.visual_style.rich_style
        line = lines[y] if y < len(lines) else Strip.blank(width)
        return line.adjust_cell_length(width).apply_style(background)

    def on_click(self, event: events.Click) -> None:
        """Report what was clicked."""
        event.stop()
        part = next((part.number for part in self._parts if part.start <= event.x < part.end), None)
        self.post_message(self.Clicked(part))

    # What can be shown

    def show_summary(self, query: str, count: str, text_styles: TextStyles) -> None:
        """Show the query that is kept, how many match, and the key that drops it."""
        width, after = self.content_size.width, f" · {count} · "
        query = ellipsize(escape_terminal(query), width - len(SIGN) - len(after) - 4, cell_len)
        strip = Strip(
            [
                Segment(SIGN, text_styles.accent),
                Segment(query, text_styles.text),
                Segment(after, text_styles.dim),
                Segment("esc", text_styles.accent),
            ]
        )
        self._show(lambda width: [strip], [_Part(strip.cell_length - 3, strip.cell_length, 0)])

    def show_nothing(self) -> None:
        """Show a blank line."""
        self._show(lambda width: [])

    def show_sentence(self, sentence: str, style: Style) -> None:
        """Show a sentence, in a few lines where it is long."""

        def draw(width: int) -> list[Strip]:
            lines = wrapped(sentence, max(8, width - len(SIGN) - 1), _MOST_ERROR_LINES)
            return [Strip([Segment(" " * len(SIGN)), Segment(line, style)]) for line in lines]

        self._show(draw)

    def show_terms(self, text_styles: TextStyles) -> None:
        """Teach a few terms."""

        def draw(width: int) -> list[Strip]:
            segments = [Segment(" " * len(SIGN))]
            has_help = sum(len(term) + len(help) + 3 for term, help in _TAUGHT) <= width - len(SIGN)
            for term, help in _TAUGHT:
                segments += [Segment(term, text_styles.text)]
                segments += [Segment(f" {help}  " if has_help else "  ", text_styles.dim)]
            return [Strip(segments)]

        self._show(draw)

    def show_completions(self, completions: Sequence[Completion], lit: int, text_styles: TextStyles) -> None:
        """Show as many completions as fit, the one that is next `lit`, and what that finds."""
        width = self.content_size.width
        segments, parts = [Segment(" " * len(SIGN))], []
        at = len(SIGN)
        for number, completion in enumerate(completions):
            text = escape_terminal(completion.text)
            if number and at + cell_len(text) + 2 > width:
                break
            style = text_styles.accent + Style(bold=True) if number == lit else text_styles.dim
            parts.append(_Part(at, at + cell_len(text), number))
            segments += [Segment(text, style), Segment("  ")]
            at += cell_len(text) + 2
        help = [Segment(f"{completions[lit].help} ", text_styles.dim)]
        self._show(lambda width: [fit_row(width, segments, ("", text_styles.dim), help)], parts)
