"""The tasks of a note as far as their changes are told: lines, order, and what is around them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

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


NO_ROWS = TrackedNote()
"""A note without tasks, or one that is not there."""

TrackedNotes = Mapping[str, TrackedNote]
"""Notes by path."""


def rows_of(note: Note) -> TrackedNote:
    """The tasks of `note`, numbered from 1 in order of lines; `follow` gives them their lasting numbers."""
    number: dict[int, int] = {}
    rows: list[TrackedRow] = []
    paths: dict[int, HeadingPath] = {section.index: section.heading_path for section in note.sections}
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
            )
        )
    return TrackedNote(tuple(paths[section.index] for section in note.sections[1:]), tuple(rows))
