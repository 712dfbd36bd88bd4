"""The system's notifications of changes, through watchfiles, on every platform.

watchfiles does not report what it loses: an overflowing queue, folders beyond the system's limit, files in
new folders. So a path from here only means that it may have changed, and the watcher's user has to scan too.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from importlib import import_module
from pathlib import Path
from typing import Final

from watchfiles import Change, awatch
from watchfiles.main import FileChange

from roadtui.core.errors import RoadtuiError

with suppress(ImportError):  # Else the first step of watchfiles imports it, and the event loop stands still.
    import_module("anyio._backends._asyncio")

STEP_MS: Final = 20
"""How often watchfiles polls its queue. Cost when idle: 0.32 % of a core at 15, 0.25 at 25, 0.20 at 50."""
DEBOUNCE_MS: Final = 50
"""The most milliseconds for which a burst of changes is gathered."""


class WatchError(RoadtuiError):
    """The system's notifications are not available, or have ended; the sentence says why."""


PathBatches = AsyncGenerator[frozenset[str], None]
"""Paths that may have changed: vault-relative, with forward slashes; empty for the vault itself.

The first set is empty and is yielded once everything is watched. Ends by raising `WatchError`.
"""

Source = Callable[[Path], PathBatches]
"""Watches the folder of a vault, with everything below it."""


async def changed_paths(root: Path) -> PathBatches:
    """Watch everything below `root` (see `Source`)."""
    base = os.path.join(os.path.abspath(root), "")
    # With `ignore_permission_denied=True` watchfiles also hides that the limit on watches is reached. Its own
    # polling misses changes within the same second, so the watcher polls itself.
    changes = awatch(
        base,
        watch_filter=None,
        debounce=DEBOUNCE_MS,
        step=STEP_MS,
        rust_timeout=0,
        force_polling=False,
        ignore_permission_denied=False,
    )
    try:
        async with aclosing(changes), aclosing(_begun_with_nothing(changes)) as batches:
            async for batch in batches:
                yield frozenset(_relative(path, base) for _, path in batch)
                if any(change is Change.deleted and base.startswith(path) for change, path in batch):
                    # A new folder in its place may have the same inode, and would not be watched.
                    raise WatchError("The vault folder was deleted.")
    except ExceptionGroup as group:  # Raised while it waits, for example for a name that is not UTF-8.
        raise _watch_error(group.exceptions[0]) from group
    except (OSError, RuntimeError, UnicodeError) as error:  # For example for a path that is not UTF-8.
        raise _watch_error(error) from error


async def _begun_with_nothing(
    changes: AsyncGenerator[set[FileChange], None],
) -> AsyncGenerator[set[FileChange], None]:
    """Yield an empty set as soon as watchfiles watches, which it does in its first step."""
    batch = asyncio.ensure_future(anext(changes))
    try:
        await asyncio.sleep(0)
        if not batch.done():
            yield set()
        while True:
            yield await batch
            batch = asyncio.ensure_future(anext(changes))
    finally:
        batch.cancel()
        await asyncio.wait([batch])


def _watch_error(error: Exception) -> WatchError:
    if "watch limit" in str(error):
        return WatchError("Too many folders are watched: raise the sysctl fs.inotify.max_user_watches.")
    return WatchError(f"The system does not report changes ({error}).")


def _relative(path: str, base: str) -> str:
    return path.removeprefix(base).replace(os.sep, "/") if path.startswith(base) else ""
