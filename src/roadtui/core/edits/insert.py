"""Changes that insert: new tasks and sections, pasted text, and one task split into several. Pure."""

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
from roadtui.core.markdown import parse, split_byte_order_mark, split_lines
from roadtui.core.note import ListItem, Section


@dataclass(frozen=True, slots=True)
class InsertAfter(Change):
    """Insert tasks after an item and everything nested in it, one for each text."""

    texts: tuple[str, ...]

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        (item,) = target.items
        return [_new_tasks(insertion_point.after(target, item), self.texts)]


@dataclass(frozen=True, slots=True)
class InsertChild(Change):
    """Insert tasks nested in an item or below a heading; without an anchor at the end of the note."""

    texts: tuple[str, ...]
    unit: str
    """The indentation of one level, used where the note has no nested items."""
    is_first: bool = False
    """Whether the tasks go before the items that are below the heading already."""

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        return [_new_tasks(inner_point(target, self.unit, is_first=self.is_first), self.texts)]


def inner_point(target: EditTarget, unit: str, *, is_first: bool = False) -> InsertionPoint:
    """Where a new item goes inside the located item or section, or at the end of the note."""
    if not target.found:
        return insertion_point.at_end(target)
    (content,) = target.found
    if isinstance(content, Section):
        return (
            insertion_point.first_in(target, content)
            if is_first
            else insertion_point.last_in(target, content)
        )
    return insertion_point.inside(target, content, unit)


@dataclass(frozen=True, slots=True)
class AppendToSection(Change):
    """Append tasks below the heading with this title, in any case; the heading is added if it is missing."""

    texts: tuple[str, ...]
    title: str

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        title = self.title.strip().casefold()
        found = [section for section in target.note.sections[1:] if section.title.casefold() == title]
        if len(found) > 1:
            raise RefusedError(f"Not added: {len(found)} headings are called “{self.title.strip()}”.")
        if found:
            return [_new_tasks(insertion_point.last_in(target, found[0]), self.texts)]
        heading = _heading_at(target, len(target.lines), 2, self.title)
        lines = [*heading.lines, *map(PatchLine, _END.tasks(map(task_text, self.texts)))]
        return [
            Replacement(
                heading.line, 0, tuple(lines), ExpectedNesting(None, _flat(self.texts), 1), len(lines) - 1
            )
        ]


_END = InsertionPoint(0, ListMarker("", "", "-", " "), None)


@dataclass(frozen=True, slots=True)
class InsertSection(Change):
    """Insert a section after another of the same level; without an anchor at the note's end, of level 2."""

    title: str

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        if not target.found:
            return [_heading_at(target, len(target.lines), 2, self.title)]
        (section,) = target.found
        if not isinstance(section, Section):
            raise RefusedError("Not added: a section can only be added after a section.")
        end = section_end(target.note, section)
        return [_heading_at(target, end, section.level, self.title)]


@dataclass(frozen=True, slots=True)
class SplitTask(Change):
    """Split a task into several. Nested items stay in the first one."""

    seen: str
    """The text behind the checkbox, as the user saw it."""
    parts: tuple[str, ...]

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        (task,) = target.tasks
        if len(self.parts) < 2:
            raise RefusedError("Not split: give at least two parts.")
        first = SetText(self.seen, self.parts[0]).replacements(target)
        return [*first, _new_tasks(insertion_point.after(target, task), self.parts[1:])]


@dataclass(frozen=True, slots=True)
class PasteMarkdown(Change):
    """Insert Markdown after an item, or at the start of a section or the end of the note.

    Lists keep their nesting. In text without a list each line becomes a task.
    """

    text: str
    unit: str

    @override
    def replacements(self, target: EditTarget) -> Sequence[Replacement]:
        is_beside = bool(target.found) and isinstance(target.found[0], ListItem)
        point = (
            insertion_point.after(target, target.items[0])
            if is_beside
            else inner_point(target, self.unit, is_first=True)
        )
        return [put(point, self.text)]


def put(point: InsertionPoint, text: str) -> Replacement:
    """Insert `text`, a Markdown list or plain lines, at `point`.

    Raises:
        RefusedError: the text is empty, or holds more than a list.
    """
    _, text = split_byte_order_mark(text)
    lines = dedent("\n".join(split_line_end(line)[0] for line in split_lines(text))).rstrip("\n").split("\n")
    pasted = parse("\n".join(lines))
    if not pasted.items:
        texts = [task_text(line) for line in lines if line.strip()]
        if not texts:
            raise RefusedError("Nothing to paste.")
        return point.insertion(point.tasks(texts), _flat(texts))
    first = pasted.items[0]
    if len(pasted.sections) > 1 or any(line.strip() for line in lines[: first.line]):
        raise RefusedError("Not pasted: this is more than a list. Paste headings and text in Obsidian.")
    for line in lines:
        _check_characters(line)
    shape = tuple(item.parent.index if item.parent is not None else -1 for item in pasted.items)
    body = moved(lines[first.line :], ListMarker.of(first), point.lead.prefix)
    return point.insertion(body, shape)


def _check_characters(line: str) -> None:
    """Raise RefusedError for invisible control characters."""
    if any(category(character) in ("Cc", "Cs") for character in line.replace("\t", "")):
        raise RefusedError("Not pasted: there are control characters in it.")


def _new_tasks(point: InsertionPoint, texts: Sequence[str]) -> Replacement:
    lines = point.tasks([task_text(text) for text in texts])
    return point.insertion(lines, _flat(lines))


def _flat(texts: Sequence[object]) -> tuple[int, ...]:
    """The `ExpectedNesting.shape` of items beside one another."""
    return (-1,) * len(texts)


def _heading_at(target: EditTarget, at: int, level: int, title: str) -> Replacement:
    """Insert a heading before the line `at`, with blank lines around it."""

    def is_blank(line: int) -> bool:
        return not 0 <= line < len(target.lines) or not split_line_end(target.lines[line])[0].strip()

    before = () if is_blank(at - 1) else (PatchLine(""),)
    after = () if is_blank(at) else (PatchLine(""),)
    heading = PatchLine(f"{'#' * level} {heading_title(title)}")
    return Replacement(
        at, 0, (*before, heading, *after), ExpectedNesting(None, headings=1), focus=len(before)
    )
