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

from roadtui.core.dates import add_months
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


_LEAST_DAYS_LATER = 14


def usual_later_day(today: date) -> date:
    """The day that is offered for what is put off: the first of a month that is two weeks away or more."""
    first = add_months(today.replace(day=1), 1)
    return first if (first - today).days >= _LEAST_DAYS_LATER else add_months(first, 1)


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


def keys_still_sure(before: Mapping[PartKey, Part], now: Mapping[PartKey, Part]) -> frozenset[PartKey]:
    """The keys of `before`, parts of one note, that certainly name the same part in its next state `now`.

    One of several parts with the same text does so only if all of them are where they were.
    """
    there, here = _places(before), _places(now)
    copies = Counter((key.text, key.is_task) for key in before)
    return frozenset(
        key
        for key in before.keys() & now.keys()
        if (copies[key.text, key.is_task] == len(here[key.text, key.is_task]) == 1)
        or there[key.text, key.is_task] == here[key.text, key.is_task]
    )


def _places(parts: Mapping[PartKey, Part]) -> Mapping[tuple[tuple[str, ...], bool], list[object]]:
    """For each text, what is around its copies, and in the sections with it, in order of lines."""
    inside: dict[int, list[str]] = {}
    for part in parts.values():
        if isinstance(part, Task):
            inside.setdefault(part.section.index, []).append(part.source_without_symbol)
    found: dict[tuple[tuple[str, ...], bool], list[object]] = {}
    for key, part in parts.items():
        place: object
        if isinstance(part, Task):
            place = part.section.heading_path, [one.source_without_symbol for one in part.ancestors]
        else:
            place = inside.get(part.index, [])
        found.setdefault((key.text, key.is_task), []).append(place)
    return found
