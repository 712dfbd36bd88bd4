"""How a note opens that the user has not been in: on its next task, with what is finished folded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from roadtui.core.note import Section, Task
from roadtui.core.outline import Outline
from roadtui.session.outline.outline_state import OutlineState
from roadtui.vault.snapshot import Snapshot, VaultNote


def opening_state(note: VaultNote, rows: Outline, snapshot: Snapshot, today: date) -> OutlineState:
    """`rows` of `note` with the cursor on its next task, and everything finished folded.

    Without a next task the cursor is on the first row.
    """
    state = OutlineState(rows, _finished_rows(note, rows, snapshot))
    for suggestion in snapshot.suggestions([note], today, 1):
        row = rows.row_of(suggestion.task)
        if row is not None:
            state.reveal(row)
            state.cursor = row
    return state


def _finished_rows(note: VaultNote, rows: Outline, snapshot: Snapshot) -> Iterator[int]:
    """The sections and parent tasks in which everything is done; not a section that holds all of the note."""
    progress = note.note_progress
    for row in rows.parents:
        match rows.rows[row].content:
            case Section() as section:
                inside = progress.of_section(section)
                if inside.is_complete and inside.total < progress.note.total:
                    yield row
            case Task(status_symbol=symbol) as task:
                below = progress.of_task(task)
                if below is not None and below.is_complete and not snapshot.statuses.type_of(symbol).is_open:
                    yield row
