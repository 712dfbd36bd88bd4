"""Files that an exchange took out of their place: kept until it is proven that no late writer holds them.

A program that opened the note before the exchange still writes into the old file. Where there are leases, a
read lease proves that nobody does; elsewhere five seconds without a change have to do. A late edit is merged
into the note. If it clashes with ours, the displaced file itself becomes a conflict copy beside the note.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from roadtui.core.errors import RefusedError
from roadtui.vault.errors import WriteFailedError
from roadtui.vault.reading import Signature
from roadtui.vault.system import SYSTEM, Lease, System, give_back
from roadtui.vault.writing.journal import Entry, Outcome, Recovered
from roadtui.vault.writing.merge import merge
from roadtui.vault.writing.strategy import Patience, Transform, Written
from roadtui.vault.writing.target import Target, open_target

LOOKUP: Final = 0.01
"""Seconds that the lease is held before the file goes: an `open` that found the name before the exchange has
long arrived by then, and is seen waiting."""

Write = Callable[[Path, Transform], Written]


class Verdict(Enum):
    """What one look at a displaced file says."""

    REMOVED = "nobody held it; it is gone"
    HELD = "somebody may still write into it"
    EDITED = "it was edited after it was displaced, and nobody writes any more"


@dataclass(slots=True)
class Displaced:
    """One file that is kept for now."""

    note: Path
    beside: Path
    expected: bytes
    """What it holds as long as nobody edits it late."""
    entry: Entry
    seen: Signature | None = None
    """How it looked last time; used where there are no leases."""
    since: float = 0.0
    """Since when it looks like that."""


class Displacements:
    """The files that are kept, and what becomes of them."""

    def __init__(self, system: System = SYSTEM, patience: Patience | None = None) -> None:
        self._system = system
        self._patience = patience or Patience()
        self._kept: list[Displaced] = []

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, displaced: Displaced) -> None:
        """Look at it at every `settle` from now on."""
        self._kept.append(displaced)

    def remove(self, displaced: Displaced) -> bool:
        """Remove it if that is safe right now; False if it is edited or may be."""
        if self.look(displaced)[0] is not Verdict.REMOVED:
            return False
        displaced.entry.drop()
        return True

    def settle(self, write: Write) -> list[Recovered]:
        """Look at every kept file again; `write` puts late edits into their note."""
        told: list[Recovered] = []
        for displaced in tuple(self._kept):
            verdict, late = self.look(displaced)
            if verdict is Verdict.EDITED:
                with suppress(OSError, WriteFailedError):  # it stays kept, and is tried again
                    told.append(self.save_late_edit(displaced, late, write))
                    verdict, _ = self.look(displaced)
            if verdict is Verdict.REMOVED:
                displaced.entry.drop()
                self._kept.remove(displaced)
        return told

    def leave(self) -> None:
        """Hand what is kept to the next start."""
        for displaced in self._kept:
            displaced.entry.leave()
        self._kept.clear()

    def look(self, displaced: Displaced) -> tuple[Verdict, bytes]:
        """Remove the file if it is unchanged and unheld; with EDITED come the bytes of the late edit."""
        system = self._system
        try:
            with open_target(system, displaced.beside, os.O_RDONLY) as target:
                try:
                    leased = system.lease(target.fd, Lease.READ)
                except OSError:
                    return self._look_unleased(displaced, target)
                if not leased:
                    return Verdict.HELD, b""
                try:
                    return self._look_leased(displaced, target)
                finally:
                    give_back(system, target.fd)
        except FileNotFoundError:
            return Verdict.REMOVED, b""
        except OSError:
            return Verdict.HELD, b""

    def _look_leased(self, displaced: Displaced, target: Target) -> tuple[Verdict, bytes]:
        found = target.read(self._system)
        if found != displaced.expected:
            return Verdict.EDITED, found
        self._system.sleep(LOOKUP)
        if not self._system.holds(target.fd, Lease.READ):
            return Verdict.HELD, b""
        self._system.unlink(displaced.beside)
        return Verdict.REMOVED, b""

    def _look_unleased(self, displaced: Displaced, target: Target) -> tuple[Verdict, bytes]:
        system = self._system
        signature = Signature.of(system.fstat(target.fd))
        if signature != displaced.seen:
            displaced.seen, displaced.since = signature, system.now()
        stood_still = system.now() - displaced.since
        if stood_still < self._patience.believed:
            return Verdict.HELD, b""
        found = target.read(system)
        if Signature.of(system.fstat(target.fd)) != signature:
            return Verdict.HELD, b""
        if found != displaced.expected:
            return Verdict.EDITED, found
        if stood_still < self._patience.late:
            return Verdict.HELD, b""
        system.unlink(displaced.beside)
        return Verdict.REMOVED, b""

    def save_late_edit(self, displaced: Displaced, late: bytes, write: Write) -> Recovered:
        """Merge it into the note; where it clashes, let the displaced file live on under its own name."""
        expected = displaced.expected

        def with_late_edit(current: bytes) -> bytes:
            merged = merge(expected, current, late)
            if merged is None:
                raise RefusedError(f"Two edits of {displaced.note.name} clash.")
            return merged

        try:
            write(displaced.note, with_late_edit)
        except RefusedError:
            note = displaced.note
            copy = note.with_name(f"{note.stem[:60]} (conflict {os.urandom(3).hex()}){note.suffix}")
            self._system.rename(displaced.beside, copy)
            return Recovered(note, Outcome.COPIED, (copy,))
        displaced.expected = late
        return Recovered(displaced.note, Outcome.MERGED)
