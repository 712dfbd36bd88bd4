"""From two states of some notes to what happened in between. Reads and writes a journal, nothing else."""

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

PATIENCE_DAYS = 30
"""How long a box that went may stay away until one of its words is a new one."""
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class NoteChange:
    """What became of one note."""

    now: VaultNote | None
    """None where it is gone."""
    moment: LocalMoment
    """When, as far as one can tell."""
    origin: EventSource


class _OldTask(NamedTuple):
    """A box before the change."""

    task: int
    status_symbol: str


class _NewTask(NamedTuple):
    """A box that nobody has seen before."""

    path: str
    task: int
    entry: MatchKey


_HEADING = _OldTask(0, "")
"""What stands in the place of a heading in the list of a note's tasks."""


class EventRecorder:
    """Takes in one set of changes. Made anew for each; to be used within the journal's turn."""

    def __init__(self, journal: EventLog, snapshot: Snapshot, *, is_first: bool) -> None:
        """Make one for `journal`.

        Args:
            journal: What was seen before, and where the new is written.
            snapshot: The vault as it is now.
            is_first: Whether the vault was never seen before: what is done is done, and nobody knows when.
        """
        self._journal = journal
        self._snapshot = snapshot
        self._is_first = is_first
        self._before: dict[str, KnownNote] = {}
        self._numbers = count(1 + (int.from_bytes(os.urandom(8), "big") >> 2))
        """For new tasks. They begin anywhere, so that no two journals ever use the same ones."""
        self._events: list[Event] = []

    def record(self, changes: Mapping[str, NoteChange], now: LocalMoment) -> list[Event]:
        """Write what `changes` tell, and remember the notes as they are now; gives the new events."""
        after = {path: entries(change.now.note) for path, change in changes.items() if change.now is not None}
        self._journal.give_up(now.at - PATIENCE_DAYS * _DAY)
        departed = [] if self._is_first else self._journal.departed()
        waiting = _UnmatchedTasks(departed)
        for path in changes:
            remembered = self._journal.remembered(path)
            if remembered is not None:
                self._before[path] = remembered.without_moved({box.task for box in departed})
        origin = self._trace(after, waiting)
        tasks: dict[str, array[int]] = {}
        new: list[_NewTask] = []
        for path, found in after.items():
            tasks[path] = array("q")
            for at, entry in enumerate(found):
                was = self._was(origin.get((path, at)), entry, waiting) if entry.is_checkbox else _HEADING
                tasks[path].append(was.task if was is not None else next(self._numbers))
                if was is None:
                    new.append(_NewTask(path, tasks[path][-1], entry))
                elif entry.is_checkbox:
                    self._compare(was, entry, path, changes[path])
        if not self._is_first:
            self._welcome(new, changes)
        self._journal.depart(self._gone(tasks.values(), now))
        self._journal.add(self._events)
        for path, change in changes.items():
            if change.now is not None:
                self._journal.remember(path, KnownNote(change.now.digest, tasks[path], after[path]))
            else:
                self._journal.part(path, now.at)
        return self._events

    def _trace(
        self, after: Mapping[str, Sequence[MatchKey]], waiting: _UnmatchedTasks
    ) -> dict[tuple[str, int], _OldTask]:
        """What boxes were before, by note and position in it; the others are new, or back from elsewhere."""
        if not self._before:
            return {}
        before: dict[str, Sequence[MatchKey]] = {path: note.entries for path, note in self._before.items()}
        places = match_tasks(
            {path: (before.get(path, ()), after.get(path, ())) for path in {**before, **after}}
        )
        found: dict[tuple[str, int], _OldTask] = {}
        for place, (path, at) in places.items():
            note = self._before[path]
            was = _OldTask(note.tasks[at], note.entries[at].status_symbol)
            if not note.is_gone:
                found[place] = was
            elif waiting.take(note.entries[at].text, was.task):  # Else it has come back somewhere already.
                self._journal.reappear(was.task)
                found[place] = was
        return found

    def _was(self, known: _OldTask | None, entry: MatchKey, waiting: _UnmatchedTasks) -> _OldTask | None:
        """What a box was before, here or elsewhere; None for a new one."""
        if known is not None:
            return known
        back = waiting.claim(entry)
        if back is None:
            return None
        self._journal.reappear(back.task)
        return _OldTask(back.task, back.status_symbol)

    def _compare(self, was: _OldTask, entry: MatchKey, path: str, change: NoteChange) -> None:
        """Record what happened to a box that was there before."""
        was_done, is_done = (
            _is_done(self._snapshot.statuses, mark) for mark in (was.status_symbol, entry.status_symbol)
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
        self._events.append(event(change.moment, kind, change.origin, was.task, path, entry.text))

    def _welcome(self, new: Sequence[_NewTask], changes: Mapping[str, NoteChange]) -> None:
        """Record boxes that are new, and of those that came done, which were done here.

        A box that comes done with a note that was never seen before was done nobody knows when, and one that
        is a copy of another was not done a second time.
        """
        came_done = {
            task: entry.text
            for path, task, entry in new
            if path in self._before and _is_done(self._snapshot.statuses, entry.status_symbol)
        }
        copies = self._done_several_times(came_done.values())
        for path, task, entry in new:
            moment, origin = changes[path].moment, changes[path].origin
            self._events.append(event(moment, EventKind.ADDED, origin, task, path, entry.text))
            if task in came_done and entry.text not in copies:
                self._events.append(event(moment, EventKind.DONE, origin, task, path, entry.text))

    def _done_several_times(self, words: Iterable[str]) -> set[str]:
        """Which of `words` more than one done box of the vault says."""
        asked = set(words)
        if not asked:
            return set()
        statuses = self._snapshot.statuses
        found: set[str] = set()
        several: set[str] = set()
        for note in self._snapshot.notes.values():
            for task in note.note.tasks:
                if (
                    _is_done(statuses, task.status_symbol)
                    and (said := normalized_description(task.text)) in asked
                ):
                    (several if said in found else found).add(said)
        return several

    def _gone(self, tasks: Iterable[array[int]], now: LocalMoment) -> Iterator[MissingTask]:
        there = {task for numbers in tasks for task in numbers}
        for note in self._before.values():
            if note.is_gone:
                continue
            for task, entry in zip(note.tasks, note.entries, strict=True):
                if entry.is_checkbox and task not in there:
                    yield MissingTask(task, now.at, entry.text, entry.status_symbol)


class _UnmatchedTasks:
    """Boxes that went, to be claimed by their words."""

    def __init__(self, departed: Iterable[MissingTask]) -> None:
        self._by_words: defaultdict[str, list[MissingTask]] = defaultdict(list)
        for box in departed:
            self._by_words[box.words].append(box)

    def claim(self, entry: MatchKey) -> MissingTask | None:
        """The box that is back as `entry`: of several, one with its mark. Empty boxes are all alike."""
        found = self._by_words.get(entry.text) if entry.text else None
        if not found:
            return None
        same = (at for at, box in enumerate(found) if box.status_symbol == entry.status_symbol)
        return found.pop(next(same, 0))

    def take(self, words: str, task: int) -> bool:
        """Take out the box of this number; whether it was still there."""
        found = self._by_words.get(words, [])
        at = next((at for at, box in enumerate(found) if box.task == task), None)
        if at is not None:
            del found[at]
        return at is not None


def _is_done(statuses: StatusRegistry, mark: str) -> bool:
    return statuses.type_of(mark) is StatusType.DONE


def moment_of_change(
    note: VaultNote | None, now: LocalMoment, last: int | None, local: Callable[[int], LocalMoment]
) -> LocalMoment:
    """When a note came to be as it is: when its file was written, if that fits; else now.

    Args:
        note: The note; None where it is gone.
        now: The moment of looking.
        last: The moment of the look before, in microseconds; None where there was none.
        local: Gives the moment of a number of microseconds.
    """
    written = note.signature.mtime_ns // 1_000 if note is not None else None
    if written is None or last is None or not last < written <= now.at:
        return now
    return local(written)
