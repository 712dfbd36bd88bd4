"""Commits transactions: all of their edits are written, or none. Blocks, like the vault it writes into."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.core.edits.edit import Edit, Transaction
from roadtui.core.errors import RoadtuiError
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault


class PartialCommitError(RoadtuiError):
    """One edit of a transaction failed, and the edits before it could not be undone."""


class TransactionResult(NamedTuple):
    """The result of committing a transaction."""

    parts: tuple[EditCommit, ...]
    """The result of each edit, in order."""

    @property
    def snapshot(self) -> Snapshot:
        """The vault after the transaction."""
        return self.parts[-1].snapshot

    @property
    def path(self) -> str:
        """The note to show the user."""
        return self.parts[-1].path

    @property
    def line(self) -> int:
        """The line to show the user, from 0."""
        return self.parts[-1].line

    @property
    def inverses(self) -> list[tuple[Edit, bytes]]:
        """The edits that undo the transaction, in order, each with the bytes of the note that it changes."""
        return [(made.inverse, made.data) for made in reversed(self.parts) if made.inverse is not None]


def commit(vault: Vault, transaction: Transaction) -> TransactionResult:
    """Write the edits of `transaction` one after the other; if one fails, those before it are undone.

    Raises:
        RoadtuiError: as raised by `Vault.commit`; nothing was changed.
        PartialCommitError: an edit failed, and an earlier one could not be undone.
    """
    commits: list[EditCommit] = []
    for edit in transaction.edits:
        try:
            commits.append(vault.commit(edit))
        except RoadtuiError as error:
            _undo(vault, commits, error)
            raise
    return TransactionResult(tuple(commits))


def _undo(vault: Vault, commits: list[EditCommit], cause: RoadtuiError) -> None:
    for made in reversed(commits):
        if made.inverse is None:
            continue
        try:
            vault.commit(made.inverse)
        except RoadtuiError as error:
            raise PartialCommitError(
                f"Only part of it was done, in {made.path}: {cause} That part could not be undone: {error}"
            ) from error
