"""Pairs the delimiters of inline Markdown: `*`, `_`, `~~` and `==`. Pure; linear in their number.

Sources: CommonMark 0.31 (section 6.2, and its appendix on parsing), GitHub's strikethrough,
Obsidian's highlight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unicodedata import category

from roadtui.core.styled_text import Look

_LOOKS = {"~": Look.STRUCK, "=": Look.HIGHLIGHT}
"""What delimiters mean of which two always count as one."""


class Emphasis(NamedTuple):
    """One pair of delimiters."""

    look: Look
    start: int
    """Index of the text between them."""
    end: int
    """Index after that text."""


class DelimiterRun:
    """Equal delimiters side by side; as they are paired, those that are left get fewer."""

    __slots__ = ("can_close", "can_open", "char", "end", "length", "origin", "start")

    def __init__(self, text: str, start: int, end: int) -> None:
        """Take the run at `text[start:end]`."""
        self.char = text[start]
        self.start = self.origin = start
        self.end = end
        self.length = end - start
        before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
        before_is_mark, after_is_mark = _is_punctuation(before), _is_punctuation(after)
        is_left = not after.isspace() and (not after_is_mark or before.isspace() or before_is_mark)
        is_right = not before.isspace() and (not before_is_mark or after.isspace() or after_is_mark)
        # Within a word, `_` is a letter.
        self.can_open = is_left and (self.char != "_" or not is_right or before_is_mark)
        self.can_close = is_right and (self.char != "_" or not is_left or after_is_mark)

    def may_pair_with(self, closing: DelimiterRun) -> bool:
        """Whether this run, which opens, and `closing` are a pair; CommonMark calls it the rule of 3."""
        if self.char != closing.char:
            return False
        if not (self.can_close or closing.can_open) or (self.length + closing.length) % 3:
            return True
        return not self.length % 3 and not closing.length % 3


def pair_delimiters(runs: Iterable[DelimiterRun]) -> Iterator[Emphasis]:
    """The pairs among `runs`, which come in the order of the text; what is left in a run is text."""
    opened: list[DelimiterRun] = []
    without: dict[tuple[str, bool, int], int] = {}
    """For a kind of closing run, where runs begin among which an opening one has not been looked for yet."""
    for run in runs:
        key = (run.char, run.can_open, run.length % 3)
        while run.can_close and run.start < run.end:
            at = len(opened) - 1
            least = without.get(key, 0)
            while at >= 0 and opened[at].origin >= least and not opened[at].may_pair_with(run):
                at -= 1
            if at < 0 or opened[at].origin < least:
                without[key] = run.origin
                break
            opening = opened[at]
            del opened[at + 1 :]
            taken = 2 if min(opening.end - opening.start, run.end - run.start) > 1 else 1
            look = _LOOKS.get(run.char) or (Look.STRONG if taken > 1 else Look.EMPHASIS)
            yield Emphasis(look, opening.end, run.start)
            opening.end -= taken
            run.start += taken
            if opening.start == opening.end:
                opened.pop()
        if run.can_open and run.start < run.end:
            opened.append(run)


def _is_punctuation(char: str) -> bool:
    return not char.isalnum() and not char.isspace() and category(char)[0] in "PS"
