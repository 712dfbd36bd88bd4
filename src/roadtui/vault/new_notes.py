"""Notes that are not there yet: the inbox that quick capture writes into, and what a command names."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from roadtui.core.errors import RefusedError
from roadtui.vault.interest import NOTE_SUFFIX
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.system import SYSTEM, System, opened
from roadtui.vault.vault import Vault
from roadtui.vault.writing.strategy import explained


def note_at(vault: Vault, path: str, system: System = SYSTEM) -> VaultNote:
    """The note at `path` of `vault`, made empty if it is missing, its folders too.

    A note whose name differs in case alone is that note.

    Raises:
        RefusedError: the path leads out of the vault or is none of a note, or it cannot be read.
        WriteFailedError: it cannot be made.
    """
    check_path(path)
    path = _as_it_is_called(vault.root, path)
    found = vault.refresh([path])
    if path not in found.notes and not os.path.lexists(vault.root / path):
        _make(vault.root, path, system)
        found = vault.refresh([path])
    note = found.notes.get(path)
    if note is None:
        reasons = (problem.reason for problem in found.problems if problem.path == path)
        raise RefusedError(next(reasons, f"{path} can't be used as a note of this vault."))
    return note


def check_path(path: str) -> None:
    """Refuse a path that is not, or not visibly, that of a note inside a vault."""
    parts = path.split("/")
    is_inside = all(part not in ("", ".", "..") and not part.startswith(".") for part in parts)
    if not is_inside or not path.endswith(NOTE_SUFFIX) or any(not part.isprintable() for part in parts):
        raise RefusedError(f"“{path}” is no path of a note in the vault; write it like folder/Note.md.")


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


def _make(root: Path, path: str, system: System) -> None:
    note = root / path
    if not note.parent.resolve().is_relative_to(root.resolve()):
        raise RefusedError(f"“{path}” leads out of the vault.")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        with opened(system, note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666) as fd:
            system.sync(fd)
        system.sync_folder(note.parent)
    except FileExistsError:
        return  # Somebody else was faster; what stands in it stays.
    except OSError as error:
        raise explained(error, note) from error
