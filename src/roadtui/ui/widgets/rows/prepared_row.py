"""Rows of the tree, ready but for the letters that a filter lights: with each key only these change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from roadtui.core.line_text import LineText
from roadtui.core.terminal_text import display_text
from roadtui.ui.widgets.rows.name import NameStyle, name_segments

_MOST_ROWS = 1_000


class PreparedRow(NamedTuple):
    """What is drawn of a row."""

    before: tuple[Segment, ...]
    """Up to its name."""
    name: str
    """As it is written."""
    line: LineText
    """The name as it is shown."""
    room: int
    """Cells of the name at most."""
    style: NameStyle
    after: tuple[Segment, ...]
    """From the end of its name to the right edge."""
    width: int
    is_lit: bool
    """Whether letters in it are lit: not in a row that only shows where the hits of a filter are."""

    def strip(self, letters_of: Callable[[str], Sequence[int]] = lambda _: ()) -> Strip:
        """The row, with the letters lit whose positions in a text `letters_of` gives."""
        positions = self.line.positions(letters_of(display_text(self.name))) if self.is_lit else ()
        name = name_segments(self.line, self.room, self.style, positions)
        return Strip([*self.before, *name, *self.after]).crop(0, self.width)


class PreparedRows:
    """The rows that were drawn last, as long as what all of them depend on stays the same."""

    def __init__(self) -> None:
        self._depend_on: Sequence[object] = ()
        self._rows: dict[Hashable, PreparedRow] = {}

    def get(
        self, depend_on: Sequence[object], key: Hashable, prepare: Callable[[], PreparedRow]
    ) -> PreparedRow:
        """The row of `key`, made by `prepare` if it is not there.

        `depend_on`: what all rows depend on. They are made anew where one of these is another object.
        """
        is_same = len(depend_on) == len(self._depend_on) and all(
            one is other for one, other in zip(depend_on, self._depend_on, strict=True)
        )
        if not is_same or len(self._rows) >= _MOST_ROWS:
            self._rows.clear()
            self._depend_on = depend_on
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = prepare()
        return row
