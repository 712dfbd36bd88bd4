"""Follows the tasks of notes from one state to the next, by numbers that stay theirs. Pure.

Tasks are matched as the history matches them (`core.matching`), each state of a note with the one before:
small steps are surer than one large step.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from roadtui.core.activity.rows import (
    NO_NOTES,
    NO_ROWS,
    SectionKey,
    TrackedNote,
    TrackedNotes,
    TrackedRow,
    section_keys,
)
from roadtui.core.matching import MatchKey, heading, match_tasks, normalized_description


@dataclass(frozen=True, slots=True)
class Followed:
    """Notes in their next state."""

    notes: dict[str, TrackedNote]
    """By path; without tasks where the note is gone."""
    renamed: dict[str, str]
    """The new paths of notes that were renamed, by their old ones. The old one is not in `notes`."""


def follow(
    before: TrackedNotes,
    after: TrackedNotes,
    missing: Iterable[TrackedRow],
    new_id: Callable[[], int],
    gone: TrackedNotes = NO_NOTES,
) -> Followed:
    """The notes `after` with the numbers that their tasks had before.

    Args:
        before: The notes that have changed as they were last tracked, by path; without those that are new.
        after: The same notes as they are now, as `rows_of` gives them, and the new ones; without those that
            are gone.
        missing: Tasks that are in no note any more, and may be back now.
        new_id: Gives a number for a task that was never tracked.
        gone: Notes that were gone before, as they were seen: one may be there again under another name.
    """
    missing = [*missing]
    lost = {row.id for row in missing}
    left = {
        path: note._replace(rows=tuple(row for row in note.rows if row.id in lost))
        for path, note in gone.items()
        if path not in before and path not in after
    }
    renamed = _renamed({**left, **before}, after)
    before = {**before, **{path: left[path] for path in renamed if path in left}}
    found_again = {row.id for path in renamed if path in left for row in left[path].rows}
    missing = [row for row in missing if row.id not in found_again]
    new_path = {path: renamed.get(path, path) for path in before}
    pairs: dict[str, tuple[TrackedNote, TrackedNote]] = {
        path: (NO_ROWS, after.get(path, NO_ROWS)) for path in {**after, **dict.fromkeys(new_path.values())}
    }
    for path, note in before.items():
        pairs[new_path[path]] = (note, pairs[new_path[path]][1])
    origins = _origins(pairs)
    back = _Missing(missing)
    found: dict[str, TrackedNote] = {}
    for path, (old, new) in pairs.items():
        ids: list[int] = []
        arrived: set[int] = set()
        in_note = {row.id for row in old.rows}
        for at, row in enumerate(new.rows):
            origin = origins.get((path, at))
            known = origin.id if origin is not None else back.take(row)
            if known and known not in in_note:
                arrived.add(known)
            ids.append(known or new_id())
        found[path] = _numbered(old, new, ids, arrived)
    return Followed(found, renamed)


def numbered(note: TrackedNote, new_id: Callable[[], int]) -> TrackedNote:
    """`note`, which was never tracked, with numbers for its tasks: as `follow` gives it, and much quicker."""
    ids = [new_id() for _ in note.rows]
    rows = (
        row._replace(id=id, parent=ids[row.parent - 1] if row.parent else 0)
        for row, id in zip(note.rows, ids, strict=True)
    )
    below = {ids[number - 1]: text for number, text in note.below.items()}
    return TrackedNote(note.sections, tuple(rows), below)


def _renamed(before: TrackedNotes, after: TrackedNotes) -> dict[str, str]:
    """The new paths of notes that are gone, where a new note has most of their tasks, and few others."""
    new = {path: _texts(note) for path, note in after.items() if path not in before and note.rows}
    renamed: dict[str, str] = {}
    for path, note in before.items():
        if path in after or not note.rows:
            continue
        texts = _texts(note)
        shared = {other: (texts & those).total() for other, those in new.items()}
        best = max(shared, key=lambda other: (shared[other], other), default=None)
        if best is not None and shared[best] * 2 >= max(len(note.rows), new[best].total()):
            renamed[path] = best
            del new[best]
    return renamed


def _texts(note: TrackedNote) -> Counter[str]:
    return Counter(_key(row).text for row in note.rows)


def _key(row: TrackedRow) -> MatchKey:
    return MatchKey(normalized_description(row.text), row.status_symbol)


def _origins(pairs: Mapping[str, tuple[TrackedNote, TrackedNote]]) -> dict[tuple[str, int], TrackedRow]:
    """What each task was before, by its path and its place among the tasks of the note now."""
    entries: dict[str, tuple[list[MatchKey], list[MatchKey]]] = {}
    places: dict[str, tuple[list[int], list[int]]] = {}
    for path, notes in pairs.items():
        (old, old_places), (new, new_places) = map(_entries, notes)
        entries[path], places[path] = (old, new), (old_places, new_places)
    origins = match_tasks(entries)
    return {
        (path, places[path][1][at]): pairs[old_path][0].rows[places[old_path][0][old_at]]
        for (path, at), (old_path, old_at) in origins.items()
    }


def _entries(note: TrackedNote) -> tuple[list[MatchKey], list[int]]:
    """What `match_tasks` matches: the tasks and the headings before them; and which task each entry is."""
    keys: list[MatchKey] = []
    places: list[int] = []
    section: SectionKey = ((), 0)
    for at, row in enumerate(note.rows):
        if (row.section, row.twin) != section:
            section = row.section, row.twin
            if row.section:
                keys.append(heading(row.section[-1]))
                places.append(-1)
        keys.append(_key(row))
        places.append(at)
    return keys, places


class _Missing:
    """The tasks that are in no note, by their text."""

    def __init__(self, rows: Iterable[TrackedRow]) -> None:
        self._by_text: defaultdict[str, list[TrackedRow]] = defaultdict(list)
        for row in rows:
            self._by_text[_key(row).text].append(row)

    def take(self, row: TrackedRow) -> int:
        """The number of the missing task that is back as `row`; 0 where there is none."""
        text, symbol = _key(row)
        found = self._by_text.get(text) if text else None
        if not found:
            return 0
        same = (at for at, missing in enumerate(found) if missing.status_symbol == symbol)
        return found.pop(next(same, 0)).id


def _numbered(
    before: TrackedNote, after: TrackedNote, ids: Sequence[int], arrived: Collection[int]
) -> TrackedNote:
    """`after`, whose tasks have the numbers `ids`, with marks on those that were moved within the note.

    `arrived`: those that were in another note or in none, which may have been in this one before.
    """
    lasting = dict(enumerate(ids, 1))
    rows = [
        row._replace(id=id, parent=lasting.get(row.parent, 0))
        for row, id in zip(after.rows, ids, strict=True)
    ]
    moved = {*_moved(before, TrackedNote(after.sections, tuple(rows))), *arrived}
    moved |= {row.id for row in before.rows if row.is_moved}
    below = {lasting[at]: text for at, text in after.below.items()}
    # Where it is not known, it is what it was.
    below.update((id, before.below[id]) for id, text in below.items() if text is None and id in before.below)
    rows = [row._replace(is_moved=row.id in moved) for row in rows]
    return TrackedNote(after.sections, tuple(rows), below)


def _moved(before: TrackedNote, after: TrackedNote) -> Iterator[int]:
    """The numbers of the tasks that were moved within their note, but not those that went with a parent."""
    old = {row.id: row for row in before.rows}
    place = {row.id: at for at, row in enumerate(before.rows)}
    known = [row for row in after.rows if row.id in old]
    in_order = set(longest_increasing([place[row.id] for row in known]))
    left = {row.id for at, row in enumerate(known) if at not in in_order}
    sections_before, sections_after = set(before.sections), set(after.sections)
    key_before, key_after = section_keys(before, after), section_keys(after, before)
    there = {row.id for row in after.rows}
    for row in known:
        was = old[row.id]
        is_elsewhere = (
            key_before(was) != key_after(row)
            and (was.section in sections_after or not was.section)
            and (row.section in sections_before or not row.section)
        )
        has_other_parent = (
            was.parent != row.parent
            and (was.parent in there or not was.parent)
            and (row.parent in old or not row.parent)
        )
        is_inside_another = row.parent in old
        if has_other_parent or (is_elsewhere and not is_inside_another):
            left.add(row.id)
    for row in known:
        follows_parent = row.parent in left and old[row.id].parent == row.parent
        if row.id in left and not follows_parent:
            yield row.id


def longest_increasing(numbers: Sequence[int]) -> list[int]:
    """The places of a longest increasing subsequence of `numbers`, which are all different."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [at]
    found: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]
