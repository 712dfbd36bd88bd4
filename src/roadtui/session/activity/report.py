"""Changes as a list to be read: with where, when and who. For commands and screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from roadtui.core.activity.changes import TaskChange
from roadtui.session.activity.words import change_word
from roadtui.vault.activity.authors import Author, AuthorKind
from roadtui.vault.history.events import EPOCH, EventKind, EventSource
from roadtui.vault.history.history import MachineEvent
from roadtui.vault.snapshot import Snapshot

_EVENT_WORDS = {
    EventKind.ADDED.value: "new",
    EventKind.DONE.value: "done",
    EventKind.RESTORED.value: "done",
    EventKind.REOPENED.value: "reopened",
}


class ActivityEntry(NamedTuple):
    """One change in the list."""

    word: str
    """What has happened: `done`."""
    path: str
    line: int | None
    """From 1; None for what is gone, or was there at that time."""
    heading_path: tuple[str, ...]
    text: str
    """The text of the task, as it is on disk."""
    author: Author
    before: str | None = None
    """The line as it was; None where it is not known, or was not there."""
    after: str | None = None
    """The line as it is; None where it is not known, or is not there."""

    @property
    def at(self) -> datetime | None:
        """When, as far as known."""
        return self.author.at


def entries_of_changes(
    changes: Iterable[TaskChange], authors: Mapping[int, Author], snapshot: Snapshot
) -> list[ActivityEntry]:
    """`changes` in `snapshot`, in order of notes and lines."""
    lines: dict[str, Sequence[int]] = {}
    found: list[ActivityEntry] = []
    for change in changes:
        note = snapshot.notes.get(change.path)
        if note is not None and change.path not in lines:
            lines[change.path] = [task.line + 1 for task in note.content.peek().note.tasks]
        at = lines.get(change.path, ())
        is_there = change.new is not None and change.place < len(at)
        row = change.row
        found.append(
            ActivityEntry(
                change_word(change, snapshot.statuses),
                change.path,
                at[change.place] if is_there else None,
                row.section,
                row.text,
                authors.get(change.id, Author()),
                change.old.source if change.old is not None else None,
                change.new.source if change.new is not None else None,
            )
        )
    return found


def by_note_and_time(entries: Iterable[ActivityEntry]) -> list[ActivityEntry]:
    """By note, the latest first; what is not dated last, in order of lines."""
    newest_first = sorted(
        entries, key=lambda entry: entry.at.timestamp() if entry.at is not None else 0.0, reverse=True
    )
    return sorted(newest_first, key=lambda entry: entry.path)


def entries_of_events(events: Iterable[MachineEvent], since: date) -> list[ActivityEntry]:
    """What the event logs of all machines have recorded from the day `since` on, in order of time.

    What git knows of the time before is not among it.
    """
    found = {}
    for machine, event in events:
        word = _EVENT_WORDS.get(event.kind)
        if word is None or event.date is None or event.date < since or event.origin == EventSource.GIT.value:
            continue
        is_own = event.origin in (EventSource.HERE.value, EventSource.UNDONE.value)
        kind = (AuthorKind.MACHINE if machine else AuthorKind.HERE) if is_own else AuthorKind.OUTSIDE
        at = EPOCH + timedelta(microseconds=event.at)
        found[event.uuid] = ActivityEntry(
            word, event.path, None, (), event.description, Author(kind, machine if is_own else "", at=at)
        )
    return list(found.values())
