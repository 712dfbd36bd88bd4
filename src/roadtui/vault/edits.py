"""From what is on the screen to an edit: the intents that screens and commands share."""

from __future__ import annotations

from datetime import date

from roadtui.core.edit import Edit, SetStatus
from roadtui.core.note import Task
from roadtui.core.status import StatusType
from roadtui.core.task_line import TaskSettings, next_symbol
from roadtui.vault.snapshot import Snapshot, VaultNote


def toggle(
    snapshot: Snapshot, note: VaultNote, task: Task, today: date, *, settings: TaskSettings | None, seen: str | None = None
) -> Edit:
    """Tick or untick `task`: give it the status that follows the one seen.

    Args:
        snapshot: The vault as it was seen.
        note: The note that holds `task`.
        task: What to toggle.
        today: The day to write where a date is to be written.
        settings: How dates are written; None where the mark alone changes.
        seen: The mark that was on the screen, where a write under way has put it ahead of the note.
    """
    mark = task.mark if seen is None else seen
    symbol = next_symbol(task.source, task.mark_at, mark, snapshot.statuses, settings)
    return set_status(snapshot, note, task, symbol, today, settings=settings, seen=seen)
