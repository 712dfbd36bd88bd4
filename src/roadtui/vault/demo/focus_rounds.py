"""The time that the owner of the demo vault worked in focus: a round or two on what was done of late.

Writes only into the history that it is given, which is that of the demo.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from roadtui.core.tasks.field_specs import FieldKind
from roadtui.core.tasks.fields import read_fields
from roadtui.vault.history.history import History
from roadtui.vault.snapshot import Snapshot

_DAYS = 42
_ROUND = 25 * 60
"""Seconds."""
_END = time(19, 30)


def record_focus_rounds(history: History, snapshot: Snapshot, today: date) -> None:
    """Record in `history` a round of focus on each task done in the last weeks, on every third one two.

    Args:
        history: The history of the demo, in which `snapshot` is recorded.
        snapshot: The whole vault.
        today: The day that the demo is made for.
    """
    done = [
        (day, note, task)
        for note in snapshot.roadmaps
        for task in note.note.tasks
        if (field := read_fields(task.text).get(FieldKind.DONE)) is not None
        and (day := field.day) is not None
        and timedelta() < today - day <= timedelta(_DAYS)
    ]
    for number, (day, note, task) in enumerate(sorted(done, key=lambda one: one[0])):
        rounds = 2 if number % 3 == 0 else 1
        history.record_time_spent(note, task, rounds * _ROUND, datetime.combine(day, _END).astimezone())
