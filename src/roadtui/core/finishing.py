"""What came to be finished between two states of a note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from roadtui.core.note import Note, Section
from roadtui.core.progress import Progress, Tally


class Finished(NamedTuple):
    """A section, or the whole note, of which everything is done now."""

    section: Section
    """Of the later state; that before the first heading stands for the whole note."""
    total: int
    """How many tasks that is."""

    @property
    def is_note(self) -> bool:
        """Whether it is the whole note."""
        return not self.section.level


def finished(before: tuple[Note, Tally], after: tuple[Note, Tally]) -> list[Finished]:
    """What is all done in `after`, was not in `before`, and had something done in between.

    So deleting what is open finishes nothing. The outermost comes first; what is all there is of the note is
    the note. Sections are told apart by their titles, as they may have moved.
    """
    known = dict(_numbers(*before))
    totals: list[int] = []
    found = []
    for (key, now), section in zip(_numbers(*after), after[0].sections, strict=True):
        totals.append(now.total)
        was = known.get(key)
        is_new = was is not None and now.is_complete and not was.is_complete and now.done > was.done
        if is_new and (section.parent is None or totals[section.parent.index] != now.total):
            found.append(Finished(section, now.total))
    return sorted(found, key=lambda each: -each.total)


def _numbers(note: Note, tally: Tally) -> Iterator[tuple[tuple[tuple[str, ...], int], Progress]]:
    """Each section's titles, how many before it have the same, and what stands in it; first the note's."""
    seen: Counter[tuple[str, ...]] = Counter()
    for section in note.sections:
        trail = section.trail
        whole = tally.of_section(section) if section.level else tally.note
        yield (trail, seen[trail]), whole
        seen[trail] += 1
