"""Other words, fields and tags for what is there already. Each changes its own line and no structure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from typing_extensions import override

from roadtui.core.edits.edit import Change, EditTarget
from roadtui.core.edits.input_text import heading_title, task_text
from roadtui.core.edits.list_layout import ListMarker
from roadtui.core.edits.patch import ExpectedNesting, PatchLine, Replacement, split_line_end
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.tasks.field_specs import FieldKind, Priority
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import TaskSettings
from roadtui.core.tasks.task_line import retag, set_field

_ATX = re.compile(r"(?P<marks>\ufeff?[ ]{0,3}#{1,6}[ \t]+)(?P<title>.*?)(?P<rest>(?:[ \t]+#+)?[ \t]*)\Z")


@dataclass(frozen=True, slots=True)
class SetText(Change):
    """Give a task, a bullet or a heading other words; marker, box and blanks at the end stay."""

    seen: str
    """The text as the user saw it: behind the box, or the heading's title."""
    wanted: str

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        (content,) = place.found
        if isinstance(content, Section):
            return [self._title(content, place)]
        start = text_start(content)
        old = content.source[start:]
        if old.strip(" \t") != self.seen:
            raise RefusedError(
                "Not changed: somebody else has changed these words. Look at them and try again."
            )
        text = task_text(self.wanted, known=self.seen)
        before = old[: len(old) - len(old.lstrip(" \t"))] or " "
        after = old[len(old.rstrip(" \t")) :] if old.strip(" \t") else ""
        line = PatchLine(content.source[:start] + before + text + after, content.line)
        return [Replacement(content.line, 1, (line,), ExpectedNesting(content.parent), focus=0)]

    def _title(self, section: Section, place: EditTarget) -> Replacement:
        source, _ = split_line_end(place.lines[section.line])
        found = _ATX.match(source)
        if section.title != self.seen:
            raise RefusedError("Not changed: somebody else has changed this heading.")
        if found is None:
            raise RefusedError(
                "Not changed: this heading is made of more than its line. Edit it in Obsidian."
            )
        line = PatchLine(found["marks"] + heading_title(self.wanted) + found["rest"], section.line)
        return Replacement(section.line, 1, (line,), ExpectedNesting(None), focus=0)


def text_start(item: ListItem) -> int:
    """Where in its line the text of an item begins, blanks included: behind the box, or the marker."""
    if isinstance(item, Task):
        return item.symbol_index + 2
    lead = ListMarker.of(item)
    return len("".join(lead)) - len(lead.gap)


@dataclass(frozen=True, slots=True)
class SetField(Change):
    """Give tasks another date, priority, rule …; None takes the field away."""

    kind: FieldKind
    value: date | Priority | str | None
    settings: TaskSettings
    for_plugin: bool = False
    """Whether it has to stand where the Tasks plugin reads it."""

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        return [Replacement.of_task(task, self._changed(task)) for task in place.tasks]

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
    """Add tags to tasks and take others away; both with their `#`."""

    add: tuple[str, ...]
    remove: tuple[str, ...]
    settings: TaskSettings

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        return [
            Replacement.of_task(
                task,
                retag(
                    task.source,
                    self.add,
                    self.remove,
                    self.settings.task_format,
                    symbol_index=task.symbol_index,
                ),
            )
            for task in place.tasks
        ]


@dataclass(frozen=True, slots=True)
class AddDependency(Change):
    """Have a task wait for the one with an id, besides those that it waits for already.

    What it waits for is written where the Tasks plugin reads it, and moved there from between words.
    """

    id: str
    settings: TaskSettings

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        replacements = []
        for task in place.tasks:
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
