"""What a terminal shows that has no room for the program."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

MIN_COLUMNS = 32
MIN_ROWS = 8


class TooSmall(Widget):
    """A sentence over the whole screen; hidden unless the screen has the class `-tiny`."""

    DEFAULT_CSS = """
    TooSmall { display: none; layer: over; dock: top; width: 100%; height: 100%; background: $background; }
    .-tiny TooSmall { display: block; }
    """

    def render(self) -> RenderResult:
        """See `textual.widget.Widget.render`."""
        width, height = self.app.size
        return Content(f"Too small: {width}×{height}. roadtui needs {MIN_COLUMNS}×{MIN_ROWS} at least.")
