"""The base of the programs in a terminal: what is typed takes effect in its order, whatever it opens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from textual import events, on
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.dom import DOMNode, NoScreen
from textual.message import Message
from textual.screen import Screen
from typing_extensions import override

from roadtui.ui.terminal.terminal_app import Result, TerminalApp
from roadtui.ui.terminal.typed_input import TypedInput, unhandled

_LOST_AFTER = 0.03
"""Seconds until a key counts as handled if what it was sent to has been closed meanwhile."""


class InputHandled(Message):
    """The input before has been handled: this follows it, from the widget with the focus up to the app."""


class OrderedInputApp(TerminalApp[Result], inherit_bindings=False):
    """An app in which a key is sent to what has the focus when all keys before it have been handled.

    Textual sends a key to the widget that has the focus as it arrives, where it waits in one queue after the
    other until somebody handles it. If an earlier one opens or closes a screen meanwhile, it is at the wrong
    place, or behind later ones. So one key, or one pasted text, is on its way at a time; others wait here.
    """

    def __init__(self) -> None:
        """Make the app."""
        super().__init__()
        self._numbers = WeakKeyDictionary[TypedInput, int]()
        """The order in which the input arrived; what is handled again keeps its number."""
        self._arrived = 0
        self._waiting: list[tuple[int, TypedInput]] = []
        """In the order of the numbers."""
        self._target: DOMNode | None = None
        """What the input that is being handled was sent to; None if there is none."""
        self._follower = InputHandled()
        """Follows that input."""
        self._is_watched = False
        """Whether `_watch` is called for it."""
        self._sent = 0
        """The number of that input, or of the one before."""
        self._is_held = False

    def takes_key(self) -> bool:
        """Whether a key can be handled now; it is dropped otherwise."""
        return True

    async def on_ready(self) -> None:
        """Handle what was typed before the first layout."""
        await self.release_input()

    def hold_input(self) -> None:
        """Have what is typed wait, until `release_input`."""
        self._is_held = True

    async def release_input(self) -> None:
        """Handle what waits, and what is typed from now on."""
        self._is_held = False
        await self._send_next()

    def handle_again(self, inputs: Iterable[TypedInput]) -> None:
        """See the function `handle_again`."""
        for event in inputs:
            self._add(unhandled(event), self._numbers.get(event, self._sent))
        self.call_later(self._send_next)

    def _add(self, event: TypedInput, number: int) -> None:
        self._numbers[event] = number
        self._waiting.append((number, event))
        self._waiting.sort(key=lambda one: one[0])

    @override
    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, TypedInput) and not event.is_forwarded:
            self._arrived += 1
            self._add(event, self._arrived)
            await self._send_next()
        else:
            await super().on_event(event)

    async def _send_next(self) -> None:
        while self._waiting and self._target is None and not self._is_held:
            self._sent, event = self._waiting.pop(0)
            if isinstance(event, events.Key) and not self.takes_key():
                continue
            self._target, self._follower = self.focused or self.screen, InputHandled()
            await super().on_event(event)
            if not self._target.post_message(self._follower):
                self._target = None
        if self._waiting and self._target is not None and not self._is_watched:
            self._is_watched = True
            self.set_timer(_LOST_AFTER, self._watch)

    @on(InputHandled)
    async def _go_on(self, message: InputHandled) -> None:
        if message is self._follower:
            self._target = None
            await self._send_next()

    @override
    def pop_screen(self) -> AwaitComplete:
        popped = super().pop_screen()
        self.call_later(self._watch)
        return popped

    async def _watch(self) -> None:
        """Go on if what the input was sent to has been closed, and would not pass on what follows it."""
        self._is_watched = False
        if self._target is not None and not _is_open(self._target, self.screen_stack):
            self._target = None
        await self._send_next()


def _is_open(node: DOMNode, screens: Sequence[Screen[Any]]) -> bool:
    """Whether `node` is on one of the `screens`."""
    try:
        return node.is_attached and node.screen in screens
    except NoScreen:
        return False


def handle_again(app: App[Any], inputs: Iterable[TypedInput]) -> None:
    """Have `app` handle `inputs`, which were sent to a widget that had no use for them, before later ones."""
    assert isinstance(app, OrderedInputApp), "every program of ours is one"
    app.handle_again(inputs)
