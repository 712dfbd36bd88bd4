"""Reads notes in several processes at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from roadtui.vault.note_updates import CachedNote

MOST_PROCESSES = 4
"""More would read faster than the program can take what they have read."""


class NoteReader(Protocol):
    """Reads notes, as `ReadingProcess` does."""

    def read(self, paths: Sequence[str]) -> Iterator[list[CachedNote]]:
        """The notes at `paths`, a few at a time; some may be left out."""

    def end(self) -> None:
        """Have `read` return soon."""


class ReadingPool:
    """Several readers that share the notes. `read` runs in one thread, `end` in any."""

    def __init__(self, make_reader: Callable[[], NoteReader], number: int) -> None:
        """Make `number` readers."""
        self._readers = [make_reader() for _ in range(number)]

    def read(self, paths: Sequence[str]) -> Iterator[list[CachedNote]]:
        """The notes at `paths`, a few at a time, the first ones early, but what a reader leaves out."""
        found: SimpleQueue[list[CachedNote] | Exception | None] = SimpleQueue()
        """What was read; None from each reader that has ended."""

        def read_share(reader: NoteReader, share: Sequence[str]) -> None:
            try:
                for batch in reader.read(share):
                    found.put(batch)
            except Exception as error:  # For the thread that takes what was read.
                found.put(error)
            finally:
                found.put(None)

        number = len(self._readers)
        for at, reader in enumerate(self._readers):
            Thread(target=read_share, args=(reader, paths[at::number]), daemon=True).start()
        try:
            running = number
            while running:
                batch = found.get()
                if isinstance(batch, Exception):
                    raise batch
                if batch is None:
                    running -= 1
                else:
                    yield batch
        finally:
            self.end()

    def end(self) -> None:
        """End all readers, and have `read` return soon. Later calls do nothing."""
        for reader in self._readers:
            reader.end()


def number_of_processes(bytes: int, worth_a_process: int) -> int:
    """How many processes are to read `bytes` bytes, if one is worth its start for `worth_a_process` of them.

    One core is left to the user's keys.
    """
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return max(1, min(MOST_PROCESSES, cores - 1, bytes // max(1, worth_a_process)))
