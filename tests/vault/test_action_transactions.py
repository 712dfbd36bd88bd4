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
from tests.vault.conftest import Bench

TODAY = date(2026, 3, 14)


class Desk:
    """Takes steps in one vault."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.vault: Vault = bench.loaded()
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
        return (self.bench.root / path).read_bytes().decode()


@pytest.fixture
def desk(bench: Bench) -> Desk:
    bench.write(
        "A.md", "# One\r\n- [ ] a\r\n  - [x] b\r\n  - [ ] c\r\n- [x] d 📅 2026-04-01 #tag\r\n# Two\r\n"
    )
    bench.write("B.md", "- [ ] e\n\t- [ ] f\n")
    return Desk(bench)


def test_several_that_differ_are_all_done_first_and_all_undone_then(desk: Desk) -> None:
    before = desk.text()
    for _ in range(2):
        tasks = [desk.task("b"), desk.task("c"), desk.task("d")]
        step = desk.edits().build("tick", desk.note(), tasks)
        assert step.title.endswith("3 tasks")
        desk.take(step)
    assert desk.text() == before.replace("[x]", "[ ]")
    desk.undo_all()
    assert desk.text() == before


def test_a_task_with_all_below(desk: Desk) -> None:
    before = desk.text()
    desk.take(desk.edits().build("toggle_all", desk.note(), [desk.task("a")]))
    assert desk.text() == before.replace("[ ]", "[x]")
    desk.undo_all()
    assert desk.text() == before


@pytest.mark.parametrize(
    ("roll_up", "ticked", "opened"),
    [(RollUp.NEVER, " ", " "), (RollUp.COMPLETE, "x", "x"), (RollUp.BOTH, "x", " ")],
)
def test_roll_up_is_written_as_configured_and_undone_with_its_tick(
    desk: Desk, roll_up: RollUp, ticked: str, opened: str
) -> None:
    before = desk.text()
    desk.take(desk.edits(roll_up).build("tick", desk.note(), [desk.task("c")]))
    assert (desk.task("a").status_symbol, desk.task("c").status_symbol) == (ticked, "x")
    desk.take(desk.edits(roll_up).build("tick", desk.note(), [desk.task("c")]))
    assert (desk.task("a").status_symbol, desk.task("c").status_symbol) == (opened, " ")
    desk.undo_all()
    assert desk.text() == before


def test_fields_and_tags_of_several_as_one_step(desk: Desk) -> None:
    before = desk.text()
    tasks = [desk.task("a"), desk.task("d")]
    desk.take(desk.edits().build("due", desk.note(), tasks, date(2026, 5, 1)))
    desk.take(desk.edits().build("priority", desk.note(), [desk.task("a"), desk.task("d")], Priority.HIGH))
    desk.take(desk.edits().build("tag", desk.note(), [desk.task("a"), desk.task("d")], ["new"], ["#tag"]))
    desk.take(desk.edits().build("repeat", desk.note(), [desk.task("a")], "every week"))
    assert "- [ ] a #new ⏫ 🔁 every week 📅 2026-05-01\r\n" in desk.text()
    assert (
        "- [x] d ⏫ 📅 2026-05-01 #new\r\n" in desk.text()
        or "- [x] d #new ⏫ 📅 2026-05-01\r\n" in desk.text()
    )
    desk.take(desk.edits().build("due", desk.note(), [desk.task("a")], None))
    desk.take(desk.edits().build("priority", desk.note(), [desk.task("a")], None))
    assert "- [ ] a #new 🔁 every week\r\n" in desk.text()
    desk.undo_all()
    assert desk.text() == before


@pytest.mark.parametrize("tag", ["", "#", "2026", "a b", "a#b", "a\x1b", "bar;", "[x]"])
def test_what_is_no_tag_is_refused(desk: Desk, tag: str) -> None:
    with pytest.raises(RefusedError, match="can't be a tag"):
        desk.edits().build("tag", desk.note(), [desk.task("a")], [tag])


def test_a_tag_that_is_there_in_another_case_changes_nothing_and_is_taken_away(desk: Desk) -> None:
    before = desk.text()
    desk.take(desk.edits().build("tag", desk.note(), [desk.task("d")], ["TAG"]))
    assert desk.text() == before
    desk.take(desk.edits().build("tag", desk.note(), [desk.task("d")], (), ["Tag"]))
    assert desk.text() == before.replace(" #tag", "")


def test_a_rule_that_nobody_can_read_is_refused(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="no rule"):
        desk.edits().build("repeat", desk.note(), [desk.task("a")], "whenever")


def test_waiting_for_a_task_of_another_note_names_it_once(desk: Desk) -> None:
    texts = desk.text(), desk.text("B.md")
    desk.take(
        desk.edits().build(
            "wait_for", desk.note(), [desk.task("a")], Location(desk.note("B.md"), desk.task("e", "B.md"))
        )
    )
    name = desk.text("B.md").partition("🆔 ")[2][:6]
    assert f"- [ ] a ⛔ {name}\r\n" in desk.text()
    desk.take(
        desk.edits().build(
            "wait_for", desk.note(), [desk.task("c")], Location(desk.note("B.md"), desk.task("e", "B.md"))
        )
    )
    desk.take(
        desk.edits().build("wait_for", desk.note(), [desk.task("c")], Location(desk.note(), desk.task("d")))
    )
    assert desk.text("B.md").count("🆔") == 1
    assert f"- [ ] c ⛔ {name}," in desk.text()
    desk.undo_all()
    assert (desk.text(), desk.text("B.md")) == texts


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
    bench: Bench, line: str, named: str, waits: str
) -> None:
    bench.write("A.md", f"{line}\n- [ ] b ⛔ x first\n")
    desk = Desk(bench)
    before = desk.text()
    desk.take(
        desk.edits().build("wait_for", desk.note(), [desk.task("b")], Location(desk.note(), desk.task("e")))
    )
    assert desk.text() == f"{named}\n- [ ] b first ⛔ x,{waits}\n"
    desk.undo_all()
    assert desk.text() == before


@pytest.mark.parametrize("text", ["🆔 abc.1", "`🆔 abc`", "🆔 taken then words"])
def test_what_is_no_id_or_that_of_another_task_is_not_waited_for(bench: Bench, text: str) -> None:
    bench.write("A.md", f"- [ ] e {text}\n- [ ] b\n- [ ] c 🆔 taken\n")
    desk = Desk(bench)
    desk.take(
        desk.edits().build("wait_for", desk.note(), [desk.task("b")], Location(desk.note(), desk.task("e")))
    )
    name = desk.task("b").text.removeprefix("b ⛔ ")
    assert re.fullmatch("[0-9a-f]{6}", name)
    assert desk.task("e").text.endswith(f" 🆔 {name}")
    assert text.startswith("🆔 taken") or text in desk.task("e").text


def test_nothing_waits_for_a_task_that_the_plugin_does_not_see(bench: Bench) -> None:
    bench.write(".obsidian/community-plugins.json", '["obsidian-tasks-plugin"]')
    bench.write(".obsidian/plugins/obsidian-tasks-plugin/data.json", '{"globalFilter": "#task"}')
    bench.write("A.md", "- [ ] e\n- [ ] b #task\n")
    desk = Desk(bench)
    with pytest.raises(RefusedError, match="it lacks #task"):
        desk.edits().build("wait_for", desk.note(), [desk.task("b")], Location(desk.note(), desk.task("e")))
    desk.take(
        desk.edits().build("wait_for", desk.note(), [desk.task("e")], Location(desk.note(), desk.task("b")))
    )
    assert "🆔" in desk.task("b").text


def test_a_rule_that_the_plugin_has_no_characters_for_is_replaced_whole_and_not_written(bench: Bench) -> None:
    bench.write("A.md", "- [ ] e 🔁 every day until 2026-12-31\n")
    desk = Desk(bench)
    step = desk.edits().build("repeat", desk.note(), [desk.task("e")], "every week until 2026-12-31")
    with pytest.raises(RefusedError, match="can't be written"):
        desk.take(step)
    desk.take(desk.edits().build("repeat", desk.note(), [desk.task("e")], "every week"))
    assert desk.text() == "- [ ] e 🔁 every week\n"
    desk.undo_all()
    desk.take(desk.edits().build("repeat", desk.note(), [desk.task("e")], None))
    assert desk.text() == "- [ ] e\n"


CANCELLED_IS_C = """{"statusSettings": {
    "coreStatuses": [{"symbol": "o", "name": "Open", "nextStatusSymbol": "d", "type": "TODO"}],
    "customStatuses": [
        {"symbol": "d", "name": "Done", "nextStatusSymbol": "o", "type": "DONE"},
        {"symbol": "x", "name": "Moved", "nextStatusSymbol": "o", "type": "NON_TASK"},
        {"symbol": "c", "name": "Dropped", "nextStatusSymbol": "o", "type": "CANCELLED"},
        {"symbol": "/", "name": "Half", "nextStatusSymbol": "d", "type": "ON_HOLD"}
    ]
}}"""


def test_a_status_is_one_of_the_vaults_own(bench: Bench) -> None:
    bench.write(".obsidian/community-plugins.json", '["obsidian-tasks-plugin"]')
    bench.write(".obsidian/plugins/obsidian-tasks-plugin/data.json", CANCELLED_IS_C)
    bench.write("A.md", "- [ ] e\n")
    statuses = Desk(bench).vault.snapshot.statuses
    assert statuses.needed_symbol(StatusType.CANCELLED) == "c"
    assert statuses.needed_symbol(StatusType.DONE) == "d"
    assert statuses.needed_symbol(StatusType.TODO) == " "
    with pytest.raises(RefusedError, match="no status for tasks in progress"):
        statuses.needed_symbol(StatusType.IN_PROGRESS)


def test_taking_a_subtree_to_another_note_and_back(desk: Desk) -> None:
    texts = desk.text(), desk.text("B.md")
    below = desk.note("B.md").note.items[1]
    desk.take(
        desk.edits().build("move_to", desk.note(), [desk.task("a")], Location(desk.note("B.md"), below))
    )
    assert desk.text("B.md") == "- [ ] e\n\t- [ ] f\n\t\t- [ ] a\n\t\t  - [x] b\n\t\t  - [ ] c\n"
    assert "- [ ] a" not in desk.text()
    desk.undo_all()
    assert (desk.text(), desk.text("B.md")) == texts


def test_half_a_step_is_taken_back(desk: Desk) -> None:
    """The other note has got the task; then it turns out that it can't be taken out of its own."""
    texts = desk.text(), desk.text("B.md")
    step = desk.edits().build("move_to", desk.note(), [desk.task("c")], Location(desk.note("B.md"), None))
    desk.bench.write("A.md", texts[0].replace("- [ ] c", "- [ ] changed"))
    with pytest.raises(RefusedError, match="no longer in this note"):
        commit(desk.vault, step)
    assert desk.text("B.md") == texts[1]
    assert desk.text() == texts[0].replace("- [ ] c", "- [ ] changed")


def test_within_a_note(desk: Desk) -> None:
    before = desk.text()
    two = next(section for section in desk.note().note.sections if section.title == "Two")
    desk.take(desk.edits().build("move_to", desk.note(), [desk.task("a")], Location(desk.note(), two)))
    assert desk.text().endswith("# Two\r\n- [ ] a\r\n  - [x] b\r\n  - [ ] c\r\n")
    desk.take(
        desk.edits().build("move_to", desk.note(), [desk.task("d")], Location(desk.note(), desk.task("b")))
    )
    assert "  - [x] b\r\n    - [x] d" in desk.text()
    desk.undo_all()
    assert desk.text() == before


def test_a_copy_stands_at_the_margin(desk: Desk) -> None:
    items: list[ListItem] = [desk.task("b"), desk.task("c")]
    assert desk.edits().copied_text(desk.note(), items) == "- [x] b\n- [ ] c\n"
    desk.bench.write("A.md", "- [ ] something else\n")
    with pytest.raises(RefusedError, match="just been changed"):
        desk.edits().copied_text(desk.note(), items)


def test_a_vault_with_the_tasks_plugin_gets_what_it_asks_of_new_tasks(desk: Desk) -> None:
    desk.bench.turn_plugin_on({"globalFilter": "#task", "setCreatedDate": True})
    desk.vault.reload_settings()
    desk.take(desk.edits().build("add", desk.note(), [desk.task("d")], ["new"]))
    assert "- [ ] #task new ➕ 2026-03-14\r\n" in desk.text()


def test_the_indentation_is_the_vaults_where_a_note_has_none(desk: Desk) -> None:
    desk.bench.write(".obsidian/app.json", '{"useTab": false, "tabSize": 3}')
    desk.bench.write("C.md", "- [ ] a\n")
    desk.vault.reload_settings()
    desk.take(desk.edits().build("child", desk.note("C.md"), [desk.task("a", "C.md")], ["b"]))
    assert desk.text("C.md") == "- [ ] a\n   - [ ] b\n"


def test_words_of_a_heading(desk: Desk) -> None:
    section = desk.note().note.sections[1]
    assert isinstance(section, Section)
    desk.take(desk.edits().build("text", desk.note(), [section], "Three"))
    assert desk.text().startswith("# Three\r\n")
    assert desk.done[-1].inverses


@pytest.mark.parametrize(
    ("behind", "text"),
    [
        (0, "- [ ] a\n# One\n- [ ] b\n### Two\n- [ ] c\n\n## New\n"),
        (1, "- [ ] a\n# One\n- [ ] b\n### Two\n- [ ] c\n\n# New\n"),
        (2, "- [ ] a\n# One\n- [ ] b\n### Two\n- [ ] c\n\n### New\n"),
    ],
)
def test_a_new_section_is_of_the_level_of_the_one_before_it(bench: Bench, behind: int, text: str) -> None:
    """What stands before the first heading is no section: the new one comes at the end of the note."""
    bench.write("A.md", text.partition("\n\n")[0] + "\n")
    desk = Desk(bench)
    desk.take(desk.edits().build("section", desk.note(), [desk.note().note.sections[behind]], "New"))
    assert desk.text() == text


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
def test_each_step_has_a_name_that_can_be_read(desk: Desk, wanted: str, title: str) -> None:
    edits, note, task = desk.edits(), desk.note(), desk.task("a")
    steps = {
        "toggle": edits.build("tick", note, [task]),
        "delete": edits.build("delete", note, [task]),
        "down": edits.build("down", note, [task]),
        "section": edits.build("section", note, [], "New"),
        "due": edits.build("due", note, [task], date(2026, 5, 1)),
        "add": edits.build("child", note, [task], ["x", "y"]),
    }
    assert steps[wanted].title == title


def test_notes_are_made_inside_the_vault_only(desk: Desk, tmp_path: Path) -> None:
    (desk.bench.root / "out").symlink_to(tmp_path)
    for path in ("../x.md", "/x.md", "a/../../x.md", ".hidden/x.md", "x", "a//b.md", "out/x.md", "x\n.md"):
        with pytest.raises(RefusedError):
            desk.take(add_to_note(desk.edits().context, path, None, ["first"]))
    assert not (tmp_path / "x.md").exists()
    desk.take(add_to_note(desk.edits().context, "new/Inbox.md", None, ["first"]))
    desk.take(add_to_note(desk.edits().context, "NEW/inbox.md", "Later", ["second"]))
    assert desk.text("new/Inbox.md") == "- [ ] first\n\n## Later\n- [ ] second\n"
    assert not (desk.bench.root / "NEW").exists()


def test_capture_makes_the_inbox_and_its_undo_takes_it_away(desk: Desk) -> None:
    desk.take(desk.edits().build("capture", None, [], ["call mum"]))
    assert desk.text("Inbox.md") == "- [ ] call mum\n"
    desk.undo_all()
    assert "Inbox.md" not in desk.vault.snapshot.notes
    assert not (desk.vault.root / "Inbox.md").exists()


PLACES = "- [ ] one\n- [ ] two\n- [ ] three\n- [ ] four\n  - [ ] a\n  - [ ] b\n"


@pytest.mark.parametrize("name", ["two", "three", "four", "a", "b"])
@pytest.mark.parametrize(("kind", "moved"), [("down", "two"), ("up", "three"), ("in", "three"), ("out", "a")])
@pytest.mark.parametrize("asked", ["before", "between", "after"])
def test_a_task_that_was_moved_and_moved_back_is_still_the_one_that_is_meant(
    bench: Bench, kind: str, moved: str, name: str, asked: str
) -> None:
    """Whether the screen was a step behind when the key was pressed or not."""
    path = bench.write("P.md", PLACES)
    vault = bench.loaded()
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
