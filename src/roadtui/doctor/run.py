"""Runs the doctor on a loaded vault: a repair or its undo if requested, then the checks."""

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
    """The results of a run."""

    report: DoctorReport
    """The findings after the repair or its undo."""
    repairs: tuple[RepairResult, ...]
    """The result for each repaired note."""
    messages: tuple[str, ...]
    """Sentences for the user about edits that other programs made during the run."""
    action: DoctorAction

    @property
    def has_no_problems(self) -> bool:
        """Whether everything requested was done, and there are no findings, except after an undo."""
        is_done = not any(repair.refusal for repair in self.repairs)
        return is_done and (self.action is DoctorAction.UNDO or not self.report.findings)


def run_doctor(
    vault: Vault, below: str, *, is_lone: bool, action: DoctorAction, state_folder: Path, limit: int
) -> DoctorRun:
    """Check the part of a loaded vault at or below `below` (empty: all).

    Args:
        vault: The vault.
        below: A note or folder, relative to the vault.
        is_lone: Whether the vault is a single note outside any vault.
        action: What to do first. `UNDO` undoes the last repair of the whole vault, whatever `below` is.
        state_folder: The program's state folder.
        limit: Notes larger than this, in bytes, are not read.

    Raises:
        UndoError: there is no repair to undo, or the undo of a repair cannot be saved; nothing was changed.
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
    found = leftovers(root, state_folder, is_lone=is_lone)
    report = run_checks(vault.snapshot, vault.rules, below, files, damage, writer, state_folder, found)
    return DoctorRun(report, repairs, tuple(each.message for each in writer.close()), action)
