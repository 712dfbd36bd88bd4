"""Find the links in the text of a note: wikilinks, embeds, and Markdown links that lead to a file.

Works on one text block at a time, as inline marks cannot pair up across blocks. Code and comments hide what
stands in them. Linear in the text. Pure; resolving a link is the vault's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from roadtui.core.note import Link

TextBlock = list[tuple[int, str]]
"""The lines of one heading, paragraph or table, each with its number: where inline marks may pair up."""

_mark = re.compile(
    r"""
      \\. | (?P<code>`+) | (?P<comment>%%|<!--)
    | (?P<wiki>!?\[\[(?P<inner>[^\[\]\n]+)\]\])
    | (?P<open>!?\[) | (?P<close>\])
    """,
    re.VERBOSE | re.DOTALL,
)

_destination = re.compile(
    r"\(\s*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>(?:[^\s()<\\]|\\.)(?:[^\s()\\]|\\.|\([^\s()]*\))*))"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
).match

_COMMENT_ENDS = {"%%": "%%", "<!--": "-->"}

_is_url = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//").match


def lines_with_links(lines: Iterable[str]) -> frozenset[int]:
    """Numbers of the lines that may hold a link: a cheap look, which spares the other lines a close one."""
    return frozenset(number for number, line in enumerate(lines) if "[[" in line or "](" in line)


def find_links(blocks: Iterable[TextBlock]) -> tuple[Link, ...]:
    """The links of all blocks in the order in which they start."""
    return tuple(link for block in blocks for link in _links_of_block(block))


def _links_of_block(block: TextBlock) -> Iterator[Link]:
    text = "\n".join(line for _, line in block)
    line = before = 0
    for at, target, embed in sorted(_links_in(text)):
        line += text.count("\n", before, at)
        before = at
        yield Link(block[line][0], target, embed)


def _links_in(text: str) -> Iterator[tuple[int, str, bool]]:
    """Start, target and whether it is an embed, of every link; in the order in which they end."""
    runs = _code_runs(text)
    last_end = {end: text.rfind(end) for end in _COMMENT_ENDS.values()}
    opened: list[tuple[int, bool]] = []
    # So many of the opened brackets hold a link already, and so can start none (CommonMark 6.3).
    spent = 0
    at = 0
    while found := _mark.search(text, at):
        at = found.end()
        kind = found.lastgroup
        if kind == "code":
            at = _after_code(runs, found) or at
        elif kind == "comment":
            end = _COMMENT_ENDS[found[0]]
            if last_end[end] >= at:
                at = text.index(end, at) + len(end)
        elif kind == "wiki":
            inner = found["inner"]
            target = inner.partition("|")[0].removesuffix("\\").strip()
            yield found.start(), target or inner, found[0].startswith("!")
        elif kind == "open":
            opened.append((found.start(), found[0] == "!["))
        elif kind == "close" and opened:
            start, embed = opened.pop()
            destination = _destination(text, at) if embed or len(opened) >= spent else None
            spent = min(spent, len(opened))
            if destination:
                at = destination.end()
                spent = spent if embed else len(opened)
                target = _decoded(destination["angled"] or destination["bare"] or "")
                if target and not _is_url(target):
                    yield start, target, embed


def _code_runs(text: str) -> dict[int, list[int]]:
    """Where runs of backticks start, last first, by their length."""
    runs: dict[int, list[int]] = {}
    if "`" in text:
        for found in re.finditer("`+", text):
            runs.setdefault(len(found[0]), []).append(found.start())
        for starts in runs.values():
            starts.reverse()
    return runs


def _after_code(runs: dict[int, list[int]], opening: re.Match[str]) -> int | None:
    """Where the code that `opening` opens ends; None where no run of the same length closes it."""
    starts = runs.get(len(opening[0]), [])
    while starts and starts[-1] <= opening.start():
        starts.pop()
    return starts[-1] + len(opening[0]) if starts else None


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where inline code stands in `text`, its backticks included. Linear; escapes are not looked at."""
    runs = _code_runs(text)
    at = 0
    for opening in re.finditer("`+", text) if runs else ():
        if opening.start() >= at and (end := _after_code(runs, opening)):
            at = end
            yield opening.start(), end


def _decoded(destination: str) -> str:
    destination = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", destination)
    try:
        return unquote(destination, errors="strict")
    except UnicodeDecodeError:
        return destination
