"""Draws the blocks of a note as lines of a given width: wrapped, with markers and the places of links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.preview.blocks import Align, Block, BlockKind, Cell, Lead, LeadKind
from roadtui.core.styled_text import Look, TextSpan
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.ui.render import status_sign, status_style
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.preview.wrapping import (
    StyledPiece,
    break_pieces,
    fit_columns,
    lines_of_pieces,
    wrap_pieces,
)

_LEAST_CELLS = 8
"""A text has at least so many cells beside its markers, or half of a narrower pane."""
_COLUMN_GAP = 2
_TAB = 4

_CALLOUT_COLORS = {
    "tip": "done", "hint": "done", "success": "done", "check": "done", "done": "done",
    "warning": "doing", "caution": "doing", "attention": "doing", "question": "doing", "help": "doing",
    "faq": "doing", "important": "doing", "danger": "overdue", "error": "overdue", "bug": "overdue",
    "failure": "overdue", "fail": "overdue", "missing": "overdue",
    "quote": "dim", "cite": "dim",
}  # fmt: skip


class LinkArea(NamedTuple):
    """Where a link, or a part of it, is on a line."""

    start: int
    """Its first cell."""
    end: int
    number: int
    """Index of the link in its chunk."""


class PreviewLine(NamedTuple):
    """One line on the screen."""

    strip: Strip
    start: int
    """The first line of the note that its block shows; -1 for a blank line between blocks."""
    end: int
    """The line of the note after its block."""
    links: tuple[LinkArea, ...] = ()


class RenderedChunk(NamedTuple):
    """A part of a note, ready for the screen."""

    lines: tuple[PreviewLine, ...]
    links: tuple[str, ...]
    """The targets of its links, in order."""

    def rows_of(self, line: int) -> range:
        """The rows that show `line` of the note; those of what is before it where nothing does."""
        starts = [one.start for one in self.lines if 0 <= one.start <= line]
        if not starts:
            return range(0)
        inside = [one.start for one in self.lines if 0 <= one.start <= line < one.end]
        shown = max(inside) if inside else max(starts)
        rows = [row for row, one in enumerate(self.lines) if one.start == shown]
        return range(rows[0], rows[-1] + 1)


class PreviewStyle(NamedTuple):
    """What the look of a chunk depends on, beside its text."""

    width: int
    text_styles: TextStyles
    statuses: StatusRegistry
    leads_somewhere: Callable[[str], bool]
    """Whether the target of a link is in the vault."""


def draw_blocks(blocks: Sequence[Block], style: PreviewStyle) -> RenderedChunk:
    """The lines of `blocks`. None is wider than the width."""
    lines: list[PreviewLine] = []
    links: list[str] = []
    for block in blocks:
        if block.has_gap:
            lines.append(PreviewLine(Strip([]), -1, -1))
        lines += _BlockDrawing(block, style, len(links)).lines()
        links += block.links
    return RenderedChunk(tuple(lines), tuple(links))


class _BlockDrawing:
    """Draws one block."""

    def __init__(self, block: Block, style: PreviewStyle, first_link: int) -> None:
        self._block = block
        self._style = style
        self._first_link = first_link
        self._base = self._base_style()
        self._leads = self._fitting_leads()
        self._cells = max(1, style.width - sum(cell_len(piece.text) for piece in self._leads))

    def lines(self) -> Iterator[PreviewLine]:
        """Its lines; at least one."""
        for number, pieces in enumerate(self._rows()):
            leads = self._leads if number == 0 else self._leads_below()
            yield self._line([*leads, *pieces])

    def _line(self, pieces: Iterable[StyledPiece]) -> PreviewLine:
        segments: list[Segment] = []
        links: list[LinkArea] = []
        at = 0
        for piece in pieces:
            cells = cell_len(piece.text)
            segments.append(Segment(piece.text, piece.style))
            if piece.link >= 0:
                links.append(LinkArea(at, at + cells, self._first_link + piece.link))
            at += cells
        strip = Strip(Segment.simplify(segments))
        if strip.cell_length > self._style.width:
            strip = strip.crop(0, self._style.width)
        return PreviewLine(strip, self._block.start, self._block.end, tuple(links))

    # At the left

    def _leads_of(self, lead: Lead) -> tuple[StyledPiece, str]:
        """What stands on the first line of `lead`'s block, and on those below."""
        text_styles = self._style.text_styles
        if lead.kind is LeadKind.QUOTE:
            bar = "▌ "
            return StyledPiece(bar, self._callout_style(lead.text) if lead.text else text_styles.track), bar
        if lead.kind is LeadKind.TASK:
            kind = self._style.statuses.type_of(lead.text)
            sign = status_sign(lead.text, self._style.statuses)
            first = StyledPiece(sign, status_style(kind, text_styles))
        elif lead.kind is LeadKind.NUMBER:
            first = StyledPiece(f"{lead.text} ", text_styles.dim)
        else:
            first = StyledPiece("• ", text_styles.dim)
        blank = " " * cell_len(first.text)
        return (first if lead.is_first else StyledPiece(blank, text_styles.text)), blank

    def _fitting_leads(self) -> list[StyledPiece]:
        """The markers at the left: the innermost ones where there is no space for all."""
        most = self._style.width - min(_LEAST_CELLS, (self._style.width + 1) // 2)
        pieces: list[StyledPiece] = []
        for lead in reversed(self._block.leads):
            piece, _ = self._leads_of(lead)
            most -= cell_len(piece.text)
            if most < 0:
                break
            pieces.append(piece)
        return pieces[::-1]

    def _leads_below(self) -> list[StyledPiece]:
        kept = self._block.leads[len(self._block.leads) - len(self._leads) :]
        return [
            piece._replace(text=self._leads_of(lead)[1])
            for lead, piece in zip(kept, self._leads, strict=True)
        ]

    # Styles

    def _callout_style(self, kind: str) -> Style:
        style: Style = getattr(self._style.text_styles, _CALLOUT_COLORS.get(kind, "accent"))
        return style

    def _base_style(self) -> Style:
        block, text_styles = self._block, self._style.text_styles
        if block.kind is BlockKind.HEADING:
            if block.level == 1:
                return text_styles.accent + Style(bold=True)
            return text_styles.strong if block.level == 2 else text_styles.dim + Style(bold=True)
        if block.kind is BlockKind.CALLOUT:
            return self._callout_style(block.label) + Style(bold=True)
        if block.kind in (BlockKind.PROPERTY, BlockKind.NOTICE):
            return text_styles.dim
        task = next((lead for lead in reversed(block.leads) if lead.kind is LeadKind.TASK), None)
        if task is not None and task is block.leads[-1]:
            kind = self._style.statuses.type_of(task.text)
            if kind is StatusType.CANCELLED:
                return text_styles.faint + Style(strike=True)
            if kind is StatusType.DONE:
                return text_styles.faint
        return text_styles.text

    def _style_of(self, span: TextSpan, base: Style) -> Style:
        look, text_styles = span.look, self._style.text_styles
        style = base
        if look & (Look.QUIET | Look.REMARK):
            style += text_styles.dim
        if look & (Look.TAG | Look.KEYWORD | Look.LITERAL):
            style += text_styles.accent if look & (Look.TAG | Look.KEYWORD) else text_styles.dim
        if look & Look.ADDRESS:
            style += Style(underline=True)
        if span.link >= 0:
            known = self._style.leads_somewhere(self._block.links[span.link])
            style += text_styles.accent + Style(underline=True) if known else text_styles.faint
        if look & Look.HIGHLIGHT:
            style += text_styles.glow
        if look & Look.CODE:
            style += text_styles.cursor
        bold = True if look & (Look.STRONG | Look.KEYWORD) else None
        italic = True if look & (Look.EMPHASIS | Look.REMARK) else None
        strike = True if look & Look.STRUCK else None
        if bold or italic or strike:
            style += Style(bold=bold, italic=italic, strike=strike)
        return style

    # Rows

    def _rows(self) -> Iterator[list[StyledPiece]]:
        block, text_styles = self._block, self._style.text_styles
        if block.kind is BlockKind.RULE:
            yield [StyledPiece("─" * self._cells, text_styles.track)]
        elif block.kind is BlockKind.CODE:
            yield from self._code()
        elif block.kind is BlockKind.TABLE:
            yield from self._table()
        elif block.kind is BlockKind.PROPERTY:
            name = StyledPiece(f"{display_text(block.label)}: ", text_styles.faint)
            yield from self._wrapped([name, *self._pieces(block.spans)])
        elif block.kind is BlockKind.CALLOUT:
            label = StyledPiece(f"{display_text(block.label).upper()}  ", self._base)
            yield from self._wrapped([label, *self._pieces(block.spans)])
        else:
            yield from self._wrapped(self._pieces(block.spans))

    def _pieces(self, spans: Iterable[TextSpan], base: Style | None = None) -> list[StyledPiece]:
        """`spans` with their styles; a line break is a piece of its own."""
        pieces: list[StyledPiece] = []
        for span in spans:
            style = self._style_of(span, self._base if base is None else base)
            for number, text in enumerate(span.text.split("\n")):
                if number:
                    pieces.append(StyledPiece("\n", style))
                if text:
                    pieces.append(StyledPiece(display_text(text), style, span.link))
        return pieces

    def _wrapped(self, pieces: Iterable[StyledPiece]) -> Iterator[list[StyledPiece]]:
        return wrap_pieces(pieces, self._cells)

    def _code(self) -> Iterator[list[StyledPiece]]:
        text_styles = self._style.text_styles
        bar = [StyledPiece("│ ", text_styles.track)] if self._cells > _LEAST_CELLS else []
        cells = self._cells - (2 if bar else 0)
        if self._block.label:
            yield [
                *bar,
                StyledPiece(ellipsize(display_text(self._block.label), cells, cell_len), text_styles.faint),
            ]
        spans = [span._replace(text=span.text.expandtabs(_TAB)) for span in self._block.spans]
        for row in lines_of_pieces(self._pieces(spans, text_styles.text)):
            for part in break_pieces(row, cells) or [[]]:
                yield [*bar, *part]

    # Tables

    def _table(self) -> Iterator[list[StyledPiece]]:
        columns = max((len(row) for row in self._block.table), default=0)
        widths = [0] * columns
        cells: list[list[list[StyledPiece]]] = []
        for number, row in enumerate(self._block.table):
            base = self._base + Style(bold=True) if number == 0 else self._base
            cells.append([self._pieces(_on_one_line(cell), base) for cell in row])
            for column, pieces in enumerate(cells[-1]):
                widths[column] = max(widths[column], sum(cell_len(piece.text) for piece in pieces))
        fitted = fit_columns(widths, self._cells - _COLUMN_GAP * (columns - 1))
        if fitted is None:
            yield from self._records(cells)
            return
        for number, one in enumerate(cells):
            yield from self._table_row(one, fitted)
            if number == 0:
                line = (" " * _COLUMN_GAP).join("─" * width for width in fitted)
                yield [StyledPiece(line, self._style.text_styles.track)]

    def _table_row(
        self, cells: Sequence[list[StyledPiece]], widths: Sequence[int]
    ) -> Iterator[list[StyledPiece]]:
        wrapped = [list(wrap_pieces(cell, width)) for cell, width in zip(cells, widths, strict=False)]
        for at in range(max(map(len, wrapped), default=0)):
            row: list[StyledPiece] = []
            for column, width in enumerate(widths):
                lines = wrapped[column] if column < len(wrapped) else []
                pieces = lines[at] if at < len(lines) else []
                space = max(0, width - sum(cell_len(piece.text) for piece in pieces))
                align = self._block.aligns[column] if column < len(self._block.aligns) else Align.LEFT
                left = {Align.LEFT: 0, Align.CENTER: space // 2, Align.RIGHT: space}[align]
                gap = _COLUMN_GAP if column < len(widths) - 1 else 0
                row += [StyledPiece(" " * left, self._base), *pieces]
                row.append(StyledPiece(" " * (space - left + gap), self._base))
            yield row

    def _records(self, cells: Sequence[Sequence[list[StyledPiece]]]) -> Iterator[list[StyledPiece]]:
        """A table that is too wide: a line for each cell, with the name of its column."""
        header = cells[0]
        for number, row in enumerate(cells[1:] or [[]]):
            if number:
                yield []
            if not row:
                yield from self._wrapped(
                    [piece for cell in header for piece in [*cell, StyledPiece(" ", self._base)]]
                )
            for name, value in zip(header, row, strict=False):
                if name or value:
                    yield from self._wrapped([*name, StyledPiece("  ", self._base), *value])


def _on_one_line(cell: Cell) -> Iterator[TextSpan]:
    return (span._replace(text=span.text.replace("\n", " ")) for span in cell)
