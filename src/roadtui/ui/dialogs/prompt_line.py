"""The line of a prompt: after enter, it keeps what is typed until the answer is saved."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.dom import DOMNode
from textual.message import Message
from typing_extensions import override

from roadtui.ui.terminal.typed_input import TypedInput, stop
from roadtui.ui.widgets.line_input import LineInput, lines_with_text


class PromptLine(LineInput):
    """A line of input that is held from enter on."""

    @dataclass
    class LinesPasted(Message):
        """Several lines were pasted into the empty line, and are not in it."""

        text: str

    def __init__(self, value: str, placeholder: str, *, selects: bool, takes_lines: bool) -> None:
        """Make the line.

        Args:
            value: The text at first.
            placeholder: Shown while there is no text.
            selects: Whether typing replaces `value`.
            takes_lines: Whether several pasted lines are posted; they are joined otherwise.
        """
        super().__init__(value, placeholder, selects=selects)
        self._takes_lines = takes_lines
        self._held: list[TypedInput] | None = None

    @property
    def is_held(self) -> bool:
        """Whether what is typed is kept."""
        return self._held is not None

    def hold(self) -> None:
        """Keep what is typed, except escape, until `release`."""
        if self._held is None:
            self._held = []

    def release(self) -> list[TypedInput]:
        """Take text again; gives what was kept."""
        held, self._held = self._held or [], None
        return held

    @override
    def runs_at_once(self, node: DOMNode) -> bool:
        return node is self or node is self.screen

    @override
    async def on_key(self, event: events.Key) -> None:
        if self._held is not None and event.key != "escape":
            stop(event)
            self._held.append(event)
        else:
            await super().on_key(event)

    @override
    async def on_paste(self, event: events.Paste) -> None:
        if self._held is not None:
            stop(event)
            self._held.append(event)
        else:
            await super().on_paste(event)

    @override
    async def action_submit(self) -> None:
        if self._held is not None:
            self._held.append(events.Key("enter", None))
        else:
            self.hold()
            self.post_message(self.Submitted(self, self.value))

    @override
    def paste(self, text: str) -> None:
        if self._takes_lines and not self.value.strip() and len(lines_with_text(text)) > 1:
            self.post_message(self.LinesPasted(text))
        else:
            super().paste(text)
