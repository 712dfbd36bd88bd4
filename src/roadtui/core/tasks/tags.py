"""The grammar of tags, and which tags are equal. Pure (source: Obsidian)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from roadtui.core.errors import RefusedError
from roadtui.core.inline import MASK, WHITESPACE
from roadtui.core.patterns import LazyPattern
from roadtui.core.terminal_text import escape_terminal

_IN_NO_TAG = "".join(
    (
        WHITESPACE,
        "\\u2000-\\u206f\\u2e00-\\u2e7f",  # general and supplemental punctuation
        r"'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\",
        MASK,
    )
)
"""The characters that end a tag in Obsidian, for a pattern. A tag may hold symbols and other punctuation."""

# A joiner is punctuation. Within an emoji it belongs to the tag: no edit may remove half an emoji.
_CHAR = rf"(?:[^{_IN_NO_TAG}]|(?<=[^\x00-\x7f])\u200d(?=[\u2600-\U0010ffff]))"

_TAG = LazyPattern(rf"(?:\A|(?<=[{WHITESPACE}]))#(?=[0-9]*[^0-9{_IN_NO_TAG}]){_CHAR}+")


class Tag(NamedTuple):
    """One tag in a text."""

    text: str
    """The tag as it is written, with its `#`."""
    start: int

    @property
    def end(self) -> int:
        """Index after its last character."""
        return self.start + len(self.text)


def find_tags(prose: str) -> Iterator[Tag]:
    """The tags of `prose`, which holds no code, links or comments (`core.inline.masked`).

    A tag begins a word and has letters of any script, digits, `_`, `-`, `/`, emoji and other symbols, and not
    digits alone.
    """
    return (Tag(found[0], found.start()) for found in _TAG.finditer(prose))


def is_tag(text: str) -> bool:
    """Whether `text` is one tag and nothing else."""
    return next(find_tags(text), None) == Tag(text, 0)


def tag_key(tag: str) -> str:
    """The key by which tags are compared: upper and lower case are equal."""
    return tag.lower()


def distinct_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """`tags` without repetitions, each as it is written first."""
    found: dict[str, str] = {}
    for tag in tags:
        found.setdefault(tag_key(tag), tag)
    return tuple(found.values())


def read_tag(typed: str) -> str:
    """The tag that the user typed, with its `#`.

    Raises:
        RefusedError: it is not a valid tag.
    """
    tag = "#" + typed.strip().removeprefix("#")
    if not is_tag(tag) or escape_terminal(tag) != tag:
        raise RefusedError(f"“{tag}” can't be a tag: letters, digits, - _ and / only, and not digits alone.")
    return tag
