"""Where news of changes comes from: one interface, one file per way to get it.

A source only hints. What it says may be late, doubled or incomplete; `vault.watching` knows what to make
of it.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import NamedTuple

from roadtui.core.errors import RoadtuiError
from roadtui.core.ignore import IgnoreRules


class WatchError(RoadtuiError):
    """The system's notifications can't be had, or ended; the sentence says why."""


class Hint(NamedTuple):
    """Something happened at this path, or may have."""

    path: str
    """Vault-relative, with forward slashes; empty for the vault itself, and for "anywhere"."""
    is_folder: bool | None = None
    """Whether a folder is or was there; None where the source can't tell."""


Hints = AsyncGenerator[frozenset[Hint], None]
"""The first set comes, empty, once everything is watched. Ends by raising `WatchError`."""

Source = Callable[[Path, IgnoreRules], Hints]
"""Begins to watch a vault, leaving out what its owner excluded (a source may still report it)."""


def system_source() -> Source:
    """The best source on this platform."""
    # Imported here because nothing is watched before the first screen stands.
    if sys.platform == "linux":
        from roadtui.vault.notices.inotify import hints
    else:
        from roadtui.vault.notices.portable import hints
    return hints
