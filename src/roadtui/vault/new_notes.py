"""Notes that are not there yet: the inbox that quick capture writes into, and what a command names."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from roadtui.core.display import safe
from roadtui.core.errors import RefusedError
from roadtui.vault.interest import NOTE_SUFFIX
from roadtui.vault.system import SYSTEM, System, opened
from roadtui.vault.writing.strategy import explained


def check_path(path: str) -> None:
    """Refuse a path that is not, or not visibly, that of a note inside a vault."""
    parts = path.split("/")
    is_inside = all(part not in ("", ".", "..") and not part.startswith(".") for part in parts)
    if not is_inside or not path.endswith(NOTE_SUFFIX) or not path.isprintable():
        raise RefusedError(f"“{safe(path)}” is no path of a note in the vault; write it like folder/Note.md.")


def make_note(root: Path, path: str, system: System = SYSTEM) -> str:
    """Make an empty note, and its folders, where there is none; gives its path as the file system has it.

    A note whose name differs in case alone is that note, and stays as it is.

    Raises:
        RefusedError: the path is none of a note, or leads out of the vault.
        WriteFailedError: it cannot be made.
    """
    check_path(path)
    path = _as_it_is_called(root, path)
    note = root / path
    if os.path.lexists(note):
        return path
    if not note.parent.resolve().is_relative_to(root.resolve()):
        raise RefusedError(f"“{path}” leads out of the vault.")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        with opened(system, note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666) as fd:
            system.sync(fd)
        system.sync_folder(note.parent)
    except FileExistsError:
        return path  # Somebody else was faster; what stands in it stays.
    except OSError as error:
        raise explained(error, note) from error
    return path


def _as_it_is_called(root: Path, path: str) -> str:
    """`path`, each part spelled as the file system has it where only the case differs."""
    spelled = PurePosixPath()
    for part in path.split("/"):
        try:
            names = os.listdir(root / spelled)
        except OSError:
            names = []
        same = [name for name in names if name.casefold() == part.casefold()]
        spelled /= part if part in same or not same else same[0]
    return spelled.as_posix()
