"""Starts work in the background."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVarTuple

from textual.dom import DOMNode

Arguments = TypeVarTuple("Arguments")


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
