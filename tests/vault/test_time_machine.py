"""A vault of an earlier day in the form that the screens show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.ignore_rules import NOTHING_IGNORED, IgnoreRules
from roadtui.core.stats.progress import CountMode
from roadtui.vault.git.git import GitError
from roadtui.vault.git.time_machine import TimeMachine
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.repositories import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "vault")
    repository.write(".obsidian/plugins/x.md", "- [ ] No note\n")
    repository.write("Templates/Day.md", "- [ ] Left out\n")
    repository.commit("2026-11-10", Plan="- [ ] One\n", Same="- [ ] Same\n")
    repository.commit("2026-11-12", Plan="- [x] One\n- [ ] Two\n")
    return repository


def now(repository: Repository) -> Snapshot:
    """The vault as it is on disk."""
    state = repository.root.parent / "state"
    return Vault(repository.root, Config(), lambda: NoteWriter(state)).refresh(None)


def look_back(repository: Repository, rules: IgnoreRules = NOTHING_IGNORED, limit: int = 1000) -> TimeMachine:
    return TimeMachine(repository.root, rules, CountMode.LEAVES, limit)


@pytest.mark.parametrize(
    ("day", "done", "total"),
    [(date(2026, 11, 9), 0, 0), (date(2026, 11, 11), 0, 2), (date(2026, 11, 12), 1, 3)],
)
def test_counts_what_was_there_on_the_day(repository: Repository, day: date, done: int, total: int) -> None:
    rules = IgnoreRules.of(["Templates/"])
    then = look_back(repository, rules).at(day, now(repository), lambda: True)
    assert then is not None
    assert (then.progress.done, then.progress.total) == (done, total)


def test_a_day_is_whole_although_the_vault_of_now_is_still_being_read(repository: Repository) -> None:
    half = replace(now(repository), is_complete=False)
    then = look_back(repository).at(date(2026, 11, 12), half, lambda: True)
    assert then is not None
    assert then.is_complete


def test_days_are_those_of_commits(repository: Repository) -> None:
    assert look_back(repository).days == (date(2026, 11, 10), date(2026, 11, 12))


def test_reads_what_the_vault_reads_and_nothing_twice(repository: Repository) -> None:
    snapshot = now(repository)
    then = look_back(repository, IgnoreRules.of(["Templates/"])).at(
        date(2026, 11, 10), snapshot, lambda: True
    )
    assert then is not None
    assert set(then.notes) == {"Plan.md", "Same.md"}
    assert then.notes["Same.md"] is snapshot.notes["Same.md"]
    assert then.notes["Plan.md"] is not snapshot.notes["Plan.md"]


def test_too_large_a_note_is_left_out(repository: Repository) -> None:
    repository.commit("2026-11-13", Large="- [ ] Large\n" * 100)
    then = look_back(repository).at(date(2026, 11, 13), now(repository), lambda: True)
    assert then is not None
    assert "Large.md" not in then.notes
    assert "Plan.md" in then.notes


def test_day_that_is_no_longer_wanted_is_given_up(repository: Repository) -> None:
    answers = iter([True, True, False])
    snapshot = now(repository)
    assert look_back(repository).at(date(2026, 11, 12), snapshot, lambda: next(answers)) is None


def test_says_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(GitError, match=r"not in a git repository\. The time machine needs a vault under git"):
        TimeMachine(tmp_path / "plain", NOTHING_IGNORED, CountMode.LEAVES)
    empty = Repository(tmp_path / "empty")
    with pytest.raises(GitError, match="There is no commit yet"):
        TimeMachine(empty.root, NOTHING_IGNORED, CountMode.LEAVES)
