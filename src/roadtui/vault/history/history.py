"""The history of one vault: what a program tells it happened, and what it answers about time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from threading import RLock
from typing import NamedTuple
from uuid import uuid4

from roadtui.core.matching import normalized_description
from roadtui.core.note import Task
from roadtui.core.stats.activity import NO_KNOWN_DATES, KnownDates
from roadtui.vault.history.event_log import LOOKED, EventLog
from roadtui.vault.history.events import EPOCH, Event, EventKind, EventSource, LocalMoment, event
from roadtui.vault.history.merged_log import MergedEventLog
from roadtui.vault.history.paths import other_files
from roadtui.vault.history.recorder import EventRecorder, NoteChange, moment_of_change
from roadtui.vault.history.store import JournalStore
from roadtui.vault.snapshot import Snapshot, VaultNote

_OF_COMPLETIONS = frozenset(
    kind.value for kind in (EventKind.ADDED, EventKind.DONE, EventKind.REOPENED, EventKind.RESTORED)
)


class Pruned(NamedTuple):
    """What a pruning took out."""

    events: int
    completions: int
    """Events among them that say that something was done."""


class History:
    """When things were done in one vault. Safe to use from several threads; every call may block."""

    def __init__(self, state: Path | None, vault: Path, zone: tzinfo | None = None) -> None:
        """Make the history of a vault; nothing is opened before it is needed.

        Args:
            state: The user's state folder; None remembers nothing beyond this run.
            vault: The vault's root, by which histories of several vaults are told apart.
            zone: Where the user's days begin and end; None asks the system.
        """
        self._zone = zone
        self._turn = RLock()
        self._messages: list[str] = []
        self._store = JournalStore(state, vault, self._messages.append)
        self._ledger: MergedEventLog | None = None
        self._seen: Snapshot | None = None

    # What happens

    def saw(
        self,
        read: Callable[[], Snapshot],
        at: datetime,
        origin: EventSource = EventSource.OUTSIDE,
        path: str | None = None,
    ) -> int:
        """Take in how the vault is now; gives how many events that was.

        A snapshot in the making is passed over.

        The first call compares with what was remembered from the last run, later ones with the call before.
        What happened outside is dated by the time of the note's file, if that lies between two looks.

        Args:
            read: Gives the newest snapshot. Called in turn: two threads can't report in the wrong order.
            at: Now.
            origin: Who changed the note at `path`: `HERE` or `UNDONE`.
            path: The note that `origin` is about; all others changed from outside.
        """
        with self._turn:
            snapshot = read()
            if not snapshot.is_complete or snapshot is self._seen:
                return 0
            now = LocalMoment.of(self._local(at))
            elsewhere = EventSource.BETWEEN if self._seen is None else EventSource.OUTSIDE
            seen = self._seen

            def record(journal: EventLog) -> int:
                if seen is not None and journal.fact(LOOKED) is None:  # It was begun anew during this run.
                    self._record(journal, seen, now, (None, origin), elsewhere)
                return self._record(journal, snapshot, now, (path, origin), elsewhere)

            count = self._store.record(record)
            self._seen = snapshot
            return count

    def _record(
        self,
        journal: EventLog,
        snapshot: Snapshot,
        now: LocalMoment,
        ours: tuple[str | None, EventSource],
        elsewhere: EventSource,
    ) -> int:
        path, origin = ours
        ledger = self._read(journal)
        with journal.turn():
            if journal.was_written_by_others():
                ledger.read()
            last = journal.fact(LOOKED)
            if last is not None:  # A clock that was put back must not bring the order of things out.
                now = now._replace(at=max(now.at, last + 1))
            paths = self._changed(ledger, snapshot)
            changes: dict[str, NoteChange] = {}
            for changed in paths:
                note = snapshot.notes.get(changed)
                is_ours = changed == path
                moment = now if is_ours else moment_of_change(note, now, last, self._moment)
                changes[changed] = NoteChange(note, moment, origin if is_ours else elsewhere)
            recorder = EventRecorder(journal, snapshot, is_first=last is None)
            events = recorder.record(changes, now) if changes else []
            journal.state(LOOKED, now.at)
        ledger.update(events, changes)
        return len(events)

    def _changed(self, ledger: MergedEventLog, snapshot: Snapshot) -> list[str]:
        """The notes that are not as they are remembered, by path; those that can't be read are no news."""
        known = dict(ledger.book.digests)
        unread = {problem.path for problem in snapshot.problems}
        gone = [path for path in known if path not in snapshot.notes and path not in unread]
        return gone + [path for path, note in snapshot.notes.items() if known.get(path) != note.digest]

    def spent(self, note: VaultNote, task: Task, seconds: int, at: datetime) -> None:
        """Record that `seconds` were spent on a task of `note`, up to `at`."""
        moment = LocalMoment.of(self._local(at))
        name = uuid4().hex  # One event, however often it has to be written.

        def record(journal: EventLog) -> None:
            ledger = self._read(journal)
            tasks = zip(note.note.tasks, ledger.book.tasks_in(note), strict=True)
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
            self._add(journal, new._replace(uuid=name))

        with self._turn:
            self._store.record(record)

    def celebrate(self, path: str, trail: tuple[str, ...], total: int, at: datetime) -> bool:
        """Whether a finished roadmap (no `trail`) or section is news: once, and again when it has grown.

        Args:
            path: Of the note.
            trail: Titles from the outermost heading to the section's own.
            total: How many tasks are in it.
            at: Now.
        """
        what = " > ".join(trail)
        moment = LocalMoment.of(self._local(at))

        def record(journal: EventLog) -> bool:
            totals = (
                found.seconds
                for found in self._read(journal).all()
                if found.kind == EventKind.CELEBRATED.value and (found.path, found.words) == (path, what)
            )
            if max(totals, default=0) >= total:
                return False
            self._add(journal, event(moment, EventKind.CELEBRATED, EventSource.HERE, 0, path, what, total))
            return True

        with self._turn:
            return self._store.record(record)

    # What is known

    def days(self, notes: Iterable[VaultNote]) -> KnownDates:
        """Since when the tasks of `notes` are done and there, as far as journal and git know.

        Looked up once a note: asking again costs next to nothing. Feed it to `core.insight`.
        """
        with self._turn:
            found = self._store.use(lambda journal: [self._read(journal).days(note) for note in notes])
        told = [days for days in found if days is not NO_KNOWN_DATES]
        if len(told) < 2:
            return told[0] if told else NO_KNOWN_DATES
        done: dict[Task, date] = {}
        added: dict[Task, date] = {}
        for days in told:
            done.update(days.done)
            added.update(days.added)
        return KnownDates(done, added)

    def seconds_spent(self, note: VaultNote) -> Mapping[Task, int]:
        """Time spent on each task of `note` that any was spent on."""
        with self._turn:
            return self._store.use(lambda journal: self._read(journal).seconds_spent(note))

    def seconds_by_day(self) -> Mapping[date | None, int]:
        """Time spent in this vault by day; under None what was spent on days that were pruned."""
        total: Counter[date | None] = Counter()
        for found in self.events():
            if found.kind == EventKind.SPENT.value:
                total[found.date] += found.seconds
        return total

    def events(self) -> list[Event]:
        """All events of all machines, each once, in order of time."""
        with self._turn:
            return self._store.use(lambda journal: self._read(journal).all())

    @property
    def file(self) -> Path | None:
        """The journal that this machine writes; None where it is in memory. Others are copied beside it."""
        with self._turn:
            return self._store.use(lambda journal: journal.file)

    def take_messages(self) -> list[str]:
        """What the user should be told about the journals since this was last asked, a sentence each."""
        with self._turn:
            messages = list(self._messages)
            self._messages.clear()
            return messages

    # Keeping

    def prune(self, before: date) -> Pruned:
        """Forget what happened before a day in this machine's journal.

        What was done stays done, on no day; time spent stays in the totals, on no day; a section that was
        celebrated is not celebrated again.

        Raises:
            HistoryNotWrittenError: the file can't be written; nothing was changed.
        """

        def work(journal: EventLog) -> Pruned:
            old = [
                found
                for found in journal.events()
                if found.day is not None and found.day < before.toordinal()
            ]
            gone = [found for found in old if found.kind in _OF_COMPLETIONS]
            spent = [found for found in old if found.kind == EventKind.SPENT.value]
            with journal.turn():
                journal.remove(found.uuid for found in (*gone, *spent))
                journal.add(found._replace(day=None) for found in spent)
            journal.shrink()
            self._ledger = None
            return Pruned(len(gone) + len(spent), sum(found.kind == EventKind.DONE.value for found in gone))

        with self._turn:
            return self._store.change(work)

    def rebuild(self) -> list[Path]:
        """Forget when things were done, to start over from fields and git; gives the files set aside.

        Those are other machines' journals. The time spent, as far as this machine recorded it, stays.

        Raises:
            HistoryNotWrittenError: the file can't be written; nothing was changed.
        """

        def work(journal: EventLog) -> list[Path]:
            aside = []
            self._ledger = None
            for file in other_files(journal.file) if journal.file is not None else []:
                aside.append(file.rename(file.with_name(f"{file.name}.set-aside")))
            with journal.turn():
                journal.remove(found.uuid for found in journal.events() if found.kind in _OF_COMPLETIONS)
                journal.give_up(2**62)
            journal.shrink()
            return aside

        with self._turn:
            return self._store.change(work)

    def take_from_git(self, make: Callable[[Callable[[VaultNote], list[int]]], Iterable[Event]]) -> int:
        """Put events of origin git in the place of those that were there; gives how many.

        Args:
            make: Gives the events. It is given a function from a note to the numbers of its tasks.

        Raises:
            HistoryNotWrittenError: the file can't be written; nothing was changed.
        """

        def work(journal: EventLog) -> int:
            ledger = self._read(journal)
            events = list(make(lambda note: list(ledger.book.tasks_in(note))))
            with journal.turn():
                journal.remove(
                    found.uuid for found in journal.events() if found.origin == EventSource.GIT.value
                )
                journal.add(events)
            self._ledger = None
            return len(events)

        with self._turn:
            return self._store.change(work)

    def close(self, at: datetime | None = None) -> None:
        """Let go of the file; `at` is the moment up to which the vault was watched, if it was."""
        with self._turn:
            if at is not None and self._seen is not None:
                looked = LocalMoment.of(self._local(at)).at
                self._store.record(
                    lambda journal: journal.state(LOOKED, max(looked, journal.fact(LOOKED) or 0))
                )
            self._store.close()
            self._ledger = self._seen = None

    # Inside

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)

    def _moment(self, at: int) -> LocalMoment:
        return LocalMoment.of(self._local(EPOCH + timedelta(microseconds=at)))

    def _add(self, journal: EventLog, new: Event) -> None:
        with journal.turn():
            journal.add([new])
        self._read(journal).update([new], ())

    def _read(self, journal: EventLog) -> MergedEventLog:
        if self._ledger is None or self._ledger.own is not journal:
            others = other_files(journal.file) if journal.file is not None else []
            self._ledger = MergedEventLog(journal, others, self._messages.append)
        return self._ledger
