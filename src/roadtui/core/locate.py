"""Finding a task again in a note that has moved on. A short cascade; where it is not sure, it refuses.

Ticking the wrong one of two equal lines is worse than ticking none: the user would never notice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from roadtui.core.brief import brief
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Note, Task

_DIFF_LIMIT = 2_000
"""Most items that differ between two states before a diff of them is not tried (its time is quadratic)."""


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A task as it was seen: where, in which state of its note."""

    note: Note
    digest: bytes
    """Fingerprint of the bytes that `note` was parsed from."""
    task: Task


def locate(anchor: Anchor, now: Note, now_digest: bytes) -> Task:
    """The task of `anchor` in `now`.

    Raises:
        RefusedError: it is gone, or it cannot be told from its copies.
    """
    if now_digest == anchor.digest:
        return _same_place(anchor, now)
    return _by_block_id(anchor, now) or _by_unique_text(anchor, now) or _among_copies(anchor, now)


def _same_place(anchor: Anchor, now: Note) -> Task:
    task = now.items[anchor.task.index]
    assert isinstance(task, Task), "equal bytes parse to equal items"
    return task


def _by_block_id(anchor: Anchor, now: Note) -> Task | None:
    wanted = _block_id(anchor.task)
    if wanted is None:
        return None
    hits = [task for task in now.tasks if _block_id(task) == wanted]
    if len(hits) > 1:
        raise RefusedError(f"Not changed: the id ^{wanted} now stands on {len(hits)} lines of this note.")
    return hits[0] if hits else None


def _by_unique_text(anchor: Anchor, now: Note) -> Task | None:
    wanted = _body(anchor.task)
    hits = [task for task in now.tasks if _body(task) == wanted]
    if not hits:
        raise RefusedError(f"Not changed: “{brief(anchor.task.text)}” is no longer in this note.")
    seen = sum(_body(task) == wanted for task in anchor.note.tasks)
    return hits[0] if len(hits) == seen == 1 else None


def _among_copies(anchor: Anchor, now: Note) -> Task:
    """One of several equal lines: only if the diff of both states, its place and its company agree."""
    item = _diff_mapped(anchor, now)
    if isinstance(item, Task) and _same_surroundings(anchor.task, item):
        before = _Copies(anchor.note, anchor.task)
        after = _Copies(now, item)
        if (before.count, before.ordinal) == (after.count, after.ordinal):
            return item
        if before.neighbours == after.neighbours and not after.has_rival:
            return item
    raise RefusedError(
        f"Not changed: this note changed outside and holds “{brief(anchor.task.text)}” more than once. "
        "Look at its new state and try again."
    )


def _same_surroundings(seen: Task, item: Task) -> bool:
    return (
        _body(seen) == _body(item)
        and seen.section.trail == item.section.trail
        and [_key(parent) for parent in seen.ancestors] == [_key(parent) for parent in item.ancestors]
    )


class _Copies:
    """A task's equals in its note, and what stands next to it."""

    __slots__ = ("count", "has_rival", "neighbours", "ordinal")

    def __init__(self, note: Note, task: Task) -> None:
        copies = [other for other in note.tasks if _body(other) == _body(task)]
        self.count = len(copies)
        self.ordinal = copies.index(task)
        self.neighbours = _neighbours(note, task)
        self.has_rival = any(
            mine == theirs
            for other in copies
            if other is not task
            for mine, theirs in zip(self.neighbours, _neighbours(note, other), strict=True)
        )


def _neighbours(note: Note, task: Task) -> tuple[str | None, str | None]:
    before = _key(note.items[task.index - 1]) if task.index else None
    after = _key(note.items[task.index + 1]) if task.index + 1 < len(note.items) else None
    return before, after


def _diff_mapped(anchor: Anchor, now: Note) -> ListItem | None:
    """The item of `now` that a diff of the two states puts in the place of the anchor's task."""
    old = [_key(item) for item in anchor.note.items]
    new = [_key(item) for item in now.items]
    start = _common_start(old, new)
    index = anchor.task.index
    if index < start:
        return now.items[index]
    end = _common_start(old[start:][::-1], new[start:][::-1])
    if index >= len(old) - end:
        return now.items[index - len(old) + len(new)]
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if len(middle_old) + len(middle_new) > _DIFF_LIMIT:
        return None
    for block in SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_matching_blocks():
        if block.a <= index - start < block.a + block.size:
            return now.items[index - block.a + block.b]
    return None


def _common_start(one: Sequence[str], other: Sequence[str]) -> int:
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _body(task: Task) -> str:
    """The text behind the box, to the last space."""
    return task.source[task.mark_at + 2 :]


def _key(item: ListItem) -> str:
    """An item's line without its mark: ticking something is no reason to lose it."""
    if isinstance(item, Task):
        return item.source[: item.mark_at] + item.source[item.mark_at + 1 :]
    return item.source


def _block_id(task: Task) -> str | None:
    head, caret, name = task.source.rstrip().rpartition(" ^")
    return name if caret and head and name.replace("-", "").isalnum() and name.isascii() else None
