"""Finds the headings and list items of a note, as Obsidian does.

One pass over the lines with a stack of open containers (quotes, list items, footnotes) and at most one open
leaf (a paragraph, a code block and so on). Plain prose and plain items, nearly all of a vault, take the fast
path in `BlockScanner.run`; all other lines take the slow path, `_scan_line`, which handles the whole grammar.
There is no recursion, and time is linear in the text, as notes may come from anybody. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from enum import Enum

from roadtui.core.markdown import grammar
from roadtui.core.markdown.containers import TAB, Containers, LineColumns, after_quote_mark
from roadtui.core.markdown.linked_blocks import LinkedBlocks
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.patterns import LazyPattern

_SPECIAL = frozenset(" \t#$%*+-0123456789<=>[_`|~:")
"""A line that starts with any other character is prose, whatever is before it."""

_plain_item = re.compile(
    r"""
    ([ \t]*) [-+*] ([ ]{1,4})                     # indentation, marker
    (?: \[ (.) \] [ ]+ )?                         # checkbox
    (?= [^\s\-+*\d>#<`~$%_\[]                     # text that starts no other block
      | \d+ [^\d.)] | \#+ [^\s\#] | \*{1,2} [^\s*] | _ [^\s_] | `{1,2} [^`] | \[\[ [^\]] )
    """,
    re.VERBOSE | re.ASCII,
).match
"""An item that the slow path would read in the same way. Anything doubtful does not match."""


class _Leaf(Enum):
    """The kind of leaf block that is open after a line."""

    NONE = "none"
    PARAGRAPH = "paragraph"
    TABLE = "table"
    FENCE = "fenced code"
    VERBATIM = "HTML, comment or formula"


_NONE, _PARAGRAPH, _TABLE, _FENCE, _VERBATIM = _Leaf


class BlockScanner:
    """Scans the blocks of one note."""

    __slots__ = (
        "_columns",
        "_empty_item_line",
        "_end",
        "_leaf",
        "_lines",
        "_open",
        "_paragraph",
        "items",
        "linked",
        "sections",
    )

    def __init__(self, lines: Sequence[str], *, link_lines: Collection[int] = frozenset()) -> None:
        """Prepare to scan a note.

        Args:
            lines: Its lines, without their ends and without a byte order mark.
            link_lines: Numbers of the lines that may contain a link, for `linked`.
        """
        self.sections = [Section(0, 0, -1, "", None)]
        self.items: list[ListItem] = []
        self._lines = lines
        self._open = Containers()
        # The line of the innermost container if that is an item without content so far, else -1.
        self._empty_item_line = -1
        self._leaf = _NONE
        # For each line of the open paragraph, its number and the column where its text starts.
        self._paragraph: list[tuple[int, int]] = []
        # The end of the open fence (its opening run) or verbatim block (a pattern).
        self._end: LazyPattern | str = ""
        self._columns = LineColumns(lines)
        self.linked = LinkedBlocks(lines, link_lines, self._columns.index)
        """The text that may contain links."""

    def run(self, first: int = 0) -> None:
        """Scan from line `first` to the end."""
        for number, line in enumerate(self._lines[first:], first):
            leaf = self._leaf
            if leaf is _PARAGRAPH or leaf is _NONE:
                if not line:
                    if not self._open.quotes and self._empty_item_line < 0:
                        self._leaf = _NONE
                        continue
                elif (start := line[0]) not in _SPECIAL:
                    if leaf is _NONE:
                        if self._open.columns:
                            self._close_to(0)
                        self._open_paragraph(number, line, 0)
                    else:
                        self._add_text(number, line, 0)
                    continue
                elif start == "#" and (marks := grammar.heading(line)):
                    self._read_heading(number, 0, marks)
                    continue
                elif (found := _plain_item(line)) and self._read_plain_item(number, line, found):
                    continue
            self._scan_line(number, line)

    # ---- the fast path

    def _read_plain_item(self, number: int, line: str, found: re.Match[str]) -> bool:
        """Read an item outside quotes; False where it needs the slow path."""
        if self._open.quotes or self._empty_item_line >= 0:
            return False
        tabs_and_spaces, spaces, symbol = found.groups()
        indent = len(tabs_and_spaces)
        added = 0
        if "\t" in tabs_and_spaces:
            indent = len(tabs_and_spaces.expandtabs(TAB))
            added = indent - len(tabs_and_spaces)
        columns, owners, items = self._open.columns, self._open.owners, self.items
        depth = len(columns)
        while depth and columns[depth - 1] > indent:
            depth -= 1
        if indent - (columns[depth - 1] if depth else 0) >= grammar.CODE_INDENT:
            return False
        if depth < len(columns):
            del columns[depth:], owners[depth:]
        parent = owners[-1] if owners else None
        content = indent + 1 + len(spaces)
        item = (
            ListItem(len(items), number, line, self.sections[-1], parent)
            if symbol is None
            else _task(len(items), number, line, self.sections[-1], parent, content + 1 - added)
        )
        items.append(item)
        columns.append(content)
        owners.append(item)
        self._leaf = _PARAGRAPH
        text = found.end()
        self._paragraph = [(number, added + text)]
        if number in self.linked.lines:
            self.linked.add(self._paragraph)
        return True

    # ---- the slow path

    def _scan_line(self, number: int, line: str) -> None:
        if "\t" in line:
            line = line.expandtabs(TAB)
        at, depth = self._open.match(line)
        if depth < len(self._open):
            if self._leaf is not _PARAGRAPH:
                self._close_to(depth)
        elif self._leaf is _FENCE or self._leaf is _VERBATIM:
            self._read_verbatim(number, line, at)
            return
        at, depth = self._open_containers(number, line, at, depth)
        text = grammar.skip_spaces(line, at)
        if text == len(line):
            self._read_blank(number, depth)
            return
        self._empty_item_line = -1
        if text - at < grammar.CODE_INDENT:
            self._scan_leaf(number, line, text, depth)
        elif self._leaf is _PARAGRAPH:
            self._add_text(number, line, text)

    def _open_containers(self, number: int, line: str, at: int, depth: int) -> tuple[int, int]:
        """Open the line's containers inside the first `depth`; the index after them, and the new depth."""
        rule_from = 0
        while True:
            text = grammar.skip_spaces(line, at)
            if text == len(line) or text - at >= grammar.CODE_INDENT:
                return at, depth
            first = line[text]
            in_paragraph = self._leaf is _PARAGRAPH and depth == len(self._open)
            if first == ">":
                self._close_to(depth)
                self._open.open_quote()
                at = after_quote_mark(line, text)
            elif first in "-+*0123456789":
                if first in "-*" and text >= rule_from:
                    if grammar.is_rule(line, text):
                        return at, depth
                    rule_from = grammar.rule_run(line, text)
                marker = grammar.item_marker(line, text)
                if not marker or (in_paragraph and not grammar.may_interrupt(marker)):
                    return at, depth
                self._close_to(depth)
                at = self._open_item(number, line, at, marker)
            elif first == "[" and (label := grammar.footnote(line, text)):
                self._close_to(depth)
                self._open.open(grammar.CODE_INDENT)
                at = grammar.skip_spaces(line, label.end())
            else:
                return at, depth
            depth += 1

    def _open_item(self, number: int, line: str, at: int, marker: re.Match[str]) -> int:
        """Open the item that `marker` starts; the index where its text starts."""
        text = marker.end()
        spaces = len(marker["spaces"] or "")
        is_empty = text == len(line)
        if is_empty or spaces > grammar.CODE_INDENT:
            text += 1 - spaces
        source = self._lines[number]
        parent = self._open.item
        item: ListItem
        checkbox = None if is_empty else grammar.checkbox(line, text)
        if checkbox:
            symbol_index = self._index(number, checkbox.start(1))
            item = Task(len(self.items), number, source, self.sections[-1], parent, symbol_index)
        else:
            item = ListItem(len(self.items), number, source, self.sections[-1], parent)
        self.items.append(item)
        self._open.open(text - at, item)
        self._empty_item_line = number if is_empty else -1
        return grammar.skip_spaces(line, checkbox.end()) if checkbox else min(text, len(line))

    def _close_to(self, depth: int) -> None:
        """Close the open leaf and all containers but the first `depth`."""
        self._leaf = _NONE
        self._empty_item_line = -1
        self._open.close_to(depth)

    def _read_blank(self, number: int, depth: int) -> None:
        """Close what a blank line closes: an item may begin with at most one blank line (CommonMark 5.2)."""
        if depth < len(self._open):
            self._close_to(depth)
        elif 0 <= self._empty_item_line < number:
            self._close_to(depth - 1)
        self._leaf = _NONE

    def _read_verbatim(self, number: int, line: str, at: int) -> None:
        """Read a line of the open fence or verbatim block."""
        end = self._end
        if isinstance(end, str):
            fence = grammar.closing_fence(line, at)
            if fence and fence.start(1) - at < grammar.CODE_INDENT and fence[1].startswith(end):
                self._leaf = _NONE
        elif end is grammar.BLANK_LINE:
            if grammar.skip_spaces(line, at) == len(line):
                self._leaf = _NONE
        elif found := end.search(line, at):
            if end is grammar.COMMENT_END:
                self.linked.add_comment(number, at, found.start())
            self._leaf = _NONE
            rest = grammar.skip_spaces(line, found.end())
            if end is grammar.COMMENT_END and rest < len(line):
                self._open_paragraph(number, line, rest)
        elif end is grammar.COMMENT_END:
            self.linked.add_comment(number, at, len(line))

    def _scan_leaf(self, number: int, line: str, text: int, depth: int) -> None:
        """Read the line's own text, which starts at `text` inside the first `depth` containers."""
        first = line[text]
        continues_text = self._leaf is _PARAGRAPH or self._leaf is _TABLE
        continues_paragraph = self._leaf is _PARAGRAPH and depth == len(self._open)
        if first == "#" and (marks := grammar.heading(line, text)):
            self._read_heading(number, depth, marks)
        elif (continues_paragraph and first in "=-" and self._read_underline(line, text)) or (
            first in "-*_" and grammar.is_rule(line, text)
        ):
            self._close_to(depth)
        elif end := grammar.verbatim_end(line, text, in_paragraph=self._leaf is _PARAGRAPH):
            self._close_to(depth)
            if isinstance(end, str):
                self._leaf, self._end = _FENCE, end
            elif not end.search(line, text + 2):
                self._leaf, self._end = _VERBATIM, end
                if end is grammar.COMMENT_END:
                    self.linked.add_comment(number, text, len(line))
        elif continues_text:
            if continues_paragraph and first in "|:-" and self._is_table(line, text):
                self._leaf = _TABLE
            self._add_text(number, line, text)
        else:
            self._open_paragraph(number, line, text)

    def _read_underline(self, line: str, text: int) -> bool:
        """Turn the open paragraph into a heading, if `line` underlines it and it is not all definitions."""
        if not grammar.setext_underline(line, text):
            return False
        texts = [self._raw(number, column).strip(" \t") for number, column in self._paragraph]
        first_text_line = next(
            (n for n, one in enumerate(texts) if not grammar.DEFINITION.match(one)), len(texts)
        )
        title = " ".join(texts[first_text_line:])
        if not title or grammar.DEFINITION.match(title):
            return False
        self._add_section(self._paragraph[first_text_line][0], 1 if line[text] == "=" else 2, title)
        return True

    def _is_table(self, line: str, text: int) -> bool:
        return grammar.is_table_start(self._raw(*self._paragraph[-1]), line[text:])

    # ---- results

    def _open_paragraph(self, number: int, line: str, at: int) -> None:
        self._leaf = _PARAGRAPH
        self._paragraph = [(number, at)]
        if number in self.linked.lines:
            self.linked.add(self._paragraph)

    def _add_text(self, number: int, line: str, at: int) -> None:
        self._paragraph.append((number, at))
        if number in self.linked.lines:
            self.linked.add(self._paragraph)

    def _read_heading(self, number: int, depth: int, marks: re.Match[str]) -> None:
        self._close_to(depth)
        title = self._raw(number, marks.end())
        self._add_section(number, len(marks[1]), grammar.heading_text(title))
        self._paragraph = [(number, marks.end())]
        if number in self.linked.lines:
            self.linked.add(self._paragraph)

    def _add_section(self, line: int, level: int, title: str) -> None:
        parent: Section | None = self.sections[-1]
        while parent is not None and parent.level >= level:
            parent = parent.parent
        self.sections.append(Section(len(self.sections), level, line, title, parent))

    def _raw(self, number: int, column: int) -> str:
        """The text of line `number` from `column` on, as it is on disk."""
        return self._lines[number][self._index(number, column) :]

    def _index(self, number: int, column: int) -> int:
        """Index in line `number` of the character in `column`, with tabs expanded."""
        return self._columns.index(number, column)


_new = object.__new__
_set_index, _set_line, _set_source, _set_section, _set_parent = (
    vars(ListItem)[field].__set__ for field in ("index", "line", "source", "section", "parent")
)
_set_symbol_index = vars(Task)["symbol_index"].__set__


def _task(
    index: int, line: int, source: str, section: Section, parent: ListItem | None, symbol_index: int
) -> Task:
    """As `Task(...)`, in half the time: the constructor of a frozen dataclass is slow."""
    task = _new(Task)
    _set_index(task, index)
    _set_line(task, line)
    _set_source(task, source)
    _set_section(task, section)
    _set_parent(task, parent)
    _set_symbol_index(task, symbol_index)
    return task
