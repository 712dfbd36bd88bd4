"""What earlier runs left in the state folder that tells of a vault. Read only; blocks."""

from __future__ import annotations

import os
from pathlib import Path

from roadtui.vault.history.journal import count_notes
from roadtui.vault.history.place import folder_of, own_file
from roadtui.vault.undo_log import UndoLog


def had_notes(state: Path, vault: Path) -> bool:
    """Whether the vault at `vault` had notes when an earlier run last saw it; False where nothing tells.

    The history knows by the last look; a vault that was only ever written by commands is known by what can be
    undone in it.
    """
    if os.path.isdir(folder_of(state, vault)):
        try:
            count = count_notes(own_file(state, vault))
        except OSError:
            count = None
        if count is not None:
            return count > 0
    log = UndoLog(state, vault)
    try:
        return log.knows_notes()
    finally:
        log.close()
