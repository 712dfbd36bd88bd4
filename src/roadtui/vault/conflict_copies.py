"""Finds the conflict copies that other programs put beside a note while the vault is open. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from roadtui.vault.snapshot import Snapshot
from roadtui.vault.watch.conflict_names import sure_conflict_name

_OURS = "roadtui"


class ConflictCopy(NamedTuple):
    """A version of a note that a program has kept under another name."""

    path: str
    """Relative to the vault, as is `original`."""
    original: str
    maker: str
    """The program."""

    @property
    def message(self) -> str:
        """The sentence to show."""
        original, copy = PurePosixPath(self.original).name, PurePosixPath(self.path).name
        return (
            f"{original} was edited in two places. {self.maker[:1].upper()}{self.maker[1:]} has kept the "
            f"other version as {copy}: see what it has that {original} lacks."
        )


def new_conflict_copies(before: Snapshot, after: Snapshot) -> Iterator[ConflictCopy]:
    """The conflict copies of notes that were there before, in order of their paths.

    Those that roadtui makes itself are reported where they are made.
    """
    for path in sorted(after.notes.keys() - before.notes.keys()):
        name = sure_conflict_name(path)
        if name is not None and name.maker != _OURS and name.original in before.notes:
            yield ConflictCopy(path, name.original, name.maker)
