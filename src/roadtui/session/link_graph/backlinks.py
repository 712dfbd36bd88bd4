"""The lines that link to a note, and to one heading or task of it. Reads every link: for a thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.link_targets import LinkTarget, find_content
from roadtui.core.links import ResolvedLink
from roadtui.core.note import ListItem, Section
from roadtui.session.link_graph.graph import LinkGraph
from roadtui.vault.snapshot import Snapshot, VaultNote


class Backlink(NamedTuple):
    """A line with links to a note."""

    note: VaultNote
    """The note that the line is in."""
    line: int
    """From 0."""
    content: Section | ListItem
    """The heading or item on the line; where there is neither, the section that it is in."""
    is_exact: bool
    """Whether it links to the very heading or item that was asked for."""

    @property
    def is_text(self) -> bool:
        """Whether the line is neither a heading nor the first line of an item."""
        return self.content.line != self.line


def find_backlinks(snapshot: Snapshot, path: str, content: Section | ListItem | None) -> list[Backlink]:
    """The lines that link to the note at `path`, by note; those that link to `content` of it come first.

    Links of the note to itself count only if they lead to `content`.
    """
    target = snapshot.notes.get(path)
    if target is None:
        return []
    graph = LinkGraph.of(snapshot)

    @lru_cache
    def find(fragment: str) -> Section | ListItem | None:
        return find_content(target.note, LinkTarget.of(f"#{fragment}"))

    def is_exact(link: ResolvedLink) -> bool:
        return content is not None and bool(link.fragment) and find(link.fragment) is content

    found: list[Backlink] = []
    for source in (path, *graph.sources(path)):
        note = snapshot.notes[source]
        links = [link for link in graph.links(source) if link.path == path]
        exact = {link.link.line for link in links if is_exact(link)}
        lines = dict.fromkeys(link.link.line for link in links if source != path or link.link.line in exact)
        contents = _contents_by_line(note)
        found += [
            Backlink(note, line, contents.get(line) or _section_of(note, line), line in exact)
            for line in lines
        ]
    found.sort(key=_position)
    return found


def _position(backlink: Backlink) -> tuple[object, ...]:
    note = backlink.note
    return not backlink.is_exact, note.folder.casefold(), note.name.casefold(), note.path, backlink.line


def _contents_by_line(note: VaultNote) -> dict[int, Section | ListItem]:
    """The headings and items of `note` by their line; the innermost of several items on a line."""
    contents: dict[int, Section | ListItem] = {section.line: section for section in note.note.sections[1:]}
    contents.update((item.line, item) for item in note.note.items)
    return contents


def _section_of(note: VaultNote, line: int) -> Section:
    sections = note.note.sections
    return next((section for section in reversed(sections) if section.line <= line), sections[0])


def lines_of_text(
    backlinks: Sequence[Backlink], read_lines: Callable[[VaultNote], Sequence[str]]
) -> Iterator[str]:
    """For each of `backlinks` the text of its line. Reads the notes whose line the model does not hold.

    Empty for a note that cannot be read, or has just been changed.
    """
    read: dict[str, Sequence[str]] = {}
    for backlink in backlinks:
        if not backlink.is_text:
            content = backlink.content
            yield content.title if isinstance(content, Section) else content.source.strip()
            continue
        path = backlink.note.path
        if path not in read:
            try:
                read[path] = read_lines(backlink.note)
            except RefusedError:
                read[path] = ()
        yield read[path][backlink.line].strip() if backlink.line < len(read[path]) else ""
