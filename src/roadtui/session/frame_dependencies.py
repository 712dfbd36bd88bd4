"""Collects all that the dashboard depends on, for a saved frame. Blocks, so for threads.

A file that has not changed since the program began is as the program has read it. One that has is looked at
once more: only if what it holds is what is shown is the frame true. Where that cannot be found out, there is
none.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic_ns, time_ns
from typing import TYPE_CHECKING, Final, NamedTuple

from roadtui.core.markdown import content_hash
from roadtui.saved_frame import (
    HEAD,
    LARGEST,
    LISTING,
    STAMP,
    WHOLE,
    FrameDependencies,
    Stamp,
    checksum,
    stamp_of,
)
from roadtui.vault.errors import UnreadableNoteError, VaultMissingError
from roadtui.vault.reader import read_note

if TYPE_CHECKING:
    from roadtui.vault.snapshot import Snapshot, VaultNote
    from roadtui.vault.vault import Vault

_RACY_NS: Final = 2_000_000_000
"""A stamp that is younger may stay the same although the file changes: FAT counts in steps of two seconds."""
_MOST_CHECKS: Final = 64
"""So many young files are read at a start; with more, no frame is saved."""
_MOST_CLOCK_STEPS_NS: Final = 500_000_000
"""If the clock was set by more while the program ran, the ages of files mean nothing."""
_LIBRARIES: Final = ("textual", "rich", "rich.cells", "textual.app")

Probe = Callable[[], bool]
"""Finds out whether what is shown is what a file holds now."""


class StartFiles(NamedTuple):
    """What decides which vault or note a command line opens; paths may be relative."""

    stamped: list[str]
    """Those that must not change."""
    folders: list[str]
    """Those that must be folders."""
    absent: list[str]
    """Those that must not exist."""


class UnknownStateError(Exception):
    """It cannot be proved that what is shown is what is on disk."""


class ProgramStart(NamedTuple):
    """When the program began, by two clocks, in nanoseconds."""

    wall: int
    steady: int

    @property
    def is_clock_steady(self) -> bool:
        """Whether the clock by which files are dated was not set since."""
        return abs((time_ns() - self.wall) - (monotonic_ns() - self.steady)) < _MOST_CLOCK_STEPS_NS


class DependencyCollector:
    """Collects the dependencies of one frame."""

    def __init__(self, start: ProgramStart) -> None:
        """`start`: when the program began, before it read anything."""
        self._young = start.wall - 2 * _RACY_NS
        self._racy = time_ns() - _RACY_NS
        self._paths: list[bytes] = []
        self._stamps: list[bytes] = []
        self._checks: list[tuple[int, bytes, int]] = []
        self._folders: list[bytes] = []
        self._absent: list[bytes] = []

    def collected(self) -> FrameDependencies:
        """All that was added."""
        if len(self._checks) > _MOST_CHECKS:
            raise UnknownStateError
        return FrameDependencies(
            self._paths, b"".join(self._stamps), self._checks, self._folders, self._absent
        )

    def add(self, path: str | Path, is_shown: Probe | None = None, kind: bytes = WHOLE) -> None:
        """Add a file or folder that may be absent.

        Args:
            path: Its path.
            is_shown: Asked where the file has changed since the program began, or is absent; None: there is
                no way to find out.
            kind: What of its content is compared at a start where its stamp is too young to be trusted.

        Raises:
            UnknownStateError: it is not known whether what is shown is what it holds.
        """
        encoded = os.fsencode(path)
        before = _stamp(encoded)
        if before is not None and max(before[3:]) < self._young:
            self._put(encoded, before)
            return
        found = checksum(encoded, kind) if before is not None else 0
        if is_shown is None or not is_shown() or _stamp(encoded) != before:
            raise UnknownStateError
        if before is None:
            self._absent.append(encoded)
        else:
            self._put(encoded, before, kind, found)

    def add_start(self, files: StartFiles) -> None:
        """Add what decides what is opened."""
        for path in files.stamped:
            self.add(path, lambda: True, LISTING if os.path.isdir(path) else WHOLE)
        self._folders += map(os.fsencode, files.folders)
        self._absent += map(os.fsencode, files.absent)

    def add_notes(self, root: Path, notes: Iterable[VaultNote]) -> None:
        """Add notes of the vault at `root`. Only those that changed since the program began are read."""
        prefix = os.fsencode(root) + b"/"
        for note in notes:
            encoded = prefix + os.fsencode(note.path)
            stamp = note.stamp
            if max(stamp.mtime_ns, stamp.ctime_ns) < self._young:
                self._put(encoded, (stamp.dev, stamp.ino, stamp.size, stamp.mtime_ns, stamp.ctime_ns))
            else:
                self._add_read(root / note.path, encoded, note.digest)

    def _add_read(self, path: Path, encoded: bytes, digest: bytes) -> None:
        before = _stamp(encoded)
        try:
            data = read_note(path, LARGEST).data
        except UnreadableNoteError as error:
            raise UnknownStateError from error
        if before is None or content_hash(data) != digest or _stamp(encoded) != before:
            raise UnknownStateError
        self._put(encoded, before, WHOLE, checksum(encoded, WHOLE))
        if _stamp(encoded) != before:
            raise UnknownStateError

    def add_folders(self, vault: Vault, snapshot: Snapshot) -> None:
        """Add the folders of the vault, and the links in it: by their stamps, no note came or went."""
        from roadtui.vault.scan import folders_and_links, scan  # Not on the way to the first screen.

        known = frozenset(snapshot.notes) | {problem.path for problem in snapshot.problems}

        looked: bool | None = None

        def is_shown() -> bool:
            nonlocal looked
            if looked is None:
                found = scan(vault.root, vault.rules)
                listed = found.notes.keys() | {problem.path for problem in found.problems}
                looked = listed | found.placeholders == known
            return looked

        try:
            paths = folders_and_links(vault.root, vault.rules)
            for path in paths:
                self.add(os.path.join(vault.root, path) if path else vault.root, is_shown, LISTING)
        except VaultMissingError as error:
            raise UnknownStateError from error

    def add_program(self) -> None:
        """Add the program's own modules, and what tells another version of the libraries that draw."""
        names = [*_LIBRARIES, *(name for name in sys.modules if name.partition(".")[0] == "roadtui")]
        for name in names:
            file = getattr(sys.modules.get(name), "__file__", None)
            if file is not None:
                self.add(file)

    def _put(self, path: bytes, stamp: Stamp, kind: bytes = WHOLE, found: int | None = None) -> None:
        if found is not None and max(stamp[3:]) >= self._racy:
            self._checks.append((len(self._paths), kind, found))
        self._paths.append(path)
        self._stamps.append(STAMP.pack(*stamp))


def add_history(collector: DependencyCollector, state: Path, scope: Path) -> None:
    """Add the event logs of a vault. That of this machine is the program's own, whatever is in it by now."""
    from roadtui.vault.history.paths import folder_of, other_files, own_file  # It brings in JSON.

    own = own_file(state, scope)
    others = other_files(own)
    for other in others:
        collector.add(other)
    collector.add(own, lambda: True, HEAD)
    collector.add(folder_of(state, scope), lambda: other_files(own) == others, LISTING)


def _stamp(path: bytes) -> Stamp | None:
    """The stamp of a path; None if it does not exist."""
    try:
        return stamp_of(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnknownStateError from error
