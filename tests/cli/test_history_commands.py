"""`roadtui history …` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.cli.conftest import shell as shell
from tests.vault.repositories import Repository


@pytest.fixture
def repository(shell: Shell) -> Repository:
    repository = Repository(shell.root)
    repository.commit("2026-01-01", Diary="- [ ] a\n- [ ] b\n- [x] before\n")
    repository.commit("2026-01-02", Diary="- [x] a\n- [ ] b\n- [x] before\n")
    return repository


def test_the_history_of_a_vault_without_git(shell: Shell) -> None:
    sentence = shell.refused("history", "import")
    assert "is not in a git repository" in sentence
    assert shell.lines("history", "export") == []
    lines = shell.lines("history", "status")
    assert lines[-2] == "done     1: 1 dated in the notes, 0 dated by the history, 0 without a day"


def test_importing_twice_is_importing_once(shell: Shell, repository: Repository) -> None:
    for _ in range(2):
        assert shell.lines("history", "import") == ["Git dates 1 completion, by 2 commits."]
    found = json.loads("\n".join(shell.lines("history", "status", "--json")))
    assert found["done"] == {"by_own_date": 1, "by_history": 1, "without_a_day": 1}
    assert (found["first"], found["last"], found["others"]) == ("2026-01-02", "2026-01-02", [])
    assert Path(found["file"]).is_relative_to(shell.state)
    [event] = map(json.loads, shell.lines("history", "export"))
    assert (event["day"], event["words"], event["origin"]) == ("2026-01-02", "a", "git")


def test_an_import_says_its_numbers_as_json(shell: Shell, repository: Repository) -> None:
    found = json.loads("\n".join(shell.lines("history", "import", "--json")))
    assert found == {"commits": 2, "completions": 1, "added": 0}


def test_ticks_between_two_commands_are_noticed(shell: Shell) -> None:
    shell.lines("history", "status")
    shell.run("task", "area/Sub.md:1", "--done")
    [event] = map(json.loads, shell.lines("history", "export"))
    assert (event["kind"], event["origin"], event["words"]) == ("done", "between", "six")


def test_pruning_asks_for_a_day(shell: Shell, repository: Repository) -> None:
    shell.lines("history", "import")
    assert "is not a date" in shell.refused("history", "prune", "--before", "soon", status=2)
    assert shell.lines("history", "prune", "--before", "2026-01-02") == [
        "There are no events from before 2026-01-02."
    ]
    assert shell.lines("history", "prune", "--before", "2026-01-03") == [
        "Forgot 1 event from before 2026-01-03."
    ]
    assert shell.lines("history", "export") == []


def test_beginning_anew_takes_from_git_what_it_knows(shell: Shell, repository: Repository) -> None:
    shell.lines("history", "status")
    shell.run("task", "area/Sub.md:1", "--done")
    assert len(shell.lines("history", "export")) == 1
    assert shell.lines("history", "rebuild") == [
        "The history is cleared. Tasks with a date in their line keep it.",
        "Git dates 1 completion, by 2 commits.",
    ]
    [event] = map(json.loads, shell.lines("history", "export"))
    assert event["words"] == "a"


def test_a_lone_note_has_a_history_of_its_own(shell: Shell, tmp_path: Path) -> None:
    lone = tmp_path / "lone" / "Note.md"
    lone.parent.mkdir()
    lone.write_text("- [ ] a\n")
    (lone.parent / "Other.md").write_text("- [ ] b\n")
    shell.lines("history", "status", lone.parent)
    shell.lines("history", "status", lone)
    lone.write_text("- [x] a\n")
    (lone.parent / "Other.md").write_text("- [x] b\n")
    for path, expected in ((lone, {"a"}), (lone.parent, {"a", "b"})):
        assert {json.loads(line)["words"] for line in shell.lines("history", "export", path)} == expected


def test_a_damaged_history_is_told_and_everything_else_works(shell: Shell) -> None:
    found = json.loads("\n".join(shell.lines("history", "status", "--json")))
    Path(found["file"]).write_bytes(b"nonsense" * 1000)
    done = shell.run("history", "status")
    assert done.exit_code == 0
    assert "was damaged and is set aside" in done.stderr
    assert shell.lines("history", "export") == []
