"""Which folder a vault's was when it held notes: a file of one line, for the runs that follow.

The history and the undo list tell more. A command that only reads begins neither, and leaves this.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from roadtui.core.markdown import content_hash
from roadtui.settings_file import read_plain_file
from roadtui.vault.root import folder_id


def remember_notes(state: Path, vault: Path) -> None:
    """Leave word that the folder `vault` holds notes; where that is not possible, nothing is left."""
    words = words_of(vault)
    if not words or words == folder_with_notes(state, vault):
        return
    file = _file(state, vault)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_text(f"{words}\n", "ascii")
            unfinished.replace(file)
        except OSError:
            unfinished.unlink(missing_ok=True)


def _file(state: Path, vault: Path) -> Path:
    return state / "vaults" / f"{content_hash(os.fsencode(vault)).hex()[:16]}.folder"


def folder_with_notes(state: Path, vault: Path) -> str:
    """The `words_of` the folder that was last remembered as the vault's; empty where none was."""
    try:
        return read_plain_file(_file(state, vault)).decode("ascii", "replace").strip()
    except OSError:
        return ""


def words_of(folder: Path) -> str:
    """Device and inode of a folder; empty where there is none."""
    found = folder_id(folder)
    return f"{found[0]} {found[1]}" if found is not None else ""
