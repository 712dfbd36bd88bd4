"""Starts and ends a process that reads notes, and makes notes of the rows that it sends."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from struct import error as StructError
from threading import Lock

from roadtui.vault.cache.note_rows import decode_row, first_candidates
from roadtui.vault.loading.reading_worker import ReadingTask, receive
from roadtui.vault.note_content import CountSettings, ParsedNotes
from roadtui.vault.note_updates import CachedNote

START = """
import sys
sys.path[:] = sys.argv[1:]
from roadtui.vault.loading.reading_worker import main
main()
"""
"""What the process runs: it imports from where this one does."""
_MOST_WAIT = 1.0
"""Seconds to wait for the end of a process that was killed."""
_FAULTS = (OSError, EOFError, pickle.UnpicklingError, ValueError, LookupError, TypeError, StructError)
"""What a process that has crashed, or was ended, leaves in its pipe."""


class ReadingProcess:
    """Reads notes in a process of its own. A process that cannot start, or crashes, reads fewer notes.

    `read` runs in one thread, `end` in any.
    """

    def __init__(self, root: Path, limit: int, settings: CountSettings, notes: ParsedNotes) -> None:
        """Start nothing yet.

        Args:
            root: The vault's folder.
            limit: Notes with more bytes are not read.
            settings: What tasks are counted by.
            notes: Reads the parses of the notes when they are asked for.
        """
        self._root = root
        self._limit = limit
        self._settings = settings
        self._notes = notes
        self._process: subprocess.Popen[bytes] | None = None
        self._has_ended = False
        self._ending = Lock()
        """Held while the process is started or ended: for as long as the system takes for that."""

    def read(self, paths: Sequence[str]) -> Iterator[list[CachedNote]]:
        """The notes at `paths`, a few at a time, in their order.

        Left out are those that cannot be read, or are labelled, and all that the process has not read when it
        crashes or is ended.
        """
        process = self._started()
        if process is None:
            return
        assert process.stdin is not None, "it is a pipe"
        assert process.stdout is not None, "it is a pipe"
        try:
            task = ReadingTask(os.fspath(self._root), self._limit, self._settings, tuple(paths))
            pickle.dump(task, process.stdin, protocol=5)
            process.stdin.flush()
            asked = set(paths)
            while asked:
                rows = receive(process.stdout)
                asked.difference_update(row.path for row in rows)
                known = [(path, row) for path, row in rows if row is not None]
                firsts = first_candidates([row for _, row in known])
                yield [
                    CachedNote(*decode_row(path, row, first, self._settings, self._notes))
                    for (path, row), first in zip(known, firsts, strict=True)
                ]
        except _FAULTS:
            return
        finally:
            self.end()

    def end(self) -> None:
        """End the process, and have `read` return soon. Later calls do nothing."""
        with self._ending:
            self._has_ended = True
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(subprocess.TimeoutExpired):  # On a disk that hangs, it ends when that answers.
                process.wait(_MOST_WAIT)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError, ValueError):
                        pipe.close()

    def _started(self) -> subprocess.Popen[bytes] | None:
        """The process; None if it cannot be started, or is to end."""
        with self._ending:
            if self._has_ended or not sys.executable or getattr(sys, "frozen", False):
                return None  # A frozen program has no interpreter.
            try:
                # -I: not from the working folder, in which a file may be named as a module of Python.
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-c", START, *sys.path],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,  # Its signals are not those of the terminal: `end` ends it.
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError:
                return None
            return self._process
