"""The plan of a triage: a decision for some roadmaps, sections and tasks, each named by its text. Pure.

A plan outlives the notes that it was made for: a part is found again by its text in the next state of its
note, so that a change from outside loses no decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import NamedTuple

from roadtui.core.note import Note, Section, Task

Part = Section | Task
"""A part of a note; the section before its first heading stands for the whole note."""


class Choice(Enum):
    """What can be decided about a part."""

    KEEP = "keep"
    """It stays as it is, whatever is decided around it."""
    LATER = "later"
    """It starts on a later day."""
    DROP = "drop"
    """It is cancelled."""


class Decision(NamedTuple):
    """What was decided about a part."""

    choice: Choice
    day: date | None = None
    """The day from which it is to be done; None unless it is put off."""


class PartKey(NamedTuple):
    """Names a part of a note in any of its states."""

    path: str
    """The note, relative to its vault."""
    text: tuple[str, ...] = ()
    """Of a section the titles from the outermost heading; of a task its line without the status symbol."""
    number: int = 0
    """How many parts with the same text come before it."""
    is_task: bool = False

    @property
    def is_note(self) -> bool:
        """Whether the part is the whole note."""
        return not self.text


Plan = Mapping[PartKey, Decision]
"""The decisions; what is in none of its parts is left alone. Of nested parts, the innermost counts."""

NO_PLAN: Plan = {}


def keyed_parts(path: str, note: Note) -> Iterator[tuple[PartKey, Part]]:
    """Every section and task of the note at `path`, with its key; the whole note comes first."""
    numbers: Counter[tuple[str, ...]] = Counter()
    for section in note.sections:
        text = section.heading_path
        yield PartKey(path, text, numbers[text]), section
        numbers[text] += 1
    numbers.clear()
    for task in note.tasks:
        text = (task.source_without_symbol,)
        yield PartKey(path, text, numbers[text], is_task=True), task
        numbers[text] += 1
