"""The outline of a note: its rows and their depth, which rows a fold hides, and how rows map after a change.

The rows are one flat list; a folded row hides a range of it. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Generic, NamedTuple, Protocol

from typing_extensions import TypeVar

from roadtui.core.diff import common_ends
from roadtui.core.note import ListItem, Note, Section, Task

_DIFF_LIMIT = 4_000
"""With more differing rows than this, rows are matched by unique text alone: a diff takes quadratic time."""

_SPACED_LEVELS = 2
"""Headings above this depth have a blank row before them: the outermost, and those below a note's title."""


class RowContent(Protocol):
    """What a row can show."""

    @property
    def line(self) -> int:
        """Its line in the note, from 0; -1 where it has none."""

    @property
    def row_key(self) -> str:
        """The text by which its row is found again after a change."""


Content = TypeVar("Content", bound=RowContent, default=Section | ListItem)
"""Headings and items of a note, unless another tree is shown by the same means."""


class Row(NamedTuple, Generic[Content]):
    """One row of the outline: a section, a task, a bullet with tasks, or a blank row between sections."""

    index: int  # type: ignore[assignment]  # Hides `tuple.index`, which is not needed.
    """Position in `Outline.rows`."""
    content: Content | None
    """None for a blank row."""
    depth: int
    parent: int
    """Index of the row that hides this one when it is folded; -1 at the top."""

    @property
    def line(self) -> int:
        """The line of the note that the row shows, from 0; -1 for a blank row."""
        return self.content.line if self.content is not None else -1


@dataclass(frozen=True, slots=True, eq=False)
class Outline(Generic[Content]):
    """All rows of a note, folded or not."""

    rows: tuple[Row[Content], ...]
    ends: tuple[int, ...]
    """For each row, the index after the last row nested in it; its own index + 1 if none is nested in it."""
    _keys: list[str] = field(default_factory=list, repr=False)

    def has_children(self, index: int) -> bool:
        """Whether rows are nested in the row, so that it can be folded."""
        return self.ends[index] > index + 1

    @property
    def parents(self) -> Iterator[int]:
        """Indexes of the rows that can be folded."""
        return (index for index, end in enumerate(self.ends) if end > index + 1)

    def visible(self, folded: Set[int]) -> list[int]:
        """Indexes of the rows that are visible while the rows `folded` are folded."""
        shown: list[int] = []
        start = 0
        for index in sorted(folded):
            if index >= start:
                shown.extend(range(start, index + 1))
                start = self.ends[index]
        shown.extend(range(start, len(self.rows)))
        return shown

    def ancestors(self, index: int) -> Iterator[int]:
        """Indexes of the rows that contain a row, nearest first."""
        index = self.rows[index].parent
        while index >= 0:
            yield index
            index = self.rows[index].parent

    def at_line(self, line: int) -> int | None:
        """Index of the last row that starts at or before `line` of the note; None if there is no such row."""
        at = bisect_right(self.rows, line, key=self._line) - 1
        while at >= 0 and self.rows[at].content is None:
            at -= 1
        return at if at >= 0 else None

    def row_of(self, content: Content) -> int | None:
        """Index of the row that stands for `content`; None where it is of another state of the note."""
        at = self.at_line(content.line)
        while at is not None and at >= 0 and self.rows[at].line >= content.line:
            if self.rows[at].content is content:
                return at
            at -= 1
        return None

    def _line(self, row: Row[Content]) -> int:
        """Where `row` starts; a blank row, which stands for no line, counts to the row above it."""
        while row.content is None and row.index:
            row = self.rows[row.index - 1]
        return row.line

    @property
    def keys(self) -> list[str]:
        """The text of each row without its status symbol, by which rows are matched after a change."""
        if not self._keys:
            self._keys.extend(row.content.row_key if row.content is not None else "" for row in self.rows)
        return self._keys


def contents(note: Note) -> Iterator[Section | ListItem]:
    """The headings, tasks, and bullets that contain tasks of `note`, in order of lines."""
    return _in_order(note, _bullets_with_tasks(note))


def outline(note: Note) -> Outline:
    """The outline of `note`: headings, tasks, and bullets that contain tasks. Time is linear in the note."""
    rows: list[Row] = []
    row_of_section: dict[int, int] = {}
    row_of_item: dict[int, int] = {}
    for content in contents(note):
        parent = _parent_row(content, row_of_section, row_of_item)
        depth = rows[parent].depth + 1 if parent >= 0 else 0
        if isinstance(content, Section) and depth < _SPACED_LEVELS:
            _add_blank_row(rows, parent)
        index = len(rows)
        rows.append(Row(index, content, depth, parent))
        (row_of_section if isinstance(content, Section) else row_of_item)[content.index] = index
    return Outline(tuple(rows), row_ends([row.parent for row in rows]))


def row_ends(parents: Sequence[int]) -> tuple[int, ...]:
    """The index after the last row nested in each row, for rows whose parents (-1: none) are `parents`."""
    ends = list(range(1, len(parents) + 1))
    for index in range(len(parents) - 1, -1, -1):
        if (parent := parents[index]) >= 0:
            ends[parent] = max(ends[parent], ends[index])
    return tuple(ends)


def _bullets_with_tasks(note: Note) -> set[int]:
    parent_bullets: set[int] = set()
    visited: set[int] = set()
    for task in note.tasks:
        item = task.parent
        while item is not None and item.index not in visited:
            visited.add(item.index)
            if not isinstance(item, Task):
                parent_bullets.add(item.index)
            item = item.parent
    return parent_bullets


def _in_order(note: Note, parent_bullets: set[int]) -> Iterator[Section | ListItem]:
    """The headings and items with a row, in order of lines."""
    sections = iter(note.sections[1:])
    section = next(sections, None)
    for item in note.items:
        while section is not None and section.line < item.line:
            yield section
            section = next(sections, None)
        if isinstance(item, Task) or item.index in parent_bullets:
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


def _add_blank_row(rows: list[Row], parent: int) -> None:
    """Add the blank row before a heading with the parent row `parent`.

    It belongs to the section before the heading and folds with it, unless that section has no other rows.
    """
    if not rows or rows[-1].index == parent:
        return
    before = rows[-1]
    while before.parent != parent:
        before = rows[before.parent]
    folds = isinstance(before.content, Section) and before.index != rows[-1].index
    rows.append(Row(len(rows), None, 0, before.index if folds else parent))


def map_rows(before: Outline[Content], after: Outline[Content]) -> dict[int, int]:
    """The index in `after` of each row of `before`; removed rows are left out."""
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
    new_index: dict[str, int] = {}
    for at, key in enumerate(new):
        new_index[key] = -1 if key in new_index else at
    old_index: dict[str, int] = {}
    for at, key in enumerate(old):
        old_index[key] = -1 if key in old_index else at
    return ((at, new_index[key]) for key, at in old_index.items() if at >= 0 and new_index.get(key, -1) >= 0)
