"""An examination in words, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple, TextIO

from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import escape_terminal
from roadtui.doctor.checks import DoctorReport, run_checks
from roadtui.doctor.finding import FindingKind
from roadtui.doctor.leftovers import leftovers
from roadtui.doctor.repair import EncodingRepair, RepairResult, find_damage
from roadtui.vault.scan import linkable_files
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


def write_text(examination: DoctorReport, mended: Sequence[RepairResult], out: TextIO) -> None:
    """Write one line for each finding, `path:line  sentence`, then how notes are written here."""
    for each in mended:
        said = each.refusal or f"changed {_lines(each.lines)}"
        out.write(escape_terminal(f"{each.path}  {said}") + "\n")
    for finding in examination.findings:
        out.write(escape_terminal(f"{finding.location}  {finding.sentence}") + "\n")
    for report in examination.writing:
        if report.promise is not None and report.strategy is not None:
            promise = report.promise.value[0].upper() + report.promise.value[1:]
            out.write(escape_terminal(f"Notes are written {_how(report.strategy)}. {promise}.") + "\n")
            for name, reason in report.declined:
                out.write(escape_terminal(f"  not {_how(name)}: {reason}") + "\n")
    out.write(_summary(examination) + "\n")


def _how(strategy: str) -> str:
    """`in place under a write lease`, `by exchange with a file beside it`."""
    return strategy if strategy.startswith("in place") else f"by {strategy}"


def _lines(lines: Sequence[int]) -> str:
    """`line 7`, `lines 7 and 29`, `lines 7, 9 and 29`."""
    *others, last = map(str, lines)
    return f"lines {', '.join(others)} and {last}" if others else f"line {last}"


def _summary(examination: DoctorReport) -> str:
    count = len(examination.findings)
    if not count:
        return "Nothing is wrong."
    garbled = sum(finding.kind is FindingKind.GARBLED for finding in examination.findings)
    words = quantity(count, "finding")
    return f"{words}; --fix mends {garbled}." if garbled else f"{words}."


def write_json(examination: DoctorReport, mended: Sequence[RepairResult], out: TextIO) -> None:
    """Write the same as one JSON document, in ASCII."""
    document = {
        "findings": [
            {
                "path": finding.path,
                "line": finding.line,
                "kind": finding.kind.value,
                "sentence": finding.sentence,
            }
            for finding in examination.findings
        ],
        "mended": [
            {"path": each.path, "lines": each.lines, "refusal": each.refusal or None} for each in mended
        ],
        "writing": [
            {
                "folder": str(report.folder),
                "strategy": report.strategy,
                "promise": report.promise.value if report.promise is not None else None,
                "declined": dict(report.declined),
            }
            for report in examination.writing
        ],
    }
    json.dump(document, out, indent=2)
    out.write("\n")


class Action(Enum):
    """What to do before looking."""

    LOOK = "look"
    FIX = "fix"
    UNDO = "undo"


class DoctorRun(NamedTuple):
    """What a run did and found."""

    examination: DoctorReport
    """How things are after it."""
    mended: tuple[RepairResult, ...]
    messages: tuple[str, ...]
    """What the writer has to tell about edits that other programs made meanwhile."""
    action: Action

    @property
    def is_well(self) -> bool:
        """Whether all that was asked for is done, and nothing is left but what an undo brought back."""
        is_done = not any(each.refusal for each in self.mended)
        return is_done and (self.action is Action.UNDO or not self.examination.findings)


def run_doctor(
    vault: Vault, below: str, *, is_lone: bool, action: Action, state_folder: Path, limit: int
) -> DoctorRun:
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
    mender = EncodingRepair(root, writer, state_folder)
    damage = find_damage(root, vault.snapshot.below(below), limit)
    mended: tuple[RepairResult, ...] = ()
    if action is not Action.LOOK:
        mended = tuple(mender.repair(damage) if action is Action.FIX else mender.undo())
        vault.refresh([each.path for each in mended])
        damage = find_damage(root, vault.snapshot.below(below), limit)
    files = None if is_lone else linkable_files(root)
    left = leftovers(root, state_folder, is_lone=is_lone)
    examination = run_checks(vault.snapshot, vault.rules, below, files, damage, writer, state_folder, left)
    return DoctorRun(examination, mended, tuple(told.message for told in writer.close()), action)
