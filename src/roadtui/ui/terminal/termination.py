"""Ends the full-screen program in order when a signal requests it, or when its terminal is gone.

A signal that was ignored when the program started (`nohup`) stays ignored. Everything here runs in the main
thread.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from time import monotonic
from types import FrameType, TracebackType
from typing import Final, NoReturn, Self

HANG_UP: Final = getattr(signal, "SIGHUP", signal.SIGTERM)
"""The signal to a program whose terminal is closed."""
_NAMES: Final = "HUP INT QUIT TERM USR1 USR2 ALRM VTALRM PROF IO PWR XCPU"
_SIGNALS: Final = tuple(
    getattr(signal, f"SIG{name}") for name in _NAMES.split() if hasattr(signal, f"SIG{name}")
)
"""The signals that by default end a program at once, without restoring its terminal."""
_SAME_HANG_UP: Final = 1.0
"""Seconds in which a hang-up is not a second signal: kernel, shell and session manager each send one."""
_LONGEST_END: Final = 10
"""Seconds after which the program ends at once, if it has not ended in order by then."""


class _Phase(Enum):
    SETTING_UP = "setting up"
    """There is nothing to lose yet: a signal ends the process at once."""
    HELD = "held"
    """The work in `held` must not be interrupted: SystemExit is raised after it."""
    RUNNING = "running"
    """An app is running: a signal asks it to end."""
    OVER = "over"
    """The program is ending already."""


def status_of(number: int) -> int:
    """The exit status of a program that ends because of signal `number`, by the convention of shells."""
    return 128 + number


class Termination:
    """Context manager that receives the signals that end a program.

    The first signal asks the app to end, which may take some seconds, as edits may wait for other programs.
    The second one ends the process at once. The functions that `at_the_end` registered are called in both
    cases.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        """The signal because of which the program ends; None before the first one."""
        self._since = 0.0
        self._ignored: Collection[int] = ()
        self._phase = _Phase.SETTING_UP
        self._ask: Callable[[], None] | None = None
        self._restore: Callable[[], None] | None = None
        self._end = ExitStack()
        self._before: dict[int, signal.Handlers | Callable[[int, FrameType | None], object] | int | None] = {}

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._received)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._phase = _Phase.OVER
        self._end.close()
        if hasattr(signal, "setitimer") and self.number is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, before in self._before.items():
            signal.signal(number, before)

    def at_the_end(self, work: Callable[[], object]) -> None:
        """Call `work` when the program ends, in order or at once; the last registered is called first."""
        self._end.callback(work)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Delay the effect of a signal until the block, which must not be interrupted, is left."""
        self._phase = _Phase.HELD
        try:
            yield
        finally:
            self._phase = _Phase.SETTING_UP
        if self.number is not None:
            raise SystemExit(status_of(self.number))

    @contextmanager
    def asking(self, ask: Callable[[], None], restore: Callable[[], None]) -> Iterator[None]:
        """While an app runs in the block, a signal calls `ask`, which must make the app end soon.

        `restore` is called if the process ends at once, and restores the terminal. It must not block.
        """
        self._phase, self._ask, self._restore = _Phase.RUNNING, ask, restore
        try:
            yield
        finally:
            self._phase = _Phase.SETTING_UP if self.number is None else _Phase.OVER
            self._ask = self._restore = None

    @contextmanager
    def ignoring(self, numbers: Collection[int]) -> Iterator[None]:
        """Ignore the signals `numbers` in the block, which another program in this terminal handles."""
        self._ignored = numbers
        try:
            yield
        finally:
            self._ignored = ()

    def hang_up(self) -> None:
        """End in order, as the terminal is gone. Does nothing if the program is ending already."""
        if self.number is None:
            self._end_in_order(HANG_UP)

    def _received(self, number: int, _frame: FrameType | None) -> None:
        if number in self._ignored:
            return
        if self.number is None:
            self._end_in_order(number)
        elif number != HANG_UP or monotonic() > self._since + _SAME_HANG_UP:
            self._end_at_once(number)

    def _end_in_order(self, number: int) -> None:
        self.number, self._since = number, monotonic()
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._overdue)
            signal.setitimer(signal.ITIMER_REAL, _LONGEST_END)
        if self._ask is not None:
            self._ask()
        elif self._phase is _Phase.SETTING_UP:
            self._exit(number)

    def _overdue(self, _number: int, _frame: FrameType | None) -> None:
        self._end_at_once(self.number or HANG_UP)

    def _end_at_once(self, number: int) -> None:
        if self._phase is not _Phase.RUNNING:
            return  # The app is being set up or torn down, neither of which takes long.
        try:
            if self._restore is not None:
                self._restore()
        finally:
            self._exit(number)

    def _exit(self, number: int) -> NoReturn:
        """End the process here. Not by SystemExit, which Python ignores in a destructor."""
        try:
            self._end.close()
        finally:
            os._exit(status_of(number))
