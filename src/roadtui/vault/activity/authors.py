"""Who has changed tasks, as far as that can be known: from the event logs of all machines, and from git."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from roadtui.core.activity.changes import ChangeKind, TaskChange
from roadtui.core.matching import normalized_description
from roadtui.vault.activity.seen_file import OwnLine, OwnLineKind
from roadtui.vault.git.git import Git, GitError
from roadtui.vault.git.line_authors import NoteLine, line_authors
from roadtui.vault.history.events import EPOCH, EventKind, EventSource
from roadtui.vault.history.history import History, MachineEvent
from roadtui.vault.snapshot import Snapshot

_DONE = (EventKind.DONE.value, EventKind.RESTORED.value)
_OPEN = (EventKind.REOPENED.value,)
_EVENTS: Mapping[ChangeKind, tuple[Collection[str], Collection[str]]] = {
    ChangeKind.NEW: ((EventKind.ADDED.value, *_DONE, *_OPEN), ()),
    ChangeKind.DONE: (_DONE, _OPEN),
    ChangeKind.REOPENED: (_OPEN, _DONE),
}
"""The events that lead to what is seen, and those that lead to another state. Logs know no other changes."""
_OWN_KINDS: Mapping[ChangeKind, Collection[OwnLineKind]] = {
    ChangeKind.GONE: (OwnLineKind.REMOVED,),
    ChangeKind.MOVED: (OwnLineKind.MOVED,),
}
"""What a command did that made a change; that it has written the line, for those that are not named."""
_BY_A_USER = (EventSource.HERE.value, EventSource.UNDONE.value)
_SLACK = timedelta(days=2)
"""By how much the clocks of two machines, or that of one before and after it was set, may differ."""


class AuthorKind(Enum):
    """Where a change was made. The values are shown, and written as JSON."""

    HERE = "here"
    """With this program, on this machine."""
    MACHINE = "machine"
    """With this program, on another machine."""
    GIT = "git"
    OUTSIDE = "outside"
    """Anywhere else."""


class Author(NamedTuple):
    """Who has changed a task, and when."""

    kind: AuthorKind = AuthorKind.OUTSIDE
    name: str = ""
    """Of the machine, or of the author of the commit."""
    commit: str = ""
    """The short name of the commit; empty without one."""
    at: datetime | None = None
    """When, as far as known."""


def find_authors(
    changes: Collection[TaskChange],
    snapshot: Snapshot,
    history: History | None,
    since: datetime | None,
    is_wanted: Callable[[], bool] = lambda: True,
    own_lines: Mapping[OwnLine, int] = MappingProxyType({}),
) -> dict[int, Author]:
    """Who made each of `changes`, by the number of its task. Reads the event logs, and runs git.

    Args:
        changes: What has changed in `snapshot`.
        snapshot: The vault.
        history: Its history; None where there is none.
        since: When it was looked at last, with its zone; None if that is unknown.
        is_wanted: Called repeatedly; False ends the work of git.
        own_lines: What commands of this machine have done, and when, in microseconds since 1970.
    """
    events = _events_by_task(history.machine_events() if history is not None else (), since)
    found = _from_own_lines(changes, own_lines, events)
    found |= _from_logs([change for change in changes if change.id not in found], events)
    left = [change for change in changes if change.id not in found]
    found.update(_from_git(left, snapshot.root, is_wanted))
    for change in changes:
        author = found.get(change.id, Author())
        note = snapshot.notes.get(change.path)
        if author.at is None and note is not None:
            author = author._replace(at=_moment(note.stamp.mtime_ns // 1_000))
        found[change.id] = author
    return found


_Task = tuple[str, str]
"""The note of a task, and its description."""
_TaskEvents = Mapping[_Task, Sequence[MachineEvent]]


def _task_of(change: TaskChange) -> _Task:
    return change.path, normalized_description(change.row.text)


def _events_by_task(events: Iterable[MachineEvent], since: datetime | None) -> _TaskEvents:
    """What happened to the status of tasks, in order of time. What was imported from git is not among it."""
    earliest = (since - _SLACK - EPOCH) // timedelta(microseconds=1) if since is not None else 0
    found: dict[_Task, list[MachineEvent]] = {}
    for one in events:
        event = one.event
        is_recorded = event.origin != EventSource.GIT.value and event.at >= earliest
        if is_recorded and event.kind in _EVENTS[ChangeKind.NEW][0] and event.description:
            found.setdefault((event.path, event.description), []).append(one)
    return found


def _from_own_lines(
    changes: Collection[TaskChange], own_lines: Mapping[OwnLine, int], events: _TaskEvents
) -> dict[int, Author]:
    """The changes that commands of this machine have made, if nobody has come after them."""
    alike = Counter((change.path, change.row.source) for change in changes)
    found: dict[int, Author] = {}
    for change in changes:
        kinds = _OWN_KINDS.get(change.kind, (OwnLineKind.WRITTEN,))
        if change.is_from_elsewhere:
            kinds = (OwnLineKind.WRITTEN,)
        times = [
            at
            for kind in kinds
            if (at := own_lines.get(OwnLine(change.path, change.row.source, kind))) is not None
        ]
        # Of equal lines it is not known which one the command has written.
        if times and alike[change.path, change.row.source] == 1:
            other = _EVENTS.get(change.kind, ((), ()))[1]
            later = (one for one in events.get(_task_of(change), ()) if one.event.at > times[0])
            if not any(one.event.kind in other for one in later):
                found[change.id] = Author(AuthorKind.HERE, at=_moment(times[0]))
    return found


def _from_logs(changes: Collection[TaskChange], events: _TaskEvents) -> dict[int, Author]:
    alike = Counter((change.kind, *_task_of(change)) for change in changes)
    found: dict[int, Author] = {}
    for change in changes:
        task = _task_of(change)
        # Of equal tasks it is not known which one an event is about.
        last = _last_by_a_user(change.kind, events.get(task, ())) if alike[change.kind, *task] == 1 else None
        if last is not None:
            kind = AuthorKind.MACHINE if last.machine else AuthorKind.HERE
            found[change.id] = Author(kind, last.machine, at=_moment(last.event.at))
    return found


def _last_by_a_user(kind: ChangeKind, events: Iterable[MachineEvent]) -> MachineEvent | None:
    """The event that a user of this program has made a change by; None where it may have been somebody else.

    Of each log the last event counts alone, and of those only what came after every event of another state.
    """
    wanted, other = _EVENTS.get(kind, ((), ()))
    last: dict[str, MachineEvent] = {}
    tasks: dict[str, set[int]] = {}
    adders: set[str] = set()
    otherwise_at = -1
    for one in events:
        last[one.machine] = one
        tasks.setdefault(one.machine, set()).add(one.event.task)
        if one.event.kind in other:
            otherwise_at = max(otherwise_at, one.event.at)
        if one.event.kind == EventKind.ADDED.value and one.event.origin in _BY_A_USER:
            adders.add(one.machine)
    found = [
        one
        for machine, one in last.items()
        if one.event.kind in wanted
        and one.event.origin in _BY_A_USER
        and one.event.at > otherwise_at
        and len(tasks[machine]) == 1
        and (kind is not ChangeKind.NEW or machine in adders)
    ]
    return max(found, key=lambda one: one.event.at, default=None)


def _moment(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def _from_git(
    changes: Collection[TaskChange], root: Path, is_wanted: Callable[[], bool]
) -> dict[int, Author]:
    if not changes:
        return {}
    lines = {
        change.id: NoteLine(change.path, change.row.source, is_removed=change.new is None)
        for change in changes
    }
    try:
        authors = line_authors(Git(root), {*lines.values()}, is_wanted)
    except (GitError, OSError):  # Not under git, or git does not answer: then nobody is named.
        return {}
    return {
        id: Author(AuthorKind.GIT, author.name, author.commit, author.at)
        for id, line in lines.items()
        if (author := authors.get(line)) is not None
    }
