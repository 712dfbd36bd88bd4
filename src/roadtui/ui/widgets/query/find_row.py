"""Draws a result of a query: sign, text with the matched letters lit, day, and where it is."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.dates import day_text, due_text
from roadtui.core.line_text import line_text, plain_line
from roadtui.core.note import ListItem
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
"""Cells from which on days are shown."""
_DAY_CELLS = 14
"""Of the column with the days: `done yesterday`."""
_BESIDE = 4
"""Cells around the location, and those that are left free beside the text."""


class FindRowRenderer(NamedTuple):
    """Draws one result."""

    item: QueryItem
    is_ticked: bool
    """Whether its task was ticked, and is not on disk yet."""
    display_context: TaskDisplayContext | None
    text_styles: TextStyles

    def draw(self, width: int, query: Query | None, *, is_current: bool, is_marked: bool) -> Strip:
        """The row of the result, `width` cells wide; `query` has found it."""
        sign, sign_style = self._sign()
        bar = "▌" if is_current or is_marked else " "
        start = [Segment(bar, self.text_styles.accent), Segment(f" {sign}", sign_style)]
        day = self._day(_DAY_CELLS) if width >= _WIDE else []
        left = width - sum(segment.cell_length for segment in (*start, *day)) - _BESIDE
        name = cell_len(self.item.text if self.item.is_note else line_text(self.item.text).text)
        where = _location(self.item)
        cells = left * 3 // 5 if width >= _WIDE else left // 2
        if name + cells > left:  # The text is cut last.
            cells = min(cells, cell_len(where))
        where = ellipsize(where, cells, cell_len)
        end = [Segment(f"  {where}{' ' * (cells - cell_len(where))} ", self.text_styles.dim), *day]
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

    def _day(self, cells: int) -> list[Segment]:
        """When an open task is due, or when one was done, at the right edge of its column."""
        text, style = self._day_words()
        return [Segment(f" {text.rjust(cells)} ", style)]

    def _day_words(self) -> tuple[str, Style]:
        kind, styles = self._kind, self.text_styles
        if kind is None or self.display_context is None:
            return "", styles.faint
        today = self.display_context.today
        if kind is StatusType.DONE:
            done = self.item.day(FieldKind.DONE)
            return (f"done {day_text(done, today)}" if done else ""), styles.faint
        due = self.item.day(FieldKind.DUE) if kind.is_open else None
        if due is None:
            return "", styles.faint
        if due < today:
            return due_text(due, today), styles.overdue
        return f"due {due_text(due, today)}", styles.due


def _location(item: QueryItem) -> str:
    """Where a result is: the note and the headings around it; of a note, its folder."""
    if item.is_note:
        return display_text(item.note.path.rpartition("/")[0])
    content = item.content
    section = content.section if isinstance(content, ListItem) else content.parent
    titles = [plain_line(title) for title in section.heading_path] if section is not None else []
    name = item.note.name
    return " › ".join([display_text(name), *(title for title in titles if title != name)])
