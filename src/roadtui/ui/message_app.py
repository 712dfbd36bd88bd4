"""The base of the program: its messages are shown in the line above the keys, not in boxes."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.content import Content
from textual.notifications import SeverityLevel
from textual.signal import Signal
from textual.timer import Timer
from typing_extensions import override

from roadtui.clock import Clock
from roadtui.core.terminal_text import display_text
from roadtui.ui.notifications import MessageKind, MessageLog, ShownMessage
from roadtui.ui.terminal.ordered_input_app import OrderedInputApp
from roadtui.ui.terminal.terminal_app import Result

_INPUT = (events.Key, events.Paste, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)
"""What only somebody does who is there."""
_LEAST_SECONDS = 0.1
"""Textual's timers never end if they are asked for no time, or less."""


def _do_nothing() -> None:
    pass


class MessageApp(OrderedInputApp[Result], inherit_bindings=False):
    """An app that shows one message at a time: the latest, counted where it came more than once."""

    def __init__(self, clock: Clock) -> None:
        """Show nothing yet; `clock` says when a message goes."""
        super().__init__()
        self.message_log = MessageLog(clock, self._show_message)
        """What is shown, and what was."""
        self.message_changed: Signal[ShownMessage | None] = Signal(self, "message changed")
        self.on_input: Callable[[], None] = _do_nothing
        """Called with each key and click, before they are handled."""
        self._expiry: Timer | None = None

    def _show_message(self) -> None:
        if self._expiry is not None:
            self._expiry.stop()
            self._expiry = None
        if not self.is_running:
            return
        self.message_changed.publish(self.message_log.shown)
        left = self.message_log.seconds_left
        if left is not None:
            self._expiry = self.set_timer(max(_LEAST_SECONDS, left), self._drop_expired)

    def _drop_expired(self) -> None:
        self.message_log.drop_expired()
        left = self.message_log.seconds_left
        if left is not None:  # The clock of the messages is behind that of the timers.
            self._expiry = self.set_timer(max(_LEAST_SECONDS, left), self._drop_expired)

    @override
    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a message in the line above the keys: Textual's own, and those of widgets."""
        text = Content.from_markup(message).plain if markup else message
        text = f"{title}: {text}" if title else text
        self.message_log.add(display_text(text), MessageKind(severity), timeout)

    @override
    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.message_log.key_pressed()
        if isinstance(event, _INPUT) and not event.is_forwarded:
            self.on_input()
        await super().on_event(event)
