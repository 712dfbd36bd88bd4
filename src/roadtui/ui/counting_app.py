"""The base of the program: equal messages are counted, instead of shown one below the other."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.notifications import SeverityLevel
from typing_extensions import override

from roadtui.ui.notifications import ShownMessage, ShownMessages
from roadtui.ui.terminal.terminal_app import Result, TerminalApp

_LEAST_SECONDS = 0.25
"""A message that ends sooner is not shown (again)."""


class CountingApp(TerminalApp[Result], inherit_bindings=False):
    """An app that shows a message once, with the number of times that it came while it is on the screen."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Show nothing yet; `monotonic` gives the time, in seconds."""
        super().__init__()
        self._monotonic = monotonic
        self._messages = ShownMessages()

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
        """Show a message; one that is on the screen already gets a count instead."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        now = self._monotonic()
        new = ShownMessage(message, title, severity, markup, now + seconds)
        shown = self._messages.add(new, now)
        if shown is not None:
            self.clear_notifications()
        for one in shown or [new]:
            super().notify(
                one.counted_text,
                title=one.title,
                severity=one.severity,
                timeout=one.until - now,
                markup=one.markup,
            )

    @override
    def _refresh_notifications(self) -> None:
        # Textual 8.2 starts a timer with a negative time, which never ends and blocks the event loop, where a
        # message ends at the very moment in which it is put on another screen.
        for ending in [each for each in self._notifications if each.time_left < _LEAST_SECONDS]:
            del self._notifications[ending]
        super()._refresh_notifications()

    def on_click(self, event: events.Click) -> None:
        """Drop a message that the click dismisses, so that a repeated one does not bring it back."""
        if event.widget is not None and event.widget.css_identifier == "Toast":
            self._messages.dismiss(str(event.widget.render()))
