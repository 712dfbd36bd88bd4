"""What every source of news gives."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import NamedTuple

from roadtui.core.errors import RoadtuiError
from roadtui.core.ignore_rules import IgnoreRules


class WatchError(RoadtuiError):
    """The system's notifications can't be had, or ended; the sentence says why."""


class RawEvent(NamedTuple):
    """Something happened at this path, or may have."""

    path: str
    """Vault-relative, with forward slashes; empty for the vault itself, and for "anywhere"."""
    is_folder: bool | None = None
    """Whether a folder is or was there; None where the source can't tell."""


Hints = AsyncGenerator[frozenset[RawEvent], None]
"""The first set comes, empty, once everything is watched. Ends by raising `WatchError`."""

Source = Callable[[Path, IgnoreRules], Hints]
"""Begins to watch a vault, leaving out what its owner excluded (a source may still report it)."""
