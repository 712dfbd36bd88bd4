"""Saves the identity of a vault's folder with notes, in a file of one line, for later runs.

It shows later that an empty folder is not the vault. The history and the undo list show that as well, but a
command that only reads creates neither.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from roadtui.core.markdown import content_hash
from roadtui.settings_file import read_plain_file
from roadtui.vault.root import folder_id


def save_folder_with_notes(state_folder: Path, vault: Path) -> None:
    """Save that the folder `vault` has notes; errors are ignored."""
    key = folder_key(vault)
    if not key or key == saved_folder_key(state_folder, vault):
        return
    file = _file(state_folder, vault)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_text(f"{key}\n", "ascii")
            unfinished.replace(file)
        except OSError:
            unfinished.unlink(missing_ok=True)


def _file(state_folder: Path, vault: Path) -> Path:
    return state_folder / "vaults" / f"{content_hash(os.fsencode(vault)).hex()[:16]}.folder"


def saved_folder_key(state_folder: Path, vault: Path) -> str:
    """The `folder_key` that was last saved for the vault; empty if none was saved."""
    try:
        return read_plain_file(_file(state_folder, vault)).decode("ascii", "replace").strip()
    except OSError:
        return ""


def folder_key(folder: Path) -> str:
    """Device and inode of a folder as text; empty if it does not exist."""
    found = folder_id(folder)
    return f"{found[0]} {found[1]}" if found is not None else ""
