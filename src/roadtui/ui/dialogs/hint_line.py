"""The line below an input: a remark on the text so far, or why it was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual.content import Content
from textual.widgets import Static

from roadtui.core.terminal_text import display_text
from roadtui.ui.render import wrapped

_MOST_LINES = 3
"""The most lines of a refusal in a narrow pane."""


class InputHint(NamedTuple):
    """A remark on the text so far."""

    text: str
    is_wrong: bool = False
    """Whether the text cannot be submitted."""


class HintLine(Static):
    """Shows a hint in one line; a refusal in as many as it needs, as an error."""

    DEFAULT_CSS = """
    HintLine {
        height: 1fr; color: $text-muted; background: $panel;
        &.-wrong { color: $text-error; }
    }
    """

    def __init__(self, text: str, resized: Callable[[], None], id: str) -> None:
        """`text` is shown first. `resized`: called when another number of lines is needed."""
        super().__init__("", id=id)
        self._text = text
        self._resized = resized
        self._width = 0
        self.is_refusal = False
        """Whether it shows why the text was refused."""
        self.lines = 1
        """How many lines the text needs."""

    def lay_out(self, indent: int, width: int) -> None:
        """Show the text behind `indent` cells of `width`, with one free at its end."""
        self.styles.padding = (0, 1, 0, indent)
        self._width = max(8, width - indent - 1)
        self._draw()

    def show(self, text: str) -> None:
        """Show a hint, also if it says that the text is wrong: it is still being typed."""
        self._text, self.is_refusal = text, False
        self._draw()

    def show_refusal(self, reason: str) -> None:
        """Show why the text was refused."""
        self._text, self.is_refusal = reason, True
        self._draw()

    def _draw(self) -> None:
        self.set_class(self.is_refusal, "-wrong")
        lines = wrapped(display_text(self._text), self._width, _MOST_LINES if self.is_refusal else 1)
        self.update(Content("\n".join(lines)))
        if len(lines) != self.lines:
            self.lines = len(lines)
            self._resized()
