"""What git knows of the time before: when each box was ticked."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic

import pytest

from roadtui.config import Config
from roadtui.core.ignore_rules import IgnoreRules
from roadtui.core.note import Task
from roadtui.core.stats.progress import CountMode
from roadtui.vault.git.git import Git, GitError
from roadtui.vault.git.import_completions import CancelledError, Imported, import_git
from roadtui.vault.git.time_machine import NOT_YET, GitVault, TimeMachine
from roadtui.vault.history.events import EventSource
from roadtui.vault.history.history import History
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.repositories import Repository

NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
DAY = {number: date(2026, 1, number) for number in range(1, 32)}


def ignore(done: int, total: int) -> None:
    assert 0 <= done <= total


class Import:
    """One import, and what is known after it."""

    def __init__(self, root: Path, state: Path, progress: Callable[[int, int], None] = ignore) -> None:
        self.vault = Vault(root, Config(), lambda: NoteWriter(state))
        for _ in self.vault.load():
            pass
        self.history = History(state, root, UTC)
        self.history.record_snapshot(lambda: self.vault.snapshot, NOW)
        self.result: Imported = import_git(Git(root), self.history, self.vault.snapshot, progress)

    @property
    def done(self) -> dict[str, date]:
        notes = self.vault.snapshot.notes.values()
        return _by_text(dict(self.history.known_dates(notes).done))

    @property
    def added(self) -> dict[str, date]:
        notes = self.vault.snapshot.notes.values()
        return _by_text(dict(self.history.known_dates(notes).added))


def _by_text(days: dict[Task, date]) -> dict[str, date]:
    return {task.text: day for task, day in days.items()}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "vault")


@pytest.fixture
def take(repository: Repository, tmp_path: Path) -> Callable[[], Import]:
    return lambda: Import(repository.root, tmp_path / "state")


def test_a_box_is_dated_by_the_commit_that_ticked_it(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n- [ ] b\n- [x] before\n- [ ] open\n")
    repository.commit("2026-01-02", A="- [x] a\n- [ ] b\n- [x] before\n- [ ] open\n")
    repository.commit("2026-01-03", A="- [x] a\n- [ ] b\n- [x] before\n- [ ] open\n- [ ] new\n")
    repository.commit("2026-01-04", A="- [x] a\n- [x] b\n- [x] before\n- [ ] open\n- [x] new\n")
    found = take()
    assert found.done == {"a": DAY[2], "b": DAY[4], "new": DAY[4]}
    assert found.added == {"new": DAY[3]}
    assert found.result == (4, 3, 1)


def test_only_the_tick_that_holds_counts(repository: Repository, take: Callable[[], Import]) -> None:
    for day, mark in enumerate(" x x  x", 1):
        repository.commit(f"2026-01-0{day}", A=f"- [{mark}] a\n")
    assert take().done == {"a": DAY[7]}


def test_importing_again_counts_nothing_twice(
    repository: Repository, tmp_path: Path, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n")
    repository.commit("2026-01-02", A="- [x] a\n")
    first = take()
    before = first.history.events()
    first.history.close()
    again = take()
    assert again.history.events() == before
    assert again.done == {"a": DAY[2]}


def test_a_day_is_the_authors_own(repository: Repository, take: Callable[[], Import]) -> None:
    repository.commit("2026-01-01", A="".join(f"- [ ] {number}\n" for number in range(4)))
    moments = (
        "2026-03-29T23:59:00+02:00",
        "2026-03-30T00:00:00+02:00",
        "2026-12-31T23:30:00-11:00",
        "2027-01-01T00:30:00+14:00",
    )
    for number, moment in enumerate(moments):
        repository.commit(
            moment, A="".join(f"- [{'x' if other <= number else ' '}] {other}\n" for other in range(4))
        )
    assert take().done == {
        "0": date(2026, 3, 29),
        "1": date(2026, 3, 30),
        "2": date(2026, 12, 31),
        "3": date(2027, 1, 1),
    }


def test_boxes_are_followed_through_renames_moves_and_rewordings(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="# Plan\n- [ ] read the paper\n- [ ] b\n", B="# B\n- [ ] c\n")
    repository.commit("2026-01-02", A="# Plan\n- [x] read the paper\n- [ ] b\n")
    repository.git("mv", "A.md", 'Ä "new" name.md')
    repository.commit("2026-01-03")
    repository.write('Ä "new" name.md', "# Plan\n- [x] read that paper\n- [ ] b\n")
    repository.commit("2026-01-04")
    repository.write('Ä "new" name.md', "# Plan\n- [ ] b\n")
    repository.commit("2026-01-05", B="# B\n- [ ] c\n  - [x] read that paper\n")
    repository.commit("2026-01-06", B="# B\n- [ ] c\n")
    repository.commit("2026-01-07", B="# B\n- [ ] c\n- [x] read that paper\n")
    assert take().done == {"read that paper": DAY[2]}


def test_a_tick_on_a_branch_is_dated_by_the_branch(
    repository: Repository, take: Callable[[], Import]
) -> None:
    lines = [f"- [ ] {number}\n" for number in range(12)]
    repository.commit("2026-01-01", A="".join(lines))
    repository.git("checkout", "-q", "-b", "side")
    lines[10] = "- [x] 10\n"
    repository.commit("2026-01-02", A="".join(lines), S="- [ ] side\n")
    repository.commit("2026-01-03", S="- [x] side\n")
    repository.git("checkout", "-q", "main")
    mine = [f"- [ ] {number}\n" for number in range(12)]
    mine[1] = "- [x] 1\n"
    repository.commit("2026-01-04", A="".join(mine))
    repository.git("merge", "-q", "side", "-m", "x", date="2026-01-05T12:00:00+00:00")
    assert take().done == {"10": DAY[2], "1": DAY[4], "side": DAY[3]}


def test_what_the_note_or_the_journal_says_goes_first(
    repository: Repository, tmp_path: Path, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n- [ ] b\n")
    repository.commit("2026-01-02", A="- [x] a\n- [x] b\n")
    found = take()
    repository.write("A.md", "- [ ] a\n- [x] b\n")
    found.vault.refresh()
    found.history.record_snapshot(lambda: found.vault.snapshot, NOW, EventSource.HERE, "A.md")
    assert set(found.done) == {"b"}, "git knows nothing of a box that was opened since"
    repository.write("A.md", "- [x] a\n- [x] b\n")
    found.vault.refresh()
    found.history.record_snapshot(lambda: found.vault.snapshot, NOW, EventSource.HERE, "A.md")
    assert found.done == {"a": NOW.date(), "b": DAY[2]}
    import_git(Git(repository.root), found.history, found.vault.snapshot, ignore)
    assert found.done == {"a": NOW.date(), "b": DAY[2]}


def test_a_vault_in_a_folder_of_the_repository_knows_only_itself(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write("notes/A.md", "- [ ] a\n")
    repository.write("other/A.md", "- [ ] a\n")
    repository.commit("2026-01-01")
    repository.write("other/A.md", "- [x] a\n")
    repository.commit("2026-01-02")
    repository.write("notes/A.md", "- [x] a\n")
    repository.commit("2026-01-03")
    assert Import(repository.root / "notes", tmp_path / "state").done == {"a": DAY[3]}


def test_what_is_not_committed_yet_is_followed_too(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n- [ ] b\n")
    repository.commit("2026-01-02", A="- [x] a\n- [x] b\n")
    repository.write("A.md", "# Title\n- [ ] new\n- [x] a\n\n```\n- [x] no task\n```\n- [ ] b\n")
    assert take().done == {"a": DAY[2]}


def test_lines_without_an_end_and_with_carriage_returns(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\r\n- [ ] b")
    repository.commit("2026-01-02", A="- [ ] a\r\n- [x] b")
    repository.commit("2026-01-03", A="- [x] a\r\n- [x] b\n")
    assert take().done == {"a": DAY[3], "b": DAY[2]}


def test_no_program_that_a_repository_names_is_run(
    repository: Repository, tmp_path: Path, take: Callable[[], Import]
) -> None:
    trap = tmp_path / "trap"
    sprung = tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch '{sprung}'\ncat\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    repository.write(".gitattributes", "*.md diff=evil filter=evil\n")
    repository.commit("2026-01-01", A="- [ ] a\n")
    repository.commit("2026-01-02", A="- [x] a\n")
    for name in (
        "diff.external", "diff.evil.command", "diff.evil.textconv", "filter.evil.smudge", "filter.evil.clean",
        "core.fsmonitor", "core.pager", "pager.log", "core.sshCommand", "core.askPass", "gpg.program",
        "core.alternateRefsCommand", "credential.helper",
    ):  # fmt: skip
        repository.git("config", name, str(trap))
    for name, value in {
        "log.showSignature": "true", "diff.noprefix": "true", "diff.mnemonicPrefix": "true",
        "log.showRoot": "false", "diff.orderFile": "missing",
        "color.ui": "always", "diff.context": "9", "diff.interHunkContext": "9", "diff.renames": "false",
        "log.date": "relative", "format.pretty": "oneline", "diff.algorithm": "patience",
        "log.follow": "true",
        "diff.evil.binary": "true", "diff.relative": "true", "log.diffMerges": "off",
    }.items():  # fmt: skip
        repository.git("config", name, value)
    hook = repository.root / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_bytes(trap.read_bytes())
    hook.chmod(0o755)
    found = take()
    past = GitVault(Git(repository.root))
    assert past.at(DAY[1]) == {"A.md": b"- [ ] a\n"}
    assert found.done == {"a": DAY[2]}
    assert not sprung.exists()


def test_a_cancelled_import_changes_nothing(repository: Repository, tmp_path: Path) -> None:
    for day in range(1, 20):
        repository.commit(f"2026-01-{day:02}", A=f"- [{'x' if day > 3 else ' '}] a\n" + "- [ ] b\n" * day)
    found = Import(repository.root, tmp_path / "state")
    before = found.history.events()
    steps: list[int] = []
    with pytest.raises(CancelledError):
        import_git(
            Git(repository.root),
            found.history,
            found.vault.snapshot,
            lambda done, total: steps.append(done),
            is_cancelled=lambda: len(steps) > 3,
        )
    assert steps == [1, 2, 3, 4]
    assert found.history.events() == before


def test_a_vault_without_git_says_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="is not in a git repository"):
        Git(tmp_path)


def test_a_repository_without_commits_has_nothing_to_tell(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.write("A.md", "- [x] a\n")
    assert take().result == (0, 0, 0)
    assert GitVault(Git(repository.root)).days == ()


def test_the_vault_as_it_was_on_a_day(repository: Repository) -> None:
    repository.commit("2026-01-02T23:59:00+09:00", A="one\n")
    repository.write("folder/Ä b.md", b"\xff\r\n")
    repository.write("folder/picture.png", b"\x89PNG")
    repository.write(".obsidian/x.md", b"")
    repository.commit("2026-01-04", A="two\n")
    repository.commit("2026-01-04T13:00:00+00:00", A="three\n")
    (repository.root / "A.md").unlink()
    repository.commit("2026-01-07")
    past = GitVault(Git(repository.root))
    assert past.days == (DAY[2], DAY[4], DAY[7])
    assert past.at(DAY[1]) == {}
    assert past.at(DAY[2]) == past.at(DAY[3]) == {"A.md": b"one\n"}
    assert past.at(DAY[4]) == {"A.md": b"three\n", "folder/Ä b.md": b"\xff\r\n", ".obsidian/x.md": b""}
    assert past.at(DAY[31]) == {"folder/Ä b.md": b"\xff\r\n", ".obsidian/x.md": b""}


@pytest.mark.parametrize("broken", ["[alias\n", None])
def test_looking_back_passes_on_what_git_says(repository: Repository, broken: str | None) -> None:
    repository.commit("2026-01-01", Plan="- [ ] a\n")
    git = repository.root / ".git"
    if broken is not None:
        (git / "config").write_text(broken)
    else:
        (git / "HEAD").write_text("nonsense\n")
    with pytest.raises(GitError, match="Git failed: fatal: ") as raised:
        TimeMachine(repository.root, IgnoreRules(), CountMode.LEAVES)
    assert NOT_YET not in str(raised.value)


def test_a_repository_that_lost_its_newest_commit_is_not_one_without_commits(repository: Repository) -> None:
    name = repository.commit("2026-01-01", Plan="- [ ] a\n")
    (repository.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(GitError, match="Git failed: fatal: "):
        Git(repository.root).head  # noqa: B018 - asking is the test


def test_git_that_cannot_be_run_is_told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    git = Git(repository.root)

    def refused(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", refused)
    with pytest.raises(GitError, match=r"Git could not be run \(Cannot allocate memory\)"):
        git.ask("status")


def git_that(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in the place of git."""
    program = folder / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)


@pytest.mark.parametrize("script", ["sleep 60", "sleep 60 & sleep 60", "yes"])
def test_git_that_does_not_answer_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    git_that(script, tmp_path, monkeypatch)
    began = monotonic()
    with pytest.raises(GitError, match="Git did not answer within"):
        Git(tmp_path / "vault", timeout=0.2)
    assert monotonic() - began < 30


def test_a_program_that_writes_what_git_never_does_is_told(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git_that("printf '\\377'", tmp_path, monkeypatch)
    with pytest.raises(GitError, match="Git failed"):
        TimeMachine(repository.root, IgnoreRules(), CountMode.LEAVES, 10**6)
