"""The base of the programs in a terminal: what is typed takes effect in its order, whatever it opens."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from textual import events
from textual.dom import DOMNode
from typing_extensions import override

from roadtui.ui.terminal.terminal_app import Result, TerminalApp
from roadtui.ui.terminal.typed_input import HeldInput, TypedInput, handle_first, unhandled


class OrderedInputApp(TerminalApp[Result], inherit_bindings=False):
    """An app in which each key and each pasted text is for what has the focus once all before are handled."""

    def __init__(self) -> None:
        """Make the app."""
        super().__init__()
        self.held_input = HeldInput()
        """Keeps what is typed and cannot be handled yet."""
        self._targets = WeakKeyDictionary[TypedInput, DOMNode]()
        """The widget or the screen that each was sent to."""

    def takes_key(self) -> bool:
        """Whether a new key can be handled now; it is dropped otherwise."""
        return True

    async def on_ready(self) -> None:
        """Handle what was typed before the first layout."""
        await self.release_input()

    async def release_input(self) -> None:
        """Handle what was kept, and keep nothing any more."""
        await handle_first(self, self.held_input.release())

    @override
    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, TypedInput):
            if self.held_input.keep(event):
                return
            target = self.focused or self.screen
            if event.is_forwarded and self._targets.get(event) is not target:
                # Nothing had a use for it, and the focus has moved since: it was typed for what has it now.
                event = unhandled(event)
            if not event.is_forwarded:
                if isinstance(event, events.Key) and not self.takes_key():
                    return
                self._targets[event] = target
        await super().on_event(event)
