"""The content of a history in a few numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from roadtui.core.stats.activity import task_dates
from roadtui.core.tasks.status import StatusType
from roadtui.vault.history.events import EventKind
from roadtui.vault.history.history import History
from roadtui.vault.history.paths import other_files
from roadtui.vault.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class HistorySummary:
    """Numbers about a history and its vault. Done tasks include parents."""

    file: Path | None
    """The event log of this machine; None if it cannot be written."""
    others: tuple[Path, ...]
    """The event logs of other machines."""
    events: int
    first: date | None
    last: date | None
    done_by_own_date: int
    done_by_history: int
    done_without_a_day: int
    seconds_spent: int


def summarize(history: History, snapshot: Snapshot) -> HistorySummary:
    """The summary of `history`, which has recorded `snapshot`."""
    # Held until the end: what is known of tasks is found by their identity.
    parsed = [note.content.peek().note for note in snapshot.notes.values()]
    days = history.known_dates(snapshot.notes.values())
    by_own = by_history = without = 0
    for note in parsed:
        for task in note.tasks:
            if snapshot.statuses.type_of(task.status_symbol) is not StatusType.DONE:
                continue
            if task_dates(task, snapshot.format).done is not None:
                by_own += 1
            elif task in days.done:
                by_history += 1
            else:
                without += 1
    events = history.events()
    dated = [found.date for found in events if found.date is not None]
    spent = sum(found.seconds for found in events if found.kind == EventKind.SPENT.value)
    file = history.file
    others = tuple(other_files(file)) if file is not None else ()
    return HistorySummary(
        file,
        others,
        len(events),
        min(dated, default=None),
        max(dated, default=None),
        by_own,
        by_history,
        without,
        spent,
    )
