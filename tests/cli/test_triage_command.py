"""`roadtui triage`: what it says, and what it writes for a script."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

TODAY = date(2026, 3, 14)
DONE = "".join(f"- [x] d ✅ {TODAY - timedelta(7 * n)}\n" for n in range(12))
BIG = """\
---
deadline: 2026-05-10
---
[[Sub]]
# One
- [ ] a long name of something
- [ ] Entropy
# Two
- [/] b
- [ ] c
- [ ] c
- [ ] c
"""


@pytest.fixture(autouse=True)
def _big(shell: Shell) -> None:
    shell.write("Big.md", BIG + DONE)


def test_the_truth_the_step_and_what_each_part_weighs(shell: Shell) -> None:
    assert shell.lines("triage", "Big.md") == [
        "6 open here, 7 in all.",
        "At your pace (1.0 a week) you are done on 2 May. Big, deadline 10 May: over 99 %.",
        "",
        "One step of two minutes: b (Big.md:9)",
        "",
        "  open    weighs",
        "     6  +6 weeks  Big",
        "     2  +2 weeks    One",
        "     4  +4 weeks    Two",
        "     1   +1 week  Sub",
    ]


def test_a_plan_is_shown_then_written_as_one_change_and_taken_back(shell: Shell) -> None:
    plan = ("triage", "Big.md", "--later", "Big#one=+2w", "--drop", "Two", "--keep", "sub")
    before = shell.text("Big.md")
    lines = shell.lines(*plan, "--dry-run")
    assert "     2  +2 weeks    One  — later  from 28 Mar" in lines
    assert lines[lines.index("with this: 21 Mar, 6 weeks sooner") + 1 :][:2] == [
        "Big, deadline 10 May: over 99 % → –",
        "one more a week: 21 Mar",
    ]
    assert lines[-1] == "Would change 6 lines. Nothing is written."
    assert shell.text("Big.md") == before
    assert shell.lines(*plan)[-1] == "Changed 6 lines. `roadtui undo` takes it back."
    text = shell.text("Big.md")
    assert "- [ ] Entropy 🛫 2026-03-28\n" in text
    assert (text.count("🛫"), text.count("- [-] c\n"), text.count("- [-] b\n")) == (2, 3, 1)
    found = json.loads(shell.run("status", "Big.md", "--json").stdout)
    assert (found["put_off"], found["progress"]["cancelled"]) == (2, 4)
    shell.run("undo")
    assert shell.text("Big.md") == before


def test_as_json(shell: Shell) -> None:
    found = json.loads(shell.run("triage", "Big.md", "--drop", "Two", "--dry-run", "--json").stdout)
    assert found["notes"] == ["Big.md", "area/Sub.md"]
    assert found["now"] == {
        "open": 7,
        "put_off": 0,
        "half": "2026-05-02",
        "likely": "2026-05-02",
        "why": None,
    }
    assert (found["then"]["open"], found["then"]["half"], found["week_holds"]) == (3, "2026-04-04", 1)
    assert found["deadline"] == {"path": "Big.md", "day": "2026-05-10", "odds_now": 1.0, "odds_then": 1.0}
    assert found["step"] == {"path": "Big.md", "line": 9, "text": "b"}
    assert [(part["heading"], part["weighs_days"], part["decision"]) for part in found["parts"]] == [
        ([], 42, None),
        (["One"], 14, None),
        (["Two"], 28, "drop"),
        ([], 7, None),
    ]
    assert [change["after"] for change in found["changes"]] == ["- [-] b", *["- [-] c"] * 3]


def test_without_history_it_helps_by_counts(shell: Shell) -> None:
    shell.write("Big.md", BIG)
    lines = shell.lines("triage", "Big.md", "--drop", "Two", "--dry-run")
    assert lines[:2] == [
        "6 open here, 7 in all.",
        "A forecast appears after five tasks done in three weeks or more: 5 tasks and 3 weeks to go.",
    ]
    assert "     4    57 %    Two  — drop" in lines
    assert any(line.startswith("with this: 7 open → 3.") for line in lines)


def test_where_all_is_done_it_says_so(shell: Shell) -> None:
    shell.write("Big.md", DONE)
    assert shell.lines("triage", "Big.md") == ["Everything is done here."]
    shell.write("Big.md", "Only words.\n")
    assert shell.lines("triage", "Big.md") == ["There are no tasks here."]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--drop", "Three"], "No section or note is called “Three” here."),
        (["--later", "One=2026-03-14"], "“2026-03-14” is not a later day."),
        (["--later", "One=soon"], "“soon” is not a later day."),
    ],
)
def test_what_cannot_be_is_refused(shell: Shell, options: list[str], says: str) -> None:
    assert says in shell.refused("triage", "Big.md", *options, status=2)


def test_in_a_folder_of_a_vault(shell: Shell) -> None:
    shell.lines("triage", Path("area"), "--drop", "Sub")
    assert shell.text("area/Sub.md") == "- [-] six\n"
    assert shell.lines("undo") == ["Undone: the way out", "area/Sub.md:1  [ ] six"]
