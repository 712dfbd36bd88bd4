"""Notes that a sync service put beside the one they are a copy of, because two devices had changed it.

Only names that no person gives are taken for certain. iCloud's `name 2.md` is a name that a person gives, so
there the text has to agree as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from roadtui.doctor.finding import Finding, Kind
from roadtui.vault.snapshot import VaultNote

_SURE = (
    ("Syncthing", re.compile(r"\.sync-conflict-[0-9]{8}-[0-9]{6}-[A-Z2-7]{7}\Z")),
    # Dropbox: (Ann's conflicted copy 2026-01-31); Nextcloud: (conflicted copy 2026-01-31 120000);
    # Obsidian Sync: (Conflicted copy phone 202601311200)
    ("a sync service", re.compile(r" \((?:[^()]+ )?conflicted copy(?: [^()]*)?\)\Z", re.IGNORECASE)),
    ("ownCloud", re.compile(r"_conflict-[0-9]{8}-[0-9]{6}\Z")),
    ("roadtui", re.compile(r" \(conflict [0-9a-f]{6}\)\Z")),
)
_ONE_DRIVE = re.compile(r"-(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{7,11}(?:-[0-9]+)?\Z")
_ICLOUD = re.compile(r" [2-9]\Z")
_ALIKE = 0.5
"""Which part of the shorter note's lines has to stand in the other."""


def conflict_copies(notes: Mapping[str, VaultNote]) -> Iterator[Finding]:
    """The notes that are conflict copies of another."""
    for path, note in notes.items():
        stem = path[: -len(".md")]
        for maker, pattern in _SURE:
            if found := pattern.search(stem):
                yield _finding(path, f"{stem[: found.start()]}.md", maker, notes)
                break
        else:
            if found := _ONE_DRIVE.search(stem):
                original = notes.get(f"{stem[: found.start()]}.md")
                if original is not None:
                    yield _finding(path, original.path, "OneDrive", notes)
            elif found := _ICLOUD.search(stem):
                original = notes.get(f"{stem[: found.start()]}.md")
                if original is not None and _are_alike(note, original):
                    yield _finding(path, original.path, "iCloud", notes)


def _finding(path: str, original: str, maker: str, notes: Mapping[str, VaultNote]) -> Finding:
    what = original if original in notes else f"{original}, which is gone"
    sentence = f"This is a conflict copy that {maker} made of {what}. Take over what differs, then delete it."
    return Finding(path, None, Kind.CONFLICT_COPY, sentence)


def _are_alike(one: VaultNote, other: VaultNote) -> bool:
    if one.digest == other.digest:
        return True
    lines, others = _lines(one), _lines(other)
    return len(lines & others) >= max(1, _ALIKE * min(len(lines), len(others)))


def _lines(note: VaultNote) -> set[str]:
    """What tells a note from others: its headings, and its items without their marks."""
    titles = {section.title for section in note.note.sections[1:]}
    return titles | {item.source.partition("]")[2] or item.source for item in note.note.items}
