"""The parts of a note that are decided about: the note, its sections, and its tasks with subtasks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from roadtui.core.line_text import plain_line
from roadtui.core.note import Note, Section, Task
from roadtui.core.stats.progress import NoteProgress, Progress
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.core.triage.plan import Part, PartKey, keyed_parts


class Depth(Enum):
    """How far a part is split into those inside it."""

    SECTIONS = 1
    """Into its sections; where it has none, into its tasks."""
    ALL = 2
    """Into its sections and the tasks directly in it."""


Split = Mapping[PartKey, Depth]
"""The parts that are split."""


class PartRow(NamedTuple):
    """A part in the list of those that can be decided about."""

    key: PartKey
    part: Part
    title: str
    """Without Markdown, safe for a terminal."""
    depth: int
    """0 for a note."""
    progress: Progress
    splits_further: bool
    """Whether it has open parts that are not listed."""

    @property
    def open(self) -> int:
        """Its open tasks, those in progress included."""
        return _open(self.progress)


class Fate(Enum):
    """What is left of a task."""

    OPEN = "open"
    DONE = "done"
    GONE = "gone"
    """Cancelled, or no task to begin with."""

    @classmethod
    def of(cls, kind: StatusType) -> Fate:
        """That of a task with a status of `kind`."""
        if kind.is_open:
            return cls.OPEN
        return cls.DONE if kind is StatusType.DONE else cls.GONE


class NoteParts:
    """One state of a note, and its parts by their keys; made once, for many plans."""

    def __init__(
        self, path: str, name: str, note: Note, progress: NoteProgress, statuses: StatusRegistry
    ) -> None:
        """Find the parts of the note at `path`, which is called `name` and has this `progress`."""
        self.path = path
        self.name = name
        self.note = note
        self.progress = progress
        self.by_key = dict(keyed_parts(path, note))
        self.key_of: Mapping[Part, PartKey] = {part: key for key, part in self.by_key.items()}
        self._kinds = {
            symbol: statuses.type_of(symbol) for symbol in {task.status_symbol for task in note.tasks}
        }
        fates = {symbol: Fate.of(kind) for symbol, kind in self._kinds.items()}
        self.tasks: Sequence[tuple[Task, Task | None, Fate]] = [
            (task, task.parent_task, fates[task.status_symbol]) for task in note.tasks
        ]
        """In order of lines, each with the nearest task around it and what is left of it."""
        self._sections: dict[int, list[Section]] = {}
        """By `Section.index`, the sections directly inside with open tasks."""
        for section in note.sections[1:]:
            if section.parent is not None and _open(progress.of_section(section)):
                self._sections.setdefault(section.parent.index, []).append(section)
        self._tasks_in: dict[Part, list[Task]] = {}
        """The tasks directly inside a section or task in which something is open."""
        for task, parent, _ in self.tasks:
            if _open(self._progress_of(task)):
                self._tasks_in.setdefault(parent if parent is not None else task.section, []).append(task)

    @property
    def whole(self) -> Section:
        """The part that is the whole note."""
        return self.note.sections[0]

    @property
    def open(self) -> int:
        """Its open tasks, those in progress included."""
        return _open(self.progress.note)

    def rows(self, split: Split) -> Iterator[PartRow]:
        """The row of the note, then those of the parts that it is split into."""
        return self._rows(self.whole, 0, split)

    def _rows(self, part: Part, depth: int, split: Split) -> Iterator[PartRow]:
        inside = self._inside(part)
        level = split.get(self.key_of[part])
        listed = inside.at(level)
        yield PartRow(
            self.key_of[part],
            part,
            self._title(part),
            depth,
            self._progress_of(part),
            len(listed) < len(inside.sections) + len(inside.tasks),
        )
        for one in listed:
            yield from self._rows(one, depth + 1, split)

    def split_further(self, key: PartKey, split: Split) -> Split | None:
        """`split` with one more level of the part `key`; None where it has no more parts."""
        part = self.by_key.get(key)
        if part is None:
            return None
        inside, level = self._inside(part), split.get(key)
        for deeper in Depth:
            if len(inside.at(deeper)) > len(inside.at(level)):
                return {**split, key: deeper}
        return None

    def _inside(self, part: Part) -> _Inside:
        if isinstance(part, Task):
            return _Inside((), self._tasks_in.get(part, ()))
        around, sections, whole = part, self._sections.get(part.index, ()), self._progress_of(part)
        while len(sections) == 1 and self._progress_of(sections[0]) == whole:
            # A single heading around everything is no part.
            around, sections = sections[0], self._sections.get(sections[0].index, ())
        return _Inside(sections, self._tasks_in.get(around, ()))

    def _progress_of(self, part: Part) -> Progress:
        if isinstance(part, Section):
            return self.progress.of_section(part) if part.level else self.progress.note
        below = self.progress.of_task(part)
        if below is not None:
            return below
        kind = self._kinds[part.status_symbol]
        return Progress(
            done=int(kind is StatusType.DONE),
            in_progress=int(kind is StatusType.IN_PROGRESS),
            open=int(kind.is_open and kind is not StatusType.IN_PROGRESS),
        )

    def _title(self, part: Part) -> str:
        if isinstance(part, Task):
            return plain_line(read_fields(part.text).description or part.text)
        return plain_line(part.title if part.level else self.name)


class _Inside(NamedTuple):
    """The parts directly inside a part that have open tasks."""

    sections: Sequence[Section]
    tasks: Sequence[Task]

    def at(self, depth: Depth | None) -> Sequence[Part]:
        """Those that are listed where the part is split so far."""
        if depth is None:
            return ()
        if depth is Depth.ALL or not self.sections:
            return (*self.tasks, *self.sections)
        return self.sections


def _open(progress: Progress) -> int:
    return progress.open + progress.in_progress
