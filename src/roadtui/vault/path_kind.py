"""Classifies changed paths by their names: notes, settings, folders, or nothing of interest. Pure."""

from __future__ import annotations

from enum import Enum

from roadtui.core.ignore_rules import NOTHING_IGNORED, IgnoreRules

NOTE_SUFFIX = ".md"
PLACEHOLDER_SUFFIX = ".md.icloud"
SETTINGS_FOLDER = ".obsidian"

_LAYOUT_FILES = ("workspace.json", "workspace-mobile.json")
"""Obsidian writes these on every click; they hold no settings."""


class PathKind(Enum):
    """The kinds of paths."""

    NOTE = "note"
    SETTINGS = "settings"
    """Obsidian's settings of this vault, or a plugin's."""
    FOLDER = "folder"
    """Possibly a folder; if so, anything below it may have changed."""
    NONE = "none"
    """Nothing of interest."""


def is_note_name(name: str) -> bool:
    """Whether a file of this name, or at this path, is a note in Obsidian."""
    return name[-len(NOTE_SUFFIX) :].lower() == NOTE_SUFFIX


def path_kind(path: str, ignored: IgnoreRules = NOTHING_IGNORED) -> PathKind:
    """The kind of a vault-relative path, with forward slashes; the empty path is the vault itself.

    Names that start with a dot are of no interest, except Obsidian's settings and iCloud's placeholders; that
    includes the program's own temporary files.
    """
    first, *rest = path.split("/")
    if first == SETTINGS_FOLDER:
        return _settings_kind(rest)
    *folders, name = first, *rest
    if any(folder.startswith(".") for folder in folders):
        return PathKind.NONE
    if name.startswith("."):
        return PathKind.FOLDER if name.endswith(PLACEHOLDER_SUFFIX) else PathKind.NONE
    if is_note_name(name):
        return PathKind.NONE if ignored.leaves_out(path) else PathKind.NOTE
    return PathKind.NONE if ignored.leaves_out_folder(path) else PathKind.FOLDER


def _settings_kind(below: list[str]) -> PathKind:
    match below:
        case [] | ["plugins"] | ["plugins", _] | ["plugins", _, "data.json"]:
            return PathKind.SETTINGS
        case [name] if name.endswith(".json") and name not in _LAYOUT_FILES:
            return PathKind.SETTINGS
        case _:
            return PathKind.NONE
