"""Runs all checks over a vault, and sorts their findings by path and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from roadtui.core.ignore_rules import IgnoreRules
from roadtui.core.terminal_text import ellipsize
from roadtui.doctor.copies import conflict_copies
from roadtui.doctor.finding import Finding, FindingKind
from roadtui.doctor.leftovers import state_findings
from roadtui.doctor.links import LinkCheck
from roadtui.doctor.repair import Damage, LineChange
from roadtui.doctor.tasks import task_findings
from roadtui.vault.obsidian import SETTINGS_FOLDER
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.writing import FolderReport, NoteWriter

_SHOWN = 60
"""The most characters shown of a garbled line."""


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """The results of all checks."""

    findings: tuple[Finding, ...]
    """In order of paths and lines."""
    writing: tuple[FolderReport, ...]
    """How notes can be written: one report for each file system that the vault lies on."""


def run_checks(
    snapshot: Snapshot,
    rules: IgnoreRules,
    below: str,
    files: Iterable[str] | None,
    damage: Damage,
    writer: NoteWriter,
    state_folder: Path | None = None,
    leftovers: Iterable[Finding] = (),
) -> DoctorReport:
    """Check a vault, or the part of it at or below `below`; ids and links are resolved in the whole vault.

    Args:
        snapshot: The vault.
        rules: Obsidian's excluded files.
        below: A note or folder, relative to the vault; empty for the whole vault.
        files: Every file that a link can lead to; None for a single note outside a vault.
        damage: The garbled lines, from `find_damage`.
        writer: The writer of notes, which reports how it can write in each folder.
        state_folder: The program's state folder; None skips its check.
        leftovers: The findings of `doctor.leftovers`.
    """
    writing = tuple(writer.describe(folder) for folder in _folders(snapshot, below))
    found = {
        *_garbled_text(damage),
        *_note_findings(snapshot, below, files),
        *(finding for finding in task_findings(snapshot) if _is_below(finding.path, below)),
        *(finding for finding in conflict_copies(snapshot.notes) if _is_below(finding.path, below)),
        *(finding for finding in leftovers if _is_below(finding.path, below)),
        *_unreadable_notes(snapshot, below),
        *_settings_findings(snapshot, rules),
        *_unwritable_folders(snapshot.root, writing),
        *(state_findings(state_folder) if state_folder is not None else ()),
    }
    in_order = sorted(found, key=lambda each: (each.path, each.line or 0, each.kind.value, each.sentence))
    return DoctorReport(tuple(in_order), writing)


def _is_below(path: str, below: str) -> bool:
    return not below or path == below or path.startswith(f"{below}/")


def _garbled_text(damage: Damage) -> Iterator[Finding]:
    for path, changes in damage.items():
        for change in changes:
            before, after = _around_change(change)
            yield Finding(
                path, change.line + 1, FindingKind.GARBLED, f"Garbled: “{before}” would be “{after}”."
            )


def _around_change(change: LineChange) -> tuple[str, str]:
    return ellipsize(change.before.strip(), _SHOWN, len), ellipsize(change.after.strip(), _SHOWN, len)


def _note_findings(snapshot: Snapshot, below: str, files: Iterable[str] | None) -> Iterator[Finding]:
    links = LinkCheck(snapshot, files)
    for note in snapshot.below(below):
        yield from links.findings(note)
        for conflict in note.note.conflicts:
            sentence = (
                f"A merge conflict is not resolved: it ends in line {conflict.end + 1}. "
                "Keep the correct side of it, and delete the marker lines."
            )
            yield Finding(note.path, conflict.start + 1, FindingKind.MERGE_CONFLICT, sentence)
        for problem in note.properties.problems:
            yield Finding(note.path, 1, FindingKind.FRONTMATTER, problem)
        if note.label:
            yield Finding(
                note.path, None, FindingKind.UNREADABLE, f"It is shown and never written: {note.label}."
            )


def _unreadable_notes(snapshot: Snapshot, below: str) -> Iterator[Finding]:
    for problem in snapshot.problems:
        if _is_below(problem.path, below):
            yield Finding(problem.path, None, FindingKind.UNREADABLE, problem.reason)


def _settings_findings(snapshot: Snapshot, rules: IgnoreRules) -> Iterator[Finding]:
    for warning in snapshot.settings.warnings:
        yield Finding(SETTINGS_FOLDER, None, FindingKind.SETTINGS, warning)
    for pattern in rules.unreadable:
        sentence = (
            f"The excluded files hold an expression that cannot be read, so it excludes nothing: {pattern}"
        )
        yield Finding(f"{SETTINGS_FOLDER}/app.json", None, FindingKind.SETTINGS, sentence)


def _folders(snapshot: Snapshot, below: str) -> list[Path]:
    """One folder on each file system: that of its first note; the vault's folder where there are no notes."""
    by_device: dict[int, Path] = {}
    for note in snapshot.below(below):
        by_device.setdefault(note.stamp.dev, (snapshot.root / note.path).parent)
    return list(by_device.values()) or [snapshot.root]


def _unwritable_folders(root: Path, writing: Iterable[FolderReport]) -> Iterator[Finding]:
    for report in writing:
        if report.strategy is None:
            path = report.folder.relative_to(root).as_posix().removeprefix(".")
            why = "; ".join(f"{name}: {reason}" for name, reason in report.declined)
            yield Finding(path, None, FindingKind.WRITING, f"Notes here can be read but not written ({why}).")
