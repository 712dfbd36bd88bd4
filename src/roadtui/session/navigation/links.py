"""The links of a heading, item or task, and the place in the vault that each of them leads to.

Written once, for the tree, the focus screen and the preview. Uses no widget; `find_destination` may block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from roadtui.core.link_targets import LinkTarget, addresses, find_block, find_heading, is_address
from roadtui.core.links import links_on, own_lines
from roadtui.core.note import ListItem, Note, Section
from roadtui.vault.snapshot import Snapshot, VaultNote


class RowLink(NamedTuple):
    """One link of a heading or an item."""

    target: str
    """As it is written, or an address such as `https://…`."""
    path: str | None
    """The note that it leads to; None if it leads to no note of the vault."""
    remark: str = ""
    """Where it leads, if that is not a note."""

    @property
    def can_be_opened(self) -> bool:
        """Whether it leads to a note, or to an address that another program opens."""
        return self.path is not None or is_address(self.target)


class Destination(NamedTuple):
    """The place that a link leads to."""

    path: str
    """The note."""
    line: int | None = None
    """The line of the heading or block, from 0; None if the link names neither, or it is missing."""
    problem: str = ""
    """A sentence about a heading or a block that is missing; empty if all is found."""


def row_links(
    snapshot: Snapshot, note: VaultNote, content: Section | ListItem, lines: Sequence[str] | None = None
) -> tuple[RowLink, ...]:
    """The links of `content`, each once: those to notes first, then addresses, then those that lead nowhere.

    Args:
        snapshot: The vault.
        note: The note of `content`.
        content: A heading, or an item.
        lines: The lines of the note; None to look at the first line of `content` alone.
    """
    own = _text_lines(note.note, content, lines)
    targets = dict.fromkeys(link.target for link in links_on(note.note, own))
    links = [
        RowLink(target, path, "" if path is not None else "not in this vault")
        for target in targets
        for path in (snapshot.links.resolver.resolve(target, note.path),)
    ]
    found = dict.fromkeys(addresses(_text(content, own, lines)))
    links += [RowLink(address, None) for address in found]
    return tuple(sorted(links, key=lambda link: (link.path is None, not link.can_be_opened)))


def _text(content: Section | ListItem, own: range, lines: Sequence[str] | None) -> str:
    if lines is None:
        return content.title if isinstance(content, Section) else content.source
    return "".join(lines[own.start : own.stop])


def _text_lines(note: Note, content: Section | ListItem, lines: Sequence[str] | None) -> range:
    """The lines of the own text of `content`, without what only follows it."""
    own = own_lines(note, content)
    if lines is None or isinstance(content, Section) or len(own) == 1:
        return range(own.start, own.start + 1)
    from roadtui.core.edits.list_layout import item_end  # Only for an item of several lines.
    from roadtui.core.errors import RefusedError

    try:
        return range(own.start, min(own.stop, item_end(lines, content)))
    except RefusedError:  # It shares its line with another item.
        return range(own.start, own.start + 1)


def find_destination(
    snapshot: Snapshot, source: str, target: str, text_of: Callable[[VaultNote], str]
) -> Destination | None:
    """The place that the link `target` in the note `source` leads to; None if there is no such note.

    Args:
        snapshot: The vault.
        source: The path of the note that contains the link.
        target: The link's target as it is written, without its alias.
        text_of: Gives the text of a note, in which a block is looked for; raises RefusedError.
    """
    path = snapshot.links.resolver.resolve(target, source)
    note = snapshot.notes.get(path) if path is not None else None
    if note is None:
        return None
    wanted = LinkTarget.of(target)
    if wanted.block:
        line = find_block(text_of(note), wanted.block)
        problem = f"{note.name} has no block ^{wanted.block}."
    elif wanted.headings:
        section = find_heading(note.note, wanted.headings)
        line = section.line if section is not None else None
        problem = f"{note.name} has no heading “{' › '.join(wanted.headings)}”."
    else:
        return Destination(note.path)
    return Destination(note.path, line, problem if line is None else "")


def notes_also_called(snapshot: Snapshot, target: str) -> Iterator[VaultNote]:
    """The notes with the link's name among their aliases: Obsidian follows no link to one."""
    name = LinkTarget.of(target).note.casefold()
    return (
        note
        for note in snapshot.notes.values()
        if note.frontmatter is not None and name in (other.casefold() for other in note.names[1:])
    )
