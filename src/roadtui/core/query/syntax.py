"""The grammar of queries: words, phrases, terms such as `due:<fri`, `-`, `or` and parentheses. Pure.

    query   = part { "or" part }            sort: and limit: may stand anywhere outside parentheses
    part    = factor { factor }             all of them
    factor  = [ "-" ] ( word | phrase | term | "(" query ")" )
    phrase  = '"' characters '"'            the characters as they are
    term    = name ":" [ < <= > >= = ] ( value | phrase )  |  "#" tag

The result is a tree without meaning; `core.query.terms` knows the terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from roadtui.core.errors import RoadtuiError
from roadtui.core.patterns import LazyPattern

MOST_CHARACTERS = 1_000
"""A longer query is refused."""
MOST_NESTED = 50
"""Deeper parentheses are refused."""


class QueryError(RoadtuiError):
    """A query that cannot be understood; the message says why, and what would be right."""

    def __init__(self, message: str, start: int, end: int) -> None:
        """Name the part of the query that is wrong: from index `start` to before `end`."""
        super().__init__(message)
        self.start = start
        self.end = end


class TextRange(NamedTuple):
    """A part of the query's text, by index."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a phrase in quotes, which is matched as it is."""

    text: str
    span: TextRange
    is_phrase: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """`name:value`, with an operator before the value or none; `#tag` is a term of the name `#`."""

    name: str
    operator: str
    """One of `<`, `<=`, `>`, `>=` and `=`; empty where there is none."""
    value: str
    span: TextRange
    value_span: TextRange


@dataclass(frozen=True, slots=True)
class Not:
    """What must not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must all match; no part matches everything."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Parts of which one must match."""

    parts: tuple[Node, ...]


Node = Word | Term | Not | All | AnyOf

_TOKEN = LazyPattern(
    r"""(?P<space>\s+)
    |(?P<open>-?\()
    |(?P<close>\))
    |(?P<phrase>-?"[^"]*(?:"|\Z))
    |(?P<term>-?[A-Za-z]+:(?!//)(?:[<>]=?|=)?(?:"[^"]*(?:"|\Z)|[^\s"]*))
    |(?P<tag>-?\#[^\s()"]+)
    |(?P<word>-?[^\s"]+)""",
    re.VERBOSE,
)
_PARTS_OF_TERM = LazyPattern(r'([A-Za-z]+):([<>]=?|=)?("?)(.*?)"?\Z', re.DOTALL)


class _Group:
    """A parenthesis that is open, or the whole query."""

    def __init__(self, span: TextRange, *, is_negated: bool) -> None:
        self.span = span
        self.is_negated = is_negated
        self.alternatives: list[list[Node]] = [[]]
        self.or_span: TextRange | None = None
        """The last `or`, as long as nothing follows it."""

    def add(self, node: Node, *, is_negated: bool) -> None:
        self.alternatives[-1].append(Not(node) if is_negated else node)
        self.or_span = None

    def end(self) -> Node:
        """All of its parts in one. Raises QueryError for an `or` with nothing before or after it."""
        if self.or_span is not None:
            raise QueryError("Something has to follow `or`.", *self.or_span)
        alternatives = [parts[0] if len(parts) == 1 else All(tuple(parts)) for parts in self.alternatives]
        return alternatives[0] if len(alternatives) == 1 else AnyOf(tuple(alternatives))


def parse(text: str, *, is_typing: bool = False) -> Node:
    """The tree of the query `text`.

    Args:
        text: The query.
        is_typing: Whether more may follow: then a parenthesis that is not closed yet, and an `or` at the end,
            are no errors.

    Raises:
        QueryError: the text is no query, or is too long.
    """
    if len(text) > MOST_CHARACTERS:
        message = f"A query has at most {MOST_CHARACTERS:,} characters; this one has {len(text):,}."
        raise QueryError(message, MOST_CHARACTERS, len(text))
    groups = [_Group(TextRange(0, len(text)), is_negated=False)]
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        assert found is not None, "every character begins a token"
        at = _take(groups, found)
    if len(groups) > 1 and not is_typing:
        raise QueryError("This parenthesis is not closed.", *groups[-1].span)
    while True:
        group = groups.pop()
        if is_typing and group.or_span is not None:
            group.alternatives.pop()
            group.or_span = None
        node = group.end()
        if not groups:
            return node
        groups[-1].add(node, is_negated=group.is_negated)


def _take(groups: list[_Group], found: re.Match[str]) -> int:
    """Take one token into the innermost of `groups`; gives the index after it."""
    kind, token, span = found.lastgroup, found[0], TextRange(*found.span())
    group = groups[-1]
    is_negated = token.startswith("-") and len(token) > 1
    inner = TextRange(span.start + is_negated, span.end)
    if kind == "open":
        if len(groups) > MOST_NESTED:
            raise QueryError(f"At most {MOST_NESTED} parentheses can be inside one another.", *inner)
        groups.append(_Group(inner, is_negated=is_negated))
    elif kind == "close":
        if len(groups) == 1:
            raise QueryError('No parenthesis is open here. In quotes it is text: ")".', *span)
        if group.alternatives == [[]]:
            raise QueryError("There is nothing in these parentheses.", group.span.start, span.end)
        groups.pop()
        groups[-1].add(group.end(), is_negated=group.is_negated)
    elif kind == "phrase":
        text = token[is_negated:].strip('"')
        if text:
            group.add(Word(text, inner, is_phrase=True), is_negated=is_negated)
    elif kind == "word" and token.lower() == "or":
        if not group.alternatives[-1]:
            raise QueryError('Something has to stand before `or`. In quotes it is text: "or".', *span)
        group.alternatives.append([])
        group.or_span = span
    elif kind in ("word", "term", "tag"):
        end = span.end - _closing(token, len(groups) - 1)
        token = token[: end - span.start]
        inner = TextRange(inner.start, end)
        node = Word(token[is_negated:], inner) if kind == "word" else _term(token[is_negated:], inner)
        group.add(node, is_negated=is_negated)
        return end
    return span.end


def _closing(token: str, open_groups: int) -> int:
    """How many parentheses at the end of `token` close a group, and are not its own."""
    unmatched = token.count(")") - token.count("(")
    at_end = len(token) - len(token.rstrip(")"))
    return max(0, min(unmatched, at_end, open_groups))


def _term(token: str, span: TextRange) -> Term:
    if token.startswith("#"):
        return Term("#", "", token[1:], span, TextRange(span.start + 1, span.end))
    parts = _PARTS_OF_TERM.match(token)
    assert parts is not None, "as the token begins"
    value_span = TextRange(span.start + parts.start(3), span.end)
    return Term(parts[1].lower(), parts[2] or "", parts[4], span, value_span)


def positive_words(node: Node) -> Sequence[Word]:
    """The words and phrases of `node` that are not negated, in order."""
    if isinstance(node, Word):
        return [node]
    if isinstance(node, (All, AnyOf)):
        return [word for part in node.parts for word in positive_words(part)]
    return []


def terms_of(node: Node) -> Iterator[Term]:
    """The terms of `node`, negated ones too, in order."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, Not):
        yield from terms_of(node.part)
    elif isinstance(node, (All, AnyOf)):
        for part in node.parts:
            yield from terms_of(part)
