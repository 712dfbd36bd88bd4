"""Commands where something around the vault is missing or may not be written: a sentence, and no harm."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from roadtui.doctor.finding import FindingKind
from roadtui.doctor.leftovers import state_findings
from roadtui.vault.file_system import FileSystem
from tests.cli.conftest import PLAN, Shell
from tests.vault.faulty_sqlite import BUSY, DAMAGED, MOMENTARY, failing
from tests.vault.repositories import Repository


def unmounted(shell: Shell, *hidden: str) -> Path:
    """The vault is elsewhere, and an empty folder in its place; gives where it is."""
    away = shell.root.with_name("away")
    shell.root.rename(away)
    shell.root.mkdir()
    for name in hidden:
        (shell.root / name).mkdir()
    os.chdir(shell.root)
    return away


READING = [("tasks",), ("status",), ("next",), ("export",), ("doctor",), ("history", "status")]
WRITING = [("add", "buy milk"), ("undo",), ("redo",), ("history", "import"), ("history", "rebuild")]


@pytest.mark.parametrize("hidden", [(), (".obsidian",)])
@pytest.mark.parametrize("arguments", [*READING, *WRITING], ids=" ".join)
def test_an_empty_folder_that_was_a_vault_is_no_vault(
    shell: Shell, arguments: tuple[str, ...], hidden: tuple[str, ...]
) -> None:
    shell.run("history", "status", shell.root)
    shell.run("task", "Plan.md:2", "--toggle")
    away = unmounted(shell, *hidden)
    said = shell.refused("--vault", shell.root, *arguments)
    assert f"vault folder {shell.root} is missing" in said
    assert sorted(os.listdir(shell.root)) == sorted(hidden), "nothing was written"
    shutil.rmtree(shell.root)
    away.rename(shell.root)
    os.chdir(shell.root)
    shell.lines("undo")
    assert (shell.root / "Plan.md").read_text() == PLAN, "what could be undone still can"
    assert "0 events" not in shell.run("history", "status").stdout
    gone = [line for line in shell.lines("history", "export") if "added" in line]
    assert gone == [], "no note was taken for deleted and new again"


def test_a_vault_that_only_commands_have_written_is_known_too(shell: Shell) -> None:
    shell.run("add", "buy milk")
    unmounted(shell)
    assert "is missing" in shell.refused("--vault", shell.root, "add", "buy bread")
    assert os.listdir(shell.root) == []


@pytest.mark.parametrize(
    "arguments", [("tasks",), ("tasks", "area"), ("status",), ("next",), ("export",), ("doctor",)]
)
def test_a_vault_that_only_commands_have_read_is_known_too(shell: Shell, arguments: tuple[str, ...]) -> None:
    shell.run(*arguments)
    away = unmounted(shell)
    for command in (("add", "buy bread"), ("tasks",)):
        assert "is missing" in shell.refused("--vault", shell.root, *command)
    assert os.listdir(shell.root) == []
    shell.root.rmdir()
    away.rename(shell.root)
    os.chdir(shell.root)
    assert len(shell.lines("tasks")) == 6


@pytest.mark.parametrize("command", ["tasks", "status", "next", "export"])
def test_a_command_that_only_reads_needs_no_state_folder(
    shell: Shell, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = shell.lines(command)
    (tmp_path / "a file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "a file"))
    assert shell.lines(command) == usual


def test_a_vault_whose_notes_were_deleted_is_an_empty_one(shell: Shell) -> None:
    shell.run("tasks")
    shutil.rmtree(shell.root / "area")
    (shell.root / "Plan.md").unlink()
    assert shell.run("tasks").exit_code == 0
    for _ in range(2):
        shell.lines("add", "first")
        shell.lines("undo")
        assert sorted(os.listdir(shell.root)) == [".obsidian"]


def test_an_empty_folder_that_never_had_notes_is_a_new_vault(shell: Shell, tmp_path: Path) -> None:
    shell.run("add", "buy milk")
    (tmp_path / "new").mkdir()
    assert shell.run("--vault", tmp_path / "new", "add", "first").exit_code == 0
    assert (tmp_path / "new" / "Inbox.md").read_text() == "- [ ] first\n"


@pytest.mark.parametrize("name", [*MOMENTARY, *DAMAGED])
def test_whatever_is_wrong_with_the_undo_list_the_edit_counts(shell: Shell, name: str) -> None:
    shell.run("task", "Plan.md:3", "--toggle")
    code = {**MOMENTARY, **DAMAGED}[name]
    with failing(code, 1, lasts=True):
        done = shell.run("task", "Plan.md:2", "--toggle")
    assert done.exit_code == 0
    assert "- [x] one" in (shell.root / "Plan.md").read_text()
    assert "This change can't be undone" in done.stderr
    assert done.stderr.count("\n") == 1 + (name in DAMAGED), "what was set aside is told as well"


@pytest.mark.parametrize("command", ["undo", "redo"])
def test_undo_says_why_it_cannot(shell: Shell, command: str) -> None:
    shell.run("task", "Plan.md:2", "--toggle")
    with failing(BUSY, 1, lasts=True):
        said = shell.refused(command)
    assert said.startswith("roadtui: Nothing was")
    assert "another program is using the undo list" in said


def test_a_step_made_while_the_list_is_locked_is_undone_before_the_others(shell: Shell) -> None:
    shell.run("task", "Plan.md:2", "--toggle")
    file = shell.state / "roadtui" / "undo.sqlite"
    with sqlite3.connect(file, isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        done = shell.run("task", "Plan.md:4", "--toggle")
        assert (done.exit_code, "can't be undone until" in done.stderr) == (0, True)
    holder.close()
    shell.lines("undo")
    assert (shell.root / "Plan.md").read_text() == PLAN.replace("[ ] one", "[x] one")
    shell.lines("undo")
    assert (shell.root / "Plan.md").read_text() == PLAN


def test_a_state_folder_that_cannot_be_made_is_named(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = shell.root.with_name("blocked")
    blocked.write_text("a file where a folder should be")
    monkeypatch.setenv("XDG_STATE_HOME", str(blocked))
    folder = str(blocked / "roadtui")
    ticked = shell.run("task", "Plan.md:2", "--toggle")
    assert ticked.exit_code == 0, "one byte needs no journal"
    assert "This change can't be undone: the state folder" in ticked.stderr
    assert folder in ticked.stderr
    said = shell.refused("task", "Plan.md:2", "--due", "tomorrow")
    assert f"the state folder {folder} can't be written" in said
    said = shell.refused("add", "buy milk")
    assert f"the state folder {folder} can't be written" in said
    assert not (shell.root / "Inbox.md").exists()
    assert (shell.root / "Plan.md").read_text() == PLAN.replace("[ ] one", "[x] one")
    found = shell.run("doctor")
    assert found.exit_code == 1
    assert f"{folder}  The state folder can't be written" in found.stdout
    done = shell.run("history", "status")
    assert done.exit_code == 0
    assert f"The history can't be written: the state folder {folder} can't be written" in done.stderr
    assert "The history was not changed" in shell.refused("history", "prune", "--before", "2026-01-01")


def test_doctor_tells_of_a_state_folder_on_a_full_disk(tmp_path: Path) -> None:
    class Full(FileSystem):
        def pwrite(self, fd: int, data: bytes | memoryview, offset: int) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    [finding] = state_findings(tmp_path / "state", Full())
    assert (finding.kind, finding.path) == (FindingKind.STATE, str(tmp_path / "state"))
    assert "No space left on device" in finding.sentence
    assert list((tmp_path / "state").iterdir()) == []
    assert list(state_findings(tmp_path / "state")) == []
    assert list((tmp_path / "state").iterdir()) == []


def test_doctor_names_files_of_the_state_folder_that_may_not_be_written(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.run("task", "Plan.md:2", "--toggle")
    shell.run("history", "status")
    real = os.access
    monkeypatch.setattr(
        os,
        "access",
        lambda path, *mode, **how: not str(path).endswith(".sqlite") and real(path, *mode, **how),
    )
    found = [line for line in shell.run("doctor").stdout.splitlines() if ".sqlite" in line]
    assert len(found) == 2
    assert all("You have no permission to write it" in line for line in found)


@pytest.mark.parametrize("break_it", ["config", "HEAD", "branch", "link"])
@pytest.mark.parametrize("command", ["import", "rebuild"])
def test_what_git_says_of_a_broken_repository_is_passed_on(shell: Shell, command: str, break_it: str) -> None:
    repository = Repository(shell.root)
    repository.commit("2026-01-01")
    repository.commit("2026-01-02", Plan=PLAN.replace("[ ] one", "[x] one"))
    assert shell.run("history", "import").exit_code == 0
    before = shell.lines("history", "export")
    git = shell.root / ".git"
    if break_it == "config":
        (git / "config").write_text("[alias\n")
    elif break_it == "HEAD":
        (git / "HEAD").write_text("nonsense\n")
    elif break_it == "branch":
        (git / "refs" / "heads" / "main").write_text("nonsense\n")
    else:
        shutil.rmtree(git)
        git.write_text("gitdir: /nowhere\n")
    done = shell.run("history", command)
    assert done.exit_code == 1
    assert before != []
    assert done.stderr.startswith("roadtui: Git failed: fatal: ")
    assert shell.lines("history", "export") == before, "nothing was forgotten"


def test_where_there_is_no_repository_that_is_said(shell: Shell) -> None:
    assert "is not in a git repository" in shell.refused("history", "import")
    assert shell.run("history", "rebuild").exit_code == 0


def test_waiting_for_a_note_of_another_vault_is_refused(shell: Shell, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / ".obsidian").mkdir(parents=True)
    (other / "Plan.md").write_text(PLAN)
    for reference in (f"{other}/Plan.md:2", "../other/Plan.md:2"):
        assert "is in another vault" in shell.refused("task", "Plan.md:4", "--wait-for", reference)
    assert "is in another vault" in shell.refused("task", "Plan.md:4", "--move-to", f"{other}/Plan.md")
    assert (shell.root / "Plan.md").read_text() == PLAN
    assert (other / "Plan.md").read_text() == PLAN


def test_doctor_looks_at_one_folder_and_not_at_those_whose_name_begins_the_same(shell: Shell) -> None:
    for folder in ("A", "AB", "A B"):
        shell.write(f"{folder}/N.md", "- [ ] a 📅 2026-02-30\n- [ ] b [[nowhere]]\n- [ ] \uf8ffüìö\n")
    shell.write("A.md", "- [ ] a 📅 2026-02-30\n")
    found = [line for line in shell.run("doctor", "A").stdout.splitlines() if "  " in line]
    assert found
    assert {line.split(":")[0] for line in found} == {"A/N.md"}
    shell.run("doctor", "--fix", "A")
    assert "📚" in (shell.root / "A" / "N.md").read_text()
    assert "📚" not in (shell.root / "AB" / "N.md").read_text() + (shell.root / "A B" / "N.md").read_text()
