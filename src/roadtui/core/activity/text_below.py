"""What belongs to a task besides its line and the tasks inside it: bullets, paragraphs, code. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from roadtui.core.edits.list_layout import item_end
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Note, Task

_MOST_LINES = 200_000
"""Where more lines would have to be scanned, nothing is known: to find where an item ends, the list around it
is scanned from its beginning."""
_LEAD = " \t>"
_BLANK = " \t>\r\n"


class LineBelow(NamedTuple):
    """A line that belongs to a task."""

    after: int
    """How many of the tasks inside the task are before it."""
    text: str
    """Without the white space and quote marks that the task has before its list marker."""


TextBelow = tuple[LineBelow, ...]
TextsBelow = Mapping[int, TextBelow | None]
"""By task; None where there may be such lines that are not known. A task that is left out has none."""
NOTHING_BELOW: TextsBelow = MappingProxyType({})


def texts_below(note: Note, lines: Sequence[str] | None) -> dict[int, TextBelow | None]:
    """What is below the tasks of `note`, by `Task.index`; not known without its `lines`."""
    runs = [*_runs(note, lines)]
    found: dict[int, TextBelow | None] = {}
    if lines is None or sum(map(_scanned, runs)) > _MOST_LINES:
        return {task.index: None for run in runs for task in _tasks_around(run.item)}
    starts = [task.line for task in note.tasks]
    for run in runs:
        for line in range(run.start, run.end):
            try:
                owner = _owner(run.item, line, lines)
            except RefusedError:
                found.update((task.index, None) for task in _tasks_around(run.item))
                break
            if owner is None:
                break  # What follows belongs to no item.
            text, known = _relative(lines[line], owner), found.get(owner.index, ())
            inside = bisect_left(starts, line) - bisect_right(starts, owner.line)
            found[owner.index] = _with_line(known, inside, text)
    return found


class _Run(NamedTuple):
    """Lines of no task that follow an item."""

    item: ListItem
    start: int
    end: int


def _runs(note: Note, lines: Sequence[str] | None) -> Iterator[_Run]:
    """Where lines may belong to a task, in order."""
    contents: dict[int, ListItem | None] = {section.line: None for section in note.sections[1:]}
    contents.update((item.line, item) for item in reversed(note.items))
    stops = [*sorted(contents), note.line_count]
    for line, end in pairwise(stops):
        item = contents[line]
        is_task = isinstance(item, Task)
        start = line + 1 if is_task else line
        if item is None or start >= end or not (is_task or any(_tasks_around(item))):
            continue
        is_blank = lines is not None and not any(text.strip(_BLANK) for text in lines[start:end])
        if is_blank:  # It belongs to a task that goes on after it.
            after = contents.get(end)
            around = {*_tasks_around(item)}
            if after is None or around.isdisjoint(after.ancestors):
                continue
        yield _Run(item, start, end)


def _scanned(run: _Run) -> int:
    """How many lines are scanned for `run`."""
    outermost = next(reversed([run.item, *run.item.ancestors]))
    return (run.end - run.item.line - 1) * (run.end - outermost.line)


def _tasks_around(item: ListItem) -> Iterator[Task]:
    """`item` and the items around it, as far as they are tasks; from the inside."""
    return (one for one in (item, *item.ancestors) if isinstance(one, Task))


def _owner(item: ListItem, line: int, lines: Sequence[str]) -> Task | None:
    """The innermost task around `item` that `line` belongs to. Raises RefusedError: that is not clear."""
    if line == item.line:
        return next(_tasks_around(item), None)
    return next((task for task in _tasks_around(item) if line < item_end(lines, task)), None)


def _with_line(known: TextBelow | None, inside: int, text: str | None) -> TextBelow | None:
    return (*known, LineBelow(inside, text)) if known is not None and text is not None else None


def _relative(line: str, owner: Task) -> str | None:
    text = line.rstrip("\r\n")
    lead = owner.source[: len(owner.source) - len(owner.source.lstrip(_LEAD))]
    if text.startswith(lead):
        return text[len(lead) :]
    return "" if not text.strip(_LEAD) else None
