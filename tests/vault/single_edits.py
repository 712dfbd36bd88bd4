"""Single edits for tests of the vault, made as the screen makes them."""

from __future__ import annotations

from datetime import date

from roadtui.core.edits.edit import Edit
from roadtui.core.note import Task
from roadtui.core.tasks.status import TaskSettings
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.actions import TaskActions
from roadtui.vault.snapshot import Snapshot, VaultNote


def edits_of(snapshot: Snapshot, today: date, dates: TaskSettings | None = None) -> TaskActions:
    """What makes steps in `snapshot`; none that reads the disk."""
    return TaskActions(ActionContext(snapshot, today, dates, lambda _note: []))


def status_edit(
    snapshot: Snapshot,
    note: VaultNote,
    task: Task,
    symbol: str,
    today: date,
    *,
    dates: TaskSettings | None,
    seen: str | None = None,
) -> Edit:
    """The one edit that gives `task` the status of `symbol`."""
    step = edits_of(snapshot, today, dates).build(
        "status", note, [task], symbol, [seen or task.status_symbol]
    )
    (edit,) = step.edits
    return edit
