"""Keeps what a command found out about a vault, for as long as no note has changed: for prompts of shells.

One small file for each question, in the user's cache folder; it may be deleted at any time. What the answer
depends on is compared whole: the files of all notes with their stamps, the settings and the day. Nothing is
kept about a vault with a note that was written a moment ago, as its stamp may not tell a later write.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable
from datetime import date
from pathlib import Path
from struct import Struct
from time import time_ns
from typing import Final, Protocol

from roadtui import __version__
from roadtui.config import Config
from roadtui.core.errors import RoadtuiError
from roadtui.core.markdown import content_hash
from roadtui.settings_file import read_plain_file, write_plain_file
from roadtui.vault.scan import Scan
from roadtui.vault.snapshot import Snapshot

_FORMAT: Final = 1
"""Of what is printed and how it is counted: to be raised with every change of either."""
_MOST_FILES: Final = 50
_STAMP: Final = Struct("<QQqqq")


class ListedVault(Protocol):
    """A vault that is asked about."""

    config: Config

    @property
    def scope(self) -> Path:
        """The folder of the vault, or the path of the only note that is read."""

    @property
    def snapshot(self) -> Snapshot:
        """Its settings, before anything is read."""

    def scan(self) -> Scan:
        """List the notes. Raises VaultMissingError."""


class ResultCache:
    """The answer to one question about one vault, which is not read yet."""

    def __init__(self, folder: Path, vault: ListedVault, question: Iterable[Hashable], today: date) -> None:
        """List the notes of `vault`, to compare them with those of an earlier answer.

        Args:
            folder: The user's cache folder.
            vault: The vault.
            question: The command, and all of its arguments that its answer depends on.
            today: The day of the answer.
        """
        asked = repr((os.path.realpath(vault.scope), *question)).encode("utf-8", "surrogatepass")
        self._file = folder / "results" / content_hash(asked).hex()
        self._began_ns = time_ns()
        self._state = _state_of(vault, today, self._began_ns)

    def lines(self) -> list[str] | None:
        """The lines of an earlier answer; None if there is none, or something has changed since."""
        if self._state is None:
            return None
        try:
            state, *lines = read_plain_file(self._file).decode("utf-8").split("\n")
        except (OSError, ValueError):
            return None
        return lines if state == self._state else None

    def save(self, lines: Iterable[str], snapshot: Snapshot) -> None:
        """Keep an answer that was found in `snapshot`, which was read since; errors are ignored.

        None is kept where a note could not be read: the user has to be told each time.
        """
        if self._state is None or snapshot.problems or not snapshot.is_complete:
            return
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_plain_file(self._file, "\n".join((self._state, *lines)))
            others = sorted(os.scandir(self._file.parent), key=lambda entry: -entry.stat().st_mtime_ns)
            for entry in others[_MOST_FILES:]:
                os.unlink(entry.path)
        except (OSError, ValueError):
            return


def _state_of(vault: ListedVault, today: date, began_ns: int) -> str | None:
    """All that an answer depends on, as text; None where nothing can be kept."""
    settings = vault.snapshot.settings
    if settings.warnings:
        return None
    try:
        found = vault.scan()
    except RoadtuiError:
        return None
    notes = _notes_of(found, began_ns)
    if notes is None:
        return None
    counted = vault.snapshot.count_settings
    asked = (
        _FORMAT,
        __version__,
        today,
        vault.config,
        settings.ignore_filters,
        counted.format,
        [*counted.statuses],
    )
    return content_hash(repr(asked).encode("utf-8", "surrogatepass") + notes).hex()


def _notes_of(found: Scan, began_ns: int) -> bytes | None:
    """The paths and stamps of all notes; None where one may have changed unnoticed, or is not known."""
    if found.problems or found.placeholders or any(stamp.is_racy(began_ns) for stamp in found.notes.values()):
        return None
    stamps = b"".join([_STAMP.pack(*stamp) for stamp in found.notes.values()])
    return stamps + "\0".join(found.notes).encode("utf-8", "surrogatepass")
