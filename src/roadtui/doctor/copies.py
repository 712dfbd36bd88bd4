"""Finds conflict copies: notes that a sync service made of another, because two devices had changed it.

A name that only a sync service gives is enough (`vault.watch.conflict_names`). iCloud's `name 2.md` may be
the user's own name, so there the texts have to agree as well.
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
"""The share of the shorter note's lines that has to be in the other note."""


def conflict_copies(notes: Mapping[str, VaultNote]) -> Iterator[Finding]:
    """Find the notes that are conflict copies of another."""
    for path, note in notes.items():
        if sure := sure_conflict_name(path):
            yield _finding(path, sure, notes)
        elif (likely := likely_conflict_name(path)) and likely.original in notes:
            yield _finding(path, likely, notes)
        elif possible := possible_conflict_name(path):
            original = notes.get(possible.original)
            if original is not None and _have_common_lines(note, original):
                yield _finding(path, possible, notes)


def _finding(path: str, name: ConflictName, notes: Mapping[str, VaultNote]) -> Finding:
    original = name.original if name.original in notes else f"{name.original}, which is gone"
    sentence = (
        f"This is a conflict copy that {name.maker} made of {original}. Merge what differs, then delete it."
    )
    return Finding(path, None, FindingKind.CONFLICT_COPY, sentence)


def _have_common_lines(one: VaultNote, other: VaultNote) -> bool:
    if one.digest == other.digest:
        return True
    lines, others = _lines(one), _lines(other)
    return len(lines & others) >= max(1, _ALIKE * min(len(lines), len(others)))


def _lines(note: VaultNote) -> set[str]:
    """The headings of a note, and its items without marker and status symbol."""
    titles = {section.title for section in note.note.sections[1:]}
    return titles | {item.source.partition("]")[2] or item.source for item in note.note.items}
