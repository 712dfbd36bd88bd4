"""Ordered lists counted anew after an edit: only where they were in order before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from roadtui.core.draft import Draft, parted
from roadtui.core.extent import item_end
from roadtui.core.lead import Lead, shifted
from roadtui.core.note import ListItem, Note


class _Numbered(NamedTuple):
    """An ordered item."""

    item: ListItem
    lead: Lead
    number: int


def renumber(draft: Draft, before: Note, after: Note) -> Draft:
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


def _lead(item: ListItem) -> Lead | None:
    """The lead of an item; None where another item or the label of a footnote shares its line."""
    return None if item.parent is not None and item.parent.line == item.line else Lead.find(item)


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


def _count(members: Sequence[_Numbered], first: int, draft: Draft, changed: dict[int, str]) -> None:
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
            texts = [parted(changed.get(at, draft.lines[at]))[0] for at in inside]
            for at, text in zip(inside, shifted(texts, one.lead, by), strict=True):
                changed[at] = text + parted(draft.lines[at])[1]
