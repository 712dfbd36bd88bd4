"""A note in the preview: which part of it is on which row. Parts are drawn when they are needed first.

A part that is not drawn yet counts as many rows as it has lines. Drawing is slow enough for a thread.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import NamedTuple

from roadtui.core.preview.blocks import Block, LeadKind
from roadtui.core.tasks.status import StatusRegistry
from roadtui.session.preview_notes import PreviewNote
from roadtui.ui.styles import TextStyles
from roadtui.ui.widgets.preview.lines import (
    LinkArea,
    PreviewLine,
    PreviewStyle,
    RenderedChunk,
    draw_blocks,
)

_MOST_KEPT = 200
"""So many parts stay drawn; those farthest from the rows that are shown are dropped first."""


class LinkPosition(NamedTuple):
    """One link of the note."""

    chunk: int
    number: int
    """Its index in the chunk."""


class RowPosition(NamedTuple):
    """A row, by the part of the note that it is in: it stays when other parts are drawn."""

    chunk: int
    row: int


class PreviewDocument:
    """The rows of one note at one width, in one theme."""

    def __init__(
        self, note: PreviewNote, width: int, text_styles: TextStyles, statuses: StatusRegistry
    ) -> None:
        self.note = note
        self.style = PreviewStyle(width, text_styles, statuses, note.leads_somewhere)
        self._chunks = note.parser.note_lines.chunks
        self._drawn: dict[int, RenderedChunk] = {}
        self._symbols: Mapping[int, str] = {}
        self._heights = [chunk.end - chunk.start for chunk in self._chunks]
        self._tops = [0]
        self._add_up()
        with_links = {self._chunk_of(link.line) for link in note.note.links}
        self._with_links = sorted(with_links) if self._chunks else []

    def _add_up(self) -> None:
        self._tops = [0, *accumulate(self._heights)]

    def _chunk_of(self, line: int) -> int:
        return self.note.parser.note_lines.chunk_at(line)

    @property
    def height(self) -> int:
        """How many rows there are, as far as known."""
        return self._tops[-1]

    # Drawing

    def draw(self, chunks: Iterable[int]) -> dict[int, RenderedChunk]:
        """Draw parts of the note. Changes nothing, so that it can run in a thread."""
        parser, symbols = self.note.parser, self._symbols
        return {
            at: draw_blocks(
                [_with_symbol(block, symbols) for block in parser.blocks(self._chunks[at])], self.style
            )
            for at in chunks
            if at < len(self._chunks)
        }

    def set_symbols(self, symbols: Mapping[int, str]) -> list[int]:
        """Have status symbols, by line, drawn ahead of the note; gives the parts to draw anew."""
        before, self._symbols = self._symbols, symbols
        lines = {line for line in (*before, *symbols) if before.get(line) != symbols.get(line)}
        return sorted({self._chunk_of(line) for line in lines} & self._drawn.keys())

    def add(self, drawn: Mapping[int, RenderedChunk]) -> None:
        """Take what was drawn. Rows below move where a part is not as high as it was taken to be."""
        self._drawn.update(drawn)
        if len(self._drawn) > _MOST_KEPT:
            near = next(iter(drawn), 0)
            others = sorted(self._drawn.keys() - drawn.keys(), key=lambda at: abs(at - near))
            for at in others[_MOST_KEPT // 2 :]:
                del self._drawn[at]
        for at, chunk in drawn.items():
            self._heights[at] = len(chunk.lines)
        self._add_up()

    def missing(self, start: int, end: int) -> list[int]:
        """The parts between the rows `start` and `end` that are not drawn."""
        if not self._chunks:
            return []
        first, last = (self._chunk_at(max(0, min(row, self.height - 1))) for row in (start, end))
        return [at for at in range(first, last + 1) if at not in self._drawn]

    def around(self, line: int, height: int) -> list[int]:
        """The parts to draw first, to show `line` of the note in a pane of `height` rows."""
        at = self._chunk_of(line)
        return [one for one in range(at - 1, at + 2 + height // 32) if 0 <= one < len(self._chunks)]

    # Rows

    def _chunk_at(self, row: int) -> int:
        return min(bisect_right(self._tops, row) - 1, len(self._chunks) - 1)

    def line_at(self, row: int) -> PreviewLine | None:
        """What is on `row`; None where nothing is, or nothing is drawn yet."""
        if not 0 <= row < self.height:
            return None
        at = self._chunk_at(row)
        chunk = self._drawn.get(at)
        below = row - self._tops[at]
        return chunk.lines[below] if chunk is not None and below < len(chunk.lines) else None

    def line_before(self, row: int) -> int | None:
        """The line of the note that is shown on `row`, or on the nearest row above."""
        for above in range(row, -1, -1):
            line = self.line_at(above)
            if line is None or line.start >= 0:
                return line.start if line is not None else None
        return None

    def position(self, row: int) -> RowPosition:
        """The position of `row`."""
        at = self._chunk_at(row) if self._chunks else 0
        return RowPosition(at, row - self._tops[at])

    def row(self, position: RowPosition) -> int:
        """The row at `position`."""
        at = min(position.chunk, len(self._tops) - 1)
        return self._tops[at] + position.row

    def rows_of(self, line: int) -> range | None:
        """The rows that show `line` of the note; None while they are not drawn."""
        at = self._chunk_of(line)
        chunk = self._drawn.get(at)
        if chunk is None:
            return None
        rows = chunk.rows_of(line)
        return range(self._tops[at] + rows.start, self._tops[at] + rows.stop)

    # Links

    def target(self, link: LinkPosition) -> str | None:
        """The target of `link`; None while its part is not drawn."""
        chunk = self._drawn.get(link.chunk)
        return chunk.links[link.number] if chunk is not None else None

    def link_at(self, row: int, cell: int) -> LinkPosition | None:
        """The link at `cell` of `row`."""
        line = self.line_at(row)
        areas = line.links if line is not None else ()
        number = next((area.number for area in areas if area.start <= cell < area.end), None)
        return LinkPosition(self._chunk_at(row), number) if number is not None else None

    def links_in(self, start: int, end: int) -> list[LinkPosition]:
        """The links that begin between the rows `start` and `end`, in order."""
        found: dict[LinkPosition, None] = {}
        for row in range(start, end):
            line = self.line_at(row)
            for area in line.links if line is not None else ():
                found[LinkPosition(self._chunk_at(row), area.number)] = None
        return list(found)

    def next_link(self, link: LinkPosition | None, start: int, step: int) -> LinkPosition | None:
        """The link after `link`, or before it if `step` is negative; without one, that after row `start`.

        Draws the parts that it looks at.
        """
        if link is not None:
            number = link.number + step
            chunk = self._drawn.get(link.chunk)
            if chunk is not None and 0 <= number < len(chunk.links):
                return LinkPosition(link.chunk, number)
            chunks = self._chunks_beyond(link.chunk, step)
        else:
            chunks = self._chunks_beyond(self._chunk_at(start) - step, step) if self._chunks else iter(())
        for at in chunks:
            if at not in self._drawn:
                self.add(self.draw([at]))
            count = len(self._drawn[at].links)
            if count:
                return LinkPosition(at, 0 if step > 0 else count - 1)
        return None

    def _chunks_beyond(self, chunk: int, step: int) -> Iterator[int]:
        if step > 0:
            return (at for at in self._with_links if at > chunk)
        return (at for at in reversed(self._with_links) if at < chunk)

    def rows_of_link(self, link: LinkPosition) -> list[tuple[int, LinkArea]]:
        """The rows that `link` is on, with its place on each."""
        chunk = self._drawn.get(link.chunk)
        lines = chunk.lines if chunk is not None else ()
        top = self._tops[link.chunk]
        return [
            (top + row, area)
            for row, line in enumerate(lines)
            for area in line.links
            if area.number == link.number
        ]


def _with_symbol(block: Block, symbols: Mapping[int, str]) -> Block:
    """`block` with the status symbol that is to be shown for its line."""
    symbol = symbols.get(block.start)
    if symbol is None or not block.leads or block.leads[-1].kind is not LeadKind.TASK:
        return block
    return block._replace(leads=(*block.leads[:-1], block.leads[-1]._replace(text=symbol)))
