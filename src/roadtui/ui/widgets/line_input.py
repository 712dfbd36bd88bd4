"""The input of the dialogs: one line, safe to display, that can keep back the keys after enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.widgets import Input
from typing_extensions import override

from roadtui.core.terminal_text import ellipsize, escape_terminal
from roadtui.ui.command_table import Scope, bindings_in


class SafeHighlighter(Highlighter):
    """Replaces each character that would act on the terminal by one that is safe to display."""

    @override
    def __call__(self, text: str | Text) -> Text:
        plain = text if isinstance(text, str) else text.plain
        return Text(escape_terminal(plain), no_wrap=True, overflow="ignore", end="")

    @override
    def highlight(self, text: Text) -> None:
        pass


class SafeInput(Input):
    """A line of text that is safe to display, and knows the cell in which it is typed."""

    @property
    @override
    def cursor_screen_offset(self) -> Offset:
        """The cell of the cursor. Textual's is one further at the end of the text."""
        before = cell_len(escape_terminal(self.value[: self.cursor_position]))
        area = self.content_region
        return Offset(area.x + before - self.scroll_offset.x, area.y)


class LineInput(SafeInput):
    """A line of text in a dialog. Several lines that are pasted at once are posted as a message."""

    DEFAULT_CSS = """
    LineInput, LineInput:focus {
        height: 1; width: 1fr; border: none; padding: 0; background: $panel; background-tint: transparent;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.LINE_INPUT)]

    @dataclass
    class LinesPasted(Message):
        """Several lines were pasted; none of them is in the input."""

        text: str

    def __init__(self, value: str, placeholder: str, *, selects: bool, holds: bool = False) -> None:
        """Make the input.

        Args:
            value: The text at first.
            placeholder: Shown while there is no text.
            selects: Whether typing replaces `value`.
            holds: Whether the keys after enter are kept back until `release`.
        """
        super().__init__(
            value, placeholder, highlighter=SafeHighlighter(), select_on_focus=selects, compact=True
        )
        self.cursor_blink = False
        self._whole_placeholder = placeholder
        self._holds = holds
        self._held: list[events.Key] | None = None

    @property
    def is_held(self) -> bool:
        """Whether keys are kept back."""
        return self._held is not None

    def hold(self) -> None:
        """Keep keys back, except escape, until `release`."""
        if self._held is None:
            self._held = []

    def release(self) -> list[events.Key]:
        """Accept keys again; gives those that were kept back."""
        held, self._held = self._held or [], None
        return held

    async def on_key(self, event: events.Key) -> None:
        """Keep back the keys that are not for this line.

        Enter is handled here: as a binding it would be handled after keys that were pressed later.
        """
        if not self._holds or event.key == "escape" or (self._held is None and event.key != "enter"):
            return
        event.stop()
        event.prevent_default()
        if self._held is not None:
            self._held.append(event)
        else:
            self.hold()
            self.post_message(self.Submitted(self, self.value))

    def on_paste(self, event: events.Paste) -> None:
        """Insert one line; post several."""
        event.stop()
        event.prevent_default()
        lines = [line for line in event.text.splitlines() if line.strip()]
        if len(lines) > 1:
            self.post_message(self.LinesPasted(event.text))
        elif lines:
            self.replace(lines[0], *self.selection)

    def on_resize(self) -> None:
        """Show the cursor, and as much of the text before it as there is space for; else the placeholder."""
        self.placeholder = ellipsize(self._whole_placeholder, self.content_size.width, cell_len)
        self.scroll_to(0, force=True, animate=False)
        before = cell_len(self.value[: self.cursor_position])
        self.scroll_to_region(Region(before, 0, 1, 1), force=True, animate=False)

    def typed(self, text: str) -> None:
        """Insert text that was typed before the input had the focus."""
        self.replace(text, *self.selection)
