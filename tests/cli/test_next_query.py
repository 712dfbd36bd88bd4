"""`roadtui next` with a query: only what it finds, in the order that it asks for, and no more than wanted."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from roadtui.cli.vault_argument import CliContext, settings_reader
from tests.cli.conftest import Shell

NOTE = """\
- [ ] alpha 📅 2026-03-20
- [ ] beta 📅 2026-03-18
- [ ] gamma
- [ ] delta 🛫 2027-01-01
- [x] alpha again
"""


@pytest.fixture
def note(shell: Shell) -> Shell:
    shell.write("N.md", NOTE)
    return shell


def names(shell: Shell, *arguments: str) -> list[str]:
    values = json.loads("\n".join(shell.lines("next", "N.md", "--json", *arguments)))
    return [value["text"].split()[0] for value in values]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), ["beta", "alpha", "gamma"]),
        (("--count", "2"), ["beta", "alpha"]),
        (("--query", "alpha"), ["alpha"]),
        (("--query", "alpha or gamma"), ["alpha", "gamma"]),
        (("--query", "alpha or gamma", "--count", "1"), ["alpha"]),
        (("--query", "gamma", "--count", "1"), ["gamma"]),
        (("--query", "sort:text"), ["alpha", "beta", "gamma"]),
        (("--query", "sort:-text", "--count", "2"), ["gamma", "beta"]),
        (("--query", "delta"), []),
    ],
)
def test_what_is_next_among_what_a_query_finds(
    note: Shell, arguments: tuple[str, ...], expected: list[str]
) -> None:
    assert names(note, *arguments) == expected


def test_that_nothing_found_can_be_done_is_said(note: Shell) -> None:
    done = note.run("next", "N.md", "--query", "delta")
    assert done.exit_code == 0
    assert done.stdout == ""
    assert "None of the tasks that the query finds can be done next." in done.stderr


def test_the_day_is_that_of_the_clock_unless_one_is_named() -> None:
    before = date.today()
    assert before <= CliContext(settings_reader()).day <= before + timedelta(1)
    assert CliContext(settings_reader(), date(2026, 3, 14)).day == date(2026, 3, 14)
