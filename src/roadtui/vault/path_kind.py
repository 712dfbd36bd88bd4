"""What a change at a path means to us, told from its name alone. Pure string logic; no I/O."""

from __future__ import annotations

from enum import Enum

from roadtui.core.ignore_rules import NOTHING_IGNORED, IgnoreRules

NOTE_SUFFIX = ".md"
PLACEHOLDER_SUFFIX = ".md.icloud"
SETTINGS_FOLDER = ".obsidian"

_LAYOUT_FILES = ("workspace.json", "workspace-mobile.json")
"""Obsidian writes these on every click; they say nothing about notes."""


class PathKind(Enum):
    """What a change at a path means."""

    NOTE = "note"
    SETTINGS = "settings"
    """Obsidian's settings of this vault, or a plugin's."""
    FOLDER = "folder"
    """Nothing by itself; but if a folder is or was there, anything below it may have changed."""
    NONE = "none"


def is_note_name(name: str) -> bool:
    """Whether a file of this name, or at this path, is a note to Obsidian."""
    return name[-len(NOTE_SUFFIX) :].lower() == NOTE_SUFFIX


def path_kind(path: str, ignored: IgnoreRules = NOTHING_IGNORED) -> PathKind:
    """What a change at this vault-relative path, with forward slashes, means. Empty: the vault itself.

    Whatever starts with a dot is nothing to us, Obsidian's settings and iCloud's placeholders aside; that
    covers the temporary files of our own writes.
    """
    first, *rest = path.split("/")
    if first == SETTINGS_FOLDER:
        return _interest_in_settings(rest)
    *folders, name = first, *rest
    if any(folder.startswith(".") for folder in folders):
        return PathKind.NONE
    if name.startswith("."):
        return PathKind.FOLDER if name.endswith(PLACEHOLDER_SUFFIX) else PathKind.NONE
    if is_note_name(name):
        return PathKind.NONE if ignored.leaves_out(path) else PathKind.NOTE
    return PathKind.NONE if ignored.leaves_out_folder(path) else PathKind.FOLDER


def _interest_in_settings(below: list[str]) -> PathKind:
    match below:
        case [] | ["plugins"] | ["plugins", _] | ["plugins", _, "data.json"]:
            return PathKind.SETTINGS
        case [name] if name.endswith(".json") and name not in _LAYOUT_FILES:
            return PathKind.SETTINGS
        case _:
            return PathKind.NONE
