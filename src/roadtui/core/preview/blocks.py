"""The blocks of a rendered note: paragraphs, headings, code, tables, and the styled text in them. Pure."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from roadtui.core.styled_text import TextSpan


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
