"""The changes since the last look as the screen lists them: by note, the latest first. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from roadtui.core.note import Note
from roadtui.core.quantity import quantity
from roadtui.core.terminal_text import display_text
from roadtui.session.activity.activity import Activity, ListedChange, NoteMarks
from roadtui.session.activity.report import ActivityEntry, by_note_and_time, entries_of_changes
from roadtui.session.activity.words import author_words
from roadtui.vault.activity.authors import Author
from roadtui.vault.snapshot import Snapshot

_MOST_NAMES = 2
"""So many notes are named in a question; of more, how many others there are is said."""


class ListedNote(NamedTuple):
    """A note with changes; they follow it in the list."""

    path: str
    number: int
    is_there: bool
    """False where the note is gone."""


class ListedEntry(NamedTuple):
    """A change in the list."""

    listed: ListedChange
    entry: ActivityEntry
    target: int | None
    """The line, from 0, that shows it: of what is gone, the one that it came after; None without a note."""


ChangeListItem = ListedNote | ListedEntry


def change_list(activity: Activity, snapshot: Snapshot) -> list[ChangeListItem]:
    """The changes of `activity` by note, the latest of each first. Reads the notes: for a thread."""
    listed = activity.listed
    authors = {one.id: one.author or Author() for one in listed}
    entries = entries_of_changes((one.change for one in listed), authors, snapshot)
    of_entry = {id(entry): one for entry, one in zip(entries, listed, strict=True)}
    found: list[ChangeListItem] = []
    for path, of_note in groupby(by_note_and_time(entries), key=lambda entry: entry.path):
        group = list(of_note)
        note = snapshot.notes.get(path)
        marks = activity.marks(note) if note is not None else None
        targets = _targets(note.note, marks) if note is not None and marks is not None else {}
        found.append(ListedNote(path, len(group), note is not None))
        for entry in group:
            one = of_entry[id(entry)]
            target = targets.get(one.id, 0 if note is not None else None)
            found.append(ListedEntry(one, entry, target))
    return found


def _targets(note: Note, marks: NoteMarks) -> dict[int, int]:
    """The lines, from 0, that show the changes in `note`, by the numbers of their tasks."""
    lines = {task.index: task.line for task in note.tasks}
    lines.update((-1 - section.index, max(0, section.line)) for section in note.sections)
    found = {one.id: lines[key] for key, one in marks.rows.items()}
    for key, lost in marks.gone.items():
        found.update((one.id, lines.get(key, 0)) for one in lost)
    return found


def note_name(path: str) -> str:
    """The name of the note at `path`, which may be gone."""
    return path.rpartition("/")[2].removesuffix(".md")


def kind_counts(entries: Sequence[ActivityEntry]) -> str:
    """How many of each kind there are: `4 done · 2 new`; the most frequent first."""
    return " · ".join(
        f"{number:,} {word}" for word, number in Counter(one.word for one in entries).most_common()
    )


def batch_question(batch: Sequence[ListedChange], words: Mapping[int, str]) -> str:
    """What is asked before all of `batch` is taken back.

    `words`: what has happened, by the number of the task.
    """
    names = [display_text(note_name(path)) for path in dict.fromkeys(one.change.path for one in batch)]
    shown = " and ".join(names)
    if len(names) > _MOST_NAMES:
        others = quantity(len(names) - _MOST_NAMES, "other note")
        shown = f"{', '.join(names[:_MOST_NAMES])} and {others}"
    people = set(map(author_words, (one.author for one in batch)))
    who = f" {people.pop()}" if len(people) == 1 else ""
    kinds = Counter(words[one.id] for one in batch).most_common()
    counts = ", ".join(f"{number:,} {word}" for word, number in kinds)
    return f"Take back all {len(batch):,} changes{who} in {shown}: {counts}?"
