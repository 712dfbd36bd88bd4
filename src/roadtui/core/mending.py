"""Garbled text repaired in the file itself, not only on the screen, and put back again. Pure.

An edit of a roadmap is anchored at a task (`core.edit`). This one is not: what is garbled may be a heading in
a note without tasks, and all of a note is mended in one step. It holds the lines as they were seen, and is
made only where each of them still is what was seen; its inverse is of the same kind.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from roadtui.core.blocks import BlockScanner
from roadtui.core.errors import RefusedError
from roadtui.core.inline import Construct, constructs
from roadtui.core.markdown import parse, split_lines
from roadtui.core.repair import find_garbled

_NAME_OF_FILE = re.compile(r"\[\[(?:[^\[\]|#]|\](?!\]))*|\]\([^()#]*")
"""The part of a link that names the file, which may be called so."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line that is to become another; both without their line end."""

    line: int
    """From 0."""
    seen: str
    wanted: str


def garbled_lines(text: str) -> list[LineChange]:
    """The lines of `text` that hold garbled symbols, and what they would be.

    Headings, paragraphs, items, tables and the frontmatter are looked at. Code and comments are left alone,
    as who writes garbled text there may mean it; so is the name of the file that a link leads to.
    """
    if text.isascii():
        return []
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    garbled = [number for number, line in enumerate(lines) if find_garbled(line)]
    if not garbled:
        return []
    prose = _prose(text, lines, garbled)
    changes = [
        LineChange(number, lines[number], _mended(lines[number])) for number in garbled if number in prose
    ]
    return [change for change in changes if change.wanted != change.seen]


def _prose(text: str, lines: Sequence[str], wanted: Sequence[int]) -> set[int]:
    """Numbers of lines, of `wanted` at least, that are read as text or frontmatter."""
    yaml = parse(text).frontmatter
    body = yaml.count("\n") + 1 if yaml is not None else 0
    bom = lines[0][:1] if lines[0].startswith("\ufeff") else ""
    scanner = BlockScanner([lines[0][len(bom) :], *lines[1:]], bom=bom, link_lines=frozenset(wanted))
    scanner.run(body + 1 if yaml is not None else 0)
    blocks = {number for block in scanner.blocks_with_links() for number, _ in block}
    return blocks | set(range(1, body + 1))


def _mended(line: str) -> str:
    names = (found.span() for found in _NAME_OF_FILE.finditer(line))
    hidden = (
        (one.start, one.end) for one in constructs(line) if one.kind in (Construct.CODE, Construct.COMMENT)
    )
    kept = deque(sorted((*hidden, *names)))
    parts: list[str] = []
    at = 0
    for garbled in find_garbled(line):
        start, end = garbled.span
        while kept and kept[0][1] <= start:
            kept.popleft()
        if not kept or kept[0][0] >= end:
            parts += (line[at:start], garbled.shown)
            at = end
    return "".join((*parts, line[at:]))


def inverse(changes: Sequence[LineChange]) -> list[LineChange]:
    """What takes `changes` back."""
    return [LineChange(change.line, change.wanted, change.seen) for change in changes]


def make(changes: Sequence[LineChange], data: bytes) -> bytes:
    """Make `changes` in the bytes of a note. Every byte outside their lines stays, line ends included.

    Raises:
        RefusedError: a line is no longer as it was seen; nothing is changed then.
    """
    lines = split_lines(data.decode("utf-8", "surrogateescape"))
    for change in changes:
        now = lines[change.line] if change.line < len(lines) else None
        if now is None or now.rstrip("\r\n") != change.seen:
            raise RefusedError(f"Not changed: line {change.line + 1} of this note has been changed since.")
        lines[change.line] = change.wanted + now[len(change.seen) :]
    return "".join(lines).encode("utf-8", "surrogateescape")
