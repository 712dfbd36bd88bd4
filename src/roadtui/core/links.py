"""Finds the links of a note (wikilinks, embeds, and Markdown links to files), and resolves them to paths.

Works on one text block at a time, as inline markup does not reach across blocks. Links in code, HTML and HTML
comments do not count; those in `%%` comments do (Obsidian has them in its cache, backlinks and graph). Linear
in the text. A `LinkTable` keeps what was resolved while a vault changes. Pure.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol
from unicodedata import normalize
from urllib.parse import unquote

from roadtui.core.inline import Construct, Inline, constructs
from roadtui.core.note import Link, ListItem, Note, Section

TextBlock = list[tuple[int, str]]
"""The lines of one heading, paragraph or table, each with its number."""

_is_url = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//").match


def lines_with_links(lines: Iterable[str]) -> frozenset[int]:
    """Numbers of the lines that may contain a link: a cheap check, so that other lines need not be parsed."""
    return frozenset(number for number, line in enumerate(lines) if "[[" in line or "](" in line)


def find_links(blocks: Iterable[TextBlock], comments: Iterable[TextBlock]) -> tuple[Link, ...]:
    """The links in `blocks` of text and in block `comments`, in the order of the text."""
    # Text after the end of a comment, on the same line, is a block of its own: comments come first.
    all_blocks = [(block, True) for block in comments] + [(block, False) for block in blocks]
    all_blocks.sort(key=lambda entry: entry[0][0][0])
    return tuple(
        link for block, in_comment in all_blocks for link in _links_of_block(block, in_comment=in_comment)
    )


def _links_of_block(block: TextBlock, *, in_comment: bool) -> Iterator[Link]:
    text = "\n".join(line for _, line in block)
    line = before = 0
    for inline in sorted(_links_in(text), key=lambda inline: inline.start):
        line += text.count("\n", before, inline.start)
        before = inline.start
        yield Link(block[line][0], inline.target, inline.embed, in_comment or inline.in_comment)


def _links_in(text: str) -> Iterator[Inline]:
    """Every link in `text` with its target decoded, in the order in which they end."""
    for inline in constructs(text):
        if inline.kind is Construct.WIKILINK:
            yield inline
        elif inline.kind is Construct.LINK:
            target = _decoded(inline.target)
            if target and not _is_url(target):
                yield inline._replace(target=target)


def _decoded(destination: str) -> str:
    destination = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", destination)
    try:
        return unquote(destination, errors="strict")
    except UnicodeDecodeError:
        return destination


_starts_address = re.compile(r"(?:https?|mailto|obsidian):", re.IGNORECASE).search


def own_lines(note: Note, content: Section | ListItem) -> range:
    """The line of `content`, and the lines up to the next item or heading: text of its own, or below it.

    For a heading, its line alone.
    """
    if isinstance(content, Section):
        return range(content.line, content.line + 1)
    items = (note.items[at].line for at in range(content.index + 1, len(note.items)))
    ends = [next((line for line in items if line > content.line), note.line_count)]
    at = bisect_left(note.sections, content.line, key=lambda section: section.line)
    ends += [section.line for section in note.sections[at : at + 1]]
    return range(content.line, max(content.line + 1, min(ends)))


def links_on(note: Note, lines: range) -> list[Link]:
    """The links on `lines`, without those in comments, which Obsidian does not show."""
    start = bisect_left(note.links, lines.start, key=lambda link: link.line)
    end = bisect_left(note.links, lines.stop, key=lambda link: link.line)
    return [link for link in note.links[start:end] if not link.in_comment]


def may_have_links(note: Note, content: Section | ListItem) -> bool:
    """Whether `content` may have a link or an address: a quick check for each move of the cursor.

    It takes the text below a list for a part of its last item.
    """
    text = content.title if isinstance(content, Section) else content.source
    return bool(links_on(note, own_lines(note, content))) or _starts_address(text) is not None


class LinkResolver:
    """Resolves links to the paths of one vault. Upper and lower case are equal, and `.md` is optional."""

    __slots__ = ("_by_name", "_by_path")

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_path: dict[str, str] = {}
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for path in paths:
            key = _key(path)
            self._by_path.setdefault(key, path)
            self._by_name[posixpath.basename(key)].append(path)

    def resolve(self, target: str, source: str) -> str | None:
        """The path that the link `target` in the note `source` leads to; None where no path matches.

        By full path first, then relative to the folder of `source`, then by the end of the path; of several,
        the shortest path (Obsidian: `getFirstLinkpathDest`).
        """
        found = self.candidates(target, source)
        return found[0] if found else None

    def candidates(self, target: str, source: str) -> list[str]:
        """Every path that matches `target`; the first is the one that Obsidian opens."""
        return [path for _, path in self._ranked(target, source)]

    def possible_targets(self, target: str, source: str) -> list[str]:
        """The best matches of `target`: several if their paths are equally long, and the link is ambiguous.

        A full path, and a path relative to the folder of `source`, are never ambiguous.
        """
        found = self._ranked(target, source)
        return [path for rank, path in found if rank == found[0][0]]

    def _ranked(self, target: str, source: str) -> list[tuple[_Rank, str]]:
        name = linked_name(target)
        if not name:
            return [(_BEST, source)]
        folder = posixpath.dirname(source)
        if name.startswith(_DOTS):
            exact = self._by_path.get(_key(_joined(folder, name)))
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


def linked_name(target: str) -> str:
    """The note or file that `target` names, without heading and block; empty if it names none."""
    return target.partition("#")[0].partition("^")[0].strip()


_OTHER_FORMATS = frozenset(
    (
        *("pdf", "canvas", "base", "csv"),
        *("avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp"),
        *("3gp", "flac", "m4a", "mkv", "mov", "mp3", "mp4", "ogg", "ogv", "wav", "webm"),
    )
)
"""How names of files end that are no notes, without the dot: those that Obsidian embeds, and tables."""


def dead_link_words(target: str) -> str:
    """What is said of a link to `target` that leads nowhere: `no such note`, or `no such file`."""
    _, dot, ending = linked_name(target).rpartition(".")
    return f"no such {'file' if dot and ending.lower() in _OTHER_FORMATS else 'note'}"


_DOTS = ("./", "../")
"""How a target starts that is relative to the folder of its note."""


def _joined(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name))


class _Rank(NamedTuple):
    """The order in which the matches of a link are tried; the smallest comes first."""

    is_not_exact: bool
    is_not_beside: bool
    length: int


_BEST = _Rank(is_not_exact=False, is_not_beside=False, length=0)


def _length(path: str) -> int:
    """The length of `path` in UTF-16 code units, as Obsidian counts it."""
    return len(path) + sum(char > "\uffff" for char in path)


def _key(path: str) -> str:
    # In lower case and not case-folded: `Maße` and `Masse` are two notes. Composed, as macOS decomposes `é`.
    return (path if path.isascii() else normalize("NFC", path)).lower().removesuffix(".md")


def _ends_with(path: str, ending: str) -> bool:
    return path == ending or path.endswith(f"/{ending}")


class ResolvedLink(NamedTuple):
    """A link, and the note that it leads to."""

    link: Link
    path: str | None
    """None where no note matches."""

    @property
    def fragment(self) -> str:
        """The heading (`One#Two`) or block (`^id`) that it names; empty for the note as a whole."""
        return self.link.target.partition("#")[2]


class HasLinks(Protocol):
    """A note as far as its links go; `Note` is one."""

    @property
    def links(self) -> tuple[Link, ...]:
        """Its links, in order."""


class LinkTable:
    """The links of the notes of one vault, resolved: those of a note when they are first asked for.

    A table that is made from an earlier one resolves again only what has changed: the links of changed notes,
    and those that may lead to a path that was added or removed. Several threads may use it; they may resolve
    the same note twice, and agree.
    """

    __slots__ = ("_resolved", "paths", "resolver")

    def __init__(self, paths: Mapping[str, object], before: LinkTable | None = None) -> None:
        """Make a table.

        Args:
            paths: The notes of the vault, by path.
            before: The table of an earlier state of the vault.
        """
        self.paths = paths
        """The notes for which it was made."""
        self.resolver: LinkResolver
        """Resolves links that are not in the notes as they were parsed."""
        self._resolved: dict[str, _ResolvedNote] = {}
        if before is None:
            self.resolver = LinkResolver(paths)
            return
        names = {_file_key(path) for path in before.paths.keys() ^ paths.keys()}
        self.resolver = LinkResolver(paths) if names else before.resolver
        self._resolved.update(
            (path, kept)
            for path, kept in tuple(before._resolved.items())
            if path in paths and kept.names.isdisjoint(names)
        )

    def links(self, path: str, note: HasLinks) -> tuple[ResolvedLink, ...]:
        """The links of `note` at `path`, in order; those in comments, which are not shown, are left out.

        What was resolved is known again by the identity of `note`.
        """
        if not note.links:
            return ()
        kept = self._resolved.get(path)
        if kept is None or kept.note is not note:
            kept = self._resolved[path] = self._resolve(path, note)
        return kept.links

    def _resolve(self, path: str, note: HasLinks) -> _ResolvedNote:
        links = [link for link in note.links if not link.in_comment]
        folder = posixpath.dirname(path)
        return _ResolvedNote(
            note,
            tuple(ResolvedLink(link, self.resolver.resolve(link.target, path)) for link in links),
            frozenset(_target_key(link.target, folder) for link in links),
        )


class _ResolvedNote(NamedTuple):
    """The links of one note."""

    note: HasLinks
    links: tuple[ResolvedLink, ...]
    names: frozenset[str]
    """The `_file_key` of every path that they may lead to."""


def _file_key(path: str) -> str:
    """The name by which links find the file at `path`: those that lead to it have the same `_target_key`."""
    return posixpath.basename(_key(path))


def _target_key(target: str, folder: str) -> str:
    name = linked_name(target)
    return _file_key(_joined(folder, name) if name.startswith(_DOTS) else name)


class LinkCache:
    """The link table of the state of a vault that was asked for last, from which the next one is made."""

    __slots__ = ("_table",)

    def __init__(self) -> None:
        self._table: LinkTable | None = None

    def table(self, paths: Mapping[str, object]) -> LinkTable:
        """The table of the notes `paths`, by path."""
        table = self._table
        if table is None or table.paths is not paths:
            table = self._table = LinkTable(paths, table)
        return table


def linked_notes(links: Iterable[ResolvedLink], source: str) -> list[str]:
    """The paths of the other notes that `links` of the note `source` lead to, each once, in order."""
    found = dict.fromkeys(link.path for link in links)
    return [path for path in found if path is not None and path != source]


def reachable(start: str, links: Mapping[str, Iterable[str]]) -> set[str]:
    """Every note that `start` leads to over `links`, without `start` itself. Cycles are allowed."""
    seen = {start}
    waiting = [start]
    while waiting:
        for target in links.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen - {start}
