"""Leaves the terminal to other programs for a while: to the shell, or to an editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from roadtui.session.session import VaultSession
from roadtui.ui.notifications import Notifier
from roadtui.ui.terminal.terminal_app import TerminalApp

_TIMEOUT: Final = 3.0
"""Seconds that going to the background, or to an editor, waits for edits that are not on disk yet."""


class ProgramSuspender:
    """Suspends the program, but never during a write: other programs would wait for its lease."""

    def __init__(self, app: TerminalApp[int], session: VaultSession[Any], notifier: Notifier) -> None:
        """Make a suspender of `app`, which writes by `session`; `notifier` shows why it is not suspended."""
        self._app = app
        self._session = session
        self._notifier = notifier

    async def suspend(self) -> None:
        """Go to the background, once every edit is on disk."""
        if await self.edits_are_written():
            self._app.action_suspend_process()
        else:
            self._notifier.show("Not suspended: an edit is still being saved. Try again.", "warning")

    async def edits_are_written(self) -> bool:
        """Wait for a moment until every edit is on disk; return whether all are."""
        return await self._session.edits.finish(_TIMEOUT)

    async def run_in_foreground(self, command: Sequence[str], path: str) -> int:
        """Run a program in the terminal, and read the note at `path` again at once when it has ended.

        Returns its exit status; negative for a signal. Raises RefusedError if it cannot be started.
        """
        status = await self._app.run_in_foreground(command)
        await self._session.refresh([path])
        self._session.rescan()
        return status
