"""What a single line can start or end: the grammar of Markdown blocks, one small named piece each.

Sources: CommonMark 0.31 (sections 4 and 5), GitHub's tables, and Obsidian's boxes, comments, footnotes and
formulas. Every pattern is anchored, and built so that it takes time linear in the line. Lines come with their
tabs expanded, so only spaces count as indentation. Pure text, no state.
"""

from __future__ import annotations

import re

CODE_INDENT = 4
"""So many columns of indentation make code, and so nothing else may start there."""

item_marker = re.compile(r"(?:[-+*]|(?P<number>\d{1,9})[.)])(?:(?P<spaces> +)|$)", re.ASCII).match
"""The marker of a list item with the spaces behind it (CommonMark 5.2)."""

box = re.compile(r"\[(.)\](?= |$)").match
"""The box of a task: any one character may stand in the brackets (Obsidian)."""

footnote = re.compile(r"\[\^[^\s\[\]]+\]:").match
"""`[^label]:`, which holds what is indented by four columns below it (GitHub, Obsidian)."""

heading = re.compile(r"(#{1,6})(?: |$)").match
"""The marks of an ATX heading (CommonMark 4.2)."""

setext_underline = re.compile(r"(?:=+|-+) *$").match
"""What makes a heading of the paragraph above (CommonMark 4.3)."""

closing_fence = re.compile(r" *(`{3,}|~{3,}) *$").match
"""Group 1: the run, which must be as long as the opening one, or longer (CommonMark 4.5)."""

definition = re.compile(
    r"""
    \[ (?!\^) (?: [^\[\]\\] | \\. )+ \]: [ ]*
    (?: <[^<>]*> | [^\s<]\S* )
    (?: [ ]+ (?: "[^"]*" | '[^']*' | \([^()]*\) ) )? [ ]* $
    """,
    re.VERBOSE,
).match
"""A whole link reference definition (CommonMark 4.7)."""

COMMENT_END = re.compile("%%")
"""What ends an Obsidian comment; text may go on behind it."""

_FORMULA_END = re.compile(r"\$\$")

BLANK_LINE = re.compile(r"(?!)")
"""What ends an HTML block that no text ends."""

_spaces = re.compile(" *")

_opening_fence = re.compile(r"`{3,}(?=[^`]*$)|~{3,}").match

_runs = {mark: re.compile(f"[ {re.escape(mark)}]*") for mark in "-*_"}

_delimiter_row = re.compile(r"\|? *:?-+:? *(?:\| *:?-+:? *)*\|? *$").match

_HTML_BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div"
    "|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li"
    "|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td"
    "|tfoot|th|thead|title|tr|track|ul"
)

_html_block_tag = re.compile(rf"</?(?:{_HTML_BLOCK_TAGS})(?=[ >]|/>|$)", re.IGNORECASE).match

_html_raw_tag = re.compile(r"<(?:script|pre|style|textarea)(?=[ >]|$)", re.IGNORECASE).match

_html_lone_tag = re.compile(
    r"""
    < (?: / [a-z][a-z0-9-]* [ ]*
        | [a-z][a-z0-9-]*
          (?: [ ]+ [a-z_:][\w.:-]* (?: [ ]*=[ ]* (?: [^ "'=<>`]+ | '[^']*' | "[^"]*" ) )? )* [ ]* /?
      ) > [ ]* $
    """,
    re.IGNORECASE | re.ASCII | re.VERBOSE,
).match

_HTML_ENDS = (
    (re.compile("<!--").match, re.compile("-->")),
    (re.compile(r"<\?").match, re.compile(r"\?>")),
    (re.compile(r"<!\[CDATA\[").match, re.compile("]]>")),
    (re.compile("<![A-Za-z]").match, re.compile(">")),
    (_html_raw_tag, re.compile(r"</(?:script|pre|style|textarea)>", re.IGNORECASE)),
    (_html_block_tag, BLANK_LINE),
)
"""Of the first six kinds of HTML blocks: what starts and what ends each (CommonMark 4.6)."""


def skip_spaces(line: str, at: int) -> int:
    """Where the first character at or behind `at` stands that is not a space."""
    found = _spaces.match(line, at)
    return found.end() if found else len(line)


def may_interrupt(marker: re.Match[str]) -> bool:
    """Whether an item may stand right below a paragraph: if it has text and counts from 1."""
    return marker.end() < len(marker.string) and marker["number"] in (None, "1")


def rule_run(line: str, at: int) -> int:
    """How far only spaces and the mark at `at` (one of `-*_`) reach."""
    found = _runs[line[at]].match(line, at)
    return found.end() if found else at


def is_rule(line: str, at: int) -> bool:
    """Whether a thematic break stands at `at`: three or more of one mark and nothing else."""
    return rule_run(line, at) == len(line) and line.count(line[at], at) >= 3


def verbatim_end(line: str, at: int, *, in_paragraph: bool) -> re.Pattern[str] | str | None:
    """What ends the block of code, HTML, comment or formula that starts at `at`; None where none starts.

    A fence ends with a run like its own, which is returned; the others with the first match of a pattern.
    """
    first = line[at]
    if first in "`~":
        fence = _opening_fence(line, at)
        return fence[0] if fence else None
    if first == "<":
        return _html_end(line, at, in_paragraph=in_paragraph)
    # Closed on their own line, comments and formulas are inline, and so text of a paragraph.
    if first == "%" and line.startswith("%%", at) and "%%" not in line[at + 2 :]:
        return COMMENT_END
    if first == "$" and line.startswith("$$", at) and "$$" not in line[at + 2 :]:
        return _FORMULA_END
    return None


def _html_end(line: str, at: int, *, in_paragraph: bool) -> re.Pattern[str] | None:
    for start, end in _HTML_ENDS:
        if start(line, at):
            return end
    # The seventh kind, any tag alone on its line, leaves a paragraph whole.
    return BLANK_LINE if not in_paragraph and _html_lone_tag(line, at) else None


def is_table_start(head: str, delimiters: str) -> bool:
    """Whether `delimiters` below `head` make a table: a row of dashes with as many cells (GitHub)."""
    if "|" not in head and "|" not in delimiters:
        return False
    return _delimiter_row(delimiters) is not None and _cells(head) == _cells(delimiters)


def _cells(row: str) -> int:
    row = row.strip(" \t").replace("\\|", "")
    return row.removeprefix("|").removesuffix("|").count("|") + 1


def heading_text(text: str) -> str:
    """The title in what stands behind the marks of an ATX heading: without a closing run of `#`."""
    text = text.strip(" \t")
    bare = text.rstrip("#")
    return bare.rstrip(" \t") if not bare or bare[-1] in " \t" else text
