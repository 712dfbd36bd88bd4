"""Find the links in the text of a note: wikilinks, embeds, and Markdown links that lead to a file.

Works on one text block at a time, as inline marks cannot pair up across blocks. Code, HTML and its comments
hide what stands in them; `%%` comments do not (Obsidian has their links in its cache, backlinks and graph).
Linear in the text. Pure; resolving a link is the vault's business.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from unicodedata import normalize
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


class LinkResolver:
    """The paths of one vault, ready to be linked to. Case does not matter, nor does `.md`."""

    __slots__ = ("_by_name", "_by_path")

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_path: dict[str, str] = {}
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            key = _key(path)
            self._by_path.setdefault(key, path)
            self._by_name[posixpath.basename(key)].append(path)

    def resolve(self, target: str, source: str) -> str | None:
        """The path of the note that `target`, standing in the note `source`, names; None where there is none.

        By full path first, then relative to the folder of `source`, then by the end of the path: of several,
        the one whose path is the shortest text (Obsidian: `getFirstLinkpathDest`).
        """
        found = self.candidates(target, source)
        return found[0] if found else None

    def candidates(self, target: str, source: str) -> list[str]:
        """Every note that `target` may mean, the one that Obsidian opens first."""
        return [path for _, path in self._ranked(target, source)]

    def rivals(self, target: str, source: str) -> list[str]:
        """The notes that `target` may mean with equal right: several only where their paths are equally long.

        A full path and a note that is named from the folder of `source` have no rival.
        """
        found = self._ranked(target, source)
        return [path for rank, path in found if rank == found[0][0]]

    def _ranked(self, target: str, source: str) -> list[tuple[_Rank, str]]:
        name = target.partition("#")[0].partition("^")[0].strip()
        if not name:
            return [(_BEST, source)]
        folder = posixpath.dirname(source)
        if name.startswith(("./", "../")):
            joined = posixpath.normpath(posixpath.join(folder, name))
            exact = self._by_path.get(_key(joined))
            return [(_BEST, exact)] if exact is not None else []
        key = _key(name.lstrip("/"))
        exact = self._by_path.get(key)
        relative = _key(posixpath.join(folder, name.lstrip("/")))
        among = self._by_name.get(posixpath.basename(key), ())
        return sorted(
            (_Rank(path != exact, _key(path) != relative, _length(path)), path)
            for path in among
            if _ends_with(_key(path), key)
        )


class _Rank(NamedTuple):
    """What decides which of several notes a link leads to; the smallest wins."""

    is_not_exact: bool
    is_not_beside: bool
    length: int


_BEST = _Rank(is_not_exact=False, is_not_beside=False, length=0)


def _length(path: str) -> int:
    """How long `path` is for Obsidian, which counts UTF-16."""
    return len(path) + sum(char > "\uffff" for char in path)


def _key(path: str) -> str:
    # In lower case and not case-folded: `Maße` and `Masse` are two notes. Composed: macOS takes `é` apart.
    return (path if path.isascii() else normalize("NFC", path)).lower().removesuffix(".md")


def _ends_with(path: str, ending: str) -> bool:
    return path == ending or path.endswith(f"/{ending}")


def reachable(start: str, links: Mapping[str, Iterable[str]]) -> set[str]:
    """Every note that `start` leads to over `links`, itself left out. Cycles are harmless."""
    seen = {start}
    waiting = [start]
    while waiting:
        for target in links.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen - {start}
