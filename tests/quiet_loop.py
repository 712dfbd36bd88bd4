"""An event loop that tells when nothing is left to do: for tests that go on once a program has reacted.

Textual's own tests watch the processor for that: each of their waits takes at least 20 ms, a key two of
them, and one that a busy machine cuts short goes on too early.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from time import monotonic, process_time
from typing import Any

_SOON = 0.021
"""Seconds: what a timer does that ends before is part of what is waited for."""
_LOOK = 0.03
"""Seconds in which a thread that works on would be seen to use the processor."""
_USED = 0.001
"""Seconds of the processor in `_LOOK`, below which all threads seem to wait for something."""
_MOST = 1.0
"""Seconds that threads and timers are waited for; what is ready is always waited for."""


class QuietLoop(asyncio.SelectorEventLoop):
    """A loop that can be waited for."""

    def __init__(self) -> None:
        self._threads: set[asyncio.Future[Any]] = set()
        self._selector_of_quiet = _Selector(self._threads)
        super().__init__(self._selector_of_quiet)

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        self._threads.add(future)
        future.add_done_callback(self._threads.discard)
        return future

    async def quiet(self) -> None:
        """Wait until nothing is ready, no thread computes, and no timer ends within `_SOON`."""
        waiter = self.create_future()
        self._selector_of_quiet.wait_with(waiter)
        await waiter


class QuietPolicy(asyncio.DefaultEventLoopPolicy):
    """Makes such loops."""

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        return QuietLoop()


async def wait_for_quiet(*_: object, **__: object) -> bool:
    """What tests wait with in place of Textual's ``wait_for_idle``, and of asking each widget."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, QuietLoop)
    await loop.quiet()
    return True


class _Selector(selectors.DefaultSelector):
    """Is asked to wait when nothing is ready: that is when its waiters are told."""

    def __init__(self, threads: set[asyncio.Future[Any]]) -> None:
        super().__init__()
        self._threads = threads
        self._waiters: list[asyncio.Future[None]] = []
        self._since = 0.0
        """When the first of the waiters came."""

    def wait_with(self, waiter: asyncio.Future[None]) -> None:
        if not self._waiters:
            self._since = monotonic()
        self._waiters.append(waiter)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if not self._waiters or (timeout is not None and timeout <= 0):
            return super().select(timeout)
        if monotonic() - self._since < _MOST:
            if timeout is not None and timeout <= _SOON:
                return super().select(timeout)
            used = process_time()
            ready = super().select(_LOOK if self._threads else 0)
            if ready or process_time() - used >= _USED:
                return ready
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)
        self._waiters.clear()
        return []
