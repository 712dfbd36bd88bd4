"""Where in a note something new can stand, and how its line begins there, in the note's own style."""

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
    """A place for new items."""

    at: int
    """The line that they come before, from 0."""
    lead: ListMarker
    """How the line of the first one begins."""
    parent: ListItem | None
    """The item that they are nested in."""
    blank_before: bool = False
    """Whether a blank line sets them off from what stands above."""
    blank_after: bool = False
    is_list: bool = True
    """Whether other items are beside it."""

    def insertion(self, lines: Sequence[str], shape: tuple[int, ...]) -> Replacement:
        """Put in new lines; `shape` as in `ExpectedNesting`."""
        return self.filled([PatchLine(line) for line in lines], ExpectedNesting(self.parent, shape))

    def filled(self, lines: Sequence[PatchLine], nest: ExpectedNesting) -> Replacement:
        """Put in lines, which may have been elsewhere before."""
        quotes = PatchLine(self.lead.quotes.rstrip())
        before = (quotes,) if self.blank_before else ()
        after = (quotes,) if self.blank_after else ()
        return Replacement(self.at, 0, (*before, *lines, *after), nest, focus=len(before))

    def tasks(self, texts: Iterable[str]) -> list[str]:
        """A line for each of `texts`, to do, one below the other."""
        lead = self.lead
        lines = []
        for text in texts:
            lines.append("".join(lead) + _BOX + text)
            if lead.number is not None:
                lead = lead.numbered(lead.number + 1)
        return lines


def own_children(note: Note, item: ListItem) -> list[ListItem]:
    """The items nested right in `item`, without one that shares its line."""
    return [other for other in note.items if other.parent is item and other.line != item.line]


def roots(note: Note, section: Section) -> list[ListItem]:
    """The items right below a heading that are nested in no other."""
    return [item for item in note.items if item.section is section and item.parent is None]


def siblings(note: Note, item: ListItem) -> list[ListItem]:
    """The items beside `item`, itself included, in order of lines."""
    return roots(note, item.section) if item.parent is None else own_children(note, item.parent)


def after(place: EditTarget, item: ListItem) -> InsertionPoint:
    """Behind `item` and all that is nested in it, as its sibling."""
    end = item_end(place.lines, item)
    return InsertionPoint(end, _following(item, place.note), item.parent)


def inside(place: EditTarget, item: ListItem, unit: str) -> InsertionPoint:
    """Nested in `item`, behind what is nested there already.

    Args:
        place: The note.
        item: The item.
        unit: What items are set in by where the note has none that are.
    """
    children = own_children(place.note, item)
    if children:
        return after(place, children[-1])
    lead = ListMarker.of(item)
    prefix = nested_prefix(lead, usual_unit(place.note, unit))
    marker = lead.marker if lead.number is None else usual_marker(place.note.items)
    quotes = lead.quotes.removeprefix("\ufeff")
    end = item_end(place.lines, item)
    return InsertionPoint(end, ListMarker(quotes, prefix[len(quotes) :], marker, " "), item, is_list=False)


def first_in(place: EditTarget, section: Section) -> InsertionPoint:
    """Before all other items right below a heading."""
    items = roots(place.note, section)
    if not items:
        return last_in(place, section)
    first = items[0]
    lead = _plain(ListMarker.of(first))
    return InsertionPoint(first.line, lead, None)


def last_in(place: EditTarget, section: Section) -> InsertionPoint:
    """Behind all other items right below a heading, else behind its text."""
    items = roots(place.note, section)
    if items:
        return after(place, items[-1])
    note, lines = place.note, place.lines
    end = own_end(note, section)
    start = heading_end(place, section)
    at = end
    while at > start and not split_line_end(lines[at - 1])[0].strip():
        at -= 1
    has_text = at > start
    at = at if has_text else min(start + _blanks_below_headings(place), end)
    lead = ListMarker("", "", usual_marker(note.items), " ")
    missing = start == at and bool(_blanks_below_headings(place))
    is_crowded = at < len(lines) and bool(split_line_end(lines[at])[0].strip())
    blank_before = has_text or missing
    return InsertionPoint(at, lead, None, blank_before=blank_before, blank_after=is_crowded, is_list=False)


def at_end(place: EditTarget) -> InsertionPoint:
    """Behind everything, in the last section of the note."""
    return last_in(place, place.note.sections[-1])


def heading_end(place: EditTarget, section: Section) -> int:
    """The line behind a heading; for what stands before the first one, the line behind the frontmatter."""
    if section.level:
        is_atx = split_line_end(place.lines[section.line])[0].lstrip(" \ufeff>").startswith("#")
        if not is_atx:
            raise RefusedError(
                "Not changed: this heading is made of more than its line. Edit it in Obsidian."
            )
        return section.line + 1
    frontmatter = place.note.frontmatter
    return 0 if frontmatter is None else (frontmatter.count("\n") + 1 if frontmatter else 0) + 2


def _blanks_below_headings(place: EditTarget) -> int:
    """1 where most headings of the note are followed by a blank line, else 0."""
    below = [
        split_line_end(place.lines[section.line + 1])[0].strip()
        for section in place.note.sections[1:]
        if roots(place.note, section)
    ]
    return 1 if 2 * below.count("") > len(below) else 0


def _following(item: ListItem, note: Note) -> ListMarker:
    """How the line of an item right behind `item` begins."""
    lead = _plain(ListMarker.of(item))
    if lead.number is None:
        return lead
    leads = filter(None, map(ListMarker.find, siblings(note, item)))
    numbers = [other.number for other in leads if other.number is not None]
    counts_up = len(numbers) < 2 or len(set(numbers)) > 1
    return lead.numbered(lead.number + 1) if counts_up else lead


def _plain(lead: ListMarker) -> ListMarker:
    """`lead` without a byte order mark, and with blanks behind the marker that a task may have."""
    gap = lead.gap if set(lead.gap) == {" "} and len(lead.gap) <= 4 else " "
    return lead._replace(quotes=lead.quotes.removeprefix("\ufeff"), gap=gap)
