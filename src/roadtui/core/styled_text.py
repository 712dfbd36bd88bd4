"""Pieces of text, each with the look that Markdown gives it: bold, code, the text of a link. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntFlag
from typing import NamedTuple


class Look(IntFlag):
    """How a piece of text is shown; several can hold at once."""

    PLAIN = 0
    STRONG = 1
    EMPHASIS = 2
    STRUCK = 4
    CODE = 8
    HIGHLIGHT = 16
    TAG = 32
    QUIET = 64
    """Text that stands for something else, or is less important: labels, HTML, footnote marks."""
    FOLLOWED = 128
    """The text of a link to a note."""
    ADDRESS = 256
    """The text of a link to an address outside of the vault."""
    KEYWORD = 512
    LITERAL = 1024
    REMARK = 2048
    """A comment in code."""


class TextSpan(NamedTuple):
    """A piece of text with one look. A line break in it is a line break on the screen."""

    text: str
    """As it is in the note: neither repaired nor escaped."""
    look: Look = Look.PLAIN
    link: int = -1
    """Index of its link in the list of links beside it; -1 for text that is no link."""
    source: int = -1
    """Index of its first character in the Markdown; -1 for text that is not written there like this."""


def merged(spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
    """`spans` with neighbours of the same look and link as one. Where they were in the Markdown is lost."""
    last: TextSpan | None = None
    for span in spans:
        if last is not None and (last.look, last.link) == (span.look, span.link):
            last = last._replace(text=last.text + span.text)
        else:
            if last is not None:
                yield last
            last = span._replace(source=-1)
    if last is not None:
        yield last
