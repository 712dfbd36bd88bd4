"""Lends the terminal to another program, such as an editor, and takes it back when that has ended.

The event loop runs on meanwhile, so edits are written and the vault is followed; nothing is painted.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, Final

from textual.app import App, SuspendNotSupported

from roadtui.core.errors import RefusedError
from roadtui.core.terminal_text import escape_terminal

if TYPE_CHECKING:
    from roadtui.ui.terminal.termination import Termination

_KEYBOARD_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGQUIT") if hasattr(signal, name)
)
"""What ctrl+c and ctrl+\\ send to every program in the terminal: the one that it is lent to handles them."""

_CLEAR_LINE: Final = "\r\x1b[2K"


class LentTerminal:
    """Runs programs in the terminal of an app, one at a time."""

    def __init__(self, app: App[Any], termination: Termination | None) -> None:
        """Make it for `app`; `termination` receives the signals that end the app."""
        self._app = app
        self._termination = termination
        self._process: asyncio.subprocess.Process | None = None
        self._is_to_end = False
        """Whether the program was asked to end, which may be before it is known to have started."""
        self.is_running = False
        """Whether the terminal is lent to a program."""

    async def run(self, command: Sequence[str]) -> int:
        """Run `command` until it has ended; return its exit status, negative for a signal.

        The terminal is as before then, whatever the program has left.

        Raises:
            RefusedError: it cannot be started, or this terminal cannot be lent.
        """
        self._is_to_end = False
        failure: Exception | None = None
        status = 0
        keys = self._termination.ignoring(_KEYBOARD_SIGNALS) if self._termination else nullcontext()
        try:
            # Textual does not resume after an exception, so none may leave the block.
            with self._app.suspend(), _terminal_modes_kept(), keys:
                self.is_running = True
                notice = f"{os.path.basename(command[0])} is open; roadtui goes on when it has ended. "
                _print(escape_terminal(notice))
                try:
                    self._process = await asyncio.create_subprocess_exec(*command)
                    if self._is_to_end:
                        self.terminate()
                    status = await self._process.wait()
                except (OSError, ValueError) as error:
                    failure = error
                finally:
                    _print(_CLEAR_LINE)
                    self._process = None
                    self.is_running = False
        except SuspendNotSupported as error:
            raise RefusedError("No other program can be run in this terminal.") from error
        if failure is not None:
            reason = getattr(failure, "strerror", None) or str(failure)
            raise RefusedError(f"{os.path.basename(command[0])} cannot be started: {reason}.") from failure
        return status

    def terminate(self) -> None:
        """Ask the program to end: this one is about to."""
        self._is_to_end = self.is_running
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()


def _print(text: str) -> None:
    """Write `text` to the terminal: all that is seen of a program that has a window of its own."""
    with suppress(OSError, ValueError, AttributeError):
        os.write(sys.__stdout__.fileno(), text.encode(errors="replace"))  # type: ignore[union-attr]


@contextmanager
def _terminal_modes_kept() -> Iterator[None]:
    """Restore the modes of the terminal after the block: a program that crashed may have left others."""
    if sys.platform == "win32":
        yield
        return
    import termios  # Not on Windows.

    modes = None
    with suppress(OSError, ValueError, termios.error, AttributeError):
        fd = sys.__stdin__.fileno()  # type: ignore[union-attr]  # None raises AttributeError.
        modes = termios.tcgetattr(fd)
    try:
        yield
    finally:
        if modes is not None:
            with suppress(OSError, termios.error):
                termios.tcsetattr(fd, termios.TCSADRAIN, modes)
