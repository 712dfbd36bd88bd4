"""Compares lines regardless of how a formatter writes them, and restores text in a line's new form. Pure.

Formatters (Prettier, remark, the Linter plugin) change list markers, numbers and indentation, remove blanks,
and write emphasis and escapes in another way. The task stays the same, and an edit of its line can be made or
undone in the line's new form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from roadtui.core.edits.patch import matching_lines
from roadtui.core.matching import normalized_description
from roadtui.core.note import ListItem, Note, Section, Task

_LINE = re.compile(
    r"(?P<lead>[ \t>]*(?:(?:[-+*]|[0-9]{1,9}[.)])[ \t]+)*)"
    r"(?:\[(?P<mark>[^\r\n])\](?=[ \t\r\n]|\Z))?"
    r"(?P<text>.*?)(?P<tail>[ \t]*(?:\r\n|\r|\n)?)\Z",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")


def plain_text(text: str) -> str:
    """`text` normalized for comparison, without the differences in blanks, escapes and emphasis."""
    return " ".join(_ESCAPE.sub("", text).replace("_", "*").split())


def item_text(item: ListItem) -> str:
    """The normalized text of an item, without quote marks, indentation, list marker and checkbox."""
    if isinstance(item, Task):
        return plain_text(item.source[item.symbol_index + 2 :])
    return plain_text(_parts(item.source).text)


def content_text(content: Section | ListItem) -> str:
    """The normalized text of an item, as `item_text`, or of a heading."""
    return f"# {plain_text(content.title)}" if isinstance(content, Section) else item_text(content)


def wording_of(note: Note) -> list[tuple[int, int, str]]:
    """The normalized texts of a note's headings and items with their nesting, without status symbols."""
    sections = ((one.level, -1 if one.parent is None else one.parent.index) for one in note.sections)
    items = ((one.section.index, -1 if one.parent is None else one.parent.index) for one in note.items)
    contents: list[Section | ListItem] = [*note.sections, *note.items]
    texts = map(content_text, contents)
    return [(*position, text) for position, text in zip((*sections, *items), texts, strict=True)]


def text_counts(note: Note) -> Counter[str]:
    """The normalized texts of a note's items and headings, without completion dates, and their number."""
    contents: list[Section | ListItem] = [*note.items, *note.sections[1:]]
    return Counter(normalized_description(content_text(content)) for content in contents)


def nested_text_counts(note: Note) -> Counter[str]:
    """The normalized texts of a note's items, each with its depth of nesting, and their number."""
    depths: list[int] = []
    for item in note.items:
        depths.append(0 if item.parent is None else depths[item.parent.index] + 1)
    return Counter(
        f"{depth} {normalized_description(content_text(item))}"
        for depth, item in zip(depths, note.items, strict=True)
    )


def content_of(note: Note) -> tuple[object, ...]:
    """The normalized texts, nesting and status symbols of a note."""
    return wording_of(note), "".join(task.status_symbol.lower() for task in note.tasks)


def same_symbol(one: str, other: str) -> bool:
    """Whether two status symbols are the same; formatters write `[X]` as `[x]`."""
    return one == other or {one, other} == {"x", "X"}


def has_same_text(one: ListItem, other: ListItem) -> bool:
    """Whether two items have the same status symbol and text."""
    if isinstance(one, Task) != isinstance(other, Task):
        return False
    if (
        isinstance(one, Task)
        and isinstance(other, Task)
        and not same_symbol(one.status_symbol, other.status_symbol)
    ):
        return False
    return item_text(one) == item_text(other)


def restored(now: Sequence[str], seen: Sequence[str], original: Sequence[str]) -> tuple[str, ...] | None:
    """The lines that undo a change of `original` into `seen` in `now`, its reformatted form.

    All lines come with their line ends. A line that differs in `original` gets the text from there in its
    present form. None where `now` is not a reformatted `seen`, or where the form was part of the change.
    """
    lines, old, new = (list(map(_parts, texts)) for texts in (now, seen, original))
    if len(lines) != len(old) or not all(map(_Parts.says, lines, old)):
        return None
    leads = {before.lead: line.lead for before, line in zip(old, lines, strict=True)}
    found: list[str] = []
    for text, part, origin in zip(original, new, matching_lines(seen, original), strict=True):
        if origin is None:
            found.append(leads.get(part.lead, part.lead) + text[len(part.lead) :])
        elif text == seen[origin]:
            found.append(now[origin])
        elif part.lead == old[origin].lead:
            found.append(lines[origin].changed_as(old[origin], part))
        else:
            return None
    is_ended = [text.endswith(("\n", "\r")) for text in found]
    runs_on = not all(is_ended[:-1]) or (found and is_ended[-1] != now[-1].endswith(("\n", "\r")))
    return None if runs_on else tuple(found)


class _Parts(NamedTuple):
    """The parts of a line."""

    lead: str
    status_symbol: str | None
    text: str
    tail: str
    """Blanks and the line end."""

    def says(self, other: _Parts) -> bool:
        """Whether both have the same status symbol and normalized text."""
        if self.status_symbol is None or other.status_symbol is None:
            is_same = self.status_symbol is other.status_symbol
        else:
            is_same = same_symbol(self.status_symbol, other.status_symbol)
        return is_same and plain_text(self.text) == plain_text(other.text)

    def changed_as(self, old: _Parts, new: _Parts) -> str:
        """The line, a reformatted `old`, with the change from `old` to `new` applied."""
        text = self.text if new.text == old.text else new.text
        box = f"[{new.status_symbol}]" if new.status_symbol is not None else ""
        return f"{self.lead}{box}{text}{self.tail}"


def _parts(line: str) -> _Parts:
    found = _LINE.match(line)
    assert found is not None, "every part may be empty"
    return _Parts(*found.group("lead", "mark", "text", "tail"))
