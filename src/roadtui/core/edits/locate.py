"""Locates a task again in a note that has changed: a short cascade, and an error where no method is sure.

Ticking the wrong one of two equal lines is worse than ticking none: the user would never notice. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple, NoReturn

from roadtui.core.diff import common_ends
from roadtui.core.edits.reformatting import item_text, wording_of
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Note, Section, Task
from roadtui.core.titles import short_title

_DIFF_LIMIT = 2_000
"""With more differing items than this, no diff is made: its time is quadratic."""


Anchorable = Section | ListItem
"""What an edit can be anchored at."""


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A task, bullet or heading as the user saw it, in one state of its note."""

    note: Note
    digest: bytes
    """Content hash of the bytes that `note` was parsed from."""
    content: Anchorable


def locate(anchor: Anchor, now: Note, now_digest: bytes) -> Anchorable:
    """The task, bullet or heading in the note `now` that `anchor` points at.

    Raises:
        RefusedError: it is gone, or it cannot be told from its copies.
    """
    content = anchor.content
    if now_digest == anchor.digest:
        return (now.sections if isinstance(content, Section) else now.items)[content.index]
    if isinstance(content, Section):
        return _section(anchor.note, content, now)
    seen = _Seen(anchor.note, content)
    return (
        _by_block_id(seen, now)
        or _by_unique_text(seen, now, _text_to_the_end)
        or _among_copies(seen, now)
        or _by_unique_text(seen, now, item_text)
        or _in_reformatted_note(seen, now)
        or _refuse(seen, now)
    )


class _Seen(NamedTuple):
    """An item as the user saw it, with its note."""

    note: Note
    item: ListItem

    def like(self, note: Note) -> Iterator[ListItem]:
        """The items of `note` of the same kind: tasks, or bullets without a checkbox."""
        return (item for item in note.items if type(item) is type(self.item))


def _section(seen: Note, section: Section, now: Note) -> Section:
    """The section with the same heading path, if there is only one in both states."""
    hits = [other for other in now.sections if other.heading_path == section.heading_path]
    if len(hits) == sum(other.heading_path == section.heading_path for other in seen.sections) == 1:
        return hits[0]
    what = "is no longer in this note" if not hits else "can't be distinguished from others of the same name"
    raise RefusedError(
        f"Not changed: this note changed, and the heading “{short_title(section.title)}” {what}."
    )


def _by_block_id(seen: _Seen, now: Note) -> ListItem | None:
    block_id = _block_id(seen.item)
    if block_id is None:
        return None
    hits = [item for item in seen.like(now) if _block_id(item) == block_id]
    if len(hits) > 1:
        raise RefusedError(f"Not changed: the id ^{block_id} now stands in {len(hits)} places of this note.")
    return hits[0] if hits else None


def _by_unique_text(seen: _Seen, now: Note, text_of: Callable[[ListItem], str]) -> ListItem | None:
    text = text_of(seen.item)
    hits = [item for item in seen.like(now) if text_of(item) == text]
    if len(hits) != 1 or not text.strip():
        return None
    before = sum(text_of(item) == text for item in seen.like(seen.note))
    return hits[0] if before == 1 else None


def _among_copies(seen: _Seen, now: Note) -> ListItem | None:
    """One of several equal lines, if a diff of both states, its surroundings and its neighbours agree.

    A task without text is treated as a copy even where it is the only one: all empty tasks look alike.
    """
    if all(_text_to_the_end(item) != _text_to_the_end(seen.item) for item in seen.like(now)):
        return None
    item = _diff_mapped(seen, now)
    if item is not None and type(item) is type(seen.item) and _same_surroundings(seen.item, item):
        before = _Copies(seen)
        after = _Copies(_Seen(now, item))
        if len(before) > 1 and before.position == after.position:
            return item
        if before.neighbours == after.neighbours and not after.has_lookalike:
            return item
    return None


def _in_reformatted_note(seen: _Seen, now: Note) -> ListItem | None:
    """One of several copies, if a formatter has rewritten the whole note without changing its text."""
    item = now.items[seen.item.index] if seen.item.index < len(now.items) else None
    if type(item) is not type(seen.item) or not item_text(seen.item):
        return None
    return item if wording_of(seen.note) == wording_of(now) else None


def _refuse(seen: _Seen, now: Note) -> NoReturn:
    title = _title(seen.item)
    if all(item_text(item) != item_text(seen.item) for item in seen.like(now)):
        raise RefusedError(f"Not changed: “{title}” is no longer in this note.")
    raise RefusedError(
        f"Not changed: this note changed, and “{title}” can't be distinguished from its"
        " copies. Check the note and try again."
    )


def _same_surroundings(seen: ListItem, item: ListItem) -> bool:
    """Whether two equal lines have the same headings and parents above them."""
    return seen.section.heading_path == item.section.heading_path and (
        [parent.source_without_symbol for parent in seen.ancestors]
        == [parent.source_without_symbol for parent in item.ancestors]
    )


class _Copies:
    """An item and the items with the same text, in one state of the note."""

    __slots__ = ("_all", "_item", "_note", "neighbours")

    def __init__(self, seen: _Seen) -> None:
        self._note, self._item = seen
        self._all = [
            other for other in seen.like(seen.note) if _text_to_the_end(other) == _text_to_the_end(seen.item)
        ]
        self.neighbours = _neighbours(seen.note, seen.item)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def position(self) -> tuple[int, int]:
        """The position of the item among its copies, and how many copies there are."""
        return self._all.index(self._item), len(self._all)

    @property
    def has_lookalike(self) -> bool:
        """Whether a copy has an equal neighbour or the same surroundings, and so may be mistaken for it."""
        return any(self._is_lookalike(other) for other in self._all if other is not self._item)

    def _is_lookalike(self, other: ListItem) -> bool:
        shared = zip(self.neighbours, _neighbours(self._note, other), strict=True)
        return any(mine == theirs for mine, theirs in shared) or _same_surroundings(self._item, other)


def _neighbours(note: Note, item: ListItem) -> tuple[str | None, str | None]:
    before = note.items[item.index - 1].source_without_symbol if item.index else None
    after = note.items[item.index + 1].source_without_symbol if item.index + 1 < len(note.items) else None
    return before, after


def _diff_mapped(seen: _Seen, now: Note) -> ListItem | None:
    """The item of `now` that a diff of both states matches with the item that the user saw."""
    old = [item.source_without_symbol for item in seen.note.items]
    new = [item.source_without_symbol for item in now.items]
    start, end = common_ends(old, new)
    index = seen.item.index
    if index < start:
        return now.items[index]
    if index >= len(old) - end:
        return now.items[index - len(old) + len(new)]
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if len(middle_old) + len(middle_new) > _DIFF_LIMIT:
        return None
    for block in SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_matching_blocks():
        if block.a <= index - start < block.a + block.size:
            return now.items[index - block.a + block.b]
    return None


def _text_to_the_end(item: ListItem) -> str:
    """The text behind the checkbox, or the whole line of a bullet, including trailing spaces."""
    return item.source[item.symbol_index + 2 :] if isinstance(item, Task) else item.source


def _title(item: ListItem) -> str:
    return short_title(item.text if isinstance(item, Task) else item.source.strip())


def _block_id(item: ListItem) -> str | None:
    head, caret, name = item.source.rstrip().rpartition(" ^")
    return name if caret and head and name.replace("-", "").isalnum() and name.isascii() else None
