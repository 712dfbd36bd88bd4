"""What the commands say and write in the less usual cases of each thing that can be done to a task."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from roadtui.cli.task_arguments import BadReferenceError, parse_reference
from roadtui.vault.errors import WriteFailedError
from tests.cli.conftest import PLAN, Shell
from tests.vault.repositories import Repository

NOTE = "# One\n- [ ] a\n  - [ ] b\n  - plain\n- [x] c\n# Two\n# Two\n"


@pytest.fixture
def note(shell: Shell) -> Shell:
    shell.write("N.md", NOTE)
    return shell


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("N.md:1", [1]),
        ("N.md:3,1,3", [1, 3]),
        ("a:b.md:2-2", [2]),
        ("N.md:1-100000", list(range(1, 100_001))),
        ("N.md:900001-1000000", list(range(900_001, 1_000_001))),
    ],
)
def test_a_reference_names_a_note_and_its_lines(given: str, expected: list[int]) -> None:
    assert parse_reference(given) == (given.rpartition(":")[0], expected)


@pytest.mark.parametrize("given", ["N.md:1-100001", "N.md:0-1", "N.md:2-1", ":1", "N.md:1,", "1"])
def test_a_reference_that_names_no_lines_is_refused(given: str) -> None:
    with pytest.raises(BadReferenceError):
        parse_reference(given)


@pytest.mark.parametrize(
    ("before", "arguments", "after"),
    [
        ("- [ ] a 📅 2026-01-01", ["--due", "none"], "- [ ] a"),
        ("- [ ] a", ["--scheduled", "tomorrow"], "- [ ] a ⏳ 2026-03-15"),
        ("- [ ] a ⏫", ["--priority", "none"], "- [ ] a"),
        ("- [ ] a", ["--priority", "LOWEST"], "- [ ] a ⏬"),
        ("- [ ] a 🔁 every week", ["--repeat", "none"], "- [ ] a"),
        ("- [ ] a #ml #x", ["--untag", "ml"], "- [ ] a #x"),
        ("- [x] a", ["--todo"], "- [ ] a"),
        ("- [ ] a", ["--paste", "- [ ] b\n  - [x] c"], "- [ ] a\n- [ ] b\n  - [x] c"),
        ("- [ ] a", ["--delete"], ""),
        ("- [ ] a", ["--add", "b\nc"], "- [ ] a\n- [ ] b\n- [ ] c"),
    ],
)
def test_a_value_that_is_taken_away_and_others(
    shell: Shell, before: str, arguments: list[str], after: str
) -> None:
    shell.write("N.md", f"{before}\n")
    shell.lines("task", "N.md:1", *arguments)
    assert shell.text() == (f"{after}\n" if after else "")


def test_an_empty_value_is_a_value(note: Shell) -> None:
    assert "Choose one action" in note.refused("task", "N.md:2", "--text", "", "--done", status=2)
    assert note.refused("task", "N.md:2", "--text", "")
    assert note.text() == NOTE


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["N.md:2", "--delete"], "Not deleted: 2 more are nested in it. Add --yes to delete them, too."),
        (["N.md:2,3", "--delete"], "Not deleted: 1 more is nested in it. Add --yes to delete it, too."),
        (["N.md:2", "--move-to", "N.md#Two"], "2 headings are called “Two” in N."),
        (["N.md:2", "--move-to", "N.md#Three"], "No heading is called “Three” in N."),
        (["N.md:2,3", "--wait-for", "N.md:5"], "one task at a time"),
        (["N.md:2", "--wait-for", "N.md:3,5"], "one task at a time"),
        (["N.md:2", "--wait-for", "N.md:1"], "line 1 is not a task"),
        (["N.md:2,3", "--split", "x"], "one task at a time"),
        (
            ["N.md:2", "--priority", "urgent"],
            "“urgent” is not a priority. Use highest, high, medium, low, lowest or",
        ),
        (
            ["N.md:2", "--due", "someday"],
            "“someday” is not a date. Write 2026-12-01, tomorrow, fri, +2w or none.",
        ),
    ],
)
def test_what_is_refused_says_how_much_is_in_the_way(note: Shell, arguments: list[str], says: str) -> None:
    assert says in note.refused("task", *arguments)
    assert note.text() == NOTE


def test_a_task_goes_to_the_end_of_a_note_where_no_heading_is_named(note: Shell) -> None:
    note.lines("task", "N.md:5", "--move-to", "area/Sub.md#")
    assert note.text("area/Sub.md") == "- [ ] six\n- [x] c\n"


def test_what_is_pasted_is_listed_with_and_without_a_box(note: Shell) -> None:
    assert note.lines("task", "N.md:5", "--paste", "- words\n- [ ] task") == [
        "N.md:5  [x] c",
        "N.md:6  - words",
        "N.md:7  [ ] task",
    ]


def test_of_two_boxes_on_one_line_the_outer_one_is_meant(shell: Shell) -> None:
    shell.write("N.md", "- - [ ] inner\n- [ ] - [ ] both\n")
    assert shell.lines("task", "N.md:2", "--done") == ["N.md:2  [x] - [ ] both"]
    assert shell.text() == "- - [ ] inner\n- [x] - [ ] both\n"


def test_lines_that_are_gone_are_named_by_what_stands_there_now(shell: Shell) -> None:
    shell.write("N.md", "- [ ] a\n- [ ] b\n- [ ] c\n- [ ] d\n")
    assert shell.lines("task", "N.md:2-3", "--delete") == ["N.md:2  removed", "N.md:2  removed"]
    assert shell.lines("undo")[0].startswith("Undone: delete")
    found = json.loads("\n".join(shell.lines("task", "N.md:1,4", "--delete", "--json")))
    assert (found["changed"], found["lines"]) == (True, [])
    assert found["removed"] == [1, 3]


def test_what_was_so_already_is_said_to_be_unchanged(note: Shell) -> None:
    found = json.loads("\n".join(note.lines("task", "N.md:5", "--done", "--json")))
    assert (found["changed"], found["lines"]) == (False, [{"line": 5, "status": "x", "text": "c"}])


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_a_step_that_could_not_be_written_can_be_taken_back_later(
    note: Shell, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    note.lines("task", "N.md:2", "--done")
    if command == "redo":
        note.lines("undo")
    before = note.text()

    def refuse(*_arguments: object) -> None:
        raise WriteFailedError(note.root / "N.md", "The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr("roadtui.cli.transaction_runner.commit", refuse)
        assert "The disk is full." in note.refused(command)
    assert note.text() == before
    note.lines(command)
    assert note.text() == (NOTE if command == "undo" else NOTE.replace("[ ] a", "[x] a"))


def test_what_was_made_again_can_be_taken_back_again(note: Shell) -> None:
    note.lines("task", "N.md:2", "--done")
    note.lines("task", "N.md:3", "--done")
    both = note.text()
    for _ in range(2):
        note.lines("undo")
        note.lines("undo")
        assert note.text() == NOTE
        note.lines("redo")
        note.lines("redo")
        assert note.text() == both
    assert "Nothing to redo" in note.refused("redo")


def test_undo_finds_a_line_that_moved_since(note: Shell) -> None:
    note.lines("task", "N.md:2", "--done")
    (note.root / "N.md").write_text("new first line\n" + note.text())
    assert note.lines("undo") == ["Undone: tick “a”", "N.md:3  [ ] a"]
    assert note.text() == "new first line\n" + NOTE


# The history


@pytest.fixture
def repository(shell: Shell) -> Repository:
    repository = Repository(shell.root)
    repository.commit("2026-01-01", Diary="- [ ] a\n- [ ] b\n")
    repository.commit("2026-01-02", Diary="- [x] a\n- [ ] b\n")
    return repository


def test_the_history_is_of_the_day_that_is_given(shell: Shell) -> None:
    shell.lines("history", "status")
    shell.write("area/Sub.md", "- [x] six\n")
    [event] = map(json.loads, shell.lines("history", "export"))
    assert event["day"] == "2026-03-14"


def test_pruning_and_beginning_anew_say_their_numbers_as_json(shell: Shell, repository: Repository) -> None:
    shell.lines("history", "import")
    found = json.loads("\n".join(shell.lines("history", "prune", "--before", "2027-01-01", "--json")))
    assert found == {"events": 1, "completions": 1}
    file = Path(json.loads("\n".join(shell.lines("history", "status", "--json")))["file"])
    other = file.with_name("other.sqlite")
    other.write_bytes(file.read_bytes())
    found = json.loads("\n".join(shell.lines("history", "rebuild", "--json")))
    assert found == {
        "set_aside": [f"{other}.set-aside"],
        "git": {"commits": 2, "completions": 1, "added": 0},
    }


def test_beginning_anew_says_what_is_set_aside(shell: Shell) -> None:
    file = Path(json.loads("\n".join(shell.lines("history", "status", "--json")))["file"])
    other = file.with_name("other.sqlite")
    other.write_bytes(file.read_bytes())
    assert shell.lines("history", "rebuild") == [
        "The history is cleared. Tasks with a date in their line keep it.",
        f"Set aside: {other}.set-aside",
    ]
    assert json.loads("\n".join(shell.lines("history", "rebuild", "--json"))) == {
        "set_aside": [],
        "git": None,
    }


def test_beginning_anew_in_a_repository_without_commits_asks_git_for_nothing(shell: Shell) -> None:
    Repository(shell.root)
    assert shell.lines("history", "rebuild") == [
        "The history is cleared. Tasks with a date in their line keep it."
    ]


def test_a_status_knows_the_days_of_the_history_and_begins_none(shell: Shell) -> None:
    assert json.loads(shell.run("status", "--json").stdout)["done_undated"] == 0
    left = [path.name for path in (shell.state / "roadtui").rglob("*") if path.is_file()]
    kinds = sorted(name.rpartition(".")[2] for name in left)
    assert kinds == ["db", "folder"], "only the cache of notes, and what remembers the vault's folder"
    shell.lines("history", "status")
    shell.write("area/Sub.md", "- [x] six\n")
    shell.lines("history", "status")
    found = json.loads(shell.run("status", "area", "--json").stdout)
    assert (found["done_undated"], found["streak"]["current"]) == (0, 1)
    assert date.fromisoformat(found["today"]) == date(2026, 3, 14)
    assert shell.text("Plan.md") == PLAN


def test_a_damaged_history_is_told_beside_the_numbers(shell: Shell) -> None:
    usual = shell.lines("status")
    file = Path(json.loads("\n".join(shell.lines("history", "status", "--json")))["file"])
    file.write_bytes(b"nonsense" * 1000)
    done = shell.run("status")
    assert (done.exit_code, done.stdout.splitlines()) == (0, usual)
    assert done.stderr.count("was damaged and is set aside") == 1
