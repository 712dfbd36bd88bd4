"""Rows that are highlighted for a moment, because something happened there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from textual.timer import Timer
from textual.widget import Widget

from roadtui.core.note import Section
from roadtui.core.outline import Outline
from roadtui.session.outline.outline_state import RowMapping

_SECONDS = 1.2


class GlowingRows:
    """The highlighted rows of one widget, by their index in the outline."""

    def __init__(self, widget: Widget, redrawing: Callable[[], AbstractContextManager[None]]) -> None:
        """Make the set.

        Args:
            widget: Its timers end the glow.
            redrawing: Gives a context at whose end the rows are redrawn that look different than before it.
        """
        self._widget = widget
        self._redrawing = redrawing
        self._rows: set[int] = set()
        self._timer: Timer | None = None

    def __contains__(self, row: int) -> bool:
        return row in self._rows

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, rows: Iterable[int]) -> None:
        """Highlight `rows` too; all of them for a moment from now."""
        self._rows.update(rows)
        if self._rows:
            if self._timer is not None:
                self._timer.stop()
            self._timer = self._widget.set_timer(_SECONDS, self._end)

    def highlight(self, sections: Iterable[Section], outline: Outline) -> None:
        """Highlight the headings of `sections` for a moment, where they are in `outline`."""
        found = (outline.row_of(section) for section in sections)
        with self._redrawing():
            self.add(row for row in found if row is not None)

    def _end(self) -> None:
        with self._redrawing():
            self._rows.clear()

    def clear(self) -> None:
        """Highlight nothing any more; the rows are of another note."""
        self._rows.clear()

    def follow(self, became: RowMapping) -> None:
        """Follow the rows of the note, which has changed."""
        self._rows = {became[row] for row in self._rows if row in became}
