"""The insights as rows to scroll through: cards side by side where they fit, or tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.terminal_text import ellipsize
from roadtui.session.reports.metrics import Metrics
from roadtui.ui.charts.card import Card, CardTable, ChartArea, Metric, Slot
from roadtui.ui.charts.cards import CARDS
from roadtui.ui.charts.line_charts import Plotter
from roadtui.ui.render import fit_row, pane_heading, wrapped
from roadtui.ui.styles import TextStyles

WIDE, MEDIUM = 140, 76
"""Cells from which three, and two cards stand side by side."""
_ROW_LINES = 13
"""Lines of a card with blank lines around its parts, and the gap to the next."""
_LEAST_LINES = 10
"""Title, numbers, and the tallest picture that cannot be made smaller: the heatmap."""
_LEAST_SHARED = 32
"""A card takes the largest of its widths that leaves more than these cells of the row for others."""
_TEXT_CELLS, _MOST_TEXT_LINES = 64, 12
"""The width and height of a text in place of a picture, at the most."""
_METRIC_LINES = 2
"""Lines that the metrics of a card may take."""
_TABLE_CELLS = 72


class PageStyle(NamedTuple):
    """What a page is drawn on."""

    width: int
    height: int
    text_styles: TextStyles
    card: Style
    """Background of a card."""
    gap: Style
    """Background between cards."""


class RenderedPage(NamedTuple):
    """The rows of a page, and the numbers of those on which a card or table begins."""

    strips: Sequence[Strip]
    stops: Sequence[int] = (0,)


class _Cell(NamedTuple):
    card: Card
    width: int


def draw_cards(data: Metrics, paper: PageStyle, plot: Plotter | None) -> RenderedPage:
    """All cards; `plot` draws the lines, and is None until it is loaded."""
    rows = _rows(paper.width)
    per_page = min(len(rows), max(1, (paper.height + 1) // _ROW_LINES))
    height, rest = divmod(paper.height - per_page + 1, per_page)
    strips: list[Strip] = []
    stops = []
    gap = Strip.blank(paper.width, paper.gap)
    between = Strip.blank(1, paper.gap)
    for number, row in enumerate(rows):
        stops.append(len(strips))
        lines = max(_LEAST_LINES, height + (number % per_page < rest))
        position = f"{number + 1}/{len(rows)}" if len(rows) == len(CARDS) else ""
        cards = [_draw_card(cell, lines, data, paper, plot, position) for cell in row]
        for at in range(lines):
            parts = [part for card in cards for part in (card[at], between)][:-1]
            strips.append(Strip.join(parts))
        strips.append(gap)
    return RenderedPage(strips[:-1], stops)


def _rows(width: int) -> list[list[_Cell]]:
    """Which cards stand side by side, and how wide they are."""
    if width < MEDIUM:
        return [[_Cell(card, width)] for card in CARDS]
    rows: dict[int, list[tuple[Card, Slot]]] = {}
    for card in CARDS:
        slot = card.wide if width >= WIDE else card.medium
        rows.setdefault(slot.row, []).append((card, slot))
    return [_share(rows[row], width) for row in sorted(rows)]


def _share(cards: Sequence[tuple[Card, Slot]], width: int) -> list[_Cell]:
    """Cards side by side: the cells that those with widths of their own leave are shared equally."""
    fixed = {card: _fitting(slot.widths, width) for card, slot in cards if slot.widths}
    left = width - len(cards) + 1 - sum(fixed.values())
    each, rest = divmod(left, max(1, len(cards) - len(fixed)))
    cells = []
    for card, _ in cards:
        if card in fixed:
            cells.append(_Cell(card, fixed[card]))
        else:
            cells.append(_Cell(card, each + (rest > 0)))
            rest -= 1
    return cells


def _fitting(widths: Sequence[int], width: int) -> int:
    return next((cells for cells in reversed(widths) if width - cells > _LEAST_SHARED), widths[0])


def _draw_card(
    cell: _Cell, height: int, data: Metrics, paper: PageStyle, plot: Plotter | None, position: str
) -> list[Strip]:
    """A card in exactly its width and `height`."""
    side = 2 if paper.width >= MEDIUM else 1
    above = below = int(height >= _LEAST_LINES + 2)
    width = cell.width - 2 * side
    is_airy = height >= _LEAST_LINES + 3
    metric_lines = _METRIC_LINES if is_airy else cell.card.least_metric_lines
    head = _head(cell.card, data, width, paper.text_styles, position, metric_lines)
    if is_airy and len(head) < 3:
        head.append(Strip.blank(width))
    area = ChartArea(width, height - above - below - len(head), paper.text_styles, plot)
    inside = [*head, *_body(cell.card, data, area)]
    blank = Strip.blank(side)
    strips = [Strip.blank(0)] * above
    strips += [Strip.join([blank, strip.adjust_cell_length(area.width), blank]) for strip in inside]
    strips += [Strip.blank(0)] * (height - len(strips))
    return [strip.adjust_cell_length(cell.width).apply_style(paper.card) for strip in strips[:height]]


def _head(
    card: Card, data: Metrics, width: int, text_styles: TextStyles, position: str, lines: int
) -> list[Strip]:
    """Title and legend, then the numbers in at most `lines` rows."""
    title = pane_heading(card.title, text_styles)
    end = [Segment(position, text_styles.faint)] if position else []
    if card.empty_message(data):
        return [fit_row(width, [title], ("", text_styles.dim), end)]
    legend = card.legend(data, ChartArea(width, 0, text_styles, None))
    full = [*legend, Segment("   "), *end] if legend and end else [*legend, *end]
    return [
        fit_row(width, [title], ("", text_styles.dim), full, end),
        *_numbers(card.metrics(data), width, text_styles, lines),
    ]


def _body(card: Card, data: Metrics, area: ChartArea) -> list[Strip]:
    empty = card.empty_message(data)
    return _text(empty, min(area.width, _TEXT_CELLS), area.text_styles) if empty else card.draw(data, area)


def _text(text: str, width: int, text_styles: TextStyles) -> list[Strip]:
    lines = wrapped(text, max(8, width), _MOST_TEXT_LINES)
    return [Strip([Segment(line, text_styles.dim)]) for line in lines]


def _numbers(metrics: Sequence[Metric], width: int, text_styles: TextStyles, lines: int) -> Iterator[Strip]:
    """Numbers and what they are, in at most `lines` rows; `…` where some do not fit."""
    segments: list[Segment] = []
    at = 0
    for number, (value, label, is_late) in enumerate(metrics):
        gap = "   " if at else ""
        is_last_row, is_last = lines == 1, number == len(metrics) - 1
        if at and at + _cells(gap, value, label) > width - 2 * (is_last_row and not is_last):
            if is_last_row:
                yield Strip([*segments, Segment(" …", text_styles.dim)])
                return
            yield Strip(segments)
            segments, at, gap, lines = [], 0, "", lines - 1
        fitting = ellipsize(label, max(1, width - cell_len(value) - 1), cell_len)
        segments += [
            Segment(gap + value, text_styles.overdue if is_late else text_styles.strong),
            Segment(f" {fitting}", text_styles.dim),
        ]
        at += _cells(gap, value, fitting)
    yield Strip(segments)


def _cells(gap: str, value: str, label: str) -> int:
    return cell_len(f"{gap}{value} {label}")


def draw_tables(data: Metrics, paper: PageStyle) -> RenderedPage:
    """The same numbers as plain tables."""
    side = 2 if paper.width >= MEDIUM else 1
    width = min(_TABLE_CELLS, paper.width - 2 * side)
    strips: list[Strip] = [Strip.blank(0)] if paper.width >= MEDIUM else []
    stops = []
    for card in CARDS:
        stops.append(len(strips))
        strips.append(Strip([pane_heading(card.title, paper.text_styles)]))
        if empty := card.empty_message(data):
            strips += _text(empty, width, paper.text_styles)
        else:
            numbers = "; ".join(f"{one.value} {one.label}" for one in card.metrics(data))
            strips += _text(numbers, width, paper.text_styles)
            strips += _table(card.table(data), width, paper.text_styles)
        strips.append(Strip.blank(0))
    margin = Strip.blank(side)
    drawn = [
        Strip.join([margin, strip]).adjust_cell_length(paper.width).apply_style(paper.card)
        for strip in strips
    ]
    return RenderedPage(drawn, stops)


def _table(table: CardTable, width: int, text_styles: TextStyles) -> Iterator[Strip]:
    """Names at the left, numbers right-aligned in columns beside them."""
    lines = [table.headers, *table.rows]
    names = max(cell_len(line[0]) for line in lines)
    columns = [max(cell_len(line[at]) for line in lines) + 2 for at in range(1, len(table.headers))]
    for number, (name, *values) in enumerate(lines):
        style = text_styles.faint if number == 0 else text_styles.text
        end = [Segment(value.rjust(cells), style) for value, cells in zip(values, columns, strict=True)]
        yield fit_row(min(width, names + 1 + sum(columns)), [], (name, style), end)
