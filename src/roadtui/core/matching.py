"""Matches the tasks of notes before and after a change, through ticks, moves and rewording. Pure.

`core.outline` matches rows for the screen, where a mistake lasts a moment. The matches made here decide on
which day a completion is counted. So tasks are also matched across notes, and without the dates that a tick
writes.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, TypeVar

from roadtui.core.diff import common_ends
from roadtui.core.note import Note, Section
from roadtui.core.tasks.field_specs import FieldKind, field_pattern

_DIFF_LIMIT = 4_000
"""With more differing entries than this, entries are matched by text alone: a diff takes quadratic time."""
_SIMILAR = 0.6
"""Two texts of one run with at least this share of common characters are one text, reworded."""
_MOST_COMPARISONS = 400
"""The most pairs of texts of one run that are compared; larger changes are not taken for rewording."""

_COMPLETION_DATES = re.compile(field_pattern(FieldKind.DONE, FieldKind.CANCELLED))


class MatchKey(NamedTuple):
    """A task or a heading, by which it is matched with one in another state of the note."""

    text: str
    """The normalized description of a task; for a heading its title after `# `."""
    status_symbol: str
    """The status symbol of a task; empty for a heading."""

    @property
    def is_checkbox(self) -> bool:
        """Whether the entry is a task."""
        return bool(self.status_symbol)


class ChangedRun(NamedTuple):
    """Consecutive entries of a note that were replaced; entries between two runs are unchanged."""

    note: Hashable
    """A key for the note before the change."""
    removed: Sequence[MatchKey]
    added: Sequence[MatchKey]


class RunIndex(NamedTuple):
    """The position of an entry in a run."""

    run: int
    """Index of the run."""
    offset: int
    """Index of the entry among the removed or added entries of the run."""


def normalized_description(text: str) -> str:
    """The text after a checkbox without completion dates and repeated blanks, by which tasks are matched."""
    if "::" in text or not text.isascii():
        text = _COMPLETION_DATES.sub(" ", text)
    return " ".join(text.split())


def heading(title: str) -> MatchKey:
    """The match key of a heading."""
    return MatchKey(f"# {' '.join(title.split())}", "")


def entries(note: Note) -> tuple[MatchKey, ...]:
    """The match keys of the tasks and headings of `note`, in order of lines."""
    found: list[MatchKey] = []
    sections = iter(note.sections[1:])
    section: Section | None = next(sections, None)
    for task in note.tasks:
        while section is not None and section.line < task.line:
            found.append(heading(section.title))
            section = next(sections, None)
        found.append(MatchKey(normalized_description(task.text), task.status_symbol))
    return tuple(found)


Key = TypeVar("Key", bound=Hashable)


def match_tasks(
    changes: Mapping[Key, tuple[Sequence[MatchKey], Sequence[MatchKey]]],
) -> dict[tuple[Key, int], tuple[Key, int]]:
    """Match each task after a change with the task that it was before.

    Args:
        changes: For each changed note, its entries before and after; empty for a note that does not exist.

    Returns:
        For a note and the index of a task in its entries now, the note and index before. Tasks that are left
        out are new.
    """
    origin: dict[tuple[Key, int], tuple[Key, int]] = {}
    runs: list[ChangedRun] = []
    run_starts: list[tuple[Key, int, int]] = []
    for key, (before, after) in changes.items():
        for old, old_end, new, new_end, is_same in _aligned(before, after):
            if is_same:
                pairs = zip(range(old, old_end), range(new, new_end), strict=True)
                origin.update(((key, b), (key, a)) for a, b in pairs if after[b].is_checkbox)
            else:
                runs.append(ChangedRun(key, before[old:old_end], after[new:new_end]))
                run_starts.append((key, old, new))
    for added, removed in pair_entries(runs).items():
        key, _, new = run_starts[added.run]
        old_key, old, _ = run_starts[removed.run]
        origin[key, new + added.offset] = old_key, old + removed.offset
    return origin


def _aligned(
    before: Sequence[MatchKey], after: Sequence[MatchKey]
) -> Iterator[tuple[int, int, int, int, bool]]:
    """Ranges of `before` and `after` that correspond, and whether their texts are equal."""
    old, new = [entry.text for entry in before], [entry.text for entry in after]
    start, end = common_ends(old, new)
    yield 0, start, 0, start, True
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    if len(middle_old) + len(middle_new) > _DIFF_LIMIT or not middle_old or not middle_new:
        yield start, len(old) - end, start, len(new) - end, False
    else:
        matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=False)
        for tag, a, a_end, b, b_end in matcher.get_opcodes():
            yield start + a, start + a_end, start + b, start + b_end, tag == "equal"
    yield len(old) - end, len(old), len(new) - end, len(new), True


def pair_entries(runs: Sequence[ChangedRun]) -> dict[RunIndex, RunIndex]:
    """Pair removed tasks with added ones, the surest first: the removed position of each added one.

    First the same text in the same run, then in the same note, then in another note, then other text in the
    same run. Of equal texts, those with the same status symbol are paired: a moved task has not been ticked.
    Tasks without a partner are left out.
    """
    if not any(run.removed for run in runs):
        return {}
    pairing = _Pairing(runs)
    pairing.pair_by_text(lambda position: position.run, may_be_empty=True)
    pairing.pair_by_text(lambda position: runs[position.run].note)
    pairing.pair_by_text(lambda position: None)
    pairing.pair_by_position()
    return pairing.origin


class _Pairing:
    """The removed and added tasks that are not paired yet, and the pairs found."""

    def __init__(self, runs: Sequence[ChangedRun]) -> None:
        self._runs = runs
        self._removed = {
            RunIndex(number, offset): entry
            for number, run in enumerate(runs)
            for offset, entry in enumerate(run.removed)
            if entry.is_checkbox
        }
        self._added = {
            RunIndex(number, offset): entry
            for number, run in enumerate(runs)
            for offset, entry in enumerate(run.added)
            if entry.is_checkbox
        }
        self.origin: dict[RunIndex, RunIndex] = {}

    def pair_by_text(self, group: Callable[[RunIndex], Hashable], *, may_be_empty: bool = False) -> None:
        """Pair tasks of the same text and group, in order. Tasks without text only with `may_be_empty`."""
        if not self._removed or not self._added:
            return
        for same_symbol in (True, False):
            unpaired: defaultdict[tuple[Hashable, str, str], deque[RunIndex]] = defaultdict(deque)
            for position, entry in self._removed.items():
                unpaired[group(position), entry.text, entry.status_symbol if same_symbol else ""].append(
                    position
                )
            for position, entry in list(self._added.items()):
                found = unpaired.get(
                    (group(position), entry.text, entry.status_symbol if same_symbol else "")
                )
                if found and (entry.text or may_be_empty):
                    self._pair(found.popleft(), position)

    def pair_by_position(self) -> None:
        """Pair the remaining tasks of each run, as reworded tasks: by similar text, then in order."""
        removed, added = self._by_run(self._removed), self._by_run(self._added)
        for index in removed.keys() & added.keys():
            removed_left, added_left = removed[index], added[index]
            if len(removed_left) * len(added_left) <= _MOST_COMPARISONS:
                self._pair_by_similarity(removed_left, added_left)
            removed_left = [position for position in removed_left if position in self._removed]
            added_left = [position for position in added_left if position in self._added]
            if len(removed_left) == len(added_left):
                for one, other in zip(removed_left, added_left, strict=True):
                    self._pair(one, other)

    def _pair_by_similarity(self, removed: Sequence[RunIndex], added: Sequence[RunIndex]) -> None:
        similar = [
            (similarity, one, other)
            for one in removed
            for other in added
            if (similarity := _similarity(self._removed[one].text, self._added[other].text)) >= _SIMILAR
        ]
        for _, one, other in sorted(similar, key=lambda found: (-found[0], found[1], found[2])):
            if one in self._removed and other in self._added:
                self._pair(one, other)

    def _pair(self, removed: RunIndex, added: RunIndex) -> None:
        self.origin[added] = removed
        del self._removed[removed], self._added[added]

    @staticmethod
    def _by_run(positions: Mapping[RunIndex, MatchKey]) -> dict[int, list[RunIndex]]:
        found: defaultdict[int, list[RunIndex]] = defaultdict(list)
        for position in positions:
            found[position.run].append(position)
        return found


def _similarity(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _SIMILAR else 0.0
