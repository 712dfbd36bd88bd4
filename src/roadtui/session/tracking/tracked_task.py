"""A task that a screen shows while the vault changes: where it is now, and why it was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from roadtui.core.dates import day_text
from roadtui.core.line_text import plain_line
from roadtui.core.matching import MatchKey, entries, match_tasks, normalized_description
from roadtui.core.next_actions.candidates import SuggestionGroup
from roadtui.core.next_actions.ranking import Reason, Suggestion
from roadtui.core.next_actions.waiting import waiting_by_fields
from roadtui.core.note import ListItem, Note, Section, Task
from roadtui.core.tasks.fields import read_fields
from roadtui.core.tasks.status import StatusType
from roadtui.core.terminal_text import display_text
from roadtui.core.titles import short_title
from roadtui.session.view_model import DashboardModel
from roadtui.vault.snapshot import Snapshot, VaultNote

_MOST_NOTES = 100
"""Changed notes in which a task is looked for that is not in its own any more: the event loop waits.

Where more have changed, as while a vault is loaded or git checks out a branch, only those at hand are asked.
"""


class TrackedTask(NamedTuple):
    """A task in one state of its note."""

    note: VaultNote
    task: Task
    reasons: tuple[Reason, ...] = ()
    """Why it was chosen."""
    group: SuggestionGroup | None = None
    """The group that it was suggested in; None where it was not suggested."""


def track_suggestion(snapshot: Snapshot, suggestion: Suggestion) -> TrackedTask:
    """The task of a suggestion that was made for `snapshot`."""
    note = snapshot.notes[suggestion.path]
    note.content.pin()
    return TrackedTask(note, suggestion.task, suggestion.reasons, suggestion.group)


def track(
    tasks: Sequence[TrackedTask], notes: Mapping[str, VaultNote], now: Snapshot
) -> list[TrackedTask | None]:
    """Each of `tasks` as it is in `now`; None for a task that is gone.

    Args:
        tasks: Tasks of the states `notes`, or of older or newer states.
        notes: The notes as they were.
        now: The vault as it is.
    """
    if all(_is_as_before(one, now) for one in tasks):
        return [one._replace(note=now.notes[one.note.path]) for one in tasks]
    before = {**notes, **{one.note.path: one.note for one in tasks}}
    own = {one.note.path for one in tasks}
    found = _found_in(own, tasks, before, now)
    if all(one is not None and _has_same_text(one, old) for one, old in zip(found, tasks, strict=True)):
        return found  # No other note is asked: the same text in the same note comes first.
    changed = [
        path
        for path in (before.keys() | now.notes.keys()) - own
        if (before[path].digest if path in before else None)
        != (now.notes[path].digest if path in now.notes else None)
    ]
    if len(changed) > _MOST_NOTES:
        changed = [
            path for path in changed if _is_at_hand(before.get(path)) and _is_at_hand(now.notes.get(path))
        ]
    return _found_in({*own, *changed[:_MOST_NOTES]}, tasks, before, now)


def _found_in(
    paths: Iterable[str], tasks: Sequence[TrackedTask], before: Mapping[str, VaultNote], now: Snapshot
) -> list[TrackedTask | None]:
    """Each of `tasks` as it is in `now`, if it is in the notes at `paths` there."""
    origins = match_tasks(
        {path: (_entries(before.get(path)), _entries(now.notes.get(path))) for path in sorted(paths)}
    )
    new_places = {old: new for new, old in origins.items()}
    return [_followed(one, new_places, now) for one in tasks]


def _has_same_text(one: TrackedTask, old: TrackedTask) -> bool:
    return normalized_description(one.task.text) == normalized_description(old.task.text)


def _is_at_hand(note: VaultNote | None) -> bool:
    return note is None or note.content.is_at_hand


def _is_as_before(one: TrackedTask, now: Snapshot) -> bool:
    note = now.notes.get(one.note.path)
    return note is not None and note.digest == one.note.digest


def _followed(
    one: TrackedTask, new_places: Mapping[tuple[str, int], tuple[str, int]], now: Snapshot
) -> TrackedTask | None:
    if _is_as_before(one, now):
        return one._replace(note=now.notes[one.note.path])
    at = _checkbox_positions(one.note.note).get(one.task.index)
    new = new_places.get((one.note.path, at)) if at is not None else None
    if new is None:
        return None
    path, position = new
    note = now.notes[path]
    by_position = {position: index for index, position in _checkbox_positions(note.note).items()}
    task = note.note.items[by_position[position]]
    return one._replace(note=note, task=task) if isinstance(task, Task) else None


def _entries(note: VaultNote | None) -> Sequence[MatchKey]:
    return entries(note.note) if note is not None else ()


def _checkbox_positions(note: Note) -> dict[int, int]:
    """The position of each task in `entries(note)`, by `Task.index`."""
    positions = (at for at, entry in enumerate(entries(note)) if entry.is_checkbox)
    return {task.index: at for task, at in zip(note.tasks, positions, strict=True)}


def first_open_leaf(note: VaultNote, task: Task, snapshot: Snapshot) -> Task | None:
    """`task` if it is open without open subtasks, else the first such subtask; None without one."""
    tasks = [other for other in note.note.tasks if other is task or task in other.ancestors]
    is_open = [other for other in tasks if snapshot.statuses.type_of(other.status_symbol).is_open]
    below = [other for other in is_open if other is not task]
    leaf = next((other for other in below if other.index not in note.note_progress.parents), None)
    return leaf or (task if task in is_open else None)


def reasons_for(tracked: TrackedTask, view: DashboardModel) -> tuple[Reason, ...] | None:
    """The reasons to do a task now; None if it can't be done yet. Reads every task of its note."""
    suggestions = view.snapshot.all_suggestions([tracked.note], view.today)
    return next((found.reasons for found in suggestions if found.task is tracked.task), None)


def first_not_in(suggestions: Iterable[Suggestion], passed: Sequence[TrackedTask]) -> Suggestion | None:
    """The first of `suggestions` that is not in `passed`."""
    tasks = {id(one.task) for one in passed}
    return next((one for one in suggestions if id(one.task) not in tasks), None)


def breadcrumb(note: VaultNote, task: Task) -> list[str]:
    """Titles from the note to the parent of `task`, safe to display. Headings named like it are left out."""
    around = [short_title(other.text) for other in task.ancestors if isinstance(other, Task)]
    headings = [title for title in task.section.heading_path if title != note.name]
    return [display_text(note.name), *map(plain_line, headings), *reversed(around)]


def chosen_task(
    view: DashboardModel, note: VaultNote | None, content: Section | ListItem | None
) -> TrackedTask | None:
    """The task at `content` of `note`, which the cursor is on, with the reasons for it.

    None if `content` is not an open task without open subtasks.
    """
    if note is None or not isinstance(content, Task):
        return None
    if first_open_leaf(note, content, view.snapshot) is not content:
        return None
    tracked = TrackedTask(note, content)
    reasons = reasons_for(tracked, view)
    return tracked._replace(reasons=(Reason(_not_yet(tracked, view)),) if reasons is None else reasons)


def _not_yet(tracked: TrackedTask, view: DashboardModel) -> str:
    """The reason to show for a task that was chosen although it cannot be started yet."""
    snapshot = view.snapshot
    is_doing = snapshot.statuses.type_of(tracked.task.status_symbol) is StatusType.IN_PROGRESS
    fields = read_fields(tracked.task.text, snapshot.format)
    found = waiting_by_fields(fields, view.open_ids, view.today, is_doing=is_doing)
    if found is None:
        return "you chose it, though its parent task waits"
    if not found.tasks:
        assert found.start is not None, "it waits for one of the two"
        return f"you chose it, though it starts {day_text(found.start, view.today)}"
    others = f" and {len(found.tasks) - 1} more" if len(found.tasks) > 1 else ""
    return f"you chose it, though it waits for “{short_title(found.tasks[0])}”{others}"
