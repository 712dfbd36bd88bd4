"""Proof that an edit made nothing of other lines: every item and heading that stays is still what it was.

Markdown has no closing brackets: one line moved or one sign typed can turn the lines below it into code, or
hang them below another item. So each edit that adds or moves lines is parsed before it is written, and
compared, line by line, with what was there.
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

_COMPLAINT = "other lines would become something else by it."


def on_line(note: Note, line: int) -> Sequence[ListItem]:
    """The items that start on `line`; `- [ ] 1. text` is two."""
    start = bisect_left(note.items, line, key=lambda item: item.line)
    return note.items[start : bisect_right(note.items, line, start, key=lambda item: item.line)]


def find_structure_change(draft: NotePatch, before: Note, after: Note) -> str | None:
    """Why `draft`, which is `after`, may not stand in the place of `before`, in words; None if it may."""
    return _Comparison(draft, before, after).complaint()


def conflict_complaint(draft: NotePatch, before: Note, after: Note, anchors: Sequence[int]) -> str | None:
    """Why `draft`, which is `after`, reaches across the markers of a merge conflict; None if it does not.

    Whoever resolves the conflict takes one side of it: what was moved from side to side, or is nested in an
    item of another one, would be lost or torn off then.

    Args:
        draft: The edit.
        before: The note before it.
        after: The note after it.
        anchors: The lines of what the edit is about, before it: what is new belongs on their side.
    """
    if not before.conflicts or _keeps_sides(draft, before, after, anchors):
        return None
    first = before.conflicts[0]
    return (
        f"a merge conflict is not resolved yet (lines {first.start + 1} to {first.end + 1}), and this would "
        "reach across its markers. Resolve it in an editor first."
    )


def _keeps_sides(draft: NotePatch, before: Note, after: Note, anchors: Sequence[int]) -> bool:
    sides = ConflictSides(before.conflicts)
    homes = {sides.side_of(sides.part_of(line)) for line in anchors} or {None}
    part_now: list[int] = []
    part = 0
    for line, origin in enumerate(draft.origins):
        part_now.append(part)
        if part < len(sides.markers) and origin == sides.markers[part]:
            if draft.lines[line] != draft.before[origin]:
                return False
            part += 1
        else:
            is_at_home = sides.side_of(part) in homes if origin is None else sides.part_of(origin) == part
            if not is_at_home:
                return False
    nested = (item for item in after.items if draft.nests[item.line] is not None)
    return part == len(sides.markers) and all(
        part_now[item.line] == part_now[item.parent.line] for item in nested if item.parent is not None
    )


class _Comparison:
    """Two states of a note side by side."""

    def __init__(self, draft: NotePatch, before: Note, after: Note) -> None:
        self._draft = draft
        self._before = before
        self._after = after
        self._line_now = {origin: line for line, origin in enumerate(draft.origins) if origin is not None}
        self._item_now: dict[int, ListItem] = {}
        """By `ListItem.index` before."""

    def complaint(self) -> str | None:
        if self._before.frontmatter != self._after.frontmatter or not self._pair_items():
            return _COMPLAINT
        fresh = list(self._fresh_items())
        holds = (
            all(map(self._is_in_place, self._before.items))
            and self._fits_shape(fresh)
            and len(self._item_now) + len(fresh) == len(self._after.items)
            and self._sections_hold()
        )
        return None if holds else _COMPLAINT

    def _pair_items(self) -> bool:
        """Find each item that stays; False where a line stays and its item does not."""
        items = self._after.items
        following = 0
        for item in self._before.items:
            line = self._line_now.get(item.line)
            if line is None:
                continue
            # Most items keep their order, so that the one behind the last is the one looked for. One that
            # shares its line with another follows that one in any case.
            is_next = following < len(items) and items[following].line == line
            now = items[following] if is_next else next(iter(on_line(self._after, line)), None)
            if type(now) is not type(item):
                return False
            self._item_now[item.index] = now
            following = now.index + 1
        return True

    def _is_in_place(self, item: ListItem) -> bool:
        now = self._item_now.get(item.index)
        if now is None:
            return True
        nest = self._draft.nests[now.line]
        parent = item.parent
        if nest is not None and not self._moves_along(parent, nest):
            parent = nest.parent
        return now.parent is (self._item_now.get(parent.index, _NOWHERE) if parent is not None else None)

    def _moves_along(self, parent: ListItem | None, nest: ExpectedNesting) -> bool:
        """Whether an item's parent is in the same replacement."""
        now = self._item_now.get(parent.index) if parent is not None else None
        return now is not None and self._draft.nests[now.line] is nest

    def _fresh_items(self) -> Iterator[ListItem]:
        return (item for item in self._after.items if self._draft.origins[item.line] is None)

    def _fits_shape(self, fresh: Sequence[ListItem]) -> bool:
        """Whether the new items are as many, and nested, as they were meant to be."""
        ranks: dict[int, int] = {}
        shapes: dict[int, tuple[ExpectedNesting, list[int]]] = {}
        for item in fresh:
            nest = self._draft.nests[item.line]
            if nest is None:
                return False
            shape = shapes.setdefault(id(nest), (nest, []))[1]
            inside = ranks.get(item.parent.index, -1) if item.parent is not None else -1
            if inside < 0 and item.parent is not self._image(nest.parent):
                return False
            ranks[item.index] = len(shape)
            shape.append(inside)
        wanted = {id(nest): nest for nest in self._draft.nests if nest is not None and nest.shape}
        return {key: nest.shape for key, nest in wanted.items()} == {
            key: tuple(shape) for key, (_, shape) in shapes.items()
        }

    def _image(self, parent: ListItem | None) -> ListItem | None:
        return self._item_now.get(parent.index, _NOWHERE) if parent is not None else None

    def _sections_hold(self) -> bool:
        nests = {id(nest): nest for nest in self._draft.nests if nest is not None}
        by_line = {section.line: section for section in self._after.sections}
        now: dict[int, Section] = {0: self._after.sections[0]}
        for section in self._before.sections[1:]:
            line = self._line_now.get(section.line)
            if line is None:
                continue
            image = by_line.get(line)
            if image is None or image.level != section.level:
                return False
            if image.title != section.title and self._draft.nests[line] is None:
                return False
            now[section.index] = image
        return len(self._after.sections) == len(now) + sum(nest.headings for nest in nests.values())


_NOWHERE = ListItem(-1, -1, "", Section(0, 0, -1, "", None), None)
"""Stands for an item that is no more."""


class _Numbered(NamedTuple):
    """An ordered item."""

    item: ListItem
    lead: ListMarker
    number: int


def renumber(draft: NotePatch, before: Note, after: Note) -> NotePatch:
    """`draft`, which is `after`, with its ordered lists counted as they were in `before`; itself if they are.

    A list whose items are still the same, in the same order, keeps its numbers, whatever they are. What is
    nested in an item whose number gets longer or shorter is set in as much more or less.
    """
    run_of = {one.item.line: run for run in _runs(before) for one in run}
    if not run_of:
        return draft
    unmoved = range(len(draft.before))
    lines_before = {
        id(run): [one.item.line for one in members]
        for siblings in _siblings(before)
        for run, members in _lists(siblings, run_of, unmoved)
    }
    changed: dict[int, str] = {}
    for siblings in _siblings(after):
        for run, members in _lists(siblings, run_of, draft.origins):
            if [draft.origins[one.item.line] for one in members] != lines_before[id(run)]:
                _count(members, run[0].number, draft, changed)
    return draft.with_lines(changed.items()) if changed else draft


def _lists(
    siblings: Sequence[_Numbered], run_of: Mapping[int, list[_Numbered]], origins: Sequence[int | None]
) -> Iterator[tuple[list[_Numbered], list[_Numbered]]]:
    """Each run of before that is still here, with the siblings that are now in its list.

    `origins`: the line that each line was on, None where it is new.
    """
    here = Counter(id(run_of.get(_origin(origins, one))) for one in siblings)
    run: list[_Numbered] | None = None
    members: list[_Numbered] = []
    for one in siblings:
        its = run_of.get(_origin(origins, one))
        is_at_home = its is not None and len(its) > 1 and 2 * here[id(its)] >= len(its) - 1
        if is_at_home and run is not None and its is not run:
            yield run, members
            members = []
        run = its if is_at_home else run
        members.append(one)
    if run is not None:
        yield run, members


def _origin(origins: Sequence[int | None], one: _Numbered) -> int:
    """The line that an item was on; -1 where it is new."""
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
    """The lead of an item; None where another item or the label of a footnote shares its line."""
    return None if item.parent is not None and item.parent.line == item.line else ListMarker.find(item)


def _runs(note: Note) -> Iterator[list[_Numbered]]:
    """Siblings that follow each other in number."""
    for siblings in _siblings(note):
        run: list[_Numbered] = []
        for one in siblings:
            if run and one.number != run[-1].number + 1:
                yield run
                run = []
            run.append(one)
        yield run


def _count(members: Sequence[_Numbered], first: int, draft: NotePatch, changed: dict[int, str]) -> None:
    """Note in `changed` what the lines of `members` become when they are counted from `first`."""
    for number, one in enumerate(members, first):
        if one.number == number:
            continue
        lead = one.lead.numbered(number)
        line = one.item.line
        text = changed.get(line, draft.lines[line])
        changed[line] = text.replace(one.lead.marker, lead.marker, 1)
        by = len(lead.marker) - len(one.lead.marker)
        if by:
            inside = range(line + 1, item_end(draft.lines, one.item))
            texts = [split_line_end(changed.get(at, draft.lines[at]))[0] for at in inside]
            for at, text in zip(inside, shifted(texts, one.lead, by), strict=True):
                changed[at] = text + split_line_end(draft.lines[at])[1]
