"""What a journal is made of: events, and what they say together about one task. Values only; no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import NamedTuple
from uuid import uuid4


class EventKind(Enum):
    """What happened."""

    ADDED = "added"
    DONE = "done"
    REOPENED = "reopened"
    RESTORED = "restored"
    """The user took a reopening back: the task is done since when it was done before."""
    SPENT = "spent"
    CELEBRATED = "celebrated"


class EventSource(Enum):
    """How the program came to know."""

    HERE = "here"
    UNDONE = "undone"
    """Made here, by taking an edit back or making it again."""
    OUTSIDE = "outside"
    """Another program, while this one ran."""
    BETWEEN = "between"
    """Noticed at the start: it happened since the last run."""
    GIT = "git"


class Event(NamedTuple):
    """One thing that happened to one task. The order is that of the journal's columns."""

    uuid: str
    at: int
    """Microseconds since 1970, UTC."""
    day: int | None
    """Ordinal of the user's local day at that moment; None for what is kept although its day was pruned."""
    task: int
    """The journal's own number for the task; 0 where none is meant."""
    kind: str
    origin: str
    path: str
    """The note the task stood in, relative to the vault."""
    words: str
    """What the task said then, without its dates."""
    seconds: int = 0
    """Time spent; 0 for the other kinds."""

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
        """The moment of `when`, which knows its zone: its date there is the local day."""
        if when.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        since = when - datetime(1970, 1, 1, tzinfo=UTC)
        return cls((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds, when.toordinal())


def event(
    moment: LocalMoment,
    kind: EventKind,
    origin: EventSource,
    task: int,
    path: str,
    words: str = "",
    seconds: int = 0,
) -> Event:
    """A new event."""
    return Event(uuid4().hex, *moment, task, kind.value, origin.value, path, words, seconds)


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """What the events of one task come to."""

    done: int | None = None
    """Ordinal of the day since which it is done; None where nothing tells."""
    added: int | None = None
    """Ordinal of the day it was first seen; None where it was there from the beginning."""


def task_history(events: Iterable[Event]) -> TaskHistory:
    """What `events`, those of one task in any order and by any journals, come to.

    What was seen goes before what git says. Two journals may both have seen a tick: the first one counts,
    until the box was opened again.
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
    """Git goes further back than the journal, so its word on when a task came is the better one."""
    by_git = [found for found in added if found.origin == EventSource.GIT.value]
    return next((found.day for found in (*by_git, *added)), None)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
        "words": found.words,
        "seconds": found.seconds,
    }
    return json.dumps(document)
