"""Records the events between two states of notes. Reads and writes an event log, nothing else."""

from __future__ import annotations

import os
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from roadtui.core.matching import MatchKey, entries, match_tasks, normalized_description
from roadtui.core.tasks.status import StatusRegistry, StatusType
from roadtui.vault.history.event_log import EventLog, KnownNote, MissingTask
from roadtui.vault.history.events import Event, EventKind, EventSource, LocalMoment, event
from roadtui.vault.snapshot import Snapshot, VaultNote

MISSING_DAYS = 30
"""How long a missing task may be away before a task with its description counts as a new one."""
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class NoteChange:
    """The change of one note."""

    now: VaultNote | None
    """The note after the change; None for a removed note."""
    moment: LocalMoment
    """When the note changed, as far as known."""
    origin: EventSource


class _OldTask(NamedTuple):
    """A task before the change."""

    task: int
    status_symbol: str


class _NewTask(NamedTuple):
    """A task that was never recorded before."""

    path: str
    task: int
    entry: MatchKey


_HEADING = _OldTask(0, "")
"""Stands for a heading in the list of a note's tasks."""


class EventRecorder:
    """Records one set of changes. For one use, within a transaction of the log."""

    def __init__(self, log: EventLog, snapshot: Snapshot, *, is_first: bool) -> None:
        """Make a recorder.

        Args:
            log: The log with the last recorded state, to which the new events are written.
            snapshot: The vault as it is now.
            is_first: Whether the vault was never recorded before, so that its done tasks have no dates.
        """
        self._log = log
        self._snapshot = snapshot
        self._is_first = is_first
        self._before: dict[str, KnownNote] = {}
        self._numbers = count(1 + (int.from_bytes(os.urandom(8), "big") >> 2))
        """Numbers for new tasks, from a random start, so that different logs never use the same numbers."""
        self._events: list[Event] = []

    def record(self, changes: Mapping[str, NoteChange], now: LocalMoment) -> list[Event]:
        """Write the events of `changes`, and the notes as they are now; the new events."""
        after = {
            path: entries(change.now.content.peek().note)
            for path, change in changes.items()
            if change.now is not None
        }
        self._log.drop_missing_before(now.at - MISSING_DAYS * _DAY)
        missing_tasks = [] if self._is_first else self._log.missing_tasks()
        unmatched = _UnmatchedTasks(missing_tasks)
        for path in changes:
            known_note = self._log.known_note(path)
            if known_note is not None:
                self._before[path] = known_note.without_moved({task.task for task in missing_tasks})
        origin = self._match_known_tasks(after, unmatched)
        tasks: dict[str, array[int]] = {}
        new: list[_NewTask] = []
        for path, found in after.items():
            tasks[path] = array("q")
            for at, entry in enumerate(found):
                old = (
                    self._previous_task(origin.get((path, at)), entry, unmatched)
                    if entry.is_checkbox
                    else _HEADING
                )
                tasks[path].append(old.task if old is not None else next(self._numbers))
                if old is None:
                    new.append(_NewTask(path, tasks[path][-1], entry))
                elif entry.is_checkbox:
                    self._record_completion(old, entry, path, changes[path])
        if not self._is_first:
            self._record_new_tasks(new, changes)
        self._log.add_missing_tasks(self._missing_tasks(tasks.values(), now))
        self._log.add(self._events)
        for path, change in changes.items():
            if change.now is not None:
                self._log.save_note(path, KnownNote(change.now.digest, tasks[path], after[path]))
            else:
                self._log.mark_missing(path, now.at)
        return self._events

    def _match_known_tasks(
        self, after: Mapping[str, Sequence[MatchKey]], unmatched: _UnmatchedTasks
    ) -> dict[tuple[str, int], _OldTask]:
        """The previous tasks by note and index of their entry now; other tasks are new, or were missing."""
        if not self._before:
            return {}
        before: dict[str, Sequence[MatchKey]] = {path: note.entries for path, note in self._before.items()}
        places = match_tasks(
            {path: (before.get(path, ()), after.get(path, ())) for path in {**before, **after}}
        )
        found: dict[tuple[str, int], _OldTask] = {}
        for place, (path, at) in places.items():
            note = self._before[path]
            old = _OldTask(note.tasks[at], note.entries[at].status_symbol)
            if not note.is_missing:
                found[place] = old
            elif unmatched.take(note.entries[at].text, old.task):  # Else it is in another note already.
                self._log.remove_missing_task(old.task)
                found[place] = old
        return found

    def _previous_task(
        self, known: _OldTask | None, entry: MatchKey, unmatched: _UnmatchedTasks
    ) -> _OldTask | None:
        """The task before the change, in this note or missing; None for a new task."""
        if known is not None:
            return known
        match = unmatched.take_match(entry)
        if match is None:
            return None
        self._log.remove_missing_task(match.task)
        return _OldTask(match.task, match.status_symbol)

    def _record_completion(self, old: _OldTask, entry: MatchKey, path: str, change: NoteChange) -> None:
        """Record that a known task was done, restored or reopened, if so."""
        was_done, is_done = (
            _is_done(self._snapshot.statuses, symbol) for symbol in (old.status_symbol, entry.status_symbol)
        )
        if was_done == is_done:
            return
        kind = (
            EventKind.REOPENED
            if was_done
            else EventKind.RESTORED
            if change.origin is EventSource.UNDONE
            else EventKind.DONE
        )
        self._events.append(event(change.moment, kind, change.origin, old.task, path, entry.text))

    def _record_new_tasks(self, new: Sequence[_NewTask], changes: Mapping[str, NoteChange]) -> None:
        """Record new tasks, and the completion of those that are done.

        A done task in a note that was never recorded has no known date, and a copy of a done task is not a
        second completion.
        """
        new_done = {
            task: entry.text
            for path, task, entry in new
            if path in self._before and _is_done(self._snapshot.statuses, entry.status_symbol)
        }
        copies = self._repeated_done_texts(new_done.values())
        for path, task, entry in new:
            moment, origin = changes[path].moment, changes[path].origin
            self._events.append(event(moment, EventKind.ADDED, origin, task, path, entry.text))
            if task in new_done and entry.text not in copies:
                self._events.append(event(moment, EventKind.DONE, origin, task, path, entry.text))

    def _repeated_done_texts(self, descriptions: Iterable[str]) -> set[str]:
        """Those of `descriptions` that more than one done task of the vault has."""
        texts = set(descriptions)
        if not texts:
            return set()
        statuses = self._snapshot.statuses
        found: set[str] = set()
        several: set[str] = set()
        for note in self._snapshot.notes.values():
            for task in note.content.peek().note.tasks:
                if (
                    _is_done(statuses, task.status_symbol)
                    and (text := normalized_description(task.text)) in texts
                ):
                    (several if text in found else found).add(text)
        return several

    def _missing_tasks(self, tasks: Iterable[array[int]], now: LocalMoment) -> Iterator[MissingTask]:
        present = {task for numbers in tasks for task in numbers}
        for note in self._before.values():
            if note.is_missing:
                continue
            for task, entry in zip(note.tasks, note.entries, strict=True):
                if entry.is_checkbox and task not in present:
                    yield MissingTask(task, now.at, entry.text, entry.status_symbol)


class _UnmatchedTasks:
    """The missing tasks, to be matched by their description."""

    def __init__(self, missing_tasks: Iterable[MissingTask]) -> None:
        self._by_description: defaultdict[str, list[MissingTask]] = defaultdict(list)
        for task in missing_tasks:
            self._by_description[task.description].append(task)

    def take_match(self, entry: MatchKey) -> MissingTask | None:
        """Remove and return the task that is back as `entry`: of several, one with its status symbol.

        None where no task matches, and for a task without text.
        """
        found = self._by_description.get(entry.text) if entry.text else None
        if not found:
            return None
        same = (at for at, task in enumerate(found) if task.status_symbol == entry.status_symbol)
        return found.pop(next(same, 0))

    def take(self, description: str, task: int) -> bool:
        """Remove the task with this number; whether it was still there."""
        found = self._by_description.get(description, [])
        at = next((at for at, missing in enumerate(found) if missing.task == task), None)
        if at is not None:
            del found[at]
        return at is not None


def _is_done(statuses: StatusRegistry, symbol: str) -> bool:
    return statuses.type_of(symbol) is StatusType.DONE


def moment_of_change(
    note: VaultNote | None, now: LocalMoment, last: int | None, local: Callable[[int], LocalMoment]
) -> LocalMoment:
    """When a note changed: the modification time of its file if that is after `last`, else `now`.

    Args:
        note: The note; None for a removed note.
        now: The present moment.
        last: When the vault was last recorded, in microseconds since 1970; None if never.
        local: Makes a moment of a number of microseconds.
    """
    written = note.stamp.mtime_ns // 1_000 if note is not None else None
    if written is None or last is None or not last < written <= now.at:
        return now
    return local(written)
