"""Saves the frame of a dashboard for the next start, where it can be proved to be true. For threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from roadtui.config import state_folder
from roadtui.core.errors import RoadtuiError
from roadtui.saved_frame import FrameDependencies, SavedFrame, conditions_of, encode, file_of, frames_folder
from roadtui.session.frame_dependencies import (
    DependencyCollector,
    ProgramStart,
    StartFiles,
    UnknownStateError,
    add_history,
)
from roadtui.session.frame_view import ShownFrame
from roadtui.session.outline.saved_positions import SavedTheme, vault_file
from roadtui.vault.obsidian import read_settings, settings_files

if TYPE_CHECKING:
    from roadtui.user_settings import UserSettings
    from roadtui.vault.vault import Vault

_MOST_FRAMES = 12
"""Frames are kept for so many command lines, folders and sizes of the terminal."""


class FrameStore:
    """Saves the frames of one run of the program."""

    def __init__(
        self,
        vault: Vault,
        settings: UserSettings,
        views_file: Path,
        arguments: Sequence[str],
        start_files: Callable[[], StartFiles | None],
        start: ProgramStart,
    ) -> None:
        """Make a store for `vault`.

        Args:
            vault: The vault.
            settings: The user's settings.
            views_file: Keeps the views that the user has saved.
            arguments: Those of the command line.
            start_files: What decides that they open this vault; None where that cannot be said.
            start: When the program began, before it read anything of the vault.
        """
        self._vault = vault
        self._settings = settings
        self._views_file = views_file
        self._arguments = list(arguments)
        self._start_files = start_files
        self._start = start

    def save(self, shown: ShownFrame, views_are_shown: Callable[[], bool]) -> bool:
        """Save what is shown, if it is true; whether it was saved. Never raises for files.

        `views_are_shown`: whether the views are shown that the user's file holds now.
        """
        if not self._settings.config.saved_frame:
            remove_all()
            return False
        try:
            needed = self._dependencies(shown, views_are_shown)
            conditions = conditions_of(self._arguments, shown.size)
            screen = shown.cells.encode("utf-8", "replace")
            frame = SavedFrame(conditions, needed, screen, shown.view.encoded())
            _write(file_of(self._arguments, shown.size), encode(frame))
        except (OSError, UnknownStateError):
            return False
        return True

    def _dependencies(self, shown: ShownFrame, views_are_shown: Callable[[], bool]) -> FrameDependencies:
        files = self._start_files()
        if files is None or not self._start.is_clock_steady:
            raise UnknownStateError
        vault, snapshot, state = self._vault, shown.snapshot, state_folder()
        collector = DependencyCollector(self._start)
        collector.add_start(files)
        for file in (self._settings.config_file, self._settings.file):
            if file is not None:
                collector.add(file, self._settings_are_shown)
        collector.add(self._views_file, views_are_shown)
        collector.add(SavedTheme.file_in(state), lambda: SavedTheme(state).read() is None)
        for suffix in (".last", ".place", ".toml"):  # The frame itself says where the user was.
            collector.add(vault_file(state, vault.root, suffix), lambda: True)
        for file in settings_files(vault.root):
            collector.add(file, lambda: read_settings(vault.root) == snapshot.settings)
        for problem in snapshot.problems:
            collector.add(vault.root / problem.path)
        if vault.scope == vault.root:
            collector.add_folders(vault, snapshot)
        collector.add_notes(vault.root, snapshot.notes.values())
        add_history(collector, state, vault.scope)
        collector.add_program()
        return collector.collected()

    def _settings_are_shown(self) -> bool:
        from roadtui.user_settings import UserSettings  # It is loaded; the session only needs its type.

        assert self._settings.config_file is not None, "only what was read is added"
        try:
            found = UserSettings.read(self._settings.config_file, self._settings.file)
        except RoadtuiError:
            return False
        return found.config == self._settings.config and not found.problems


def remove_all() -> None:
    """Remove every frame: the user wants none."""
    with suppress(OSError):
        for entry in os.scandir(frames_folder()):
            os.unlink(entry.path)


def _write(path: str, data: bytes) -> None:
    """Write a frame's file whole or not at all, and drop those that were used longest ago."""
    folder = frames_folder()
    os.makedirs(folder, mode=0o700, exist_ok=True)
    unfinished = f"{path}.{os.getpid()}"
    try:
        fd = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with open(fd, "wb") as file:
            file.write(data)
        os.replace(unfinished, path)
    except OSError:
        with suppress(OSError):
            os.unlink(unfinished)
        raise
    entries = sorted(os.scandir(folder), key=lambda entry: -entry.stat(follow_symlinks=False).st_mtime_ns)
    for entry in entries[_MOST_FRAMES:]:
        os.unlink(entry.path)
