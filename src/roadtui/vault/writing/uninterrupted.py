"""Keeps a thread from being stopped or delayed while other programs wait for a lease that it holds."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SHORT_SWITCH_INTERVAL: Final = 0.000_005
"""Seconds after which a waiting thread gets the interpreter lock."""


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Keep the block from being stopped or delayed, as other programs wait for the lease that it holds.

    Stop signals are blocked for this thread; `NoteWriter.paused` is for a program that stops itself. The
    interpreter's switch interval is shortened: after a system call, a thread waits up to 5 ms for the
    interpreter lock while another thread computes.
    """
    interval = sys.getswitchinterval()
    shortens = interval > _SHORT_SWITCH_INTERVAL  # Else another thread has shortened it, and restores it.
    if shortens:
        sys.setswitchinterval(_SHORT_SWITCH_INTERVAL)
    try:
        if sys.platform == "win32":
            yield
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU))
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
    finally:
        if shortens:
            sys.setswitchinterval(interval)
