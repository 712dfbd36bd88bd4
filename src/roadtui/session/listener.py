"""What a vault session reports to the program that shows it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from roadtui.core.errors import RoadtuiError
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.core.edits.edit import Edit, Transaction
    from roadtui.vault.commit import TransactionResult
    from roadtui.vault.overwrite_guard import Loss, OverwrittenEdit

View = TypeVar("View")
"""The view model that the listener makes of a snapshot."""


class TransactionOrigin(Enum):
    """Who made a change."""

    HERE = "here"
    OUTSIDE = "outside"


class WriteKind(Enum):
    """How a transaction relates to the undo list."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"
    REAPPLY = "reapply"
    """Re-applies an edit that a stale buffer overwrote; the undo list contains it already."""

    @property
    def is_undo_or_redo(self) -> bool:
        """Whether the transaction comes from the undo list."""
        return self in (WriteKind.UNDO, WriteKind.REDO)


class WriteRequest(NamedTuple):
    """A transaction on its way to the disk."""

    transaction: Transaction
    kind: WriteKind


class SessionListener(Protocol[View]):
    """Callbacks of a session. All but `view` are called in the event loop."""

    def view(self, snapshot: Snapshot) -> View:
        """The view model for `snapshot`. Called in a thread."""

    def open_path(self) -> str | None:
        """Path of the note on the screen; None if no note is open."""

    def vault_changed(self, view: View, origin: TransactionOrigin) -> None:
        """The vault has changed; `view` is its new view model."""

    async def ready_for_write(self) -> None:
        """Wait until what a transaction will change is shown, or for a moment: then it is written."""

    def transaction_saved(self, request: WriteRequest, result: TransactionResult, view: View | None) -> None:
        """A transaction is on disk; `view` includes it. None if a later view model is shown already."""

    def transaction_waits(self, request: WriteRequest, error: RoadtuiError) -> None:
        """A transaction cannot be written now and will be tried again."""

    def transaction_refused(self, request: WriteRequest, error: RoadtuiError) -> None:
        """A transaction was not written; the notes are as they were."""

    def reapply_pending(self, request: WriteRequest, overwritten: OverwrittenEdit) -> None:
        """An edit that another program overwrote is about to be re-applied; show it as re-applied."""

    def reapply_dropped(self, request: WriteRequest) -> None:
        """A pending transaction is dropped: the user has changed the same tasks meanwhile."""

    def edit_lost(self, edit: Edit, loss: Loss) -> None:
        """Another program has overwritten an edit, and it will not be re-applied."""

    def found(self, sentence: str) -> None:
        """Show `sentence`: about recovery, a late writer, the undo list, or a missing vault."""

    def nothing_to_undo(self, kind: WriteKind) -> None:
        """An undo or redo found the undo list empty."""

    def watching_changed(self, words: str, *, is_live: bool) -> None:
        """The way in which the vault is watched has changed; `words` name it in the header."""
