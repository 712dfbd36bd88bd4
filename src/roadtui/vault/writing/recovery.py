"""After a crash: what the journal says was under way, compared with what is on the disk.

Nothing is written unless every sector of the note is one that our own interrupted write could have left
there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from roadtui.core.errors import RefusedError
from roadtui.vault.errors import WriteFailedError
from roadtui.vault.system import SYSTEM, System, opened, write_all
from roadtui.vault.writing.journal import Journal, Record
from roadtui.vault.writing.target import open_target
from roadtui.vault.writing.writer import NoteWriter

SECTOR: Final = 512
"""Bytes that a disk writes whole or not at all."""


class Outcome(Enum):
    """What became of an edit that was interrupted."""

    NOT_SAVED = "was not saved: {name} is as it was before"
    SAVED = "was saved in {name}"
    COMPLETED = "was half saved; {name} is whole again and holds it"
    SET_ASIDE = "met other changes in {name}, which were kept; the text before and after it lies in {folder}"
    LATER = "could not be checked yet ({detail}); it is looked at again at the next start"


@dataclass(frozen=True, slots=True)
class Recovered:
    """One interrupted edit."""

    path: Path
    outcome: Outcome
    copies: tuple[Path, ...] = ()
    """The note before and after the edit, where both were set aside."""
    detail: str = ""

    @property
    def message(self) -> str:
        """The sentence to show."""
        folder = self.copies[0].parent if self.copies else ""
        said = self.outcome.value.format(name=self.path.name, folder=folder, detail=self.detail)
        return f"The last edit of {self.path.name} {said}."


def recover(state_folder: Path, writer: NoteWriter | None = None, system: System = SYSTEM) -> list[Recovered]:
    """Settle what a crash left behind; to be called at start, before anything is written."""
    journal = Journal(state_folder, system)
    writer = writer or NoteWriter(state_folder, system=system)
    recovered: list[Recovered] = []
    for record, entry in journal.left_behind():
        if record is None:  # cut short before it was whole, so the note was not touched
            entry.drop()
            continue
        try:
            found = _settle(record, writer, state_folder / "aside", system)
        except (OSError, WriteFailedError) as error:
            entry.leave()
            detail = (error.strerror or "refused") if isinstance(error, OSError) else str(error)
            recovered.append(Recovered(record.path, Outcome.LATER, detail=detail))
        else:
            entry.drop()
            recovered.append(found)
    return recovered


def judge(disk: bytes, record: Record) -> Outcome:
    """What the note's bytes say of the edit; COMPLETED means that it has yet to be completed."""
    if disk == record.base:
        return Outcome.NOT_SAVED
    if disk == record.new:
        return Outcome.SAVED
    return Outcome.COMPLETED if is_half_written(disk, record.base, record.new) else Outcome.SET_ASIDE


def is_half_written(disk: bytes, base: bytes, new: bytes) -> bool:
    """Whether every sector is the base's, the new text's or zeros: what a power cut can leave of our own
    write.

    While the note grows, its last old sector may end in zeros; while it shrinks, the new text may still be
    followed by the rest of the old.
    """
    shorter, longer = sorted((len(base), len(new)))
    if not shorter <= len(disk) <= longer:
        return False
    was = base.ljust(longer, b"\0")
    will_be = new + base[len(new) :]
    for at in range(0, len(disk), SECTOR):
        piece = disk[at : at + SECTOR]
        end = at + len(piece)
        if piece not in (was[at:end], will_be[at:end], bytes(len(piece))):
            return False
    return True


def _settle(record: Record, writer: NoteWriter, aside: Path, system: System) -> Recovered:
    try:
        with open_target(system, record.path, os.O_RDONLY) as target:
            outcome = judge(target.read(system), record)
    except FileNotFoundError:
        outcome = Outcome.SET_ASIDE
    if outcome is Outcome.COMPLETED:
        try:
            writer.write(record.path, lambda disk: _completed(disk, record))
        except RefusedError:
            outcome = Outcome.SET_ASIDE
    if outcome is Outcome.SET_ASIDE:
        return Recovered(record.path, outcome, set_aside(record, aside, system))
    return Recovered(record.path, outcome)


def _completed(disk: bytes, record: Record) -> bytes:
    """What recovery writes; it looks again, because the note may have been edited since it was judged."""
    if judge(disk, record) is Outcome.SET_ASIDE:
        raise RefusedError(f"{record.path.name} was edited since.")
    return record.new


def set_aside(record: Record, aside: Path, system: System) -> tuple[Path, ...]:
    """Keep both versions where the user finds them and no sync client does."""
    system.make_folder(aside)
    mark = os.urandom(4).hex()
    copies = []
    for label, data in (("before", record.base), ("after", record.new)):
        copy = aside / f"{record.path.stem[:60]}.{mark}.{label}{record.path.suffix}"
        with opened(system, copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as fd:
            write_all(system, fd, data, 0)
            system.sync(fd)
        copies.append(copy)
    return tuple(copies)
