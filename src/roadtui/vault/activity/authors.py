"""Who has changed tasks, as far as that can be known: from the event logs of all machines, and from git."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from roadtui.core.activity.changes import ChangeKind, TaskChange
from roadtui.core.matching import normalized_description
from roadtui.vault.activity.seen_file import OwnLine
from roadtui.vault.git.git import Git, GitError
from roadtui.vault.git.line_authors import NoteLine, line_authors
from roadtui.vault.history.events import EPOCH, EventKind, EventSource
from roadtui.vault.history.history import History, MachineEvent
from roadtui.vault.snapshot import Snapshot

_EVENTS: Mapping[ChangeKind, Collection[str]] = {
    ChangeKind.NEW: (EventKind.ADDED.value,),
    ChangeKind.DONE: (EventKind.DONE.value, EventKind.RESTORED.value),
    ChangeKind.REOPENED: (EventKind.REOPENED.value,),
}
"""What the event logs call a change; they know nothing of the others."""
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
        own_lines: What commands of this machine have written, and when, in microseconds since 1970.
    """
    found = {
        change.id: Author(AuthorKind.HERE, at=EPOCH + timedelta(microseconds=at))
        for change in changes
        if (at := own_lines.get(OwnLine(change.path, change.row.source))) is not None
    }
    found |= _from_logs(
        [change for change in changes if change.id not in found],
        history.machine_events() if history is not None else (),
        since,
    )
    left = [change for change in changes if change.id not in found]
    found.update(_from_git(left, snapshot.root, is_wanted))
    for change in changes:
        author = found.get(change.id, Author())
        note = snapshot.notes.get(change.path)
        if author.at is None and note is not None:
            written = EPOCH + timedelta(microseconds=note.stamp.mtime_ns // 1_000)
            author = author._replace(at=written)
        found[change.id] = author
    return found


def _from_logs(
    changes: Iterable[TaskChange], events: Iterable[MachineEvent], since: datetime | None
) -> dict[int, Author]:
    earliest = (since - _SLACK - EPOCH) // timedelta(microseconds=1) if since is not None else 0
    latest: dict[tuple[str, str], MachineEvent] = {}
    for one in events:
        if one.event.origin in _BY_A_USER and one.event.at >= earliest:
            latest[one.event.kind, one.event.description] = one
    found: dict[int, Author] = {}
    for change in changes:
        text = normalized_description(change.row.text)
        known = [
            event for kind in _EVENTS.get(change.kind, ()) if (event := latest.get((kind, text))) is not None
        ]
        if known and text:
            machine, newest = max(known, key=lambda one: one.event.at)
            kind = AuthorKind.MACHINE if machine else AuthorKind.HERE
            found[change.id] = Author(kind, machine, at=EPOCH + timedelta(microseconds=newest.at))
    return found


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
