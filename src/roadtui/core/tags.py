"""What a tag is: where one begins and ends, and which are the same. Pure (source: Obsidian)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.patterns import LazyPattern

_START = LazyPattern(r"(?<!\S)#[\w/-]*")

_JOINERS = "\u200d\ufe0e\ufe0f\u20e3"
"""What joins emoji, and selects how they are drawn."""

_SYMBOLS = frozenset(("So", "Sk"))
"""Unicode categories of emoji and of their skin tones."""


class Tag(NamedTuple):
    """One tag as it stands in a text."""

    text: str
    """With its `#`, as it is written."""
    start: int

    @property
    def end(self) -> int:
        """Index after its last character."""
        return self.start + len(self.text)


def find_tags(prose: str) -> Iterator[Tag]:
    """The tags of `prose`, which holds no code, links or comments (`core.inline.masked`).

    A tag begins a word and has letters of any script, digits, `_`, `-`, `/` and emoji, and not digits alone.
    """
    for found in _START.finditer(prose):
        end = found.end()
        while end < len(prose) and _may_be_in_tag(prose[end]):
            end += 1
        text = prose[found.start() : end]
        if len(text) > 1 and not text[1:].isdigit():
            yield Tag(text, found.start())


def _may_be_in_tag(char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in "_-/"
    kind = unicodedata.category(char)
    return kind[0] in "LMN" or kind in _SYMBOLS or char in _JOINERS or "\U000e0020" <= char <= "\U000e007f"


def is_tag(text: str) -> bool:
    """Whether `text` is one tag and nothing else."""
    return next(find_tags(text), None) == Tag(text, 0)


def tag_key(tag: str) -> str:
    """What the same tag has in common however it is written: tags are the same in any case."""
    return tag.lower()


def distinct_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Each of `tags` once, as it was written first."""
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(tag_key(tag), tag)
    return tuple(found.values())


def read_tag(typed: str) -> str:
    """The tag that a person means by `typed`, with its `#`.

    Raises:
        RefusedError: it would be no tag.
    """
    tag = "#" + typed.strip().removeprefix("#")
    if not is_tag(tag):
        raise RefusedError(f"“{tag}” can't be a tag: letters, digits, - _ and / only, and not digits alone.")
    return tag
