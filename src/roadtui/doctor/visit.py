"""One run of `roadtui doctor`: mend or take back what is asked for, then examine what is there."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import NamedTuple

from roadtui.doctor.examination import Examination, examine
from roadtui.doctor.leftovers import leftovers
from roadtui.doctor.mend import Mended, Mender, find_damage
from roadtui.vault.attachments import linkable_files
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


class Action(Enum):
    """What to do before looking."""

    LOOK = "look"
    FIX = "fix"
    UNDO = "undo"


class Visit(NamedTuple):
    """What a run did and found."""

    examination: Examination
    """How things are after it."""
    mended: tuple[Mended, ...]
    messages: tuple[str, ...]
    """What the writer has to tell about edits that other programs made meanwhile."""
    action: Action

    @property
    def is_well(self) -> bool:
        """Whether all that was asked for is done, and nothing is left but what an undo brought back."""
        is_done = not any(each.refusal for each in self.mended)
        return is_done and (self.action is Action.UNDO or not self.examination.findings)


def visit(
    vault: Vault, below: str, *, is_lone: bool, action: Action, state_folder: Path, limit: int
) -> Visit:
    """Look after the part of a loaded vault at or below `below` (empty: all).

    Args:
        vault: The vault.
        below: A note or folder, relative to the vault.
        is_lone: Whether it is one note outside any vault, whose neighbours are not looked at.
        action: What to do first. `UNDO` takes back the last fix of the vault, whatever `below` is.
        state_folder: Where the program keeps what it must remember.
        limit: Size in bytes beyond which a note is not read.

    Raises:
        UndoError: nothing to take back, or what takes a fix back cannot be kept; nothing was changed.
    """
    root = vault.root
    writer = NoteWriter(state_folder)
    mender = Mender(root, writer, state_folder)
    damage = find_damage(root, vault.snapshot.below(below), limit)
    mended: tuple[Mended, ...] = ()
    if action is not Action.LOOK:
        mended = tuple(mender.mend(damage) if action is Action.FIX else mender.undo())
        vault.refresh([each.path for each in mended])
        damage = find_damage(root, vault.snapshot.below(below), limit)
    files = None if is_lone else linkable_files(root)
    left = leftovers(root, state_folder, is_lone=is_lone)
    examination = examine(vault.snapshot, vault.rules, below, files, damage, writer, state_folder, left)
    return Visit(examination, mended, tuple(told.message for told in writer.close()), action)
