"""What a formatter may change in a line without changing what the line says. Pure.

Formatters (Prettier, remark, the Linter plugin) give lists another marker, number or indentation, take blanks
away, and write emphasis and escapes in another way. A task is still the same task then, and an edit of its
line can be made or taken back in the line's new form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from roadtui.core.edits.patch import matching_lines
from roadtui.core.note import ListItem, Note, Section, Task

_LINE = re.compile(
    r"(?P<lead>\ufeff?[ \t>]*(?:(?:[-+*]|[0-9]{1,9}[.)])[ \t]+)*)"
    r"(?:\[(?P<mark>[^\r\n])\](?=[ \t\r\n]|\Z))?"
    r"(?P<text>.*?)(?P<tail>[ \t]*(?:\r\n|\r|\n)?)\Z",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")


def plain_text(text: str) -> str:
    """`text` without the differences that a formatter makes: for comparing, not for showing."""
    return " ".join(_ESCAPE.sub("", text).replace("_", "*").split())


def item_text(item: ListItem) -> str:
    """What an item says, for comparing: without quote marks, indentation, list marker and box."""
    if isinstance(item, Task):
        return plain_text(item.source[item.symbol_index + 2 :])
    return plain_text(_parts(item.source).text)


def content_text(content: Section | ListItem) -> str:
    """The same for headings, too."""
    return f"# {plain_text(content.title)}" if isinstance(content, Section) else item_text(content)


def wording_of(note: Note) -> list[tuple[int, int, str]]:
    """What the headings and items of a note say and how they are nested, in any form and with any marks."""
    sections = ((one.level, -1 if one.parent is None else one.parent.index) for one in note.sections)
    items = ((one.section.index, -1 if one.parent is None else one.parent.index) for one in note.items)
    contents: list[Section | ListItem] = [*note.sections, *note.items]
    texts = map(content_text, contents)
    return [(*place, text) for place, text in zip((*sections, *items), texts, strict=True)]


def same_mark(one: str, other: str) -> bool:
    """Whether two status symbols are the same; formatters write `[X]` as `[x]`."""
    return one == other or {one, other} == {"x", "X"}


def says_the_same(one: ListItem, other: ListItem) -> bool:
    """Whether two items have the same status symbol and text."""
    if isinstance(one, Task) != isinstance(other, Task):
        return False
    if (
        isinstance(one, Task)
        and isinstance(other, Task)
        and not same_mark(one.status_symbol, other.status_symbol)
    ):
        return False
    return item_text(one) == item_text(other)


def restored(now: Sequence[str], seen: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...] | None:
    """What to make of the lines `now` to have of `seen`, reformatted, what `wanted` is; all with their ends.

    A line that differs in `wanted` gets what it says there in the form that it has now. None where `now` does
    not say the same as `seen`, or its form was part of the change.
    """
    lines, old, new = (list(map(_parts, texts)) for texts in (now, seen, wanted))
    if len(lines) != len(old) or not all(map(_Parts.says, lines, old)):
        return None
    leads = {before.lead: line.lead for before, line in zip(old, lines, strict=True)}
    found: list[str] = []
    for text, part, origin in zip(wanted, new, matching_lines(seen, wanted), strict=True):
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
    """A line in its parts."""

    lead: str
    status_symbol: str | None
    text: str
    tail: str
    """Blanks and the line end."""

    def says(self, other: _Parts) -> bool:
        """Whether both say the same."""
        if self.status_symbol is None or other.status_symbol is None:
            is_same = self.status_symbol is other.status_symbol
        else:
            is_same = same_mark(self.status_symbol, other.status_symbol)
        is_first = self.lead.startswith("\ufeff") == other.lead.startswith("\ufeff")
        return is_same and is_first and plain_text(self.text) == plain_text(other.text)

    def changed_as(self, old: _Parts, new: _Parts) -> str:
        """The line, which says what `old` does, after `old` has become `new`."""
        text = self.text if new.text == old.text else new.text
        box = f"[{new.status_symbol}]" if new.status_symbol is not None else ""
        return f"{self.lead}{box}{text}{self.tail}"


def _parts(line: str) -> _Parts:
    found = _LINE.match(line)
    assert found is not None, "every part may be empty"
    return _Parts(*found.group("lead", "mark", "text", "tail"))
