"""The columns at the right edge of the tree: how much room each has, and what a row shows in them. Pure.

Every row of a note has its tags, priority, recurrence, date, bar and count at the same cells, right-aligned;
in a narrow pane, those of all rows without bar and count move over these two, to the right edge. Names and
dates may run into what is empty in their own row. Of a row that is too long, the columns get shorter first,
then what it has moves over the bar and the count if it has neither, and its tags and signs stand with its
name; the name is cut last.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from rich.cells import cell_len

NARROW = 48
"""Below so many cells tags stay in the text."""
_ROOMY = 64
"""From so many cells on, two cells are between columns, and no sign stands for a word beside a cut name."""
_WIDE = 100
"""From so many cells on, the longest forms of dates have their column."""
_BAR_CELLS = ((_WIDE, 10), (72, 8), (_ROOMY, 6))
"""How long bars are, from so many cells of the pane on."""
_SHORT_BAR, _SHORTEST_BAR = 6, 4
"""How long they are in smaller panes: without dates beside them, and with dates."""
_LEAST_DATE, _USUAL_DATE, _MOST_DATE = 9, 16, 28
_MOST_CELLS = 40
"""How long a date may be where the cells before its column are empty in its row."""
_LEAST_NAME = 12
"""A name has so many cells at least, if columns can be left out for it."""


class Column(IntEnum):
    """The columns, from left to right."""

    TAGS = 0
    PRIORITY = 1
    REPEATS = 2
    DATE = 3
    BAR = 4
    COUNT = 5


class ColumnNeeds(NamedTuple):
    """What the rows of a note have to show in the columns, in cells."""

    tag_cells: int = 0
    has_priority: bool = False
    has_repeats: bool = False
    dates: frozenset[tuple[int, ...]] = frozenset()
    """For each date, how long its forms are: longest first."""
    has_bars: bool = False
    count_cells: int = 0


class RowColumns(NamedTuple):
    """Where the columns of a pane are."""

    width: int
    """Cells of the pane."""
    cells: tuple[int, ...] = (0,) * len(Column)
    """How many cells each column has; 0 for one that is not shown."""

    @property
    def gap(self) -> int:
        """Cells between two columns, and between the name and the first of them."""
        return 2 if self.width >= _ROOMY else 1

    @property
    def is_narrow(self) -> bool:
        """Whether tags stay in the text."""
        return self.width < NARROW

    def end_of(self, column: Column) -> int:
        """The cell after the last one of `column`; the last cell of the pane stays empty."""
        after = [cells for cells in self.cells[column + 1 :] if cells]
        return self.width - 1 - sum(after) - self.gap * len(after)


def fit_columns(needs: ColumnNeeds, width: int) -> RowColumns:
    """The columns of a note in a pane of `width` cells. What no row needs takes no room."""
    cells = dict.fromkeys(Column, 0)
    cells[Column.COUNT] = needs.count_cells
    cells[Column.BAR] = _bar_cells(needs, width)
    cells[Column.DATE] = _date_cells(needs, width)
    cells[Column.PRIORITY] = int(needs.has_priority)
    cells[Column.REPEATS] = int(needs.has_repeats)
    if width >= NARROW:
        cells[Column.TAGS] = min(needs.tag_cells, width // 5)
    columns = RowColumns(width, tuple(cells.values()))
    for left_out in (Column.BAR, Column.TAGS, Column.REPEATS, Column.PRIORITY, Column.DATE, Column.COUNT):
        if _room_for_names(columns) >= _LEAST_NAME:
            break
        cells[left_out] = 0
        columns = columns._replace(cells=tuple(cells.values()))
    return columns


def _bar_cells(needs: ColumnNeeds, width: int) -> int:
    if not needs.has_bars:
        return 0
    if width < _ROOMY:
        return _SHORT_BAR if not needs.dates else _SHORTEST_BAR if width >= NARROW else 0
    return next(bar for least, bar in _BAR_CELLS if width >= least)


def _date_cells(needs: ColumnNeeds, width: int) -> int:
    most = max(_LEAST_DATE, min(width * 3 // 10 - 3, _MOST_DATE if width >= _WIDE else _USUAL_DATE))
    return max((_fitting(forms, most) for forms in needs.dates), default=0)


def _fitting(forms: Sequence[int], most: int) -> int:
    return next((cells for cells in forms if cells <= most), most)


def _room_for_names(columns: RowColumns) -> int:
    first = next((one for one in Column if columns.cells[one]), None)
    if first is None:
        return columns.width
    return columns.end_of(first) - columns.cells[first] - columns.gap


class Words(NamedTuple):
    """A piece of text in a column."""

    text: str
    style: str
    """The name of its style in `TextStyles`."""


Form = tuple[Words, ...]
"""One way to say something; empty where nothing is said."""


class CellForms(NamedTuple):
    """What one row shows in a column, from the longest form to the shortest."""

    forms: tuple[Form, ...]
    in_words: int = 0
    """How many of them are in words: the others are for narrow panes, and for names that else were cut."""


def form_cells(form: Form) -> int:
    """How long `form` is."""
    return sum(cell_len(words.text) for words in form)


class PlacedForm(NamedTuple):
    """A form in its column."""

    start: int
    """Its first cell in the row."""
    cells: int
    form: Form


def place_cells(
    columns: RowColumns, shown: Sequence[tuple[Column, CellForms]], name_end: int
) -> list[PlacedForm]:
    """What a row shows in its columns, from left to right; columns without room are left out.

    Args:
        columns: Where the columns are.
        shown: What there is to show, by column, from left to right.
        name_end: The cell after the row's name, were it shown whole.
    """
    last = max((column for column, _ in shown), default=Column.COUNT)
    can_move = last is Column.DATE or (last < Column.DATE and columns.width < _ROOMY)
    free = columns.width - 1 - columns.end_of(Column.DATE) if can_move else 0
    in_words: list[PlacedForm] = []
    in_signs: list[PlacedForm] = []
    for shift in (free,) if columns.width < _ROOMY else (0, free) if free else (0,):
        in_words = _placed(columns, shown, name_end, with_signs=False, shift=shift)
        if _fits(columns, in_words, name_end):
            return in_words
        in_signs = _placed(columns, shown, name_end, with_signs=True, shift=shift)
        if _fits(columns, in_signs, name_end):
            return in_signs
    return in_signs if columns.width < _ROOMY or free else in_words


def _fits(columns: RowColumns, placed: Sequence[PlacedForm], name_end: int) -> bool:
    return name_end <= (placed[0].start - columns.gap if placed else columns.width)


def _placed(
    columns: RowColumns,
    shown: Sequence[tuple[Column, CellForms]],
    name_end: int,
    *,
    with_signs: bool,
    shift: int = 0,
) -> list[PlacedForm]:
    """What is shown in words, or in signs too, all of it `shift` cells further right than its columns."""

    def end_of(column: Column) -> int:
        return columns.end_of(column) + shift

    placed: list[tuple[Column, list[tuple[int, Form]]]] = []
    for column, cell in shown:
        room = columns.cells[column]
        if room and not placed and len(cell.forms) > 1:  # What is empty before it is its own.
            room = max(room, min(_MOST_CELLS, end_of(column) - columns.gap - name_end))
        forms = [(cells, form) for form in cell.forms if (cells := form_cells(form)) <= room]
        words = [one for one in forms if one[1] in cell.forms[: cell.in_words]] if not with_signs else []
        if forms:
            placed.append((column, words or forms))
    at = 0
    while at < len(placed):
        column, forms = placed[at]
        cells = forms[0][0]
        if not cells:
            at += 1
        elif end_of(column) - cells - columns.gap < name_end and len(forms) > 1:
            del forms[0]
        else:
            break
    return [PlacedForm(end_of(column) - forms[0][0], *forms[0]) for column, forms in placed if forms[0][0]]
