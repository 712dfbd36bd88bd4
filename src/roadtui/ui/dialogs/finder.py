"""A finder: searches all tasks, sections and notes of a vault while you type."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import ClassVar, Generic, NamedTuple, TypeVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, Static
from typing_extensions import override

from roadtui.core.line_text import line_text
from roadtui.core.note import ListItem, Section
from roadtui.core.query.text_match import fold, match_word
from roadtui.core.terminal_text import display_text, ellipsize
from roadtui.ui.command_table import Scope, bindings_in
from roadtui.ui.dialogs.anchor import DialogAnchor
from roadtui.ui.dialogs.floating import FloatingDialog
from roadtui.ui.messages import KeyRefused
from roadtui.ui.render import fit_markdown_row, fit_row
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.line_input import FinderLine
from roadtui.ui.widgets.line_list import LineList
from roadtui.ui.widgets.menu_list import MENU_INDENT
from roadtui.ui.workers import start_worker
from roadtui.vault.snapshot import VaultNote

Target = TypeVar("Target")

_MOST_CELLS = 200
"""Only so much of a longer text is searched."""
_CHECK_EVERY = 512
"""Candidates between two checks whether the result is still wanted."""


class SearchEntry(NamedTuple, Generic[Target]):
    """Something that can be found."""

    text: str
    """The text that is searched."""
    target: Target


class SearchResult(NamedTuple, Generic[Target]):
    """The best matches."""

    best: Sequence[Target]
    total: int
    """How many match."""


def matched_letters(query: str, text: str) -> list[int]:
    """The positions in `text` that the words of `query` match, ascending."""
    folded = fold(text)
    found = (match_word(word, folded) for word in fold(query).split())
    return sorted({at for match in found if match is not None for at in match.letters})


def fuzzy_search(
    query: str, candidates: Iterable[SearchEntry[Target]], most: int, is_wanted: Callable[[], bool]
) -> SearchResult[Target] | None:
    """The `most` best of `candidates` that all words of `query` match, best first; equal ones in their order.

    None where `is_wanted` says no before the end.
    """
    words = fold(query).split()
    hits: list[tuple[float, int, Target]] = []
    for number, entry in enumerate(candidates):
        if number % _CHECK_EVERY == 0 and not is_wanted():
            return None
        score = _score(words, fold(entry.text[:_MOST_CELLS]))
        if score is not None:
            hits.append((score, -number, entry.target))
    best = nlargest(most, hits, key=lambda hit: hit[:2])
    return SearchResult([target for _, _, target in best], len(hits))


def _score(words: Sequence[str], text: str) -> float | None:
    """How well all of `words` match `text`; None where one does not."""
    score = 0.0
    for word in words:
        found = match_word(word, text)
        if found is None:
            return None
        score += found.score
    return score


MOST_SHOWN = 50
_CELLS, _LINES = 72, 10
_WIDE = 48
"""Cells from which on the path gets half of a row, or more where the name leaves it."""
_BESIDE = 4
"""Cells around the path, and one that is left free beside the name."""


class FinderItem(NamedTuple):
    """A place in the vault: a note, or a section or an item of it, or one of its lines."""

    note: VaultNote
    content: Section | ListItem | None
    line: int | None = None
    """From 0; None where `content` says it."""


class FinderRow(NamedTuple):
    """The parts of a row."""

    sign: str
    """Two cells."""
    style: Style
    """Of the sign."""
    text: str
    path: str
    """Where it is; shown dim."""


class FinderResults(LineList, inherit_bindings=False):
    """The matches, best first."""

    DEFAULT_CSS = (
        "FinderResults { background: $panel; height: 1fr; overflow-y: auto; scrollbar-background: $panel; }"
    )

    @dataclass
    class Picked(Message):
        """A click on a row."""

    def __init__(self, row_of: Callable[[FinderItem], FinderRow]) -> None:
        super().__init__()
        self.can_focus = False
        self._row_of = row_of
        self._items: Sequence[FinderItem] = ()
        self._query = ""

    def show(self, items: Sequence[FinderItem], query: str) -> None:
        """Show what was found by `query`, best first."""
        self._items, self._query = items, query
        self.rows_changed()
        self.move_to(0)

    @property
    def current(self) -> FinderItem | None:
        """The row that enter takes."""
        return self._items[self.cursor] if self.cursor < len(self._items) else None

    @override
    def row_count(self) -> int:
        return len(self._items)

    @property
    @override
    def has_keys(self) -> bool:
        """True: the input above passes keys on."""
        return True

    @override
    def draw_row(self, row_: int, width: int, text_styles: TextStyles) -> Strip:
        row_of = self._row_of(self._items[row_])
        text = display_text(row_of.text)
        start = [Segment(" " * MENU_INDENT), Segment(row_of.sign, row_of.style)]
        is_note = self._items[row_].content is None
        name = cell_len(text if is_note else line_text(text).text)
        least = (width // 2 if width >= _WIDE else width // 3) - MENU_INDENT
        left = width - sum(segment.cell_length for segment in start) - name - _BESIDE
        path = ellipsize(display_text(row_of.path), max(0, least, left), cell_len)
        end = [Segment(f"  {path} ", text_styles.dim)] if path else []
        style = text_styles.strong if row_ == self.cursor else text_styles.text
        letters = matched_letters(self._query, text)
        fit = fit_row if is_note else fit_markdown_row
        return fit(width, start, (text, style), end, matched=(letters, text_styles.match))

    @override
    def clicked(self, row: int, x: int, *, is_double: bool) -> None:
        self.post_message(self.Picked())


class FuzzyFinder(FloatingDialog[FinderItem], inherit_bindings=False):
    """Dismissed with the item that was picked."""

    AUTO_FOCUS = "LineInput"
    DEFAULT_CSS = """
    FuzzyFinder {
        #line { height: 1; padding: 0 0 0 3; }
        #count { width: auto; color: $text-muted; background: $panel; padding: 0 2 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_in(Scope.DIALOG, Scope.FINDER)]

    def __init__(
        self,
        question: str,
        candidates: Callable[[], Sequence[SearchEntry[FinderItem]]],
        row_of: Callable[[FinderItem], FinderRow],
        anchor: DialogAnchor,
        text_styles: TextStyles,
    ) -> None:
        """Make a finder.

        Args:
            question: What is to be found: `Move “Alpha” to`.
            candidates: Lists what there is; called in a thread.
            row_of: Gives the row of an item.
            anchor: Where it opens.
            text_styles: The text styles of the theme.
        """
        super().__init__(question, anchor, text_styles)
        self._list = candidates
        self._listing: asyncio.Future[Sequence[SearchEntry[FinderItem]]] | None = None
        self._row_of = row_of
        self._wanted = 0
        """Number of the last search that was asked for."""
        self._shown = 0
        """Number of the search whose results are on the screen."""
        self._picks_next = False
        """Whether enter was pressed before the results came: the best one is picked then."""

    @override
    def content(self) -> ComposeResult:
        with Horizontal(id="line"):
            yield FinderLine("", "a few letters of it", selects=False)
            yield Static("", id="count")
        results = FinderResults(self._row_of)
        results.text_styles = self.text_styles
        yield results

    @property
    @override
    def size_wanted(self) -> Size:
        return Size(_CELLS, 1 + _LINES)

    def on_mount(self) -> None:
        """Open, and list the candidates in a thread."""
        self._listing = asyncio.ensure_future(asyncio.to_thread(self._list))
        self._search("")

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        self._search(message.value)

    def _search(self, query: str) -> None:
        self._wanted += 1
        self._picks_next = False
        start_worker(self, self._find, query, self._wanted, group="find")

    async def _find(self, query: str, number: int) -> None:
        assert self._listing is not None
        candidates = await self._listing
        found = await asyncio.to_thread(
            fuzzy_search, query, candidates, MOST_SHOWN, lambda: self._wanted == number
        )
        if found is not None and self._wanted == number and self.is_attached:
            self.query_one(FinderResults).show(found.best, query)
            count = f"{found.total:,} found" if found.total else "nothing found"
            self.query_one("#count", Static).update(Content(count))
            self._shown = number
            if self._picks_next:
                self._pick()

    def action_move(self, rows: int) -> None:
        """Move the cursor in the results."""
        results = self.query_one(FinderResults)
        reason = results.refusal("move", (rows,))
        if reason is None:
            results.action_move(rows)
        else:
            self.post_message(KeyRefused(reason))

    @on(Input.Submitted)
    @on(FinderResults.Picked)
    def _pick(self) -> None:
        self._picks_next = self._shown != self._wanted
        item = self.query_one(FinderResults).current
        if item is not None and not self._picks_next:
            self.answer(item)

    def on_unmount(self) -> None:
        """Close; a search that is still under way stops."""
        self._wanted += 1
