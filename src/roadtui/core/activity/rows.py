"""The tasks of a note as far as their changes are told: lines, order, and what is around them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from roadtui.core.activity.text_below import NOTHING_BELOW, TextsBelow, texts_below
from roadtui.core.note import Note, Task

HeadingPath = tuple[str, ...]
"""Titles from the outermost heading to the one that a task is below."""


class TrackedRow(NamedTuple):
    """A task in one state of its note."""

    id: int
    """The number that stays the task's own while it is reworded and moved, also to other notes."""
    source: str
    """Its line as it is on disk, without the line end."""
    symbol_index: int
    """Index of the status symbol in `source`."""
    parent: int
    """The number of the task around it; 0 where there is none."""
    section: HeadingPath
    is_moved: bool = False
    """Whether it was moved within its note after it was seen there."""
    twin: int = 0
    """Of headings with the same path, which one it is below; from 0."""

    @property
    def status_symbol(self) -> str:
        """The character in the checkbox."""
        return self.source[self.symbol_index]

    @property
    def text(self) -> str:
        """The text after the checkbox; fields and tags included."""
        return self.source[self.symbol_index + 2 :].strip(" \t")

    @property
    def wording(self) -> str:
        """The text with single spaces: two lines that differ in white space alone say the same."""
        return " ".join(self.text.split())


class TrackedNote(NamedTuple):
    """The tasks of a note in one of its states, in order of lines."""

    sections: tuple[HeadingPath, ...] = ()
    """Of all headings, with tasks or without, in order of lines."""
    rows: tuple[TrackedRow, ...] = ()
    below: TextsBelow = NOTHING_BELOW
    """What belongs to tasks besides their lines, by their numbers: restored, but its changes are not told."""


NO_ROWS = TrackedNote()
"""A note without tasks, or one that is not there."""

TrackedNotes = Mapping[str, TrackedNote]
"""Notes by path."""
NO_NOTES: TrackedNotes = MappingProxyType({})


SectionKey = tuple[HeadingPath, int]


def section_keys(one: TrackedNote, other: TrackedNote) -> Callable[[TrackedRow], SectionKey]:
    """By what sections of two states of a note are told apart: headings with the same path by their order.

    Where there are more or fewer of them in the other state, it is not known which one is which.
    """
    numbers, others = Counter(one.sections), Counter(other.sections)
    return lambda row: (row.section, row.twin if numbers[row.section] == others[row.section] else 0)


def rows_of(note: Note, lines: Sequence[str] | None = None) -> TrackedNote:
    """The tasks of `note`, numbered from 1 in order of lines; `follow` gives them their lasting numbers.

    `lines`: those of the note, with or without their ends; without them it is not known what is below a task.
    """
    number: dict[int, int] = {}
    rows: list[TrackedRow] = []
    paths: dict[int, HeadingPath] = {section.index: section.heading_path for section in note.sections}
    twins: dict[int, int] = {}
    before: Counter[HeadingPath] = Counter()
    for index, path in paths.items():
        twins[index] = before[path]
        before[path] += 1
    for task in note.tasks:
        number[task.index] = len(rows) + 1
        parent: Task | None = task.parent_task
        rows.append(
            TrackedRow(
                len(rows) + 1,
                task.source,
                task.symbol_index,
                number[parent.index] if parent is not None else 0,
                paths[task.section.index],
                twin=twins[task.section.index],
            )
        )
    below = {number[index]: text for index, text in texts_below(note, lines).items()}
    return TrackedNote(tuple(paths[section.index] for section in note.sections[1:]), tuple(rows), below)
