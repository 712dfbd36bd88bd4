"""Steps of several edits: all of them are made, or none. Blocks, like the vault it writes into."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.core.errors import RoadtuiError
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault


class PartialCommitError(RoadtuiError):
    """One edit of a step was not made, and those before it could not be taken back."""


class TransactionResult(NamedTuple):
    """What came of a step."""

    parts: tuple[EditCommit, ...]
    """Of each edit, in order."""

    @property
    def snapshot(self) -> Snapshot:
        """The vault with the step in it."""
        return self.parts[-1].snapshot

    @property
    def path(self) -> str:
        """The note to look at."""
        return self.parts[-1].path

    @property
    def line(self) -> int:
        """The line to look at, from 0."""
        return self.parts[-1].line

    @property
    def inverses(self) -> list[tuple[Edit, bytes]]:
        """The edits that take it back, in order, each with the note it is anchored in; or none."""
        return [(part.inverse, part.data) for part in reversed(self.parts) if part.inverse is not None]


def commit(vault: Vault, transaction: Transaction) -> TransactionResult:
    """Write the edits of `transaction` one after the other; if one is refused, none stays.

    Raises:
        RoadtuiError: what `Vault.commit` raises; nothing was changed.
        PartialCommitError: something was, and says so.
    """
    made: list[EditCommit] = []
    for edit in transaction.edits:
        try:
            made.append(vault.commit(edit))
        except RoadtuiError as error:
            _take_back(vault, made, error)
            raise
    return TransactionResult(tuple(made))


def _take_back(vault: Vault, made: list[EditCommit], cause: RoadtuiError) -> None:
    for part in reversed(made):
        if part.inverse is None:
            continue
        try:
            vault.commit(part.inverse)
        except RoadtuiError as error:
            raise PartialCommitError(
                f"Only half of it was done, in {part.path}: {cause} It could not be taken back: {error}"
            ) from error
