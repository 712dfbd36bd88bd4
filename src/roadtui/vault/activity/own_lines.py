"""The lines that commands of this machine have written: a screen tells them from those of other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from roadtui.core.activity.follow import follow
from roadtui.core.activity.rows import rows_of
from roadtui.vault.activity.seen_file import OwnLine, OwnLineKind, SeenFile
from roadtui.vault.activity.seen_store import SeenFileBusyError, SeenStore, path_of
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
    seen = [vault for vault in dict.fromkeys(vaults) if _was_seen(state_folder, vault)]
    lines = [line for part in parts for line in _own_lines(part)] if seen else []
    for vault in seen if lines else ():
        store = SeenStore(state_folder, vault)

        def save(file: SeenFile) -> None:
            file.save_own_lines(lines, moment)

        try:
            with suppress(SeenFileBusyError):
                store.use(save)
        finally:
            store.close()


def _was_seen(state_folder: Path, vault: Path) -> bool:
    try:
        return path_of(state_folder, vault).exists()
    except OSError:  # The state folder cannot be used: the writing of notes and of the undo list says so.
        return False


def _own_lines(part: EditCommit) -> Iterator[OwnLine]:
    """The lines of tasks that are new, changed or at another place, and of those that are gone."""
    new = {line for hunk in part.hunks for line in range(hunk.new, hunk.new_end)}
    numbers = count(1)
    before = follow({}, {part.path: rows_of(part.note_before)}, (), lambda: next(numbers)).notes
    now = {part.path: rows_of(part.note.note)}
    after = follow(before, now, (), lambda: next(numbers)).notes[part.path]
    was = {row.id: row for row in before[part.path].rows}
    for row, task in zip(after.rows, part.note.note.tasks, strict=True):
        if task.line in new or row.is_moved:
            is_written = row.id not in was or was[row.id].source != row.source
            yield OwnLine(part.path, row.source, OwnLineKind.WRITTEN if is_written else OwnLineKind.MOVED)
    left = {row.id for row in after.rows}
    yield from (
        OwnLine(part.path, row.source, OwnLineKind.REMOVED) for row in was.values() if row.id not in left
    )
