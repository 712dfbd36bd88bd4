"""What the rows of a note will be once an edit is written: for showing it before that. Pure.

Moved rows keep the contents that they have in the note; rows that are added, and those with another text,
have a `PredictedTask`. Counts and blank rows are not made anew: the rows are corrected by those of the note
once it is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from typing_extensions import override

from roadtui.core.note import ListItem, Note, Section, Task
from roadtui.core.outline import Outline, Row

Spot = Section | ListItem

AT_TOP = -1
"""The parent of rows that no other row contains."""


@dataclass(frozen=True, slots=True, eq=False)
class PredictedTask(Task):
    """A task as an edit will write it. It is in no note, so that no edit can be anchored at it."""


def is_predicted(content: Spot | None) -> bool:
    """Whether a row with `content` is shown before it is in the note, so that no edit can find it there."""
    return isinstance(content, PredictedTask)


@dataclass(frozen=True, slots=True, eq=False)
class PredictedOutline(Outline):
    """Rows that are not in the order of the lines that their contents were read from."""

    @override
    def at_line(self, line: int) -> int | None:
        before = [row for row in self.rows if 0 <= row.line <= line]
        return max(before, key=lambda row: row.line).index if before else None

    @override
    def row_of(self, content: Spot) -> int | None:
        return next((row.index for row in self.rows if row.content is content), None)


class Prediction(NamedTuple):
    """The rows after an edit."""

    outline: PredictedOutline
    became: Mapping[int, int]
    """The new index of each row before the edit; rows that are removed are left out."""
    focus: int | None = None
    """The row that the cursor goes to; None where it stays."""


class NewRow(NamedTuple):
    """A row that an edit adds."""

    task: PredictedTask
    inside: int = -1
    """The position, among the new rows, of the one that it is nested in; -1 where that is none of them."""


class OutlinePredictor:
    """Predicts the rows after one edit of an outline. A method returns None where it cannot tell."""

    def __init__(self, note: Note, outline: Outline) -> None:
        """Predict from `outline`, whose contents are of `note`, or predicted of it."""
        self._note = note
        self._outline = outline

    # What is changed

    def remove(self, contents: Sequence[Spot]) -> Prediction | None:
        """Remove `contents` with all rows inside them."""
        rows, ends = self._outline.rows, self._outline.ends
        found = self._rows_of(contents)
        if not found:
            return None
        order: list[int] = []
        start = 0
        for row in found:
            if row >= start:
                order.extend(range(start, row))
                start = ends[row]
        order.extend(range(start, len(rows)))
        while order and rows[order[-1]].content is None:
            order.pop()
        return self._arranged(order)

    def move(self, contents: Sequence[Spot], step: int, past: int = 1) -> Prediction | None:
        """Move items past `past` siblings after (`step` 1) or before them (-1), or into the next section."""
        group = self._group(contents)
        if group is None:
            return None
        start, end, parent = group
        siblings = list(self._items_in(parent))
        if step > 0:
            others = [row for row in siblings if row >= end][:past]
        else:
            others = [row for row in siblings if row < start][-past:]
        if not others:
            return self._move_to_section(start, end, parent, step)
        first, middle, last = (
            (start, end, self._outline.ends[others[-1]]) if step > 0 else (others[0], start, end)
        )
        count = len(self._outline.rows)
        return self._arranged(
            [*range(first), *range(middle, last), *range(first, middle), *range(last, count)]
        )

    def _move_to_section(self, start: int, end: int, parent: int, step: int) -> Prediction | None:
        rows = self._outline.rows
        if parent != AT_TOP and not isinstance(rows[parent].content, Section):
            return None
        headings = [row.index for row in rows if isinstance(row.content, Section)]
        if step > 0:
            below = next((row for row in headings if row > parent), None)
            return self._relocated(start, end, below + 1, below) if below is not None else None
        above = next((row for row in reversed(headings) if row < parent), AT_TOP)
        if parent == AT_TOP or (above == AT_TOP and next(self._items_in(AT_TOP), None) is None):
            return None
        return self._relocated(start, end, self._end_of_items(above), above)

    def indent(self, contents: Sequence[Spot]) -> Prediction | None:
        """Nest items in the sibling before them."""
        group = self._group(contents)
        if group is None:
            return None
        start, end, parent = group
        before = [row for row in self._items_in(parent) if row < start]
        return self._relocated(start, end, self._outline.ends[before[-1]], before[-1]) if before else None

    def outdent(self, contents: Sequence[Spot]) -> Prediction | None:
        """Move items out of the one that they are nested in, after it."""
        group = self._group(contents)
        if group is None:
            return None
        start, end, parent = group
        if parent == AT_TOP or isinstance(self._outline.rows[parent].content, Section):
            return None
        return self._relocated(start, end, self._outline.ends[parent], self._outline.rows[parent].parent)

    def insert_after(self, content: ListItem, new: Sequence[NewRow]) -> Prediction | None:
        """Insert rows after `content` and all rows inside it."""
        row = self._outline.row_of(content)
        if row is None:
            return None
        return self._inserted(self._outline.ends[row], self._outline.rows[row].parent, new)

    def insert_inside(
        self, content: Spot | None, new: Sequence[NewRow], *, is_first: bool = False
    ) -> Prediction | None:
        """Insert rows as the last ones inside `content`; `is_first`: of a section, as its first.

        Without `content`, they go into the last section.
        """
        rows = self._outline.rows
        if content is None or (isinstance(content, Section) and not content.level):
            headings = (row.index for row in reversed(rows) if isinstance(row.content, Section))
            row: int | None = next(headings, AT_TOP)
        else:
            row = self._outline.row_of(content)
        if row is None:
            return None
        if row != AT_TOP and isinstance(rows[row].content, ListItem):
            return self._inserted(self._outline.ends[row], row, new)
        return self._inserted(row + 1 if is_first else self._end_of_items(row), row, new)

    def replace(self, contents: Mapping[Task, PredictedTask]) -> Prediction | None:
        """Give the rows of tasks other contents."""
        rows = {self._outline.row_of(old): new for old, new in contents.items()}
        if None in rows:
            return None
        replaced = {row: new for row, new in rows.items() if row is not None}
        return self._arranged(list(range(len(self._outline.rows))), contents=replaced)

    # Rows

    def _rows_of(self, contents: Sequence[Spot]) -> list[int]:
        """The rows of `contents`, in order; empty where one of them has none."""
        found = [self._outline.row_of(content) for content in contents]
        return sorted(row for row in found if row is not None) if None not in found else []

    def _group(self, contents: Sequence[Spot]) -> tuple[int, int, int] | None:
        """The rows from the first of `contents` to the end of the last, and their parent.

        None unless they are items beside one another, and nothing without a row is beside them.
        """
        rows, ends = self._outline.rows, self._outline.ends
        found = self._rows_of(contents)
        if not found or not all(isinstance(content, ListItem) for content in contents):
            return None
        start, parent = found[0], rows[found[0]].parent
        around = rows[parent].content if parent != AT_TOP else self._note.sections[0]
        if around is None or self._has_items_without_rows(around):
            return None
        end = start
        for row in found:
            if row < end:
                continue  # It is inside the one before.
            if row != end or rows[row].parent != parent:
                return None
            end = ends[row]
        return start, end, parent

    def _has_items_without_rows(self, around: Spot) -> bool:
        """Whether an item directly inside `around` may have no row: what is beside it is not known then."""
        if isinstance(around, PredictedTask):
            return True
        if isinstance(around, Section):
            inside = [item for item in self._note.items if item.section is around and item.parent is None]
        else:
            inside = [item for item in self._note.items[around.index + 1 :] if item.parent is around]
        bullets = {id(item) for item in inside if not isinstance(item, Task)}
        return bool(bullets) and not bullets.issubset(id(row.content) for row in self._outline.rows)

    def _items_in(self, parent: int) -> Iterator[int]:
        """The rows of the items directly inside the row `parent`."""
        rows, ends = self._outline.rows, self._outline.ends
        row, end = (parent + 1, ends[parent]) if parent != AT_TOP else (0, len(rows))
        while row < end:
            if isinstance(rows[row].content, ListItem):
                yield row
            row = ends[row]

    def _end_of_items(self, parent: int) -> int:
        """Where rows go that become the last items directly inside the section `parent`."""
        last = max(self._items_in(parent), default=AT_TOP)
        return self._outline.ends[last] if last != AT_TOP else parent + 1

    def _depth_in(self, parent: int) -> int:
        return self._outline.rows[parent].depth + 1 if parent != AT_TOP else 0

    # The new outline

    def _relocated(self, start: int, end: int, to: int, parent: int) -> Prediction:
        """The rows from `start` to `end`, siblings with all inside them, put before `to` in `parent`."""
        rows = self._outline.rows
        moved = range(start, end)
        if to >= end:
            order = [*range(start), *range(end, to), *moved, *range(to, len(rows))]
        else:
            order = [*range(to), *moved, *range(to, start), *range(end, len(rows))]
        old = rows[start].parent
        return self._arranged(
            order,
            parents={row: parent for row in moved if rows[row].parent == old},
            deeper=dict.fromkeys(moved, self._depth_in(parent) - rows[start].depth),
        )

    def _inserted(self, to: int, parent: int, new: Sequence[NewRow]) -> Prediction:
        """`new` before the row `to`, inside the row `parent`."""
        count = len(self._outline.rows)
        order = [*range(to), *range(count, count + len(new)), *range(to, count)]
        depth = self._depth_in(parent)
        added: list[Row] = []
        for at, row in enumerate(new):
            inside = added[row.inside] if row.inside >= 0 else None
            added.append(
                Row(
                    count + at,
                    row.task,
                    inside.depth + 1 if inside is not None else depth,
                    inside.index if inside is not None else parent,
                )
            )
        return self._arranged(order, added=added)._replace(focus=to)

    def _arranged(
        self,
        order: Sequence[int],
        *,
        parents: Mapping[int, int] | None = None,
        deeper: Mapping[int, int] | None = None,
        contents: Mapping[int, Spot] | None = None,
        added: Sequence[Row] = (),
    ) -> Prediction:
        """The outline with its rows in another order, and some of them changed.

        Args:
            order: The old index of each row; new rows have indexes after the last old one.
            parents: The old index of the new parent of rows.
            deeper: How much deeper rows are.
            contents: The new contents of rows.
            added: The new rows, in order.
        """
        parents, deeper, contents = parents or {}, deeper or {}, contents or {}
        count = len(self._outline.rows)
        old_rows: Sequence[Row] = [*self._outline.rows, *added] if added else self._outline.rows
        old_keys = self._outline.keys
        if added:
            old_keys = [*old_keys, *(row.content.row_key for row in added if row.content is not None)]
        start, end = self._span(order, {*parents, *deeper, *contents})
        place = [*range(start), *(-1 for _ in range(start, len(old_rows)))]
        for new in range(start, len(order)):
            place[order[new]] = new
        rows = list(old_rows[:start])
        for index in range(start, end):
            old = order[index]
            _, content, depth, parent = old_rows[old]
            parent = parents.get(old, parent)
            parent = place[parent] if parent >= 0 else parent
            if content is None and parent == index - 1 >= 0:
                parent = rows[parent].parent  # A heading with nothing else inside it does not fold.
            rows.append(Row(index, contents.get(old, content), depth + deeper.get(old, 0), parent))
        rows += old_rows[end : len(order)]
        keys = [old_keys[old] for old in order]
        for old, changed_content in contents.items():
            keys[place[old]] = changed_content.row_key
        became = dict(zip(range(count), place, strict=False))
        if len(order) < count + len(added):
            became = {old: new for old, new in became.items() if new >= 0}
        return Prediction(PredictedOutline(tuple(rows), self._ends(rows, start, end), keys), became)

    def _span(self, order: Sequence[int], changed: Set[int]) -> tuple[int, int]:
        """The positions from the first that differs to the one after the last: all others keep their rows."""
        rows = self._outline.rows
        positions = range(len(order))
        start = next((at for at in positions if order[at] != at or order[at] in changed), len(order))
        if len(order) != len(rows):
            return min(start, len(rows)), len(order)
        end = next((at for at in reversed(positions) if order[at] != at or at in changed), start - 1) + 1
        is_inside = end < len(rows) and any(row >= start for row in self._outline.ancestors(end))
        return start, len(rows) if is_inside else end

    def _ends(self, rows: Sequence[Row], start: int, end: int) -> tuple[int, ...]:
        """The `ends` of `rows`, which are as they were before `start` and from `end` on."""
        ends = [*self._outline.ends[:start], *range(start + 1, end + 1), *self._outline.ends[end : len(rows)]]
        around = [start - 1, *self._outline.ancestors(start - 1)] if start else []
        for row in around:
            if ends[row] <= end or end == len(rows):
                ends[row] = min(ends[row], start)
        for index in range(end - 1, start - 1, -1):
            parent = rows[index].parent
            while parent >= 0 and ends[parent] < ends[index]:
                ends[parent] = ends[index]
                parent = rows[parent].parent if parent < start else AT_TOP
        return tuple(ends)
