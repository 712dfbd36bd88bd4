"""Where new items can be inserted, and how their lines begin there, in the note's own style. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from roadtui.core.edits.edit import EditTarget
from roadtui.core.edits.list_layout import (
    ListMarker,
    item_end,
    nested_prefix,
    own_end,
    usual_marker,
    usual_unit,
)
from roadtui.core.edits.patch import ExpectedNesting, PatchLine, Replacement, split_line_end
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Note, Section

_BOX = "[ ] "


class InsertionPoint(NamedTuple):
    """A position in a note where items can be inserted."""

    at: int
    """The line that the new items come before, from 0."""
    lead: ListMarker
    """How the line of the first new item begins."""
    parent: ListItem | None
    """The item that the new items are nested in; None for none."""
    blank_before: bool = False
    """Whether a blank line is added before the new items."""
    blank_after: bool = False
    """Whether a blank line is added after the new items."""
    is_list: bool = True
    """Whether the new items join a list that exists already."""

    def insertion(self, lines: Sequence[str], shape: tuple[int, ...]) -> Replacement:
        """Insert new lines here; `shape` as in `ExpectedNesting`."""
        return self.filled([PatchLine(line) for line in lines], ExpectedNesting(self.parent, shape))

    def filled(self, lines: Sequence[PatchLine], nesting: ExpectedNesting) -> Replacement:
        """Insert lines here, which may have been elsewhere in the note before."""
        quotes = PatchLine(self.lead.quotes.rstrip())
        before = (quotes,) if self.blank_before else ()
        after = (quotes,) if self.blank_after else ()
        return Replacement(self.at, 0, (*before, *lines, *after), nesting, focus=len(before))

    def tasks(self, texts: Iterable[str]) -> list[str]:
        """The lines of new open tasks, one for each of `texts`."""
        lead = self.lead
        lines = []
        for text in texts:
            lines.append("".join(lead) + _BOX + text)
            if lead.number is not None:
                lead = lead.numbered(lead.number + 1)
        return lines


def own_children(note: Note, item: ListItem) -> list[ListItem]:
    """The items directly nested in `item`, without an item on the same line."""
    return [other for other in note.items if other.parent is item and other.line != item.line]


def roots(note: Note, section: Section) -> list[ListItem]:
    """The outermost items of a section, without those of its subsections."""
    return [item for item in note.items if item.section is section and item.parent is None]


def siblings(note: Note, item: ListItem) -> list[ListItem]:
    """The items with the parent of `item`, `item` included, in order of lines."""
    return roots(note, item.section) if item.parent is None else own_children(note, item.parent)


def after(target: EditTarget, item: ListItem) -> InsertionPoint:
    """After `item` and everything nested in it, as its sibling."""
    end = item_end(target.lines, item)
    return InsertionPoint(end, _following(item, target.note), item.parent)


def inside(target: EditTarget, item: ListItem, unit: str) -> InsertionPoint:
    """Nested in `item`, after its children.

    Args:
        target: The note.
        item: The item.
        unit: The indentation of one level, used where the note has no nested items.
    """
    children = own_children(target.note, item)
    if children:
        return after(target, children[-1])
    lead = ListMarker.of(item)
    prefix = nested_prefix(lead, usual_unit(target.note, unit))
    marker = lead.marker if lead.number is None else usual_marker(target.note.items)
    end = item_end(target.lines, item)
    inner = ListMarker(lead.quotes, prefix[len(lead.quotes) :], marker, " ")
    return InsertionPoint(end, inner, item, is_list=False)


def first_in(target: EditTarget, section: Section) -> InsertionPoint:
    """Before the items directly below a heading."""
    items = roots(target.note, section)
    if not items:
        return last_in(target, section)
    first = items[0]
    lead = _plain(ListMarker.of(first))
    return InsertionPoint(first.line, lead, None)


def last_in(target: EditTarget, section: Section) -> InsertionPoint:
    """After the items directly below a heading, or after its text where it has no items."""
    items = roots(target.note, section)
    if items:
        return after(target, items[-1])
    note, lines = target.note, target.lines
    end = own_end(note, section)
    start = heading_end(target, section)
    at = end
    while at > start and not split_line_end(lines[at - 1])[0].strip():
        at -= 1
    has_text = at > start
    at = at if has_text else min(start + _blanks_below_headings(target), end)
    lead = ListMarker("", "", usual_marker(note.items), " ")
    missing = start == at and bool(_blanks_below_headings(target))
    is_crowded = at < len(lines) and bool(split_line_end(lines[at])[0].strip())
    blank_before = has_text or missing
    return InsertionPoint(at, lead, None, blank_before=blank_before, blank_after=is_crowded, is_list=False)


def at_end(target: EditTarget) -> InsertionPoint:
    """At the end of the note, in its last section."""
    return last_in(target, target.note.sections[-1])


def heading_end(target: EditTarget, section: Section) -> int:
    """The line after a heading, from 0; before the first heading, the line after the frontmatter.

    Raises:
        RefusedError: the heading is underlined, so that it takes more than its line.
    """
    if section.level:
        is_atx = split_line_end(target.lines[section.line])[0].lstrip(" >").startswith("#")
        if not is_atx:
            raise RefusedError("Not changed: this heading takes more than one line. Edit it in Obsidian.")
        return section.line + 1
    frontmatter = target.note.frontmatter
    return 0 if frontmatter is None else (frontmatter.count("\n") + 1 if frontmatter else 0) + 2


def _blanks_below_headings(target: EditTarget) -> int:
    """1 where most headings of the note are followed by a blank line, else 0."""
    below = [
        split_line_end(target.lines[section.line + 1])[0].strip()
        for section in target.note.sections[1:]
        if roots(target.note, section)
    ]
    return 1 if 2 * below.count("") > len(below) else 0


def _following(item: ListItem, note: Note) -> ListMarker:
    """How the line of an item right after `item` begins."""
    lead = _plain(ListMarker.of(item))
    if lead.number is None:
        return lead
    leads = filter(None, map(ListMarker.find, siblings(note, item)))
    numbers = [other.number for other in leads if other.number is not None]
    counts_up = len(numbers) < 2 or len(set(numbers)) > 1
    return lead.numbered(lead.number + 1) if counts_up else lead


def _plain(lead: ListMarker) -> ListMarker:
    """`lead` with one to four spaces after the marker."""
    gap = lead.gap if set(lead.gap) == {" "} and len(lead.gap) <= 4 else " "
    return lead._replace(gap=gap)
