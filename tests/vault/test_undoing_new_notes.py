"""Undoing what made a note takes it away again, as long as it is what was made; redoing brings it back."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RoadtuiError
from roadtui.session.action_builders.text import add_to_note, create_note
from roadtui.session.actions import TaskActions
from roadtui.vault.commit import TransactionResult, commit
from roadtui.vault.file_system import FileSystem, Lease
from roadtui.vault.undo_log import UndoDirection, UndoLog
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.test_writing_faults import FaultySystem

PATH = "area/deep/New.md"


class User:
    """Adds tasks in one vault, and takes them back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "vault"
        self.root.mkdir()
        (self.root / "Plan.md").write_text("- [ ] a\n")
        self.system = FileSystem()
        self.log = UndoLog(folder, self.root)
        self.restart()

    def restart(self) -> None:
        self.log.close()
        self.log = UndoLog(self.folder, self.root)
        self.vault = Vault(self.root, Config(), lambda: NoteWriter(self.folder, system=self.system))
        self.vault.refresh()

    def add(self, text: str, path: str = PATH, heading: str | None = None) -> None:
        step = add_to_note(TaskActions.of(self.vault, date(2026, 3, 14)).context, path, heading, [text])
        self.log.record(step.title, commit(self.vault, step).inverses)

    def undo(self, stack: UndoDirection = UndoDirection.UNDO) -> TransactionResult:
        step: Transaction | None = self.log.pop(stack)
        assert step is not None
        self.vault.refresh([edit.path for edit in step.edits])
        done = commit(self.vault, step)
        self.log.record(step.title, done.inverses, stack)
        return done

    @property
    def names(self) -> list[str]:
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*"))


@pytest.fixture
def user(tmp_path: Path) -> User:
    return User(tmp_path)


@pytest.mark.parametrize("path", ["New.md", PATH])
@pytest.mark.parametrize("heading", [None, "Later"])
@pytest.mark.parametrize("restarts", [False, True])
def test_the_note_goes_with_its_folders_and_comes_back(
    user: User, path: str, heading: str | None, restarts: bool
) -> None:
    user.add("b", path, heading)
    made = (user.root / path).read_bytes()
    for _ in range(2):
        if restarts:
            user.restart()
        done = user.undo()
        assert user.names == ["Plan.md"]
        assert set(done.snapshot.notes) == {"Plan.md"}
        if restarts:
            user.restart()
        user.undo(UndoDirection.REDO)
        assert (user.root / path).read_bytes() == made
        assert path in user.vault.snapshot.notes


def test_it_goes_when_all_that_was_added_later_is_undone_too(user: User) -> None:
    user.add("b")
    user.add("c")
    user.undo()
    assert (user.root / PATH).read_text() == "- [ ] b\n"
    user.undo()
    assert user.names == ["Plan.md"]
    user.undo(UndoDirection.REDO)
    user.undo(UndoDirection.REDO)
    assert (user.root / PATH).read_text() == "- [ ] b\n- [ ] c\n"


def test_a_task_can_be_added_right_after(user: User) -> None:
    user.add("b")
    user.undo()
    user.add("c")
    assert (user.root / PATH).read_text() == "- [ ] c\n"
    user.undo()
    assert user.names == ["Plan.md"]


def test_nothing_is_deleted_behind_a_link_out_of_the_vault(user: User) -> None:
    user.add("b")
    elsewhere = user.folder / "elsewhere"
    (user.root / PATH).parent.rename(elsewhere)
    (user.root / PATH).parent.symlink_to(elsewhere)
    user.undo()
    assert (elsewhere / "New.md").read_text() == ""


def write(text: str) -> Callable[[Path], object]:
    return lambda note: note.write_text(text)


@pytest.mark.parametrize(
    ("act", "left"),
    [
        (write("# Mine\n- [ ] b\n"), "# Mine\n"),
        (write("- [ ] b\n- [ ] mine\n"), "- [ ] mine\n"),
        (write("- [ ] b\n\n"), "\n"),
        (write("* [ ] b\n"), ""),
        (lambda note: (note.parent / "theirs.txt").touch(), None),
    ],
    ids=["heading", "task", "blank line", "another form", "file beside it"],
)
def test_what_anybody_else_has_written_stays(
    user: User, act: Callable[[Path], object], left: str | None
) -> None:
    user.add("b")
    act(user.root / PATH)
    user.undo()
    note = user.root / PATH
    assert (note.read_text() if note.exists() else None) == left
    assert note.parent.is_dir()


def test_an_empty_note_that_was_there_before_stays(user: User) -> None:
    (user.root / "Empty.md").touch()
    user.add("b", "Empty.md")
    user.undo()
    assert user.names == ["Empty.md", "Plan.md"]
    assert (user.root / "Empty.md").read_bytes() == b""


def test_folders_that_were_there_before_stay(user: User) -> None:
    (user.root / "area").mkdir()
    user.add("b")
    user.undo()
    assert user.names == ["Plan.md", "area"]


class OpenElsewhere(FileSystem):
    """Another program has every empty note open."""

    def lease(self, fd: int, kind: Lease) -> bool:
        return (kind is not Lease.WRITE or self.fstat(fd).st_size > 0) and super().lease(fd, kind)


@pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")
def test_what_another_program_may_be_about_to_write_stays(user: User) -> None:
    user.add("b")
    user.system = OpenElsewhere()
    user.restart()
    user.undo()
    assert (user.root / PATH).read_bytes() == b""
    assert PATH in user.vault.snapshot.notes
    user.undo(UndoDirection.REDO)
    assert (user.root / PATH).read_text() == "- [ ] b\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")
@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES])
def test_a_failure_at_any_call_leaves_the_task_or_nothing_of_it(tmp_path: Path, number: int) -> None:
    at = 0
    while True:
        (tmp_path / str(at)).mkdir()
        user = User(tmp_path / str(at))
        user.add("b")
        user.system = system = FaultySystem(at, number)
        user.restart()
        note = user.root / PATH
        try:
            user.undo()
        except RoadtuiError:
            assert note.read_text() == "- [ ] b\n", (at, system.calls[at])
        else:
            assert not note.exists() or note.read_bytes() == b"", (at, system.calls[at])
            if at >= len(system.calls):
                assert at > 10, "every call had its turn"
                return
        at += 1


def test_a_step_of_which_another_part_is_refused_leaves_no_note(user: User) -> None:
    edits = TaskActions.of(user.vault, date(2026, 3, 14))
    [task] = user.vault.snapshot.notes["Plan.md"].note.tasks
    tick = edits.build("tick", user.vault.snapshot.notes["Plan.md"], [task])
    (user.root / "Plan.md").write_text("- [ ] another\n")
    with pytest.raises(RoadtuiError):
        commit(
            user.vault,
            Transaction("both", (*add_to_note(edits.context, PATH, None, ["b"]).edits, *tick.edits)),
        )
    assert user.names == ["Plan.md"]


def test_a_list_of_an_earlier_version_can_still_be_undone(user: User) -> None:
    user.add("b")
    user.log.close()
    with sqlite3.connect(user.folder / "undo.sqlite") as connection:
        connection.execute("ALTER TABLE edit DROP COLUMN files")
    connection.close()
    user.undo()
    assert (user.root / PATH).read_bytes() == b""
    user.add("c", "Other.md")
    user.undo()
    assert "Other.md" not in user.names


def test_an_empty_note_is_taken_back_and_made_again(tmp_path: Path) -> None:
    user = User(tmp_path)
    step = create_note(PATH)
    user.log.record(step.title, commit(user.vault, step).inverses)
    assert (user.root / PATH).read_bytes() == b""
    assert PATH in user.vault.snapshot.notes
    user.restart()
    user.undo()
    assert user.names == ["Plan.md"]
    assert PATH not in user.vault.snapshot.notes
    user.undo(UndoDirection.REDO)
    assert (user.root / PATH).read_bytes() == b""
    user.undo()
    assert user.names == ["Plan.md"]


def test_a_note_that_was_made_empty_and_written_since_stays(tmp_path: Path) -> None:
    user = User(tmp_path)
    step = create_note(PATH)
    user.log.record(step.title, commit(user.vault, step).inverses)
    (user.root / PATH).write_text("mine\n")
    with pytest.raises(RoadtuiError, match="changed since"):
        user.undo()
    assert (user.root / PATH).read_text() == "mine\n"


def test_making_a_note_that_is_there_by_now_changes_nothing(tmp_path: Path) -> None:
    user = User(tmp_path)
    assert commit(user.vault, create_note("Plan.md")).inverses == []
    assert (user.root / "Plan.md").read_text() == "- [ ] a\n"
