"""Where news of changes comes from: one interface, one file per way to get it.

A source only hints. What it says may be late, doubled or incomplete; `vault.watching` knows what to make
of it.
"""

from __future__ import annotations

import sys

from roadtui.vault.notices.source import Hint, Hints, Source, WatchError

__all__ = ["Hint", "Hints", "Source", "WatchError", "system_source"]


def system_source() -> Source:
    """The best source on this platform."""
    # Imported here because nothing is watched before the first screen stands.
    if sys.platform == "linux":
        from roadtui.vault.notices.inotify import hints
    else:
        from roadtui.vault.notices.portable import hints
    return hints
