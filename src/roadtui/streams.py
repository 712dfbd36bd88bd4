"""The three standard streams, whatever they lead to: nothing, a full disk, a reader that left, any encoding.

Used once, where the program starts. From then on every command may write as if nothing could go wrong; what
did go wrong is said when the command has ended.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_ESCAPED = "backslashreplace"


class TolerantOutput(io.FileIO):
    """A descriptor that writes go to until one fails. The failure is kept; nothing is raised."""

    def __init__(self, fd: int) -> None:
        super().__init__(fd, "wb", closefd=False)
        self.failure: OSError | None = None
        """What the first write that failed ended with; later ones are dropped."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write all of `data`, waiting where the descriptor is in non-blocking mode."""
        left = memoryview(data).cast("B")
        size = len(left)
        while left and self.failure is None:
            try:
                count: int | None = super().write(left)  # None where the descriptor would have to wait.
            except OSError as error:
                self.failure = error
            else:
                if count is None:
                    _wait_until_writable(self)
                left = left[count or 0 :]
        return size


def _wait_until_writable(output: TolerantOutput) -> None:
    from select import select  # Hardly ever needed.

    select([], [output], [])


def tolerant_text(fd: int, encoding: str, errors: str, *, by_lines: bool) -> io.TextIOWrapper:
    """A text stream to `fd` whose writes never raise; `by_lines`: each line is written when it ends."""
    output = io.BufferedWriter(TolerantOutput(fd))
    return io.TextIOWrapper(output, encoding=encoding, errors=errors, line_buffering=by_lines)


def use_utf8() -> None:
    """Start the program again in UTF-8 mode if the locale has another encoding, as notes and names are UTF-8.

    Does not return then. Names of files and arguments were decoded before any line of the program ran.
    """
    if sys.platform != "win32" and sys.getfilesystemencoding() != "utf-8" and sys.executable:
        os.execv(sys.executable, [sys.orig_argv[0], "-X", "utf8", *sys.orig_argv[1:]])


def prepare() -> None:
    """Make the standard streams fit to be used: a closed one is /dev/null, and no write to one raises.

    Left closed, its number would go to the next file that is opened, which may be a note.
    """
    if sys.platform == "win32":
        return
    for fd in range(3):
        try:
            os.fstat(fd)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # The lowest free number is this one.
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 (open until the program ends)
    sys.stdout = tolerant_text(1, _encoding(sys.stdout), _ESCAPED, by_lines=os.isatty(1))
    sys.stderr = tolerant_text(2, _encoding(sys.stderr), _ESCAPED, by_lines=True)


def _encoding(stream: TextIO | None) -> str:
    return stream.encoding if stream is not None else "utf-8"


def finish(status: int) -> int:
    """Write out what is left; the status to end with, which is not 0 where stdout could not be written.

    A reader that left has seen enough, and need not be told. What stderr refuses cannot be said anywhere.
    """
    out = sys.stdout
    out.flush()
    output = out.buffer.raw if isinstance(out, io.TextIOWrapper) else None
    failure = output.failure if isinstance(output, TolerantOutput) else None
    if failure is None:
        return status
    if failure.errno != errno.EPIPE:
        print(f"roadtui: The output could not be written: {failure.strerror}.", file=sys.stderr)
    return status or 1


def escape_unwritable() -> None:
    """Escape on stdout and stderr what their encodings cannot say, and the bytes that are not UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_ESCAPED)
