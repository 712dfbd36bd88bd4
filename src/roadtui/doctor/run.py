"""Runs the doctor on a loaded vault: first a repair or its undo, where that is asked for, then the checks."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import NamedTuple

from roadtui.doctor.checks import DoctorReport, run_checks
from roadtui.doctor.leftovers import leftovers
from roadtui.doctor.repair import EncodingRepair, RepairResult, find_damage
from roadtui.vault.scan import linkable_files
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


class DoctorAction(Enum):
    """What to do before the checks."""

    LOOK = "look"
    FIX = "fix"
    UNDO = "undo"


class DoctorRun(NamedTuple):
    """What a run did and found."""

    report: DoctorReport
    """The findings after it."""
    repairs: tuple[RepairResult, ...]
    messages: tuple[str, ...]
    """What the user has to know of edits that other programs made meanwhile."""
    action: DoctorAction

    @property
    def is_well(self) -> bool:
        """Whether all that was asked for is done, and nothing is left but what an undo brought back."""
        is_done = not any(repair.refusal for repair in self.repairs)
        return is_done and (self.action is DoctorAction.UNDO or not self.report.findings)


def run_doctor(
    vault: Vault, below: str, *, is_lone: bool, action: DoctorAction, state_folder: Path, limit: int
) -> DoctorRun:
    """Check the part of a loaded vault at or below `below` (empty: all).

    Args:
        vault: The vault.
        below: A note or folder, relative to the vault.
        is_lone: Whether it is one note outside any vault, without the notes around it.
        action: What to do first. `UNDO` takes back the last fix of the vault, whatever `below` is.
        state_folder: Where the program keeps what it must remember.
        limit: Size in bytes beyond which a note is not read.

    Raises:
        UndoError: there is nothing to take back, or a fix could not be undone later; nothing was changed.
    """
    root = vault.root
    writer = NoteWriter(state_folder)
    encoding = EncodingRepair(root, writer, state_folder)
    damage = find_damage(root, vault.snapshot.below(below), limit)
    repairs: tuple[RepairResult, ...] = ()
    if action is not DoctorAction.LOOK:
        repairs = tuple(encoding.repair(damage) if action is DoctorAction.FIX else encoding.undo())
        vault.refresh([repair.path for repair in repairs])
        damage = find_damage(root, vault.snapshot.below(below), limit)
    files = None if is_lone else linkable_files(root)
    left = leftovers(root, state_folder, is_lone=is_lone)
    report = run_checks(vault.snapshot, vault.rules, below, files, damage, writer, state_folder, left)
    return DoctorRun(report, repairs, tuple(each.message for each in writer.close()), action)
