"""The grammar of Markdown blocks: small patterns for what a single line can start or end.

Sources: CommonMark 0.31 (sections 4 and 5), GitHub's tables, and Obsidian's checkboxes, comments, footnotes
and formulas. Every pattern is anchored and takes time linear in the line. Lines come with their tabs
expanded, so only spaces count as indentation. Pure.
"""

from __future__ import annotations

import re

from roadtui.core.patterns import LazyPattern

CODE_INDENT = 4
"""Text indented by this many columns is code, so that no other block starts there."""

item_marker = re.compile(r"(?:[-+*]|(?P<number>\d{1,9})[.)])(?:(?P<spaces> +)|$)", re.ASCII).match
"""The marker of a list item with the spaces after it (CommonMark 5.2)."""

checkbox = re.compile(r"\[(.)\](?= |$)").match
"""The checkbox of a task; its status symbol may be any character (Obsidian)."""

footnote = re.compile(r"\[\^[^\s\[\]]+\]:").match
"""`[^label]:`; lines below it that are indented by four columns belong to the footnote (GitHub, Obsidian)."""

heading = re.compile(r"(#{1,6})(?: |$)").match
"""The marks of an ATX heading (CommonMark 4.2)."""

setext_underline = re.compile(r"(?:=+|-+) *$").match
"""A line that turns the paragraph above it into a heading (CommonMark 4.3)."""

closing_fence = re.compile(r" *(`{3,}|~{3,}) *$").match
"""Group 1 is the run, which has to be at least as long as the opening one (CommonMark 4.5)."""

DEFINITION = LazyPattern(
    r"""
    \[ (?!\^) (?: [^\[\]\\] | \\. )+ \]: [ ]*
    (?: <[^<>]*> | [^\s<]\S* )
    (?: [ ]+ (?: "[^"]*" | '[^']*' | \([^()]*\) ) )? [ ]* $
    """,
    re.VERBOSE,
)
"""A whole link reference definition (CommonMark 4.7)."""

COMMENT_END = LazyPattern("%%")
"""The end of an Obsidian comment; text may follow on the same line."""

_FORMULA_END = LazyPattern(r"\$\$")

BLANK_LINE = LazyPattern(r"(?!)")
"""Stands for the end of an HTML block that ends at a blank line; matches nothing."""

_spaces = re.compile(" *")

_OPENING_FENCE = LazyPattern(r"`{3,}(?=[^`]*$)|~{3,}")

_RUNS = {mark: LazyPattern(f"[ {re.escape(mark)}]*") for mark in "-*_"}

_DELIMITER_ROW = LazyPattern(r"\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$")

_HTML_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div"
    "|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li"
    "|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td"
    "|tfoot|th|thead|title|tr|track|ul"
)

_HTML_BLOCK_TAG = LazyPattern(rf"</?(?:{_HTML_BLOCK_TAGS})(?=[ >]|/>|$)", re.IGNORECASE)

_HTML_RAW_TAG = LazyPattern(r"<(?:script|pre|style|textarea)(?=[ >]|$)", re.IGNORECASE)

_HTML_LONE_TAG = LazyPattern(
    r"""
    < (?: / [a-z][a-z0-9-]* [ ]*
        | [a-z][a-z0-9-]*
          (?: [ ]+ [a-z_:][\w.:-]* (?: [ ]*=[ ]* (?: [^ "'=<>`]+ | '[^']*' | "[^"]*" ) )? )* [ ]* /?
      ) > [ ]* $
    """,
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)

_HTML_ENDS = (
    (LazyPattern("<!--"), LazyPattern("-->")),
    (LazyPattern(r"<\?"), LazyPattern(r"\?>")),
    (LazyPattern(r"<!\[CDATA\["), LazyPattern("]]>")),
    (LazyPattern("<![A-Za-z]"), LazyPattern(">")),
    (_HTML_RAW_TAG, LazyPattern(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)),
    (_HTML_BLOCK_TAG, BLANK_LINE),
)
"""The start and the end of the first six kinds of HTML blocks (CommonMark 4.6)."""


def skip_spaces(line: str, at: int) -> int:
    """Index of the first character from `at` on that is not a space."""
    found = _spaces.match(line, at)
    return found.end() if found else len(line)


def may_interrupt(marker: re.Match[str]) -> bool:
    """Whether an item may follow a paragraph without a blank line: it needs text, and the number 1 if any."""
    return marker.end() < len(marker.string) and marker["number"] in (None, "1")


def rule_run(line: str, at: int) -> int:
    """Index after the run of spaces and of the character at `at` (one of `-*_`)."""
    found = _RUNS[line[at]].match(line, at)
    return found.end() if found else at


def is_rule(line: str, at: int) -> bool:
    """Whether a thematic break starts at `at`: three or more of one character and nothing else."""
    return rule_run(line, at) == len(line) and line.count(line[at], at) >= 3


def verbatim_end(line: str, at: int, *, in_paragraph: bool) -> LazyPattern | str | None:
    """The end of the block of code, HTML, comment or formula that starts at `at`; None where none starts.

    For a fenced code block this is its opening run, as the closing one is like it; for the others a pattern.
    """
    first = line[at]
    if first in "`~":
        fence = _OPENING_FENCE.match(line, at)
        return fence[0] if fence else None
    if first == "<":
        return _html_end(line, at, in_paragraph=in_paragraph)
    # Comments and formulas that are closed on their own line are inline, and so part of a paragraph.
    if line.startswith("%%", at) and "%%" not in line[at + 2 :]:
        return COMMENT_END
    if line.startswith("$$", at) and "$$" not in line[at + 2 :]:
        return _FORMULA_END
    return None


def _html_end(line: str, at: int, *, in_paragraph: bool) -> LazyPattern | None:
    for start, end in _HTML_ENDS:
        if start.match(line, at):
            return end
    # The seventh kind, any tag alone on its line, does not interrupt a paragraph.
    return BLANK_LINE if not in_paragraph and _HTML_LONE_TAG.match(line, at) else None


def is_table_start(head: str, delimiters: str) -> bool:
    """Whether `head` and the line below it start a table: dashes with the same number of cells (GitHub)."""
    if "|" not in head and "|" not in delimiters:
        return False
    return _DELIMITER_ROW.match(delimiters) is not None and _cells(head) == _cells(delimiters)


def _cells(row: str) -> int:
    row = row.strip(" \t").replace("\\|", "")
    return row.removeprefix("|").removesuffix("|").count("|") + 1


def heading_text(text: str) -> str:
    """The title in the text after the `#` of an ATX heading, without a closing run of `#`."""
    text = text.strip(" \t")
    bare = text.rstrip("#")
    return bare.rstrip(" \t") if not bare or bare[-1] in " \t" else text
