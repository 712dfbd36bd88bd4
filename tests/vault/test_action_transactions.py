"""From what is on the screen to a step, and from a step to the disk: all of it, or none; undone as one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from roadtui.core.edits.edit import Transaction
from roadtui.core.errors import RefusedError
from roadtui.core.note import ListItem, Section, Task
from roadtui.core.stats.progress import RollUp
from roadtui.core.tasks.field_specs import Priority
from roadtui.core.tasks.status import StatusType
from roadtui.session.action_builders.context import ActionContext, Location
from roadtui.session.action_builders.text import add_to_note
from roadtui.session.actions import TaskActions
from roadtui.vault.commit import TransactionResult, commit
from roadtui.vault.snapshot import VaultNote
from roadtui.vault.vault import Vault
from tests.vault.conftest import Files

TODAY = date(2026, 3, 14)


class Case:
    """Takes steps in one vault."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.vault: Vault = files.loaded()
        self.done: list[TransactionResult] = []

    def edits(self, roll_up: RollUp = RollUp.NEVER) -> TaskActions:
        return TaskActions(
            ActionContext(self.vault.snapshot, TODAY, self.vault.dates, self.vault.lines, roll_up)
        )

    def note(self, path: str = "A.md") -> VaultNote:
        return self.vault.snapshot.notes[path]

    def task(self, text: str, path: str = "A.md") -> Task:
        return next(task for task in self.note(path).note.tasks if task.text.startswith(text))

    def take(self, step: Transaction) -> None:
        self.done.append(commit(self.vault, step))

    def undo_all(self) -> None:
        for done in reversed(self.done):
            commit(self.vault, Transaction("undo", tuple(edit for edit, _ in done.inverses)))

    def text(self, path: str = "A.md") -> str:
        return (self.files.root / path).read_bytes().decode()


@pytest.fixture
def case(files: Files) -> Case:
    files.write(
        "A.md", "# One\r\n- [ ] a\r\n  - [x] b\r\n  - [ ] c\r\n- [x] d 📅 2026-04-01 #tag\r\n# Two\r\n"
    )
    files.write("B.md", "- [ ] e\n\t- [ ] f\n")
    return Case(files)


def test_several_that_differ_are_all_done_first_and_all_undone_then(case: Case) -> None:
    before = case.text()
    for _ in range(2):
        tasks = [case.task("b"), case.task("c"), case.task("d")]
        step = case.edits().build("tick", case.note(), tasks)
        assert step.title.endswith("3 tasks")
        case.take(step)
    assert case.text() == before.replace("[x]", "[ ]")
    case.undo_all()
    assert case.text() == before


def test_a_task_with_all_below(case: Case) -> None:
    before = case.text()
    case.take(case.edits().build("toggle_all", case.note(), [case.task("a")]))
    assert case.text() == before.replace("[ ]", "[x]")
    case.undo_all()
    assert case.text() == before


@pytest.mark.parametrize(
    ("roll_up", "ticked", "opened"),
    [(RollUp.NEVER, " ", " "), (RollUp.COMPLETE, "x", "x"), (RollUp.BOTH, "x", " ")],
)
def test_roll_up_is_written_as_configured_and_undone_with_its_tick(
    case: Case, roll_up: RollUp, ticked: str, opened: str
) -> None:
    before = case.text()
    case.take(case.edits(roll_up).build("tick", case.note(), [case.task("c")]))
    assert (case.task("a").status_symbol, case.task("c").status_symbol) == (ticked, "x")
    case.take(case.edits(roll_up).build("tick", case.note(), [case.task("c")]))
    assert (case.task("a").status_symbol, case.task("c").status_symbol) == (opened, " ")
    case.undo_all()
    assert case.text() == before


def test_fields_and_tags_of_several_as_one_step(case: Case) -> None:
    before = case.text()
    tasks = [case.task("a"), case.task("d")]
    case.take(case.edits().build("due", case.note(), tasks, date(2026, 5, 1)))
    case.take(case.edits().build("priority", case.note(), [case.task("a"), case.task("d")], Priority.HIGH))
    case.take(case.edits().build("tag", case.note(), [case.task("a"), case.task("d")], ["new"], ["#tag"]))
    case.take(case.edits().build("repeat", case.note(), [case.task("a")], "every week"))
    assert "- [ ] a #new ⏫ 🔁 every week 📅 2026-05-01\r\n" in case.text()
    assert (
        "- [x] d ⏫ 📅 2026-05-01 #new\r\n" in case.text()
        or "- [x] d #new ⏫ 📅 2026-05-01\r\n" in case.text()
    )
    case.take(case.edits().build("due", case.note(), [case.task("a")], None))
    case.take(case.edits().build("priority", case.note(), [case.task("a")], None))
    assert "- [ ] a #new 🔁 every week\r\n" in case.text()
    case.undo_all()
    assert case.text() == before


@pytest.mark.parametrize("tag", ["", "#", "2026", "a b", "a#b", "a\x1b", "bar;", "[x]"])
def test_what_is_no_tag_is_refused(case: Case, tag: str) -> None:
    with pytest.raises(RefusedError, match="can't be a tag"):
        case.edits().build("tag", case.note(), [case.task("a")], [tag])


def test_a_tag_that_is_there_in_another_case_changes_nothing_and_is_taken_away(case: Case) -> None:
    before = case.text()
    case.take(case.edits().build("tag", case.note(), [case.task("d")], ["TAG"]))
    assert case.text() == before
    case.take(case.edits().build("tag", case.note(), [case.task("d")], (), ["Tag"]))
    assert case.text() == before.replace(" #tag", "")


def test_a_rule_that_nobody_can_read_is_refused(case: Case) -> None:
    with pytest.raises(RefusedError, match="not a rule"):
        case.edits().build("repeat", case.note(), [case.task("a")], "whenever")


def test_waiting_for_a_task_of_another_note_names_it_once(case: Case) -> None:
    texts = case.text(), case.text("B.md")
    case.take(
        case.edits().build(
            "wait_for", case.note(), [case.task("a")], Location(case.note("B.md"), case.task("e", "B.md"))
        )
    )
    name = case.text("B.md").partition("🆔 ")[2][:6]
    assert f"- [ ] a ⛔ {name}\r\n" in case.text()
    case.take(
        case.edits().build(
            "wait_for", case.note(), [case.task("c")], Location(case.note("B.md"), case.task("e", "B.md"))
        )
    )
    case.take(
        case.edits().build("wait_for", case.note(), [case.task("c")], Location(case.note(), case.task("d")))
    )
    assert case.text("B.md").count("🆔") == 1
    assert f"- [ ] c ⛔ {name}," in case.text()
    case.undo_all()
    assert (case.text(), case.text("B.md")) == texts


@pytest.mark.parametrize(
    ("line", "named", "waits"),
    [
        ("- [ ] e 🆔 abc and more words", "- [ ] e and more words 🆔 abc", "abc"),
        ("- [ ] e 🆔 abc `x` 📅 2026-04-01", "- [ ] e `x` 🆔 abc 📅 2026-04-01", "abc"),
        ("- [ ] e [id:: abc]", "- [ ] e 🆔 abc", "abc"),
        ("- [ ] e 🆔 abc 📅 2026-04-01 #tag ^b", "- [ ] e 🆔 abc 📅 2026-04-01 #tag ^b", "abc"),
        ("- [ ] e 🆔 old words 🆔 abc", "- [ ] e 🆔 old words 🆔 abc", "abc"),
    ],
)
def test_what_is_waited_for_has_an_id_that_the_plugin_reads(
    files: Files, line: str, named: str, waits: str
) -> None:
    files.write("A.md", f"{line}\n- [ ] b ⛔ x first\n")
    case = Case(files)
    before = case.text()
    case.take(
        case.edits().build("wait_for", case.note(), [case.task("b")], Location(case.note(), case.task("e")))
    )
    assert case.text() == f"{named}\n- [ ] b first ⛔ x,{waits}\n"
    case.undo_all()
    assert case.text() == before


@pytest.mark.parametrize("text", ["🆔 abc.1", "`🆔 abc`", "🆔 taken then words"])
def test_what_is_no_id_or_that_of_another_task_is_not_waited_for(files: Files, text: str) -> None:
    files.write("A.md", f"- [ ] e {text}\n- [ ] b\n- [ ] c 🆔 taken\n")
    case = Case(files)
    case.take(
        case.edits().build("wait_for", case.note(), [case.task("b")], Location(case.note(), case.task("e")))
    )
    name = case.task("b").text.removeprefix("b ⛔ ")
    assert re.fullmatch("[0-9a-f]{6}", name)
    assert case.task("e").text.endswith(f" 🆔 {name}")
    assert text.startswith("🆔 taken") or text in case.task("e").text


def test_nothing_waits_for_a_task_that_the_plugin_does_not_see(files: Files) -> None:
    files.write(".obsidian/community-plugins.json", '["obsidian-tasks-plugin"]')
    files.write(".obsidian/plugins/obsidian-tasks-plugin/data.json", '{"globalFilter": "#task"}')
    files.write("A.md", "- [ ] e\n- [ ] b #task\n")
    case = Case(files)
    with pytest.raises(RefusedError, match="it lacks #task"):
        case.edits().build("wait_for", case.note(), [case.task("b")], Location(case.note(), case.task("e")))
    case.take(
        case.edits().build("wait_for", case.note(), [case.task("e")], Location(case.note(), case.task("b")))
    )
    assert "🆔" in case.task("b").text


def test_a_rule_that_the_plugin_has_no_characters_for_is_replaced_whole_and_not_written(files: Files) -> None:
    files.write("A.md", "- [ ] e 🔁 every day until 2026-12-31\n")
    case = Case(files)
    step = case.edits().build("repeat", case.note(), [case.task("e")], "every week until 2026-12-31")
    with pytest.raises(RefusedError, match="can't be written"):
        case.take(step)
    case.take(case.edits().build("repeat", case.note(), [case.task("e")], "every week"))
    assert case.text() == "- [ ] e 🔁 every week\n"
    case.undo_all()
    case.take(case.edits().build("repeat", case.note(), [case.task("e")], None))
    assert case.text() == "- [ ] e\n"


CANCELLED_IS_C = """{"statusSettings": {
    "coreStatuses": [{"symbol": "o", "name": "Open", "nextStatusSymbol": "d", "type": "TODO"}],
    "customStatuses": [
        {"symbol": "d", "name": "Done", "nextStatusSymbol": "o", "type": "DONE"},
        {"symbol": "x", "name": "Moved", "nextStatusSymbol": "o", "type": "NON_TASK"},
        {"symbol": "c", "name": "Dropped", "nextStatusSymbol": "o", "type": "CANCELLED"},
        {"symbol": "/", "name": "Half", "nextStatusSymbol": "d", "type": "ON_HOLD"}
    ]
}}"""


def test_a_status_is_one_of_the_vaults_own(files: Files) -> None:
    files.write(".obsidian/community-plugins.json", '["obsidian-tasks-plugin"]')
    files.write(".obsidian/plugins/obsidian-tasks-plugin/data.json", CANCELLED_IS_C)
    files.write("A.md", "- [ ] e\n")
    statuses = Case(files).vault.snapshot.statuses
    assert statuses.needed_symbol(StatusType.CANCELLED) == "c"
    assert statuses.needed_symbol(StatusType.DONE) == "d"
    assert statuses.needed_symbol(StatusType.TODO) == " "
    with pytest.raises(RefusedError, match="no status for tasks in progress"):
        statuses.needed_symbol(StatusType.IN_PROGRESS)


def test_taking_a_subtree_to_another_note_and_back(case: Case) -> None:
    texts = case.text(), case.text("B.md")
    below = case.note("B.md").note.items[1]
    case.take(
        case.edits().build("move_to", case.note(), [case.task("a")], Location(case.note("B.md"), below))
    )
    assert case.text("B.md") == "- [ ] e\n\t- [ ] f\n\t\t- [ ] a\n\t\t  - [x] b\n\t\t  - [ ] c\n"
    assert "- [ ] a" not in case.text()
    case.undo_all()
    assert (case.text(), case.text("B.md")) == texts


def test_the_byte_order_mark_of_a_file_stays_where_it_is(case: Case) -> None:
    mark = "\ufeff"
    case.files.write("A.md", f"{mark}- [ ] a\n- [ ] b\n")
    case.files.write("B.md", f"{mark}- [ ] e\n")
    case.vault.refresh()
    a = case.task("a")
    assert case.edits().copied_text(case.note(), [a]) == "- [ ] a\n"
    case.take(case.edits().build("move_to", case.note(), [a], Location(case.note("B.md"), None)))
    assert (case.text(), case.text("B.md")) == (f"{mark}- [ ] b\n", f"{mark}- [ ] e\n- [ ] a\n")
    case.undo_all()
    assert (case.text(), case.text("B.md")) == (f"{mark}- [ ] a\n- [ ] b\n", f"{mark}- [ ] e\n")


def test_half_a_step_is_taken_back(case: Case) -> None:
    """The other note has got the task; then it turns out that it can't be taken out of its own."""
    texts = case.text(), case.text("B.md")
    step = case.edits().build("move_to", case.note(), [case.task("c")], Location(case.note("B.md"), None))
    case.files.write("A.md", texts[0].replace("- [ ] c", "- [ ] changed"))
    with pytest.raises(RefusedError, match="no longer in this note"):
        commit(case.vault, step)
    assert case.text("B.md") == texts[1]
    assert case.text() == texts[0].replace("- [ ] c", "- [ ] changed")


def test_within_a_note(case: Case) -> None:
    before = case.text()
    two = next(section for section in case.note().note.sections if section.title == "Two")
    case.take(case.edits().build("move_to", case.note(), [case.task("a")], Location(case.note(), two)))
    assert case.text().endswith("# Two\r\n- [ ] a\r\n  - [x] b\r\n  - [ ] c\r\n")
    case.take(
        case.edits().build("move_to", case.note(), [case.task("d")], Location(case.note(), case.task("b")))
    )
    assert "  - [x] b\r\n    - [x] d" in case.text()
    case.undo_all()
    assert case.text() == before


def test_a_copy_stands_at_the_margin(case: Case) -> None:
    items: list[ListItem] = [case.task("b"), case.task("c")]
    assert case.edits().copied_text(case.note(), items) == "- [x] b\n- [ ] c\n"
    case.files.write("A.md", "- [ ] something else\n")
    with pytest.raises(RefusedError, match="just been changed"):
        case.edits().copied_text(case.note(), items)


def test_a_vault_with_the_tasks_plugin_gets_what_it_asks_of_new_tasks(case: Case) -> None:
    case.files.turn_plugin_on({"globalFilter": "#task", "setCreatedDate": True})
    case.vault.reload_settings()
    case.take(case.edits().build("add", case.note(), [case.task("d")], ["new"]))
    assert "- [ ] #task new ➕ 2026-03-14\r\n" in case.text()


def test_the_indentation_is_the_vaults_where_a_note_has_none(case: Case) -> None:
    case.files.write(".obsidian/app.json", '{"useTab": false, "tabSize": 3}')
    case.files.write("C.md", "- [ ] a\n")
    case.vault.reload_settings()
    case.take(case.edits().build("child", case.note("C.md"), [case.task("a", "C.md")], ["b"]))
    assert case.text("C.md") == "- [ ] a\n   - [ ] b\n"


def test_words_of_a_heading(case: Case) -> None:
    section = case.note().note.sections[1]
    assert isinstance(section, Section)
    case.take(case.edits().build("text", case.note(), [section], "Three"))
    assert case.text().startswith("# Three\r\n")
    assert case.done[-1].inverses


@pytest.mark.parametrize(
    ("behind", "text"),
    [
        (0, "- [ ] a\n# One\n- [ ] b\n### Two\n- [ ] c\n\n## New\n"),
        (1, "- [ ] a\n# One\n- [ ] b\n### Two\n- [ ] c\n\n# New\n"),
        (2, "- [ ] a\n# One\n- [ ] b\n### Two\n- [ ] c\n\n### New\n"),
    ],
)
def test_a_new_section_is_of_the_level_of_the_one_before_it(files: Files, behind: int, text: str) -> None:
    """What stands before the first heading is no section: the new one comes at the end of the note."""
    files.write("A.md", text.partition("\n\n")[0] + "\n")
    case = Case(files)
    case.take(case.edits().build("section", case.note(), [case.note().note.sections[behind]], "New"))
    assert case.text() == text


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        ("toggle", "tick “a”"),
        ("delete", "delete “a”"),
        ("down", "move “a” down"),
        ("section", "add section “New”"),
        ("due", "due 2026-05-01 for “a”"),
        ("add", "add 2 tasks"),
    ],
)
def test_each_step_has_a_name_that_can_be_read(case: Case, wanted: str, title: str) -> None:
    edits, note, task = case.edits(), case.note(), case.task("a")
    steps = {
        "toggle": edits.build("tick", note, [task]),
        "delete": edits.build("delete", note, [task]),
        "down": edits.build("down", note, [task]),
        "section": edits.build("section", note, [], "New"),
        "due": edits.build("due", note, [task], date(2026, 5, 1)),
        "add": edits.build("child", note, [task], ["x", "y"]),
    }
    assert steps[wanted].title == title


def test_notes_are_made_inside_the_vault_only(case: Case, tmp_path: Path) -> None:
    (case.files.root / "out").symlink_to(tmp_path)
    for path in ("../x.md", "/x.md", "a/../../x.md", ".hidden/x.md", "x", "a//b.md", "out/x.md", "x\n.md"):
        with pytest.raises(RefusedError):
            case.take(add_to_note(case.edits().context, path, None, ["first"]))
    assert not (tmp_path / "x.md").exists()
    case.take(add_to_note(case.edits().context, "new/Inbox.md", None, ["first"]))
    case.take(add_to_note(case.edits().context, "NEW/inbox.md", "Later", ["second"]))
    assert case.text("new/Inbox.md") == "- [ ] first\n\n## Later\n- [ ] second\n"
    assert not (case.files.root / "NEW").exists()


def test_capture_makes_the_inbox_and_its_undo_takes_it_away(case: Case) -> None:
    case.take(case.edits().build("capture", None, [], ["call mum"]))
    assert case.text("Inbox.md") == "- [ ] call mum\n"
    case.undo_all()
    assert "Inbox.md" not in case.vault.snapshot.notes
    assert not (case.vault.root / "Inbox.md").exists()


PLACES = "- [ ] one\n- [ ] two\n- [ ] three\n- [ ] four\n  - [ ] a\n  - [ ] b\n"


@pytest.mark.parametrize("name", ["two", "three", "four", "a", "b"])
@pytest.mark.parametrize(("kind", "moved"), [("down", "two"), ("up", "three"), ("in", "three"), ("out", "a")])
@pytest.mark.parametrize("asked", ["before", "between", "after"])
def test_a_task_that_was_moved_and_moved_back_is_still_the_one_that_is_meant(
    files: Files, kind: str, moved: str, name: str, asked: str
) -> None:
    """Whether the screen was a step behind when the key was pressed or not."""
    path = files.write("P.md", PLACES)
    vault = files.loaded()
    edits = TaskActions.of(vault, TODAY)
    steps = {
        "down": lambda note, items: edits.build("down", note, items),
        "up": lambda note, items: edits.build("up", note, items),
        "in": lambda note, items: edits.build("indent", note, items),
        "out": lambda note, items: edits.build("outdent", note, items),
    }

    def find(text: str) -> tuple[VaultNote, Task]:
        note = vault.snapshot.notes["P.md"]
        return note, next(task for task in note.note.tasks if task.text == text)

    seen = {"before": find(name)}
    note, task = find(moved)
    done = commit(vault, steps[kind](note, [task]))
    seen["between"] = find(name)
    for inverse, _ in done.inverses:
        vault.commit(inverse)
    assert path.read_text() == PLACES
    seen["after"] = find(name)
    note, task = seen[asked]
    commit(vault, edits.build("tick", note, [task]))
    assert path.read_text() == PLACES.replace(f"[ ] {name}\n", f"[x] {name}\n")
