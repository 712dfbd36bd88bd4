"""What the middle pane says where there is no task to show: what is the matter, and what can be done next."""

from __future__ import annotations

from typing import NamedTuple

from roadtui.ui.sidebar_entries import roadmap_entry
from roadtui.ui.vault_view import VaultView
from roadtui.ui.widgets.sidebar import Roadmap

EXAMPLE = "- [ ] Learn one thing"
_BY_ITSELF = "It shows here by itself as soon as it is saved."


class Guidance(NamedTuple):
    """A headline, sentences below it, and the notes that one can go to."""

    title: str
    sentences: tuple[str, ...] = ()
    leads_to: tuple[Roadmap, ...] = ()


def guidance(view: VaultView, path: str | None) -> Guidance | None:
    """What to say instead of the tree of the note at `path`; None where there are tasks, or may be."""
    snapshot = view.snapshot
    note = snapshot.notes.get(path) if path is not None else None
    if note is not None and note.has_tasks:
        return None
    if note is not None and note.path in view.hubs:
        led_to = tuple(roadmap_entry(linked, view.hubs) for linked in view.hubs[note.path])
        return Guidance(
            note.name,
            (f"This note has no tasks of its own. It leads to {_roadmaps(len(led_to))}:",),
            led_to,
        )
    problem = next((problem for problem in snapshot.problems if problem.path == path), None)
    if problem is not None:
        return Guidance("This note cannot be shown.", (problem.reason,))
    if not snapshot.is_complete:
        return None
    if not snapshot.notes:
        return Guidance(
            "No notes here yet.",
            (
                "roadtui shows the notes of this vault that hold tasks: headings, and lines such as",
                EXAMPLE,
                f"Write the first one in Obsidian or any editor. {_BY_ITSELF}",
                "q leaves; “roadtui demo” shows what it can look like.",
            ),
        )
    if note is None or not snapshot.roadmaps:
        number = len(snapshot.notes)
        return Guidance(
            "No tasks here yet.",
            (
                f"{number} {'note was' if number == 1 else 'notes were'} read, and no line in them is a task."
                " A task is a list item with a box:",
                EXAMPLE,
                f"Put one into any note, in Obsidian or any editor. {_BY_ITSELF}",
            ),
        )
    return Guidance(
        note.name,
        (
            "This note has no tasks. A task is a list item with a box:",
            EXAMPLE,
            "tab goes to the list of roadmaps.",
        ),
    )


def nothing_next(view: VaultView) -> Guidance:
    """What to say where no task can be suggested."""
    roadmaps = view.snapshot.roadmaps
    if not view.snapshot.is_complete:
        return Guidance("Reading the vault…")
    if not roadmaps:
        return Guidance("No tasks here yet.", (f"A task is a list item with a box: {EXAMPLE}",))
    if any(note.progress.open or note.progress.in_progress for note in roadmaps):
        return Guidance(
            "Nothing can be done now.",
            ("What is open waits for another task, or for the day on which it starts.",),
        )
    return Guidance(
        "Everything is done.", ("What comes next is yours: esc leaves, c writes it down in the inbox.",)
    )


def _roadmaps(number: int) -> str:
    return "one roadmap" if number == 1 else f"{number} roadmaps"
