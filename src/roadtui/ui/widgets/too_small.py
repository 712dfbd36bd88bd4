"""What a terminal shows that has no room for the program."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget


class TooSmall(Widget):
    """A sentence over the whole screen; mounted while the terminal is too small."""

    DEFAULT_CSS = """
    TooSmall { layer: over; dock: top; width: 100%; height: 100%; background: $background; }
    """

    def __init__(self, columns: int, rows: int) -> None:
        """`columns`, `rows`: the size that is needed, in cells."""
        super().__init__()
        self._needed = f"{columns}×{rows}"

    def render(self) -> RenderResult:
        """See `textual.widget.Widget.render`."""
        width, height = self.app.size
        return Content(f"Too small: {width}×{height}. roadtui needs {self._needed}.")
