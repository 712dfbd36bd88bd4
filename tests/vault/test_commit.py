"""A step of two notes when the disk refuses one of them: nothing of it stays, or it is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.edits.edit import Transaction
from roadtui.core.tasks.fields import read_fields
from roadtui.session.action_builders.context import Location
from roadtui.session.actions import TaskActions
from roadtui.vault.commit import PartialCommitError, commit
from roadtui.vault.errors import NoteBusyError, WriteFailedError
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter, Transform, WriteResult
from tests.vault.conftest import Files

PLAN, OTHER = "- [ ] a\n  - [ ] b\n- [ ] c\n", "- [ ] d\n"


class Refusing(NoteWriter):
    """Writes notes until the disk begins to refuse them."""

    def __init__(self, state: Path) -> None:
        super().__init__(state)
        self.refused: dict[str, WriteFailedError] = {}
        """By file name."""
        self.after: str = ""
        """Refuse only once this file was written; empty for at once."""
        self.written: list[str] = []

    def write(self, path: Path, transform: Transform) -> WriteResult:
        if path.name in self.refused and (not self.after or self.after in self.written):
            raise self.refused[path.name]
        self.written.append(path.name)
        return super().write(path, transform)


class Disk:
    """A vault of two notes on a disk that can be told what to refuse."""

    def __init__(self, files: Files) -> None:
        files.write("Plan.md", PLAN)
        files.write("Other.md", OTHER)
        self.root = files.root
        self.writer = Refusing(files.state)
        self.vault = Vault(files.root, Config(), lambda: self.writer)
        self.vault.refresh()

    def refuse(self, name: str, kind: type[WriteFailedError] = WriteFailedError) -> None:
        self.writer.refused[name] = kind(self.root / name, f"{name} was not changed: the disk is worn out.")

    def move(self, *texts: str) -> Transaction:
        """The step that takes tasks of Plan.md to the end of Other.md."""
        notes = self.vault.snapshot.notes
        plan = notes["Plan.md"]
        tasks = [task for task in plan.note.tasks if task.text in texts]
        return TaskActions.of(self.vault, date(2026, 3, 14)).build(
            "move_to", plan, tasks, Location(notes["Other.md"], None)
        )

    def texts(self) -> tuple[str, str]:
        return (self.root / "Plan.md").read_text(), (self.root / "Other.md").read_text()


@pytest.fixture
def disk(files: Files) -> Disk:
    return Disk(files)


def test_a_step_whose_first_edit_fails_changes_nothing(disk: Disk) -> None:
    disk.refuse("Other.md")
    with pytest.raises(WriteFailedError, match="the disk is worn out"):
        commit(disk.vault, disk.move("a"))
    assert disk.texts() == (PLAN, OTHER)


@pytest.mark.parametrize("kind", [WriteFailedError, NoteBusyError])
def test_a_step_whose_second_edit_fails_is_taken_back(disk: Disk, kind: type[WriteFailedError]) -> None:
    disk.refuse("Plan.md", kind)
    with pytest.raises(kind, match="the disk is worn out"):
        commit(disk.vault, disk.move("a"))
    assert disk.texts() == (PLAN, OTHER)
    assert [task.text for task in disk.vault.snapshot.notes["Other.md"].note.tasks] == ["d"]


def test_a_step_that_can_neither_be_finished_nor_taken_back_says_what_stays(disk: Disk) -> None:
    """The task is then in both notes, never in none; and no sentence says that nothing was changed."""
    disk.refuse("Plan.md")
    disk.refuse("Other.md")
    disk.writer.after = "Other.md"
    with pytest.raises(PartialCommitError) as told:
        commit(disk.vault, disk.move("a"))
    assert str(told.value) == (
        "Only part of it was done, in Other.md: Plan.md was not changed: the disk is worn out. "
        "That part could not be undone: Other.md was not changed: the disk is worn out."
    )
    assert disk.texts() == (PLAN, "- [ ] d\n- [ ] a\n  - [ ] b\n")


def test_an_edit_that_had_nothing_to_do_is_not_taken_back(disk: Disk) -> None:
    vault = disk.vault
    edits, notes = TaskActions.of(vault, date(2026, 3, 14)), vault.snapshot.notes
    task = next(notes["Other.md"].note.tasks)
    (nothing,) = edits.build("status", notes["Other.md"], [task], " ").edits
    move = disk.move("c")
    disk.refuse("Plan.md")
    with pytest.raises(WriteFailedError):
        commit(vault, Transaction("both", (nothing, *move.edits)))
    assert disk.texts() == (PLAN, OTHER)


def test_edits_of_one_task_are_taken_back_the_last_first(disk: Disk) -> None:
    vault = disk.vault
    edits, notes = TaskActions.of(vault, date(2026, 3, 14)), vault.snapshot.notes
    task = next(notes["Other.md"].note.tasks)
    (tick,) = edits.build("status", notes["Other.md"], [task], "x").edits
    (drop,) = edits.build("status", notes["Other.md"], [task], "-", ["x"]).edits
    move = disk.move("c").edits[-1]
    disk.refuse("Plan.md")
    with pytest.raises(WriteFailedError):
        commit(vault, Transaction("three", (tick, drop, move)))
    assert disk.texts() == (PLAN, OTHER)


def test_what_takes_a_step_back_is_in_the_order_in_which_it_can_be_made(disk: Disk) -> None:
    """First back into the one note, then out of the other: a task is in two notes rather than in none."""
    done = commit(disk.vault, disk.move("a"))
    assert disk.texts() == ("- [ ] c\n", "- [ ] d\n- [ ] a\n  - [ ] b\n")
    assert (done.path, done.snapshot is disk.vault.snapshot) == ("Plan.md", True)
    assert [edit.path for edit, _ in done.inverses] == ["Plan.md", "Other.md"]
    disk.refuse("Other.md")
    with pytest.raises(WriteFailedError):
        commit(disk.vault, Transaction("undo", tuple(edit for edit, _ in done.inverses)))
    assert disk.texts() == ("- [ ] c\n", "- [ ] d\n- [ ] a\n  - [ ] b\n")
    disk.writer.refused.clear()
    commit(disk.vault, Transaction("undo", tuple(edit for edit, _ in done.inverses)))
    assert disk.texts() == (PLAN, OTHER)


def test_an_id_that_some_task_has_is_not_given_to_another(files: Files) -> None:
    """Ids are made from what the task says: the same task gets another one where that is taken."""
    files.write("Plan.md", PLAN)
    vault = files.loaded()

    def tied() -> str:
        note = vault.refresh().notes["Plan.md"]
        first, *_, last = note.note.tasks
        step = TaskActions.of(vault, date(2026, 3, 14)).build("wait_for", note, [last], Location(note, first))
        commit(vault, step)
        (name,) = read_fields(list(vault.snapshot.notes["Plan.md"].note.tasks)[-1].text).depends_on
        return name

    taken = tied()
    files.write("Plan.md", PLAN)
    files.write("Other.md", f"- [ ] d 🆔 {taken}\n")
    assert tied() != taken
