"""Names of conflict copies: those that sync programs and merge tools give to the version that lost.

Pure string logic; no I/O. `doctor` lists such notes, and a renamed note is never followed to one.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from roadtui.vault.path_kind import NOTE_SUFFIX, is_note_name

_SURE = (
    ("Syncthing", re.compile(r"\.sync-conflict-[0-9]{8}-[0-9]{6}(?:-[A-Z2-7]{7})?\Z")),
    # Dropbox: (Ann's conflicted copy 2026-01-31); Nextcloud: (conflicted copy 2026-01-31 120000);
    # Obsidian Sync: (Conflicted copy phone 202601311200)
    ("a sync service", re.compile(r" \((?:.+ )?conflicted copy(?: .*)?\)\Z", re.IGNORECASE)),
    # Dropbox, Nextcloud: names that are equal on some systems
    (
        "a sync service",
        re.compile(r" \((?:case|unicode encoding|white ?space) (?:conflict|clash).*\)\Z", re.I),
    ),
    ("ownCloud", re.compile(r"_conflict-[0-9]{8}-[0-9]{6}\Z")),
    ("Seafile", re.compile(r" \(SFConflict .+\)\Z")),
    ("Synology Drive", re.compile(r"_[A-Za-z]{3}-[0-9]{2}-[0-9]{6}-[0-9]{4}_\w*Conflict\Z")),
    ("Resilio Sync", re.compile(r"\.Conflict\Z")),
    ("rclone", re.compile(r"\.conflict[0-9]+\Z|\.\.path[12]\Z")),
    # (copy: conflict on 2026-01-31); since 2.52: (conflict_on_2026-01-31), (conflict #2_on_2026-01-31)
    ("Unison", re.compile(r" \((?:copy: )?conflict.*[ _]on[ _][0-9]{4}-[0-9]{2}-[0-9]{2}\)\Z")),
    ("git", re.compile(r"_(?:BACKUP|BASE|LOCAL|REMOTE)_[0-9]+\Z")),
    ("roadtui", re.compile(r" \(conflict [0-9a-f]{6}\)\Z")),
)
"""Suffixes of the original's name that only programs give."""
_LIKELY = ("OneDrive", re.compile(r"-(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{7,11}(?:-[0-9]+)?\Z"))
"""A suffix that people hardly give, if the original exists."""
_POSSIBLE = (
    ("iCloud", re.compile(r" [2-9]\Z")),
    ("Google Drive", re.compile(r" \([1-9]\)\Z")),
)
"""Suffixes that people may give as well."""


class ConflictName(NamedTuple):
    """The parts of a conflict copy's name."""

    original: str
    """Path of the note that it is a version of."""
    maker: str
    """The program that gives such names."""


def sure_conflict_name(path: str) -> ConflictName | None:
    """The parts of the name of the note at `path`, if only programs give such names."""
    return next((found for maker, pattern in _SURE if (found := _match(path, maker, pattern))), None)


def likely_conflict_name(path: str) -> ConflictName | None:
    """The same for names that are a conflict copy's if the original exists."""
    return _match(path, *_LIKELY)


def possible_conflict_name(path: str) -> ConflictName | None:
    """The same for names that people may give as well: the texts have to be similar, too."""
    return next((found for maker, pattern in _POSSIBLE if (found := _match(path, maker, pattern))), None)


def is_made_of(name: str, original: str) -> bool:
    """Whether the name of the note at `name` may be derived from the one at `original`, in the same folder.

    All programs have this in common: the name of a copy contains the whole old name, with something before or
    after it.
    """
    folder, _, last = name.rpartition("/")
    old_folder, _, old_last = original.rpartition("/")
    if folder != old_folder or last == old_last:
        return False
    stem = re.escape(old_last[: -len(NOTE_SUFFIX)])
    return re.search(rf"(?<![^\W_]){stem}(?![^\W_])", last[: -len(NOTE_SUFFIX)]) is not None


def _match(path: str, maker: str, pattern: re.Pattern[str]) -> ConflictName | None:
    if not is_note_name(path):
        return None
    folder, slash, name = path.rpartition("/")
    stem = name[: -len(NOTE_SUFFIX)]
    found = pattern.search(stem)
    if found is None or not found.start():
        return None
    return ConflictName(f"{folder}{slash}{stem[: found.start()]}{name[-len(NOTE_SUFFIX) :]}", maker)
