"""The lines and the JSON document of `roadtui history status`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from roadtui.cli.history import history_lines, history_value
from roadtui.vault.history.history import History
from roadtui.vault.history.summary import summarize
from tests.vault.test_history import Machine, spend


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "vault", tmp_path / "state")


def test_numbers_of_a_history_with_days_that_were_pruned(machine: Machine) -> None:
    machine.see("A.md", "- [x] old\n- [ ] a\n")
    spend(machine, 1800)
    machine.wait(days=1)
    machine.history.prune(date(2026, 3, 15))
    machine.see("A.md", "- [x] old\n- [x] a\n")
    file = machine.history.file
    assert file is not None
    other = file.with_name("other.sqlite")
    other.write_bytes(file.read_bytes())
    found = summarize(machine.history, machine.vault.snapshot)
    assert history_value(found) == {
        "file": str(file),
        "others": [str(other)],
        "events": 2,
        "first": "2026-03-15",
        "last": "2026-03-15",
        "done": {"by_own_date": 0, "by_history": 1, "without_a_day": 1},
        "seconds_spent": 1800,
    }
    assert list(history_lines(found)) == [
        f"history  {file}",
        f"with     {other}",
        "events   2, 2026-03-15 to 2026-03-15",
        "done     2: 0 dated in the notes, 1 dated by the history, 1 without a day",
        "focus    0.5 h",
    ]


def test_numbers_of_a_history_that_is_empty(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    found = summarize(machine.history, machine.vault.snapshot)
    assert (found.first, found.last) == (None, None)
    assert list(history_lines(found))[1] == "events   none"


def test_time_is_given_in_hours(machine: Machine) -> None:
    machine.see("A.md", "- [ ] a\n")
    spend(machine, 5400)
    assert list(history_lines(summarize(machine.history, machine.vault.snapshot)))[-1] == "focus    1.5 h"


def test_a_history_in_memory_says_that_it_is_not_written(machine: Machine) -> None:
    found = summarize(History(None, machine.root), machine.vault.snapshot)
    assert next(history_lines(found)) == "history  can’t be written; kept in memory only"
