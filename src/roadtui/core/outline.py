"""A note as the rows of a tree: what is a row, how deep, what a fold hides, which is which after a change.

The rows stand in one flat list; a fold skips a range of it. Nothing here knows of a screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from roadtui.core.diff import common_ends
from roadtui.core.note import ListItem, Note, Section, Task

_DIFF_LIMIT = 4_000
"""With more rows than this differing, they are matched by their text alone: a diff is quadratic."""

_SPACED_LEVELS = 2
"""Headings this deep are set off by a blank row: the outermost, and those below a note's one title."""


class Row(NamedTuple):
    """One row of the tree: a section, a task, a bullet with tasks below it, or a blank between sections."""

    index: int  # type: ignore[assignment]  # Nobody looks for a value in a row, as `tuple.index` would.
    """Position in `Outline.rows`."""
    content: Section | ListItem | None
    """None for a blank row."""
    depth: int
    parent: int
    """Index of the row that hides this one when it is folded; -1 at the top."""

    @property
    def line(self) -> int:
        """The line of the note that the row stands for; -1 for a blank one."""
        return self.content.line if self.content is not None else -1


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Every row of a note, folded or not."""

    rows: tuple[Row, ...]
    ends: tuple[int, ...]
    """For each row, the index behind the last row below it; its own index + 1 where nothing is below."""
    _keys: list[str] = field(default_factory=list, repr=False)

    def has_children(self, index: int) -> bool:
        """Whether the row hides anything when it is folded."""
        return self.ends[index] > index + 1

    @property
    def parents(self) -> Iterator[int]:
        """The rows that can be folded."""
        return (index for index, end in enumerate(self.ends) if end > index + 1)

    def visible(self, folded: Set[int]) -> list[int]:
        """Indexes of the rows that show while the rows `folded` are closed."""
        shown: list[int] = []
        start = 0
        for index in sorted(folded):
            if index >= start:
                shown.extend(range(start, index + 1))
                start = self.ends[index]
        shown.extend(range(start, len(self.rows)))
        return shown

    def ancestors(self, index: int) -> Iterator[int]:
        """The rows around a row, nearest first."""
        index = self.rows[index].parent
        while index >= 0:
            yield index
            index = self.rows[index].parent

    def at_line(self, line: int) -> int | None:
        """The last row that starts at or before `line` of the note."""
        found = None
        for row in self.rows:
            if 0 <= row.line <= line:
                found = row.index
        return found

    @property
    def keys(self) -> list[str]:
        """What each row is known by from one state of the note to the next: its text, without its mark."""
        if not self._keys:
            self._keys.extend(_key(row) for row in self.rows)
        return self._keys


def outline(note: Note) -> Outline:
    """The rows of `note`: headings, tasks, and the bullets that hold tasks. Time is linear in the note."""
    carriers = _bullets_with_tasks(note)
    rows: list[Row] = []
    row_of_section: dict[int, int] = {}
    row_of_item: dict[int, int] = {}
    for content in _in_order(note, carriers):
        parent = _parent_row(content, row_of_section, row_of_item)
        depth = rows[parent].depth + 1 if parent >= 0 else 0
        if isinstance(content, Section) and depth < _SPACED_LEVELS:
            _end_with_blank(rows, parent)
        index = len(rows)
        rows.append(Row(index, content, depth, parent))
        (row_of_section if isinstance(content, Section) else row_of_item)[content.index] = index
    ends = list(range(1, len(rows) + 1))
    for row in reversed(rows):
        if row.parent >= 0:
            ends[row.parent] = max(ends[row.parent], ends[row.index])
    return Outline(tuple(rows), tuple(ends))


def _bullets_with_tasks(note: Note) -> set[int]:
    carriers: set[int] = set()
    passed: set[int] = set()
    for task in note.tasks:
        item = task.parent
        while item is not None and item.index not in passed:
            passed.add(item.index)
            if not isinstance(item, Task):
                carriers.add(item.index)
            item = item.parent
    return carriers


def _in_order(note: Note, carriers: set[int]) -> Iterator[Section | ListItem]:
    """Headings and items by line; `sections` and `items` each are in order already."""
    sections = iter(note.sections[1:])
    section = next(sections, None)
    for item in note.items:
        while section is not None and section.line < item.line:
            yield section
            section = next(sections, None)
        if isinstance(item, Task) or item.index in carriers:
            yield item
    if section is not None:
        yield section
        yield from sections


def _parent_row(content: Section | ListItem, sections: dict[int, int], items: dict[int, int]) -> int:
    if isinstance(content, ListItem):
        item = content.parent
        while item is not None:
            if item.index in items:
                return items[item.index]
            item = item.parent
        return sections.get(content.section.index, -1)
    return sections.get(content.parent.index, -1) if content.parent is not None else -1


def _end_with_blank(rows: list[Row], parent: int) -> None:
    """Add the blank row that sets a heading below `parent` off from what stands before it.

    It belongs to the section before and folds with it; behind a heading with nothing below it, it stays.
    """
    if not rows or rows[-1].index == parent:
        return
    before = rows[-1]
    while before.parent != parent:
        before = rows[before.parent]
    folds = isinstance(before.content, Section) and before.index != rows[-1].index
    rows.append(Row(len(rows), None, 0, before.index if folds else parent))


def _key(row: Row) -> str:
    content = row.content
    if isinstance(content, Task):
        return content.source[: content.symbol_index] + content.source[content.symbol_index + 1 :]
    if isinstance(content, ListItem):
        return content.source
    return f"# {content.title}" if content is not None else ""


def follow(before: Outline, after: Outline) -> dict[int, int]:
    """Which row of `after` each row of `before` has become; rows that are gone are left out."""
    old, new = before.keys, after.keys
    start, end = common_ends(old, new)
    mapped = {index: index for index in range(start)}
    shift = len(new) - len(old)
    mapped.update((index, index + shift) for index in range(len(old) - end, len(old)))
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if len(middle_old) + len(middle_new) <= _DIFF_LIMIT:
        pairs = {**dict(_by_unique_text(middle_old, middle_new)), **dict(_diffed(middle_old, middle_new))}
    else:
        pairs = dict(_by_unique_text(middle_old, middle_new))
    mapped.update((a + start, b + start) for a, b in pairs.items())
    return mapped


def _diffed(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    for _, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if a_end - a == b_end - b:
            yield from zip(range(a, a_end), range(b, b_end), strict=True)


def _by_unique_text(old: list[str], new: list[str]) -> Iterator[tuple[int, int]]:
    places: dict[str, int] = {}
    for at, key in enumerate(new):
        places[key] = -1 if key in places else at
    seen: dict[str, int] = {}
    for at, key in enumerate(old):
        seen[key] = -1 if key in seen else at
    return ((at, places[key]) for key, at in seen.items() if at >= 0 and places.get(key, -1) >= 0)
