"""The dates of tasks that the history has, for commands."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from roadtui.cli.output import report_all
from roadtui.config import state_folder

if TYPE_CHECKING:
    from roadtui.core.stats.activity import KnownDates
    from roadtui.vault.history.history import History
    from roadtui.vault.snapshot import VaultNote
    from roadtui.vault.vault import Vault


class RecordedDates:
    """Reads the history of one vault, without creating it. Closed with the command."""

    def __init__(self, vault: Vault) -> None:
        """Open nothing yet."""
        self._vault = vault
        self._history: History | None = None

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        """When tasks of `notes` were added and done. Problems with the history are reported on stderr."""
        history = self._opened()
        try:
            return history.known_dates(notes)
        finally:
            report_all(history.drain_messages())

    @property
    def history(self) -> History:
        """The history of the vault; its calls may block."""
        return self._opened()

    def _opened(self) -> History:
        if self._history is None:
            from roadtui.vault.history.history import History  # Not for --help.
            from roadtui.vault.history.paths import folder_of

            state = state_folder()
            is_there = os.path.isdir(folder_of(state, self._vault.scope))
            self._history = History(state if is_there else None, self._vault.scope)
            click.get_current_context().call_on_close(self._history.close)
        return self._history
