"""The insights as rows to scroll through: cards side by side where there is area, or tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.terminal_text import ellipsize
from roadtui.session.metrics import Metrics
from roadtui.ui.charts.cards import (
    AGES,
    BURN_UP,
    CARDS,
    FORECAST,
    PER_WEEKDAY,
    SHARES,
    WEEKS,
    YEAR,
    Card,
    CardTable,
    ChartArea,
    Metric,
)
from roadtui.ui.charts.line_charts import Plotter
from roadtui.ui.render import fit_row, pane_heading
from roadtui.ui.styles import TextStyles

WIDE, MEDIUM = 140, 76
"""Cells from which three, and two cards stand side by side."""
_BAND_ROWS = 13
"""A card with air around it, and the gap to the next."""
_LEAST_ROWS = 10
"""Title, numbers, and the tallest picture that cannot be made smaller: the heatmap."""
_YEAR_CELLS = 63, 116
"""A heatmap of a year with its weeks side by side, and with air between them."""
_PARTS_CELLS, _AGES_CELLS = 48, 42
"""Sections side by side, with a bar and numbers; names of ages, and a bar."""
_TABLE_CELLS = 72


class PageStyle(NamedTuple):
    """What a page is drawn on."""

    width: int
    height: int
    text_styles: TextStyles
    card: Style
    """The ground of a card."""
    gap: Style
    """The ground between cards."""


class RenderedPage(NamedTuple):
    """Rows, and those of them that something begins on."""

    strips: Sequence[Strip]
    stops: Sequence[int] = (0,)


class _Cell(NamedTuple):
    card: Card
    width: int


def draw_cards(facts: Metrics, paper: PageStyle, plot: Plotter | None) -> RenderedPage:
    """All cards; `plot` draws the lines, and is None until it is at hand."""
    bands = _bands(paper.width)
    per_page = min(len(bands), max(1, (paper.height + 1) // _BAND_ROWS))
    height, rest = divmod(paper.height - per_page + 1, per_page)
    strips: list[Strip] = []
    stops = []
    gap = Strip.blank(paper.width, paper.gap)
    between = Strip.blank(1, paper.gap)
    for number, band in enumerate(bands):
        stops.append(len(strips))
        rows = max(_LEAST_ROWS, height + (number % per_page < rest))
        place = f"{number + 1}/{len(bands)}" if len(bands) == len(CARDS) else ""
        cards = [_draw_card(cell, rows, facts, paper, plot, place) for cell in band]
        for at in range(rows):
            parts = [part for card in cards for part in (card[at], between)][:-1]
            strips.append(Strip.join(parts))
        strips.append(gap)
    return RenderedPage(strips[:-1], stops)


def _bands(width: int) -> list[list[_Cell]]:
    """Which cards stand beside each other, and how wide."""
    if width < MEDIUM:
        return [[_Cell(card, width)] for card in CARDS]
    year = next((cells for cells in reversed(_YEAR_CELLS) if width - cells > 32), _YEAR_CELLS[0])
    year_band = [_Cell(YEAR, year), _Cell(PER_WEEKDAY, width - year - 1)]
    if width < WIDE:
        return [
            _spread([BURN_UP, FORECAST], width),
            year_band,
            _spread([WEEKS, AGES], width),
            _spread([SHARES], width),
        ]
    return [
        _spread([BURN_UP, FORECAST], width),
        year_band,
        [
            _Cell(WEEKS, width - _PARTS_CELLS - _AGES_CELLS - 2),
            _Cell(SHARES, _PARTS_CELLS),
            _Cell(AGES, _AGES_CELLS),
        ],
    ]


def _spread(cards: Sequence[Card], width: int) -> list[_Cell]:
    each, rest = divmod(width - len(cards) + 1, len(cards))
    return [_Cell(card, each + (at < rest)) for at, card in enumerate(cards)]


def _draw_card(
    cell: _Cell, height: int, facts: Metrics, paper: PageStyle, plot: Plotter | None, place: str
) -> list[Strip]:
    """A card in exactly its width and `height`."""
    side = 2 if paper.width >= MEDIUM else 1
    above = below = int(height >= _LEAST_ROWS + 2)
    width = cell.width - 2 * side
    is_airy = height >= _LEAST_ROWS + 3
    head = _head(
        cell.card, facts, width, paper.text_styles, place, 2 if is_airy or cell.card is not YEAR else 1
    )
    if is_airy and len(head) < 3:
        head.append(Strip.blank(width))
    area = ChartArea(width, height - above - below - len(head), paper.text_styles, plot)
    inside = [*head, *_body(cell.card, facts, area)]
    blank = Strip.blank(side)
    strips = [Strip.blank(0)] * above
    strips += [Strip.join([blank, strip.adjust_cell_length(area.width), blank]) for strip in inside]
    strips += [Strip.blank(0)] * (height - len(strips))
    return [strip.adjust_cell_length(cell.width).apply_style(paper.card) for strip in strips[:height]]


def _head(
    card: Card, facts: Metrics, width: int, text_styles: TextStyles, place: str, lines: int
) -> list[Strip]:
    """Title and legend, then the numbers in at most `lines` rows."""
    title = pane_heading(card.title, text_styles)
    end = [Segment(place, text_styles.faint)] if place else []
    if card.lacks(facts):
        return [fit_row(width, [title], ("", text_styles.dim), end)]
    legend = card.legend(facts, ChartArea(width, 0, text_styles, None))
    full = [*legend, Segment("   "), *end] if legend and end else [*legend, *end]
    return [
        fit_row(width, [title], ("", text_styles.dim), full, end),
        *_numbers(card.says(facts), width, text_styles, lines),
    ]


def _body(card: Card, facts: Metrics, area: ChartArea) -> list[Strip]:
    lacking = card.lacks(facts)
    if not lacking:
        return card.draw(facts, area)
    lines = wrap(lacking, max(8, min(area.width, 64)), break_long_words=True)
    return [Strip([Segment(line, area.text_styles.dim)]) for line in lines]


def _numbers(said: Sequence[Metric], width: int, text_styles: TextStyles, lines: int) -> Iterator[Strip]:
    """Numbers and what they are, in at most `lines` rows; `…` where some have no area."""
    segments: list[Segment] = []
    at = 0
    for number, (value, words, is_late) in enumerate(said):
        gap = "   " if at else ""
        is_last_row, is_last = lines == 1, number == len(said) - 1
        if at and at + _cells(gap, value, words) > width - 2 * (is_last_row and not is_last):
            if is_last_row:
                yield Strip([*segments, Segment(" …", text_styles.dim)])
                return
            yield Strip(segments)
            segments, at, gap, lines = [], 0, "", lines - 1
        fitting = ellipsize(words, max(1, width - cell_len(value) - 1), cell_len)
        segments += [
            Segment(gap + value, text_styles.overdue if is_late else text_styles.strong),
            Segment(f" {fitting}", text_styles.dim),
        ]
        at += _cells(gap, value, fitting)
    yield Strip(segments)


def _cells(gap: str, value: str, words: str) -> int:
    return cell_len(f"{gap}{value} {words}")


def draw_tables(facts: Metrics, paper: PageStyle) -> RenderedPage:
    """The same numbers as plain tables."""
    side = 2 if paper.width >= MEDIUM else 1
    width = min(_TABLE_CELLS, paper.width - 2 * side)
    strips: list[Strip] = [Strip.blank(0)] if paper.width >= MEDIUM else []
    stops = []
    for card in CARDS:
        stops.append(len(strips))
        strips.append(Strip([pane_heading(card.title, paper.text_styles)]))
        lacking = card.lacks(facts)
        if lacking:
            strips += [Strip([Segment(line, paper.text_styles.dim)]) for line in wrap(lacking, max(8, width))]
        else:
            said = "; ".join(f"{one.value} {one.label}" for one in card.says(facts))
            strips += [Strip([Segment(line, paper.text_styles.dim)]) for line in wrap(said, max(8, width))]
            strips += _table(card.table(facts), width, paper.text_styles)
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
        ink = text_styles.faint if number == 0 else text_styles.text
        end = [Segment(value.rjust(cells), ink) for value, cells in zip(values, columns, strict=True)]
        yield fit_row(min(width, names + 1 + sum(columns)), [], (name, ink), end)
