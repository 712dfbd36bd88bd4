"""Merges the event logs of all machines of a vault, and looks up the events of a note's tasks."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from roadtui.core.matching import entries, match_tasks
from roadtui.core.note import Note, Task
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.vault.history.event_log import EventLog, KnownNote, KnownTasks, read_other_log
from roadtui.vault.history.events import Event, EventKind, task_history
from roadtui.vault.history.paths import machine_name
from roadtui.vault.snapshot import VaultNote

_UNKNOWN = 0
"""The task number of a task that is not in the log."""


class LogView:
    """The content of one event log: which tasks are in which note, and the events of each task."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._notes = log.known_notes()
        self._by_digest: dict[bytes, str] | None = None
        self.events: defaultdict[int, list[Event]] = defaultdict(list)
        """By task."""
        self.without_task: list[Event] = []
        self.add(log.events())

    def add(self, events: Iterable[Event]) -> None:
        """Add events that were written after the log was read."""
        for found in events:
            (self.events[found.task] if found.task != _UNKNOWN else self.without_task).append(found)

    def update(self, path: str) -> None:
        """Read again what the log has recorded of the note at `path`."""
        self._by_digest = None
        known_note = self._log.known_note(path)
        if known_note is not None and not known_note.is_missing:
            self._notes[path] = KnownTasks(known_note.digest, known_note.tasks)
        else:
            self._notes.pop(path, None)

    @property
    def digests(self) -> Iterator[tuple[str, bytes]]:
        """The paths and content hashes of the recorded notes."""
        return ((path, known.digest) for path, known in self._notes.items())

    def may_have_events(self, note: VaultNote) -> bool:
        """Whether the log may have events of tasks of `note`: a cheap check without matching tasks."""
        known = self._notes.get(note.path)
        if known is None or known.digest != note.digest:
            return bool(self.events)
        return not self.events.keys().isdisjoint(known.tasks)

    def tasks_in(self, note: VaultNote) -> Sequence[int]:
        """The log's number of each task of `note`, in order; 0 for tasks that are not in the log."""
        count = sum(1 for _ in note.note.tasks)
        known = self._notes.get(note.path)
        path = note.path
        if known is None or known.digest != note.digest:
            found = self._path_of_content(note.digest)
            if found is not None:
                path, known = found, self._notes[found]
        if known is not None and known.digest == note.digest:
            numbers = [task for task in known.tasks if task]
            if len(numbers) == count:
                return numbers
        known_note = self._log.known_note(path) if known is not None else None
        return [_UNKNOWN] * count if known_note is None else follow_tasks(known_note, note.note)

    def _path_of_content(self, digest: bytes) -> str | None:
        """The path of a recorded note with this content hash; None if there is none."""
        if self._by_digest is None:
            self._by_digest = {known.digest: path for path, known in self._notes.items()}
        return self._by_digest.get(digest)


def follow_tasks(known_note: KnownNote, note: Note) -> list[int]:
    """The task numbers of `note`, which was recorded as `known_note` in an earlier state; 0 for new tasks."""
    now = entries(note)
    origin = match_tasks({0: (known_note.entries, now)})
    return [
        known_note.tasks[origin[0, at][1]] if (0, at) in origin else _UNKNOWN
        for at, entry in enumerate(now)
        if entry.is_checkbox
    ]


class MergedEventLog:
    """The event logs of all machines of one vault. Not thread-safe."""

    def __init__(self, own: EventLog, others: Iterable[Path], notify: Callable[[str], None]) -> None:
        """Read the logs `own` and `others`; an unreadable one is left out, and `notify` is called."""
        self._others = others
        self.own = own
        self._notify = notify
        self.read()

    def read(self) -> None:
        """Read all logs again."""
        self.own_view = LogView(self.own)
        self._views = [self.own_view]
        self._machines = [""]
        self._days: dict[str, tuple[Note, KnownDates]] = {}
        for file in self._others:
            try:
                self._views.append(LogView(read_other_log(file)))
                self._machines.append(machine_name(file))
            except sqlite3.Error as error:
                self._notify(f"{file} is left out of the history: {error}.")

    def update(self, events: Iterable[Event], paths: Iterable[str]) -> None:
        """Add what was just written to the own log: events, and the notes at `paths`."""
        self.own_view.add(events)
        for path in paths:
            self.own_view.update(path)
            self._days.pop(path, None)

    def days(self, note: VaultNote) -> KnownDates:
        """The dates of the tasks of `note`; cached until the note or its events change."""
        if not any(view.may_have_events(note) for view in self._views):
            return NO_KNOWN_DATES
        cached = self._days.get(note.path)
        if cached is not None and cached[0] is note.note:
            return cached[1]
        done: dict[Task, date] = {}
        added: dict[Task, date] = {}
        for task, events in self._events_by_task(note):
            task_dates = task_history(events)
            if task_dates.done is not None:
                done[task] = date.fromordinal(task_dates.done)
            if task_dates.added is not None:
                added[task] = date.fromordinal(task_dates.added)
        days = KnownDates(done, added) if done or added else NO_KNOWN_DATES
        self._days[note.path] = note.note, days
        return days

    def seconds_spent(self, note: VaultNote) -> Mapping[Task, int]:
        """Seconds spent on the tasks of `note`, on all machines."""
        spent = {
            task: sum(found.seconds for found in events if found.kind == EventKind.SPENT.value)
            for task, events in self._events_by_task(note)
        }
        return {task: seconds for task, seconds in spent.items() if seconds}

    def _events_by_task(self, note: VaultNote) -> Iterator[tuple[Task, list[Event]]]:
        """The tasks of `note` that have events, with their events."""
        views = [view for view in self._views if view.may_have_events(note)]
        if not views:
            return
        numbers = [view.tasks_in(note) for view in views]
        for task, *ids in zip(note.note.tasks, *numbers, strict=True):
            events: list[Event] = []
            for view, number in zip(views, ids, strict=True):
                if number in view.events:
                    events += view.events[number]
            if events:
                yield task, list({found.uuid: found for found in events}.values())

    def events_by_machine(self) -> Iterator[tuple[str, list[Event]]]:
        """The events of each machine that has recorded them, with its name; this one's is empty."""
        for machine, view in zip(self._machines, self._views, strict=True):
            yield machine, [event for events in view.events.values() for event in events]

    def all_events(self) -> list[Event]:
        """The events of all logs, each once, in order of time."""
        found = {
            event.uuid: event
            for view in self._views
            for events in (*view.events.values(), view.without_task)
            for event in events
        }
        return sorted(found.values(), key=lambda event: (event.at, event.uuid))
