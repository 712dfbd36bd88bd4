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
        raise RefusedError(f"Not changed: the id ^{wanted} now stands in {len(hits)} places of this note.")
    return hits[0] if hits else None


def _by_unique_text(anchor: Anchor, now: Note) -> Task | None:
    wanted = _body(anchor.task)
    hits = [task for task in now.tasks if _body(task) == wanted]
    if not hits:
        raise RefusedError(f"Not changed: “{brief(anchor.task.text)}” is no longer in this note.")
    seen = sum(_body(task) == wanted for task in anchor.note.tasks)
    is_telling = bool(anchor.task.text)
    return hits[0] if is_telling and len(hits) == seen == 1 else None


def _among_copies(anchor: Anchor, now: Note) -> Task:
    """One of several equal lines: only if the diff of both states, its place and its company agree.

    So also a task without any text, even if it is the only one: an empty box is like any other.
    """
    item = _diff_mapped(anchor, now)
    if isinstance(item, Task) and _same_surroundings(anchor.task, item):
        before = _Copies(anchor.note, anchor.task)
        after = _Copies(now, item)
        if len(before) > 1 and before.place == after.place:
            return item
        if before.neighbours == after.neighbours and not after.has_rival:
            return item
    raise RefusedError(
        f"Not changed: this note changed, and “{brief(anchor.task.text)}” can't be told from its copies."
        " Look at its new state and try again."
    )


def _same_surroundings(seen: Task, item: Task) -> bool:
    """Whether two equal lines stand below the same headings and parents."""
    return seen.section.trail == item.section.trail and (
        [_key(parent) for parent in seen.ancestors] == [_key(parent) for parent in item.ancestors]
    )


class _Copies:
    """A task and its equals in one state of its note."""

    __slots__ = ("_all", "_note", "_task", "neighbours")

    def __init__(self, note: Note, task: Task) -> None:
        self._note = note
        self._task = task
        self._all = [other for other in note.tasks if _body(other) == _body(task)]
        self.neighbours = _neighbours(note, task)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def place(self) -> tuple[int, int]:
        """Which of how many it is."""
        return self._all.index(self._task), len(self._all)

    @property
    def has_rival(self) -> bool:
        """Whether another could pass for it: by what stands next to it, or by what it stands below."""
        return any(self._is_rival(other) for other in self._all if other is not self._task)

    def _is_rival(self, other: Task) -> bool:
        shared = zip(self.neighbours, _neighbours(self._note, other), strict=True)
        return any(mine == theirs for mine, theirs in shared) or _same_surroundings(self._task, other)


def _neighbours(note: Note, task: Task) -> tuple[str | None, str | None]:
    before = _key(note.items[task.index - 1]) if task.index else None
    after = _key(note.items[task.index + 1]) if task.index + 1 < len(note.items) else None
    return before, after


def _diff_mapped(anchor: Anchor, now: Note) -> ListItem | None:
    """The item of `now` that a diff of the two states puts in the place of the anchor's task."""
    old = [_key(item) for item in anchor.note.items]
    new = [_key(item) for item in now.items]
    start = common_start(old, new)
    index = anchor.task.index
    if index < start:
        return now.items[index]
    end = common_start(old[start:][::-1], new[start:][::-1])
    if index >= len(old) - end:
        return now.items[index - len(old) + len(new)]
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if len(middle_old) + len(middle_new) > _DIFF_LIMIT:
        return None
    for block in SequenceMatcher(None, middle_old, middle_new, autojunk=False).get_matching_blocks():
        if block.a <= index - start < block.a + block.size:
            return now.items[index - block.a + block.b]
    return None


def common_start(one: Sequence[str], other: Sequence[str]) -> int:
    """How many first lines are the same."""
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
