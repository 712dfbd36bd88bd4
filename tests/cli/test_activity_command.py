"""`roadtui activity`: what has changed since the last look or a day, and who it was."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.conftest import PLAN, Shell
from tests.vault.repositories import Repository

MORNING = datetime(2026, 3, 14, 8, 30).astimezone()


def change(shell: Shell, *pairs: tuple[str, str], at: datetime = MORNING) -> None:
    text = shell.text("Plan.md")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path = shell.write("Plan.md", text)
    os.utime(path, (at.timestamp(), at.timestamp()))


def test_the_first_look_tells_nothing_and_later_ones_what_has_changed(shell: Shell) -> None:
    assert shell.lines("activity")[0].startswith("This is the first look at this vault")
    change(shell, ("[ ] one", "[x] one"), ("  - [/] three\n", ""), ("[?] five", "[?] five!"))
    headline, *lines = shell.lines("activity")
    assert headline.startswith("3 changes since ")
    assert lines == [
        "",
        "Plan.md",
        "  08:30      2  done      one · outside",
        "  08:30         gone      three · outside",
        "  08:30      6  edited    five! · outside",
        "",
        "2 open.",
        "A forecast appears after five tasks done in three weeks or more: 4 tasks and 3 weeks to go.",
    ]
    assert len(shell.lines("activity", "area")) == 4, "nothing has changed there"
    assert shell.lines("activity", "--seen")[0].startswith("3 changes")
    assert shell.lines("activity")[0].startswith("No changes since ")


def test_what_another_command_has_written_was_written_here(shell: Shell) -> None:
    shell.lines("activity")
    shell.lines("task", "Plan.md:2", "--toggle")
    shell.lines("task", "Plan.md:4", "--delete", "--yes")
    change(shell, ("[?] five", "[?] five!"))
    found = json.loads("\n".join(shell.lines("activity", "--json")))["changes"]
    assert [(one["change"], one["by"]) for one in found] == [
        ("done", "here"),
        ("gone", "here"),
        ("edited", "outside"),
    ]
    assert datetime.fromisoformat(found[0]["at"]) != MORNING


def test_the_json_has_both_lines(shell: Shell) -> None:
    shell.lines("activity")
    change(shell, ("[ ] one", "[x] one"))
    found = json.loads("\n".join(shell.lines("activity", "--json")))
    assert found["changes"] == [
        {
            "change": "done",
            "path": "Plan.md",
            "line": 2,
            "heading": ["Plan"],
            "text": "one",
            "at": MORNING.isoformat(timespec="seconds"),
            "by": "outside",
            "name": None,
            "commit": None,
            "before": "- [ ] one",
            "after": "- [x] one",
        }
    ]
    assert (found["is_first_look"], found["open"], found["half"]) == (False, 3, None)


def test_a_repository_tells_what_was_committed_since_a_day_and_by_whom(shell: Shell) -> None:
    repository = Repository(shell.root)
    repository.commit("2026-03-10", Plan=PLAN)
    repository.git("config", "user.name", "Mira")
    commit = repository.commit("2026-03-13", Plan=PLAN.replace("[ ] one", "[x] one"))[:7]
    change(shell, ("[/] three", "[x] three"))
    lines = shell.lines("activity", "Plan.md", "--since", "yesterday")
    done = datetime.fromisoformat("2026-03-13T12:00:00+00:00").astimezone()
    assert lines[:5] == [
        "2 changes since yesterday.",
        "",
        "Plan.md",
        "  08:30                4  done      three · outside",
        f"  yesterday {done:%H:%M}      2  done      one · by git · Mira {commit}",
    ]
    assert lines[6].endswith("2 done in 2 days.")
    assert shell.lines("activity", "Plan.md", "--since", "today")[0] == "1 change since today."


def test_without_git_the_history_tells_of_earlier_days(shell: Shell) -> None:
    shell.lines("history", "status")
    change(shell, ("[ ] one", "[x] one"))
    shell.lines("history", "status")
    assert [line[-24:] for line in shell.lines("activity", "--since", "2026-03-01")[:4]][-1] == (
        "  done      one · outside"[-24:]
    )


@pytest.mark.parametrize("day", ["someday", "tomorrow", "2027-01-01"])
def test_a_day_that_is_no_day_in_the_past_is_refused(shell: Shell, day: str) -> None:
    assert "is not a day in the past" in shell.refused("activity", "--since", day, status=2)


def test_a_weekday_is_the_last_one(shell: Shell) -> None:
    Repository(shell.root).commit("2026-03-01", Plan=PLAN)
    assert shell.lines("activity", "--since", "monday")[0].endswith(" since 9 Mar.")


def seen_file(shell: Shell) -> Path:
    (file,) = shell.state.rglob("*.activity")
    return file


def test_while_another_program_uses_the_list_it_says_so_and_nothing_else(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roadtui.vault.activity.seen_file._TIMEOUT_SECONDS", 0.0)
    shell.lines("activity")
    change(shell, ("[ ] one", "[x] one"))
    other = sqlite3.connect(seen_file(shell), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    sentence = shell.refused("activity")
    assert sentence.startswith("roadtui: Another program is using the list of what was seen ")
    assert sentence.endswith(". Try again.\n")
    other.close()
    assert shell.lines("activity")[0].startswith("1 change since ")


def test_of_a_list_of_a_newer_program_it_says_so_and_leaves_it(shell: Shell) -> None:
    shell.lines("activity")
    database = sqlite3.connect(seen_file(shell))
    database.execute("PRAGMA user_version = 99")
    database.close()
    data = seen_file(shell).read_bytes()
    sentence = shell.refused("activity")
    assert "can't be used (it was made by a newer roadtui)" in sentence
    assert "--since DAY" in sentence
    assert seen_file(shell).read_bytes() == data


def test_of_a_damaged_list_it_says_so_once(shell: Shell) -> None:
    shell.lines("activity")
    seen_file(shell).write_bytes(b"damaged" * 1_000)
    sentence = shell.refused("activity")
    assert "was damaged, and is set aside as " in sentence
    change(shell, ("[ ] one", "[x] one"))
    assert shell.lines("activity")[0].startswith("1 change since ")


def test_a_list_that_cannot_be_kept_is_no_first_look(shell: Shell) -> None:
    shell.lines("activity")
    file = seen_file(shell)
    file.unlink()
    file.mkdir()
    assert "not a plain file" in shell.refused("activity")
