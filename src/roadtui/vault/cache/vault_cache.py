"""What one open vault has to do with its cache: a load takes notes from it, and what is read is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from roadtui.vault.note_content import CountSettings, ParsedNotes
from roadtui.vault.note_updates import CachedNote, NoteUpdater
from roadtui.vault.reader import FileStamp
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.vault.cache.note_cache import NoteCache


class VaultCache:
    """The cache of an open vault. Thread-safe; calls block: not for the event loop."""

    def __init__(
        self,
        open_cache: Callable[[], NoteCache | None],
        current: Callable[[], Snapshot],
        updater: NoteUpdater,
        applying: Lock,
    ) -> None:
        """Open nothing yet.

        Args:
            open_cache: Makes the cache for the first load; None for a vault without one.
            current: Returns the snapshot of the moment.
            updater: Knows when each note was read.
            applying: Held while reads are applied to the snapshot.
        """
        self._open_cache = open_cache
        self._current = current
        self._updater = updater
        self._applying = applying
        self._turn = Lock()
        """Held while the file is read or written."""
        self._cache: NoteCache | None = None

    def load(
        self, settings: CountSettings, stamps: Mapping[str, FileStamp], notes: ParsedNotes
    ) -> Mapping[str, CachedNote]:
        """The notes that an earlier run has read and that have not changed; see `NoteCache.load`."""
        with self._turn:
            self._cache = self._cache or self._open_cache()
            return self._cache.load(settings, stamps, notes) if self._cache is not None else {}

    def save(self, *, is_hurried: bool = False) -> None:
        """Save what is known of the notes for later runs of the program. Errors are ignored: it is a cache.

        `is_hurried`: whether somebody waits for it. Nothing is saved of a vault that is not read whole.
        """
        if self._cache is None or not self._current().is_complete:
            return
        with self._applying:  # Else a note could be taken with the stamp of a later read.
            snapshot = self._current()
            notes = self._updater.cachable(snapshot)
        with self._turn:
            self._cache.save(snapshot.count_settings, notes, is_hurried=is_hurried)

    def end(self) -> None:
        """Save what has changed since the last time, within a moment: the program ends."""
        if self._cache is not None:
            self._cache.end()
            self.save(is_hurried=True)
