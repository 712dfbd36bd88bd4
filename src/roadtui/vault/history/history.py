"""The history of one vault: records snapshots, time spent and milestones, and gives the dates of tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import NamedTuple
from uuid import uuid4

from roadtui.core.matching import normalized_description
from roadtui.core.note import Task
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.vault.history.event_log import LAST_SEEN, EventLog
from roadtui.vault.history.events import EPOCH, Event, EventKind, EventSource, LocalMoment, event
from roadtui.vault.history.merged_log import MergedEventLog
from roadtui.vault.history.paths import other_files
from roadtui.vault.history.recorder import EventRecorder, NoteChange, moment_of_change
from roadtui.vault.history.store import EventLogStore
from roadtui.vault.snapshot import Snapshot, VaultNote

_COMPLETION_KINDS = frozenset(
    kind.value for kind in (EventKind.ADDED, EventKind.DONE, EventKind.REOPENED, EventKind.RESTORED)
)


_NOTES_AT_ONCE = 100
"""Notes that are recorded at a time when a vault is recorded for the first time."""


class Pruned(NamedTuple):
    """The result of pruning."""

    events: int
    """The number of removed events."""
    completions: int
    """The number of completions among them."""


class MachineEvent(NamedTuple):
    """An event, with the machine on which it was recorded."""

    machine: str
    """A name for the machine; empty for this one."""
    event: Event


class History:
    """The events of one vault. Thread-safe; every call may block."""

    def __init__(self, state_folder: Path | None, vault: Path, zone: tzinfo | None = None) -> None:
        """Make the history of a vault; files are opened on first use.

        Args:
            state_folder: The user's state folder; None keeps the history in memory.
            vault: The vault's folder, which identifies its history.
            zone: The time zone of the user's days; None for the system's.
        """
        self._zone = zone
        self._lock = RLock()
        self._messages: list[str] = []
        self._store = EventLogStore(state_folder, vault, self._messages.append)
        self._merged_log: MergedEventLog | None = None
        self._last_snapshot: Snapshot | None = None

    # Recording

    def record_snapshot(
        self,
        read: Callable[[], Snapshot],
        at: datetime,
        origin: EventSource = EventSource.OUTSIDE,
        path: str | None = None,
    ) -> int:
        """Record the changes of the vault since the last recorded snapshot; the number of new events.

        An incomplete snapshot is ignored. The first call compares with the last run. Changes by other
        programs are dated by the modification time of the note, if that is after the last snapshot.

        Args:
            read: Gives the newest snapshot. Called under the lock, so that snapshots are recorded in order.
            at: The present time.
            origin: The source of the change to the note at `path`: `HERE` or `UNDONE`.
            path: The note that this program changed; all other changes come from other programs.
        """
        with self._lock:
            snapshot = read()
            if not snapshot.is_complete or snapshot is self._last_snapshot:
                return 0
            now = LocalMoment.of(self._local_time(at))
            source_elsewhere = EventSource.BETWEEN if self._last_snapshot is None else EventSource.OUTSIDE
            seen = self._last_snapshot

            def record(log: EventLog) -> int:
                if seen is not None and log.read_number(LAST_SEEN) is None:  # The log is new since then.
                    self._record_in(log, seen, now, (None, origin), source_elsewhere)
                return self._record_in(log, snapshot, now, (path, origin), source_elsewhere)

            count = self._store.record(record)
            self._last_snapshot = snapshot
            return count

    def _record_in(
        self,
        log: EventLog,
        snapshot: Snapshot,
        now: LocalMoment,
        own_change: tuple[str | None, EventSource],
        source_elsewhere: EventSource,
    ) -> int:
        path, origin = own_change
        merged_log = self._read(log)
        with log.transaction():
            if log.was_written_by_others():
                merged_log.read()
            last = log.read_number(LAST_SEEN)
            if last is not None:  # A clock that was set back must not change the order of events.
                now = now._replace(at=max(now.at, last + 1))
            paths = self._changed_paths(merged_log, snapshot)
            changes: dict[str, NoteChange] = {}
            for changed in paths:
                note = snapshot.notes.get(changed)
                is_own = changed == path
                moment = now if is_own else moment_of_change(note, now, last, self._moment)
                changes[changed] = NoteChange(note, moment, origin if is_own else source_elsewhere)
            events: list[Event] = []
            for group in _groups(changes) if last is None else [changes] if changes else []:
                events += EventRecorder(log, snapshot, is_first=last is None).record(group, now)
            log.save_number(LAST_SEEN, now.at)
        merged_log.update(events, changes)
        return len(events)

    def _changed_paths(self, merged_log: MergedEventLog, snapshot: Snapshot) -> list[str]:
        """The paths of notes that differ from the last recorded ones, without notes that cannot be read."""
        known = dict(merged_log.own_view.digests)
        unread = {problem.path for problem in snapshot.problems}
        removed = [path for path in known if path not in snapshot.notes and path not in unread]
        return removed + [path for path, note in snapshot.notes.items() if known.get(path) != note.digest]

    def record_time_spent(self, note: VaultNote, task: Task, seconds: int, at: datetime) -> None:
        """Record that `seconds` were spent on a task of `note`, up to `at`."""
        moment = LocalMoment.of(self._local_time(at))
        name = uuid4().hex  # One event, however often it has to be written.

        def record(log: EventLog) -> None:
            merged_log = self._read(log)
            tasks = zip(note.note.tasks, merged_log.own_view.tasks_in(note), strict=True)
            number = next(number for each, number in tasks if each is task)
            new = event(
                moment,
                EventKind.SPENT,
                EventSource.HERE,
                number,
                note.path,
                normalized_description(task.text),
                seconds,
            )
            self._add(log, new._replace(uuid=name))

        with self._lock:
            self._store.record(record)

    def record_milestone(self, path: str, heading_path: tuple[str, ...], total: int, at: datetime) -> bool:
        """Record that a section or note is complete; False if it was already, with as many tasks.

        Args:
            path: The note.
            heading_path: The titles from the outermost heading to the section's; empty for the whole note.
            total: The number of tasks in it.
            at: The present time.
        """
        what = " > ".join(heading_path)
        moment = LocalMoment.of(self._local_time(at))

        def record(log: EventLog) -> bool:
            totals = (
                found.seconds
                for found in self._read(log).all_events()
                if found.kind == EventKind.CELEBRATED.value
                and (found.path, found.description) == (path, what)
            )
            if max(totals, default=0) >= total:
                return False
            self._add(log, event(moment, EventKind.CELEBRATED, EventSource.HERE, 0, path, what, total))
            return True

        with self._lock:
            return self._store.record(record)

    # Reading

    def known_dates(self, notes: Iterable[VaultNote]) -> KnownDates:
        """The dates of the tasks of `notes` in the event logs, including those imported from git.

        Cached for each note. For use with `core.stats`.
        """
        with self._lock:
            found = self._store.use(lambda log: [self._read(log).days(note) for note in notes])
        dates = [days for days in found if days is not NO_KNOWN_DATES]
        if len(dates) < 2:
            return dates[0] if dates else NO_KNOWN_DATES
        done: dict[Task, date] = {}
        added: dict[Task, date] = {}
        for days in dates:
            done.update(days.done)
            added.update(days.added)
        return KnownDates(done, added)

    def seconds_spent(self, note: VaultNote) -> Mapping[Task, int]:
        """Seconds spent on each task of `note`, without tasks that no time was spent on."""
        with self._lock:
            return self._store.use(lambda log: self._read(log).seconds_spent(note))

    def events(self) -> list[Event]:
        """All events of all machines, each once, in order of time."""
        with self._lock:
            return self._store.use(lambda log: self._read(log).all_events())

    def machine_events(self) -> list[MachineEvent]:
        """All events with the machines that recorded them, in order of time."""
        with self._lock:
            found = self._store.use(lambda log: [*self._read(log).events_by_machine()])
        events = [MachineEvent(machine, event) for machine, events in found for event in events]
        return sorted(events, key=lambda one: (one.event.at, one.event.uuid))

    @property
    def file(self) -> Path | None:
        """The log file of this machine; None for a log in memory. Files of other machines are beside it."""
        with self._lock:
            return self._store.use(lambda log: log.file)

    def drain_messages(self) -> list[str]:
        """The messages for the user about the log files since the last call, each a sentence."""
        with self._lock:
            messages = list(self._messages)
            self._messages.clear()
            return messages

    # Maintenance

    def prune(self, before: date) -> Pruned:
        """Remove the events before a day from this machine's log.

        Tasks stay done, without a day; time spent stays in the totals, without a day; milestones stay.

        Raises:
            HistoryNotWrittenError: the file cannot be written; nothing was changed.
        """

        def work(log: EventLog) -> Pruned:
            old = [
                found for found in log.events() if found.day is not None and found.day < before.toordinal()
            ]
            completions = [found for found in old if found.kind in _COMPLETION_KINDS]
            spent = [found for found in old if found.kind == EventKind.SPENT.value]
            with log.transaction():
                log.remove(found.uuid for found in (*completions, *spent))
                log.add(found._replace(day=None) for found in spent)
            log.vacuum()
            self._merged_log = None
            return Pruned(
                len(completions) + len(spent),
                sum(found.kind == EventKind.DONE.value for found in completions),
            )

        with self._lock:
            return self._store.change(work)

    def rebuild(self) -> list[Path]:
        """Remove all completion dates, to start over from the notes and git; the files that were set aside.

        The log files of other machines are set aside. The time spent that this machine recorded stays.

        Raises:
            HistoryNotWrittenError: the file cannot be written; nothing was changed.
        """

        def work(log: EventLog) -> list[Path]:
            set_aside = []
            self._merged_log = None
            for file in other_files(log.file) if log.file is not None else []:
                set_aside.append(file.rename(file.with_name(f"{file.name}.set-aside")))
            with log.transaction():
                log.remove(found.uuid for found in log.events() if found.kind in _COMPLETION_KINDS)
                log.drop_missing_before(2**62)
            log.vacuum()
            return set_aside

        with self._lock:
            return self._store.change(work)

    def replace_git_events(self, make: Callable[[Callable[[VaultNote], list[int]]], Iterable[Event]]) -> int:
        """Replace all events that were imported from git; the number of new ones.

        Args:
            make: Makes the events, with a function that gives the task numbers of a note.

        Raises:
            HistoryNotWrittenError: the file cannot be written; nothing was changed.
        """

        def work(log: EventLog) -> int:
            merged_log = self._read(log)
            events = list(make(lambda note: list(merged_log.own_view.tasks_in(note))))
            with log.transaction():
                log.remove(found.uuid for found in log.events() if found.origin == EventSource.GIT.value)
                log.add(events)
            self._merged_log = None
            return len(events)

        with self._lock:
            return self._store.change(work)

    def close(self, at: datetime | None = None) -> None:
        """Close the file; `at` is the time up to which changes of the vault were recorded, if they were."""
        with self._lock:
            if at is not None and self._last_snapshot is not None:
                looked = LocalMoment.of(self._local_time(at)).at
                self._store.record(
                    lambda log: log.save_number(LAST_SEEN, max(looked, log.read_number(LAST_SEEN) or 0))
                )
            self._store.close()
            self._merged_log = self._last_snapshot = None

    # Implementation

    def _local_time(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)

    def _moment(self, at: int) -> LocalMoment:
        return LocalMoment.of(self._local_time(EPOCH + timedelta(microseconds=at)))

    def _add(self, log: EventLog, new: Event) -> None:
        with log.transaction():
            log.add([new])
        self._read(log).update([new], ())

    def _read(self, log: EventLog) -> MergedEventLog:
        if self._merged_log is None or self._merged_log.own is not log:
            others = other_files(log.file) if log.file is not None else []
            self._merged_log = MergedEventLog(log, others, self._messages.append)
        return self._merged_log


def _groups(changes: Mapping[str, NoteChange]) -> Iterator[dict[str, NoteChange]]:
    """The `changes` in groups of a few, for the first time that a vault is recorded.

    Then nothing is matched between notes, and those of a big vault are not all held at a time.
    """
    items = iter(changes.items())
    while group := dict(islice(items, _NOTES_AT_ONCE)):
        yield group
