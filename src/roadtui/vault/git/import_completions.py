"""When each box that is done now was ticked, by the vault's own git log, walked once."""

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
"""Whether a character between brackets means done."""


class CancelledError(Exception):
    """The user wants no more of it."""


class Imported(NamedTuple):
    """What came of an import."""

    commits: int
    """How many there are, those included that touch no note."""
    completions: int
    """Tasks that are done and now have a day from git."""
    added: int
    """Tasks that have a day from git since which they are there."""

    @property
    def sentence(self) -> str:
        """What to say of it."""
        found = (
            quantity(self.completions, "completion") if self.completions else "none of the completions here"
        )
        return f"Git dates {found}, by {quantity(self.commits, 'commit')}."


@dataclass(slots=True)
class TrackedCheckbox:
    """A box or heading on its way through the commits."""

    entry: MatchKey
    done: datetime | None = None
    """Since when it is done; None where it is not, or nobody knows."""
    added: datetime | None = None
    """When it came; None where it was there from the beginning."""


class GitReplay(NamedTuple):
    """The notes of the newest commit, with the days of their boxes."""

    boxes: Mapping[str, Sequence[TrackedCheckbox]]
    """Boxes and headings in order, by path."""
    commits: int


def import_git(
    git: Git,
    history: History,
    snapshot: Snapshot,
    progress: Callable[[int, int], None],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Imported:
    """Take the days of completions from git into `history`, in the place of those taken before.

    Args:
        git: The repository around the vault.
        history: A history that has seen `snapshot`.
        snapshot: The vault as it is now.
        progress: Told now and then how many commits of how many are done.
        is_cancelled: Asked now and then.

    Raises:
        GitError: git could not be asked; nothing was taken in.
        CancelledError: `is_cancelled` said so; nothing was taken in.
    """

    def is_done(mark: str) -> bool:
        return snapshot.statuses.type_of(mark) is StatusType.DONE

    def step(done: int, total: int) -> None:
        if is_cancelled():
            raise CancelledError
        progress(done, total)

    past = walk(git, is_done, step)
    found: list[Event] = []

    def make(tasks_in: Callable[[VaultNote], list[int]]) -> list[Event]:
        for path, boxes in past.boxes.items():
            note = snapshot.notes.get(path)
            if note is not None:
                found.extend(_events(note, boxes, tasks_in(note), is_done))
        return found

    history.take_from_git(make)
    completions = sum(event.kind == EventKind.DONE.value for event in found)
    return Imported(past.commits, completions, len(found) - completions)


def _events(
    note: VaultNote, boxes: Sequence[TrackedCheckbox], tasks: Sequence[int], is_done: IsDone
) -> Iterator[Event]:
    """What is known of the tasks of `note`, which may have changed since the last commit."""
    numbers = array("q", (offset if box.entry.is_checkbox else 0 for offset, box in enumerate(boxes, 1)))
    places = follow_tasks(KnownNote(b"", numbers, [box.entry for box in boxes]), note.note)
    for task, number, place in zip(note.note.tasks, tasks, places, strict=True):
        if not number or not place:
            continue
        box = boxes[place - 1]
        if box.done is not None and is_done(task.status_symbol):
            yield _event(box.done, EventKind.DONE, number, note.path, box.entry.text)
        if box.added is not None:
            yield _event(box.added, EventKind.ADDED, number, note.path, box.entry.text)


def _event(when: datetime, kind: EventKind, task: int, path: str, words: str) -> Event:
    """An event that is the same one whenever it is imported."""
    moment = LocalMoment.of(when)
    name = blake2b(f"{task} {kind.value} {moment.at} {moment.day}".encode(), digest_size=16).hexdigest()
    return Event(name, *moment, task, kind.value, EventSource.GIT.value, path, words)


def walk(git: Git, is_done: IsDone, step: Callable[[int, int], None]) -> GitReplay:
    """Follow every box through all commits, branches included: a tick is dated where it was made.

    Raises:
        GitError: git could not be asked.
    """
    head = git.head
    if head is None:
        return GitReplay({}, 0)
    branches = read_branches(git, head, is_done)
    order = {name: number for number, name in enumerate(branches.trunk, 1)}
    walker = _Walker(is_done, branches)
    command = (*PATCHES, "--first-parent", "--diff-merges=first-parent", "--reverse", head, "--", NOTES)
    with git.stream(*command) as out:
        for commit in read_commits(out):
            walker.take(commit)
            step(order[commit.name], len(order))
    step(len(order), len(order))
    return GitReplay(walker.boxes(), branches.count)


class _Walker:
    """The notes at one commit, by their lines."""

    def __init__(self, is_done: IsDone, branches: Branches) -> None:
        self._is_done = is_done
        self._branches = branches
        self._notes: dict[str, list[TrackedCheckbox | None]] = {}
        """For each line the box or heading on it."""
        self._departed: defaultdict[str, list[TrackedCheckbox]] = defaultdict(list)

    def boxes(self) -> dict[str, list[TrackedCheckbox]]:
        """The boxes and headings of each note, in order."""
        return {path: [box for box in lines if box is not None] for path, lines in self._notes.items()}

    def take(self, commit: Commit) -> None:
        """Go one commit on."""
        before = [self._notes.pop(patch.old, []) if patch.old is not None else [] for patch in commit.patches]
        changed = _Changed()
        for number, (patch, lines) in enumerate(zip(commit.patches, before, strict=True)):
            for hunk in patch.hunks:
                changed.add(number, *_splice(lines, hunk))
            if patch.new is not None:
                self._notes[patch.new] = lines
        self._hand_over(changed, commit)

    def _hand_over(self, changed: _Changed, commit: Commit) -> None:
        """Give the boxes that came what is known of those that they were before."""
        origin = pair_entries(changed.hunks)
        for spot, box in changed.come():
            was = origin.get(spot)
            old = changed.gone_at(was) if was is not None else self._departed_like(box)
            box.added = old.added if old is not None else self._when_added(box, commit)
            if not self._is_done(box.entry.status_symbol):
                continue
            if old is not None and self._is_done(old.entry.status_symbol):
                box.done = old.done
            else:
                box.done = self._branches.ticked(commit.name, box.entry.text)
                came_with_its_note = old is None and commit.patches[changed.patch_of(spot)].old is None
                if box.done is None and not came_with_its_note:
                    box.done = commit.authored
        for box in changed.left_over(set(origin.values())):
            self._departed[box.entry.text].append(box)

    def _departed_like(self, box: TrackedCheckbox) -> TrackedCheckbox | None:
        waiting = self._departed.get(box.entry.text)
        return waiting.pop() if waiting and box.entry.text else None

    def _when_added(self, box: TrackedCheckbox, commit: Commit) -> datetime | None:
        if self._branches.is_root(commit.name):
            return None
        added = self._branches.added(commit.name, box.entry.text)
        return added if added is not None else commit.authored


def _splice(
    lines: list[TrackedCheckbox | None], hunk: LineRange
) -> tuple[list[TrackedCheckbox], list[TrackedCheckbox]]:
    """Make a hunk; the boxes and headings that went, and those that came."""
    entries = (match_entry(line) for line in hunk.come)
    come = [TrackedCheckbox(entry) if entry is not None else None for entry in entries]
    gone = lines[hunk.start : hunk.start + hunk.removed]
    lines[hunk.start : hunk.start + hunk.removed] = come
    return [box for box in gone if box is not None], [box for box in come if box is not None]


class _Changed:
    """The boxes that a commit touches."""

    def __init__(self) -> None:
        self.hunks: list[ChangedRun] = []
        self._gone: list[list[TrackedCheckbox]] = []
        self._come: list[list[TrackedCheckbox]] = []
        self._patches: list[int] = []

    def add(self, patch: int, gone: list[TrackedCheckbox], come: list[TrackedCheckbox]) -> None:
        if gone or come:
            self.hunks.append(ChangedRun(patch, [box.entry for box in gone], [box.entry for box in come]))
            self._gone.append(gone)
            self._come.append(come)
            self._patches.append(patch)

    def come(self) -> Iterator[tuple[RunIndex, TrackedCheckbox]]:
        return _boxes(self._come)

    def gone_at(self, spot: RunIndex) -> TrackedCheckbox:
        return self._gone[spot.run][spot.offset]

    def patch_of(self, spot: RunIndex) -> int:
        return self._patches[spot.run]

    def left_over(self, taken: set[RunIndex]) -> Iterator[TrackedCheckbox]:
        return (box for spot, box in _boxes(self._gone) if spot not in taken)


def _boxes(hunks: Iterable[Sequence[TrackedCheckbox]]) -> Iterator[tuple[RunIndex, TrackedCheckbox]]:
    return (
        (RunIndex(number, offset), box)
        for number, boxes in enumerate(hunks)
        for offset, box in enumerate(boxes)
        if box.entry.is_checkbox
    )
