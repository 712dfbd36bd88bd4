"""Draws the rows of the list of changes: when, what, to which task, where, and who it was, in columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from roadtui.core.line_text import plain_line
from roadtui.core.quantity import quantity
from roadtui.core.tasks.fields import read_fields
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.session.activity.listing import ListedEntry, ListedNote, note_name
from roadtui.session.activity.words import (
    SIGNS,
    author_words,
    moment_words,
    short_author_words,
    short_moment_words,
    where_from,
)
from roadtui.ui.render import NOTE_GLYPH, fit_row, fitted_path
from roadtui.ui.styles import TextStyles

_WIDE, _ROOMY = 110, 52
"""Cells from which the headings have a column, and from which what has happened is said in words."""
_MOST_WHERE = 30
_MOST_WHO = {_WIDE: 30, _ROOMY: 18, 0: 10}
"""Cells of the last column at most, by the width from which that holds."""
_STRUCK = Style(strike=True)


class ChangeColumns(NamedTuple):
    """How wide the columns of a list are, in cells; 0 for one that is left out."""

    width: int
    now: datetime
    """The present moment, with its zone."""
    when: int
    word: int
    where: int
    who: int

    @property
    def is_roomy(self) -> bool:
        """Whether words are long."""
        return self.width >= _ROOMY

    def when_words(self, row: ListedEntry) -> str:
        """When it was."""
        return (moment_words if self.width >= _WIDE else short_moment_words)(row.entry.at, self.now)


def fit_change_columns(rows: Iterable[ListedEntry], width: int, now: datetime) -> ChangeColumns:
    """The columns of `rows` in a list of `width` cells."""
    columns = ChangeColumns(width, now, 0, 0, 0, 0)
    for row in rows:
        columns = columns._replace(
            when=max(columns.when, len(columns.when_words(row))),
            word=max(columns.word, len(row.entry.word)) if width >= _ROOMY else 0,
            where=max(columns.where, cell_len(_where(row, _MOST_WHERE))) if width >= _WIDE else 0,
            who=max(columns.who, cell_len(_who(row, width))),
        )
    return columns


def note_row(note: ListedNote, width: int, text_styles: TextStyles) -> Strip:
    """The row above the changes of a note: its name, its folder, and how many they are."""
    folder = note.path.rpartition("/")[0]
    start = [Segment(f" {NOTE_GLYPH} ", text_styles.faint)]
    end = [Segment(f"{quantity(note.number, 'change')} ", text_styles.dim)]
    name = display_text(note_name(note.path))
    if not note.is_there:
        return fit_row(width, [*start, Segment(f"{name}  ", text_styles.dim)], ("gone", text_styles.due), end)
    if folder and cell_len(name) + cell_len(folder) + 20 < width:
        start.append(Segment(f"{name}  ", text_styles.strong))
        return fit_row(width, start, (f"{display_text(folder)}/", text_styles.faint), end)
    return fit_row(width, start, (name, text_styles.strong), end)


def change_row(
    row: ListedEntry, columns: ChangeColumns, text_styles: TextStyles, *, is_current: bool
) -> Strip:
    """The row of a change; what was not seen yet has a bullet, and comes forward."""
    listed = row.listed
    is_gone = listed.change.new is None
    told = text_styles.dim if listed.is_seen else text_styles.accent
    sign = SIGNS[listed.change.kind]
    word = f"{sign} {row.entry.word.ljust(columns.word)}" if columns.word else sign
    start = [
        Segment("▌" if is_current else " ", text_styles.accent),
        Segment("  " if listed.is_seen else "• ", told),
        Segment(f"{columns.when_words(row).rjust(columns.when)}  ", text_styles.dim),
        Segment(f"{word}  ", told),
    ]
    style = text_styles.dim if listed.is_seen else text_styles.text
    if is_current:
        style = text_styles.strong
    if is_gone:
        style = text_styles.faint + _STRUCK
    end = [Segment(f"{_who(row, columns.width).ljust(columns.who)} ", text_styles.dim)]
    if columns.where:
        where = _where(row, columns.where)
        cells = columns.where - cell_len(where)
        end.insert(0, Segment(f"{where}{' ' * cells}  ", text_styles.faint))
    return fit_row(columns.width, start, (_text(row), style), end)


def _text(row: ListedEntry) -> str:
    return plain_line(read_fields(row.entry.text).description or row.entry.text) or "…"


def _where(row: ListedEntry, cells: int) -> str:
    """The heading that it is below, or the note that it was moved from."""
    path = [plain_line(title) for title in row.entry.heading_path]
    return ellipsize(where_from(row.listed.change) or fitted_path(path, cells), cells, cell_len)


def _who(row: ListedEntry, width: int) -> str:
    author = row.listed.author
    most = next(most for least, most in _MOST_WHO.items() if width >= least)
    if width < _ROOMY or cell_len(author_words(author)) > most:
        return ellipsize(short_author_words(author), most, cell_len)
    words = author_words(author)
    with_commit = f"{words} {author.commit}" if author is not None and author.commit else words
    return with_commit if width >= _WIDE and cell_len(with_commit) <= most else words
