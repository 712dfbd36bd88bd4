"""Whether a widget can be asked for what is in it: an event may come before that is there, or after."""

from __future__ import annotations

from textual.widget import Widget


def has_children(widget: Widget) -> bool:
    """Whether the widgets inside `widget` exist.

    `is_mounted` turns true once and stays so when the widget is taken away; `is_attached` is true before its
    children are there, and false for everything once the app ends.
    """
    return widget.is_mounted and widget.is_attached
