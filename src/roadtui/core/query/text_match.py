"""Matches a word of a query with a text, fuzzily: where the letters are, and how good the match is. Pure.

Case and accents are ignored. A word matches where its letters are together, or where they are found in order
in a few words of the text, in each of them from its first letter on: `grdes` finds `GRadient DEScent`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import combining, normalize

_START_OF_WORD = re.compile(r"(?<![^\W_])[^\W_]")
"""A letter or digit after none: what `str.isalnum` says of both."""
_MOST_LETTERS = 400
"""A longer text is matched fuzzily up to here; letters that stand together are found anywhere."""
MOST_INITIALS = 2
"""So few letters are found together or as first letters of words: `ml` is not in `ModeL`."""
_WHOLE_TEXT, _WHOLE_WORD, _AT_START, _WORD_START, _INSIDE, _SCATTERED = 100.0, 80.0, 75.0, 65.0, 40.0, 20.0
_LENGTH_PENALTY = 0.05
"""How much a match loses for each letter of the text: of equal matches the shorter text comes first."""
_MOST_PENALTY = 10.0


class Match(NamedTuple):
    """Where a word was found."""

    letters: tuple[int, ...]
    """Positions in the text, ascending."""
    score: float
    """Higher for a better match; between 0 and 100."""


def fold(text: str) -> str:
    """`text` without case and accents, letter by letter: it stays as long, and positions stay the same."""
    return text.lower() if text.isascii() else "".join(map(_fold_letter, text))


def _fold_letter(letter: str) -> str:
    decomposed = normalize("NFD", letter)
    folded = decomposed[0].lower() if all(map(combining, decomposed[1:])) else letter.lower()
    return folded if len(folded) == 1 else letter


def contains_fuzzily(word: str, text: str) -> bool:
    """Whether `match_word` finds `word` in `text`. Both are folded."""
    return word in text or (_may_be_scattered(word, text) and _scattered(word, text) is not None)


def match_word(word: str, text: str) -> Match | None:
    """The best match of `word` in `text`, or None. Both are folded, and `word` is not empty."""
    penalty = min(_MOST_PENALTY, len(text) * _LENGTH_PENALTY)
    found = _together(word, text)
    if found is not None:
        at, score = found
        return Match(tuple(range(at, at + len(word))), score - penalty)
    letters = _scattered(word, text) if _may_be_scattered(word, text) else None
    if letters is None:
        return None
    spread = letters[-1] - letters[0] + 1 - len(letters)
    return Match(letters, max(0.0, _SCATTERED - penalty - min(_MOST_PENALTY, spread * _LENGTH_PENALTY)))


def match_phrase(phrase: str, text: str) -> Match | None:
    """The best place where `phrase` stands in `text` as it is, or None. Both are folded."""
    found = _together(phrase, text)
    return None if found is None else Match(tuple(range(found[0], found[0] + len(phrase))), found[1])


def _together(word: str, text: str) -> tuple[int, float] | None:
    """The best position of `word` in `text`, and how good it is."""
    at = text.find(word)
    if at < 0:
        return None
    if len(text) == len(word):
        return 0, _WHOLE_TEXT
    best = at, _quality(text, at, at + len(word))
    while best[1] < _WHOLE_WORD and at >= 0:
        at = text.find(word, at + 1)
        if at >= 0:
            best = max(best, (at, _quality(text, at, at + len(word))), key=lambda each: each[1])
    return best


def _quality(text: str, start: int, end: int) -> float:
    if not _is_word_start(text, start):
        return _INSIDE
    if end == len(text) or not text[end].isalnum():
        return _WHOLE_WORD
    return _AT_START if start == 0 else _WORD_START


def _is_word_start(text: str, at: int) -> bool:
    return at == 0 or not (text[at - 1].isalnum() and text[at].isalnum())


def _may_be_scattered(word: str, text: str) -> bool:
    """Whether the letters of `word` stand in `text` in order, from the start of a word on.

    A cheap check before `_scattered`, which most texts do not pass.
    """
    initials_only = len(word) <= MOST_INITIALS
    at = -1
    for letter in word:
        is_start = initials_only or at < 0
        at = _next_start(letter, text, at + 1) if is_start else text.find(letter, at + 1)
        if at < 0:
            return False
    return True


def _next_start(letter: str, text: str, start: int) -> int:
    """The first position from `start` on where a word begins with `letter`; -1 where there is none."""
    at = text.find(letter, start) if letter.isalnum() else -1
    while at > 0 and text[at - 1].isalnum():
        at = text.find(letter, at + 1)
    return at


def _scattered(word: str, text: str) -> tuple[int, ...] | None:
    """The letters of `word` in words of `text`, in each from its first letter on; None where there are none.

    The first of the possible matches. Time is at most the product of both lengths, as no position is tried
    twice for the same letter.
    """
    text = text[:_MOST_LETTERS]
    starts = [found.start() for found in _START_OF_WORD.finditer(text)]
    initials_only = len(word) <= MOST_INITIALS
    path: list[int] = []
    tried: set[tuple[int, int]] = set()
    choices = [_positions(word[0], text, starts, -1, initials_only=True)]
    while choices:
        at = next(choices[-1], None)
        if at is None:
            choices.pop()
            if path:
                path.pop()
        elif (len(path), at) not in tried:
            tried.add((len(path), at))
            path.append(at)
            if len(path) == len(word):
                return tuple(path)
            choices.append(_positions(word[len(path)], text, starts, at, initials_only=initials_only))
    return None


def _positions(letter: str, text: str, starts: list[int], last: int, *, initials_only: bool) -> Iterator[int]:
    """Where `letter` may follow the position `last`: in the same word, else at the start of a later one."""
    next_start = bisect_right(starts, last)
    end = starts[next_start] if next_start < len(starts) else len(text)
    if not initials_only:
        at = text.find(letter, last + 1, end)
        while at >= 0:
            yield at
            at = text.find(letter, at + 1, end)
    for start in starts[next_start:]:
        if text[start] == letter:
            yield start
