"""Collects the text of a note in which links may stand, while its blocks are scanned; pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from roadtui.core.links import TextBlock


class LinkedBlocks:
    """Paragraphs, headings and block comments that have one of the lines with a link."""

    __slots__ = ("_comments", "_index", "_lines", "_paragraphs", "lines")

    def __init__(self, text: Sequence[str], lines: Collection[int], index: Callable[[int, int], int]) -> None:
        """Collect nothing yet.

        Args:
            text: The lines of the note, without their ends.
            lines: The numbers of those that may have a link.
            index: Gives the index in a line, by its number, of a column once tabs are expanded.
        """
        self.lines = lines
        self._lines = text
        self._index = index
        self._paragraphs: list[list[tuple[int, int]]] = []
        self._comments: list[TextBlock] = []

    def add(self, paragraph: list[tuple[int, int]]) -> None:
        """Take in the open paragraph: for each of its lines the number and the column where its text starts.

        Lines that are added to the list later come along.
        """
        if not (self._paragraphs and self._paragraphs[-1] is paragraph):
            self._paragraphs.append(paragraph)

    def add_comment(self, number: int, start: int, end: int) -> None:
        """Take in what stands in a block comment from column `start` to `end`, if it may have a link."""
        if number in self.lines:
            text = self._lines[number][self._index(number, start) : self._index(number, end)]
            self._comments.append([(number, text)])

    def blocks(self) -> Iterator[TextBlock]:
        """The text of every paragraph and heading taken in, as it is on disk."""
        for paragraph in self._paragraphs:
            yield [
                (number, self._lines[number][self._index(number, column) :]) for number, column in paragraph
            ]

    def comments(self) -> Iterator[TextBlock]:
        """The text of every comment taken in."""
        yield from self._comments
