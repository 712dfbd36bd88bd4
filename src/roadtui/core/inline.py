"""Finds inline constructs: code, links, comments, HTML, formulas and footnotes. Pure; linear in the text.

Their content is never read as a task's field or a tag, and never edited. A wikilink or Markdown link is one
construct, with its text and title. Sources: CommonMark 0.31 (section 6), GitHub's bare addresses, Obsidian's
wikilinks, comments and formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from roadtui.core.patterns import LazyPattern

MASK = "\0"
"""The character that `masked` puts over constructs: neither white space nor part of a word, tag or field."""


WHITESPACE = (
    " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""White space as JavaScript trims it, which separates fields and tags."""


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
    """One inline construct in a text."""

    kind: Construct
    start: int
    end: int
    """Index after its last character."""
    target: str = ""
    """The target of a link, as it is written; empty for other constructs."""
    embed: bool = False
    """Whether the link is an embed: `![[...]]` or `![...](...)`."""
    in_comment: bool = False
    """Whether the construct is inside a `%%…%%` comment."""
    text_end: int = -1
    """Index after the text of a Markdown link, where its `]` is; -1 for other constructs."""


_NAME = "[A-Za-z][A-Za-z0-9-]*+"
_MAIL_NAME = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]++"
_ATTRIBUTE = r"""\s++[A-Za-z_:][\w.:-]*+(?:\s*+=\s*+(?:[^\s"'=<>`]++|'[^']*+'|"[^"]*+"))?"""

_CONSTRUCT_START = LazyPattern(
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
"""The start of a construct, with its end and kind. A start without an end is plain text."""

_MOST_PARENTHESES = 4
"""How deep parentheses in a link destination may nest; CommonMark requires three at least."""


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

# A symbol at its very end, such as the emoji of a field, does not belong to the address.
_BARE_ADDRESS = LazyPattern(r"(?<![A-Za-z0-9])(?:[A-Za-z][A-Za-z0-9+.-]{1,31}://|www\.)[^\s<\0]*(?:[!-~]|\w)")

_opening = re.compile(r"[`<%$\\]|[\[^]\[|\]\(|://|www\.").search


def may_hold_any(text: str, at: int = 0) -> bool:
    """Whether `text` from `at` on may contain a construct or a bare address: a cheap check."""
    return _opening(text, at) is not None


def constructs(text: str) -> Iterator[Inline]:
    """Every construct in `text`, a block of one or more lines, in the order in which they end.

    Comments (`%%…%%`), formulas and the text of links are searched as well, as Obsidian finds links there;
    other constructs are not.
    """
    backtick_runs = _code_runs(text)
    last_end = {end: text.rfind(end) for end, _ in _PAIRS.values()}
    opened: list[tuple[int, str]] = []
    # The first so many open brackets contain a link already, and so cannot start one (CommonMark 6.3).
    without_links = 0
    at = 0
    while found := _CONSTRUCT_START.search(text, at):
        start, at = found.span()
        kind = found.lastgroup
        if kind == "escape":
            yield Inline(Construct.ESCAPE, start, at)
        elif kind == "code":
            end = _after_code(backtick_runs, found)
            if end is not None:
                at = end
                yield Inline(Construct.CODE, start, end)
        elif kind == "html":
            yield Inline(Construct.HTML, start, at)
        elif kind == "paired":
            closing, construct = _PAIRS[found[0]]
            if last_end[closing] >= at:
                inner = at
                at = text.index(closing, inner) + len(closing)
                if found[0] in ("%%", "$$"):
                    yield from _nested_constructs(text, inner, at - len(closing), in_comment=found[0] == "%%")
                yield Inline(construct, start, at)
        elif kind == "formula":
            yield from _nested_constructs(text, start + 1, at - 1, in_comment=False)
            yield Inline(Construct.FORMULA, start, at)
        elif kind == "wiki":
            inner_text = found["inner"]
            target = inner_text.partition("|")[0].removesuffix("\\").strip() or inner_text
            yield Inline(Construct.WIKILINK, start, at, target, found[0].startswith("!"))
        elif kind == "open":
            opened.append((start, found[0]))
        elif opened:
            text_end = start
            start, bracket = opened.pop()
            embed = bracket == "!["
            destination = _DESTINATION.match(text, at) if embed or len(opened) >= without_links else None
            without_links = min(without_links, len(opened))
            if destination:
                at = destination.end()
                without_links = without_links if embed else len(opened)
                target = destination["angled"] or destination["bare"] or ""
                yield Inline(Construct.LINK, start, at, target, embed, text_end=text_end)
            elif bracket == "^[":
                yield Inline(Construct.FOOTNOTE, start, at)


def _nested_constructs(text: str, start: int, end: int, *, in_comment: bool) -> Iterator[Inline]:
    """The constructs inside another one. None is of the same kind as that one, which bounds the recursion."""
    for one in constructs(text[start:end]):
        yield one._replace(
            start=start + one.start,
            end=start + one.end,
            in_comment=in_comment or one.in_comment,
            text_end=start + one.text_end if one.text_end >= 0 else -1,
        )


def _code_runs(text: str) -> dict[int, list[int]]:
    """The starts of runs of backticks, last first, by length of the run."""
    backtick_runs: dict[int, list[int]] = {}
    if "`" in text:
        for found in re.finditer("`+", text):
            backtick_runs.setdefault(len(found[0]), []).append(found.start())
        for starts in backtick_runs.values():
            starts.reverse()
    return backtick_runs


def _after_code(backtick_runs: dict[int, list[int]], opening: re.Match[str]) -> int | None:
    """The end of the code that starts at `opening`; None where no run of the same length closes it."""
    starts = backtick_runs.get(len(opening[0]), [])
    while starts and starts[-1] <= opening.start():
        starts.pop()
    return starts[-1] + len(opening[0]) if starts else None


def masked(text: str) -> str:
    """`text`, a line or a part of one, with `MASK` over every construct and bare address; positions stay."""
    if not may_hold_any(text):
        return text
    hidden = _masked_spans(text, ((one.start, one.end) for one in constructs(text)))
    return _masked_spans(hidden, (found.span() for found in _BARE_ADDRESS.finditer(hidden)))


def _masked_spans(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end > at:
            start = max(start, at)
            parts += (text[at:start], MASK * (end - start))
            at = end
    return "".join((*parts, text[at:]))
