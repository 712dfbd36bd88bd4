"""The blocks of a rendered note: paragraphs, headings, code, tables, and the styled text in them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, IntFlag
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
    """Index in `Block.links`; -1 for text that is no link."""


def merged(spans: Iterable[TextSpan]) -> Iterator[TextSpan]:
    """`spans` with neighbours of the same look and link as one."""
    last: TextSpan | None = None
    for span in spans:
        if last is not None and (last.look, last.link) == (span.look, span.link):
            last = last._replace(text=last.text + span.text)
        else:
            if last is not None:
                yield last
            last = span
    if last is not None:
        yield last


class BlockKind(Enum):
    """The kinds of blocks."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    """Shown as written, line by line, below its label."""
    RULE = "thematic break"
    TABLE = "table"
    CALLOUT = "title of a callout"
    PROPERTY = "property of the note"
    NOTICE = "sentence of the program"


class LeadKind(Enum):
    """What stands at the left of a block."""

    BULLET = "bullet"
    NUMBER = "number"
    TASK = "checkbox"
    QUOTE = "quote"


class Lead(NamedTuple):
    """One list item or quote that a block is inside."""

    kind: LeadKind
    text: str = ""
    """The number with its point, the status symbol of a task, or the type of a callout."""
    is_first: bool = True
    """Whether the block is the first in the list item, so that its marker is shown."""


class Align(Enum):
    """The alignment of a table column."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


Cell = tuple[TextSpan, ...]


class Block(NamedTuple):
    """One block of a note."""

    kind: BlockKind
    start: int
    """The line of the note that it starts on, from 0."""
    end: int
    """The line after its last one."""
    spans: tuple[TextSpan, ...] = ()
    leads: tuple[Lead, ...] = ()
    """From the outermost to the innermost."""
    links: tuple[str, ...] = ()
    """The targets of the links to notes in it, as written, percent-decoded."""
    has_gap: bool = False
    """Whether a blank line is shown before it."""
    level: int = 0
    """Of a heading, 1 to 6."""
    label: str = ""
    """The language of code, the type of a callout, or the name of a property."""
    table: tuple[tuple[Cell, ...], ...] = ()
    """The rows of a table; the first is its header."""
    aligns: tuple[Align, ...] = ()
    """Of the columns of a table."""
