"""Reads the target of a link: note, headings and block, and finds the line that these name. Pure.

Source: Obsidian's API (`parseLinktext`, `stripHeading`, `resolveSubpath`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from roadtui.core.inline import Construct, constructs
from roadtui.core.markdown import split_lines, text_blocks
from roadtui.core.mojibake import repair
from roadtui.core.note import ListItem, Note, Section

_NOT_COMPARED = re.compile(r"[!\"#$%&()*+,.:;<=>?@^`{|}~/\[\]\\\s]+")
"""What Obsidian leaves out before it compares headings, as a link cannot hold all of it."""
_NOT_IN_LINKS = re.compile(r"[#|^:%\[\]\\\s]+")
"""What Obsidian leaves out of a heading when it writes a link to it."""
_BLOCK_ID = re.compile(r"(?:^|\s)\^([A-Za-z0-9-]+)\s*$")
_SCHEMES = ("http", "https", "mailto", "obsidian")
"""The schemes of addresses that other programs are asked to open; `file:` and others might run a program."""
_ADDRESS = re.compile(rf"(?<![A-Za-z0-9+.-])(?:{'|'.join(_SCHEMES)}):[!-~\u00a1-\U0010ffff]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?'\"*_~)]}>"
"""What ends a sentence or closes a bracket behind an address."""


class LinkTarget(NamedTuple):
    """The parts of a link's target."""

    note: str
    """The name or path of the note, as it is written; empty for the note that contains the link."""
    headings: tuple[str, ...] = ()
    """The heading, after those that it is nested in: `#A#B`."""
    block: str = ""
    """The id of a block, without `^`."""

    @classmethod
    def of(cls, target: str) -> LinkTarget:
        """Read `note#heading#heading` or `note#^block`."""
        name, _, subpath = target.partition("#")
        name, _, old_block = name.partition("^")
        parts = [part.strip() for part in subpath.split("#") if part.strip()]
        blocks = [part[1:] for part in parts if part.startswith("^")] or [old_block.strip()]
        return cls(name.strip(), tuple(part for part in parts if not part.startswith("^")), blocks[-1])


def find_heading(note: Note, headings: Sequence[str]) -> Section | None:
    """The section that `headings` name; each but the first is nested in the one before it.

    Upper and lower case are equal, and so are text with mojibake and the same text repaired.
    """
    wanted = [_compared(heading) for heading in headings]
    level = at = 0
    for section in note.sections[1:]:
        if section.level > level and at < len(wanted) and _compared(section.title) == wanted[at]:
            if at == len(wanted) - 1:
                return section
            at, level = at + 1, section.level
    return None


def _compared(heading: str) -> str:
    return _NOT_COMPARED.sub(" ", repair(heading)).strip().casefold()


def find_content(note: Note, target: LinkTarget) -> Section | ListItem | None:
    """The heading or list item of `note` that `target` names; None where it names neither of these."""
    if target.block:
        wanted = target.block.casefold()
        return next((item for item in note.items if block_id(item.source).casefold() == wanted), None)
    return find_heading(note, target.headings) if target.headings else None


def heading_subpath(section: Section) -> str:
    """`#A#B`, by which a link to `section` names it; empty for the part before the first heading."""
    titles = (_NOT_IN_LINKS.sub(" ", title).strip() for title in section.heading_path)
    return "".join(f"#{title}" for title in titles if title)


def block_id(line: str) -> str:
    """The id of the block that ends with `line`; empty if it has none."""
    found = _BLOCK_ID.search(line)
    return found[1] if found else ""


def find_block(text: str, block: str) -> int | None:
    """The first line, from 0, of the block with the id `block` in the note `text`; None if there is none.

    The id is at the end of the block, or on a line of its own below it, for lists and quotes.
    """
    lines = split_lines(text)
    wanted = block.casefold()
    numbers = [number for number, line in enumerate(lines) if block_id(line).casefold() == wanted]
    if not wanted or not numbers:
        return None
    for found in text_blocks(text, numbers):
        last, end = found[-1]
        if last in numbers:
            return (
                _above(lines, last) if len(found) == 1 and end.strip() == f"^{block_id(end)}" else found[0][0]
            )
    return None


def _above(lines: Sequence[str], line: int) -> int:
    """The first line of what is above the blank lines above `line`; `line` itself if nothing is there."""
    end = next((at for at in range(line - 1, -1, -1) if lines[at].strip()), None)
    if end is None:
        return line
    return next((at + 1 for at in range(end, -1, -1) if not lines[at].strip()), 0)


def is_address(target: str) -> bool:
    """Whether `target` is an address that another program may be asked to open, and not a note."""
    return _ADDRESS.fullmatch(target) is not None


def addresses(text: str) -> Iterator[str]:
    """The addresses in `text`, a block of one or more lines: of Markdown links, in `<…>`, and bare ones."""
    hidden: list[tuple[int, int]] = []
    for one in constructs(text):
        hidden.append((one.start, one.end))
        inner = text[one.start + 1 : one.end - 1]
        target = one.target if one.kind is Construct.LINK else inner if one.kind is Construct.HTML else ""
        if not one.in_comment and is_address(target):
            yield target
    for found in _ADDRESS.finditer(text):
        if not any(start <= found.start() < end for start, end in hidden):
            yield _without_end(found[0])


def _without_end(address: str) -> str:
    """`address` without the punctuation behind it; a parenthesis that it opens itself belongs to it."""
    while address[-1] in _AFTER_ADDRESS and not (
        address[-1] == ")" and address.count("(") >= address.count(")")
    ):
        address = address[:-1]
    return address
