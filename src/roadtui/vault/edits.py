"""From what is on the screen to an edit: the intents that screens and commands share."""

from __future__ import annotations

from datetime import date

from roadtui.core.brief import brief
from roadtui.core.edit import Edit, SetStatus
from roadtui.core.note import Task
from roadtui.core.status import StatusType
from roadtui.core.task_line import find_mark
from roadtui.core.task_settings import TaskSettings
from roadtui.vault.snapshot import Snapshot, VaultNote


def next_symbol(snapshot: Snapshot, task: Task, mark: str) -> str:
    """What a toggle makes of `mark` in the box of `task`.

    A line that the Tasks plugin takes for none of its own (its global filter) toggles as plain Obsidian does.
    """
    plugin = snapshot.settings.tasks_plugin
    if plugin is not None:
        is_of_plugin = find_mark(task.source) == task.mark_at and plugin.global_filter in task.text
        if not is_of_plugin:
            return "x" if mark == " " else " "
    return snapshot.statuses.get(mark).next_symbol


def set_status(
    snapshot: Snapshot,
    note: VaultNote,
    task: Task,
    symbol: str,
    today: date,
    *,
    dates: TaskSettings | None,
    seen: str | None = None,
) -> Edit:
    """Give `task` the status of `symbol`.

    Args:
        snapshot: The vault as it was seen.
        note: The note that holds `task`.
        task: The task.
        symbol: The character that is to stand in its box.
        today: The day to write where a date is to be written.
        dates: How dates and recurrence are written; None where the mark alone changes.
        seen: The mark that was on the screen, where a write under way has put it ahead of the note.
    """
    change = SetStatus(task.mark if seen is None else seen, symbol, today, dates)
    return Edit(note.path, f"{_verb(snapshot, symbol)} “{brief(task.text)}”", note.anchor(task), change)


def _verb(snapshot: Snapshot, symbol: str) -> str:
    status = snapshot.statuses.get(symbol)
    match status.type:
        case StatusType.DONE:
            return "tick"
        case StatusType.TODO if symbol == " ":
            return "untick"
        case _:
            return f"set {status.name.lower()}"
