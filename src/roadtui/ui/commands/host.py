"""What commands need of the program that they are run in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from roadtui.ui.notifications import Notifier

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from roadtui.core.edits.edit import Transaction
    from roadtui.session.actions import TaskActions
    from roadtui.session.activity.activity import Activity
    from roadtui.session.find.find_service import FindService
    from roadtui.session.find.saved_views import SavedViews
    from roadtui.vault.commit import TransactionResult
    from roadtui.vault.vault import Vault


class CommandHost(Protocol):
    """The program that commands are run in."""

    @property
    def notifier(self) -> Notifier:
        """Shows sentences to the user."""

    @property
    def vault(self) -> Vault:
        """The vault. Its methods may block."""

    def open_note(self, path: str, line: int | None = None) -> None:
        """Close the screens on top of the dashboard, and go to the note at `path` and to `line` (from 0)."""

    async def edits_are_written(self) -> bool:
        """Wait for a moment until every edit is on disk; return whether all are."""

    async def run_editor(self, command: Sequence[str], path: str) -> int:
        """Run an editor in the terminal; return its exit status, negative for a signal.

        The note at `path` is read again before this returns. Raises RefusedError if it cannot be started.
        """

    def make_actions(self) -> TaskActions:
        """What makes transactions for the vault as it is now, and today."""

    @property
    def activity(self) -> Activity:
        """What has changed since the last look, as far as it is known."""

    @property
    def find(self) -> FindService:
        """Finds things in the vault."""

    @property
    def views(self) -> SavedViews:
        """The saved views."""

    async def save_view(self, name: str, query: str) -> None:
        """Save `query` as the view `name`, in place of an earlier one. Raises ViewError if that fails."""

    async def remove_view(self, name: str) -> None:
        """Remove the view `name` that was saved. Raises ViewError if that fails."""

    def submit(self, transaction: Transaction) -> asyncio.Future[TransactionResult | None]:
        """Have `transaction` written after those before it.

        The future ends when it is on disk; it raises RoadtuiError if it was refused, and is cancelled if the
        program ends before.
        """
