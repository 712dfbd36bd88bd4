"""The days that git has, under the header of the time machine, and what was added and done since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.reactive import reactive, var
from textual.strip import Strip
from textual.widget import Widget
from typing_extensions import override

from roadtui.session.reports.changes_between import TaskChanges
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.past.day_cells import DrawnDays, draw_days
from roadtui.ui.widgets.past.since_words import fitting_words

_GAP = 3
"""Blank cells between the days and the words."""
_NARROW = 56
"""With fewer cells the words are as short as can be."""
_SHORT_WORDS = 14
_MOST_WORDS = 48
_LEAST_FOR_NOTE = 16
"""Cells that the open note needs beside the vault, where both share a line."""


class DayStripState(NamedTuple):
    """What a `DayStrip` shows."""

    days: Sequence[date]
    chosen: int
    """Index of the day that is shown."""
    changes: TaskChanges | None = None
    """In the vault since that day; None until they are known."""
    note: tuple[str, TaskChanges] | None = None
    """Name, safe for a terminal, and changes of the open note; None unless it exists then and now."""


class DayStrip(Widget):
    """The days with the chosen one in brackets; a click on one asks for it."""

    DEFAULT_CSS = """
    DayStrip { height: 2; margin: 0 0 1 0; padding: 0 2; background: $background; }
    """

    text_styles: reactive[TextStyles | None] = reactive(None)
    shown: var[DayStripState | None] = var(None)

    @dataclass
    class DayRequested(Message):
        """A click on a day, given by its index."""

        at: int

    def __init__(self) -> None:
        super().__init__()
        self._last_known: DayStripState | None = None
        """The last state with known changes: the days keep its space until those of another day are known."""

    def watch_shown(self) -> None:
        """Redraw."""
        if self.shown is not None and self.shown.changes is not None:
            self._last_known = self.shown
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        width, height = self.content_size
        background = self.visual_style.rich_style
        drawn = self._drawn()
        if drawn is None or self.shown is None or self.text_styles is None or y >= height:
            return Strip.blank(width, background)
        days = drawn.days if y == height - 1 else drawn.months
        words = since_lines(self.shown, width, height)[y]
        padded = " " * (width - days.cell_length - cell_len(words)) + words
        style = self.text_styles.text if y == 0 else self.text_styles.dim
        return Strip.join([days, Strip([Segment(padded, style)])]).apply_style(background)

    def _drawn(self) -> DrawnDays | None:
        if self.shown is None or self.text_styles is None:
            return None
        width, height = self.content_size
        last = self._last_known
        words = max(map(cell_len, since_lines(last, width, height))) if last else _most_words(width)
        cells = max(0, width - words - _GAP)
        return draw_days(self.shown.days, self.shown.chosen, cells, self.text_styles, months_above=height > 1)

    def on_click(self, event: events.Click) -> None:
        """Ask for the day under the pointer."""
        drawn, offset = self._drawn(), event.get_content_offset(self)
        at = drawn.day_at(offset.x) if drawn is not None and offset is not None else None
        if at is not None:
            self.post_message(self.DayRequested(at))


def _most_words(width: int) -> int:
    """The most cells of a line of `width` cells that words take."""
    return _SHORT_WORDS if width < _NARROW else min(_MOST_WORDS, width // 2)


def since_lines(shown: DayStripState, width: int, lines: int) -> list[str]:
    """What is said beside the days, in `lines` lines of `width` cells: of the vault, of the open note."""
    cells = _most_words(width)
    if shown.changes is None:
        return [""] * lines
    of_vault = fitting_words(shown.changes, cells)
    if shown.note is None:
        return [of_vault, *[""] * (lines - 1)]
    name, changes = shown.note
    if lines > 1:
        return [of_vault, fitting_words(changes, cells, name), *[""] * (lines - 2)]
    space = cells - cell_len(of_vault) - len(" · ")
    of_note = fitting_words(changes, space, name) if space >= _LEAST_FOR_NOTE else ""
    return [f"{of_vault} · {of_note}" if of_note else of_vault]
