"""The commands without a terminal: what they print, what they change, how they end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

NOTE = (
    "# Plan 📚\r\n- [ ] a\r\n  - [x] b ✅ 2026-11-01\r\n"
    "- [/] c #tag 🔁 every day 📅 2026-11-20\r\ntext\r\n- [-] d"
)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / ".obsidian").mkdir(parents=True)
    (root / "sub").mkdir()
    (root / "sub" / "Plan.md").write_bytes(NOTE.encode())
    (root / "Other.md").write_text("- [ ] e\n")
    return root


def run(*arguments: str | Path, cwd: Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {"HOME": str(home or cwd), "PATH": "", "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "roadtui", *map(str, arguments)]
    ran = subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=False)
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (ran.stdout, ran.stderr))
    assert "Traceback" not in err
    return subprocess.CompletedProcess(command, ran.returncode, out, err)


def test_tasks_as_json(vault: Path) -> None:
    ran = run("tasks", "--format", "json", cwd=vault)
    assert ran.returncode == 0
    listed = json.loads(ran.stdout)
    assert [(task["path"], task["line"], task["status"]) for task in listed] == [
        ("Other.md", 1, " "),
        ("sub/Plan.md", 2, " "),
        ("sub/Plan.md", 3, "x"),
        ("sub/Plan.md", 4, "/"),
        ("sub/Plan.md", 6, "-"),
    ]
    assert listed[2]["text"] == "b ✅ 2026-11-01"


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ((), ["Other.md:1", "sub/Plan.md:2", "sub/Plan.md:3", "sub/Plan.md:4", "sub/Plan.md:6"]),
        (("--todo",), ["Other.md:1", "sub/Plan.md:2", "sub/Plan.md:4"]),
        (("--done",), ["sub/Plan.md:3"]),
        (("--status", "-"), ["sub/Plan.md:6"]),
        (("sub",), ["sub/Plan.md:2", "sub/Plan.md:3", "sub/Plan.md:4", "sub/Plan.md:6"]),
        (("Other.md",), ["Other.md:1"]),
        (("--done", "Other.md"), []),
    ],
)
def test_tasks_lists_what_is_asked_for(vault: Path, arguments: tuple[str, ...], lines: list[str]) -> None:
    ran = run("tasks", *arguments, cwd=vault)
    assert ran.returncode == 0
    assert [line.split("  ")[0] for line in ran.stdout.splitlines()] == lines


@pytest.mark.parametrize(("form", "separator"), [("tsv", "\t"), ("csv", ",")])
def test_tasks_as_a_table(vault: Path, form: str, separator: str) -> None:
    head, first, *rest = run("tasks", "--format", form, cwd=vault).stdout.splitlines()
    assert head.split(separator)[:3] == ["path", "line", "status"]
    assert first.split(separator)[:3] == ["Other.md", "1", " "]
    assert len(rest) == 4


def test_a_tick_changes_one_byte(vault: Path) -> None:
    ran = run("task", "sub/Plan.md:2", "--toggle", cwd=vault)
    assert ran.returncode == 0
    assert (vault / "sub" / "Plan.md").read_bytes() == NOTE.replace("[ ] a", "[x] a").encode()


@pytest.mark.parametrize(
    ("ref", "how", "changes"),
    [
        ("2,6", ("--done",), {"[ ] a": "[x] a", "[-] d": "[x] d"}),
        ("2-4", ("--toggle",), {"[ ] a": "[x] a", "[x] b": "[ ] b", "[/] c": "[x] c"}),
        ("3", ("--todo",), {"[x] b": "[ ] b"}),
        ("2", ("--status", "?"), {"[ ] a": "[?] a"}),
        ("3", ("--done",), {}),
    ],
)
def test_several_lines_and_every_way(
    vault: Path, ref: str, how: tuple[str, ...], changes: dict[str, str]
) -> None:
    expected = NOTE
    for old, new in changes.items():
        expected = expected.replace(old, new)
    assert run("task", f"sub/Plan.md:{ref}", *how, cwd=vault).returncode == 0
    assert (vault / "sub" / "Plan.md").read_bytes() == expected.encode()


def test_with_the_plugin_dates_are_written_and_tasks_repeat(vault: Path) -> None:
    (vault / ".obsidian" / "community-plugins.json").write_text('["obsidian-tasks-plugin"]')
    ran = run("--today", "2026-11-22", "task", "sub/Plan.md:2,4,6", "--done", cwd=vault)
    assert ran.returncode == 0
    assert (vault / "sub" / "Plan.md").read_bytes().decode() == (
        "# Plan 📚\r\n- [x] a ✅ 2026-11-22\r\n  - [x] b ✅ 2026-11-01\r\n"
        "- [ ] c #tag 🔁 every day 📅 2026-11-21\r\n"
        "- [x] c #tag 🔁 every day 📅 2026-11-20 ✅ 2026-11-22\r\n"
        "text\r\n- [x] d ✅ 2026-11-22"
    )


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("task", "sub/Plan.md:5", "--toggle"), 1, "line 5 is not a task"),
        (("task", "sub/Plan.md:99", "--toggle"), 1, "line 99 is not a task"),
        (("task", "sub/Plan.md:2,5", "--toggle"), 1, "line 5 is not a task"),
        (("task", "sub/Plan.md", "--toggle"), 2, "names no lines"),
        (("task", "sub/Plan.md:0", "--toggle"), 2, "Lines count from 1"),
        (("task", "sub/Plan.md:4-2", "--toggle"), 2, "Lines count from 1"),
        (("task", "sub/Plan.md:2"), 2, "Choose one action"),
        (("task", "sub/Plan.md:2", "--status", "ab"), 2, "one character"),
        (("task", "nowhere.md:2", "--toggle"), 2, "nowhere.md"),
        (("tasks", "nowhere"), 2, "nowhere"),
        (("--today", "yesterday", "tasks"), 2, "not a date"),
        (("tasks", "--format", "xml"), 2, "xml"),
        (("nonsense",), 2, "There is no command, folder or note called “nonsense”."),
        (("sub",), 2, "terminal"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(
    vault: Path, arguments: tuple[str, ...], status: int, sentence: str
) -> None:
    ran = run(*arguments, cwd=vault)
    assert ran.returncode == status
    assert sentence in ran.stderr
    assert ran.stdout == ""
    assert (vault / "sub" / "Plan.md").read_bytes() == NOTE.encode()


def test_a_broken_config_is_named(vault: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("nonsense = 1\n")
    ran = run("--config", config, "tasks", cwd=vault)
    assert ran.returncode == 2
    assert "nonsense" in ran.stderr


def test_the_version() -> None:
    assert run("--version", cwd=Path.cwd()).stdout.startswith("roadtui 0.")
