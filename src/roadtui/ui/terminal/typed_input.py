"""What the user types: keys and pasted texts, which take effect in the order in which they came.

A key goes to the widget with the focus, and up from there until something handles it. What has to wait, as a
screen opens or an answer is being saved, is kept and handled again, before anything that came later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual import events
from textual.app import App

TypedInput = events.Key | events.Paste
"""A key that was pressed, or a text that was pasted."""


def unhandled(event: TypedInput) -> TypedInput:
    """The same input, as no widget has had it yet."""
    if isinstance(event, events.Paste):
        return events.Paste(event.text)
    return events.Key(event.key, event.character)


def stop(event: TypedInput) -> None:
    """Keep `event` from whatever else would handle it."""
    event.stop()
    event.prevent_default()


async def handle_first(app: App[Any], inputs: Iterable[TypedInput]) -> None:
    """Handle `inputs` now, before those that `app` has still to handle."""
    for event in inputs:
        await app.on_event(unhandled(event))


class HeldInput:
    """Keeps what is typed, between `hold` and `release`, in its order."""

    def __init__(self) -> None:
        self._is_holding = False
        self._sent: list[TypedInput] = []
        """Were on their way to a widget of the screen below: typed before the new ones."""
        self._new: list[TypedInput] = []

    def hold(self) -> None:
        """Keep what is typed from now on."""
        self._is_holding = True

    def keep(self, event: TypedInput) -> bool:
        """Keep `event`; gives whether it is kept."""
        if self._is_holding:
            (self._sent if event.is_forwarded else self._new).append(event)
        return self._is_holding

    def release(self) -> Sequence[TypedInput]:
        """Keep nothing any more; gives what was kept."""
        self._is_holding = False
        kept = [*self._sent, *self._new]
        self._sent, self._new = [], []
        return kept
