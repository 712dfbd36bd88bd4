"""What a note is to roadtui: sections, list items, tasks. Frozen values with parent pointers.

A `Note` is what one parse of one text found. It holds no text that is not an item or a heading, and it is
never written back: edits go to the bytes on disk (`core.edit`). Whoever needs a new note parses again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from roadtui.core.merge_conflicts import MergeConflict


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """A heading and what stands below it. `Note.sections[0]` is what stands before the first heading."""

    index: int
    """Position in `Note.sections`."""
    level: int
    """1 to 6; 0 for the part before the first heading."""
    line: int
    """Line of the heading's text, from 0; -1 for the part before the first heading."""
    title: str
    """Text of the heading as it is on disk, without marks; empty for the part before the first heading."""
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


@dataclass(frozen=True, slots=True, eq=False)
class ListItem:
    """One item of a list, with or without a box. Identity is the object; two equal lines are two items."""

    index: int
    """Position in `Note.items`."""
    line: int
    """Line that the item starts on, from 0. Two items may share a line (`- [ ] 1. text`)."""
    source: str
    """The whole line as it is on disk, without its line end."""
    section: Section
    parent: ListItem | None
    """The list item this one is nested in; None at the root of a list."""

    @property
    def ancestors(self) -> Iterator[ListItem]:
        """The items around this one, nearest first."""
        item = self.parent
        while item is not None:
            yield item
            item = item.parent


@dataclass(frozen=True, slots=True, eq=False)
class Task(ListItem):
    """A list item with a box."""

    symbol_index: int
    """Index in `source` of the character between the brackets."""

    @property
    def status_symbol(self) -> str:
        """The character between the brackets."""
        return self.source[self.symbol_index]

    @property
    def text(self) -> str:
        """What stands behind the box, without surrounding blanks; fields and tags included."""
        return self.source[self.symbol_index + 2 :].strip(" \t")

    @property
    def parent_task(self) -> Task | None:
        """The nearest item around this one that has a box (plain bullets between are passed over)."""
        item = self.parent
        while item is not None and not isinstance(item, Task):
            item = item.parent
        return item


class Link(NamedTuple):
    """A link as it is written, not yet resolved."""

    line: int
    """Line it stands on, from 0."""
    target: str
    """`note`, `folder/note`, `note#heading`, `note#^block`, as written, without the alias.

    Percent-decoded where it is a Markdown link."""
    embed: bool = False
    """True for `![[...]]` and `![...](...)`."""
    in_comment: bool = False
    """Whether it stands in a `%%` comment: a link for Obsidian, and not shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Note:
    """What one parse found in one text."""

    sections: tuple[Section, ...]
    """In order of lines; the first is what stands before any heading."""
    items: tuple[ListItem, ...]
    """Every list item in order of lines."""
    links: tuple[Link, ...]
    """Links in the body, in order, those in `%%` comments included; those in code and HTML are left out."""
    frontmatter: str | None
    """The YAML between the leading `---` lines, unread; None where there is none."""
    line_count: int
    conflicts: tuple[MergeConflict, ...] = ()
    """The merge conflicts that are not resolved yet, in order of lines."""

    @property
    def tasks(self) -> Iterator[Task]:
        """The items that have a box, in order of lines."""
        return (item for item in self.items if isinstance(item, Task))
