"""The process that reads notes for a program: paths in on stdin, rows of the cache out on stdout.

It ends when its stdin or stdout is closed, so it does not outlive the program, however that ends. It writes
nothing but its stdout.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import monotonic
from typing import IO, NamedTuple

from roadtui.core.next_actions.ranking import Dependencies, rank
from roadtui.vault.cache.note_rows import NoteRow, encode_row
from roadtui.vault.errors import UnreadableNoteError
from roadtui.vault.note_content import CountSettings
from roadtui.vault.reader import read_and_parse
from roadtui.vault.snapshot import VaultNote

_BATCH_SECONDS = 0.03
"""Seconds of reading after which its results are sent."""
_MOST_ROWS = 64
"""Rows that are sent together at most: the program decodes them in one go, while keys wait."""
_NO_DEPENDENCIES = Dependencies({}, {})


class ReadingTask(NamedTuple):
    """What a process reads."""

    root: str
    """The vault's folder."""
    limit: int
    """Notes with more bytes are not read."""
    settings: CountSettings
    """What tasks are counted by."""
    paths: tuple[str, ...]
    """The notes, in the order in which they are read."""


class ReadRow(NamedTuple):
    """What was read of one note."""

    path: str
    row: NoteRow | None
    """As in the cache; None for a note that the program has to read itself: it says then what is wrong."""


def main() -> None:
    """Read the notes of the `ReadingTask` on stdin."""
    gc.disable()  # A parse has no cycles.
    if hasattr(os, "nice"):
        os.nice(10)  # The user's keys come first, on one core as well.
    task: ReadingTask = pickle.load(sys.stdin.buffer)
    try:
        for rows in _batches(task):
            send(rows, sys.stdout.buffer)
    except BrokenPipeError:  # The program has ended, or has no use for more.
        os._exit(0)  # Without another attempt to flush stdout.


def send(rows: list[ReadRow], out: IO[bytes]) -> None:
    """Write a batch of rows."""
    pickle.dump([(path, None if row is None else tuple(row)) for path, row in rows], out, protocol=5)
    out.flush()


def receive(source: IO[bytes]) -> list[ReadRow]:
    """Read a batch of rows.

    Raises:
        EOFError: the process has ended.
        pickle.UnpicklingError: it has ended in the middle of a batch.
    """
    found = pickle.load(source)
    return [ReadRow(path, None if row is None else NoteRow._make(row)) for path, row in found]


def _batches(task: ReadingTask) -> Iterator[list[ReadRow]]:
    rows: list[ReadRow] = []
    until = 0.0
    for path in task.paths:
        rows.append(_read(path, task))
        if monotonic() >= until or len(rows) >= _MOST_ROWS:
            yield rows
            rows = []
            until = monotonic() + _BATCH_SECONDS
    yield rows


def _read(path: str, task: ReadingTask) -> ReadRow:
    found = read_and_parse(Path(task.root, path), task.limit)
    if isinstance(found, UnreadableNoteError) or found.label:
        return ReadRow(path, None)
    note = VaultNote.of(path, found.note, found.stamp, found.digest, task.settings)
    rank([note.candidates], _NO_DEPENDENCIES, date.today(), 1)  # Keeps the best ones, which the row has, too.
    return ReadRow(path, encode_row(note, found.began_ns))
