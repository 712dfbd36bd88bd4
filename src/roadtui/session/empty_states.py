"""Texts that the middle pane shows instead of tasks: why there are none, and what can be done next."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from roadtui.core.quantity import quantity
from roadtui.session.sidebar_items import SidebarNote, roadmap_entry
from roadtui.session.view_model import DashboardModel
from roadtui.vault.snapshot import VaultNote

if TYPE_CHECKING:
    from roadtui.session.activity.activity import Activity

EXAMPLE = "- [ ] Learn one thing"
_BY_ITSELF = "It appears here as soon as it is saved."


class EmptyStateText(NamedTuple):
    """A headline, sentences below it, and the notes that the user can go to."""

    title: str
    sentences: tuple[str, ...] = ()
    leads_to: tuple[SidebarNote, ...] = ()


def empty_note_text(
    view: DashboardModel, path: str | None, inbox: str, *, is_begun: bool = False
) -> EmptyStateText | None:
    """The text to show instead of the tree of the note at `path`; None if it has tasks, or may have.

    `is_begun`: the user is editing the note, so its tree is shown if it has only headings.
    """
    snapshot = view.snapshot
    note = snapshot.notes.get(path) if path is not None else None
    if note is not None and (note.has_tasks or (is_begun and len(note.note.sections) > 1)):
        return None
    if note is not None and note.path in view.hubs:
        led_to = tuple(roadmap_entry(linked, view.hubs) for linked in view.hubs[note.path])
        return EmptyStateText(
            note.name,
            (f"This note has no tasks of its own. It leads to {_roadmaps(len(led_to))}:",),
            led_to,
        )
    problem = next((problem for problem in snapshot.problems if problem.path == path), None)
    if problem is not None:
        return EmptyStateText("This note cannot be shown.", (problem.reason,))
    if not snapshot.is_complete:
        return None
    if not snapshot.notes:
        return EmptyStateText(
            "No notes here yet.",
            (
                "roadtui shows the notes of this vault that hold tasks: headings, and lines such as",
                EXAMPLE,
                f"Press c to write the first one into {inbox}, which is created for it.",
                f"Or write one in Obsidian or any editor. {_BY_ITSELF}",
                "q quits; “roadtui demo” opens a sample vault.",
            ),
        )
    if note is None or not snapshot.roadmaps:
        number = len(snapshot.notes)
        return EmptyStateText(
            "No tasks here yet.",
            (
                f"{quantity(number, 'note was', 'notes were')} read, and no line in them is a task."
                " A task is a list item with a checkbox:",
                EXAMPLE,
                *_how_to_begin(note, inbox),
                f"Or put one into any note, in Obsidian or any editor. {_BY_ITSELF}",
            ),
        )
    return EmptyStateText(
        note.name,
        (
            "This note has no tasks. A task is a list item with a checkbox:",
            EXAMPLE,
            *_how_to_begin(note, inbox),
            "tab goes to the list of roadmaps.",
        ),
    )


def _how_to_begin(note: VaultNote | None, inbox: str) -> tuple[str, ...]:
    """Sentences about the keys that add a first task."""
    capture = f"c adds one to {inbox}."
    if note is None or note.label:
        return (capture,)
    return (f"Press a to add the first one to {note.name}, H to add a heading. {capture}",)


def no_links_text(view: DashboardModel) -> EmptyStateText:
    """The text to show where no roadmap links to another note."""
    if not view.snapshot.is_complete:
        return EmptyStateText("Reading the vault…")
    if not view.snapshot.roadmaps:
        return EmptyStateText("No tasks here yet.", (f"A task is a list item with a box: {EXAMPLE}",))
    return EmptyStateText(
        "No roadmap links to another yet.",
        (
            "Write the name of a note in double brackets: [[Name of a note]].",
            "A note without tasks that links to two roadmaps is a hub: it shows how far they are together.",
        ),
    )


def no_changes_text(activity: Activity | None, now: datetime | None) -> EmptyStateText:
    """The text to show where nothing has changed; `activity`: None while the notes are compared."""
    if activity is None or now is None:
        return EmptyStateText("The notes are being compared with what you saw of them…")
    from roadtui.session.activity.words import moment_words  # The first screen needs none.

    since = moment_words(activity.since, now) if activity.since is not None else ""
    return EmptyStateText(
        f"Nothing has changed since {since or 'you last looked'}.",
        (
            "What others change appears here by itself, with who it was and when, until you have seen it.",
            "t takes one back, T all that came with it; u undoes your own edits.",
        ),
    )


def no_next_actions_text(view: DashboardModel) -> EmptyStateText:
    """The text to show where no task can be suggested."""
    roadmaps = view.snapshot.roadmaps
    if not view.snapshot.is_complete:
        return EmptyStateText("Reading the vault…")
    if not roadmaps:
        return EmptyStateText("No tasks here yet.", (f"A task is a list item with a checkbox: {EXAMPLE}",))
    if any(note.progress.open or note.progress.in_progress for note in view.snapshot.suggested_roadmaps):
        return EmptyStateText(
            "Nothing can be done now.",
            ("All open tasks wait for another task or for their start date.",),
        )
    return EmptyStateText("Everything is done.", ("Press c to add a task to the inbox, or esc to leave.",))


def _roadmaps(number: int) -> str:
    return "one roadmap" if number == 1 else f"{number} roadmaps"
