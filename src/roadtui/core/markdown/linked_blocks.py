"""Collects the text of a note that may contain links, while its blocks are scanned. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from roadtui.core.links import TextBlock


class LinkedBlocks:
    """The paragraphs, headings and block comments with a line that may contain a link."""

    __slots__ = ("_comments", "_index", "_lines", "_paragraphs", "lines")

    def __init__(self, text: Sequence[str], lines: Collection[int], index: Callable[[int, int], int]) -> None:
        """Start without any blocks.

        Args:
            text: The lines of the note, without their ends.
            lines: The numbers of the lines that may contain a link.
            index: Maps a line number and a column, with tabs expanded, to the index in that line.
        """
        self.lines = lines
        self._lines = text
        self._index = index
        self._paragraphs: list[list[tuple[int, int]]] = []
        self._comments: list[TextBlock] = []

    def add(self, paragraph: list[tuple[int, int]]) -> None:
        """Add the open paragraph: for each of its lines the number and the column where its text starts.

        Lines that are appended to the list later are included.
        """
        if not (self._paragraphs and self._paragraphs[-1] is paragraph):
            self._paragraphs.append(paragraph)

    def add_comment(self, number: int, start: int, end: int) -> None:
        """Add the text of a block comment from column `start` to `end`, if the line may contain a link."""
        if number in self.lines:
            text = self._lines[number][self._index(number, start) : self._index(number, end)]
            self._comments.append([(number, text)])

    def blocks(self) -> Iterator[TextBlock]:
        """The text of every added paragraph and heading, as it is on disk."""
        for paragraph in self._paragraphs:
            yield [
                (number, self._lines[number][self._index(number, column) :]) for number, column in paragraph
            ]

    def comments(self) -> Iterator[TextBlock]:
        """The text of every added comment."""
        yield from self._comments
