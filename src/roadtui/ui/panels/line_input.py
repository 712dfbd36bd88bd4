"""One line to type in. What it holds is shown harmless, character by character, and kept as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.widgets import Input

from roadtui.core.display import safe
from roadtui.ui.command_table import Scope, bindings_in


class Harmless(Highlighter):
    """Shows stand-ins for what would act on the terminal; each takes the place of one character."""

    def __call__(self, text: str | Text) -> Text:
        """See `rich.highlighter.Highlighter`."""
        plain = text if isinstance(text, str) else text.plain
        return Text(safe(plain), no_wrap=True, overflow="ignore", end="")

    def highlight(self, text: Text) -> None:
        """See `rich.highlighter.Highlighter`."""


class LineInput(Input):
    """A line on the ground of its panel. Several lines pasted at once go to who asks."""

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
            value: What is in it.
            placeholder: What is shown while nothing is.
            selects: Whether what is in it is replaced by what is typed.
            holds: Whether enter keeps back the keys behind it until `release`.
        """
        super().__init__(value, placeholder, highlighter=Harmless(), select_on_focus=selects, compact=True)
        self.cursor_blink = False
        self._holds = holds
        self._held: list[events.Key] | None = None

    @property
    def is_held(self) -> bool:
        """Whether keys are kept back."""
        return self._held is not None

    def hold(self) -> None:
        """Keep keys back, but for escape, until `release`."""
        if self._held is None:
            self._held = []

    def release(self) -> list[events.Key]:
        """Take keys again; gives those that were kept back."""
        held, self._held = self._held or [], None
        return held

    def on_key(self, event: events.Key) -> None:
        """Keep keys back where they are not for this line.

        Enter ends the line here: handled as a binding it would come after keys that were pressed behind it.
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
        """Take one line; hand on several."""
        event.stop()
        event.prevent_default()
        lines = [line for line in event.text.splitlines() if line.strip()]
        if len(lines) > 1:
            self.post_message(self.LinesPasted(event.text))
        elif lines:
            self.replace(lines[0], *self.selection)

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        before = cell_len(self.value[: self.cursor_position])
        self.scroll_to_region(Region(before, 0, 1, 1), force=True, animate=False)

    def typed(self, text: str) -> None:
        """Take what was typed elsewhere."""
        self.replace(text, *self.selection)
