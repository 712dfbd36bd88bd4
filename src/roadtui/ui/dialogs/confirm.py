"""One question in plain words: yes or no."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static
from typing_extensions import override

from roadtui.core.terminal_text import display_text
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.dialogs.anchor import DialogAnchor
from roadtui.ui.dialogs.base import InlineDialog
from roadtui.ui.render import wrapped
from roadtui.ui.styles import TextStyles

_MOST_LINES = 3


class ConfirmDialog(InlineDialog[bool], inherit_bindings=False):
    """Dismissed with True for yes, and None for no."""

    DEFAULT_CSS = """
    ConfirmDialog {
        #question { height: auto; background: $panel; color: $foreground; text-style: bold; }
        #keys { height: 1; background: $panel; color: $text-muted; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.CONFIRM, Scope.DIALOG)]

    def __init__(
        self, question: str, yes: str, no: str, anchor: DialogAnchor, text_styles: TextStyles
    ) -> None:
        """`yes` and `no`: what either does, in a word or two."""
        super().__init__(anchor, text_styles)
        self._question = display_text(question)
        self._keys = Text.assemble(
            ("y", text_styles.accent), f" {yes}   ", ("n", text_styles.accent), f" {no}"
        )

    @override
    def rows(self) -> ComposeResult:
        yield Static("", id="question")
        yield Static(self._keys, id="keys")

    @override
    def lines(self, width: int) -> int:
        return 1 + len(self._wrapped(width))

    def _wrapped(self, width: int) -> list[str]:
        return wrapped(self._question, max(8, width - self._anchor.indent - 1), _MOST_LINES)

    @override
    def set_indent(self, cells: int) -> None:
        question = self.query_one("#question", Static)
        question.update(Content("\n".join(self._wrapped(self._anchor.width))))
        for row in (question, self.query_one("#keys")):
            row.styles.padding = (0, 1, 0, cells)

    def action_say_yes(self) -> None:
        """Answer yes."""
        self.answer(True)
