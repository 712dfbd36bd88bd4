"""Starts work in the background."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Generic, TypeVarTuple

from textual.dom import DOMNode

Arguments = TypeVarTuple("Arguments")
State = TypeVarTuple("State")


def start_worker(
    node: DOMNode,
    work: Callable[[*Arguments], Awaitable[object]],
    *arguments: *Arguments,
    group: str = "default",
    exclusive: bool = False,
) -> None:
    """Run `work` with `arguments` in a worker of `node`, which is cancelled when `node` is removed.

    The worker makes the coroutine: where the end of the program keeps it from beginning, there is none that
    was never awaited.

    Args:
        node: A widget, a screen or the app.
        work: What is run, an `async` function.
        arguments: What it is given.
        group: Name of the group of the worker.
        exclusive: Whether the workers of its group are cancelled before.
    """
    node.run_worker(partial(work, *arguments), group=group, exclusive=exclusive)


class FollowingWork(Generic[*State]):
    """Work of a node that follows a state: done once at a time, and again if that has changed meanwhile."""

    def __init__(
        self,
        node: DOMNode,
        state: Callable[[], tuple[*State]],
        work: Callable[[*State], Awaitable[object]],
    ) -> None:
        """Do nothing yet.

        Args:
            node: A widget, a screen or the app; the work is cancelled when it is removed.
            state: Gives what the work is about now: objects that are replaced, and do not change.
            work: What is done with these objects.
        """
        self._node = node
        self._state = state
        self._work = work
        self._is_under_way = False

    def start(self) -> None:
        """Do the work, unless it is under way: then the newest state is next."""
        if not self._is_under_way:
            self._is_under_way = True
            start_worker(self._node, self._follow, group="list")

    async def _follow(self) -> None:
        try:
            while True:
                state = self._state()
                await self._work(*state)
                before: tuple[object, ...] = state
                now: tuple[object, ...] = self._state()
                if all(one is other for one, other in zip(before, now, strict=True)):
                    return
        finally:
            self._is_under_way = False
