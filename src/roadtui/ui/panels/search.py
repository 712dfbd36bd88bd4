"""Finding one of very many by a few letters of it. Runs in a thread, and stops when nobody waits any more.

Textual's `FuzzySearch` tries every way in which the letters can be spread over a text, which never ends on a
long one. Here the letters are placed once, from the left, and Textual's score of that place is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest
from typing import Generic, NamedTuple, TypeVar

from textual.fuzzy import FuzzySearch

Target = TypeVar("Target")

_MOST_CELLS = 200
"""Of a longer text only the start is looked at."""
_CHECK_EVERY = 512
"""Candidates between two looks at whether the answer is still wanted."""


class Candidate(NamedTuple, Generic[Target]):
    """What can be found."""

    text: str
    """By which it is found."""
    target: Target


class Found(NamedTuple, Generic[Target]):
    """The best of those that match."""

    best: Sequence[Target]
    total: int
    """How many match."""


def places(query: str, text: str) -> Sequence[int] | None:
    """Where in `text` the letters of `query` stand, in their order, together if they can; None: nowhere.

    Both are compared as they are: fold the case before.
    """
    start = text.find(query)
    if start >= 0:
        return range(start, start + len(query))
    found: list[int] = []
    at = -1
    for letter in query:
        at = text.find(letter, at + 1)
        if at < 0:
            return None
        found.append(at)
    return found


def find(
    query: str, candidates: Iterable[Candidate[Target]], most: int, is_wanted: Callable[[], bool]
) -> Found[Target] | None:
    """The `most` best of `candidates`, best first; equal ones stay in their order.

    None where `is_wanted` says no before the end.
    """
    query = query.casefold().strip()
    score = FuzzySearch().score
    hits: list[tuple[float, int, Target]] = []
    for number, candidate in enumerate(candidates):
        if number % _CHECK_EVERY == 0 and not is_wanted():
            return None
        text = candidate.text[:_MOST_CELLS].casefold()
        at = places(query, text)
        if at is not None:
            weight = score(text, at) * (1.5 if isinstance(at, range) else 1.0) if at else 0.0
            hits.append((weight, -number, candidate.target))
    best = nlargest(most, hits, key=lambda hit: hit[:2])
    return Found([target for _, _, target in best], len(hits))
