"""Reads a whole vault for the first time: from the cache, then in processes, and what is left in this one.

Runs in the thread that calls it. Edits and refreshes go on meanwhile in others: of two reads of a note, the
later counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from roadtui.config import Config
from roadtui.vault.note_content import CountSettings, ParsedNotes
from roadtui.vault.note_updates import CachedNote, NoteUpdater, PreparedRead, SnapshotBuilder
from roadtui.vault.root import VaultRoot
from roadtui.vault.snapshot import Snapshot

if TYPE_CHECKING:
    from roadtui.vault.cache.vault_cache import VaultCache
    from roadtui.vault.loading.reading_pool import ReadingPool
    from roadtui.vault.scan import Scan

BATCH_SECONDS = 0.15
"""Seconds between two snapshots of a long load."""
WORTH_A_PROCESS = 4_000_000
"""Bytes of unread notes for which a process is started: here, reading them takes half a second or more."""


class LoadedModel(Protocol):
    """The model of a vault that is loaded."""

    folder: VaultRoot
    config: Config

    @property
    def snapshot(self) -> Snapshot:
        """The vault as it was last read."""

    def refresh(self, paths: Iterable[str] | None = None) -> Snapshot:
        """Read the notes at `paths` again."""

    def scan(self) -> Scan:
        """List the notes."""

    def read(self, path: str, *, is_one_of_many: bool = False) -> PreparedRead:
        """Read, parse and count the note at `path`."""

    def applying(
        self, found: Scan | None = None, *, is_complete: bool | None = None
    ) -> AbstractContextManager[SnapshotBuilder]:
        """Publish what the block applies to the builder, with the problems of the scan `found`."""


class VaultLoader:
    """Loads one vault. Its state may be read in any thread while the model's lock is held."""

    def __init__(
        self, model: LoadedModel, updater: NoteUpdater, notes: ParsedNotes, cache: VaultCache
    ) -> None:
        """Load nothing yet.

        Args:
            model: The vault.
            updater: Applies reads to the model.
            notes: Keeps the parses of its notes.
            cache: What earlier runs of the program have read.
        """
        self._model = model
        self._updater = updater
        self._notes = notes
        self._cache = cache
        self.unread: set[str] = set()
        """The notes that a load has found and has not read yet."""
        self.is_loading = False
        """Whether a load is under way."""
        self.has_scanned = True
        """False from the beginning of a load until it has listed the notes."""
        self._is_stopped = False
        self._pool: ReadingPool | None = None

    def stop(self) -> None:
        """End a load soon, with what is read by then: the program ends. Thread-safe."""
        self._is_stopped = True
        if (pool := self._pool) is not None:
            pool.end()

    def load(self, first: str | None = None) -> Iterator[Snapshot]:
        """Read every note; see `Vault.load`."""
        self.is_loading, self.has_scanned = True, False
        try:
            if first is not None:
                yield self._model.refresh([first])
            self._model.folder.find()
            ticket = self._updater.next_ticket()
            found = self._model.scan()
            with self._model.applying(found, is_complete=False):
                self.unread = found.notes.keys() - self._model.snapshot.notes.keys()
                self.has_scanned = True
            settings = self._model.snapshot.count_settings
            self._take(self._cache.load(settings, found.notes, self._notes).values(), ticket, settings)
            paths = sorted(self.unread, key=lambda path: -found.notes[path].mtime_ns)
            size = sum(found.notes[path].size for path in paths)
            if size >= WORTH_A_PROCESS:
                yield from self._read_in_processes(paths, size, ticket)
                paths = [path for path in paths if path in self.unread]
            yield from self._read_here(paths)
        finally:
            self.is_loading, self.has_scanned = False, True
            self.unread = set()

    def _read_in_processes(self, paths: Sequence[str], size: int, ticket: int) -> Iterator[Snapshot]:
        """Read `paths`, `size` bytes in all, in processes, as far as that comes; some may stay unread."""
        # Only for a big vault.
        from roadtui.vault.loading.reading_pool import ReadingPool, number_of_processes
        from roadtui.vault.loading.reading_process import ReadingProcess

        settings = self._model.snapshot.count_settings
        root, limit = self._model.folder.path, self._model.config.max_note_bytes
        pool = ReadingPool(
            lambda: ReadingProcess(root, limit, settings, self._notes),
            number_of_processes(size, WORTH_A_PROCESS),
        )
        self._pool = pool
        if self._is_stopped:
            pool.end()
        reads: list[CachedNote] = []
        shown = monotonic()
        for batch in pool.read(paths):
            reads += batch
            if monotonic() - shown > BATCH_SECONDS:
                if not self._take(reads, ticket, settings):
                    pool.end()
                    return
                reads = []
                yield self._model.snapshot
                shown = monotonic()
        self._take(reads, ticket, settings)

    def _read_here(self, paths: Iterable[str]) -> Iterator[Snapshot]:
        """Read `paths` in this thread."""
        shown = monotonic()
        reads: list[PreparedRead] = []
        for path in paths:
            if self._is_stopped:
                return
            if path not in self._model.snapshot.notes:
                reads.append(self._model.read(path, is_one_of_many=True))
            if monotonic() - shown > BATCH_SECONDS:
                self._add(reads)
                yield self._model.snapshot
                reads = []
                shown = monotonic()
        self._add(reads, is_complete=True)
        yield self._model.snapshot

    def _take(self, notes: Iterable[CachedNote], ticket: int, settings: CountSettings) -> bool:
        """Publish `notes`, read after `ticket` and counted by `settings`; False if others hold by now."""
        with self._model.applying() as draft:
            if settings != draft.last.count_settings:
                return False
            for one in notes:
                self._updater.accept_cached(one, ticket, draft)
            self.unread -= draft.notes.keys()
        return True

    def _add(self, reads: Sequence[PreparedRead], *, is_complete: bool | None = None) -> None:
        """Publish the notes that were read here."""
        with self._model.applying(is_complete=is_complete) as draft:
            for read in reads:
                self._updater.accept(read, draft)
            self.unread -= draft.notes.keys() | {read.path for read in reads}
