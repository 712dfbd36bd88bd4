"""The last messages, to be read again, whole and with the time at which they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.strip import Strip
from typing_extensions import override

from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.dialogs.anchor import DialogAnchor
from roadtui.ui.dialogs.floating import FloatingDialog
from roadtui.ui.notifications import ShownMessage
from roadtui.ui.render import wrapped
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.menu_list import MENU_INDENT
from roadtui.ui.widgets.message_line import message_sign

_CELLS = 76
_BEFORE = MENU_INDENT + len("12:04 ") + 2
"""Cells before the text: the time and the sign."""
_MOST_LINES = 8
"""The most lines of one message."""


class MessageList(LineList, inherit_bindings=False):
    """Messages, the latest first, each in as many lines as it needs."""

    DEFAULT_CSS = (
        "MessageList { background: $panel; height: 1fr; overflow-y: auto; scrollbar-background: $panel; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.LIST)]

    def __init__(self, messages: Sequence[ShownMessage]) -> None:
        super().__init__()
        self._messages = messages
        self._lines: list[tuple[ShownMessage, str, bool]] = []
        """Each line, and whether it is the first of its message."""

    def wrap(self, width: int) -> int:
        """Wrap the messages to `width` cells; returns the number of lines."""
        self._lines = [
            (message, line, not at)
            for message in reversed(self._messages)
            for at, line in enumerate(wrapped(message.counted_text, max(8, width - _BEFORE - 2), _MOST_LINES))
        ]
        self.rows_changed()
        return len(self._lines)

    @property
    def cells(self) -> int:
        """Cells in which no message is wrapped."""
        return max(_BEFORE + cell_len(message.counted_text) + 2 for message in self._messages)

    @override
    def row_count(self) -> int:
        return len(self._lines)

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        message, line, is_first = self._lines[row]
        if not is_first:
            return Strip([Segment(" " * _BEFORE), Segment(line, text_styles.text)])
        sign, style = message_sign(message.kind, text_styles)
        return Strip(
            [
                Segment(f"{' ' * MENU_INDENT}{message.at} ", text_styles.dim),
                Segment(f"{sign:2}", style),
                Segment(line, text_styles.text),
            ]
        )


class MessageListDialog(FloatingDialog[None], inherit_bindings=False):
    """Lists messages until it is closed."""

    AUTO_FOCUS = "MessageList"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG)]

    def __init__(
        self, messages: Sequence[ShownMessage], anchor: DialogAnchor, text_styles: TextStyles
    ) -> None:
        """`messages`: the oldest first."""
        super().__init__("The last messages", anchor, text_styles)
        self._list = MessageList(messages)
        self._list.text_styles = text_styles

    @override
    def content(self) -> ComposeResult:
        yield self._list

    @property
    @override
    def size_wanted(self) -> Size:
        width = min(_CELLS, self._list.cells, self.app.size.width - 1)
        return Size(width, self._list.wrap(width))
