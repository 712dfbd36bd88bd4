"""What the user types: keys, and pasted texts."""

from __future__ import annotations

from textual import events

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
