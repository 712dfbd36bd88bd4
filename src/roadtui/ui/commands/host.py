"""What commands need of the program that they are run in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from roadtui.ui.notifications import Notifier

if TYPE_CHECKING:
    import asyncio

    from roadtui.core.edits.edit import Transaction
    from roadtui.session.actions import TaskActions
    from roadtui.vault.commit import TransactionResult


class CommandHost(Protocol):
    """The program that commands are run in."""

    @property
    def notifier(self) -> Notifier:
        """Shows sentences to the user."""

    def make_actions(self) -> TaskActions:
        """What makes transactions for the vault as it is now, and today."""

    def submit(self, transaction: Transaction) -> asyncio.Future[TransactionResult | None]:
        """Have `transaction` written after those before it.

        The future ends when it is on disk; it raises RoadtuiError if it was refused, and is cancelled if the
        program ends before.
        """
