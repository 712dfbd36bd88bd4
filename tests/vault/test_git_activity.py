"""What git has to do with a note: found by real commands in real repositories."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from roadtui.vault.git.activity import GitWork, git_folder, git_work
from tests.vault.repositories import Repository

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

OLD, NEW = "- [ ] one\n- [ ] two\n", "- [x] one\n- [ ] two\n"


def commit(repository: Repository, text: str, path: str = "Plan.md") -> Path:
    repository.write(path, text)
    repository.commit("2026-01-01")
    return repository.root / path


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "vault")


def test_outside_a_repository_there_is_none(tmp_path: Path) -> None:
    note = tmp_path / "Plan.md"
    note.write_text(OLD)
    assert git_work(note) is GitWork.NONE


@pytest.mark.parametrize("path", ["Plan.md", "sub/[odd] *.md", "sub/ö.md", ":(top)x.md"])
def test_a_note_is_as_checked_out_or_not(repository: Repository, path: str) -> None:
    note = commit(repository, OLD, path)
    assert git_work(note) is GitWork.CHECKED_OUT
    note.write_text(NEW)
    assert git_work(note) is GitWork.NONE


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_version_of_the_index_is_understood(repository: Repository, version: str) -> None:
    repository.write("Plan A.md", NEW)
    repository.write("Plan.md.md", NEW)
    note = commit(repository, OLD, "Plan.md")
    repository.write("new.md", "")
    repository.git("add", "--intent-to-add", "new.md")  # which needs the flags of version 3
    repository.git("update-index", "--index-version", version)
    assert git_work(note) is GitWork.CHECKED_OUT
    note.write_text(NEW)
    assert git_work(note) is GitWork.NONE


def test_a_note_that_git_does_not_know_is_not_checked_out(repository: Repository) -> None:
    other = commit(repository, OLD).with_name("Other.md")
    other.write_text("- [ ] other\n")
    assert git_work(other) is GitWork.NONE


def test_before_the_first_commit_the_index_counts(repository: Repository) -> None:
    note = repository.root / "Plan.md"
    note.write_text(OLD)
    assert git_work(note) is GitWork.NONE
    repository.git("add", "-A")
    assert git_work(note) is GitWork.CHECKED_OUT


def test_line_ends_that_git_turned_are_the_same(repository: Repository) -> None:
    note = commit(repository, OLD)
    note.write_bytes(OLD.replace("\n", "\r\n").encode())
    assert git_work(note) is GitWork.CHECKED_OUT


@pytest.mark.parametrize(
    "commands",
    [
        ["stash"],
        ["checkout -- Plan.md"],
        ["restore Plan.md"],
        ["commit -qam new", "reset -q --hard HEAD~1"],
        ["commit -qam new", "revert --no-edit HEAD"],
        ["checkout -qf other"],
        ["add -A", "restore --source=HEAD Plan.md"],  # the index has what was added
    ],
)
def test_what_git_puts_back_is_checked_out(repository: Repository, commands: list[str]) -> None:
    note = commit(repository, OLD)
    repository.git("branch", "other")
    note.write_text(NEW)
    for command in commands:
        repository.git(*command.split())
    assert note.read_text() == OLD
    assert git_work(note) is GitWork.CHECKED_OUT


def test_what_a_stash_gives_back_is_the_users_again(repository: Repository) -> None:
    note = commit(repository, OLD)
    note.write_text(NEW)
    repository.git("stash")
    repository.git("stash", "pop")
    assert note.read_text() == NEW
    assert git_work(note) is GitWork.NONE


def conflict(repository: Repository) -> Path:
    """Two branches that have changed the same line; `main` is checked out."""
    note = commit(repository, OLD)
    repository.git("checkout", "-qb", "other")
    commit(repository, OLD.replace("one", "other"))
    repository.git("checkout", "-q", "main")
    commit(repository, OLD.replace("one", "ours"))
    return note


@pytest.mark.parametrize("command", ["merge other", "rebase other", "cherry-pick other"])
def test_what_is_to_be_finished_is_under_way(repository: Repository, command: str) -> None:
    note = conflict(repository)
    verb = command.split()[0]
    with pytest.raises(subprocess.CalledProcessError):
        repository.git(*command.split())
    assert git_work(note) is GitWork.UNDER_WAY
    repository.git(verb, "--abort")
    assert git_work(note) is GitWork.CHECKED_OUT


def test_a_command_that_runs_is_under_way(repository: Repository) -> None:
    note = commit(repository, OLD, "sub/deep/Plan.md")
    (repository.root / ".git" / "index.lock").touch()
    assert git_work(note) is GitWork.UNDER_WAY


def test_a_linked_worktree_has_its_own_state(repository: Repository, tmp_path: Path) -> None:
    first = commit(repository, OLD)
    repository.git("worktree", "add", "-q", str(tmp_path / "second"))
    second = tmp_path / "second" / "Plan.md"
    assert git_work(second) is GitWork.CHECKED_OUT
    folder = git_folder(second.parent)
    assert folder is not None
    (folder / "index.lock").touch()
    assert (git_work(second), git_work(first)) == (GitWork.UNDER_WAY, GitWork.CHECKED_OUT)


def test_a_submodule_has_its_own_state(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "notes")
    commit(inner, OLD)
    first = commit(repository, OLD)
    allowed = ("-c", "protocol.file.allow=always")
    repository.git(*allowed, "submodule", "--quiet", "add", str(inner.root), "notes")
    note = repository.root / "notes" / "Plan.md"
    assert git_work(note) is GitWork.CHECKED_OUT
    (repository.root / ".git" / "modules" / "notes" / "index.lock").touch()
    assert (git_work(note), git_work(first)) == (GitWork.UNDER_WAY, GitWork.CHECKED_OUT)


def test_a_link_to_a_note_is_judged_where_the_note_is(repository: Repository, tmp_path: Path) -> None:
    note = commit(repository, OLD)
    link = tmp_path / "link.md"
    link.symlink_to(note)
    assert git_work(link) is GitWork.CHECKED_OUT


@pytest.mark.parametrize("text", ["", "nonsense", "gitdir: nowhere"])
def test_a_broken_pointer_is_no_repository(tmp_path: Path, text: str) -> None:
    note = tmp_path / "Plan.md"
    note.write_text(OLD)
    (tmp_path / ".git").write_text(text)
    assert git_work(note) is GitWork.NONE
