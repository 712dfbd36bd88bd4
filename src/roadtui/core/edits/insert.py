"""What was not there before: tasks, sections, text pasted as tasks, one task made of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent
from unicodedata import category

from typing_extensions import override

from roadtui.core.edits import insertion_point
from roadtui.core.edits.edit import Change, EditTarget
from roadtui.core.edits.input_text import heading_title, task_text
from roadtui.core.edits.insertion_point import InsertionPoint
from roadtui.core.edits.list_layout import ListMarker, moved, section_end
from roadtui.core.edits.patch import ExpectedNesting, PatchLine, Replacement, split_line_end
from roadtui.core.edits.set_text import SetText
from roadtui.core.errors import RefusedError
from roadtui.core.markdown import parse, split_lines
from roadtui.core.note import ListItem, Section


@dataclass(frozen=True, slots=True)
class InsertAfter(Change):
    """New tasks behind an item and all that is nested in it, one for each text."""

    texts: tuple[str, ...]

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        (item,) = place.items
        return [_new_tasks(insertion_point.after(place, item), self.texts)]


@dataclass(frozen=True, slots=True)
class InsertChild(Change):
    """New tasks: nested in an item, behind what is there; below a heading; else at the note's end."""

    texts: tuple[str, ...]
    unit: str
    """What items are set in by where the note has none that are."""
    is_first: bool = False
    """Whether they stand before what is below the heading already."""

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        return [_new_tasks(inner_slot(place, self.unit, is_first=self.is_first), self.texts)]


def inner_slot(place: EditTarget, unit: str, *, is_first: bool = False) -> InsertionPoint:
    """Where something new stands inside what an edit holds on to."""
    if not place.found:
        return insertion_point.at_end(place)
    (content,) = place.found
    if isinstance(content, Section):
        return (
            insertion_point.first_in(place, content) if is_first else insertion_point.last_in(place, content)
        )
    return insertion_point.inside(place, content, unit)


@dataclass(frozen=True, slots=True)
class AppendToSection(Change):
    """New tasks behind the others below the heading of this title, which is made where there is none."""

    texts: tuple[str, ...]
    title: str

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        wanted = self.title.strip().casefold()
        found = [section for section in place.note.sections[1:] if section.title.casefold() == wanted]
        if len(found) > 1:
            raise RefusedError(f"Not added: {len(found)} headings are called “{self.title.strip()}”.")
        if found:
            return [_new_tasks(insertion_point.last_in(place, found[0]), self.texts)]
        heading = _heading_at(place, len(place.lines), 2, self.title)
        lines = [*heading.wanted, *map(PatchLine, _END.tasks(map(task_text, self.texts)))]
        return [
            Replacement(
                heading.line, 0, tuple(lines), ExpectedNesting(None, _flat(self.texts), 1), len(lines) - 1
            )
        ]


_END = InsertionPoint(0, ListMarker("", "", "-", " "), None)


@dataclass(frozen=True, slots=True)
class InsertSection(Change):
    """A new section behind another one of its level; at the end of a note without headings, of level 2."""

    title: str

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        if not place.found:
            return [_heading_at(place, len(place.lines), 2, self.title)]
        (section,) = place.found
        if not isinstance(section, Section):
            raise RefusedError("Not added: a section is added behind a section.")
        end = section_end(place.note, section)
        return [_heading_at(place, end, section.level, self.title)]


@dataclass(frozen=True, slots=True)
class SplitTask(Change):
    """Several tasks in the place of one, which keeps what is nested in it under the first text."""

    seen: str
    """The text behind the box, as the user saw it."""
    parts: tuple[str, ...]

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        (task,) = place.tasks
        if len(self.parts) < 2:
            raise RefusedError("Not split: give at least two parts.")
        first = SetText(self.seen, self.parts[0]).replacements(place)
        return [*first, _new_tasks(insertion_point.after(place, task), self.parts[1:])]


@dataclass(frozen=True, slots=True)
class PasteMarkdown(Change):
    """Markdown put in behind an item, else inside a section or at a note's end.

    Lists stay as they are nested; where there is no list, each line becomes a task.
    """

    text: str
    unit: str

    @override
    def replacements(self, place: EditTarget) -> Sequence[Replacement]:
        is_beside = bool(place.found) and isinstance(place.found[0], ListItem)
        slot = (
            insertion_point.after(place, place.items[0])
            if is_beside
            else inner_slot(place, self.unit, is_first=True)
        )
        return [put(slot, self.text)]


def put(slot: InsertionPoint, text: str) -> Replacement:
    """`text`, Markdown or plain lines, in `slot`.

    Raises:
        RefusedError: there is nothing in it, or it begins with something else than its list.
    """
    lines = dedent("\n".join(split_line_end(line)[0] for line in split_lines(text))).rstrip("\n").split("\n")
    pasted = parse("\n".join(lines))
    if not pasted.items:
        texts = [task_text(line) for line in lines if line.strip()]
        if not texts:
            raise RefusedError("Nothing to paste.")
        return slot.insertion(slot.tasks(texts), _flat(texts))
    first = pasted.items[0]
    if len(pasted.sections) > 1 or any(line.strip() for line in lines[: first.line]):
        raise RefusedError("Not pasted: this is more than a list. Paste headings and text in Obsidian.")
    for line in lines:
        _check_characters(line)
    shape = tuple(item.parent.index if item.parent is not None else -1 for item in pasted.items)
    body = moved(lines[first.line :], ListMarker.of(first), slot.lead.prefix)
    return slot.insertion(body, shape)


def _check_characters(line: str) -> None:
    """Refuse what no line of a note should bring along unseen."""
    if any(category(character) in ("Cc", "Cs") for character in line.replace("\t", "")):
        raise RefusedError("Not pasted: there are control characters in it.")


def _new_tasks(slot: InsertionPoint, texts: Sequence[str]) -> Replacement:
    lines = slot.tasks([task_text(text) for text in texts])
    return slot.insertion(lines, _flat(lines))


def _flat(texts: Sequence[object]) -> tuple[int, ...]:
    """The shape of items that are nested in none of each other."""
    return (-1,) * len(texts)


def _heading_at(place: EditTarget, at: int, level: int, title: str) -> Replacement:
    """A new heading before the line `at`, set off by blank lines."""

    def is_blank(line: int) -> bool:
        return not 0 <= line < len(place.lines) or not split_line_end(place.lines[line])[0].strip()

    before = () if is_blank(at - 1) else (PatchLine(""),)
    after = () if is_blank(at) else (PatchLine(""),)
    heading = PatchLine(f"{'#' * level} {heading_title(title)}")
    return Replacement(
        at, 0, (*before, heading, *after), ExpectedNesting(None, headings=1), focus=len(before)
    )
