"""What the journals of all machines say together about the tasks of a note."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from roadtui.core.matching import entries, match_tasks
from roadtui.core.note import Note, Task
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.vault.history.event_log import EventLog, KnownNote, KnownTasks, read_other
from roadtui.vault.history.events import Event, EventKind, task_history
from roadtui.vault.snapshot import VaultNote

_UNKNOWN = 0
"""In place of a task's number: the journal does not know the task."""


class LogView:
    """One journal, read: which tasks are in which note, and what happened to each."""

    def __init__(self, journal: EventLog) -> None:
        self._journal = journal
        self._notes = journal.known()
        self._by_digest: dict[bytes, str] | None = None
        self.events: defaultdict[int, list[Event]] = defaultdict(list)
        """By task."""
        self.of_no_task: list[Event] = []
        self.add(journal.events())

    def add(self, events: Iterable[Event]) -> None:
        """Take in events that were written after the journal was read."""
        for found in events:
            (self.events[found.task] if found.task != _UNKNOWN else self.of_no_task).append(found)

    def update(self, path: str) -> None:
        """Take in how a note is remembered now."""
        self._by_digest = None
        remembered = self._journal.remembered(path)
        if remembered is not None and not remembered.is_gone:
            self._notes[path] = KnownTasks(remembered.digest, remembered.tasks)
        else:
            self._notes.pop(path, None)

    @property
    def digests(self) -> Iterator[tuple[str, bytes]]:
        """The notes that are remembered, and their fingerprints."""
        return ((path, known.digest) for path, known in self._notes.items())

    def tells_of(self, note: VaultNote) -> bool:
        """Whether anything may have happened to a task of `note`, before its tasks are told apart."""
        known = self._notes.get(note.path)
        if known is None or known.digest != note.digest:
            return bool(self.events)
        return not self.events.keys().isdisjoint(known.tasks)

    def tasks_in(self, note: VaultNote) -> Sequence[int]:
        """The journal's number for each task of `note`, in their order; 0 for those it does not know."""
        count = sum(1 for _ in note.note.tasks)
        known = self._notes.get(note.path)
        path = note.path
        if known is None or known.digest != note.digest:
            found = self._same_elsewhere(note.digest)
            if found is not None:
                path, known = found, self._notes[found]
        if known is not None and known.digest == note.digest:
            numbers = [task for task in known.tasks if task]
            if len(numbers) == count:
                return numbers
        remembered = self._journal.remembered(path) if known is not None else None
        return [_UNKNOWN] * count if remembered is None else follow_tasks(remembered, note.note)

    def _same_elsewhere(self, digest: bytes) -> str | None:
        """The note that has just these bytes, at another path."""
        if self._by_digest is None:
            self._by_digest = {known.digest: path for path, known in self._notes.items()}
        return self._by_digest.get(digest)


def follow_tasks(remembered: KnownNote, note: Note) -> list[int]:
    """The numbers of the tasks of `note`, that was `remembered` in an earlier state."""
    now = entries(note)
    origin = match_tasks({0: (remembered.entries, now)})
    return [
        remembered.tasks[origin[0, at][1]] if (0, at) in origin else _UNKNOWN
        for at, entry in enumerate(now)
        if entry.is_checkbox
    ]


class MergedEventLog:
    """All journals of one vault, read together. Not safe to share between threads."""

    def __init__(self, own: EventLog, others: Iterable[Path], tell: Callable[[str], None]) -> None:
        """Read `own` and `others`; one that can't be read is told and left out."""
        self._others = others
        self.own = own
        self._tell = tell
        self.read()

    def read(self) -> None:
        """Read everything again."""
        self.book = LogView(self.own)
        self._books = [self.book]
        self._days: dict[str, tuple[Note, KnownDates]] = {}
        for file in self._others:
            try:
                self._books.append(LogView(read_other(file)))
            except sqlite3.Error as error:
                self._tell(f"{file} is left out of the history: {error}.")

    def update(self, events: Iterable[Event], paths: Iterable[str]) -> None:
        """Take in what was just written to the own journal about the notes at `paths`."""
        self.book.add(events)
        for path in paths:
            self.book.update(path)
            self._days.pop(path, None)

    def days(self, note: VaultNote) -> KnownDates:
        """What is known of the tasks of `note`."""
        cached = self._days.get(note.path)
        if cached is not None and cached[0] is note.note:
            return cached[1]
        done: dict[Task, date] = {}
        added: dict[Task, date] = {}
        for task, events in self._told(note):
            stands = task_history(events)
            if stands.done is not None:
                done[task] = date.fromordinal(stands.done)
            if stands.added is not None:
                added[task] = date.fromordinal(stands.added)
        days = KnownDates(done, added) if done or added else NO_KNOWN_DATES
        self._days[note.path] = note.note, days
        return days

    def seconds_spent(self, note: VaultNote) -> Mapping[Task, int]:
        """Time spent on the tasks of `note`, by any machine."""
        spent = {
            task: sum(found.seconds for found in events if found.kind == EventKind.SPENT.value)
            for task, events in self._told(note)
        }
        return {task: seconds for task, seconds in spent.items() if seconds}

    def _told(self, note: VaultNote) -> Iterator[tuple[Task, list[Event]]]:
        """The tasks of `note` of which anything is told, with all that is told."""
        books = [book for book in self._books if book.tells_of(note)]
        if not books:
            return
        numbers = [book.tasks_in(note) for book in books]
        for task, *ids in zip(note.note.tasks, *numbers, strict=True):
            events: list[Event] = []
            for book, number in zip(books, ids, strict=True):
                if number in book.events:
                    events += book.events[number]
            if events:
                yield task, list({found.uuid: found for found in events}.values())

    def all(self) -> list[Event]:
        """Every event of every journal, each once, in order of time."""
        found = {
            event.uuid: event
            for book in self._books
            for events in (*book.events.values(), book.of_no_task)
            for event in events
        }
        return sorted(found.values(), key=lambda event: (event.at, event.uuid))
