"""Imports completion dates from the vault's git log: replays the commits once, and tracks each checkbox."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from roadtui.core.matching import ChangedRun, MatchKey, RunIndex, pair_entries
from roadtui.core.quantity import quantity
from roadtui.core.tasks.status import StatusType
from roadtui.vault.git.git import Git
from roadtui.vault.git.log_parser import NOTES, PATCHES, Commit, LineRange, match_entry, read_commits
from roadtui.vault.git.merged_branches import Branches, read_branches
from roadtui.vault.history.event_log import KnownNote
from roadtui.vault.history.events import Event, EventKind, EventSource, LocalMoment
from roadtui.vault.history.history import History
from roadtui.vault.history.merged_log import follow_tasks
from roadtui.vault.snapshot import Snapshot, VaultNote

IsDone = Callable[[str], bool]
"""Whether a status symbol means done."""


class CancelledError(Exception):
    """The user cancelled the import."""


class Imported(NamedTuple):
    """The result of an import."""

    commits: int
    """The number of commits, including those without changes to notes."""
    completions: int
    """The number of done tasks with a completion date from git."""
    added: int
    """The number of tasks with a date from git on which they were added."""

    @property
    def sentence(self) -> str:
        """The result as a sentence for the user."""
        found = (
            quantity(self.completions, "completion") if self.completions else "none of the completions here"
        )
        return f"Git dates {found}, by {quantity(self.commits, 'commit')}."


@dataclass(slots=True)
class TrackedCheckbox:
    """A task or heading, tracked through the commits."""

    entry: MatchKey
    done: datetime | None = None
    """When the task was done; None for an open task or an unknown time."""
    added: datetime | None = None
    """When the task was added; None if it is in the first commit."""


class GitReplay(NamedTuple):
    """The notes of the newest commit, with the dates of their tasks."""

    checkboxes: Mapping[str, Sequence[TrackedCheckbox]]
    """The tasks and headings of each note in order, by path."""
    commits: int
    """The number of commits."""


def import_git(
    git: Git,
    history: History,
    snapshot: Snapshot,
    progress: Callable[[int, int], None],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Imported:
    """Import completion dates from git into `history`, in place of those imported before.

    Args:
        git: The repository around the vault.
        history: A history that has recorded `snapshot`.
        snapshot: The vault as it is now.
        progress: Called repeatedly with the number of commits read, and the number of all commits.
        is_cancelled: Called repeatedly; True cancels the import.

    Raises:
        GitError: git failed; nothing was imported.
        CancelledError: `is_cancelled` returned True; nothing was imported.
    """

    def is_done(symbol: str) -> bool:
        return snapshot.statuses.type_of(symbol) is StatusType.DONE

    def report(done: int, total: int) -> None:
        if is_cancelled():
            raise CancelledError
        progress(done, total)

    replay = walk(git, is_done, report)
    found: list[Event] = []

    def make(tasks_in: Callable[[VaultNote], list[int]]) -> list[Event]:
        for path, checkboxes in replay.checkboxes.items():
            note = snapshot.notes.get(path)
            if note is not None:
                found.extend(_events(note, checkboxes, tasks_in(note), is_done))
        return found

    history.replace_git_events(make)
    completions = sum(event.kind == EventKind.DONE.value for event in found)
    return Imported(replay.commits, completions, len(found) - completions)


def _events(
    note: VaultNote, checkboxes: Sequence[TrackedCheckbox], tasks: Sequence[int], is_done: IsDone
) -> Iterator[Event]:
    """The events of the tasks of `note`, which may have changed since the last commit."""
    numbers = array(
        "q", (offset if checkbox.entry.is_checkbox else 0 for offset, checkbox in enumerate(checkboxes, 1))
    )
    places = follow_tasks(KnownNote(b"", numbers, [checkbox.entry for checkbox in checkboxes]), note.note)
    for task, number, place in zip(note.note.tasks, tasks, places, strict=True):
        if not number or not place:
            continue
        checkbox = checkboxes[place - 1]
        if checkbox.done is not None and is_done(task.status_symbol):
            yield _event(checkbox.done, EventKind.DONE, number, note.path, checkbox.entry.text)
        if checkbox.added is not None:
            yield _event(checkbox.added, EventKind.ADDED, number, note.path, checkbox.entry.text)


def _event(when: datetime, kind: EventKind, task: int, path: str, description: str) -> Event:
    """An event whose id is the same in every import."""
    moment = LocalMoment.of(when)
    name = blake2b(f"{task} {kind.value} {moment.at} {moment.day}".encode(), digest_size=16).hexdigest()
    return Event(name, *moment, task, kind.value, EventSource.GIT.value, path, description)


def walk(git: Git, is_done: IsDone, report: Callable[[int, int], None]) -> GitReplay:
    """Track every task through all commits. Ticks on a branch are dated by the branch, not by the merge.

    Args:
        git: The repository.
        is_done: Whether a status symbol means done.
        report: Called with the number of commits read, and the number of all commits.

    Raises:
        GitError: git failed.
    """
    head = git.head
    if head is None:
        return GitReplay({}, 0)
    branches = read_branches(git, head, is_done)
    order = {name: number for number, name in enumerate(branches.trunk, 1)}
    replay = _Replay(is_done, branches)
    command = (*PATCHES, "--first-parent", "--diff-merges=first-parent", "--reverse", head, "--", NOTES)
    with git.stream(*command) as out:
        for commit in read_commits(out):
            replay.apply(commit)
            report(order[commit.name], len(order))
    report(len(order), len(order))
    return GitReplay(replay.checkboxes(), branches.count)


class _Replay:
    """The notes at one commit, line by line."""

    def __init__(self, is_done: IsDone, branches: Branches) -> None:
        self._is_done = is_done
        self._branches = branches
        self._notes: dict[str, list[TrackedCheckbox | None]] = {}
        """For each line of a note its task or heading."""
        self._unmatched: defaultdict[str, list[TrackedCheckbox]] = defaultdict(list)

    def checkboxes(self) -> dict[str, list[TrackedCheckbox]]:
        """The tasks and headings of each note, in order."""
        return {
            path: [checkbox for checkbox in lines if checkbox is not None]
            for path, lines in self._notes.items()
        }

    def apply(self, commit: Commit) -> None:
        """Apply the changes of the next commit."""
        before = [self._notes.pop(patch.old, []) if patch.old is not None else [] for patch in commit.patches]
        changed = _CommitChanges()
        for number, (patch, lines) in enumerate(zip(commit.patches, before, strict=True)):
            for hunk in patch.hunks:
                changed.add(number, *_splice(lines, hunk))
            if patch.new is not None:
                self._notes[patch.new] = lines
        self._carry_over_dates(changed, commit)

    def _carry_over_dates(self, changed: _CommitChanges, commit: Commit) -> None:
        """Copy the dates of removed tasks to the added tasks that match them, and date the others."""
        origin = pair_entries(changed.hunks)
        for position, checkbox in changed.added():
            removed_position = origin.get(position)
            old = (
                changed.removed_at(removed_position)
                if removed_position is not None
                else self._take_unmatched(checkbox)
            )
            checkbox.added = old.added if old is not None else self._when_added(checkbox, commit)
            if not self._is_done(checkbox.entry.status_symbol):
                continue
            if old is not None and self._is_done(old.entry.status_symbol):
                checkbox.done = old.done
            else:
                checkbox.done = self._branches.ticked(commit.name, checkbox.entry.text)
                came_with_its_note = old is None and commit.patches[changed.patch_of(position)].old is None
                if checkbox.done is None and not came_with_its_note:
                    checkbox.done = commit.authored
        for checkbox in changed.unmatched(set(origin.values())):
            self._unmatched[checkbox.entry.text].append(checkbox)

    def _take_unmatched(self, checkbox: TrackedCheckbox) -> TrackedCheckbox | None:
        waiting = self._unmatched.get(checkbox.entry.text)
        return waiting.pop() if waiting and checkbox.entry.text else None

    def _when_added(self, checkbox: TrackedCheckbox, commit: Commit) -> datetime | None:
        if self._branches.is_root(commit.name):
            return None
        added = self._branches.added(commit.name, checkbox.entry.text)
        return added if added is not None else commit.authored


def _splice(
    lines: list[TrackedCheckbox | None], hunk: LineRange
) -> tuple[list[TrackedCheckbox], list[TrackedCheckbox]]:
    """Apply a hunk to `lines`; the removed and the added tasks and headings."""
    entries = (match_entry(line) for line in hunk.added_lines)
    added = [TrackedCheckbox(entry) if entry is not None else None for entry in entries]
    removed = lines[hunk.start : hunk.start + hunk.removed_count]
    lines[hunk.start : hunk.start + hunk.removed_count] = added
    return [checkbox for checkbox in removed if checkbox is not None], [
        checkbox for checkbox in added if checkbox is not None
    ]


class _CommitChanges:
    """The tasks and headings that a commit removes and adds."""

    def __init__(self) -> None:
        self.hunks: list[ChangedRun] = []
        self._removed: list[list[TrackedCheckbox]] = []
        self._added: list[list[TrackedCheckbox]] = []
        self._patches: list[int] = []

    def add(self, patch: int, removed: list[TrackedCheckbox], added: list[TrackedCheckbox]) -> None:
        if removed or added:
            self.hunks.append(
                ChangedRun(
                    patch, [checkbox.entry for checkbox in removed], [checkbox.entry for checkbox in added]
                )
            )
            self._removed.append(removed)
            self._added.append(added)
            self._patches.append(patch)

    def added(self) -> Iterator[tuple[RunIndex, TrackedCheckbox]]:
        return _checkboxes(self._added)

    def removed_at(self, position: RunIndex) -> TrackedCheckbox:
        return self._removed[position.run][position.offset]

    def patch_of(self, position: RunIndex) -> int:
        return self._patches[position.run]

    def unmatched(self, matched: set[RunIndex]) -> Iterator[TrackedCheckbox]:
        return (checkbox for position, checkbox in _checkboxes(self._removed) if position not in matched)


def _checkboxes(hunks: Iterable[Sequence[TrackedCheckbox]]) -> Iterator[tuple[RunIndex, TrackedCheckbox]]:
    return (
        (RunIndex(number, offset), checkbox)
        for number, checkboxes in enumerate(hunks)
        for offset, checkbox in enumerate(checkboxes)
        if checkbox.entry.is_checkbox
    )
