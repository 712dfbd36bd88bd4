"""What git knows of boxes that came by a branch, moved between notes, or are not as they were committed."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from time import monotonic

import pytest

from roadtui.vault.git.git import Git, GitError, NoRepositoryError
from roadtui.vault.git.import_completions import import_git
from roadtui.vault.git.log_parser import match_entry
from roadtui.vault.git.time_machine import GitVault
from roadtui.vault.history.history import History
from tests.vault.repositories import Repository
from tests.vault.test_history_git import DAY, Import, ignore
from tests.vault.test_history_git import repository as repository
from tests.vault.test_history_git import take as take


def merge(repository: Repository, day: str, branch: str = "side") -> None:
    """Merge a branch into the one that is checked out, on a day."""
    repository.git("merge", "-q", "--no-ff", branch, "-m", "x", date=f"{day}T12:00:00+00:00")


BASE = "- [ ] 0\n- [ ] 1\n- [ ] 2\n- [ ] 3\n- [ ] 4\n"


@pytest.fixture
def branched(repository: Repository) -> Repository:
    """A repository with a commit of `A.md` on the 1st, and the branch `side` checked out."""
    repository.commit("2026-01-01", A=BASE)
    repository.git("checkout", "-q", "-b", "side")
    return repository


def on_main(repository: Repository, day: str) -> None:
    """Leave the branch, and commit something that no box is in."""
    repository.git("checkout", "-q", "main")
    repository.commit(day, Other="# Other\n")


def test_the_last_tick_on_a_branch_counts(branched: Repository, take: Callable[[], Import]) -> None:
    for day, mark in ((2, "x"), (3, " "), (4, "x")):
        branched.commit(f"2026-01-0{day}", A=BASE.replace("[ ] 2", f"[{mark}] 2"))
    branched.commit("2026-01-05", A=BASE.replace("- [ ] 2", "- [x] 2"), B="# B\n")
    on_main(branched, "2026-01-06")
    merge(branched, "2026-01-07")
    assert take().done == {"2": DAY[4]}


def test_a_line_that_is_changed_on_a_branch_once_it_is_done_keeps_its_day(
    branched: Repository, take: Callable[[], Import]
) -> None:
    branched.commit("2026-01-02", A=BASE.replace("- [ ] 2", "- [x] 2"))
    branched.commit("2026-01-03", A=BASE.replace("- [ ] 2", "  - [x] 2"))
    on_main(branched, "2026-01-04")
    merge(branched, "2026-01-05")
    assert take().done == {"2": DAY[2]}


def test_a_box_that_came_on_a_branch_and_was_ticked_there(
    branched: Repository, take: Callable[[], Import]
) -> None:
    branched.commit("2026-01-02", A=BASE + "- [ ] new\n")
    branched.commit("2026-01-03", A=BASE + "- [x] new\n", N="- [x] done\n- [ ] open\n")
    on_main(branched, "2026-01-04")
    merge(branched, "2026-01-05")
    found = take()
    assert found.done == {"new": DAY[3]}, "what comes done with a new note was done nobody knows when"
    assert found.added == {"new": DAY[2], "done": DAY[3], "open": DAY[3]}


def test_a_tick_that_the_merge_itself_makes_is_of_the_merge(
    branched: Repository, take: Callable[[], Import]
) -> None:
    branched.commit("2026-01-02", A=BASE + "- [ ] new\n")
    on_main(branched, "2026-01-04")
    branched.git("merge", "-q", "--no-ff", "--no-commit", "side")
    branched.commit("2026-01-05", A=BASE + "- [x] new\n")
    assert take().done == {"new": DAY[5]}


def test_a_branch_that_is_merged_twice_brings_each_tick_with_its_day(
    branched: Repository, take: Callable[[], Import]
) -> None:
    branched.commit("2026-01-02", A=BASE.replace("[ ] 1", "[x] 1"))
    on_main(branched, "2026-01-03")
    merge(branched, "2026-01-04")
    branched.git("checkout", "-q", "side")
    branched.commit("2026-01-05", A=BASE.replace("[ ] 1", "[x] 1").replace("[ ] 3", "[x] 3"))
    branched.git("checkout", "-q", "main")
    merge(branched, "2026-01-06")
    assert take().done == {"1": DAY[2], "3": DAY[5]}


def test_a_tick_of_the_trunk_that_was_taken_back_before_the_branch_began_dates_nothing(
    repository: Repository, take: Callable[[], Import]
) -> None:
    for day, mark in ((1, " "), (2, "x"), (3, " ")):
        repository.commit(f"2026-01-0{day}", A=BASE.replace("[ ] 2", f"[{mark}] 2"))
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("2026-01-04", Side="# Side\n")
    on_main(repository, "2026-01-05")
    repository.git("merge", "-q", "--no-ff", "--no-commit", "side")
    repository.commit("2026-01-06", A=BASE.replace("[ ] 2", "[x] 2"))
    assert take().done == {"2": DAY[6]}


def test_a_branch_of_a_branch_is_dated_too(branched: Repository, take: Callable[[], Import]) -> None:
    branched.git("checkout", "-q", "-b", "inner")
    branched.commit("2026-01-02", A=BASE.replace("[ ] 4", "[x] 4"))
    branched.git("checkout", "-q", "side")
    branched.commit("2026-01-03", A=BASE.replace("[ ] 0", "[x] 0"))
    merge(branched, "2026-01-04", "inner")
    on_main(branched, "2026-01-05")
    merge(branched, "2026-01-06")
    found = take()
    assert found.done == {"0": DAY[3], "4": DAY[2]}
    assert found.result.commits == 6


NO_DATE = "@300000000000 +0000"
"""Beyond every calendar."""


def test_a_commit_without_a_date_dates_nothing(repository: Repository, take: Callable[[], Import]) -> None:
    repository.commit("2026-01-01", A=BASE)
    repository.commit(NO_DATE, A=BASE.replace("[ ] 1", "[x] 1"))
    repository.commit("2026-01-03", A=BASE.replace("[ ] 1", "[x] 1").replace("[ ] 2", "[x] 2"))
    assert take().done == {"2": DAY[3]}
    assert GitVault(Git(repository.root)).days == (DAY[1], DAY[3])


def test_a_commit_without_a_date_on_a_branch_leaves_the_day_to_the_merge(
    branched: Repository, take: Callable[[], Import]
) -> None:
    branched.commit(NO_DATE, A=BASE.replace("[ ] 1", "[x] 1"))
    on_main(branched, "2026-01-04")
    merge(branched, "2026-01-05")
    assert take().done == {"1": DAY[5]}


# From note to note


def test_a_box_that_is_moved_into_a_new_note_and_ticked_at_once_has_the_day_of_that(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="# A\n- [ ] read the paper\n- [ ] b\n- [ ] c\n- [ ] d\n")
    repository.commit("2026-01-02", A="# A\n- [ ] b\n- [ ] c\n- [ ] d\n", N="# New\n- [x] read the paper\n")
    assert take().done == {"read the paper": DAY[2]}


def test_an_empty_box_takes_no_day_from_another_one(
    repository: Repository, take: Callable[[], Import]
) -> None:
    for day, text in enumerate(("- [ ] \n- [ ] a\n", "- [x] \n- [ ] a\n", "- [ ] a\n"), 1):
        repository.commit(f"2026-01-0{day}", A=text)
    repository.commit("2026-01-04", B="# B\n")
    repository.commit("2026-01-05", B="# B\n- [x] \n")
    assert take().done == {"": DAY[5]}


@pytest.mark.parametrize(
    "name",
    ["a\tb", 'a "b" c', "a\\b", "a\x01b", "ä b", "a\nb", 'quote"', "x -> y", "from a to b to c from d"],
)
def test_a_note_of_any_name_is_dated(repository: Repository, take: Callable[[], Import], name: str) -> None:
    try:
        repository.commit("2026-01-01", **{name: "- [ ] a\n"})
    except OSError:
        pytest.skip("this file system does not take the name")
    repository.commit("2026-01-02", **{name: "- [x] a\n"})
    repository.git("mv", f"{name}.md", f"{name} moved.md")
    repository.commit("2026-01-03")
    found = take()
    assert found.done == {"a": DAY[2]}
    (repository.root / f"{name} moved.md").unlink()
    repository.commit("2026-01-04")
    assert take().result.completions == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"- [x] a\n", ("a", "x")),
        (b"  12) [ ] a \r\n", ("a", " ")),
        (b"> - [/] quoted", ("quoted", "/")),
        ("- [é] a".encode(), ("a", "é")),
        ("- [\N{SLEEPING SYMBOL}] a".encode(), ("a", "\N{SLEEPING SYMBOL}")),
        (b"- [ab] a", None),
        (b"- [x]a", None),
        (b"- [x]", ("", "x")),
        (b"## Part ##\n", ("# Part", "")),
        (b"#tag [x]", None),
        (b"####### seven", None),
        (b"# A [link] in a heading", ("# A [link] in a heading", "")),
        (b"text", None),
    ],
)
def test_what_a_line_of_a_patch_is(line: bytes, expected: tuple[str, str] | None) -> None:
    assert match_entry(line) == expected


# What is not as it was committed


def test_a_line_that_is_not_committed_has_no_day_from_git(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n")
    repository.commit("2026-01-02", A="- [x] a\n- [ ] b\n")
    repository.write("A.md", "- [x] a\n- [ ] b\n- [x] new\n")
    found = take()
    assert (found.done, found.added) == ({"a": DAY[2]}, {"b": DAY[2]})
    assert found.result == (2, 1, 1)


def test_a_tick_that_was_taken_back_since_the_last_commit_is_no_completion(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n")
    repository.commit("2026-01-02", A="- [x] a\n")
    repository.write("A.md", "- [ ] a\n")
    assert take().result == (2, 0, 0)


def test_a_note_that_was_deleted_since_the_last_commit_has_no_completions(
    repository: Repository, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n", B="- [ ] b\n")
    repository.commit("2026-01-02", A="- [x] a\n", B="- [x] b\n")
    (repository.root / "A.md").unlink()
    assert take().done == {"b": DAY[2]}


def test_a_vault_that_the_history_has_not_seen_is_dated_later(
    repository: Repository, tmp_path: Path, take: Callable[[], Import]
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n")
    repository.commit("2026-01-02", A="- [x] a\n")
    snapshot = take().vault.snapshot
    unseen = History(tmp_path / "other", repository.root)
    assert import_git(Git(repository.root), unseen, snapshot, ignore) == (2, 0, 0)
    assert unseen.events() == []


def test_an_import_is_complete_at_its_end_even_if_the_last_commits_touch_no_note(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n")
    repository.write("picture.png", b"\x89PNG")
    repository.commit("2026-01-02")
    told: list[tuple[int, int]] = []
    Import(repository.root, tmp_path / "state", lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


# The repository


def test_a_git_that_lies_in_the_vault_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = Repository(tmp_path / "vault")
    repository.commit("2026-01-01", A="- [ ] a\n")
    program = repository.root / "git"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path / 'was run'}'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{repository.root}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(NoRepositoryError, match="not installed"):
        Git(repository.root)
    assert not (tmp_path / "was run").exists()


def test_variables_that_point_git_elsewhere_are_not_passed_on(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = repository.commit("2026-01-01", A="- [ ] a\n")
    other = Repository(tmp_path / "other")
    other.commit("2026-01-02", A="- [x] a\n")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    assert Git(repository.root).head == head


def test_links_and_other_repositories_in_a_commit_are_no_notes(
    repository: Repository, tmp_path: Path
) -> None:
    inner = Repository(repository.root / "inner.md")
    inner.commit("2026-01-01", A="- [ ] a\n")
    try:
        (repository.root / "Link.md").symlink_to("A.md")
    except OSError:
        pytest.skip("no symbolic links here")
    repository.write("Large.MD", "x" * 100_000)
    repository.write("Run.md", "- [ ] run\n")
    (repository.root / "Run.md").chmod(0o755)
    repository.commit(datetime(2026, 1, 2, 12), A="- [ ] a\n")
    assert GitVault(Git(repository.root)).at(date(2026, 1, 2)) == {
        "A.md": b"- [ ] a\n",
        "Large.MD": b"x" * 100_000,
        "Run.md": b"- [ ] run\n",
    }


def test_a_note_that_the_repository_has_lost_is_told(repository: Repository) -> None:
    repository.commit("2026-01-01", A="- [ ] a\n", B="- [ ] b\n")
    blob = repository.git("rev-parse", "HEAD:B.md").strip()
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(GitError, match="a note of that day is not in this repository") as raised:
        GitVault(Git(repository.root)).at(DAY[1])
    assert raised.value.stderr == ""


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_leaving_what_git_writes_ends_git_at_once(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "git"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\ncase "$*" in *rev-parse*) exit 0;; esac\nexec sleep 30\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    git = Git(repository.root)
    began = monotonic()
    with pytest.raises(KeyError), git.stream("log"):
        raise KeyError
    assert monotonic() - began < 20
