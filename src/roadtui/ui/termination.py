"""Ends the full-screen program in order when a signal asks for it, or when its terminal is gone.

A signal that was ignored when the program started (`nohup`) stays ignored. Everything here runs in the main
thread.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from enum import Enum
from time import monotonic
from types import FrameType, TracebackType
from typing import Final, NoReturn, Self

HANG_UP: Final = getattr(signal, "SIGHUP", signal.SIGTERM)
"""What a program is sent whose terminal goes away."""
_NAMES: Final = "HUP INT QUIT TERM USR1 USR2 ALRM VTALRM PROF IO PWR XCPU"
_SIGNALS: Final = tuple(
    getattr(signal, f"SIG{name}") for name in _NAMES.split() if hasattr(signal, f"SIG{name}")
)
"""Those that would end a program where it stands, with its terminal as it is."""
_SAME_HANG_UP: Final = 1.0
"""Seconds in which a hang-up is no second wish: kernel, shell and session manager each report it."""
_LONGEST_END: Final = 10
"""Seconds after which the program ends at once, though it was asked to end in order."""


class _Phase(Enum):
    SETTING_UP = "setting up"
    """There is nothing to lose yet: the process ends where it stands."""
    HELD = "held"
    """What is under way must not be left half done: SystemExit is raised when it is done."""
    RUNNING = "running"
    """An app ends itself."""
    OVER = "over"
    """The program ends already."""


def status_of(number: int) -> int:
    """The exit status of a program that ends because of signal `number`, as shells have it."""
    return 128 + number


class Termination:
    """Receives the signals that end a program, while it is entered.

    The first one asks the app to end, which may take some seconds, as edits may wait for other programs. The
    second one ends the process at once. On each of these ways what `at_the_end` registered is called.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        """The signal by which the program ends; None as long as there was none."""
        self._since = 0.0
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
        """Have `work` done when the program ends, on whichever way; the last registered comes first."""
        self._end.callback(work)

    @contextmanager
    def held(self) -> Iterator[None]:
        """For what must not be left half done while the program is set up: a signal waits for it."""
        self._phase = _Phase.HELD
        try:
            yield
        finally:
            self._phase = _Phase.SETTING_UP
        if self.number is not None:
            raise SystemExit(status_of(self.number))

    @contextmanager
    def asking(self, ask: Callable[[], None], restore: Callable[[], None]) -> Iterator[None]:
        """While an app runs: a signal calls `ask`, which has it end soon.

        `restore` is what must be done for the app where the process ends at once. It may not wait.
        """
        self._phase, self._ask, self._restore = _Phase.RUNNING, ask, restore
        try:
            yield
        finally:
            self._phase = _Phase.SETTING_UP if self.number is None else _Phase.OVER
            self._ask = self._restore = None

    def hang_up(self) -> None:
        """End in order, as there is no terminal any more; does nothing where the program ends already."""
        if self.number is None:
            self._end_in_order(HANG_UP)

    def _received(self, number: int, _frame: FrameType | None) -> None:
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
            return  # It is being set up or cleared away, neither of which takes long.
        try:
            if self._restore is not None:
                self._restore()
        finally:
            self._exit(number)

    def _exit(self, number: int) -> NoReturn:
        """End the process here. Not by SystemExit, which Python drops where it runs a destructor."""
        try:
            self._end.close()
        finally:
            os._exit(status_of(number))
