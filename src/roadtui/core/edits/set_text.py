"""Changes of text, fields and tags. Each changes its own line and keeps the structure of the note. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from typing_extensions import override

from roadtui.core.edits.edit import Change, EditTarget
from roadtui.core.edits.input_text import heading_title, task_text
from roadtui.core.edits.list_layout import ListMarker
from roadtui.core.edits.locate import Anchorable
from roadtui.core.edits.patch import ExpectedNesting, PatchLine, Replacement, split_line_end
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import TaskSettings
from roadtui.core.tasks.task_line import edit_tags, set_field

_ATX = re.compile(r"(?P<marks>[ ]{0,3}#{1,6}[ \t]+)(?P<title>.*?)(?P<rest>(?:[ \t]+#+)?[ \t]*)\Z")


@dataclass(frozen=True, slots=True)
class SetText(Change):
    """Replace the text of a task, bullet or heading; marker, checkbox and trailing blanks stay."""

    seen: str
    """The text as the user saw it: behind the checkbox, or the heading's title."""
    text: str
    """The new text."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        (content,) = target.found
        if isinstance(content, Section):
            return [self._title(content, target)]
        start = text_start(content)
        old = content.source[start:]
        if old.strip(" \t") != self.seen:
            raise RefusedError("Not changed: another program has changed this text. Check it and try again.")
        text = task_text(self.text, previous=self.seen)
        before = old[: len(old) - len(old.lstrip(" \t"))] or " "
        after = old[len(old.rstrip(" \t")) :] if old.strip(" \t") else ""
        line = PatchLine(content.source[:start] + before + text + after, content.line)
        return [Replacement(content.line, 1, (line,), ExpectedNesting(content.parent), focus=0)]

    def _title(self, section: Section, target: EditTarget) -> Replacement:
        source, _ = split_line_end(target.lines[section.line])
        found = _ATX.match(source)
        if section.title != self.seen:
            raise RefusedError("Not changed: another program has changed this heading.")
        if found is None:
            raise RefusedError("Not changed: this heading takes more than one line. Edit it in Obsidian.")
        line = PatchLine(found["marks"] + heading_title(self.text) + found["rest"], section.line)
        return Replacement(section.line, 1, (line,), ExpectedNesting(None), focus=0)


def text_start(item: ListItem) -> int:
    """The index in its line after an item's checkbox, or after the list marker of a bullet."""
    if isinstance(item, Task):
        return item.symbol_index + 2
    lead = ListMarker.of(item)
    return len("".join(lead)) - len(lead.gap)


def description_of(content: Anchorable) -> str:
    """The text of a task, a bullet or a heading, as it is on disk and can be edited."""
    if isinstance(content, Section):
        return content.title
    return content.source[text_start(content) :].strip(" \t")


@dataclass(frozen=True, slots=True)
class SetField(Change):
    """Set or remove a field of tasks: a date, priority, recurrence rule …"""

    kind: FieldKind
    value: date | Priority | str | None
    """None removes the field."""
    settings: TaskSettings
    for_plugin: bool = False
    """Whether the field has to be where the Tasks plugin reads it."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        return [Replacement.of_task(task, self._changed(task)) for task in target.tasks]

    def _changed(self, task: Task) -> str:
        return set_field(
            task.source,
            self.kind,
            self.value,
            self.settings,
            symbol_index=task.symbol_index,
            for_plugin=self.for_plugin,
        )


@dataclass(frozen=True, slots=True)
class EditTags(Change):
    """Add and remove tags of tasks; all tags include their `#`."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    settings: TaskSettings

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        return [
            Replacement.of_task(
                task,
                edit_tags(
                    task.source,
                    self.add,
                    self.remove,
                    self.settings.task_format,
                    symbol_index=task.symbol_index,
                ),
            )
            for task in target.tasks
        ]


@dataclass(frozen=True, slots=True)
class AddDependency(Change):
    """Make tasks depend on the task with an id, in addition to their other dependencies.

    The field is written where the Tasks plugin reads it, and moved there if it is elsewhere in the text.
    """

    id: str
    """The id of the task that has to be done first."""
    settings: TaskSettings

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        replacements = []
        for task in target.tasks:
            field = read_fields(task.text, self.settings.task_format).get(FieldKind.DEPENDS_ON)
            ids = [name.strip() for name in field.raw.split(",")] if field is not None else []
            if self.id not in ids or field is None or not field.plugin_reads:
                value = ",".join(dict.fromkeys([*ids, self.id]))
                line = set_field(
                    task.source,
                    FieldKind.DEPENDS_ON,
                    value,
                    self.settings,
                    symbol_index=task.symbol_index,
                    for_plugin=True,
                )
                replacements.append(Replacement.of_task(task, line))
        return replacements
