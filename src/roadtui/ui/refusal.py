"""How a widget or a screen says that one of its keys can do nothing now, and why."""

from __future__ import annotations

from textual.widget import Widget


class ExplainsRefusals:
    """Offers an action where nothing is against it. The app shows the reason when its key is pressed."""

    def refusal(self, action: str, parameters: tuple[object, ...]) -> str | None:
        """Why `action` can do nothing now, in a sentence; None where it can."""
        return None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done now."""
        return self.refusal(action, parameters) is None


def scroll_refusal(widget: Widget, *, down: bool) -> str | None:
    """Why `widget` can't be scrolled further down, or up; None where it can."""
    if down:
        return "This is the end." if widget.scroll_offset.y >= widget.max_scroll_y else None
    return "This is the top." if widget.scroll_offset.y <= 0 else None
