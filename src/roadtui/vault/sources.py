"""Where news of changes comes from: the system's own notifications, through watchfiles.

A source only ever hints. What it says may be late, doubled or incomplete; `watching` knows what to
make of it.
"""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import NamedTuple

from roadtui.core.errors import RoadtuiError


class WatchError(RoadtuiError):
    """The system's notifications can't be had, or ended; the sentence says why."""


class Hint(NamedTuple):
    """Something happened at this path, or may have."""

    path: str
    """Vault-relative, with forward slashes; empty for the vault's folder."""
    is_folder: bool | None = None
    """None where the source can't tell."""


Source = Callable[[Path], AsyncGenerator[frozenset[Hint], None]]
"""Begins to watch a folder. The first set comes, empty, once everything below it is watched.

Raises `WatchError` when it can't begin or can't go on.
"""


async def watchfiles_source(root: Path) -> AsyncGenerator[frozenset[Hint], None]:
    """Notifications through watchfiles, on every platform that it knows."""
    # Imported here because it takes 5 ms and nothing is watched before the first screen stands.
    from watchfiles import awatch

    changes = awatch(
        root,
        watch_filter=None,
        debounce=50,
        step=10,
        rust_timeout=0,
        recursive=True,
        force_polling=False,
        ignore_permission_denied=False,
    )
    base = os.path.join(os.path.abspath(root), "")
    try:
        async with aclosing(changes):
            yield frozenset()
            async for batch in changes:
                yield frozenset(Hint(_relative(path, base)) for _, path in batch)
    except (OSError, RuntimeError) as error:
        raise WatchError(f"The system does not report changes: {error}.") from error


def _relative(path: str, base: str) -> str:
    return path[len(base) :].replace(os.sep, "/") if path.startswith(base) else ""
