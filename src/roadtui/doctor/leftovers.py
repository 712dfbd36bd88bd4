"""Finds what interrupted runs of roadtui left behind, and what keeps the state folder from being written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from roadtui.doctor.finding import Finding, FindingKind
from roadtui.vault.file_system import REAL_FILE_SYSTEM, FileSystem, opened, write_all
from roadtui.vault.scan import folders_of
from roadtui.vault.writing.note_file import TEMPORARY, scratch_file
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog

_IN_USE: Final = 10.0
"""Seconds for which a running roadtui may need a temporary file in the vault."""
_NEXT_START: Final = "roadtui completes or reports it at its next start."


def leftovers(root: Path, state_folder: Path, *, is_lone: bool) -> Iterator[Finding]:
    """Find temporary files in the vault, and writes to its notes that were interrupted.

    Args:
        root: The vault, or the folder of a single note.
        state_folder: The folder of the write-ahead log.
        is_lone: Whether `root` is only opened for a single note, so that its subfolders are not searched.
    """
    records = [
        record for record in _interrupted_writes(state_folder) if record.path.is_relative_to(root.resolve())
    ]
    displaced = {record.other_file for record in records}
    for record in records:
        path = record.path.relative_to(root.resolve()).as_posix()
        yield Finding(
            path, None, FindingKind.LEFTOVER, f"An edit of this note was interrupted. {_NEXT_START}"
        )
    for folder in [""] if is_lone else folders_of(root):
        for name in _own_files(root / folder):
            path = f"{folder}/{name}" if folder else name
            start = "This is a temporary file of roadtui, left by an interrupted write."
            advice = (
                _NEXT_START
                if (root / path).resolve() in displaced
                else "It is not known which note it belongs to. Copy what you need from it, then delete it."
            )
            yield Finding(path, None, FindingKind.LEFTOVER, f"{start} {advice}")


def _interrupted_writes(state_folder: Path) -> Iterator[WalRecord]:
    """The entries of the write-ahead log that no running process holds and that recovery has to deal with."""
    for record, entry in WriteAheadLog(state_folder).left_behind():
        entry.leave()
        if record is not None and not (entry.is_reported and _is_unedited(record)):
            yield record


def _is_unedited(record: WalRecord) -> bool:
    try:
        return record.other_file is None or record.other_file.read_bytes() == record.base
    except OSError:
        return True


def _own_files(folder: Path) -> Iterator[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        if TEMPORARY.fullmatch(name):
            try:
                age = REAL_FILE_SYSTEM.wall_clock() - REAL_FILE_SYSTEM.stat(folder / name).st_ctime
            except OSError:
                continue
            if age > _IN_USE:
                yield name


_PROBE_BYTES = 4096
"""The number of bytes that are written to the state folder as a test."""


def state_findings(folder: Path, system: FileSystem = REAL_FILE_SYSTEM) -> Iterator[Finding]:
    """Find what keeps the program from writing the state folder `folder`, or a file in it."""
    path = str(folder)
    try:
        system.make_folder(folder)
        with scratch_file(system, folder) as scratch, opened(system, scratch, os.O_WRONLY) as fd:
            write_all(system, fd, bytes(_PROBE_BYTES), 0)
    except OSError as error:
        sentence = (
            f"The state folder can't be written ({error.strerror}): only changes of one byte, such as ticks,"
            " are made, nothing can be undone later, and nothing is remembered. Make it writable, or set"
            " XDG_STATE_HOME to another folder."
        )
        yield Finding(path, None, FindingKind.STATE, sentence)
        return
    for file in sorted([*folder.glob("*.sqlite"), *folder.glob("history/*/*.sqlite")]):
        if not os.access(file, os.W_OK):
            sentence = (
                "You have no permission to write it, so nothing new is saved in it. "
                "Make your user its owner, or delete it."
            )
            yield Finding(str(file), None, FindingKind.STATE, sentence)
