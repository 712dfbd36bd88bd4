"""The events of the history, and the dates of a task that follow from its events. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import NamedTuple
from uuid import uuid4

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EventKind(Enum):
    """The kinds of events. The values are stored."""

    ADDED = "added"
    DONE = "done"
    REOPENED = "reopened"
    RESTORED = "restored"
    """The user undid a reopening: the task keeps its earlier completion date."""
    SPENT = "spent"
    """Time was spent on a task."""
    CELEBRATED = "celebrated"
    """A milestone: a section or note was completed."""


class EventSource(Enum):
    """Where an event comes from. The values are stored."""

    HERE = "here"
    """An edit made with this program."""
    UNDONE = "undone"
    """An undo or redo with this program."""
    OUTSIDE = "outside"
    """Another program, while this program ran."""
    BETWEEN = "between"
    """Another program, between two runs of this program."""
    GIT = "git"
    """The import from git."""


class Event(NamedTuple):
    """One event of one task. The fields have the order of the columns in the event log."""

    uuid: str
    at: int
    """Microseconds since 1970, UTC."""
    day: int | None
    """Ordinal of the user's local day at that moment; None for an event whose day was pruned."""
    task: int
    """The log's own number for the task; 0 for an event without a task."""
    kind: str
    origin: str
    path: str
    """The note of the task, relative to the vault."""
    description: str
    """The description of the task at that time; for a milestone the heading path."""
    seconds: int = 0
    """Time spent; for a milestone the number of tasks; 0 for other kinds."""

    @property
    def date(self) -> date | None:
        """The user's local day."""
        return date.fromordinal(self.day) if self.day is not None else None


class LocalMoment(NamedTuple):
    """An instant and the user's local day that it falls on."""

    at: int
    """Microseconds since 1970, UTC."""
    day: int

    @classmethod
    def of(cls, when: datetime) -> LocalMoment:
        """The moment of `when`, which needs a time zone: its date there is the local day.

        Raises:
            ValueError: `when` has no time zone.
        """
        if when.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        since = when - EPOCH
        return cls((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds, when.toordinal())


def event(
    moment: LocalMoment,
    kind: EventKind,
    origin: EventSource,
    task: int,
    path: str,
    description: str = "",
    seconds: int = 0,
) -> Event:
    """A new event."""
    return Event(uuid4().hex, *moment, task, kind.value, origin.value, path, description, seconds)


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """The dates of one task, by its events."""

    done: int | None = None
    """Ordinal of the day of completion; None if unknown or not done."""
    added: int | None = None
    """Ordinal of the day on which the task was first seen; None if it was there from the beginning."""


def task_history(events: Iterable[Event]) -> TaskHistory:
    """The dates of one task by its `events`, in any order and from the logs of any machines.

    Recorded events take precedence over git. If two machines have recorded a tick, the first one counts,
    until the task is reopened.
    """
    seen: int | None = None
    is_done = False
    opened_at = -1
    before: tuple[int | None, bool, int] | None = None
    added: list[Event] = []
    from_git: list[Event] = []
    for found in sorted(events, key=lambda found: found.at):
        if found.kind == EventKind.ADDED.value:
            added.append(found)
        elif found.kind == EventKind.DONE.value and found.origin == EventSource.GIT.value:
            from_git.append(found)
        elif found.kind == EventKind.DONE.value and not is_done:
            seen, is_done = found.day, True
        elif found.kind == EventKind.REOPENED.value:
            if opened_at < 0 or is_done or before is None:
                before = seen, is_done, opened_at
            seen, is_done, opened_at = None, False, found.at
        elif found.kind == EventKind.RESTORED.value and before is not None and not is_done:
            (seen, is_done, opened_at), before = before, None
    if seen is None:
        seen = next((found.day for found in reversed(from_git) if found.at > opened_at), None)
    return TaskHistory(seen, _first_seen(added))


def _first_seen(added: list[Event]) -> int | None:
    """The day of the first `added` event; one from git takes precedence, as git goes further back."""
    by_git = [found for found in added if found.origin == EventSource.GIT.value]
    return next((found.day for found in (*by_git, *added)), None)


def to_json(found: Event) -> str:
    """An event as one line of JSON, in ASCII, for `roadtui history export`."""
    moment = EPOCH + timedelta(microseconds=found.at)
    document = {
        "uuid": found.uuid,
        "at": moment.isoformat(timespec="microseconds"),
        "day": found.date.isoformat() if found.date is not None else None,
        "task": f"{found.task:x}" if found.task else None,
        "kind": found.kind,
        "origin": found.origin,
        "path": found.path,
        "words": found.description,
        "seconds": found.seconds,
    }
    return json.dumps(document)
