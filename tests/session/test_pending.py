"""Which tasks the writes that are on their way will close."""

from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.session.tracking.pending import PendingStatuses
from roadtui.vault.note_content import CountSettings, ParsedNote, ParsedNotes
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


@pytest.mark.parametrize(("symbol", "closes"), [("x", True), ("-", True), ("/", False), (" ", False)])
def test_a_task_that_stays_open_is_not_about_to_close(tmp_path: Path, symbol: str, closes: bool) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "Plan.md").write_text("- [ ] one\n")
    now = Vault(root, Config(), lambda: NoteWriter(tmp_path / "state")).refresh()
    note = now.notes["Plan.md"]
    (task,) = note.note.tasks
    pending = PendingStatuses()
    pending.add("a write", note, [(task, symbol)], now)
    assert [one.task is task for one in pending.about_to_close(now)] == [True] * closes


def test_a_pending_tick_reads_no_other_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    for name in "ABCDE":
        (root / f"{name}.md").write_text("- [ ] one\n- [ ] two\n")
    vault = Vault(root, Config(), lambda: NoteWriter(tmp_path / "state"), most_items_kept=0)
    note = vault.refresh().notes["A.md"]
    note.content.pin()
    (root / "A.md").write_text("- [ ] zero\n- [ ] one\n- [ ] two\n")
    now = vault.refresh()
    read: list[str] = []
    read_parse = ParsedNotes.read

    def record(notes: ParsedNotes, path: str, settings: CountSettings) -> ParsedNote:
        read.append(path)
        return read_parse(notes, path, settings)

    monkeypatch.setattr(ParsedNotes, "read", record)
    pending = PendingStatuses()
    pending.add("a write", note, [(next(note.note.tasks), "x")], now)
    (found,) = pending.about_to_close(now)
    assert (found.task.text, found.task.line) == ("one", 1)
    assert set(read) <= {"A.md"}


class Case:
    """A note of three tasks, of which some are about to be changed."""

    def __init__(self, folder: Path) -> None:
        self.note = folder / "vault" / "Plan.md"
        self.note.parent.mkdir()
        self.note.write_text("- [ ] a\n- [ ] b\n- [x] c\n")
        self.vault = Vault(self.note.parent, Config(), lambda: NoteWriter(folder / "state"))
        self.vault.refresh()
        self.pending = PendingStatuses()

    def add(self, key: object, **symbols: str) -> None:
        now = self.vault.snapshot
        tasks = {task.text: task for task in now.notes["Plan.md"].note.tasks}
        pairs = [(tasks[text], symbol) for text, symbol in symbols.items()]
        self.pending.add(key, now.notes["Plan.md"], pairs, now)

    def write(self, text: str) -> None:
        before = self.vault.snapshot
        self.note.write_text(text)
        self.pending.follow(before.notes, self.vault.refresh())

    def shown(self) -> str:
        tasks = self.vault.snapshot.notes["Plan.md"].note.tasks
        return " ".join(f"{task.text}{self.pending.symbol_of(task)}" for task in tasks)

    def closing(self) -> str:
        return " ".join(one.task.text for one in self.pending.about_to_close(self.vault.snapshot))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_the_last_write_of_a_task_is_what_it_will_be(case: Case) -> None:
    case.add("one", a="x", b="/")
    case.add("two", a="-", c=" ")
    assert case.shown() == "a- b/ c "
    assert case.closing() == "a a"
    assert case.pending.clear("two")
    assert case.shown() == "ax b/ cx"
    assert not case.pending.clear("two")
    assert case.pending.clear("one")
    assert case.shown() == "a  b  cx"
    assert case.closing() == ""


def test_pending_tasks_are_followed_and_those_that_are_gone_dropped(case: Case) -> None:
    case.add("one", a="x", b="x")
    case.write("# New\n- [ ] b\n- [ ] d\n- [x] c\n")
    assert case.shown() == "bx d  cx"
    assert case.closing() == "b"
    case.write("- [ ] other words\n")
    case.write("- [ ] b\n")
    assert case.shown() == "b "
    assert not case.pending.clear("one")
