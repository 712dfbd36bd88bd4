"""Whether the widgets inside another one can be queried: Textual has no single property for it."""

from __future__ import annotations

from textual.widget import Widget


def has_children(widget: Widget) -> bool:
    """Whether the widgets inside `widget` exist.

    `is_mounted` becomes true once and stays true when the widget is removed; `is_attached` is true before the
    children are there, and false for every widget once the app ends. The children are removed before it.
    """
    return widget.is_mounted and widget.is_attached and bool(widget.children)
