"""`--query`: which tasks are listed, suggested and exported, and what is said of a wrong query."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from roadtui.config import Config
from roadtui.vault.history.events import EventSource
from roadtui.vault.history.history import History
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.cli.conftest import Shell

WORK = """\
# Work
- [ ] Write the report 📅 2026-03-12 #office
- [ ] Call Ann 📅 2026-03-20
- [x] Pay rent ✅ 2026-03-11
"""
HOME = """\
# Home
- [ ] Paint the fence 🔼
- [ ] Report the leak #office
"""


@pytest.fixture
def home(shell: Shell) -> Shell:
    shell.write("Home.md", HOME)
    shell.write("Work.md", WORK)
    return shell


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("is:overdue", ["Work.md:2  [ ] Write the report 📅 2026-03-12 #office"]),
        ("report", ["Home.md:3  [ ] Report the leak #office",
                    "Work.md:2  [ ] Write the report 📅 2026-03-12 #office"]),
        ("has:due sort:-due", ["Work.md:3  [ ] Call Ann 📅 2026-03-20",
                               "Work.md:2  [ ] Write the report 📅 2026-03-12 #office"]),
        ("done:this-week", ["Work.md:4  [x] Pay rent ✅ 2026-03-11"]),
        ("path:home -#office", ["Home.md:2  [ ] Paint the fence 🔼"]),
        ("home fence", ["Home.md:2  [ ] Paint the fence 🔼"]),
    ],
)  # fmt: skip
def test_the_tasks_that_are_listed(home: Shell, query: str, lines: list[str]) -> None:
    assert home.lines("tasks", home.root, "--query", query) == lines


def test_a_query_and_the_other_options_both_hold(home: Shell) -> None:
    assert home.lines("tasks", home.root, "--query", "has:due or is:done", "--todo", "--total") == ["2"]
    assert home.lines("tasks", home.root / "Home.md", "--query", "#office") == [
        "Home.md:3  [ ] Report the leak #office"
    ]


def test_a_query_that_finds_nothing_is_told(home: Shell) -> None:
    done = home.run("tasks", home.root, "--query", "zebra")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "roadtui: There are no tasks of that kind here.\n"


def test_what_is_wrong_is_pointed_at(home: Shell) -> None:
    told = home.refused("tasks", home.root, "--query", "fence is:opn", status=2)
    assert told.splitlines()[-4:] == [
        "Error: `opn` is not a value of `is:`. Did you mean `open`?",
        "",
        "    fence is:opn",
        "             ^^^",
    ]


def test_a_long_query_is_shown_around_what_is_wrong(home: Shell) -> None:
    told = home.refused("tasks", home.root, "--query", "word " * 100 + "is:opn" + " word" * 50, status=2)
    shown, marks = told.splitlines()[-2:]
    assert len(shown) < 80
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "opn"


def test_control_characters_of_a_query_do_not_reach_the_terminal(home: Shell) -> None:
    assert "\x1b" not in home.refused("next", home.root, "--query", "is:\x1b[31m", status=2)


def test_next_is_narrowed_and_keeps_its_order(home: Shell) -> None:
    assert [line.partition(" — ")[0] for line in home.lines("next", home.root, "--query", "#office")] == [
        "Work.md:2  Write the report #office",
        "Home.md:3  Report the leak #office",
    ]
    assert len(home.lines("next", home.root, "--query", "#office", "--count", "1")) == 1


def test_next_is_sorted_as_the_query_says(home: Shell) -> None:
    lines = home.lines("next", home.root, "--query", "#office sort:text")
    assert [line.partition(" — ")[0] for line in lines] == [
        "Home.md:3  Report the leak #office",
        "Work.md:2  Write the report #office",
    ]


def test_next_says_that_the_query_found_nothing_that_can_be_done(home: Shell) -> None:
    done = home.run("next", home.root, "--query", "is:done")
    assert done.stderr == "roadtui: None of the tasks that the query finds can be done next.\n"


def test_export_has_the_tasks_that_are_found_and_their_notes(home: Shell) -> None:
    document = json.loads(home.run("export", home.root, "--query", "#office has:due").stdout)
    [note] = document["notes"]
    assert (note["path"], [task["line"] for task in note["tasks"]]) == ("Work.md", [2])
    assert len(note["items"]) == 3


def test_the_history_dates_what_the_note_does_not(home: Shell) -> None:
    history = History(home.state / "roadtui", home.root)
    vault = Vault(home.root, Config(), lambda: NoteWriter(home.state))
    history.record_snapshot(vault.refresh, datetime(2026, 3, 10, 12, tzinfo=UTC))
    home.write("Home.md", HOME.replace("[ ] Paint", "[x] Paint"))
    at = datetime(2026, 3, 12, 12, tzinfo=UTC)
    history.record_snapshot(vault.refresh, at, EventSource.HERE, "Home.md")
    history.close(at)
    assert home.lines("tasks", home.root, "--query", "done:2026-03-12") == [
        "Home.md:2  [x] Paint the fence 🔼"
    ]
