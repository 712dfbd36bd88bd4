"""Parses the text of a note into a `Note`, with the items, tasks, parents and headings that Obsidian finds.

Pure; the caller decodes the bytes (UTF-8 with `surrogateescape`, so that no byte is lost).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from roadtui.core.links import TextBlock, find_links, lines_with_links
from roadtui.core.markdown.scanner import BlockScanner
from roadtui.core.note import Note

try:  # As `random` does: hashlib itself brings in OpenSSL, 2 ms on the way to the first screen.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from roadtui.core.merge_conflicts import MergeConflict


_BYTE_ORDER_MARK = "\ufeff"

_lines_with_ends = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+").findall

_line_end = re.compile(r"\r\n|\r|\n")


def split_lines(text: str) -> list[str]:
    """The lines of `text`, each with its line end; joined they are `text` again.

    Lines end at LF, CRLF and CR only (CommonMark 2.1). `str.splitlines` also splits at form feeds and at
    U+2028, where Obsidian does not.
    """
    return _lines_with_ends(text)


def split_byte_order_mark(text: str) -> tuple[str, str]:
    """The byte order mark that `text` begins with, empty where it has none, and the rest.

    The mark belongs to the file, and not to its first line, which can be moved or deleted.
    """
    body = text.removeprefix(_BYTE_ORDER_MARK)
    return text[: len(text) - len(body)], body


def parse(text: str) -> Note:
    """Parse `text`. Never raises: every text is a note. A byte order mark belongs to no line.

    The title of an underlined heading (setext) of several lines is joined by single spaces.
    """
    lines = _lines_without_ends(text)
    yaml_end = _frontmatter_end(lines)
    link_lines = lines_with_links(lines) if "[[" in text or "](" in text else frozenset[int]()
    scanner = BlockScanner(lines, link_lines=link_lines)
    scanner.run(yaml_end + 1 if yaml_end else 0)
    return Note(
        sections=tuple(scanner.sections),
        items=tuple(scanner.items),
        links=find_links(scanner.linked.blocks(), scanner.linked.comments()),
        frontmatter="\n".join(lines[1:yaml_end]) if yaml_end else None,
        line_count=len(lines),
        conflicts=_conflicts(text, lines),
    )


def text_blocks(text: str, numbers: Collection[int]) -> Iterator[TextBlock]:
    """The headings, paragraphs and tables of the note `text` with a line among `numbers`, from 0.

    Code, HTML, comments and frontmatter are in none of them.
    """
    lines = _lines_without_ends(text)
    yaml_end = _frontmatter_end(lines)
    scanner = BlockScanner(lines, link_lines=frozenset(numbers))
    scanner.run(yaml_end + 1 if yaml_end else 0)
    return scanner.linked.blocks()


def _lines_without_ends(text: str) -> list[str]:
    _, body = split_byte_order_mark(text)
    lines = body.split("\n") if "\r" not in body else _line_end.split(body)
    if not lines[-1]:
        lines.pop()
    return lines


def _conflicts(text: str, lines: list[str]) -> tuple[MergeConflict, ...]:
    if "<<<<<<<" not in text or ">>>>>>>" not in text:
        return ()
    from roadtui.core.merge_conflicts import find_conflicts  # Rarely needed for the first screen.

    return find_conflicts(lines)


def _frontmatter_end(lines: list[str]) -> int:
    """Number of the line that closes the frontmatter; 0 for a note without frontmatter."""
    if not lines or not lines[0].startswith("---") or lines[0].rstrip(" \t") != "---":
        return 0
    ends = (number for number, line in enumerate(lines) if number and line.rstrip(" \t") == "---")
    return next(ends, 0)


def content_hash(data: bytes) -> bytes:
    """A hash of a note's bytes (BLAKE2b, 16 bytes), by which states of notes are compared."""
    return blake2b(data, digest_size=16).digest()
