"""The notification about the end of a phase: on the desktop, by its program or by the terminal.

A notification goes through the desktop's own program where there is one, else to the terminal, which may be
at the other end of a line. Words of notes are harmless in both: no shell, no control character, no markup.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from html import escape

from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import escape_terminal
from roadtui.core.titles import short_title
from roadtui.session.focus_session import Phase

_TITLE = "roadtui"
_TIMEOUT = 5.0
"""Seconds that the desktop's program may take; it is not waited for on the screen."""


def notify_desktop(sentence: str, write: Callable[[str], None]) -> None:
    """Show `sentence` on the desktop. May block for a moment; what fails is passed over, the bell has rung.

    Args:
        sentence: The text.
        write: Writes a control sequence to the terminal.
    """
    command = desktop_command(sentence, os.environ, shutil.which)
    if command is None:
        write(terminal_sequence(sentence, os.environ.get("TERM", "")))
        return
    try:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return


def desktop_command(
    sentence: str, environment: Mapping[str, str], find: Callable[[str], str | None]
) -> list[str] | None:
    """The program that shows `sentence`, with its arguments; None where the terminal is to be asked.

    So it is where there is none, or no desktop, or where the desktop is that of another machine (SSH).
    """
    is_here = "SSH_CONNECTION" not in environment
    has_desktop = not environment.keys().isdisjoint(("WAYLAND_DISPLAY", "DISPLAY"))
    program = find("notify-send") if is_here and has_desktop else None
    if program is None:
        return None
    body = escape(escape_terminal(sentence), quote=False)  # It reads the body as markup.
    return [program, f"--app-name={_TITLE}", "--", _TITLE, body]


def terminal_sequence(sentence: str, terminal: str) -> str:
    """The control sequence that shows `sentence` in a `terminal` of this type: OSC 777 or OSC 9.

    A semicolon would end the text there; the title in front keeps OSC 9 from being read as one of ConEmu's
    commands, which are numbers.
    """
    text = escape_terminal(sentence).replace(";", ",")
    if terminal.startswith(("rxvt", "foot")):
        return f"\x1b]777;notify;{_TITLE};{text}\x1b\\"
    return f"\x1b]9;{_TITLE}: {text}\x1b\\"


def time_is_up(ended: Phase, minutes: int, text: str) -> str:
    """The message at the end of a phase: of a break, or of `minutes` of work on the task `text`."""
    if ended is Phase.BREAK:
        return "The break is over."
    return f"{quantity(minutes, 'minute')} {'is' if minutes == 1 else 'are'} over: {short_title(text)}"
