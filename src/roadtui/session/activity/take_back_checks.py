"""Refuses to take back what cannot be restored for certain: nothing may be lost, or be there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from roadtui.core.activity.changes import SeenAndTracked, TaskChange
from roadtui.core.activity.rows import NO_ROWS, TrackedRow
from roadtui.core.edits.list_layout import item_end
from roadtui.core.errors import RefusedError
from roadtui.core.note import Task
from roadtui.core.titles import short_title


def refuse_uncertain(changes: Iterable[TaskChange], states: SeenAndTracked) -> None:
    """Check that it is clear which task each of `changes` is about, and what was inside it.

    Raises:
        RefusedError: equal lines cannot be told apart, or what came along with a task has changed as well.
    """
    twins: dict[str, _Twins] = {}
    seen, tracked = ({path: tasks_by_parent(note.rows) for path, note in some.items()} for some in states)
    for change in changes:
        path = change.old_path
        if change.old is not None and (change.new is None or change.is_from_elsewhere or change.new.is_moved):
            if path not in twins:
                twins[path] = _Twins(states.seen.get(path, NO_ROWS).rows)
            twins[path].refuse(change.old)
        if change.old is not None and change.new is not None and change.is_from_elsewhere:
            was, now = seen.get(path, {}), tracked.get(change.path, {})
            if _lines_inside(change.old, was) != _lines_inside(change.new, now):
                raise RefusedError(
                    f"Not taken back: what is inside “{short_title(change.row.text)}” has changed as well."
                )


class _Twins:
    """The tasks of a note as it was seen, some of which may have equal texts."""

    def __init__(self, rows: Sequence[TrackedRow]) -> None:
        self._by_id = {row.id: row for row in rows}
        self._number = Counter(row.text for row in rows)

    def refuse(self, row: TrackedRow) -> None:
        """Refuse what is, or was inside, one of several tasks with equal texts. Raises `RefusedError`."""
        around: TrackedRow | None = row
        while around is not None:
            if self._number[around.text] > 1:
                raise RefusedError(
                    f"Not taken back: “{short_title(around.text)}” stood there more than once, and it is not "
                    "clear which one it was."
                )
            around = self._by_id.get(around.parent)


def tasks_by_parent(rows: Iterable[TrackedRow]) -> Mapping[int, Sequence[TrackedRow]]:
    """The tasks inside each, in order of lines, by its number; 0 for those inside none."""
    found: dict[int, list[TrackedRow]] = {}
    for row in rows:
        found.setdefault(row.parent, []).append(row)
    return found


def all_inside(row: TrackedRow, by_parent: Mapping[int, Sequence[TrackedRow]]) -> Iterator[TrackedRow]:
    """All tasks inside `row`, in order of lines."""
    for other in by_parent.get(row.id, ()):
        yield other
        yield from all_inside(other, by_parent)


def _lines_inside(
    row: TrackedRow, by_parent: Mapping[int, Sequence[TrackedRow]]
) -> list[tuple[int, int, str]]:
    """The tasks inside `row`: the number of each, that of the one around it, and its line from the box on."""
    return [(one.id, one.parent, one.source[one.symbol_index :]) for one in all_inside(row, by_parent)]


def refuse_left_text(row: TrackedRow, below: Iterable[str], left: Mapping[str, int]) -> None:
    """Check that the text that was below a task is gone with it. Else it would be there twice.

    Args:
        row: The task, which is put back.
        below: The lines of that text.
        left: How often each line, without white space around it, is in the note and belongs to no other task.

    Raises:
        RefusedError: all of that text is there still.
    """
    texts = [text for line in below if (text := line.strip())]
    if texts and all(left.get(text, 0) > 0 for text in texts):
        raise RefusedError(
            f"Not taken back: the text that was below “{short_title(row.text)}” is there still, and would be "
            "there twice."
        )


def refuse_other_lines(
    new: Collection[Task], moved: Collection[Task], ids: Mapping[int, Task], lines: Sequence[str]
) -> None:
    """Check that nothing is deleted with `new` tasks but themselves and what was `moved` there.

    Args:
        new: The tasks that are deleted, with all that is inside them.
        moved: Tasks that are put back elsewhere, with all that is inside them.
        ids: All tasks of the note, by their numbers.
        lines: Those of the note.

    Raises:
        RefusedError: another task, or other text, is inside one of them.
    """
    chosen = set(new)
    deleted = {task.line for task in new}
    for task in moved:
        deleted.update(range(task.line, item_end(lines, task)))
    for task in ids.values():
        if task.line not in deleted and not chosen.isdisjoint(task.ancestors):
            raise RefusedError(
                f"Not taken back: “{short_title(task.text)}” is inside it now, and would be deleted."
            )
    for task in new:
        for line in range(task.line, item_end(lines, task)):
            if line not in deleted and lines[line].strip(" \t\r\n>"):
                raise RefusedError(
                    f"Not taken back: there is other text inside “{short_title(task.text)}” now, which "
                    "would be deleted."
                )
