"""The terminal driver on POSIX: Textual's, robust against bytes that are not UTF-8 and a closed terminal.

Why it is needed, and which parts belong in Textual: docs/decisions/0004-a-terminal-driver.md.
"""

from __future__ import annotations

import os
import selectors
import signal
import termios
from codecs import getincrementaldecoder, register_error
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from select import select
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message
from typing_extensions import override

from roadtui.config import Glyphs
from roadtui.core.terminal_text import escape_terminal
from roadtui.streams import tolerant_text
from roadtui.ui.terminal.bracketed_paste import BracketedPaste

if TYPE_CHECKING:
    from textual.app import App

    from roadtui.standing_frame import StandingFrame

_STDOUT, _STDERR = 1, 2
_AT_A_TIME = 4096
"""The most bytes of one read."""
_MOST_COLUMNS, _MOST_ROWS = 1_000, 500
"""The largest screen that is drawn, whatever size the terminal claims to have."""
_SECONDS_BETWEEN_TICKS = 0.1
_TICKS_AFTER_INPUT = 10
"""Ticks after the last input: by then the parser knows whether an escape was the key or began a sequence."""
_ASCII_TERMINALS = ("dumb", "linux", "vt")
"""How the names of terminals begin whose fonts lack most signs: consoles, and what emulates a VT100."""
_ALTERNATE_SCREEN = "\x1b[?1049h"
"""Switches to it, and clears it."""
_RESTORING = (
    b"\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l"
    b"\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""The control sequences that `LinuxDriver.stop_application_mode` writes."""


def _decode_wrong_byte(error: UnicodeError) -> tuple[str, int]:
    """What a byte stands for that is not UTF-8: `ESC [` if it is the 8-bit CSI (ECMA-48), else U+FFFD."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return "\x1b[" if wrong == b"\x9b" else "\ufffd", error.end


_INPUT_ERRORS = "roadtui.input"
register_error(_INPUT_ERRORS, _decode_wrong_byte)


def needs_ascii(environment: Mapping[str, str]) -> bool:
    """Whether the terminal cannot be expected to show other signs, by its name and the locale's encoding.

    A locale without an encoding (`C`, or none at all) says nothing: terminals of today are UTF-8.
    """
    if environment.get("TERM", "").startswith(_ASCII_TERMINALS):
        return True
    names = (environment.get(variable) for variable in ("LC_ALL", "LC_CTYPE", "LANG"))
    _, is_named, encoding = next(filter(None, names), "").partition(".")
    return bool(is_named) and "utf" not in encoding.lower()


def stand_ins(glyphs: Glyphs, environment: Mapping[str, str]) -> Mapping[int, str] | None:
    """What is written in place of other signs, for `str.translate`; None where all are written."""
    if glyphs is Glyphs.UNICODE or (glyphs is Glyphs.AUTO and not needs_ascii(environment)):
        return None
    from roadtui.ui.terminal.ascii_glyphs import ASCII_GLYPHS  # For few terminals.

    return ASCII_GLYPHS


class TerminalClosed(Message):
    """The terminal is closed: nothing can be read from it or shown on it."""


@runtime_checkable
class StartsWithFrame(Protocol):
    """An app that may find a saved frame on the terminal."""

    standing: StandingFrame | None

    def frame_stands(self) -> None:
        """The frame is on the terminal, which is the app's now."""

    def frame_is_gone(self) -> None:
        """The terminal shows something else now."""


class TerminalDriver(LinuxDriver):
    """Reads any bytes, ends its app at the end of the input, and never blocks on a closed terminal."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # Stdout is a terminal, or there would be no screen; stderr may be a file.
        self._file = tolerant_text(_STDOUT, "utf-8", "replace", by_lines=False)
        self.stand_ins = stand_ins(getattr(app, "glyphs", Glyphs.AUTO), os.environ)
        """What is written in place of signs that the terminal cannot show; None where it shows all."""
        self._standing = app.standing if isinstance(app, StartsWithFrame) else None
        self._must_stop = False
        """Whether SIGTSTP was received, and no SIGCONT since."""
        self._wake_reader, self._wake_writer = os.pipe()
        """Ends the wait for input: a thread that polled ten times a second would keep the processor awake."""

    def use_glyphs(self, glyphs: Glyphs) -> None:
        """Write the signs that `glyphs` names from now on. What is on the screen stays."""
        self.stand_ins = stand_ins(glyphs, os.environ)

    def run_input_thread(self) -> None:
        """Pass the terminal's input to the app, until the terminal is closed or input is disabled."""
        parser, paste = XTermParser(self._debug), BracketedPaste(monotonic)
        decode = getincrementaldecoder("utf-8")(errors=_INPUT_ERRORS).decode
        ticks = _TICKS_AFTER_INPUT
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                messages, parts = parser.tick(), paste.tick()
                ready = selector.select(_SECONDS_BETWEEN_TICKS if ticks or paste.is_open else None)
                ticks = _TICKS_AFTER_INPUT if ready else ticks - 1
                sources = [key.fd for key, _ in ready]
                if self._wake_reader in sources:
                    os.read(self._wake_reader, _AT_A_TIME)
                if self.fileno in sources:
                    data = self._read()
                    if not data:
                        self._app.post_message(TerminalClosed())
                        return
                    messages, parts = (), chain(parts, paste.feed(decode(data)))
                self._pass_on(messages)
                for part in parts:
                    try:
                        self._pass_on(parser.feed(part) if isinstance(part, str) else [part])
                    except _NoSuchKeyError:
                        parser = XTermParser(self._debug)

    @override
    def disable_input(self) -> None:
        os.write(self._wake_writer, b".")
        super().disable_input()

    def _read(self) -> bytes:
        """The bytes that the terminal sent; empty if it is closed."""
        try:
            return os.read(self.fileno, _AT_A_TIME)
        except OSError:
            return b""

    def _pass_on(self, messages: Iterable[Message]) -> None:
        for message in _parsed(messages):
            if isinstance(message, events.Resize):
                self._resize(message)
            elif (
                not isinstance(message, events.Paste) or message.text
            ):  # The parser was shown the marks only.
                self.process_message(message)

    def _resize(self, reported: events.Resize) -> None:
        """Pass on the size that the terminal reports in its input, if it was asked to."""
        columns, rows = reported.size
        if self._in_band_window_resize and columns and rows:
            size = Size(min(columns, _MOST_COLUMNS), min(rows, _MOST_ROWS))
            self.process_message(events.Resize(size, size, pixel_size=reported.pixel_size))

    @override
    def _get_terminal_size(self) -> tuple[int, int]:
        columns, rows = super()._get_terminal_size()
        return min(columns, _MOST_COLUMNS), min(rows, _MOST_ROWS)

    @override
    def write(self, data: str) -> None:
        """Write `data`, except while suspended: then no thread writes it, and the queue would fill up."""
        stands = self._standing is not None and self._standing.is_standing
        if self._is_started and not (stands and data == _ALTERNATE_SCREEN):
            super().write(data if self.stand_ins is None else data.translate(self.stand_ins))

    @override
    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        standing, self._standing = self._standing, None
        if standing is not None and standing.is_standing:
            self.attrs_before = standing.take_over()
            if standing.size == self._get_terminal_size() and isinstance(self._app, StartsWithFrame):
                self._app.frame_stands()

    @override
    def stop_application_mode(self) -> None:
        if isinstance(self._app, StartsWithFrame):
            self._app.frame_is_gone()
        super().stop_application_mode()

    @override
    def _sigtstp_application(self, *_: object) -> None:
        if self._auto_restart and not self._loop.is_closed():
            self._must_stop = True
            self._loop.call_soon_threadsafe(self._stop)
        else:
            os.kill(os.getpid(), signal.SIGSTOP)

    @override
    def _sigcont_application(self, *_: object) -> None:
        self._must_stop = False
        if self._auto_restart and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._continue)

    # Signal handlers leave the following to the event loop: a handler that wrote to the terminal would
    # deadlock if it interrupted a write, which holds the lock of the writer's queue.

    def _stop(self) -> None:
        """Restore the terminal and stop the process, unless SIGCONT came after SIGTSTP."""
        if not self._must_stop:
            return
        if self._is_started:
            self.suspend_application_mode()
            self._must_signal_resume = True
        elif self._standing is not None:
            self._standing.restore()
        os.kill(os.getpid(), signal.SIGSTOP)

    def _continue(self) -> None:
        """Set the terminal up again, also after SIGSTOP, which the program cannot handle.

        SIGCONT is also sent when the terminal is closed: then there is nothing to set up.
        """
        if self._is_started and os.isatty(self.fileno):
            self.suspend_application_mode()
            self._must_signal_resume = True
        if self._must_signal_resume:
            self.resume_application_mode()

    @property
    def _is_started(self) -> bool:
        """Whether writes reach the terminal: not while suspended, nor at the very end."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def restore_at_once(self) -> None:
        """Restore the terminal without waiting for any thread, or for a terminal that does not read."""
        with suppress(OSError, termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        _write_at_once(_STDOUT, _RESTORING)

    def print_at_once(self, sentences: Iterable[str]) -> None:
        """Write `sentences` to stderr, a line each, without blocking."""
        for sentence in sentences:
            _write_at_once(_STDERR, f"roadtui: {escape_terminal(sentence)}\n".encode(errors="replace"))


def _write_at_once(fd: int, data: bytes) -> None:
    """Write `data` if `fd` is writable now."""
    with suppress(OSError):
        if select([], [fd], [], 0)[1]:
            os.write(fd, data)


class _NoSuchKeyError(Exception):
    """The terminal sent a control sequence with numbers that name no character or no place."""


def _parsed(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages of the parser, which cannot be used any more after an error."""
    try:
        yield from messages
    except (ValueError, ArithmeticError) as error:
        raise _NoSuchKeyError from error
