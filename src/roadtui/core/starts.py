"""What a single line can start or end: the grammar of Markdown blocks, one small named piece each.

Sources: CommonMark 0.31 (sections 4 and 5), GitHub's tables, and Obsidian's boxes, comments, footnotes and
formulas. Every pattern is anchored and free of nested repeats, so that each takes time linear in the line.
Lines come with their tabs already expanded: only spaces count as indentation here. Pure text, no state.
"""

from __future__ import annotations

import re

CODE_INDENT = 4
"""So many columns of indentation make code, and so nothing else may start there."""

next_text = re.compile(" *").match
"""Ends at the first character that is not a space."""

item_marker = re.compile(r"(?:[-+*]|(\d{1,9})[.)])(?:( +)|$)", re.ASCII).match
"""The marker of a list item with the spaces behind it. Group 1: the number; group 2: the spaces."""

box = re.compile(r"\[(.)\](?= |$)").match
"""The box of a task: any one character may stand in the brackets (Obsidian)."""

footnote = re.compile(r"\[\^[^\s\[\]]+\]:").match
"""`[^label]:`, which holds what is indented by four columns below it."""

heading = re.compile(r"(#{1,6})(?: |$)").match

setext_underline = re.compile(r"(?:=+|-+) *$").match

closing_fence = re.compile(r" *(`{3,}|~{3,}) *$").match

_opening_fence = re.compile(r"`{3,}(?=[^`]*$)|~{3,}").match

_rule_runs = {mark: re.compile(f"[ {re.escape(mark)}]*").match for mark in "-*_"}

_definition = re.compile(
    r"\[(?!\^)(?:[^\[\]\\]|\\.)+\]: *(?:<[^<>]*>|[^\s<]\S*)(?: +(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))? *$"
).match

_delimiter_row = re.compile(r"\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$").match

_HTML_BLOCK_NAMES = (
    "address article aside base basefont blockquote body caption center col colgroup dd details dialog dir "
    "div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html "
    "iframe legend li link main menu menuitem nav noframes ol optgroup option p param search section summary "
    "table tbody td tfoot th thead title tr track ul"
).split()

_html_block_tag = re.compile(rf"</?(?:{'|'.join(_HTML_BLOCK_NAMES)})(?=[ >]|/>|$)", re.IGNORECASE).match

_html_raw_tag = re.compile(r"<(?:script|pre|style|textarea)(?=[ >]|$)", re.IGNORECASE).match

_html_lone_tag = re.compile(
    r"<(?:/[a-z][a-z0-9-]* *"
    r"|[a-z][a-z0-9-]*(?: +[a-z_:][\w.:-]*(?: *= *(?:[^ \"'=<>`]+|'[^']*'|\"[^\"]*\"))?)* */?)> *$",
    re.IGNORECASE | re.ASCII,
).match

_raw_html_end = re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)

_HTML_ENDS = (
    ("<!--", re.compile("-->")),
    ("<?", re.compile(r"\?>")),
    ("<![CDATA[", re.compile("]]>")),
)

_DECLARATION_END = re.compile(">")

BLANK_LINE = re.compile(r"(?!)")
"""The end of an HTML block that no text ends; the first blank line does."""


def opening_fence(line: str, at: int) -> str | None:
    """The run of backticks or tildes that opens a code block at `at`."""
    found = _opening_fence(line, at)
    return found[0] if found else None


def html_end(line: str, at: int, *, in_paragraph: bool) -> re.Pattern[str] | None:
    """What ends the HTML block that starts at `at`; None where none starts.

    The seven kinds of CommonMark 4.6; the last, a lone tag, does not interrupt a paragraph.
    """
    for start, end in _HTML_ENDS:
        if line.startswith(start, at):
            return end
    if line.startswith("<!", at) and line[at + 2 : at + 3].isalpha() and line[at + 2].isascii():
        return _DECLARATION_END
    if _html_raw_tag(line, at):
        return _raw_html_end
    if _html_block_tag(line, at) or (not in_paragraph and _html_lone_tag(line, at)):
        return BLANK_LINE
    return None


def rule_run(line: str, at: int) -> int:
    """How far only spaces and the mark at `at` (one of `-*_`) reach."""
    found = _rule_runs[line[at]](line, at)
    return found.end() if found else at


def is_rule(line: str, at: int) -> bool:
    """Whether the line is a thematic break: three or more of one mark, nothing else."""
    return rule_run(line, at) == len(line) and line.count(line[at], at) >= 3


def is_definition(line: str, at: int) -> bool:
    """Whether a link reference definition stands on this line alone."""
    return _definition(line, at) is not None


def is_table_start(head: str, delimiters: str) -> bool:
    """Whether `delimiters` below `head` make a table (as many cells in each)."""
    if "|" not in head and "|" not in delimiters:
        return False
    return _delimiter_row(delimiters) is not None and _cells(head) == _cells(delimiters)


def _cells(row: str) -> int:
    row = row.strip(" ").replace("\\|", "")
    return row.removeprefix("|").removesuffix("|").count("|") + 1


def heading_text(line: str, at: int) -> str:
    """The text of an ATX heading whose marks end at `at`, without a closing run of `#`."""
    text = line[at:].strip(" \t")
    bare = text.rstrip("#")
    return bare.rstrip(" \t") if not bare or bare[-1] in " \t" else text
