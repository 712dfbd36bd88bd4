"""Which lines an item is made of: its own, and all that is nested in it, text and code included.

The parse keeps where items start. Where one ends is only asked when it is moved or deleted, and is found by
reading the item once more, from the root of its list on: what stands before cannot matter there.
"""

from __future__ import annotations

from collections.abc import Sequence

from roadtui.core.blocks import BlockScanner
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Note, Section

_BOM = "\ufeff"


def item_end(lines: Sequence[str], item: ListItem) -> int:
    """The line behind the last one of `item`, from 0; blank lines below it are not its own.

    Args:
        lines: Of the whole note, with or without their ends.
        item: The item; it must be the first on its line.

    Raises:
        RefusedError: its end cannot be told, as it shares its line with another item or is in a footnote.
    """
    root = [item, *item.ancestors][-1]
    if item.parent is not None and item.parent.line == item.line:
        raise RefusedError("Not changed: two items share this line. Put this one on a line of its own first.")
    return root.line + _Reader(lines, root.line).end_of(item.line - root.line)


class _Reader(BlockScanner):
    """Reads lines one by one, from the start of a list."""

    __slots__ = ("_first", "_read", "_source")

    def __init__(self, source: Sequence[str], first: int) -> None:
        self._source = source
        self._first = first
        self._read: list[str] = []
        super().__init__(self._read)

    def end_of(self, wanted: int) -> int:
        """The line behind the last of the item that starts on line `wanted`, both counted from the first."""
        item: ListItem | None = None
        last = wanted
        for number, source in enumerate(self._source[self._first :]):
            line = source.rstrip("\r\n")
            self._read.append(line.removeprefix(_BOM) if self._first + number == 0 else line)
            self._scan_line(number, self._read[number])
            if number == wanted:
                item = next((found for found in self.items if found.line == wanted), None)
                if item is None:
                    raise RefusedError("Not changed: it can't be told where this item ends.")
            if number < wanted:
                continue
            if item not in self._open.owners:
                break
            if line.strip(" \t>"):
                last = number
        return last + 1


def section_end(note: Note, section: Section) -> int:
    """The line behind the last one of `section`, its subsections included, from 0."""
    following = (other for other in note.sections[section.index + 1 :] if other.level <= section.level)
    return next((other.line for other in following), note.line_count)


def own_end(note: Note, section: Section) -> int:
    """The line behind the last one of `section` before its first subsection, from 0."""
    following = note.sections[section.index + 1 : section.index + 2]
    return following[0].line if following else note.line_count
