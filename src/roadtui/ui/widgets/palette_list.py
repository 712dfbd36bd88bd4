"""The rows of the palette: commands with their keys, notes, headings and tasks with where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from roadtui.core.line_text import line_text
from roadtui.core.note import ListItem
from roadtui.core.query.items import QueryItem
from roadtui.core.query.query import Query
from roadtui.core.tasks.status import StatusRegistry
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.core.titles import heading_path
from roadtui.session.find.palette import PaletteCommand, PaletteResult
from roadtui.ui.render import HEADING_GLYPH, NOTE_GLYPH, fit_markdown_row, fit_row, status_sign, status_style
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_list import LineList

COMMAND_GLYPH = "›"
_LABEL_CELLS, _NARROW_LABEL_CELLS = 26, 21
"""Cells of the column with the names of commands in a row of full width, and in a narrower one."""
_FULL = 76
"""Cells of a row of full width."""
_WIDE = 56
"""Cells of a row from which on it says what a command does."""


_BESIDE = 4
"""Cells around a place, and one that is left free beside the name."""


class PaletteList(LineList, inherit_bindings=False):
    """What was found, best first. The input above it passes keys on."""

    DEFAULT_CSS = """
    PaletteList { background: $panel; height: 1fr; overflow-y: auto; scrollbar-background: $panel; }
    """

    @dataclass
    class Picked(Message):
        """A click on a row."""

    def __init__(self, statuses: StatusRegistry) -> None:
        super().__init__()
        self.can_focus = False
        self._statuses = statuses
        self._results: Sequence[PaletteResult] = ()
        self._query: Query | None = None

    def show(self, results: Sequence[PaletteResult], query: Query | None) -> None:
        """Show `results`; the letters that `query` matches are lit.

        The cursor stays on the first row, and else on its result.
        """
        current = self.current if self.cursor else None
        self._results, self._query = results, query
        self.rows_changed()
        self.move_to(results.index(current) if current in results else 0)
        self.refresh()

    @property
    def current(self) -> PaletteResult | None:
        """The row that enter takes."""
        return self._results[self.cursor] if self.cursor < len(self._results) else None

    @override
    def row_count(self) -> int:
        return len(self._results)

    @property
    @override
    def has_keys(self) -> bool:
        """True: the input above passes keys on."""
        return True

    @override
    def draw_row(self, row: int, width: int, text_styles: TextStyles) -> Strip:
        result = self._results[row]
        style = text_styles.strong if row == self.cursor else text_styles.text
        if isinstance(result, PaletteCommand):
            return self._command(result, width, style, text_styles)
        return self._item(result, width, style, text_styles)

    def _command(self, command: PaletteCommand, width: int, style: Style, text_styles: TextStyles) -> Strip:
        start = [Segment(f" {COMMAND_GLYPH} ", text_styles.faint)]
        end = [Segment(f"  {command.keys} ", text_styles.accent)] if command.keys else []
        lit = self._lit(command.label, text_styles)
        if width < _WIDE or not command.help:
            return fit_row(width, start, (command.label, style), end, matched=lit)
        cells = _LABEL_CELLS if width >= _FULL else _NARROW_LABEL_CELLS
        label = fit_row(cells - 1, start, (command.label, style), matched=lit)
        rest = fit_row(
            width - cells,
            [],
            (command.help, text_styles.dim),
            end,
            matched=self._lit(command.help, text_styles),
        )
        return Strip.join([label, Strip.blank(1), rest])

    def _item(self, item: QueryItem, width: int, style: Style, text_styles: TextStyles) -> Strip:
        task = item.task
        if task is not None:
            kind = self._statuses.type_of(task.status_symbol)
            start = [
                Segment(" "),
                Segment(status_sign(task.status_symbol, self._statuses), status_style(kind, text_styles)),
            ]
            style = style if kind.is_open else text_styles.dim
        else:
            glyph = NOTE_GLYPH if item.is_note else HEADING_GLYPH
            start = [Segment(f" {glyph} ", text_styles.faint)]
        name = cell_len(item.text if item.is_note else line_text(item.text).text)
        left = width - sum(segment.cell_length for segment in start) - name - _BESIDE
        where = ellipsize(_where(item), max(0, width // 2 - 4, left), cell_len)
        end = [Segment(f"  {where} ", text_styles.dim)] if where else []
        fit = fit_row if item.is_note else fit_markdown_row
        return fit(width, start, (item.text, style), end, matched=self._lit(item.text, text_styles))

    def _lit(self, text: str, text_styles: TextStyles) -> tuple[Sequence[int], Style] | None:
        return (self._query.letters(text), text_styles.match) if self._query is not None else None

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        self.post_message(self.Picked())


def _where(item: QueryItem) -> str:
    """Where an item is: its note and heading; of a note its folder."""
    if item.is_note:
        folder = item.note.path.rpartition("/")[0]
        return display_text(f"{folder}/") if folder else ""
    content = item.content
    section = content.section if isinstance(content, ListItem) else content.parent
    titles = heading_path(section) if section is not None and section.level else ""
    name = item.note.name
    return display_text(f"{name} › {titles}" if titles else name)
