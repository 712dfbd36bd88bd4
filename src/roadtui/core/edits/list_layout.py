"""How a list item's line begins (quote marks, indentation, marker), and how lines are re-indented. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.markdown.containers import TAB
from roadtui.core.markdown.scanner import BlockScanner
from roadtui.core.note import ListItem, Note, Section

_LEAD = re.compile(
    r"(?P<quotes>(?:[ \t]*>[ ]?)*)(?P<blanks>[ \t]*)(?P<marker>[-+*]|[0-9]{1,9}[.)])(?P<gap>[ \t]*)"
)
_QUOTES = re.compile(r"(?:[ \t]*>[ ]?)*")
_quote_mark = re.compile(r"[ \t]*>[ ]?").match
_MOST_GAP = 4
"""With more blanks than this after a marker, the text begins one column after it (CommonMark 5.2)."""


class ListMarker(NamedTuple):
    """The start of an item's line, up to its text."""

    quotes: str
    """Quote marks with the blanks before and the one after each."""
    blanks: str
    """The indentation after the quote marks."""
    marker: str
    """`-`, `*`, `+`, `3.` or `3)`."""
    gap: str
    """The blanks after the marker."""

    @classmethod
    def find(cls, item: ListItem) -> ListMarker | None:
        """The start of the line of `item`, the first item on it; None after the label of a footnote."""
        found = _LEAD.match(item.source)
        return None if found is None else cls(*found.group("quotes", "blanks", "marker", "gap"))

    @classmethod
    def of(cls, item: ListItem) -> ListMarker:
        """As `find`, for an edit that needs the list marker.

        Raises:
            RefusedError: the item is on the line of a footnote's label.
        """
        lead = cls.find(item)
        if lead is None:
            raise RefusedError(
                "Not changed: this item begins on the line of a footnote. Edit it in Obsidian."
            )
        return lead

    @property
    def prefix(self) -> str:
        """The text before the marker."""
        return self.quotes + self.blanks

    @property
    def number(self) -> int | None:
        """The number of an ordered item; None for a bullet."""
        return int(self.marker[:-1]) if self.marker[-1] in ".)" else None

    @property
    def column(self) -> int:
        """The column of the marker, from 0, with tabs expanded."""
        return _width(self.prefix)

    @property
    def text_column(self) -> int:
        """The column of the item's text, from 0: the least indentation of everything nested in it."""
        gap = _width(self.prefix + self.marker + self.gap) - self.column - len(self.marker)
        return self.column + len(self.marker) + (gap if 0 < gap <= _MOST_GAP else 1)

    def numbered(self, number: int) -> ListMarker:
        """The same with another number, padded with zeros to the old length where the old one is padded."""
        digits = self.marker[:-1]
        written = str(number).zfill(len(digits)) if digits.startswith("0") else str(number)
        return self._replace(marker=written + self.marker[-1])


def _width(text: str) -> int:
    return len(text.expandtabs(TAB))


def nested_prefix(parent: ListMarker, unit: str) -> str:
    """The prefix of a line nested in the item of `parent`: one `unit` more, or as much as nesting needs."""
    prefix = parent.prefix + unit
    while _width(prefix) < parent.text_column:
        prefix += "\t" if unit == "\t" else " "
    return prefix


def usual_unit(note: Note, default: str) -> str:
    """The indentation of one level that the note uses most; `default` where nothing is nested."""
    units: Counter[str] = Counter()
    for item in note.items:
        if item.parent is None or item.parent.line == item.line:
            continue
        inner, outer = ListMarker.find(item), ListMarker.find(item.parent)
        if inner is None or outer is None or inner.prefix == outer.prefix:
            continue
        if inner.prefix.startswith(outer.prefix):
            units[inner.prefix[len(outer.prefix) :]] += 1
    return units.most_common(1)[0][0] if units else default


def usual_marker(items: Iterable[ListItem], default: str = "-") -> str:
    """The bullet that most of `items` have; `default` where there are only ordered items."""
    leads = filter(None, map(ListMarker.find, items))
    markers = Counter(lead.marker for lead in leads if lead.marker in "-+*")
    return markers.most_common(1)[0][0] if markers else default


def moved(lines: Sequence[str], lead: ListMarker, prefix: str) -> list[str]:
    """The lines of an item, without their ends, with the prefix of `lead` replaced by `prefix`.

    Lazy continuation lines, which are indented less than the item, get the new prefix as well.
    """
    old = lead.prefix
    quotes = _quotes_in(prefix)
    result = []
    for line in lines:
        if line.startswith(old):
            result.append(prefix + line[len(old) :] if line[len(old) :].strip() or quotes else line)
            continue
        rest = line[_quotes_end(line, lead.quotes) :]
        text = rest.lstrip(" \t")
        if not text:
            result.append(quotes.rstrip() if quotes else rest)
            continue
        extra = max(0, _width(rest[: len(rest) - len(text)]) - _width(lead.blanks))
        result.append(prefix + " " * extra + text)
    return result


def shifted(lines: Sequence[str], lead: ListMarker, by: int) -> list[str]:
    """The lines after an item's first, indented by `by` more columns (fewer where negative).

    Only lines indented by spaces change: a tab reaches the same tab stop after the change.
    """
    prefix = lead.prefix
    result = []
    for line in lines:
        rest = line[len(prefix) :]
        if line.startswith(prefix) and rest.startswith(" " * max(1, -by)) and rest.strip():
            line = prefix + (" " * by + rest if by > 0 else rest[-by:])
        result.append(line)
    return result


def _quotes_in(prefix: str) -> str:
    found = _QUOTES.match(prefix)
    return found[0] if found is not None else ""


def _quotes_end(line: str, quotes: str) -> int:
    """The index after the quote marks of `line`, at most as many as `quotes` has."""
    at = 0
    for _ in range(quotes.count(">")):
        found = _quote_mark(line, at)
        if found is None:
            break
        at = found.end()
    return at


def item_end(lines: Sequence[str], item: ListItem) -> int:
    """The line after the last line of `item`, from 0; trailing blank lines do not belong to it.

    Args:
        lines: All lines of the note, with or without their ends, without a byte order mark.
        item: The item; it must be the first on its line.

    Raises:
        RefusedError: the end is unclear, as the item shares its line with another or is in a footnote.
    """
    root = [item, *item.ancestors][-1]
    if item.parent is not None and item.parent.line == item.line:
        raise RefusedError("Not changed: two items share this line. Put this one on a line of its own first.")
    return root.line + _ItemEndFinder(lines, root.line).end_of(item.line - root.line)


class _ItemEndFinder(BlockScanner):
    """Scans a list line by line, until one of its items ends."""

    __slots__ = ("_first", "_lines_read", "_source")

    def __init__(self, source: Sequence[str], first: int) -> None:
        self._source = source
        self._first = first
        self._lines_read: list[str] = []
        super().__init__(self._lines_read)

    def end_of(self, start: int) -> int:
        """The line after the last line of the item on line `start`; both count from the start of the list."""
        item: ListItem | None = None
        last = start
        for number, source in enumerate(self._source[self._first :]):
            line = source.rstrip("\r\n")
            self._lines_read.append(line)
            self._scan_line(number, line)
            if number == start:
                item = next((found for found in self.items if found.line == start), None)
                if item is None:
                    raise RefusedError("Not changed: the end of this item can't be determined.")
            if number < start:
                continue
            if item not in self._open.owners:
                break
            if line.strip(" \t>"):
                last = number
        return last + 1


def section_end(note: Note, section: Section) -> int:
    """The line after the last line of `section`, its subsections included, from 0."""
    following = (other for other in note.sections[section.index + 1 :] if other.level <= section.level)
    return next((other.line for other in following), note.line_count)


def own_end(note: Note, section: Section) -> int:
    """The line after the last line of `section` before its first subsection, from 0."""
    following = note.sections[section.index + 1 : section.index + 2]
    return following[0].line if following else note.line_count
