"""The inline constructs whose content is no prose: code, links, comments, HTML, formulas, footnotes.

What stands in one of them is words, whatever it looks like: no field of a task, no tag, and never edited. A
wikilink or a Markdown link is one whole, its text and its title included. Sources: CommonMark 0.31
(section 6), GitHub's bare addresses, Obsidian's wikilinks, comments and formulas. Linear in the text. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from roadtui.core.patterns import LazyPattern

MASK = "\0"
"""What `masked` writes over a construct: neither white space nor part of any word, tag or field."""


WHITE = (
    " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""White space as JavaScript trims it, which is what bounds fields and tags."""


class Construct(Enum):
    """The kinds of inline constructs."""

    ESCAPE = "backslash escape"
    CODE = "code"
    COMMENT = "comment"
    HTML = "HTML tag, or address in angle brackets"
    FORMULA = "formula"
    WIKILINK = "wikilink"
    LINK = "Markdown link"
    FOOTNOTE = "inline footnote"


class Inline(NamedTuple):
    """One construct as it stands in the text."""

    kind: Construct
    start: int
    end: int
    """Index after its last character."""
    target: str = ""
    """Of a link: where it leads, as it is written; empty for the others."""
    embed: bool = False
    """Whether it is `![[...]]` or `![...](...)`."""
    in_comment: bool = False
    """Whether it stands in a `%%…%%` comment."""


_NAME = "[A-Za-z][A-Za-z0-9-]*+"
_MAIL_NAME = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]++"
_ATTRIBUTE = r"""\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?"""

_MARK = LazyPattern(
    rf"""
      (?P<escape>\\[!-/:-@\[-`{{-~])
    | (?P<code>`+)
    | (?P<paired>%%|<!--|<\?|<!\[CDATA\[|<!(?=[A-Za-z])|\$\$)
    | (?P<html>
          <(?:/{_NAME}\s*+|{_NAME}(?:{_ATTRIBUTE})*+\s*+/?)>
        | <[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\s<>]*+>
        | <{_MAIL_NAME}@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)*+>
      )
    | (?P<formula>\$(?=[^\s$])(?:\\.|[^$\\\n])++(?<!\s)\$(?![0-9]))
    | (?P<wiki>!?\[\[(?!\[)(?P<inner>(?:[^\[\]\n]|\](?!\])|\[(?!\[))++)\]\])
    | (?P<open>!?\[|\^\[(?!\[)) | (?P<close>\])
    """,
    re.VERBOSE | re.DOTALL,
)

_PAIRS = {
    "%%": ("%%", Construct.COMMENT),
    "<!--": ("-->", Construct.COMMENT),
    "<?": ("?>", Construct.HTML),
    "<![CDATA[": ("]]>", Construct.HTML),
    "<!": (">", Construct.HTML),
    "$$": ("$$", Construct.FORMULA),
}
"""What begins a construct, with the text that ends it. Without an end it begins nothing."""

_MOST_PARENTHESES = 4
"""Parentheses within one another that an address may hold; CommonMark asks for three at least."""


def _address_pattern() -> str:
    nested = r"(?:[^\s()\\]|\\.)*+"
    for _ in range(_MOST_PARENTHESES):
        nested = rf"(?:[^\s()\\]|\\.|\({nested}\))*+"
    return nested


_DESTINATION = LazyPattern(
    rf"\(\s*+(?:<(?P<angled>(?:[^<>\\\n]|\\.)*+)>|(?P<bare>(?!<){_address_pattern()}))"
    r"(?:\s++(?:\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'|\((?:[^()\\]|\\.)*+\)))?\s*+\)",
    re.DOTALL,
)

# A symbol at its very end, such as the sign of a field, is none of the address.
_BARE_ADDRESS = LazyPattern(r"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9+.-]{1,31}://|www\.)[^\s<\0]*(?:[!-~]|\w)")

_opening = re.compile(r"[`<%$\\]|[\[^]\[|\]\(|://|www\.").search


def may_hold_any(text: str, at: int = 0) -> bool:
    """Whether a construct or a bare address may stand in `text` from `at` on: a cheap look."""
    return _opening(text, at) is not None


def constructs(text: str) -> Iterator[Inline]:
    """Every construct of `text`, a block of one or more lines, in the order in which they end.

    What stands within `%%…%%` comments, formulas and the text of links is looked at as well, as links there
    are links (Obsidian); what stands within the others is not.
    """
    runs = _code_runs(text)
    last_end = {end: text.rfind(end) for end, _ in _PAIRS.values()}
    opened: list[tuple[int, str]] = []
    # So many of the opened brackets hold a link already, and so can start none (CommonMark 6.3).
    spent = 0
    at = 0
    while found := _MARK.search(text, at):
        start, at = found.span()
        kind = found.lastgroup
        if kind == "escape":
            yield Inline(Construct.ESCAPE, start, at)
        elif kind == "code":
            end = _after_code(runs, found)
            if end is not None:
                at = end
                yield Inline(Construct.CODE, start, end)
        elif kind == "html":
            yield Inline(Construct.HTML, start, at)
        elif kind == "paired":
            closing, paired = _PAIRS[found[0]]
            if last_end[closing] >= at:
                inner = at
                at = text.index(closing, inner) + len(closing)
                if found[0] in ("%%", "$$"):
                    yield from _within(text, inner, at - len(closing), in_comment=found[0] == "%%")
                yield Inline(paired, start, at)
        elif kind == "formula":
            yield from _within(text, start + 1, at - 1, in_comment=False)
            yield Inline(Construct.FORMULA, start, at)
        elif kind == "wiki":
            inner_text = found["inner"]
            target = inner_text.partition("|")[0].removesuffix("\\").strip() or inner_text
            yield Inline(Construct.WIKILINK, start, at, target, found[0].startswith("!"))
        elif kind == "open":
            opened.append((start, found[0]))
        elif opened:
            start, bracket = opened.pop()
            embed = bracket == "!["
            destination = _DESTINATION.match(text, at) if embed or len(opened) >= spent else None
            spent = min(spent, len(opened))
            if destination:
                at = destination.end()
                spent = spent if embed else len(opened)
                target = destination["angled"] or destination["bare"] or ""
                yield Inline(Construct.LINK, start, at, target, embed)
            elif bracket == "^[":
                yield Inline(Construct.FOOTNOTE, start, at)


def _within(text: str, start: int, end: int, *, in_comment: bool) -> Iterator[Inline]:
    """The constructs of a part of `text`. That part holds no sign of the kind around it: this ends soon."""
    for one in constructs(text[start:end]):
        yield one._replace(
            start=start + one.start, end=start + one.end, in_comment=in_comment or one.in_comment
        )


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


def masked(text: str) -> str:
    """`text`, a line or a part of one, with `MASK` over every construct and bare address; positions stay."""
    if not may_hold_any(text):
        return text
    hidden = _covered(text, ((one.start, one.end) for one in constructs(text)))
    return _covered(hidden, (found.span() for found in _BARE_ADDRESS.finditer(hidden)))


def _covered(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            parts += (text[at:start], MASK * (end - start))
            at = end
    return "".join((*parts, text[at:]))
