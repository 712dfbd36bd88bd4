"""Which box of one state of some notes is which box of the next: through ticks, moves and rewordings. Pure.

What the screen follows (`core.outline`) may be wrong for a moment; what is found here decides which day a
completion is counted on, so it also looks from note to note and knows what ticking writes into a line.
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
"""With more entries than this differing, they are matched by their words alone: a diff is quadratic."""
_ALIKE = 0.6
"""From this share of common characters on, two texts at one place are one text, reworded."""
_MOST_COMPARISONS = 400
"""Most pairs of texts of one place that are compared; a rewording of more at once is no rewording."""

_WRITTEN_BY_A_TICK = re.compile(field_pattern(FieldKind.DONE, FieldKind.CANCELLED))


class MatchKey(NamedTuple):
    """A box or a heading, by what it is known by."""

    words: str
    """The text behind a box without what ticking writes there; for a heading its title behind `# `."""
    status_symbol: str
    """The character between the brackets; empty for a heading."""

    @property
    def is_box(self) -> bool:
        """Whether there is anything to tick."""
        return bool(self.status_symbol)


class ChangedRun(NamedTuple):
    """Entries of one place of a note that became others; between two hunks nothing changed."""

    note: Hashable
    """Which note, before the change."""
    gone: Sequence[MatchKey]
    come: Sequence[MatchKey]


class RunIndex(NamedTuple):
    """One entry of a hunk."""

    hunk: int
    at: int


def normalized_description(text: str) -> str:
    """What the task whose text behind the box is `text` is known by."""
    if "::" in text or not text.isascii():
        text = _WRITTEN_BY_A_TICK.sub(" ", text)
    return " ".join(text.split())


def heading(title: str) -> MatchKey:
    """The entry of a heading."""
    return MatchKey(f"# {' '.join(title.split())}", "")


def entries(note: Note) -> tuple[MatchKey, ...]:
    """The boxes of `note` and its headings, in order of lines."""
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
    """Where each box comes from.

    Args:
        changes: For each note that changed, its entries before and after; none where it was or is not there.

    Returns:
        For a note and the position of a box in its entries now, the note and position it had before. A box
        that is left out is new.
    """
    origin: dict[tuple[Key, int], tuple[Key, int]] = {}
    hunks: list[ChangedRun] = []
    starts: list[tuple[Key, int, int]] = []
    for key, (before, after) in changes.items():
        for old, old_end, new, new_end, is_same in _aligned(before, after):
            if is_same:
                pairs = zip(range(old, old_end), range(new, new_end), strict=True)
                origin.update(((key, b), (key, a)) for a, b in pairs if after[b].is_box)
            else:
                hunks.append(ChangedRun(key, before[old:old_end], after[new:new_end]))
                starts.append((key, old, new))
    for come, gone in pair_entries(hunks).items():
        key, _, new = starts[come.hunk]
        old_key, old, _ = starts[gone.hunk]
        origin[key, new + come.at] = old_key, old + gone.at
    return origin


def _aligned(
    before: Sequence[MatchKey], after: Sequence[MatchKey]
) -> Iterator[tuple[int, int, int, int, bool]]:
    """Ranges of `before` and `after` that belong together, and whether they say the same."""
    old, new = [entry.words for entry in before], [entry.words for entry in after]
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


def pair_entries(hunks: Sequence[ChangedRun]) -> dict[RunIndex, RunIndex]:
    """Which box that went is which that came, the surest first; what finds no partner is left out.

    The same words at the same place; the same words elsewhere in the note; the same words in another note;
    other words at the same place. Of twins, those with the same mark go together: one that was moved has not
    been ticked. Gives the spot in `gone` for each spot in `come`.
    """
    if not any(hunk.gone for hunk in hunks):
        return {}
    pairing = _Pairing(hunks)
    pairing.by_words(lambda spot: spot.hunk, may_be_empty=True)
    pairing.by_words(lambda spot: hunks[spot.hunk].note)
    pairing.by_words(lambda spot: None)
    pairing.by_place()
    return pairing.origin


class _Pairing:
    """The boxes that have a partner, and those that are still without."""

    def __init__(self, hunks: Sequence[ChangedRun]) -> None:
        self._hunks = hunks
        self._gone = {
            RunIndex(at, index): entry
            for at, hunk in enumerate(hunks)
            for index, entry in enumerate(hunk.gone)
            if entry.is_box
        }
        self._come = {
            RunIndex(at, index): entry
            for at, hunk in enumerate(hunks)
            for index, entry in enumerate(hunk.come)
            if entry.is_box
        }
        self.origin: dict[RunIndex, RunIndex] = {}

    def by_words(self, place: Callable[[RunIndex], Hashable], *, may_be_empty: bool = False) -> None:
        """Pair boxes of the same words and place, the first with the first."""
        if not self._gone or not self._come:
            return
        for with_mark in (True, False):
            waiting: defaultdict[tuple[Hashable, str, str], deque[RunIndex]] = defaultdict(deque)
            for spot, entry in self._gone.items():
                waiting[place(spot), entry.words, entry.status_symbol if with_mark else ""].append(spot)
            for spot, entry in list(self._come.items()):
                found = waiting.get((place(spot), entry.words, entry.status_symbol if with_mark else ""))
                if found and (entry.words or may_be_empty):
                    self._pair(found.popleft(), spot)

    def by_place(self) -> None:
        """Pair what is left of each hunk: reworded tasks."""
        gone, come = self._by_hunk(self._gone), self._by_hunk(self._come)
        for at in gone.keys() & come.keys():
            left, right = gone[at], come[at]
            if len(left) * len(right) <= _MOST_COMPARISONS:
                self._by_likeness(left, right)
            left = [spot for spot in left if spot in self._gone]
            right = [spot for spot in right if spot in self._come]
            if len(left) == len(right):
                for one, other in zip(left, right, strict=True):
                    self._pair(one, other)

    def _by_likeness(self, gone: Sequence[RunIndex], come: Sequence[RunIndex]) -> None:
        alike = [
            (likeness, one, other)
            for one in gone
            for other in come
            if (likeness := _likeness(self._gone[one].words, self._come[other].words)) >= _ALIKE
        ]
        for _, one, other in sorted(alike, key=lambda found: (-found[0], found[1], found[2])):
            if one in self._gone and other in self._come:
                self._pair(one, other)

    def _pair(self, gone: RunIndex, come: RunIndex) -> None:
        self.origin[come] = gone
        del self._gone[gone], self._come[come]

    @staticmethod
    def _by_hunk(spots: Mapping[RunIndex, MatchKey]) -> dict[int, list[RunIndex]]:
        found: defaultdict[int, list[RunIndex]] = defaultdict(list)
        for spot in spots:
            found[spot.hunk].append(spot)
        return found


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _ALIKE else 0.0
