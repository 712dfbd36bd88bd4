"""Find the links in the text of a note: wikilinks, embeds, and Markdown links that lead to a file.

Works on one text block at a time, as inline marks cannot pair up across blocks. Code, HTML and its comments
hide what stands in them; `%%` comments do not (Obsidian has their links in its cache, backlinks and graph).
Linear in the text. Pure; resolving a link is the vault's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from urllib.parse import unquote

from roadtui.core.inline import Construct, constructs
from roadtui.core.note import Link

TextBlock = list[tuple[int, str]]
"""The lines of one heading, paragraph or table, each with its number: where inline marks may pair up."""

_is_url = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//").match


def lines_with_links(lines: Iterable[str]) -> frozenset[int]:
    """Numbers of the lines that may hold a link: a cheap look, which spares the other lines a close one."""
    return frozenset(number for number, line in enumerate(lines) if "[[" in line or "](" in line)


def find_links(*kinds: Iterable[TextBlock]) -> tuple[Link, ...]:
    """The links of all blocks, of whatever kind, in the order of their lines."""
    blocks = sorted(chain(*kinds), key=lambda block: block[0][0])
    return tuple(link for block in blocks for link in _links_of_block(block))


def _links_of_block(block: TextBlock) -> Iterator[Link]:
    text = "\n".join(line for _, line in block)
    line = before = 0
    for at, target, embed in sorted(_links_in(text)):
        line += text.count("\n", before, at)
        before = at
        yield Link(block[line][0], target, embed)


def _links_in(text: str) -> Iterator[tuple[int, str, bool]]:
    """Start, target and whether it is an embed, of every link; in the order in which they end."""
    for one in constructs(text):
        if one.kind is Construct.WIKILINK:
            yield one.start, one.target, one.embed
        elif one.kind is Construct.LINK:
            target = _decoded(one.target)
            if target and not _is_url(target):
                yield one.start, target, one.embed


def _decoded(destination: str) -> str:
    destination = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", destination)
    try:
        return unquote(destination, errors="strict")
    except UnicodeDecodeError:
        return destination
