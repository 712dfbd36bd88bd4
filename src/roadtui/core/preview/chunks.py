"""Divides a note into chunks that are parsed and shown on their own, so that long notes open at once. Pure.

A chunk begins at a heading, a list item, or a paragraph after a blank line. Where it begins with a nested
list item, the lines of the items around it are parsed with it and left out of the result.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

from roadtui.core.markdown.grammar import DEFINITION
from roadtui.core.note import ListItem, Note
from roadtui.core.patterns import LazyPattern

_LEAST_LINES = 32
"""A chunk has at least so many lines, unless the note ends."""
_USUAL_LINES = 96
"""From so many lines on without a heading or an item, a chunk may begin with any paragraph."""
_MOST_LINES = 1_000
_MOST_CHARACTERS = 60_000
"""The most of a chunk that is shown; only a single block can be longer."""
_MOST_IN_LINE = 20_000
"""The most characters of a line that are shown."""

_line_end = re.compile(r"\r\n|\r|\n")
_QUOTE_MARKS = LazyPattern(r"[ \t]*(?:>[ \t]?)+")
_FENCE = LazyPattern(r"[ \t>]*(?:[-+*][ \t]+|\d{1,9}[.)][ \t]+)*(`{3,}(?=[^`]*$)|~{3,})")


class Chunk(NamedTuple):
    """The part of a note that is parsed at once."""

    start: int
    """Its first line, from 0."""
    end: int
    """The line after its last."""
    context: tuple[int, ...] = ()
    """Numbers of the lines of the list items around its first line, outermost first."""


class ChunkText(NamedTuple):
    """The lines of a chunk as they are parsed: comments are blank, and what is too long is cut."""

    lines: list[str]
    numbers: list[int]
    """The number in the note of each of `lines`; -1 for those that only give context."""
    lines_cut: int
    """How many lines at the end are left out."""


class NoteLines:
    """The text of one note, divided into chunks."""

    def __init__(self, text: str, note: Note) -> None:
        """Divide `text`, of which `note` is the parse."""
        lines = _line_end.split(text.removeprefix("\ufeff"))
        if not lines[-1]:
            lines.pop()
        self.lines = lines
        self.frontmatter_end = _frontmatter_end(lines) if note.frontmatter is not None else 0
        """The line after the frontmatter; 0 without one."""
        self.chunks = list(_chunks(lines, note, self.frontmatter_end))
        self._starts = [chunk.start for chunk in self.chunks]
        self.definitions = _definitions(lines, self.frontmatter_end) if "]:" in text else ""
        """The lines that define the targets of reference links."""

    def chunk_at(self, line: int) -> int:
        """The index of the chunk that contains `line`; that of the first or last where there is none."""
        return max(0, bisect_right(self._starts, line) - 1)

    def text_of(self, chunk: Chunk) -> ChunkText:
        """The text of `chunk` as it is parsed."""
        lines: list[str] = []
        numbers: list[int] = []
        for number in chunk.context:
            lines += [_cut(self.lines[number]), _blank_between(self.lines[number])]
            numbers += [-1, -1]
        characters = 0
        for number, state, line in _states(self.lines, chunk.start, chunk.end):
            shown = _shown(state, _cut(line))
            characters += len(shown)
            if number - chunk.start >= _MOST_LINES or characters > _MOST_CHARACTERS:
                return ChunkText(lines, numbers, chunk.end - number)
            lines.append(shown)
            numbers.append(number)
        return ChunkText(lines, numbers, 0)


def _frontmatter_end(lines: Sequence[str]) -> int:
    ends = (number for number, line in enumerate(lines) if number and line.rstrip(" \t") == "---")
    return next(ends, -1) + 1


def _chunks(lines: Sequence[str], note: Note, start: int) -> Iterator[Chunk]:
    if start:
        yield Chunk(0, start)
    context: tuple[int, ...] = ()
    for line, item in _boundaries(lines, note):
        is_end = line == len(lines)
        if line - start < _LEAST_LINES and not is_end:
            continue
        for inner in _paragraph_starts(lines, start, line):
            yield Chunk(start, inner, context)
            start, context = inner, ()
        if line > start and (is_end or line - start >= _LEAST_LINES):
            yield Chunk(start, line, context)
            start = line
            around = {one.line for one in item.ancestors if one.line < line} if item is not None else ()
            context = tuple(sorted(around))


def _boundaries(lines: Sequence[str], note: Note) -> Iterator[tuple[int, ListItem | None]]:
    """The lines on which a heading or a list item starts, with the item, and the end of the note."""
    items: dict[int, ListItem | None] = {one.line: one for one in reversed(note.items)}
    items |= {one.line: None for one in note.sections[1:] if lines[one.line].startswith("#")}
    yield from sorted(items.items(), key=lambda entry: entry[0])
    yield len(lines), None


def _definitions(lines: Sequence[str], start: int) -> str:
    states = _states(lines, start, len(lines))
    return "\n".join(line for _, state, line in states if state is _State.DEFINITION)


def _paragraph_starts(lines: Sequence[str], start: int, end: int) -> Iterator[int]:
    """Where the lines from `start` to `end`, if they are many, can be divided before a paragraph."""
    if end - start < _USUAL_LINES:
        return
    last = start
    is_after_blank = False
    for number, state, line in _states(lines, start, end):
        if state is _State.TEXT:
            is_far = number - last >= _LEAST_LINES
            if is_after_blank and is_far and line[:1].strip() and end - number >= _LEAST_LINES:
                yield number
                last = number
            is_after_blank = not line.strip()
        else:
            is_after_blank = False


class _State(Enum):
    """What a line is a part of."""

    TEXT = "text"
    CODE = "code"
    COMMENT = "comment"
    FORMULA = "formula"
    FORMULA_START = "the `$$` above a formula"
    FORMULA_END = "the `$$` below a formula"
    DEFINITION = "the target of reference links"
    HTML = "HTML comment"


def _states(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, _State, str]]:
    """Number, state and shown part of each line; `start` is no part of a block that began before it."""
    state, closing = _State.TEXT, ""
    may_define = True
    for number in range(start, end):
        line = lines[number]
        bare = line.strip()
        if state is _State.TEXT and may_define and bare.startswith("[") and DEFINITION.match(bare):
            yield number, _State.DEFINITION, line
            continue
        may_define = not bare or bare.startswith("[^")
        if state is _State.TEXT:
            if fence := _FENCE.match(line):
                state, closing = _State.CODE, fence[1]
                yield number, state, line
            elif bare.startswith("%%") and "%%" not in bare[2:]:
                state = _State.COMMENT
                yield number, state, ""
            elif bare == "$$":
                state = _State.FORMULA
                yield number, _State.FORMULA_START, line
            elif bare.startswith("<!--") and "-->" not in bare:
                state = _State.HTML
                yield number, state, line
            else:
                yield number, state, line
        elif state is _State.CODE:
            yield number, state, line
            run = bare.lstrip("> \t")
            if len(run) >= len(closing) and not run.strip(closing[0]):
                state = _State.TEXT
        elif state is _State.COMMENT:
            _, mark, after = line.partition("%%")
            yield number, state, after
            state = _State.TEXT if mark else state
        elif state is _State.FORMULA:
            is_end = bare == "$$"
            yield number, _State.FORMULA_END if is_end else state, line
            state = _State.TEXT if is_end else state
        else:
            yield number, state, line
            state = _State.TEXT if "-->" in line else state


FORMULA_LANGUAGE = "math"
_FORMULA_FENCE = "~" * 9


def _shown(state: _State, line: str) -> str:
    """A line as it is parsed. The `$$` around a formula become fences of code, which keep it as written."""
    if state is _State.FORMULA_START:
        return line.replace("$$", f"{_FORMULA_FENCE} {FORMULA_LANGUAGE}")
    if state is _State.FORMULA_END:
        return line.replace("$$", _FORMULA_FENCE)
    return "" if state is _State.DEFINITION else line


def _cut(line: str) -> str:
    if len(line) <= _MOST_IN_LINE:
        return line
    return f"{line[:_MOST_IN_LINE]} … {len(line) - _MOST_IN_LINE:,} more characters"


def _blank_between(line: str) -> str:
    """A blank line after `line` that ends its paragraph, and neither its list nor its quote."""
    marks = _QUOTE_MARKS.match(line)
    return marks[0].rstrip() if marks else ""
