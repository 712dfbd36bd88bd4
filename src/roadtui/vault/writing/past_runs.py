"""What earlier runs left in the state folder that tells of a vault. Read only; blocks."""

from __future__ import annotations

import os
from pathlib import Path

from roadtui.vault.history.event_log import count_notes
from roadtui.vault.history.paths import folder_of, own_file
from roadtui.vault.root import folder_key, saved_folder_key
from roadtui.vault.undo_log import UndoLog


def had_notes(state: Path, vault: Path) -> bool:
    """Whether an empty `vault` had notes when an earlier run last saw it; False where nothing tells.

    The history knows by the last look. A vault that only commands have used is known by its saved folder: if
    it still is the same folder, somebody has deleted its notes. Else what can be undone in it tells.
    """
    count = _notes_in_history(state, vault)
    if count:
        return True
    seen = saved_folder_key(state, vault)
    if seen and seen != folder_key(vault):
        return True
    if seen or count is not None:
        return False
    log = UndoLog(state, vault)
    try:
        return log.had_notes()
    finally:
        log.close()


def _notes_in_history(state: Path, vault: Path) -> int | None:
    """How many notes there were at the last look; None where there is no history, or it cannot be read."""
    if not os.path.isdir(folder_of(state, vault)):
        return None
    try:
        return count_notes(own_file(state, vault))
    except OSError:
        return None
