"""Find the links in the text of a note: wikilinks, embeds, and Markdown links that lead to a file.

Works on one text block at a time, as inline marks cannot pair up across blocks. Code, HTML and its comments
hide what stands in them; `%%` comments do not (Obsidian has their links in its cache, backlinks and graph).
Linear in the text. Pure; resolving a link is the vault's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from roadtui.core.inline import Construct, Inline, constructs
from roadtui.core.note import Link

TextBlock = list[tuple[int, str]]
"""The lines of one heading, paragraph or table, each with its number: where inline marks may pair up."""

_is_url = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//").match


def lines_with_links(lines: Iterable[str]) -> frozenset[int]:
    """Numbers of the lines that may hold a link: a cheap look, which spares the other lines a close one."""
    return frozenset(number for number, line in enumerate(lines) if "[[" in line or "](" in line)


def find_links(blocks: Iterable[TextBlock], comments: Iterable[TextBlock]) -> tuple[Link, ...]:
    """The links of `blocks` and of `comments`, parts of blocks of comment, in the order of the text."""
    # What stands behind the end of a comment, on the same line, is a block of its own: comments first.
    both = [(block, True) for block in comments] + [(block, False) for block in blocks]
    both.sort(key=lambda one: one[0][0][0])
    return tuple(link for block, in_comment in both for link in _links_of_block(block, in_comment=in_comment))


def _links_of_block(block: TextBlock, *, in_comment: bool) -> Iterator[Link]:
    text = "\n".join(line for _, line in block)
    line = before = 0
    for one in sorted(_links_in(text), key=lambda one: one.start):
        line += text.count("\n", before, one.start)
        before = one.start
        yield Link(block[line][0], one.target, one.embed, in_comment or one.in_comment)


def _links_in(text: str) -> Iterator[Inline]:
    """Every link of `text` with its target decoded, in the order in which they end."""
    for one in constructs(text):
        if one.kind is Construct.WIKILINK:
            yield one
        elif one.kind is Construct.LINK:
            target = _decoded(one.target)
            if target and not _is_url(target):
                yield one._replace(target=target)


def _decoded(destination: str) -> str:
    destination = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", destination)
    try:
        return unquote(destination, errors="strict")
    except UnicodeDecodeError:
        return destination
