"""What a query is asked of: one task, bullet or heading, and what is known about it. Pure.

The items of a note are made once for each state of it. Each value is read from the note when a query first
needs it, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from roadtui.core.mojibake import repair
from roadtui.core.next_actions.waiting import Waiting, is_nested_in_waiting, waiting_by_fields
from roadtui.core.note import ListItem, Note, Section, Task
from roadtui.core.outline import contents
from roadtui.core.query.text_match import fold
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.core.stats.progress import NoteProgress
from roadtui.core.tasks.field_specs import FieldKind, TaskFormat
from roadtui.core.tasks.fields import Fields, read_fields
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.core.terminal_text import display_text

_ARCHIVES = frozenset({"archive", "archives", "archived"})


@dataclass(frozen=True, slots=True, eq=False)
class QueryNote:
    """A note whose items are asked for."""

    path: str
    """Relative to the vault, with `/`."""
    note: Note
    progress: NoteProgress
    aliases: Callable[[], Sequence[str]] = tuple
    """Its other names; asked for where the note itself is searched."""
    _headings: dict[int, tuple[str, ...]] = field(default_factory=dict, repr=False)
    """The headings around each section that was asked about, by the section's index."""
    _locations: dict[int, str] = field(default_factory=dict, repr=False)
    """The location of each section that was asked about, by the section's index."""

    @property
    def name(self) -> str:
        """Its file name without `.md`."""
        return self.path.rpartition("/")[2].removesuffix(".md")

    def headings_of(self, section: Section) -> tuple[str, ...]:
        """The headings that lead to `section`, outermost first, folded; itself included."""
        found = self._headings.get(section.index)
        if found is None:
            found = tuple(fold(repair(title)) for title in section.heading_path)
            self._headings[section.index] = found
        return found

    def location_of(self, section: Section | None) -> str:
        """Its name and the headings that lead to `section`, folded, on a line each."""
        index = section.index if section is not None else -1
        found = self._locations.get(index)
        if found is None:
            headings = self.headings_of(section) if section is not None else ()
            found = self._locations[index] = "\n".join((fold(self.name), *headings))
        return found

    @property
    def is_archived(self) -> bool:
        """Whether it is in a folder that is named as an archive."""
        return "archive" in self.path.lower() and not _ARCHIVES.isdisjoint(self.path.lower().split("/")[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class QueryContext:
    """What the answer depends on beside the note: the vault's settings, its other tasks, and the day."""

    today: date
    statuses: StatusRegistry
    format: TaskFormat
    open_ids: Mapping[str, str] = field(default_factory=dict)
    """Ids of the vault's open tasks, each with its description; tasks that depend on them are blocked."""
    depended_on: Mapping[str, int] = field(default_factory=dict)
    """How many open tasks depend on an id."""
    is_stuck: Callable[[str], bool] = lambda path: False
    """Whether the note at a path has open tasks and no next action."""
    known_dates: Callable[[str], KnownDates] = lambda path: NO_KNOWN_DATES
    """The dates of the tasks of the note at a path that are not in the note. May block."""


class QueryItem:
    """A task, bullet, heading or note, and what is known about it. Compared by identity.

    The item of a note has the part before its first heading as its content.
    """

    def __init__(self, note: QueryNote, content: Section | ListItem, format: TaskFormat) -> None:
        """Read nothing yet; `format` is how the vault writes fields."""
        self.note = note
        self.content = content
        self._format = format

    @property
    def task(self) -> Task | None:
        """The item, if it has a checkbox."""
        return self.content if isinstance(self.content, Task) else None

    @property
    def is_note(self) -> bool:
        """Whether it is a note, found by its name and aliases."""
        return isinstance(self.content, Section) and not self.content.level

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading of a note."""
        return isinstance(self.content, Section) and self.content.level > 0

    @property
    def _may_have_fields(self) -> bool:
        """A cheap check before the fields are read."""
        source = self.content.source if isinstance(self.content, ListItem) else ""
        return not source.isascii() or "::" in source

    @cached_property
    def fields(self) -> Fields | None:
        """Its fields and tags; None for a bullet or a heading."""
        return read_fields(self.content.text, self._format) if isinstance(self.content, Task) else None

    @cached_property
    def text(self) -> str:
        """The text that is shown and searched: a title, a description with its tags, the names of a note."""
        content = self.content
        if self.is_note:
            aliases = ", ".join(self.note.aliases())
            return display_text(f"{self.note.name} ({aliases})" if aliases else self.note.name)
        if isinstance(content, Section):
            return display_text(content.title)
        if not isinstance(content, Task):
            return display_text(content.source.strip())
        text = content.text
        is_plain = not self._may_have_fields and "^" not in text
        return display_text(text if is_plain or self.fields is None else self.fields.description)

    @cached_property
    def folded(self) -> str:
        """Its text without case and accents."""
        return fold(self.text)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The headings that it is in, outermost first, folded; of a heading those around it."""
        section = self._section
        return self.note.headings_of(section) if section is not None else ()

    @property
    def _section(self) -> Section | None:
        content = self.content
        return content.section if isinstance(content, ListItem) else content.parent

    @cached_property
    def location(self) -> str:
        """The name of the note and the headings that it is in, folded: where words may be found as well."""
        return self.note.location_of(self._section)

    def take_texts(self, earlier: QueryItem) -> None:
        """Take what was read of `earlier`, an item with the same source in the same format."""
        known, own = earlier.__dict__, self.__dict__
        if "fields" in known:
            own["fields"] = known["fields"]
        if "folded" in known:
            own["text"], own["folded"] = known["text"], known["folded"]

    @property
    def is_leaf(self) -> bool:
        """Whether it is a task without subtasks."""
        task = self.task
        return task is not None and task.index not in self.note.progress.parents

    def status_type(self, context: QueryContext) -> StatusType | None:
        """The type of its status; None for what has no checkbox."""
        task = self.task
        return context.statuses.type_of(task.status_symbol) if task is not None else None

    def is_open(self, context: QueryContext) -> bool:
        """Whether it is a task that is still to be done."""
        type = self.status_type(context)
        return type is not None and type.is_open

    def day(self, kind: FieldKind) -> date | None:
        """The day that its field `kind` names."""
        return self.fields.day(kind) if self._may_have_fields and self.fields is not None else None

    def waiting(self, context: QueryContext) -> Waiting | None:
        """What it waits for by its own fields; None where it can be done, or is not open."""
        if not self.is_open(context) or not self._may_have_fields or self.fields is None:
            return None
        is_doing = self.status_type(context) is StatusType.IN_PROGRESS
        return waiting_by_fields(self.fields, context.open_ids, context.today, is_doing=is_doing)

    def is_waiting(self, context: QueryContext) -> bool:
        """Whether it, or a task that it is nested in, waits for another task or a day, or is on hold."""
        task = self.task
        if task is None or not self.is_open(context):
            return False
        type = self.status_type(context)
        if type is StatusType.ON_HOLD or self.waiting(context) is not None:
            return True
        return is_nested_in_waiting(
            task,
            context.statuses,
            context.format,
            context.open_ids,
            context.today,
            is_doing=type is StatusType.IN_PROGRESS,
        )


def items_of(note: QueryNote, format: TaskFormat) -> list[QueryItem]:
    """The headings, tasks and bullets of `note` that have a row in its outline, in order of lines."""
    return [QueryItem(note, content, format) for content in contents(note.note)]


def note_item(note: QueryNote, format: TaskFormat) -> QueryItem:
    """`note` itself as an item, which is found by its name and aliases."""
    return QueryItem(note, note.note.sections[0], format)
