"""A query: parsed, then asked of items. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from roadtui.core.query.items import QueryContext, QueryItem
from roadtui.core.query.syntax import (
    All,
    AnyOf,
    Node,
    Not,
    QueryError,
    Term,
    Word,
    parse,
    positive_words,
    terms_of,
)
from roadtui.core.query.tally import Count, NoteTally, all_of, any_of, unknown
from roadtui.core.query.terms import SORT_KEYS, SPECS, Test, count_of, test_of, unknown_value
from roadtui.core.query.text_match import (
    MOST_INITIALS,
    Match,
    contains_fuzzily,
    fold,
    match_phrase,
    match_word,
)

DIRECTIVES = {"sort": "the order, reversed with `-`", "limit": "how many at most"}
"""Terms that say how results are listed, with what they do."""
_MOST_RESULTS = 1_000_000
_EVERYTHING = All(())


class _Parts(NamedTuple):
    """What must all match."""

    words: tuple[Word, ...]
    others: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Sorting:
    """The order of results."""

    key: str
    """A key of `SORT_KEYS`."""
    is_reversed: bool


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A query that has been understood."""

    text: str
    _test: Test
    _count: Count
    _words: tuple[Word, ...]
    """The words and phrases to light up and to rank by."""
    _parts: _Parts
    needs_history: bool
    """Whether it asks for dates that may be in the history alone (`QueryContext.known_dates`)."""
    needs_other_notes: bool
    """Whether the items of one note that match depend on the open tasks of other notes."""
    sorting: tuple[Sorting, ...] = ()
    limit: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it matches everything and says nothing of the order."""
        return not self.text.strip()

    @property
    def has_words(self) -> bool:
        """Whether it has words, by which results can be ranked."""
        return bool(self._words)

    def matches(self, item: QueryItem, context: QueryContext) -> bool:
        """Whether `item` is a result."""
        return self._test(item, context)

    def count(self, tally: NoteTally, context: QueryContext) -> int | None:
        """How many items of a note are results; None where they have to be asked to tell. Quick."""
        return self._count(tally, context)

    def letters(self, text: str) -> list[int]:
        """The positions in `text` that its words match, ascending."""
        folded = fold(text)
        found = (_match(word, folded) for word in self._words)
        return sorted({at for match in found if match is not None for at in match.letters})

    def score(self, item: QueryItem) -> float:
        """How well the words of the query match `item`: higher is better, 0 without words."""
        if not self._words:
            return 0.0
        matches = (_match(word, item.folded) for word in self._words)
        score = sum(match.score for match in matches if match is not None) / len(self._words)
        together = " ".join(fold(word.text) for word in self._words)
        return score + (20.0 if len(self._words) > 1 and together in item.folded else 0.0)

    def narrows(self, other: Query) -> bool:
        """Whether all results of this query are results of `other`, as far as their parts tell.

        `limit:` counts for neither.
        """
        mine, theirs = self._parts, other._parts
        if not set(theirs.others) <= set(mine.others):
            return False
        if not theirs.words:
            return bool(theirs.others)
        # Of several words all but one may stand in the headings: one more word can find more.
        return len(mine.words) == len(theirs.words) and all(
            _is_longer(*pair) for pair in zip(mine.words, theirs.words, strict=True)
        )

    def sort_key(self, item: QueryItem, context: QueryContext) -> object:
        """The key by which its results are sorted, smallest first; equal ones stay in their order."""
        if self.sorting:
            keys = [(SORT_KEYS[each.key](item, context), each.is_reversed) for each in self.sorting]
            return tuple(_Reversed(key) if is_reversed else key for key, is_reversed in keys)
        return -self.rank(item, context) if self._words else 0.0

    def rank(self, item: QueryItem, context: QueryContext) -> float:
        """How far up `item` belongs among the results: its score, and what it is. Higher is better."""
        return self.score(item) + _preference(item, context)

    def listed(self, items: Iterable[QueryItem], context: QueryContext) -> list[QueryItem]:
        """The results among `items`, sorted if the query says how, else as they come; at most `limit`."""
        found = [item for item in items if self.matches(item, context)]
        if self.sorting:
            found.sort(key=lambda item: self.sort_key(item, context))  # type: ignore[arg-type, return-value]
        return found[: self.limit]


def _preference(item: QueryItem, context: QueryContext) -> float:
    """Added to the score: of equal matches a note comes first, then a heading, then an open task.

    What is in an archive comes after what matches nearly as well.
    """
    kind = 8.0 if item.is_note else 4.0 if item.is_heading else 2.0 if item.is_open(context) else 0.0
    return kind - (10.0 if item.note.is_archived else 0.0)


class _Reversed:
    """A sort key in reversed order."""

    __slots__ = ("key",)

    def __init__(self, key: object) -> None:
        self.key = key

    def __lt__(self, other: _Reversed) -> bool:
        return other.key < self.key  # type: ignore[operator, no-any-return]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and self.key == other.key

    __hash__ = None  # type: ignore[assignment]


def read_query(text: str, today: date, *, is_typing: bool = False) -> Query:
    """Read the query `text` on the day `today`, by which `this-week` and `fri` are understood.

    Args:
        text: The query.
        today: The day of the user.
        is_typing: Whether the user is still typing, so that its end may be missing.

    Raises:
        QueryError: it cannot be understood.
    """
    node, directives = _split_directives(parse(text, is_typing=is_typing))
    sorting: list[Sorting] = []
    limit: int | None = None
    for term in directives:
        if term.name == "sort":
            sorting.append(_read_sorting(term))
        else:
            limit = _read_limit(term)
    words = tuple(positive_words(node))
    test = _top_test(node, today)
    needs_history = any(SPECS[term.name].needs_history for term in terms_of(node)) or any(
        each.key in SPECS and SPECS[each.key].needs_history for each in sorting
    )
    needs_other_notes = any(SPECS[term.name].needs_other_notes(term.value) for term in terms_of(node))
    return Query(
        text,
        test,
        _counting(node, today),
        words,
        _parts_of(node),
        needs_history,
        needs_other_notes,
        tuple(sorting),
        limit,
    )


def _parts_of(node: Node) -> _Parts:
    parts = node.parts if isinstance(node, All) else (node,)
    words = tuple(part for part in parts if isinstance(part, Word))
    return _Parts(words, tuple(part for part in parts if not isinstance(part, Word)))


def _is_longer(word: Word, before: Word) -> bool:
    """Whether every text that `word` matches is matched by `before`, as `word` continues it."""
    if word.is_phrase != before.is_phrase:
        return False
    folded, folded_before = fold(word.text), fold(before.text)
    return folded == folded_before or (
        len(folded_before) > MOST_INITIALS and folded.startswith(folded_before)
    )


def _split_directives(node: Node) -> tuple[Node, list[Term]]:
    """`node` without the `sort:` and `limit:` outside parentheses, and these."""
    parts: Sequence[Node] = node.parts if isinstance(node, All) else [node]
    if isinstance(node, AnyOf):
        split = [_split_directives(part) for part in node.parts]
        others = tuple(part for part, terms in split if part != _EVERYTHING or not terms)
        return AnyOf(others) if others else _EVERYTHING, [term for _, terms in split for term in terms]
    directives = [part for part in parts if isinstance(part, Term) and part.name in DIRECTIVES]
    others = tuple(part for part in parts if part not in directives)
    return (others[0] if len(others) == 1 else All(others)), directives


def _read_sorting(term: Term) -> Sorting:
    name = term.value.lower().removeprefix("-")
    if name not in SORT_KEYS:
        raise unknown_value(term, SORT_KEYS)
    return Sorting(name, is_reversed=term.value.startswith("-"))


def _read_limit(term: Term) -> int:
    if not term.value.isdecimal() or not 0 < int(term.value[:9]) <= _MOST_RESULTS:
        raise QueryError(f"`limit:` needs a number from 1 to {_MOST_RESULTS:,}.", *term.span)
    return int(term.value)


def _top_test(node: Node, today: date) -> Test:
    """The test of a whole query.

    A word outside parentheses may stand in the headings or in the note's name instead of the text, as long as
    another one is in the text.
    """
    parts = node.parts if isinstance(node, All) else ()
    words = [part for part in parts if isinstance(part, Word)]
    if len(words) < 2:
        return _test(node, today)
    rest = _test(All(tuple(part for part in parts if not isinstance(part, Word))), today)
    folded = [(fold(word.text), word.is_phrase) for word in words]

    def test(item: QueryItem, context: QueryContext) -> bool:
        in_text = False
        for word, is_phrase in folded:
            if word in item.folded or (not is_phrase and contains_fuzzily(word, item.folded)):
                in_text = True
            elif word not in item.location:
                return False
        return in_text and rest(item, context)

    return test


def _test(node: Node, today: date) -> Test:
    if isinstance(node, Word):
        return _word_test(node)
    if isinstance(node, Term):
        if node.name in DIRECTIVES:
            raise QueryError(f"`{node.name}:` can only stand outside parentheses, without `-`.", *node.span)
        return test_of(node, today)
    if isinstance(node, Not):
        inner = _test(node.part, today)
        return lambda item, context: not inner(item, context)
    tests = [_test(part, today) for part in node.parts]
    if len(tests) == 1:
        return tests[0]
    combine = all if isinstance(node, All) else any
    return lambda item, context: combine(test(item, context) for test in tests)


def _counting(node: Node, today: date) -> Count:
    """Counts the items of a note that match `node`, whose parts are all understood, by its tally."""
    if isinstance(node, Term):
        return count_of(node, today)
    if isinstance(node, All):
        return all_of(_counting(part, today) for part in node.parts)
    if isinstance(node, AnyOf):
        return any_of(_counting(part, today) for part in node.parts)
    return unknown  # A word, or what must not match.


def _word_test(word: Word) -> Test:
    folded = fold(word.text)
    if word.is_phrase:
        return lambda item, context: folded in item.folded
    return lambda item, context: contains_fuzzily(folded, item.folded)


def _match(word: Word, folded: str) -> Match | None:
    return (match_phrase if word.is_phrase else match_word)(fold(word.text), folded)
