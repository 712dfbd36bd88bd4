"""Notes that a sync service put beside the one they are a copy of, because two devices had changed it.

Only names that no person gives are taken for certain (`vault.conflict_names`). iCloud's `name 2.md` is a name
that a person gives, so there the text has to agree as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from roadtui.doctor.finding import Finding, FindingKind
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.watch.conflict_names import (
    ConflictName,
    likely_conflict_name,
    possible_conflict_name,
    sure_conflict_name,
)

_ALIKE = 0.5
"""Which part of the shorter note's lines has to stand in the other."""


def conflict_copies(notes: Mapping[str, VaultNote]) -> Iterator[Finding]:
    """The notes that are conflict copies of another."""
    for path, note in notes.items():
        if sure := sure_conflict_name(path):
            yield _finding(path, sure, notes)
        elif (likely := likely_conflict_name(path)) and likely.original in notes:
            yield _finding(path, likely, notes)
        elif possible := possible_conflict_name(path):
            original = notes.get(possible.original)
            if original is not None and _are_alike(note, original):
                yield _finding(path, possible, notes)


def _finding(path: str, name: ConflictName, notes: Mapping[str, VaultNote]) -> Finding:
    what = name.original if name.original in notes else f"{name.original}, which is gone"
    sentence = (
        f"This is a conflict copy that {name.maker} made of {what}. Take over what differs, then delete it."
    )
    return Finding(path, None, FindingKind.CONFLICT_COPY, sentence)


def _are_alike(one: VaultNote, other: VaultNote) -> bool:
    if one.digest == other.digest:
        return True
    lines, others = _lines(one), _lines(other)
    return len(lines & others) >= max(1, _ALIKE * min(len(lines), len(others)))


def _lines(note: VaultNote) -> set[str]:
    """What tells a note from others: its headings, and its items without their marks."""
    titles = {section.title for section in note.note.sections[1:]}
    return titles | {item.source.partition("]")[2] or item.source for item in note.note.items}
