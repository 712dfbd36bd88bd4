"""The model of a note: sections, list items and tasks, as frozen values with parent pointers.

A `Note` is the result of one parse. It holds only the text of headings and items, and is never written back:
edits go to the bytes on disk (`core.edits`), and a changed note is parsed again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

if TYPE_CHECKING:
    from roadtui.core.merge_conflicts import MergeConflict


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A heading and the part of a note below it. `Note.sections[0]` is the part before the first heading."""

    index: int
    """Position in `Note.sections`."""
    level: int
    """1 to 6; 0 for the part before the first heading."""
    line: int
    """Line of the heading's text, from 0; -1 for the part before the first heading."""
    title: str
    """Text of the heading as it is on disk, without its `#`; empty for the part before the first heading."""
    parent: Section | None
    """The nearest section above with a lower level; None only for `Note.sections[0]`."""

    @property
    def heading_path(self) -> tuple[str, ...]:
        """Titles from the outermost heading to this one."""
        titles: list[str] = []
        section: Section | None = self
        while section is not None and section.level:
            titles.append(section.title)
            section = section.parent
        return tuple(reversed(titles))

    @property
    def row_key(self) -> str:
        """The text by which its row is found again after a change."""
        return f"# {self.title}"


@dataclass(frozen=True, slots=True, eq=False)
class ListItem:
    """One item of a list, with or without a checkbox. Compared by identity: two equal lines are two items."""

    index: int
    """Position in `Note.items`."""
    line: int
    """Line that the item starts on, from 0. Two items may share a line (`- [ ] 1. text`)."""
    source: str
    """The whole line as it is on disk, without its line end and without the byte order mark of the file."""
    section: Section
    parent: ListItem | None
    """The list item that this item is nested in; None at the root of a list."""

    @property
    def source_without_symbol(self) -> str:
        """The line without the status symbol, by which an item is matched before and after a tick."""
        return self.source

    @property
    def row_key(self) -> str:
        """The text by which its row is found again after a change."""
        return self.source_without_symbol

    @property
    def ancestors(self) -> Iterator[ListItem]:
        """The items that this item is nested in, nearest first."""
        item = self.parent
        while item is not None:
            yield item
            item = item.parent


@dataclass(frozen=True, slots=True, eq=False)
class Task(ListItem):
    """A list item with a checkbox."""

    symbol_index: int
    """Index of the status symbol in `source`."""

    @property
    def status_symbol(self) -> str:
        """The character in the checkbox."""
        return self.source[self.symbol_index]

    @property
    @override
    def source_without_symbol(self) -> str:
        return self.source[: self.symbol_index] + self.source[self.symbol_index + 1 :]

    @property
    def text(self) -> str:
        """The text after the checkbox, without surrounding blanks; fields and tags included."""
        return self.source[self.symbol_index + 2 :].strip(" \t")

    @property
    def parent_task(self) -> Task | None:
        """The nearest item around this task that has a checkbox; plain bullets in between are skipped."""
        item = self.parent
        while item is not None and not isinstance(item, Task):
            item = item.parent
        return item


class Link(NamedTuple):
    """A link as it is written, not yet resolved."""

    line: int
    """The line of the link, from 0."""
    target: str
    """`note`, `folder/note`, `note#heading`, `note#^block`, as written, without the alias.

    The target of a Markdown link is percent-decoded."""
    embed: bool = False
    """True for `![[...]]` and `![...](...)`."""
    in_comment: bool = False
    """Whether the link is in a `%%` comment, where Obsidian indexes it but does not show it."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Note:
    """The result of parsing one text."""

    sections: tuple[Section, ...]
    """In order of lines; the first is the part before the first heading."""
    items: tuple[ListItem, ...]
    """Every list item in order of lines."""
    links: tuple[Link, ...]
    """Links in the body, in order, those in `%%` comments included; those in code and HTML are left out."""
    frontmatter: str | None
    """The YAML between the leading `---` lines, not parsed; None for a note without frontmatter."""
    line_count: int
    conflicts: tuple[MergeConflict, ...] = ()
    """The unresolved merge conflicts, in order of lines."""

    @property
    def tasks(self) -> Iterator[Task]:
        """The items that have a checkbox, in order of lines."""
        return (item for item in self.items if isinstance(item, Task))
