"""What the left pane lists for one state of the vault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from roadtui.core.next_actions.candidates import SHORTLIST, DueTask
from roadtui.core.next_actions.ranking import IN_PROGRESS, Suggestion
from roadtui.core.stats.progress import Progress, add_up
from roadtui.vault.snapshot import Snapshot, VaultNote

_MOST_DUE = 5
_MOST_PROBLEMS = 20
_SOON_DAYS = 14


class SidebarHeading(NamedTuple):
    """A heading of the pane, or a blank row where it is empty."""

    text: str


class SidebarFolder(NamedTuple):
    """The folder that the notes below it are in."""

    name: str


class SidebarNote(NamedTuple):
    """A note that holds tasks, or that leads to notes that do."""

    path: str
    name: str
    progress: Progress
    is_hub: bool = False


class SidebarReason(NamedTuple):
    """Why the suggestion above it was chosen."""

    text: str


class SidebarMessage(NamedTuple):
    """A sentence where there is nothing to list."""

    text: str


class SidebarProblem(NamedTuple):
    """A note or folder that could not be read."""

    path: str
    reason: str


class SidebarView(NamedTuple):
    """A saved view."""

    number: int
    """From 1: the digit that opens it; larger ones have none."""
    name: str
    query: str
    results: int | None
    """How many results it has; None while that is being counted."""
    problem: str = ""
    """Why its query cannot be understood; empty if it can."""


SidebarItem = (
    SidebarHeading
    | SidebarFolder
    | SidebarNote
    | Suggestion
    | SidebarReason
    | DueTask
    | SidebarView
    | SidebarMessage
    | SidebarProblem
)


def sidebar_entries(
    snapshot: Snapshot, hubs: Mapping[str, list[VaultNote]], today: date
) -> list[SidebarItem]:
    """Roadmaps and `hubs` by folder; then next actions, due tasks, and notes that cannot be read."""
    roadmaps = snapshot.roadmaps
    return [
        *_roadmaps(snapshot, roadmaps, hubs),
        *_next(snapshot, roadmaps, today),
        *_due(snapshot, today),
        *_problems(snapshot),
    ]


def roadmap_entry(note: VaultNote, hubs: Mapping[str, list[VaultNote]]) -> SidebarNote:
    """The row of one note; the progress of a hub is that of the notes it leads to."""
    led_to = hubs.get(note.path)
    progress = note.progress if led_to is None else add_up(linked.progress for linked in led_to)
    return SidebarNote(note.path, note.name, progress, led_to is not None)


def _roadmaps(
    snapshot: Snapshot, roadmaps: list[VaultNote], hubs: Mapping[str, list[VaultNote]]
) -> list[SidebarItem]:
    listed = sorted(
        [*roadmaps, *(snapshot.notes[path] for path in hubs)],
        key=lambda note: (note.folder.casefold(), note.path not in hubs, note.name.casefold(), note.path),
    )
    entries: list[SidebarItem] = [SidebarHeading("roadmaps")]
    folder = ""
    for note in listed:
        if note.folder != folder:
            folder = note.folder
            entries.append(SidebarFolder(f"{folder}/"))
        entries.append(roadmap_entry(note, hubs))
    if not listed:
        entries.append(SidebarMessage("reading…" if not snapshot.is_complete else "none yet"))
    return entries


def _next(snapshot: Snapshot, roadmaps: list[VaultNote], today: date) -> list[SidebarItem]:
    suggestions = snapshot.suggestions(roadmaps, today, SHORTLIST)
    if not suggestions:
        is_over = snapshot.is_complete and bool(roadmaps)
        return (
            [SidebarHeading(""), SidebarHeading("next"), SidebarMessage("Everything is done.")]
            if is_over
            else []
        )
    entries: list[SidebarItem] = [SidebarHeading(""), SidebarHeading("next")]
    for suggestion in suggestions:
        entries += [suggestion, SidebarReason(_why(suggestion, snapshot.notes[suggestion.path].name))]
    return entries


def _why(suggestion: Suggestion, roadmap: str) -> str:
    """The row below a suggestion: its reason; for a task in progress, which needs none, its location."""
    if suggestion.reason != IN_PROGRESS:
        return f"{suggestion.reason} · {roadmap}"
    parent = suggestion.task.parent_task
    where = parent.text if parent is not None else suggestion.task.section.title
    return f"{where} · {roadmap}" if where not in ("", roadmap) else roadmap


def _due(snapshot: Snapshot, today: date) -> list[SidebarItem]:
    soon = [
        due for note in snapshot.notes.values() for due in note.due if (due.day - today).days <= _SOON_DAYS
    ]
    soon.sort(key=lambda due: (due.day, due.path, due.task.line))
    return [SidebarHeading(""), SidebarHeading("due"), *soon[:_MOST_DUE]] if soon else []


def with_views(entries: list[SidebarItem], views: Sequence[SidebarView]) -> list[SidebarItem]:
    """`entries` with `views` below the due tasks, before the problems."""
    if not views:
        return entries
    problems = next((at for at, entry in enumerate(entries) if isinstance(entry, SidebarProblem)), None)
    # Above the first problem are its heading and a blank row.
    at = len(entries) if problems is None else problems - 2
    return [*entries[:at], SidebarHeading(""), SidebarHeading("views"), *views, *entries[at:]]


def _problems(snapshot: Snapshot) -> list[SidebarItem]:
    problems = snapshot.problems
    if not problems:
        return []
    entries: list[SidebarItem] = [SidebarHeading(""), SidebarHeading(f"problems  {len(problems)}")]
    entries += [SidebarProblem(problem.path, problem.reason) for problem in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        entries.append(SidebarMessage(f"and {len(problems) - _MOST_PROBLEMS} more"))
    return entries
