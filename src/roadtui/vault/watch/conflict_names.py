"""Names of conflict copies: what sync programs and merge tools call the version that lost.

Pure string logic; no I/O. `doctor` lists such notes, and nobody who follows a renamed note follows it to one.
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
    # Dropbox, Nextcloud: names that some systems take for the same
    (
        "a sync service",
        re.compile(r" \((?:case|unicode encoding|white ?space) (?:conflict|clash).*\)\Z", re.I),
    ),
    ("ownCloud", re.compile(r"_conflict-[0-9]{8}-[0-9]{6}\Z")),
    ("Seafile", re.compile(r" \(SFConflict .+\)\Z")),
    ("Synology Drive", re.compile(r"_[A-Za-z]{3}-[0-9]{2}-[0-9]{6}-[0-9]{4}_\w*Conflict\Z")),
    ("Resilio Sync", re.compile(r"\.Conflict\Z")),
    ("rclone", re.compile(r"\.conflict[0-9]+\Z|\.\.path[12]\Z")),
    ("Unison", re.compile(r" \(copy: conflict.* on [0-9]{4}-[0-9]{2}-[0-9]{2}\)\Z")),
    ("git", re.compile(r"_(?:BACKUP|BASE|LOCAL|REMOTE)_[0-9]+\Z")),
    ("roadtui", re.compile(r" \(conflict [0-9a-f]{6}\)\Z")),
)
"""No person gives such names. Each is what stands behind the original's name."""
_LIKELY = ("OneDrive", re.compile(r"-(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{7,11}(?:-[0-9]+)?\Z"))
"""Hardly a name that a person gives, if there is an original."""
_POSSIBLE = (
    ("iCloud", re.compile(r" [2-9]\Z")),
    ("Google Drive", re.compile(r" \([1-9]\)\Z")),
)
"""Names that a person may give as well."""


class ConflictName(NamedTuple):
    """What the name of a conflict copy says."""

    original: str
    """Path of the note that it is a version of."""
    maker: str
    """Which program gives such names."""


def sure_conflict_name(path: str) -> ConflictName | None:
    """What the name of the note at `path` says, if nobody but a program gives such a name."""
    return next((found for maker, pattern in _SURE if (found := _match(path, maker, pattern))), None)


def likely_conflict_name(path: str) -> ConflictName | None:
    """The same for names that are a conflict copy's if there is a note called like the original."""
    return _match(path, *_LIKELY)


def possible_conflict_name(path: str) -> ConflictName | None:
    """The same for names that a person may give as well: the text has to be alike, too."""
    return next((found for maker, pattern in _POSSIBLE if (found := _match(path, maker, pattern))), None)


def is_made_of(name: str, original: str) -> bool:
    """Whether the note at `name` may be called after the one at `original`, in the same folder.

    Programs that don't know each other have agreed on this much: a copy holds the whole old name, with
    something before or behind it.
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
