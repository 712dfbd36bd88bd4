"""One action on tasks of several notes: each is changed in its own note, and all are undone as one."""

from __future__ import annotations

from datetime import date

import pytest

from roadtui.core.edits.edit import Transaction
from roadtui.core.note import Task
from roadtui.session.action_builders.context import ActionContext
from roadtui.session.actions import TaskActions, TaskActionsAcrossNotes
from roadtui.vault.commit import commit
from roadtui.vault.vault import Vault
from tests.vault.conftest import Files

TODAY = date(2026, 3, 14)
NOTES = {"A.md": "- [ ] a1\n- [x] a2\n", "B.md": "- [ ] b1\n- [/] b2\n", "C.md": "- [x] c1\n"}


class Case:
    """A vault of three notes, and tasks of them that are shown together."""

    def __init__(self, files: Files) -> None:
        for path, text in NOTES.items():
            files.write(path, text)
        self.files = files
        self.vault: Vault = files.loaded()
        notes = self.vault.snapshot.notes
        self.tasks = {task.text: task for note in notes.values() for task in note.note.tasks}
        self.notes = {task: note for note in notes.values() for task in note.note.tasks}
        context = ActionContext(self.vault.snapshot, TODAY, self.vault.dates, self.vault.lines)
        self.actions = TaskActionsAcrossNotes(TaskActions(context), self.notes)

    def chosen(self, names: str) -> list[Task]:
        return [self.tasks[name] for name in names.split()]

    def build(self, id: str, names: str, *arguments: object) -> Transaction:
        return self.actions.build(id, None, self.chosen(names), *arguments)

    def marks(self) -> str:
        """The status symbols of all tasks, in order of notes."""
        texts = [(self.files.root / path).read_text() for path in NOTES]
        return "".join(line[3] for text in texts for line in text.splitlines())


@pytest.fixture
def case(files: Files) -> Case:
    return Case(files)


@pytest.mark.parametrize(
    ("id", "names", "arguments", "marks", "title"),
    [
        ("done", "a1", (), "xx /x", "“a1”"),
        ("done", "a1 a2", (), "xx /x", "2 tasks"),
        ("done", "a1 b1", (), "xxx/x", "2 tasks"),
        ("done", "b2 a1 b1", (), "xxxxx", "3 tasks"),
        ("todo", "a2 c1 b2", (), "     ", "3 tasks"),
        ("cancel", "c1 a1", (), "-x /-", "2 tasks"),
        ("status", "b1 c1 a1", ("/",), "/x///", "3 tasks"),
        ("toggle", "a1 a2 c1", (), "x  / ", "3 tasks"),
    ],
)
def test_each_task_is_changed_in_its_note_and_all_are_undone_as_one(
    case: Case, id: str, names: str, arguments: tuple[str, ...], marks: str, title: str
) -> None:
    built = case.build(id, names, *arguments)
    assert built.title.endswith(title)
    result = commit(case.vault, built)
    assert case.marks() == marks
    commit(case.vault, Transaction("undo", tuple(edit for edit, _ in result.inverses)))
    assert case.marks() == " x /x"


@pytest.mark.parametrize(
    ("names", "marks"),
    [
        ("a1 b1", "xxx/x"),
        ("a1 b1 c1", "xxx/x"),
        ("a2 c1", "  " + " / "),
        ("a2 b1", " xx/x"),
        ("b1 a2", " xx/x"),
    ],
)
def test_while_one_is_open_a_tick_leaves_those_that_are_done(case: Case, names: str, marks: str) -> None:
    commit(case.vault, case.build("tick", names))
    assert case.marks() == marks


def test_what_was_seen_goes_to_the_task_that_it_was_seen_of(case: Case) -> None:
    """A tick under way is shown before it is written: what is done next follows from what is shown."""
    built = case.build("cycle", "a1 b1 a2", ["/", " ", "x"])
    (a, b) = built.edits
    assert (a.path, b.path) == ("A.md", "B.md")
    commit(case.vault, case.build("toggle", "a1 b1"))
    assert case.marks() == "xxx/x"


def test_fields_go_to_all(case: Case) -> None:
    commit(case.vault, case.build("tag", "a1 b1 c1", ["#new"]))
    texts = [(case.files.root / path).read_text() for path in NOTES]
    assert [text.count("#new") for text in texts] == [1, 1, 1]
