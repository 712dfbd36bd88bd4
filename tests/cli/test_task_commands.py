"""Everything that can be done to a task, as a command: what the note is then, what is said, and undo."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Shell

ONE, A, B, C, TWO = "# One\n", "- [ ] a\n", "  - [ ] b\n", "- [x] c\n", "# Two\n"
NOTE = ONE + A + B + C + TWO


@pytest.fixture
def note(shell: Shell) -> Shell:
    shell.write("N.md", NOTE)
    return shell


@pytest.mark.parametrize(
    ("arguments", "after", "says"),
    [
        (["N.md:2", "--toggle-all"], NOTE.replace("[ ]", "[x]"), "N.md:2  [x] a"),
        (["N.md:2", "--cancel"], NOTE.replace("[ ] a", "[-] a"), "N.md:2  [-] a"),
        (["N.md:2", "--due", "fri"], NOTE.replace("a\n", "a 📅 2026-03-20\n"), "[ ] a 📅 2026-03-20"),
        (["N.md:2", "--start", "+2w"], NOTE.replace("a\n", "a 🛫 2026-03-28\n"), "[ ] a 🛫 2026-03-28"),
        (["N.md:2", "--priority", "high"], NOTE.replace("a\n", "a ⏫\n"), "N.md:2  [ ] a ⏫"),
        (["N.md:2", "--repeat", "every week"], NOTE.replace("a\n", "a 🔁 every week\n"), "[ ] a 🔁"),
        (["N.md:2,4", "--tag", "ml x"], ONE + "- [ ] a #ml #x\n" + B + "- [x] c #ml #x\n" + TWO, "#ml"),
        (["N.md:2", "--text", "new words"], NOTE.replace("a\n", "new words\n"), "N.md:2  [ ] new words"),
        (["N.md:2", "--split", "a1\na2"], ONE + "- [ ] a1\n" + B + "- [ ] a2\n" + C + TWO, "N.md:4  [ ] a2"),
        (["N.md:2", "--add", "new"], ONE + A + B + "- [ ] new\n" + C + TWO, "N.md:4  [ ] new"),
        (["N.md:2", "--child", "new"], ONE + A + B + "  - [ ] new\n" + C + TWO, "N.md:4  [ ] new"),
        (["N.md:2", "--delete", "--yes"], ONE + C + TWO, "N.md:2  removed"),
        (["N.md:2", "--down"], ONE + C + A + B + TWO, "[ ] a"),
        (["N.md:4", "--up"], ONE + C + A + B + TWO, "N.md:2  [x] c"),
        (["N.md:4", "--indent"], ONE + A + B + "  - [x] c\n" + TWO, "N.md:4  [x] c"),
        (["N.md:3", "--outdent"], ONE + A + "- [ ] b\n" + C + TWO, "N.md:3  [ ] b"),
        (["N.md:2", "--move-to", "N.md#two"], ONE + C + TWO + A + B, "N.md:4  [ ] a"),
    ],
)
def test_each_verb_and_its_undo(note: Shell, arguments: list[str], after: str, says: str) -> None:
    output = note.lines("task", *arguments)
    assert note.text() == after
    assert any(says in line for line in output)
    note.lines("undo")
    assert note.text() == NOTE
    note.lines("redo")
    assert note.text() == after


def test_to_another_note_and_waiting_for_one_there(note: Shell) -> None:
    note.write("area/Sub.md", "- [ ] six\n")
    note.lines("task", "N.md:3", "--wait-for", "area/Sub.md:1")
    assert note.text("area/Sub.md").startswith("- [ ] six 🆔 ")
    assert "- [ ] b ⛔ " in note.text()
    note.lines("undo")
    assert (note.text(), note.text("area/Sub.md")) == (NOTE, "- [ ] six\n")
    note.lines("task", "N.md:2", "--move-to", "area/Sub.md")
    assert note.text("area/Sub.md") == "- [ ] six\n- [ ] a\n  - [ ] b\n"
    assert note.text() == "# One\n- [x] c\n# Two\n"
    note.lines("undo")
    assert (note.text(), note.text("area/Sub.md")) == (NOTE, "- [ ] six\n")


OWN_STATUSES = {
    "statusSettings": {
        "coreStatuses": [],
        "customStatuses": [
            {"symbol": "c", "name": "Dropped", "nextStatusSymbol": " ", "type": "CANCELLED"},
            {"symbol": "v", "name": "Done", "nextStatusSymbol": " ", "type": "DONE"},
            {"symbol": "x", "name": "Moved", "nextStatusSymbol": " ", "type": "NON_TASK"},
        ],
    }
}


def test_done_and_cancelled_are_the_vaults_own_statuses(note: Shell) -> None:
    note.turn_plugin_on()
    note.write(".obsidian/plugins/obsidian-tasks-plugin/data.json", json.dumps(OWN_STATUSES))
    assert note.lines("task", "N.md:2", "--cancel") == ["N.md:2  [c] a ❌ 2026-03-14"]
    assert note.lines("tasks", "N.md", "--todo", "--total") == ["1"]
    assert note.lines("task", "N.md:2", "--done") == ["N.md:2  [v] a ✅ 2026-03-14"]
    assert note.lines("tasks", "N.md", "--done") == ["N.md:2  [v] a ✅ 2026-03-14"]
    assert note.lines("task", "N.md:2", "--todo") == ["N.md:2  [ ] a"]
    assert note.text() == NOTE


def test_a_status_that_the_vault_does_not_have_is_refused(note: Shell) -> None:
    note.turn_plugin_on()
    note.write(
        ".obsidian/plugins/obsidian-tasks-plugin/data.json",
        '{"statusSettings": {"customStatuses": [{"symbol": "-", "name": "Note", "type": "NON_TASK"}]}}',
    )
    assert "no status for cancelled tasks" in note.refused("task", "N.md:2", "--cancel")
    assert note.text() == NOTE


IN_CODE = (
    "- [ ] explain the `📅 2026-01-01` form\n"
    "- [ ] what does `⏫` mean\n"
    "- [ ] read [r](http://x.test/📅2026-01-03)\n"
    "- [ ] learn `[due:: 2026-01-05]`\n"
    "- [ ] e 📅 2026-01-01T10:00\n"
    "- [ ] f 🏁 delete-later\n"
    "- [ ] see [[Note ✅ 2026-01-01]] %%🔁 every day%%\n"
)


@pytest.mark.parametrize("line", range(1, 8))
@pytest.mark.parametrize("format", ["tasksPluginEmoji", "dataview"])
def test_what_looks_like_a_field_in_code_or_in_a_longer_word_is_words(
    shell: Shell, line: int, format: str
) -> None:
    shell.turn_plugin_on()
    shell.write(".obsidian/plugins/obsidian-tasks-plugin/data.json", json.dumps({"taskFormat": format}))
    shell.write("N.md", IN_CODE)
    for option in ("--due", "--scheduled", "--start", "--priority", "--repeat"):
        shell.lines("task", f"N.md:{line}", option, "none")
        assert shell.text() == IN_CODE
    before = IN_CODE.splitlines()[line - 1]
    due = {"tasksPluginEmoji": " 📅 2026-12-01", "dataview": "  [due:: 2026-12-01]"}[format]
    done = {"tasksPluginEmoji": " ✅ 2026-03-14", "dataview": "  [completion:: 2026-03-14]"}[format]
    shell.lines("task", f"N.md:{line}", "--due", "2026-12-01")
    assert shell.text().splitlines()[line - 1] == before + due
    shell.lines("task", f"N.md:{line}", "--toggle")
    assert shell.text().splitlines()[line - 1] == before.replace("[ ]", "[x]", 1) + due + done
    shell.lines("task", f"N.md:{line}", "--toggle")
    shell.lines("task", f"N.md:{line}", "--due", "none")
    assert shell.text() == IN_CODE


def test_nothing_in_code_is_due_or_urgent(shell: Shell) -> None:
    shell.write("N.md", IN_CODE)
    tasks = json.loads(shell.run("export", "N.md").stdout)["notes"][0]["tasks"]
    assert {(task["due"], task["priority"], task["recurrence"], task["done"]) for task in tasks} == {
        (None, "none", None, None)
    }
    assert not any("days late" in line for line in shell.lines("status", "N.md"))


def test_a_copy_changes_nothing(note: Shell) -> None:
    assert note.lines("task", "N.md:3", "--copy") == ["- [ ] b"]
    assert note.text() == NOTE
    assert "Nothing to undo" in note.refused("undo")


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["N.md:2", "--delete"], 1, "1 more is nested in it. Add --yes to delete it, too."),
        (["N.md:2", "--due", "2026-02-30"], 1, "not a date"),
        (["N.md:2", "--priority", "huge"], 1, "not a priority"),
        (["N.md:2", "--repeat", "sometimes"], 1, "not a rule"),
        (["N.md:2", "--text", "a\nb"], 1, "one line"),
        (["N.md:2", "--text", "```"], 1, "hide the lines below"),
        (["N.md:2", "--text", "a\x1b[2J"], 1, "control character"),
        (["N.md:2,4", "--text", "x"], 1, "one task at a time"),
        (["N.md:2", "--indent"], 1, "can't be indented"),
        (["N.md:2", "--move-to", "N.md#Nowhere"], 1, "No heading"),
        (["N.md:2", "--move-to", "None.md"], 2, "no note"),
        (["N.md:2", "--wait-for", "N.md:2"], 1, "wait for itself"),
        (["N.md:2", "--wait-for", "N.md"], 1, "names no lines"),
        (["N.md:2", "--up", "--down"], 2, "one action"),
        (["N.md:2", "--status", "ab"], 2, "one character"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_reason(
    note: Shell, arguments: list[str], status: int, says: str
) -> None:
    assert says in note.refused("task", *arguments, status=status)
    assert note.text() == NOTE


def test_json_says_what_is_there_now(note: Shell) -> None:
    found = json.loads("\n".join(note.lines("task", "N.md:3", "--add", "new\x41", "--json")))
    assert found == {
        "path": "N.md",
        "title": "add “newA”",
        "changed": True,
        "lines": [{"line": 3, "status": " ", "text": "b"}, {"line": 4, "status": " ", "text": "newA"}],
        "removed": [],
        "note_is_gone": False,
    }


class TestAdd:
    """`roadtui add`."""

    def test_the_inbox_is_made(self, shell: Shell) -> None:
        assert shell.lines("add", "call mum 📅 2026-04-01") == ["Inbox.md:1  [ ] call mum 📅 2026-04-01"]
        assert shell.lines("add", "one\n\ntwo") == ["Inbox.md:2  [ ] one", "Inbox.md:3  [ ] two"]
        assert shell.text("Inbox.md") == "- [ ] call mum 📅 2026-04-01\n- [ ] one\n- [ ] two\n"
        shell.lines("undo")
        assert shell.text("Inbox.md") == "- [ ] call mum 📅 2026-04-01\n"

    def test_below_a_heading_of_a_note(self, note: Shell) -> None:
        note.lines("add", "new", "--note", "N.md", "--section", "One")
        assert note.text() == NOTE.replace("- [x] c\n", "- [x] c\n- [ ] new\n")

    @pytest.mark.parametrize("path", ["../x.md", "/etc/x.md", ".obsidian/x.md", "x.txt", "a/../../x.md"])
    def test_never_outside_the_vault(self, shell: Shell, path: str) -> None:
        before = sorted(shell.root.rglob("*"))
        assert "not the path of a note" in shell.refused("add", "x", "--note", path)
        assert sorted(shell.root.rglob("*")) == before

    @pytest.mark.parametrize("typed", ["", "  ", "```", "a\x1bb", "x 📅 2026-02-30"])
    def test_bad_text(self, note: Shell, typed: str) -> None:
        assert note.refused("add", typed, "--note", "N.md")
        assert note.text() == NOTE
