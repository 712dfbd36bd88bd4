"""Files that an exchange took out of their place: kept until nobody can be writing into them any more.

A program that opened the note before the exchange still writes into the old file. Where there are leases, a
read lease proves that nobody does. Elsewhere the processes that can be looked at tell who has it open, and
where there may be others, seconds without a change have to do. A late edit is merged into the note. If it
clashes with ours, the displaced file itself becomes a conflict copy beside the note.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from roadtui.core.errors import RefusedError
from roadtui.vault.errors import NoteBusyError, NoteGoneError, WriteFailedError
from roadtui.vault.file_system import (
    REAL_FILE_SYSTEM,
    FileSystem,
    Lease,
    Writers,
    opened,
    release_lease,
    remove_file,
    write_all,
)
from roadtui.vault.reader import FileStamp
from roadtui.vault.writing.note_file import OpenNote, open_target
from roadtui.vault.writing.strategy import NotNowError, RetryPolicy, Transform, WriteResult
from roadtui.vault.writing.three_way_merge import changes, lines_of, merge
from roadtui.vault.writing.write_ahead_log import RecoveredEdit, RecoveryOutcome, WalEntry

LOOKUP: Final = 0.01
"""Seconds after which an `open` that found the name before the exchange has long arrived, and is seen."""
SETTLED: Final = 0.05
"""Seconds without a change after which a late edit that nobody seen is writing is taken for whole, unless
the text lost bytes."""
WATCHED: Final = 0.5
"""Seconds that a late edit is looked after once it was merged: a program may have read the note before that,
and save it away."""
POLL: Final = 0.002
"""Seconds between two looks while a late writer is expected to be done soon."""

Write = Callable[[Path, Transform], WriteResult]


class DisplacedState(Enum):
    """What one look at a displaced file says."""

    REMOVED = "nobody held it; it is gone"
    HELD = "somebody may still write into it"
    EDITED = "it was edited after it was displaced, and nobody writes any more"


@dataclass(slots=True, eq=False)
class DisplacedFile:
    """One file that is kept for now."""

    note: Path
    beside: Path
    expected: bytes
    """What it holds as long as nobody edits it late."""
    entry: WalEntry
    seen: FileStamp | None = None
    """How it looked last time; used where there are no leases."""
    since: float = 0.0
    """Since when it looks like that."""
    is_leaseless: bool = False
    """Whether it was last looked at without a lease."""
    is_quiet: bool = False
    """Whether it was last seen unedited, with nobody who writes it."""

    @property
    def is_in_the_way(self) -> bool:
        """Whether it lies in the vault, where the user and sync programs see it."""
        return self.beside.parent == self.note.parent

    @property
    def is_fit_to_be_left(self) -> bool:
        """Whether the next start may look after it, without a word to the user."""
        return self.is_quiet and not self.is_in_the_way


@dataclass(slots=True, eq=False)
class MergedEdit:
    """A late edit that was put into its note, where a program that read the note before may save it away."""

    displaced: DisplacedFile
    """Where it was found; kept for as long as this is looked after."""
    base: bytes
    """What it was made in."""
    late: bytes
    """What it made of that."""
    since: float = 0.0
    text: bytes = b""
    """The note with it, when it was merged. Who writes another text that has some of it has read it: if it
    is gone from a later one, that is meant."""
    does_clash: bool = False
    """Whether it did not fit into the last text that it was to be put into."""

    @property
    def note(self) -> Path:
        """The note that it belongs in."""
        return self.displaced.note

    def into(self, current: bytes) -> bytes:
        """`current` with it; RefusedError where the two clash."""
        both = merge(self.base, current, self.late)
        if both is None and self.late.startswith(self.base) and self.base[-1:] == current[-1:] == b"\n":
            both = current + _lacking(self.late[len(self.base) :], current, self.base)
        self.does_clash = both is None
        if both is not None:
            return both
        raise RefusedError(f"Two edits of {self.note.name} clash.")

    def is_saved_away_in(self, text: bytes) -> bool:
        """Whether none of its lines is there, as in what somebody saves who had read the note before.

        Lines that it took away only prove nothing: who does the same twice takes them away again.
        """
        there = Counter(lines_of(text))
        added = [(gone, come) for gone, come in changes(self.base, self.late) if come]
        return bool(added) and all(
            not Counter(come) & there and Counter(gone) <= there for gone, come in added
        )


class DisplacedFiles:
    """The files that are kept, and what becomes of them."""

    def __init__(
        self, system: FileSystem = REAL_FILE_SYSTEM, retry_policy: RetryPolicy | None = None
    ) -> None:
        self._system = system
        self._retry_policy = retry_policy or RetryPolicy()
        self._kept: list[DisplacedFile] = []
        self._merged: list[MergedEdit] = []
        """Late edits that are looked after for a while."""
        self._is_ending = False
        self._writers = Writers(frozenset(), False)
        """Who was last seen writing the kept files."""
        self._looked_at = 0.0
        """When that was looked up."""
        self._is_looked_up = False
        """Whether it was in this pass."""
        self._is_settling = False

    def __len__(self) -> int:
        """How many are kept; at the end of the program those that are fit to be left do not count."""
        return sum(not (self._is_ending and each.is_fit_to_be_left) for each in self._kept)

    def keep(self, displaced: DisplacedFile, text: bytes) -> None:
        """Look at it at every `settle` from now on; its note holds `text` now, which we have written."""
        self._kept.append(displaced)
        for merged in self._merged:
            if merged.note == displaced.note and merged.text == displaced.expected:
                merged.text = text

    def remove(self, displaced: DisplacedFile) -> bool:
        """Remove it if that is safe right now; False if it is edited or may be."""
        if self.look(displaced)[0] is not DisplacedState.REMOVED:
            return False
        displaced.entry.drop()
        return True

    def settle(self, write: Write) -> list[RecoveredEdit]:
        """Look at every kept file again; `write` puts late edits into their note."""
        if self._is_settling:  # `write` displaces a file in its turn, which has its turn later
            return []
        told = self._look_at_all(write)
        until = self._system.now() + self._retry_policy.soon
        while self._merged and self._system.now() < until:  # who saves it away mostly does so at once
            self._system.sleep(POLL)
            told += self._look_at_all(write)
        return told

    def _look_at_all(self, write: Write) -> list[RecoveredEdit]:
        told: list[RecoveredEdit] = []
        with self._pass():
            for displaced in tuple(self._kept):
                is_looked_after = any(merged.displaced is displaced for merged in self._merged)
                state, late = self.look(displaced, may_remove=not is_looked_after)
                # What fails stays kept, and is tried again.
                with suppress(OSError, WriteFailedError, NotNowError):
                    if state is DisplacedState.EDITED:
                        told.append(self.save_late_edit(displaced, late, write))
                if state is DisplacedState.REMOVED:
                    displaced.entry.drop()
                    self._kept.remove(displaced)
            told += self._look_after_merged()
        return told

    def _look_after_merged(self) -> list[RecoveredEdit]:
        """Keep a copy of a late edit that is gone from its note again.

        It is not merged once more: who took it out may have read it, and its own edit would be undone then.
        """
        told: list[RecoveredEdit] = []
        for merged in tuple(self._merged):
            with suppress(OSError, WriteFailedError):  # what fails is looked at again
                text = self._text(merged.note)
                if text is None or merged.is_saved_away_in(text):
                    told.append(self._copy_of(merged))
                elif text == merged.text and self._system.now() - merged.since < self._watched:
                    continue
                self._merged.remove(merged)
        return told

    def _text(self, note: Path) -> bytes | None:
        """What the note holds now; None where it is gone."""
        try:
            with open_target(self._system, note, os.O_RDONLY) as target:
                return target.read(self._system)
        except FileNotFoundError:
            return None

    @property
    def _watched(self) -> float:
        """Seconds that a late edit is looked after once it was merged."""
        return min(SETTLED if self._is_ending else WATCHED, self._retry_policy.late)

    def _copy_of(self, merged: MergedEdit) -> RecoveredEdit:
        copy = _copy_name(merged.note)
        with opened(self._system, copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as fd:
            write_all(self._system, fd, merged.late, 0)
            self._system.sync(fd)
        self._system.sync_folder(copy.parent)
        return RecoveredEdit(merged.note, RecoveryOutcome.SAVED_AWAY, (copy,))

    def settle_soon(self, write: Write) -> list[RecoveredEdit]:
        """Settle what shows within a moment: a program in the middle of a save is done in milliseconds."""
        if self._is_settling:
            return []
        told = self.settle(write)
        until = self._system.now() + self._retry_policy.soon
        while self._kept and self._can_tell_soon and self._system.now() < until:
            self._system.sleep(POLL)
            told += self.settle(write)
        return told

    def hurry(self) -> None:
        """The program is about to end: wait no longer than it can for writers that are not seen."""
        self._is_ending = True
        for displaced in self._kept:
            displaced.is_quiet = False  # until it is looked at once more

    def leave(self) -> list[RecoveredEdit]:
        """Hand what is kept to the next start, or where it lies in the vault to the user."""
        told: list[RecoveredEdit] = []
        for merged in self._merged:
            with suppress(OSError):
                text = self._text(merged.note)
                if text is None or merged.is_saved_away_in(text):
                    told.append(self._copy_of(merged))
        self._merged.clear()
        told += [left for displaced in self._kept if (left := self._let_go(displaced)) is not None]
        self._kept.clear()
        return told

    def look(self, displaced: DisplacedFile, *, may_remove: bool = True) -> tuple[DisplacedState, bytes]:
        """Remove the file if it is unchanged and unheld; with a late edit come its bytes."""
        system = self._system
        try:
            with open_target(system, displaced.beside, os.O_RDONLY) as target:
                try:
                    leased = system.lease(target.fd, Lease.READ)
                except OSError:
                    return self._look_unleased(displaced, target, may_remove=may_remove)
                if not leased:
                    return DisplacedState.HELD, b""
                try:
                    return self._look_leased(displaced, target, may_remove=may_remove)
                finally:
                    release_lease(system, target.fd)
        except FileNotFoundError:
            return DisplacedState.REMOVED, b""
        except OSError:
            return DisplacedState.HELD, b""

    def _look_leased(
        self, displaced: DisplacedFile, target: OpenNote, *, may_remove: bool
    ) -> tuple[DisplacedState, bytes]:
        found = target.read(self._system)
        if found != displaced.expected:
            return DisplacedState.EDITED, found
        self._system.sleep(LOOKUP)
        if not may_remove or not self._system.holds(target.fd, Lease.READ):
            return DisplacedState.HELD, b""
        remove_file(self._system, displaced.beside)
        return DisplacedState.REMOVED, b""

    def _look_unleased(
        self, displaced: DisplacedFile, target: OpenNote, *, may_remove: bool
    ) -> tuple[DisplacedState, bytes]:
        system = self._system
        displaced.is_leaseless, displaced.is_quiet = True, False
        signature = FileStamp.of(system.fstat(target.fd))
        if signature != displaced.seen:
            displaced.seen, displaced.since = signature, system.now()
        stood_still = system.now() - displaced.since
        if stood_still < LOOKUP and target.read(system) == displaced.expected:
            return DisplacedState.HELD, b""
        writers = self._look_for_writers(displaced)
        if displaced.beside in writers.paths:
            return DisplacedState.HELD, b""
        found = target.read(system)
        if FileStamp.of(system.fstat(target.fd)) != signature:
            return DisplacedState.HELD, b""
        displaced.is_quiet = found == displaced.expected
        if not writers.are_all_seen and stood_still < self._enough(displaced, found):
            return DisplacedState.HELD, b""
        if not displaced.is_quiet:
            return DisplacedState.EDITED, found
        if stood_still < LOOKUP or not may_remove:
            return DisplacedState.HELD, b""
        remove_file(system, displaced.beside)
        return DisplacedState.REMOVED, b""

    def _enough(self, displaced: DisplacedFile, found: bytes) -> float:
        """Seconds that it must have stood still where somebody may be writing it who is not seen."""
        retry_policy = self._retry_policy
        if not displaced.is_quiet:
            return (
                retry_policy.believed
                if len(found) < len(displaced.expected)
                else min(SETTLED, retry_policy.believed)
            )
        return min(retry_policy.late, retry_policy.late_at_end) if self._is_ending else retry_policy.late

    def _look_for_writers(self, displaced: DisplacedFile) -> Writers:
        """Who writes the kept files, looked up once for all that nobody new can have found since."""
        if displaced not in self._kept:
            return self._system.writers([displaced.beside])
        if self._looked_at < displaced.since + LOOKUP or not self._is_looked_up:
            self._looked_at, self._is_looked_up = self._system.now(), True
            self._writers = self._system.writers([each.beside for each in self._kept])
        return self._writers

    @contextmanager
    def _pass(self) -> Iterator[None]:
        self._is_settling, self._is_looked_up = True, False
        try:
            yield
        finally:
            self._is_settling = False

    @property
    def _can_tell_soon(self) -> bool:
        """Whether another look within milliseconds can tell more than this one."""
        return not self._is_looked_up or self._writers.are_all_seen or bool(self._writers.paths)

    def save_late_edit(self, displaced: DisplacedFile, late: bytes, write: Write) -> RecoveredEdit:
        """Merge it into the note; where it clashes, let the displaced file live on under its own name."""
        merged = MergedEdit(displaced, displaced.expected, late)
        try:
            merged.text = write(displaced.note, merged.into).after
        except (RefusedError, NoteGoneError):
            return self._make_copy(displaced, RecoveryOutcome.COPIED)
        except NoteBusyError:
            if not merged.does_clash:
                raise
            return self._make_copy(displaced, RecoveryOutcome.COPIED)
        displaced.expected = late
        merged.since = self._system.now()
        self._merged.append(merged)
        return RecoveredEdit(displaced.note, RecoveryOutcome.MERGED)

    def _make_copy(self, displaced: DisplacedFile, outcome: RecoveryOutcome) -> RecoveredEdit:
        """Give the displaced file a name of its own beside the note, and put that on the disk."""
        note = displaced.note
        copy = _copy_name(note)
        self._system.rename(displaced.beside, copy)
        with suppress(OSError):  # it is told in any case
            for folder in dict.fromkeys((copy.parent, displaced.beside.parent)):
                self._system.sync_folder(folder)
        return RecoveredEdit(note, outcome, (copy,))

    def _let_go(self, displaced: DisplacedFile) -> RecoveredEdit | None:
        """The program ends, and somebody may still write into the file, or its late edit is not merged."""
        state, _ = self.look(displaced)
        if state is DisplacedState.REMOVED:
            displaced.entry.drop()
            return None
        if displaced.is_in_the_way or self._holds_late_edit(displaced):
            is_done = state is DisplacedState.EDITED
            with suppress(OSError):
                told = self._make_copy(
                    displaced, RecoveryOutcome.COPIED if is_done else RecoveryOutcome.STILL_OPEN
                )
                displaced.entry.drop()
                return told
        displaced.entry.mark_reported()
        displaced.entry.leave()
        return (
            None if displaced.is_fit_to_be_left else RecoveredEdit(displaced.note, RecoveryOutcome.UNSETTLED)
        )

    def _holds_late_edit(self, displaced: DisplacedFile) -> bool:
        with suppress(OSError), open_target(self._system, displaced.beside, os.O_RDONLY) as target:
            return target.read(self._system) != displaced.expected
        return False


def _copy_name(note: Path) -> Path:
    """A name for a conflict copy beside `note`."""
    return note.with_name(f"{note.stem[:60]} (conflict {os.urandom(3).hex()}){note.suffix}")


def _lines_of(text: bytes, *, without: bytes) -> Counter[bytes]:
    """The lines of a text that another has not, and how often."""
    return Counter(text.split(b"\n")) - Counter(without.split(b"\n"))


def _lacking(appended: bytes, current: bytes, base: bytes) -> bytes:
    """Those of the lines behind `base` that `current` has not got from anywhere else."""
    there = _lines_of(current, without=base)
    lines = []
    *whole, unfinished = appended.split(b"\n")
    for line in whole:
        if there[line]:
            there[line] -= 1
        else:
            lines.append(line + b"\n")
    return b"".join(lines) + unfinished
