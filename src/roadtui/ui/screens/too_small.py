"""The message in a terminal that is too small for the program."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from typing_extensions import override

from roadtui.ui.command_table import Scope, bindings_in


class TooSmallScreen(ModalScreen[None]):
    """A sentence over everything. Modal, so that no key changes a note unseen."""

    DEFAULT_CSS = """
    TooSmallScreen { background: $background; color: $foreground; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.TOO_SMALL)]

    def __init__(self, columns: int, rows: int) -> None:
        """`columns`, `rows`: the size that is needed, in cells."""
        super().__init__()
        self._needed = f"{columns}×{rows}"

    @override
    def compose(self) -> ComposeResult:
        yield Static()

    def on_resize(self) -> None:
        """Show the current size."""
        width, height = self.app.size
        self.query_one(Static).update(Content(f"Too small: {width}×{height}. roadtui needs {self._needed}."))
