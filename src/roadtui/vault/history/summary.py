"""The content of a history in a few numbers, for `roadtui history`."""

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
class Summary:
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

    def document(self) -> dict[str, object]:
        """The summary for JSON."""
        return {
            "file": str(self.file) if self.file is not None else None,
            "others": [str(file) for file in self.others],
            "events": self.events,
            "first": self.first.isoformat() if self.first is not None else None,
            "last": self.last.isoformat() if self.last is not None else None,
            "done": {
                "by_own_date": self.done_by_own_date,
                "by_history": self.done_by_history,
                "without_a_day": self.done_without_a_day,
            },
            "seconds_spent": self.seconds_spent,
        }

    def lines(self) -> list[str]:
        """The summary as lines of text."""
        span = f", {self.first} to {self.last}" if self.first is not None else ""
        done = self.done_by_own_date + self.done_by_history + self.done_without_a_day
        return [
            f"history  {self.file if self.file is not None else 'can’t be written; only until the end'}",
            *(f"with     {file}" for file in self.others),
            f"events   {self.events:,}{span}" if self.events else "events   none",
            f"done     {done:,}: {self.done_by_own_date:,} dated in the notes,"
            f" {self.done_by_history:,} dated by the history, {self.done_without_a_day:,} without a day"
            if done
            else "done     none",
            f"focus    {self.seconds_spent / 3600:.1f} h",
        ]


def summarize(history: History, snapshot: Snapshot) -> Summary:
    """The summary of `history`, which has recorded `snapshot`."""
    days = history.known_dates(snapshot.notes.values())
    by_own = by_history = without = 0
    for note in snapshot.notes.values():
        for task in note.note.tasks:
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
    return Summary(
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
