"""What `next` and `status --short` print is kept, and printed again only where nothing has changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from roadtui.vault.vault import Vault
from tests.cli.conftest import Shell

COMMANDS = (
    ("status", "--short"),
    ("next",),
    ("next", "--count", "1"),
    ("next", "area"),
    ("status", "--short", "Plan"),
)
DAY = 86_400


@pytest.fixture(autouse=True)
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The vaults that are read."""
    found: list[Path] = []
    load = Vault.load

    def noted(vault: Vault, first: str | None = None) -> Iterator[object]:
        found.append(vault.root)
        return load(vault, first)

    monkeypatch.setattr(Vault, "load", noted)
    return found


@pytest.fixture
def shell(shell: Shell) -> Shell:
    age(shell)
    return shell


def age(shell: Shell, *, days: int = 1) -> None:
    """Make the notes so old that their stamps are trusted."""
    for note in shell.root.rglob("*.md"):
        found = note.stat()
        os.utime(note, ns=(found.st_atime_ns, found.st_mtime_ns - days * DAY * 10**9))


def answers(shell: Shell) -> list[tuple[str, str]]:
    found = [shell.run(*command) for command in COMMANDS]
    return [(done.stdout, done.stderr) for done in found]


def forget(shell: Shell) -> None:
    """Remove all caches."""
    for folder in shell.state.rglob("results"):
        shutil.rmtree(folder)


def test_nothing_is_read_where_nothing_has_changed(shell: Shell, reads: list[Path]) -> None:
    first = answers(shell)
    reads.clear()
    assert answers(shell) == first
    assert reads == []


def rewrite(shell: Shell) -> None:
    """Another text of the same length and modification time."""
    note = shell.root / "Plan.md"
    before = note.stat()
    note.write_text(note.read_text().replace("[/] three", "[x] three"))
    os.utime(note, ns=(before.st_atime_ns, before.st_mtime_ns))


def set_statuses(shell: Shell) -> None:
    shell.turn_plugin_on()
    data = '{"statusSettings": {"customStatuses": [{"symbol": "?", "name": "Q", "type": "DONE"}]}}'
    shell.write(".obsidian/plugins/obsidian-tasks-plugin/data.json", data)


CHANGES: dict[str, Callable[[Shell], object]] = {
    "text": rewrite,
    "another note": lambda shell: shell.write("area/New.md", "- [ ] first of all 🔺\n"),
    "a note less": lambda shell: (shell.root / "area/Sub.md").unlink(),
    "a renamed note": lambda shell: (shell.root / "area/Sub.md").rename(shell.root / "area/Other.md"),
    "excluded": lambda shell: shell.write(".obsidian/app.json", '{"userIgnoreFilters": ["area/"]}'),
    "statuses": set_statuses,
    "config": lambda shell: (shell.state / "no-config.toml").write_text('count = "all"\n'),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_printed(shell: Shell, change: Callable[[Shell], object]) -> None:
    first = answers(shell)
    change(shell)
    age(shell)
    now = answers(shell)
    forget(shell)
    assert now == answers(shell)
    assert now != first


def test_another_day_has_another_answer(shell: Shell) -> None:
    shell.write("Plan.md", "- [ ] one\n- [ ] two 🛫 2026-03-20\n- [ ] three 📅 2026-03-21\n")
    age(shell)
    first = shell.run("next", today="2026-03-14").stdout
    later = shell.run("next", today="2026-03-21").stdout
    assert "two" not in first
    assert "two" in later
    assert "three" in later.splitlines()[0]


def test_a_note_that_was_just_written_is_read_each_time(shell: Shell, reads: list[Path]) -> None:
    shell.write("Plan.md", "- [ ] one\n")
    answers(shell)
    reads.clear()
    answers(shell)
    assert len(reads) == len(COMMANDS)


def test_what_is_left_out_is_told_each_time(shell: Shell) -> None:
    (shell.root / "Gone.md").symlink_to("nowhere.md")
    said = shell.run("status", "--short").stderr
    assert "Gone.md" in said
    assert shell.run("status", "--short").stderr == said


def test_that_nothing_is_next_is_told_each_time(shell: Shell) -> None:
    shell.write("Plan.md", "- [x] one\n")
    shell.write("area/Sub.md", "- [x] six\n")
    age(shell)
    said = shell.run("next").stderr
    assert said
    assert shell.run("next").stderr == said


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"\n\n", b"0" * 99])
def test_a_damaged_file_is_no_answer(shell: Shell, content: bytes) -> None:
    first = answers(shell)
    for folder in shell.state.rglob("results"):
        for file in folder.iterdir():
            file.write_bytes(content)
    assert answers(shell) == first


def test_the_answers_are_the_users_own(shell: Shell) -> None:
    answers(shell)
    [folder] = shell.state.rglob("results")
    assert folder.stat().st_mode & 0o077 == 0
