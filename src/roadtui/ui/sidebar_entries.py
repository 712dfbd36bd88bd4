"""What the left pane lists for one state of the vault."""

from __future__ import annotations

from datetime import date

from roadtui.core.agenda import in_order
from roadtui.core.progress import add_up
from roadtui.ui.widgets.sidebar import Entry, Folder, Hint, Label, Reason, Roadmap
from roadtui.vault.snapshot import Snapshot

_MOST_STEPS = 3
_MOST_DUE = 5
_SOON_DAYS = 14


def sidebar_entries(snapshot: Snapshot, today: date) -> list[Entry]:
    """Roadmaps by folder, hubs among them; below them the next steps and what is due."""
    return [*_roadmaps(snapshot), *_next(snapshot), *_due(snapshot, today)]


def _roadmaps(snapshot: Snapshot) -> list[Entry]:
    hubs = snapshot.hubs()
    notes = snapshot.roadmaps
    listed = sorted(
        [*notes, *(snapshot.notes[path] for path in hubs)],
        key=lambda note: (note.folder.casefold(), note.path not in hubs, note.name.casefold(), note.path),
    )
    entries: list[Entry] = [Label("roadmaps")]
    folder = ""
    for note in listed:
        if note.folder != folder:
            folder = note.folder
            entries.append(Folder(f"{folder}/"))
        is_hub = note.path in hubs
        progress = add_up(linked.progress for linked in hubs[note.path]) if is_hub else note.progress
        entries.append(Roadmap(note.path, note.name, progress, is_hub))
    if not listed:
        entries.append(Hint("reading…" if not snapshot.is_complete else "no note with tasks yet"))
    return entries


def _next(snapshot: Snapshot) -> list[Entry]:
    steps = in_order(note.step for note in snapshot.roadmaps if note.step is not None)[:_MOST_STEPS]
    entries: list[Entry] = [Label(""), Label("next")] if steps else []
    for step in steps:
        parent = step.task.parent_task
        where = parent.text if parent is not None else step.task.section.title
        name = snapshot.notes[step.path].name
        entries += [step, Reason(f"{where} · {name}" if where else name)]
    return entries


def _due(snapshot: Snapshot, today: date) -> list[Entry]:
    soon = [
        due for note in snapshot.notes.values() for due in note.due if (due.day - today).days <= _SOON_DAYS
    ]
    soon.sort(key=lambda due: (due.day, due.path, due.task.line))
    return [Label(""), Label("due"), *soon[:_MOST_DUE]] if soon else []
