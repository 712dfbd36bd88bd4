"""What commands need of the program that they are run in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from roadtui.ui.notifications import Notifier

if TYPE_CHECKING:
    import asyncio

    from roadtui.core.edits.edit import Transaction
    from roadtui.session.actions import TaskActions
    from roadtui.session.find.saved_views import SavedViews
    from roadtui.vault.commit import TransactionResult


class CommandHost(Protocol):
    """The program that commands are run in."""

    @property
    def notifier(self) -> Notifier:
        """Shows sentences to the user."""

    def make_actions(self) -> TaskActions:
        """What makes transactions for the vault as it is now, and today."""

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
