"""Find the headings and the list items of a note, the way Obsidian does.

One pass over the lines with a stack of open containers (quotes, list items, footnotes) and at most one open
leaf (a paragraph, a code block, ...). Plain prose and plain items, nearly all of a vault, take the short way in
`BlockScanner.run`; every other line takes the long way, `_scan_line`, which knows the whole grammar. No
recursion, and nothing that takes more than linear time: notes are written by others. Pure; no I/O.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum

from roadtui.core import starts
from roadtui.core.note import ListItem, Section, Task

TextBlock = list[tuple[int, str]]
"""The lines of one heading, paragraph or table, each with its number: where inline marks may pair up."""

_TAB = 4

_SPECIAL = frozenset(' \t"#$%*+-0123456789<=>[_`|~')
"""A line that starts with none of these is prose, whatever stands around it."""

_plain_item = re.compile(
    r"""
    ([ \t]*) [-+*] ([ ]{1,4})           # indentation, marker
    (?: \[(.)\] [ ]+ )?                 # box
    (?= [^\s#$%*+\-0-9<=>\[_`|~]        # text that can start no other block
      | \d+ [^\d.)] | \[\[ | \*\* )
    """,
    re.VERBOSE | re.ASCII,
).match


class _Leaf(Enum):
    NONE = "none"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    FENCE = "fence"
    VERBATIM = "verbatim"


_NONE, _PARAGRAPH, _TABLE, _FENCE, _VERBATIM = _Leaf

_COMMENT_END = re.compile("%%")
_FORMULA_END = re.compile(r"\$\$")


class BlockScanner:
    """One pass over one note."""

    __slots__ = (
        "_bom", "_columns", "_end", "_hollow", "_leaf", "_lines", "_owners", "_paragraph", "_quotes",
        "_section_stack", "items", "sections", "texts",
    )  # fmt: skip

    def __init__(self, lines: Sequence[str], *, bom: str = "", with_texts: bool = False) -> None:
        root = Section(0, 0, -1, "", None)
        self.sections = [root]
        self.items: list[ListItem] = []
        self.texts: list[TextBlock] | None = [] if with_texts else None
        self._lines = lines
        self._bom = bom
        self._columns: list[int] = []
        """Of each open container: columns that a line needs to be inside it; a quote adds none."""
        self._owners: list[ListItem | None] = []
        """Of each open container: the nearest list item at or around it."""
        self._quotes: list[int] = []
        """Which of the open containers are quotes."""
        self._hollow = False
        """Whether the innermost container is an item with nothing in it yet."""
        self._leaf = _NONE
        self._paragraph: list[tuple[int, int]] = []
        """Of each line of the open paragraph: number, and column where its text starts."""
        self._end: re.Pattern[str] | str = ""
        """What ends the open code block (the opening run) or verbatim block (a pattern)."""

    def run(self, first: int = 0) -> None:
        """Scan from line `first` to the end."""
        columns, owners, items, texts = self._columns, self._owners, self.items, self.texts
        for number in range(first, len(self._lines)):
            line = self._lines[number]
            if self._leaf is not _NONE and self._leaf is not _PARAGRAPH:
                self._scan_line(number, line)
            elif not line:
                if self._quotes or self._hollow:
                    self._scan_line(number, line)
                self._leaf = _NONE
            elif line[0] not in _SPECIAL:
                self._prose(number, line)
            elif self._quotes or self._bom or self._hollow or not (found := _plain_item(line)):
                self._scan_line(number, line)
            else:
                self._scan_line(number, line)

    def _prose(self, number: int, line: str) -> None:
        if self._leaf is _NONE:
            if self._columns:
                self._close_to(0)
            self._open_paragraph(number, line, 0)
        else:
            self._add_text(number, line, 0)

    def _scan_line(self, number: int, line: str) -> None:
        if "\t" in line:
            line = line.expandtabs(_TAB)
        at, depth = self._match_containers(line)
        inside = depth == len(self._columns)
        if inside and (self._leaf is _FENCE or self._leaf is _VERBATIM):
            self._feed(line, at)
            return
        if not inside and self._leaf is not _PARAGRAPH:
            self._leaf = _NONE
            self._close_to(depth)
            inside = True
        at, text, inside = self._open_containers(number, line, at, depth, inside)
        if text == len(line):
            self._blank(depth if not inside else len(self._columns))
            return
        self._scan_leaf(number, line, at, text, depth, inside)

    def _match_containers(self, line: str) -> tuple[int, int]:
        """Where the line's own text starts behind the marks of the open containers, and how many it is in."""
        at = text = outer = 0
        text = starts.next_text(line).end()  # type: ignore[union-attr]
        for depth, column in enumerate(self._columns):
            if column == outer:
                if text - at >= starts.CODE_INDENT or line[text : text + 1] != ">":
                    return at, depth
                at = text + 2 if line[text + 1 : text + 2] == " " else text + 1
                text = starts.next_text(line, at).end()  # type: ignore[union-attr]
            elif text - at >= column - outer:
                at += column - outer
            elif text == len(line):
                following = bisect_left(self._quotes, depth)
                return text, self._quotes[following] if following < len(self._quotes) else len(self._columns)
            else:
                return at, depth
            outer = column
        return at, len(self._columns)

    def _open_containers(
        self, number: int, line: str, at: int, depth: int, inside: bool
    ) -> tuple[int, int, bool]:
        """Open what the line opens; say where its own text starts, with and without indentation."""
        no_rule_before = 0
        while True:
            text = starts.next_text(line, at).end()  # type: ignore[union-attr]
            if text - at >= starts.CODE_INDENT or text == len(line):
                break
            first = line[text]
            if first == ">":
                self._enter(depth, inside)
                self._quotes.append(len(self._columns))
                self._push(self._columns[-1] if self._columns else 0, self._owner)
                at = text + 2 if line[text + 1 : text + 2] == " " else text + 1
            elif first in "-+*0123456789":
                if first in "-*" and text >= no_rule_before:
                    if starts.is_rule(line, text) or (
                        inside and self._leaf is _PARAGRAPH and starts.setext_underline(line, text)
                    ):
                        break
                    no_rule_before = starts.rule_run(line, text)
                found = starts.item_marker(line, text)
                if found is None:
                    break
                if (
                    inside
                    and self._leaf is _PARAGRAPH
                    and (found.end() == len(line) or (found[1] or "1") != "1")
                ):
                    break
                self._enter(depth, inside)
                at = self._open_item(number, line, at, found)
            elif first == "[" and (found := starts.footnote(line, text)):
                self._enter(depth, inside)
                self._push((self._columns[-1] if self._columns else 0) + starts.CODE_INDENT, self._owner)
                at = found.end()
                at = starts.next_text(line, at).end()  # type: ignore[union-attr]
            else:
                break
            inside = True
            depth = len(self._columns)
        return at, text, inside

    @property
    def _owner(self) -> ListItem | None:
        return self._owners[-1] if self._owners else None

    def _enter(self, depth: int, inside: bool) -> None:
        if not inside:
            self._close_to(depth)
        self._leaf = _NONE
        self._hollow = False

    def _push(self, column: int, owner: ListItem | None) -> None:
        self._columns.append(column)
        self._owners.append(owner)

    def _open_item(self, number: int, line: str, at: int, found: re.Match[str]) -> int:
        text = found.end()
        spaces = len(found[2] or "")
        self._hollow = text == len(line)
        if self._hollow or spaces > starts.CODE_INDENT:
            text -= spaces - 1 if spaces else -1
        column = (self._columns[-1] if self._columns else 0) + text - at
        source = self._lines[number]
        if number == 0:
            source = self._bom + source
        box = starts.box(line, text) if not self._hollow else None
        item: ListItem
        if box:
            mark = _index(source, text + 1 + (len(self._bom) if number == 0 else 0))
            item = Task(len(self.items), number, source, self.sections[-1], self._owner, mark)
            text = starts.next_text(line, box.end()).end()  # type: ignore[union-attr]
        else:
            item = ListItem(len(self.items), number, source, self.sections[-1], self._owner)
        self.items.append(item)
        self._push(column, item)
        return min(text, len(line))

    def _close_to(self, depth: int) -> None:
        del self._columns[depth:]
        del self._owners[depth:]
        del self._quotes[bisect_left(self._quotes, depth) :]

    def _blank(self, depth: int) -> None:
        self._close_to(depth)
        self._leaf = _NONE

    def _feed(self, line: str, at: int) -> None:
        end = self._end
        if isinstance(end, str):
            found = starts.closing_fence(line, at)
            if found and found.start(1) - at < starts.CODE_INDENT and found[1].startswith(end):
                self._leaf = _NONE
        elif end is starts.BLANK_LINE:
            if starts.next_text(line, at).end() == len(line):  # type: ignore[union-attr]
                self._leaf = _NONE
        elif end.search(line, at):
            self._leaf = _NONE

    def _scan_leaf(self, number: int, line: str, at: int, text: int, depth: int, inside: bool) -> None:
        in_paragraph = self._leaf is _PARAGRAPH
        if text - at >= starts.CODE_INDENT:
            if in_paragraph:
                self._add_text(number, line, text)
            return
        first = line[text]
        if first == "#" and (found := starts.heading(line, text)):
            self._close_to(depth if not inside else len(self._columns))
            self._leaf = _NONE
            title_at = found.end()
            self._add_section(number, len(found[1]), starts.heading_text(line, title_at))
            self._text_block(number, line, title_at)
            return
        if in_paragraph and inside and first in "=-" and starts.setext_underline(line, text):
            title = " ".join(self._lines[n].expandtabs(_TAB)[p:].strip(" ") for n, p in self._paragraph)
            self._add_section(self._paragraph[0][0], 1 if first == "=" else 2, title)
            self._leaf = _NONE
            return
        if first in "-*_" and starts.is_rule(line, text):
            self._close_to(depth if not inside else len(self._columns))
            self._leaf = _NONE
            return
        end: re.Pattern[str] | str | None = None
        if first in "`~":
            end = starts.opening_fence(line, text)
        elif first == "<":
            end = starts.html_end(line, text, in_paragraph=in_paragraph)
        elif first == "%" and line.startswith("%%", text) and "%%" not in line[text + 2 :]:
            end = _COMMENT_END
        elif first == "$" and line.startswith("$$", text) and "$$" not in line[text + 2 :]:
            end = _FORMULA_END
        if end is not None:
            self._close_to(depth if not inside else len(self._columns))
            self._end = end
            self._leaf = _FENCE if isinstance(end, str) else _VERBATIM
            if first == "<" and isinstance(end, re.Pattern) and end.search(line, text + 2):
                self._leaf = _NONE
            return
        if not in_paragraph:
            if first == "[" and starts.is_definition(line, text):
                self._leaf = _NONE
                return
            if self._leaf is _TABLE:
                self._add_text(number, line, text)
                return
            self._open_paragraph(number, line, text)
            return
        if inside and first in "|:-":
            n, p = self._paragraph[-1]
            if starts.is_table_start(self._lines[n].expandtabs(_TAB)[p:], line[text:]):
                self._leaf = _TABLE
        self._add_text(number, line, text)

    def _open_paragraph(self, number: int, line: str, at: int) -> None:
        self._leaf = _PARAGRAPH
        self._hollow = False
        self._paragraph = [(number, at)]
        self._text_block(number, line, at)

    def _text_block(self, number: int, line: str, at: int) -> None:
        if self.texts is not None:
            self.texts.append([(number, line[at:])])

    def _add_text(self, number: int, line: str, at: int) -> None:
        self._paragraph.append((number, at))
        if self.texts is not None:
            self.texts[-1].append((number, line[at:]))

    def _add_section(self, line: int, level: int, title: str) -> None:
        parent: Section | None = self.sections[-1]
        while parent is not None and parent.level >= level:
            parent = parent.parent
        self.sections.append(Section(len(self.sections), level, line, title, parent))


def _index(source: str, column: int) -> int:
    """The index in `source` of what stands in `column` once tabs are expanded."""
    if "\t" not in source:
        return column
    reached = 0
    for index, character in enumerate(source):
        if reached >= column:
            return index
        reached = reached + _TAB - reached % _TAB if character == "\t" else reached + 1
    return len(source)
