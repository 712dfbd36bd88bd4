"""What the left pane lists for one state of the vault."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from heapq import nsmallest
from typing import NamedTuple

from roadtui.core.line_text import plain_line
from roadtui.core.next_actions.candidates import MOST_SUGGESTED, DueTask
from roadtui.core.next_actions.ranking import Suggestion
from roadtui.core.note import Task
from roadtui.core.stats.progress import Progress, add_up
from roadtui.core.titles import short_title
from roadtui.vault.note_content import DueDate
from roadtui.vault.snapshot import Snapshot, VaultNote, list_key

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


class SidebarLocation(NamedTuple):
    """Where the suggestion above it is."""

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
    | SidebarLocation
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
    suggestions = snapshot.suggestions(snapshot.outside_archives(roadmaps), today, MOST_SUGGESTED)
    return [
        *_roadmaps(snapshot, roadmaps, hubs),
        *_next(snapshot, suggestions),
        *_due(snapshot, today, {(one.path, one.task.index) for one in suggestions}),
        *_problems(snapshot),
    ]


def roadmap_entry(note: VaultNote, hubs: Mapping[str, list[VaultNote]]) -> SidebarNote:
    """The row of one note; the progress of a hub is that of the notes it leads to."""
    led_to = hubs.get(note.path)
    progress = note.progress if led_to is None else add_up(linked.progress for linked in led_to)
    return SidebarNote(note.path, note.name, progress, led_to is not None)


def _roadmaps(
    snapshot: Snapshot, roadmaps: Sequence[VaultNote], hubs: Mapping[str, list[VaultNote]]
) -> list[SidebarItem]:
    listed = roadmaps
    if hubs:
        listed = sorted(
            [*roadmaps, *(snapshot.notes[path] for path in hubs)],
            key=lambda note: (note.folder.casefold(), note.path not in hubs, *list_key(note)[1:]),
        )
    entries: list[SidebarItem] = [SidebarHeading("roadmaps")]
    folder = ""
    for note in listed:
        of_note = note.folder
        if of_note != folder:
            folder = of_note
            entries.append(SidebarFolder(f"{folder}/"))
        entries.append(roadmap_entry(note, hubs))
    if not listed:
        entries.append(SidebarMessage("reading…" if not snapshot.is_complete else "none yet"))
    return entries


def _next(snapshot: Snapshot, suggestions: Sequence[Suggestion]) -> list[SidebarItem]:
    if not suggestions:
        if not snapshot.is_complete or not snapshot.roadmaps:
            return []
        is_over = not any(note.progress.open or note.progress.in_progress for note in snapshot.roadmaps)
        text = "Everything is done." if is_over else "Nothing can be done now."
        return [SidebarHeading(""), SidebarHeading("next"), SidebarMessage(text)]
    entries: list[SidebarItem] = [SidebarHeading(""), SidebarHeading("next")]
    for suggestion in suggestions:
        name = snapshot.notes[suggestion.path].name
        entries += [suggestion, SidebarLocation(_location(suggestion.task, name))]
    return entries


def _location(task: Task, roadmap: str) -> str:
    """What is around `task`: its parent, else its section, else its roadmap."""
    if task.parent_task is not None:
        return short_title(task.parent_task.text)
    return plain_line(task.section.title) or roadmap


def _due(snapshot: Snapshot, today: date, listed: Collection[tuple[str, int]]) -> list[SidebarItem]:
    """What is due soon, without what is in archives, and without `listed`: paths and indexes of tasks."""
    last = today + timedelta(_SOON_DAYS)
    soon = nsmallest(
        _MOST_DUE,
        (
            (due.day, note.path, due.line, due.position)
            for note in snapshot.outside_archives(note for note in snapshot.notes.values() if note.due)
            for due in note.due
            if due.day <= last and (note.path, due.position) not in listed
        ),
    )
    tasks = [snapshot.notes[path].due_task(DueDate(day, *where)) for day, path, *where in soon]
    found = [task for task in tasks if task is not None]
    return [SidebarHeading(""), SidebarHeading("due"), *found] if found else []


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
