"""An event loop whose time is virtual: for tests of what happens by the clock, and of what never happens."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

Parameters = ParamSpec("Parameters")


class StuckError(AssertionError):
    """Nothing is ready, no timer is set, and so nothing will ever happen."""


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop whose clock moves on only when nothing else is left to do, and then at once.

    So a wait takes no real time, and ends only after all that can happen before it has happened. What is
    given to a thread runs in place.
    """

    def __init__(self) -> None:
        self._now = 1000.0
        super().__init__(_Selector(self._pass))

    def time(self) -> float:
        return self._now

    def run_in_executor(  # type: ignore[override]
        self, executor: object, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def _pass(self, seconds: float) -> None:
        self._now += seconds


class _Selector(selectors.DefaultSelector):
    """Tells that time has passed where it would wait."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        super().__init__()
        self._tell = tell

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(0)
        if not ready and timeout is None:
            raise StuckError("The test waits for something that will never happen.")
        if not ready and timeout:
            self._tell(timeout)
        return ready


def in_virtual_time(
    test: Callable[Parameters, Coroutine[Any, Any, None]],
) -> Callable[Parameters, None]:
    """Run an asynchronous test in a `VirtualTimeLoop`."""

    @wraps(test)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run
