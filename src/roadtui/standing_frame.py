"""A saved frame on the terminal, until the program takes over or ends. Imports nothing that takes time.

POSIX only.
"""

import _signal  # type: ignore[import-not-found]  # `signal` makes enums of it: 2 ms.
import os
import termios

from roadtui.saved_frame import SavedFrame, find, terminal_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    LineSettings: TypeAlias = list[Any]
    """What `termios.tcgetattr` gives."""

_STDIN, _STDOUT = 0, 1
ENTER = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
"""Switch to the alternate screen, hide the cursor, do not wrap lines."""
LEAVE = b"\x1b[?7h\x1b[?1049l\x1b[?25h"
"""The opposite."""
_ENDING = tuple(getattr(_signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"))
_IFLAG, _LFLAG, _CC = 0, 3, 6
"""Indices in what `termios.tcgetattr` gives, as in `tty`."""


class StandingFrame:
    """A frame that stands on the terminal."""

    __slots__ = ("attributes", "frame", "is_standing", "size")

    def __init__(self, frame: SavedFrame, size: tuple[int, int], attributes: "LineSettings") -> None:
        self.frame = frame
        self.size = size
        """Columns and rows of the terminal."""
        self.attributes = attributes
        """The line settings of the terminal as the program found it."""
        self.is_standing = True
        """Whether the terminal has to be restored from here: not once the program has taken over."""

    @classmethod
    def show(cls, frame: SavedFrame, size: tuple[int, int]) -> "StandingFrame | None":
        """Write `frame` to the terminal, and let what is typed wait; None if that is not possible."""
        try:
            attributes = termios.tcgetattr(_STDIN)
            standing = cls(frame, size, attributes)
            standing._handle_signals()
            termios.tcsetattr(_STDIN, termios.TCSANOW, _raw(attributes))
        except (OSError, termios.error):
            return None
        try:
            _write(ENTER + frame.screen)
        except OSError:
            standing.restore()
            return None
        return standing

    def _handle_signals(self) -> None:
        for number in (*_ENDING, _signal.SIGTSTP):
            if _signal.getsignal(number) is not _signal.SIG_IGN:
                _signal.signal(number, self._received)

    def _received(self, number: int, _frame: object) -> None:
        """Restore the terminal, and do what the signal does by default."""
        self.restore()
        if number == _signal.SIGTSTP:
            os.kill(os.getpid(), _signal.SIGSTOP)
        else:
            _signal.signal(number, _signal.SIG_DFL)
            os.kill(os.getpid(), number)

    def restore(self) -> None:
        """Restore the terminal, unless that is done already or the program has taken over."""
        if not self.is_standing:
            return
        self.is_standing = False
        try:
            termios.tcsetattr(_STDIN, termios.TCSANOW, self.attributes)
            _write(LEAVE)
        except (OSError, termios.error):
            pass  # The terminal is gone.

    def take_over(self) -> "LineSettings":
        """The frame is the program's now: it restores the terminal, with these line settings."""
        self.is_standing = False
        return self.attributes


def show_saved(arguments: list[str]) -> StandingFrame | None:
    """Show the frame for this start, if there is one that holds; `arguments`: those of the command line."""
    size = terminal_size()
    frame = find(arguments, size) if size is not None else None
    return StandingFrame.show(frame, size) if frame is not None and size is not None else None


def _raw(attributes: "LineSettings") -> "LineSettings":
    """The line settings that the program has while it runs (Textual's `LinuxDriver`)."""
    raw = attributes[:]
    signals = 0 if os.environ.get("TEXTUAL_ALLOW_SIGNALS") else termios.ISIG
    raw[_LFLAG] = raw[_LFLAG] & ~(termios.ECHO | termios.ICANON | termios.IEXTEN | signals)
    raw[_IFLAG] = raw[_IFLAG] & ~(
        termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
    )
    raw[_CC] = raw[_CC][:]
    raw[_CC][termios.VMIN] = 1
    return raw


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(_STDOUT, data) :]
