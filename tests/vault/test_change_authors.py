"""Who has changed tasks: by the event logs, and by git."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.tasks.status import StatusType
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.action_builders.status import set_type
from roadtui.session.actions import TaskActions
from roadtui.vault.activity.authors import Author, find_authors
from roadtui.vault.activity.own_lines import save_own_lines
from roadtui.vault.activity.seen_notes import SeenNotes, is_done_in
from roadtui.vault.commit import commit
from roadtui.vault.history.events import EventSource
from roadtui.vault.history.history import History
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.repositories import Repository

PLAN = "# One\n- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n"


def opened(root: Path) -> Vault:
    vault = Vault(root, Config(), lambda: NoteWriter(root.parent / "writer"))
    for _ in vault.load():
        pass
    return vault


def authors_in(vault: Vault, seen: SeenNotes, history: History | None = None) -> dict[str, Author]:
    snapshot = vault.refresh()
    seen.record(snapshot, is_hurried=True)
    changes = seen.changes(is_done_in(snapshot))
    found = find_authors(changes, snapshot, history, None, own_lines=seen.own_lines)
    return {change.row.wording: found[change.id] for change in changes}


def words(authors: dict[str, Author]) -> dict[str, str]:
    return {text: f"{who.kind.value} {who.name}".strip() for text, who in authors.items()}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "vault")
    repository.commit("2026-01-01", Plan=PLAN)
    return repository


def by(repository: Repository, name: str, day: str, **notes: str) -> str:
    repository.git("config", "user.name", name)
    return repository.commit(day, **notes)


def test_git_says_whose_commit_brought_each_line(repository: Repository) -> None:
    vault, seen = opened(repository.root), SeenNotes(None, repository.root)
    authors_in(vault, seen)
    first = by(repository, "Mira", "2026-01-02", Plan=PLAN.replace("[ ] a", "[x] a"))
    by(repository, "Agent Ö", "2026-01-03", Plan=PLAN.replace("[ ] a", "[x] a").replace("- [ ] c\n", ""))
    repository.write("Plan.md", "# One\n- [x] a\n- [x] b\n- [ ] d\n")
    found = authors_in(vault, seen)
    assert words(found) == {"a": "git Mira", "b": "outside", "c": "git Agent Ö"}
    assert found["a"].commit
    assert first.startswith(found["a"].commit)
    assert found["a"].at == datetime(2026, 1, 2, 12, tzinfo=UTC)


def test_a_line_that_is_as_an_old_commit_had_it_is_not_by_its_author(repository: Repository) -> None:
    by(repository, "Mira", "2026-01-02", Plan=PLAN.replace("[ ] a", "[x] a"))
    by(repository, "Jo", "2026-01-03", Plan=PLAN)
    vault, seen = opened(repository.root), SeenNotes(None, repository.root)
    authors_in(vault, seen)
    repository.write("Plan.md", PLAN.replace("[ ] a", "[x] a"))
    assert words(authors_in(vault, seen)) == {"a": "outside"}


def test_notes_in_a_folder_of_the_repository_and_with_awkward_names(repository: Repository) -> None:
    folder = repository.root / "docs"
    repository.commit("2026-01-02", **{"docs/Ünï [x]*": PLAN})
    vault, seen = opened(folder), SeenNotes(None, folder)
    authors_in(vault, seen)
    by(repository, "Mira", "2026-01-03", **{"docs/Ünï [x]*": PLAN.replace("[ ] d", "[x] d")})
    assert words(authors_in(vault, seen)) == {"d": "git Mira"}


def test_another_machine_is_called_by_its_name(tmp_path: Path) -> None:
    root, here, there = tmp_path / "vault", tmp_path / "here", tmp_path / "there"
    root.mkdir()
    (root / "Plan.md").write_text(PLAN)
    vault, seen = opened(root), SeenNotes(here, root)
    authors_in(vault, seen)
    other, other_history = opened(root), History(there, root)
    other_history.record_snapshot(lambda: other.snapshot, datetime(2026, 3, 14, 11, tzinfo=UTC))
    note = other.snapshot.notes["Plan.md"]
    context = ActionContext.of(other, date(2026, 3, 14))
    commit(other, set_type(context, note, [next(iter(note.note.tasks))], type=StatusType.DONE))
    at = datetime(2026, 3, 14, 12, tzinfo=UTC)
    other_history.record_snapshot(lambda: other.snapshot, at, EventSource.HERE, "Plan.md")
    file = other_history.file
    assert file is not None
    other_history.close()
    history = History(here, root)
    history.record_snapshot(lambda: vault.snapshot, datetime(2026, 3, 14, 10, tzinfo=UTC))
    assert history.file is not None
    shutil.copy(file, history.file.with_name("laptop-0123abcd.sqlite"))
    history.close()
    found = authors_in(vault, seen, History(here, root))
    assert words(found) == {"a": "machine laptop"}
    assert found["a"].at == at


NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
OPEN, DONE, WORDED = "- [ ] a\n- [ ] b\n", "- [x] a\n- [ ] b\n", "- [ ] A\n- [ ] b\n"
HERE, UNDONE, OUTSIDE, GIT = EventSource.HERE, EventSource.UNDONE, EventSource.OUTSIDE, EventSource.GIT


class Recording:
    """A vault whose states are recorded in the history, each with where it came from."""

    def __init__(self, folder: Path, text: str = OPEN) -> None:
        self.note = folder / "vault" / "Plan.md"
        self.note.parent.mkdir()
        self.note.write_text(text)
        self.vault = opened(self.note.parent)
        self.seen, self.history = (
            SeenNotes(folder / "state", self.note.parent),
            History(None, self.note.parent),
        )
        self.minutes = 0
        self.history.record_snapshot(lambda: self.vault.snapshot, NOON)
        authors_in(self.vault, self.seen)

    def write(self, text: str, origin: EventSource) -> None:
        self.minutes += 1
        self.note.write_text(text)
        os.utime(self.note, (1, 1))
        self.vault.refresh()
        at = NOON + timedelta(minutes=self.minutes)
        self.history.record_snapshot(lambda: self.vault.snapshot, at, origin, "Plan.md")

    @property
    def words(self) -> dict[str, str]:
        return words(authors_in(self.vault, self.seen, self.history))


@pytest.mark.parametrize(
    ("states", "who"),
    [
        ([(DONE, HERE)], "here"),
        ([(DONE, OUTSIDE)], "outside"),
        ([(DONE, HERE), (OPEN, OUTSIDE), (DONE, OUTSIDE)], "outside"),
        ([(DONE, OUTSIDE), (OPEN, OUTSIDE), (DONE, HERE)], "here"),
        ([(DONE, HERE), (OPEN, HERE), (DONE, OUTSIDE)], "outside"),
        ([(DONE, HERE), (OPEN, OUTSIDE), (DONE, UNDONE)], "here"),
    ],
)
def test_who_ticked_a_task_last_has_ticked_it(
    tmp_path: Path, states: list[tuple[str, EventSource]], who: str
) -> None:
    recording = Recording(tmp_path)
    for text, origin in states:
        recording.write(text, origin)
    assert recording.words == {"a": who}


def test_who_reopened_a_task_last_has_reopened_it(tmp_path: Path) -> None:
    recording = Recording(tmp_path, DONE)
    for text, origin in ((OPEN, HERE), (DONE, OUTSIDE), (OPEN, OUTSIDE)):
        recording.write(text, origin)
    assert recording.words == {"a": "outside"}


def test_a_new_task_that_somebody_else_has_ticked_is_not_named(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    recording.write(OPEN + "- [ ] new\n- [ ] newer\n", HERE)
    recording.write(OPEN + "- [x] new\n- [ ] newer\n", OUTSIDE)
    assert recording.words == {"new": "outside", "newer": "here"}


def test_of_equal_tasks_nobody_is_named(tmp_path: Path) -> None:
    recording = Recording(tmp_path, OPEN * 2)
    recording.write(DONE + OPEN, HERE)
    recording.write(DONE * 2, OUTSIDE)
    assert {*recording.words.values()} == {"outside"}


def test_a_task_with_the_same_text_in_another_note_is_another_task(tmp_path: Path) -> None:
    recording = Recording(tmp_path)
    (recording.note.parent / "Other.md").write_text(OPEN)
    recording.write(OPEN, OUTSIDE)
    recording.seen.mark(
        {one.id for one in recording.seen.changes(is_done_in(recording.vault.snapshot))},
        is_done_in(recording.vault.snapshot),
    )
    recording.write(DONE, HERE)
    recording.seen.record(recording.vault.snapshot, is_hurried=True)
    (recording.note.parent / "Other.md").write_text(DONE)
    snapshot = recording.vault.refresh()
    recording.seen.record(snapshot, is_hurried=True)
    changes = recording.seen.changes(is_done_in(snapshot))
    found = find_authors(changes, snapshot, recording.history, None)
    assert {one.path: found[one.id].kind.value for one in changes if one.row.text == "a"} == {
        "Plan.md": "here",
        "Other.md": "outside",
    }


def test_git_says_nothing_of_this_machine(repository: Repository) -> None:
    """What was imported from git is of whoever made the commits."""
    vault, seen = opened(repository.root), SeenNotes(None, repository.root)
    authors_in(vault, seen)
    by(repository, "Mira", "2026-01-02", Plan=PLAN.replace("[ ] a", "[x] a"))
    history = History(None, repository.root)
    history.record_snapshot(lambda: vault.refresh(), NOON)
    repository.write("Plan.md", PLAN.replace("[ ] a", "[x] a").replace("[ ] b", "[x] b"))
    assert words(authors_in(vault, seen, history)) == {"a": "git Mira", "b": "outside"}


class Commands(Recording):
    """A vault in which commands of this machine change tasks; a screen has seen it before."""

    def __init__(self, folder: Path, text: str = OPEN) -> None:
        super().__init__(folder, text)
        self.state = folder / "state"

    def run(self, builder: str, text: str, *arguments: object) -> None:
        """Have a command change the task `text`."""
        note = self.vault.refresh().notes["Plan.md"]
        task = next(task for task in note.note.tasks if task.text == text)
        actions = TaskActions.of(self.vault, date(2026, 3, 14))
        result = commit(self.vault, actions.build(builder, note, [task], *arguments))
        save_own_lines(self.state, [self.vault.root], result.parts, NOON + timedelta(minutes=self.minutes))

    def write_outside(self, text: str) -> dict[str, str]:
        self.note.write_text(text)
        return self.words


def test_a_command_that_ticks_has_ticked_it(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    commands.run("status", "a", "x")
    assert commands.words == {"a": "here"}


def test_who_puts_back_the_old_line_of_a_command_is_not_named(tmp_path: Path) -> None:
    """A command has replaced that line; it has not written it."""
    commands = Commands(tmp_path, DONE)
    commands.run("status", "a", " ")
    assert commands.words == {"a": "here"}
    commands.seen.mark({one.id for one in commands.seen.changes(str.isalpha)}, str.isalpha)
    assert commands.write_outside(DONE) == {"a": "outside"}


def test_who_writes_the_line_of_a_command_again_is_not_named(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    commands.run("status", "a", "x")
    assert commands.words == {"a": "here"}
    assert commands.write_outside(OPEN) == {}
    assert commands.write_outside(DONE) == {"a": "outside"}


def test_what_was_seen_of_a_command_says_nothing_of_later_changes(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    commands.run("status", "a", "x")
    assert commands.words == {"a": "here"}
    is_done = is_done_in(commands.vault.snapshot)
    commands.seen.mark({one.id for one in commands.seen.changes(is_done)}, is_done)
    assert commands.write_outside("- [ ] b\n- [x] a\n") == {"a": "outside"} or commands.words == {
        "b": "outside"
    }


def test_who_deletes_what_a_command_has_reworded_is_not_named(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    commands.run("text", "a", "A")
    assert commands.write_outside("- [ ] b\n") == {"a": "outside"}


def test_a_command_that_deletes_has_deleted_it_until_it_is_back(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    commands.run("delete", "a")
    assert commands.words == {"a": "here"}
    assert commands.write_outside(OPEN) == {}
    assert commands.write_outside("- [ ] b\n") == {"a": "outside"}


def test_of_equal_lines_it_is_not_known_which_one_a_command_wrote(tmp_path: Path) -> None:
    commands = Commands(tmp_path, "# 1\n- [ ] a\n# 2\n- [ ] a\n")
    commands.run("status", "a", "x")
    assert {*commands.write_outside("# 1\n- [x] a\n# 2\n- [x] a\n").values()} == {"outside"}
