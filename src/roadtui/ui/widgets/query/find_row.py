"""Draws a result of a query: sign, text with the matched letters lit, day, and where it is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import day_text, due_text
from roadtui.core.line_text import plain_line
from roadtui.core.note import ListItem, Section
from roadtui.core.query.items import QueryItem
from roadtui.core.query.query import Query
from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.status import StatusType
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.ui.render import (
    HEADING_GLYPH,
    NOTE_GLYPH,
    STATUS_GLYPHS,
    fit_markdown_row,
    fit_row,
    status_sign,
    status_style,
)
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.rows.display_context import TaskDisplayContext

_BULLET_GLYPH = "–"
_WIDE = 72
"""Cells from which on the location gets up to two fifths of a row, and days are shown."""


class FindRowRenderer(NamedTuple):
    """Draws one result."""

    item: QueryItem
    is_ticked: bool
    """Whether its task was ticked, and is not on disk yet."""
    display_context: TaskDisplayContext | None
    text_styles: TextStyles
    location_cells: int
    """Cells of the longest location in the list: all begin in the same column."""

    def draw(self, width: int, query: Query | None, *, is_current: bool, is_marked: bool) -> Strip:
        """The row of the result, `width` cells wide; `query` has found it."""
        sign, sign_style = self._sign()
        bar = "▌" if is_current or is_marked else " "
        start = [Segment(bar, self.text_styles.accent), Segment(f" {sign}", sign_style)]
        day = self._day() if width >= _WIDE else []
        cells = min(self.location_cells, width * 2 // 5 if width >= _WIDE else width // 3)
        location = ellipsize(_location(self.item), cells, cell_len)
        after = " " * (cells - cell_len(location) + 1)
        end = [*day, Segment(f"  {location}{after}" if cells else after, self.text_styles.dim)]
        letters = query.letters(self.item.text) if query is not None else []
        text = (self.item.text or "…", self._text_style(is_current=is_current))
        fit = fit_row if self.item.is_note else fit_markdown_row
        return fit(width, start, text, end, matched=(letters, self.text_styles.match))

    @property
    def _kind(self) -> StatusType | None:
        if self.item.task is None or self.display_context is None:
            return None
        statuses = self.display_context.statuses
        kind = statuses.type_of(self.item.task.status_symbol)
        if not self.is_ticked:
            return kind
        return StatusType.DONE if kind.is_open else StatusType.TODO

    def _sign(self) -> tuple[str, Style]:
        kind = self._kind
        if kind is None or self.item.task is None or self.display_context is None:
            glyph = HEADING_GLYPH if self.item.is_heading else _BULLET_GLYPH
            return f"{NOTE_GLYPH if self.item.is_note else glyph} ", self.text_styles.accent
        if self.is_ticked:
            return f"{STATUS_GLYPHS[kind]} ", status_style(kind, self.text_styles)
        sign = status_sign(self.item.task.status_symbol, self.display_context.statuses)
        return sign, status_style(kind, self.text_styles)

    def _text_style(self, *, is_current: bool) -> Style:
        kind = self._kind
        if kind is StatusType.CANCELLED:
            return self.text_styles.faint + Style(strike=True)
        if kind is not None and not kind.is_open:
            return self.text_styles.faint
        return self.text_styles.strong if is_current or kind is None else self.text_styles.text

    def _day(self) -> list[Segment]:
        """When an open task is due, or when one was done."""
        kind = self._kind
        if kind is None or self.display_context is None:
            return []
        today = self.display_context.today
        if kind is StatusType.DONE:
            done = self.item.day(FieldKind.DONE)
            return [Segment(f"done {day_text(done, today)}", self.text_styles.faint)] if done else []
        due = self.item.day(FieldKind.DUE) if kind.is_open else None
        if due is None:
            return []
        style = self.text_styles.overdue if due < today else self.text_styles.due
        return [Segment(due_text(due, today), style)]


def longest_location(items: Iterable[QueryItem]) -> int:
    """Cells of the longest location of `items`."""
    places = {(item.note.path, _section(item)): item for item in items}
    return max((cell_len(_location(item)) for item in places.values()), default=0)


def _section(item: QueryItem) -> Section | None:
    """The section that a result is in, and None for a note."""
    if item.is_note:
        return None
    return item.content.section if isinstance(item.content, ListItem) else item.content.parent


def _location(item: QueryItem) -> str:
    """Where a result is: the note and the headings around it; of a note, its folder."""
    section = _section(item)
    if section is None:
        return display_text(item.note.path.rpartition("/")[0])
    return _joined(item.note.name, section.heading_path)


@lru_cache(maxsize=1024)
def _joined(name: str, titles: tuple[str, ...]) -> str:
    plain = map(plain_line, titles)
    return " › ".join([display_text(name), *(title for title in plain if title != name)])
