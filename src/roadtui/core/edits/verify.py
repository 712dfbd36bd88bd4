"""Verifies that an edit leaves the structure of all other lines unchanged, and renumbers ordered lists. Pure.

Markdown has no closing brackets: one moved line or one typed character can turn the lines below it into code,
or nest them in another item. So each edit that adds or moves lines is parsed before it is written, and
compared with the note before it, item by item.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from roadtui.core.edits.list_layout import ListMarker, item_end, shifted
from roadtui.core.edits.patch import ExpectedNesting, NotePatch, split_line_end
from roadtui.core.merge_conflicts import ConflictSides
from roadtui.core.note import ListItem, Note, Section

_STRUCTURE_CHANGED = "this would alter the meaning of other lines."


def on_line(note: Note, line: int) -> Sequence[ListItem]:
    """The items that start on `line`; `- [ ] 1. text` is two."""
    start = bisect_left(note.items, line, key=lambda item: item.line)
    return note.items[start : bisect_right(note.items, line, start, key=lambda item: item.line)]


def find_structure_change(patch: NotePatch, before: Note, after: Note) -> str | None:
    """Why `patch`, from `before` to `after`, changes the structure of other lines; None if it does not."""
    return _Comparison(patch, before, after).problem()


def find_conflict_crossing(patch: NotePatch, before: Note, after: Note, anchors: Sequence[int]) -> str | None:
    """Why `patch` reaches across the markers of an unresolved merge conflict; None if it does not.

    Resolving a conflict keeps one side of it: a line moved to the other side, or nested in an item there,
    would be lost.

    Args:
        patch: The edit.
        before: The note before it.
        after: The note after it.
        anchors: The lines that the edit is anchored at, before it: new lines belong on their side.
    """
    if not before.conflicts or _keeps_sides(patch, before, after, anchors):
        return None
    first = before.conflicts[0]
    return (
        f"a merge conflict is not resolved yet (lines {first.start + 1} to {first.end + 1}), and this would "
        "reach across its markers. Resolve it in an editor first."
    )


def _keeps_sides(patch: NotePatch, before: Note, after: Note, anchors: Sequence[int]) -> bool:
    sides = ConflictSides(before.conflicts)
    anchor_sides = {sides.side_of(sides.part_of(line)) for line in anchors} or {None}
    part_now: list[int] = []
    part = 0
    for line, origin in enumerate(patch.origins):
        part_now.append(part)
        if part < len(sides.markers) and origin == sides.markers[part]:
            if patch.lines[line] != patch.before[origin]:
                return False
            part += 1
        else:
            is_on_its_side = (
                sides.side_of(part) in anchor_sides if origin is None else sides.part_of(origin) == part
            )
            if not is_on_its_side:
                return False
    nested = (item for item in after.items if patch.nestings[item.line] is not None)
    return part == len(sides.markers) and all(
        part_now[item.line] == part_now[item.parent.line] for item in nested if item.parent is not None
    )


class _Comparison:
    """Compares a note before and after a patch."""

    def __init__(self, patch: NotePatch, before: Note, after: Note) -> None:
        self._patch = patch
        self._before = before
        self._after = after
        self._line_now = {origin: line for line, origin in enumerate(patch.origins) if origin is not None}
        self._item_now: dict[int, ListItem] = {}
        """By `ListItem.index` before."""

    def problem(self) -> str | None:
        if self._before.frontmatter != self._after.frontmatter or not self._pair_items():
            return _STRUCTURE_CHANGED
        new_items = list(self._new_items())
        is_unchanged = (
            all(map(self._has_expected_parent, self._before.items))
            and self._has_expected_shape(new_items)
            and len(self._item_now) + len(new_items) == len(self._after.items)
            and self._sections_match()
        )
        return None if is_unchanged else _STRUCTURE_CHANGED

    def _pair_items(self) -> bool:
        """Map each item to its state after the patch; False where a kept line changed its kind of item."""
        items = self._after.items
        following = 0
        for item in self._before.items:
            line = self._line_now.get(item.line)
            if line is None:
                continue
            # Most items keep their order, so that the next item is the one looked for. An item that shares
            # its line with another always follows that one.
            is_next = following < len(items) and items[following].line == line
            now = items[following] if is_next else next(iter(on_line(self._after, line)), None)
            if type(now) is not type(item):
                return False
            self._item_now[item.index] = now
            following = now.index + 1
        return True

    def _has_expected_parent(self, item: ListItem) -> bool:
        now = self._item_now.get(item.index)
        if now is None:
            return True
        nesting = self._patch.nestings[now.line]
        parent = item.parent
        if nesting is not None and not self._moves_with(parent, nesting):
            parent = nesting.parent
        return now.parent is (self._item_now.get(parent.index, _REMOVED) if parent is not None else None)

    def _moves_with(self, parent: ListItem | None, nesting: ExpectedNesting) -> bool:
        """Whether an item's parent belongs to the same replacement."""
        now = self._item_now.get(parent.index) if parent is not None else None
        return now is not None and self._patch.nestings[now.line] is nesting

    def _new_items(self) -> Iterator[ListItem]:
        return (item for item in self._after.items if self._patch.origins[item.line] is None)

    def _has_expected_shape(self, new_items: Sequence[ListItem]) -> bool:
        """Whether the new items have the expected number and nesting."""
        ranks: dict[int, int] = {}
        shapes: dict[int, tuple[ExpectedNesting, list[int]]] = {}
        for item in new_items:
            nesting = self._patch.nestings[item.line]
            if nesting is None:
                return False
            shape = shapes.setdefault(id(nesting), (nesting, []))[1]
            inside = ranks.get(item.parent.index, -1) if item.parent is not None else -1
            if inside < 0 and item.parent is not self._item_after(nesting.parent):
                return False
            ranks[item.index] = len(shape)
            shape.append(inside)
        expected = {
            id(nesting): nesting for nesting in self._patch.nestings if nesting is not None and nesting.shape
        }
        return {key: nesting.shape for key, nesting in expected.items()} == {
            key: tuple(shape) for key, (_, shape) in shapes.items()
        }

    def _item_after(self, parent: ListItem | None) -> ListItem | None:
        return self._item_now.get(parent.index, _REMOVED) if parent is not None else None

    def _sections_match(self) -> bool:
        nestings = {id(nesting): nesting for nesting in self._patch.nestings if nesting is not None}
        by_line = {section.line: section for section in self._after.sections}
        now: dict[int, Section] = {0: self._after.sections[0]}
        for section in self._before.sections[1:]:
            line = self._line_now.get(section.line)
            if line is None:
                continue
            image = by_line.get(line)
            if image is None or image.level != section.level:
                return False
            if image.title != section.title and self._patch.nestings[line] is None:
                return False
            now[section.index] = image
        return len(self._after.sections) == len(now) + sum(nesting.headings for nesting in nestings.values())


_REMOVED = ListItem(-1, -1, "", Section(0, 0, -1, "", None), None)
"""Placeholder for an item that the patch removed."""


class _Numbered(NamedTuple):
    """An ordered item."""

    item: ListItem
    lead: ListMarker
    number: int


def renumber(patch: NotePatch, before: Note, after: Note) -> NotePatch:
    """`patch`, from `before` to `after`, with its ordered lists renumbered; itself if nothing changes.

    A list whose items are still the same, in the same order, keeps its numbers, whatever they are. Lines
    nested in an item whose number gets longer or shorter are indented accordingly.
    """
    run_of = {one.item.line: run for run in _runs(before) for one in run}
    if not run_of:
        return patch
    unmoved = range(len(patch.before))
    lines_before = {
        id(run): [one.item.line for one in members]
        for siblings in _siblings(before)
        for run, members in _lists(siblings, run_of, unmoved)
    }
    changed: dict[int, str] = {}
    for siblings in _siblings(after):
        for run, members in _lists(siblings, run_of, patch.origins):
            if [patch.origins[one.item.line] for one in members] != lines_before[id(run)]:
                _renumber_list(members, run[0].number, patch, changed)
    return patch.with_lines(changed.items()) if changed else patch


def _lists(
    siblings: Sequence[_Numbered], run_of: Mapping[int, list[_Numbered]], origins: Sequence[int | None]
) -> Iterator[tuple[list[_Numbered], list[_Numbered]]]:
    """Each run of numbered items before the patch that still exists, with the items now in its list.

    `origins` has for each line its number before the patch, None where it is new.
    """
    here = Counter(id(run_of.get(_origin(origins, one))) for one in siblings)
    run: list[_Numbered] | None = None
    members: list[_Numbered] = []
    for one in siblings:
        origin_run = run_of.get(_origin(origins, one))
        continues_run = (
            origin_run is not None and len(origin_run) > 1 and 2 * here[id(origin_run)] >= len(origin_run) - 1
        )
        if continues_run and run is not None and origin_run is not run:
            yield run, members
            members = []
        run = origin_run if continues_run else run
        members.append(one)
    if run is not None:
        yield run, members


def _origin(origins: Sequence[int | None], one: _Numbered) -> int:
    """The line of an item before the patch; -1 where it is new."""
    origin = origins[one.item.line]
    return -1 if origin is None else origin


def _siblings(note: Note) -> Iterator[list[_Numbered]]:
    """The ordered items of each parent (or, at the root, of each section) with one kind of delimiter."""
    numbered = [
        _Numbered(item, lead, lead.number)
        for item in note.items
        if (lead := _lead(item)) is not None and lead.number is not None
    ]

    def list_of(one: _Numbered) -> tuple[int, int, str]:
        parent = one.item.parent.index if one.item.parent is not None else -1
        return parent, one.item.section.index, one.lead.marker[-1]

    for _, siblings in groupby(sorted(numbered, key=list_of), list_of):
        yield list(siblings)


def _lead(item: ListItem) -> ListMarker | None:
    """The start of an item's line; None where another item or the label of a footnote shares the line."""
    return None if item.parent is not None and item.parent.line == item.line else ListMarker.find(item)


def _runs(note: Note) -> Iterator[list[_Numbered]]:
    """Siblings with consecutive numbers."""
    for siblings in _siblings(note):
        run: list[_Numbered] = []
        for one in siblings:
            if run and one.number != run[-1].number + 1:
                yield run
                run = []
            run.append(one)
        yield run


def _renumber_list(
    members: Sequence[_Numbered], first: int, patch: NotePatch, changed: dict[int, str]
) -> None:
    """Add to `changed` the lines of `members` renumbered from `first`, and of everything nested in them."""
    for number, one in enumerate(members, first):
        if one.number == number:
            continue
        lead = one.lead.numbered(number)
        line = one.item.line
        text = changed.get(line, patch.lines[line])
        changed[line] = text.replace(one.lead.marker, lead.marker, 1)
        by = len(lead.marker) - len(one.lead.marker)
        if by:
            inside = range(line + 1, item_end(patch.lines, one.item))
            texts = [split_line_end(changed.get(at, patch.lines[at]))[0] for at in inside]
            for at, text in zip(inside, shifted(texts, one.lead, by), strict=True):
                changed[at] = text + split_line_end(patch.lines[at])[1]
