"""The lines that commands of this machine have written: a screen tells them from those of other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from roadtui.core.note import Note, Task
from roadtui.vault.activity.seen_file import OwnLine, SeenFile
from roadtui.vault.activity.seen_store import SeenStore, path_of
from roadtui.vault.edit_writer import EditCommit
from roadtui.vault.history.events import EPOCH


def save_own_lines(
    state_folder: Path, vaults: Iterable[Path], parts: Iterable[EditCommit], at: datetime
) -> None:
    """Save which tasks a transaction with the results `parts` has written at `at`, or removed.

    `vaults`: the folders, or single notes, that a screen may show them in. Nothing is saved for one of which
    nothing was ever seen, and nothing fails: without it, another program has written the lines.
    """
    moment = (at - EPOCH) // timedelta(microseconds=1)
    lines = [OwnLine(part.path, source) for part in parts for source in _sources(part)]
    for vault in dict.fromkeys(vaults):
        if not lines or not _was_seen(state_folder, vault):
            continue
        store = SeenStore(state_folder, vault)

        def save(file: SeenFile) -> None:
            file.save_own_lines(lines, moment)

        try:
            store.use(save)
        finally:
            store.close()


def _was_seen(state_folder: Path, vault: Path) -> bool:
    try:
        return path_of(state_folder, vault).exists()
    except OSError:  # The state folder cannot be used: the writing of notes and of the undo list says so.
        return False


def _sources(part: EditCommit) -> Iterator[str]:
    """The lines of tasks that are new or changed, as they are, and of those that are gone."""
    new = {line for hunk in part.hunks for line in range(hunk.new, hunk.new_end)}
    old = {line for hunk in part.hunks for line in range(hunk.old, hunk.old_end)}
    return (
        source
        for note, lines in ((part.note.note, new), (part.note_before, old))
        for source in _on(note, lines)
    )


def _on(note: Note, lines: set[int]) -> Iterator[str]:
    return (item.source for item in note.items if isinstance(item, Task) and item.line in lines)
