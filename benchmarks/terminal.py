"""A real terminal for a program under test: a pty, its emulated screen, and the clock of every byte.

The end-to-end tests and the benchmarks both drive the program through this. It knows nothing about roadtui.
"""

from __future__ import annotations

import functools
import os
import re
import select
import signal
import subprocess
import termios
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import pyte

ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",  # Synchronized output: known, off.
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",  # Resize reports in the byte stream: unknown, so SIGWINCH is used.
}
"""What Textual 8.2 asks a terminal at its start, and what this one answers. It waits for neither."""

ON_BY_DEFAULT = frozenset({7, 25})
"""The private modes that a fresh terminal has on: line wrap and a visible cursor."""

_PRIVATE_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY_KEYBOARD = re.compile(rb"\x1b\[([<>])[\d;]*u")
_UNDRAWN = re.compile(rb"\x1b\[(?:[\d;:]*m|<u)")
"""Colours, which hardly anybody looks at here and which are most of what pyte would read, a byte at a time;
and what pops the keyboard protocol, whose last letter pyte would print."""
_UNDRAWN_IN_COLOUR = re.compile(rb"\x1b\[<u")
"""The same where somebody looks at the colours."""
_UNFINISHED = re.compile(rb"\x1b(?:\[(?:[\d;:]*|<))?\Z")
"""The beginning of such a sequence at the end of a chunk."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """The variables of a user whose home is the folder ``home``, in a terminal with all colours."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        **more,
    }


class Chunk(NamedTuple):
    """What one read of the terminal brought."""

    at: float
    """When it arrived, on the clock of ``time.perf_counter``, in seconds."""
    data: bytes


def _log_in(fd: int) -> None:
    """Make the terminal `fd` that of this process, with signals as in a fresh one.

    Who starts the tests in the background may ignore some, and the program would heed that.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)
    os.login_tty(fd)


class TerminalError(AssertionError):
    """The program did not do what was waited for. The message ends with the screen as it stood."""


class Terminal:
    """A program running in a pseudo terminal, and the screen that it has drawn there.

    Bytes are read only while one of the waiting methods runs. Each is stamped on arrival, before the (slow)
    emulation sees it, so that times do not contain the emulator's own.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        columns: int = 160,
        rows: int = 45,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        has_colours: bool = False,
    ) -> None:
        """Start the program `argv`.

        `has_colours`: whether the emulated screen has the colours that `backgrounds` returns, which takes
        much longer.
        """
        self._undrawn = _UNDRAWN_IN_COLOUR if has_colours else _UNDRAWN
        self.chunks: list[Chunk] = []
        self._unseen: deque[Chunk] = deque()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._unfinished = b""
        self._rows: list[str] = []
        self._ours, self._theirs = os.openpty()
        termios.tcsetwinsize(self._theirs, (rows, columns))
        self._settings = termios.tcgetattr(self._theirs)
        self.started = time.perf_counter()
        """When the program was started, on the clock of ``time.perf_counter``."""
        self._drawn_at = self.started
        self._process = subprocess.Popen(
            [os.fspath(argument) for argument in argv],
            env=env,
            cwd=cwd,
            preexec_fn=functools.partial(_log_in, self._theirs),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the program if it still runs, and give the terminal back."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if not self.is_closed:
            os.close(self._ours)
        os.close(self._theirs)

    @property
    def pid(self) -> int:
        """The process id of the program."""
        return self._process.pid

    @property
    def output(self) -> bytes:
        """Every byte that was read so far."""
        return b"".join(chunk.data for chunk in self.chunks)

    @property
    def lines(self) -> list[str]:
        """The screen as it stands, a string for each row, without the blanks at its end."""
        while self._unseen:
            self._draw_next()
        return [row.rstrip() for row in self._drawn_rows()]

    @property
    def text(self) -> str:
        """The screen as it stands."""
        return "\n".join(self.lines)

    @property
    def cursor(self) -> tuple[int, int]:
        """The column and the row of the terminal's cursor, from 0, shown or not."""
        while self._unseen:
            self._draw_next()
        return self._screen.cursor.x, self._screen.cursor.y

    def backgrounds(self, column: int) -> list[str]:
        """The background colour of each row in `column`: it shows where a cursor stands.

        That of the screen as far as it is drawn, and of a terminal that `has_colours`.
        """
        assert self._undrawn is _UNDRAWN_IN_COLOUR, "this terminal has no colours"
        return [self._screen.buffer[row][column].bg for row in range(self._screen.lines)]

    def send(self, keys: str | bytes) -> float:
        """Type ``keys``, or send these bytes; when that was, on the clock of ``time.perf_counter``."""
        now = time.perf_counter()
        os.write(self._ours, keys.encode() if isinstance(keys, str) else keys)
        return now

    def hang_up(self) -> None:
        """Close the terminal, as by the button of its window. Nothing can be read or typed any more."""
        os.close(self._ours)
        self._ours = -1

    @property
    def is_closed(self) -> bool:
        """Whether it was hung up."""
        return self._ours == -1

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, as a user who drags its corner."""
        self._screen.resize(rows, columns)
        termios.tcsetwinsize(self._ours, (rows, columns))

    def claim_size(self, columns: int, rows: int) -> None:
        """Tell the program of a size that the window does not have: what it draws is not emulated for it."""
        termios.tcsetwinsize(self._ours, (rows, columns))

    def wait_for(self, wanted: str | re.Pattern[str], timeout: float = 30) -> float:
        """Wait until the screen shows ``wanted``; when the bytes that drew it arrived.

        Raises TerminalError if it does not come within ``timeout`` seconds, or the program ends before.
        """
        pattern = re.compile(re.escape(wanted)) if isinstance(wanted, str) else wanted
        return self._draw_until(
            lambda: bool(pattern.search("\n".join(self._drawn_rows()))),
            timeout,
            f"no {pattern.pattern!r} within {timeout:g} s",
        )

    def wait_until_drawn(self, holds: Callable[[], bool], timeout: float = 30) -> float:
        """Draw what the program writes, a read at a time, until ``holds`` is true; when those bytes arrived.

        Raises TerminalError if that is not so within ``timeout`` seconds, or the program ends before.
        """
        return self._draw_until(holds, timeout, f"not so within {timeout:g} s")

    def _draw_until(self, holds: Callable[[], bool], timeout: float, complaint: str) -> float:
        deadline = time.perf_counter() + timeout
        while not holds():
            if not self._unseen:
                self._receive_burst(deadline, complaint)
            if self._unseen:
                self._draw_next()
        return self._drawn_at

    def wait_until(self, holds: Callable[[], bool], timeout: float = 30) -> None:
        """Let the program run until ``holds`` is true. Raises TerminalError after ``timeout`` seconds."""
        deadline = time.perf_counter() + timeout
        while not holds():
            self._receive_burst(deadline, f"not so within {timeout:g} s")

    def settle(self, quiet: float = 0.2, timeout: float = 30) -> float:
        """Read until nothing came for ``quiet`` seconds; when the last byte arrived."""
        deadline = time.perf_counter() + timeout
        while self._receive(quiet):
            if time.perf_counter() > deadline:
                raise self._error(f"still writing after {timeout:g} s")
        return self.chunks[-1].at if self.chunks else self.started

    def run_for(self, seconds: float) -> None:
        """Let the program run for ``seconds``, whatever it writes."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            self._receive(left)

    def time_key(self, key: str, quiet: float = 0.1, timeout: float = 5) -> float:
        """Type ``key``; seconds until the last byte that it made the program write.

        Raises TerminalError if it writes none within ``timeout`` seconds. The last is the one after which
        none came for ``quiet`` seconds.
        """
        self.settle(0)
        typed = self.send(key)
        if not self._receive(timeout):
            raise self._error(f"{key!r} changed nothing within {timeout:g} s")
        return self.settle(quiet) - typed

    def wait_exit(self, timeout: float = 30) -> int:
        """Wait for the program's end; its exit status, or minus the signal that ended it."""
        deadline = time.perf_counter() + timeout
        while self._process.poll() is None:
            self._receive(0.01)
            if time.perf_counter() > deadline:
                raise self._error(f"still running after {timeout:g} s")
        while self._receive(0):
            pass
        return self._process.returncode

    def left_behind(self) -> list[str]:
        """What differs from the terminal as the program found it: nothing after a clean end."""
        remains = []
        if termios.tcgetattr(self._theirs) != self._settings:
            remains.append("line settings")
        output = self.output
        modes = dict.fromkeys(ON_BY_DEFAULT, True)
        for numbers, switch in _PRIVATE_MODE.findall(output):
            modes.update((int(number), switch == b"h") for number in numbers.split(b";"))
        remains += [f"mode {mode}" for mode, on in sorted(modes.items()) if on != (mode in ON_BY_DEFAULT)]
        keyboard = _KITTY_KEYBOARD.findall(output)
        if keyboard.count(b">") != keyboard.count(b"<"):
            remains.append("keyboard protocol")
        return remains

    def _receive(self, timeout: float) -> bool:
        """Take what the program wrote; whether anything came within ``timeout`` seconds."""
        if self.is_closed:
            time.sleep(timeout)
            return False
        if not select.select([self._ours], [], [], timeout)[0]:
            return False
        data = os.read(self._ours, 65536)
        chunk = Chunk(time.perf_counter(), data)
        self._answer(data)
        self.chunks.append(chunk)
        self._unseen.append(chunk)
        return True

    def _receive_burst(self, deadline: float, complaint: str) -> None:
        """Read until the program pauses, so that emulating what it wrote does not hold up what follows."""
        if not self._receive(0.05):
            if self._process.poll() is not None:
                raise self._error(f"ended with status {self._process.returncode}")
            if time.perf_counter() > deadline:
                raise self._error(complaint)
        while self._receive(0.002):
            pass

    def _answer(self, data: bytes) -> None:
        """Reply to the queries in ``data``, one of which may have begun in the chunk before."""
        before = self.chunks[-1].data if self.chunks else b""
        for query, answer in ANSWERS.items():
            if query in before[1 - len(query) :] + data:
                os.write(self._ours, answer)

    def _draw_next(self) -> None:
        """Let the emulator see one more chunk."""
        chunk = self._unseen.popleft()
        self._drawn_at = chunk.at
        data = self._unfinished + chunk.data
        end = unfinished.start() if (unfinished := _UNFINISHED.search(data)) else len(data)
        self._unfinished = data[end:]
        self._stream.feed(self._undrawn.sub(b"", data[:end]))

    def _drawn_rows(self) -> list[str]:
        """The emulated screen: pyte's own `display` would look at each cell of each row again."""
        screen = self._screen
        self._rows = self._rows[: screen.lines] + [""] * (screen.lines - len(self._rows))
        for y in screen.dirty:
            if y < screen.lines:
                row = screen.buffer[y]
                # The second cell of a wide character is empty.
                self._rows[y] = "".join([row[x].data for x in range(screen.columns)])
        screen.dirty.clear()
        return self._rows

    def _error(self, complaint: str) -> TerminalError:
        return TerminalError(f"{complaint}:\n{self.text}")
