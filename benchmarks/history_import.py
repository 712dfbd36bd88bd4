"""What it costs to take the days of completions from git, against `git log -p` of the same range.

Run with `python -m benchmarks.history_import`. `git fast-import` makes the repository: 5,000 commits of
ticks, unticks, new tasks, moves, rewordings and renames, whose days are known; each one found is checked.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO

from benchmarks.report import Result, show
from roadtui.config import Config
from roadtui.core.stats.activity import KnownDates
from roadtui.vault.git.git import Git
from roadtui.vault.git.import_completions import import_git
from roadtui.vault.history.history import History
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

COMMITS = 5_000
NOTES = 40
TASKS = 60
"""In each note at first."""
RUNS = 3
START = datetime(2020, 1, 1, 9, tzinfo=UTC)


@dataclass(slots=True)
class Planned:
    """A task of the repository."""

    text: str
    done: date | None = None
    is_done: bool = False

    @property
    def line(self) -> str:
        """As it stands in its note."""
        return f"- [{'x' if self.is_done else ' '}] {self.text}\n"


@dataclass(slots=True)
class Plan:
    """A vault that a user works on, one commit after the other."""

    draw: random.Random
    notes: dict[str, list[Planned]] = field(default_factory=dict)
    made: int = 0

    def task(self) -> Planned:
        """A new one, whose text no other has."""
        self.made += 1
        return Planned(f"task {self.made} about {self.draw.choice(('a vector', 'the paper', 'some code'))}")

    def step(self, today: date) -> dict[str, str | None]:
        """Do one thing; the notes that changed, None for one that is gone."""
        path = self.draw.choice(list(self.notes))
        tasks = self.notes[path]
        place = self.draw.randrange(len(tasks))
        kind = self.draw.random()
        if kind < 0.7:
            for task in tasks[place : place + self.draw.randint(1, 2)]:
                task.is_done = not task.is_done
                task.done = today if task.is_done else None
        elif kind < 0.85:
            tasks.insert(place, self.task())
        elif kind < 0.9:
            tasks[place].text += " again"
        elif kind < 0.95:
            other = self.draw.choice(list(self.notes))
            self.notes[other].append(tasks.pop(place))
            tasks.append(self.task())
            return {path: self.text(path), other: self.text(other)}
        else:
            new = path.replace(".md", "+.md")
            self.notes[new] = self.notes.pop(path)
            return {path: None, new: self.text(new)}
        return {path: self.text(path)}

    def text(self, path: str) -> str:
        """A note, with a few lines between its tasks that are none."""
        lines = [f"# {path}\n", "\n"]
        for number, task in enumerate(self.notes[path]):
            if number % 10 == 0:
                lines.append(f"\n## Part {number // 10}\n\nSome words about this part.\n\n")
            lines.append(task.line)
        return "".join(lines)


def make_repository(root: Path, commits: int, seed: int = 1) -> dict[str, date]:
    """Make a repository at `root`; when each task that is done in its last commit was done, by its text."""
    plan = Plan(random.Random(seed))
    for number in range(NOTES):
        plan.notes[f"note {number}.md"] = [plan.task() for _ in range(TASKS)]
    root.mkdir(parents=True)
    subprocess.run(["git", "-C", root, "init", "-q", "-b", "main"], check=True)
    with subprocess.Popen(["git", "-C", root, "fast-import", "--quiet"], stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        changes: dict[str, str | None] = {path: plan.text(path) for path in plan.notes}
        for number in range(commits):
            when = START + timedelta(hours=7 * number)
            if number:
                changes = plan.step(when.date())
            _write_commit(importing.stdin, when, changes)
    if importing.returncode:
        raise RuntimeError("git fast-import failed")
    subprocess.run(["git", "-C", root, "reset", "-q", "--hard", "main"], check=True)
    return {
        task.text: task.done
        for tasks in plan.notes.values()
        for task in tasks
        if task.is_done and task.done is not None
    }


def _write_commit(out: IO[bytes], when: datetime, changes: dict[str, str | None]) -> None:
    stamp = f"x <x@localhost> {int(when.timestamp())} +0000\n"
    out.write(f"commit refs/heads/main\nauthor {stamp}committer {stamp}data 1\nx\n".encode())
    for path, text in changes.items():
        if text is None:
            out.write(f'D "{path}"\n'.encode())
        else:
            data = text.encode()
            out.write(b'M 100644 inline "%s"\ndata %d\n%s\n' % (path.encode(), len(data), data))


@dataclass(slots=True)
class Imported:
    """A vault and what was taken from its git."""

    snapshot: Snapshot
    days: KnownDates
    seconds: float


def take(root: Path, state: Path) -> Imported:
    """Import the history of the vault at `root`."""
    vault = Vault(root, Config(), lambda: NoteWriter(state))
    for _ in vault.load():
        pass
    history = History(state, root, UTC)
    history.record_snapshot(lambda: vault.snapshot, datetime.now(UTC))
    start = time.perf_counter()
    import_git(Git(root), history, vault.snapshot, lambda done, total: None)
    seconds = time.perf_counter() - start
    days = history.known_dates(vault.snapshot.notes.values())
    history.close()
    return Imported(vault.snapshot, days, seconds)


def wrong_days(found: Imported, expected: dict[str, date]) -> int:
    """How many done tasks have another day than was planned."""
    tasks = {task.text: task for note in found.snapshot.notes.values() for task in note.note.tasks}
    return sum(found.days.done.get(tasks[text]) != day for text, day in expected.items())


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "vault"
        expected = make_repository(root, COMMITS)
        ours: list[float] = []
        theirs: list[float] = []
        wrong = 0
        for run in range(RUNS):
            theirs.append(_seconds(lambda: _log(root)))
            found = take(root, Path(folder) / f"state {run}")
            ours.append(found.seconds)
            wrong += wrong_days(found, expected)
    result = Result("import into the journal", statistics.median(ours), "s", "≤ 3", statistics.median(theirs))
    show(f"The history of {COMMITS:,} commits", "git log -p", [result])
    print(f"  {len(expected):,} done tasks, {wrong} with a wrong day")


def _log(root: Path) -> None:
    with subprocess.Popen(["git", "-C", root, "--no-pager", "log", "-p"], stdout=subprocess.PIPE) as log:
        assert log.stdout is not None
        while log.stdout.read(1 << 16):
            pass


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
