"""The repository of the demo: it ends with the notes as they are, and shows them as they were."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from roadtui.core.ignore_rules import IgnoreRules
from roadtui.core.stats.progress import CountMode
from roadtui.resources import folder
from roadtui.vault.demo.repository import make_repository
from roadtui.vault.demo.sample_copy import make_demo
from roadtui.vault.git.time_machine import TimeMachine

TODAY = date(2026, 11, 26)
NOTE = """\
- [x] done ✅ 2026-11-20
- [-] dropped ❌ 2026-11-22 ^id
- [/] begun 🛫 2026-11-21
- [ ] added ➕ 2026-11-23
- [x] dataview [completion:: 2026-11-24]
- [x] without a day
"""


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / 'a "b" é.md').write_text(NOTE, "utf-8")
    (tmp_path / "other.png").write_bytes(b"\0")
    make_repository(tmp_path, {Path("other.png"): b"\0"}, {Path('a "b" é.md'): NOTE}, TODAY)
    return tmp_path


def test_every_day_of_work_has_a_commit(root: Path) -> None:
    assert git(root, "log", "--reverse", "--format=%s").splitlines() == [
        "Notes of Thursday, 19 November",
        "Notes of Friday, 20 November",
        "Notes of Saturday, 21 November",
        "Notes of Sunday, 22 November",
        "Notes of Monday, 23 November",
        "Notes of Tuesday, 24 November",
    ]


def test_the_last_commit_is_what_is_in_the_folder(root: Path) -> None:
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "show", 'HEAD:a "b" é.md') == NOTE


@pytest.mark.parametrize(
    ("commits_ago", "lines"),
    [
        (5, ["- [ ] done", "- [ ] dropped ^id", "- [ ] begun 🛫 2026-11-21", "- [ ] dataview"]),
        (4, ["- [x] done ✅ 2026-11-20", "- [ ] dropped ^id", "- [ ] begun 🛫 2026-11-21", "- [ ] dataview"]),
        (2, ["- [x] done ✅ 2026-11-20", "- [-] dropped ❌ 2026-11-22 ^id", "- [/] begun 🛫 2026-11-21",
             "- [ ] dataview"]),
    ],
)  # fmt: skip
def test_earlier_commits_have_what_was_there_then(root: Path, commits_ago: int, lines: list[str]) -> None:
    shown = git(root, "show", f'HEAD~{commits_ago}:a "b" é.md').splitlines()
    assert shown == [*lines, "- [x] without a day"]


def test_without_git_there_is_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    make_repository(tmp_path, {}, {Path("a.md"): NOTE}, TODAY)
    assert list(tmp_path.iterdir()) == []


def test_the_demo_can_be_looked_at_months_back(tmp_path: Path) -> None:
    root = make_demo(folder("sample_vault"), tmp_path / "demo", TODAY)
    past = TimeMachine(root, IgnoreRules(()), CountMode.LEAVES, 1_000_000)
    assert len(past.days) > 60
    assert (TODAY - past.days[0]).days > 100
