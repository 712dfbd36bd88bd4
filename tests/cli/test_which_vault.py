"""Which vault and which note a command is about, wherever it is run and however they are named."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from roadtui.cli.main import main
from roadtui.cli.vault_argument import VaultTarget, only_note_called
from roadtui.ui.screens.vault_picker import VaultChoice, VaultPickerScreen
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog
from tests.cli.conftest import PLAN, Shell


@pytest.fixture
def far(shell: Shell) -> Path:
    """A vault of one task beside the one that the shell is in."""
    root = shell.root.with_name("far")
    (root / ".obsidian").mkdir(parents=True)
    (root / "Far.md").write_text("- [ ] far\n")
    return root


def tasks(*arguments: str | Path, config: Path) -> list[str]:
    done = CliRunner().invoke(main, ["--config", str(config), *map(str, arguments), "tasks"])
    assert done.exit_code == 0, done.stderr
    return done.stdout.splitlines()


def test_a_named_vault_goes_before_the_one_around_then_the_configs_then_obsidians(
    shell: Shell, far: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"vault = '{far}'")
    known = shell.state / "obsidian" / "obsidian.json"
    known.parent.mkdir(parents=True)
    known.write_text(json.dumps({"vaults": {"1": {"path": str(shell.root), "ts": 1, "open": True}}}))
    assert len(tasks(config=config)) == 6
    assert tasks("--vault", far, config=config) == ["Far.md:1  [ ] far"]
    monkeypatch.chdir(tmp_path)
    assert tasks(config=config) == ["Far.md:1  [ ] far"]
    assert len(tasks(config=tmp_path / "no.toml")) == 6


@pytest.mark.parametrize(
    ("name", "paths", "expected"),
    [
        ("plan", ["Plan.md"], "Plan.md"),
        ("Plan.md", ["a/plan.md"], "a/plan.md"),
        ("plan", ["Plan.md", "a/Plan.md"], "Plan.md"),
        ("plan", ["a/Plan.md", "Plan.md"], "Plan.md"),
        ("a/plan", ["a/Plan.md", "b/Plan.md"], "a/Plan.md"),
        ("plan", ["Myplan.md", "Plan/x.md"], None),
        ("plan", [], None),
    ],
)
def test_a_note_is_found_by_as_much_of_its_path_as_tells_it_from_others(
    name: str, paths: Sequence[str], expected: str | None
) -> None:
    assert only_note_called(name, paths) == expected


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("plan", ["b/Plan.md", "a/plan.md"]),
        ("plan", ["plan.md", "Plan.md", "a/plan.md"]),
        ("a/plan", ["a/Plan.md", "A/plan.md"]),
    ],
)
def test_a_name_of_several_notes_lists_them_in_order(name: str, paths: Sequence[str]) -> None:
    with pytest.raises(click.UsageError) as caught:
        only_note_called(name, paths)
    assert caught.value.message.endswith(f"name one: {', '.join(sorted(paths))}.")


def test_a_note_outside_the_named_vault_is_none_of_it(shell: Shell, far: Path, tmp_path: Path) -> None:
    lone = tmp_path / "lone.md"
    lone.write_text("- [ ] alone\n")
    assert shell.lines("--vault", far, "tasks", lone) == ["lone.md:1  [ ] alone"]
    assert shell.lines("--vault", far, "tasks", shell.root / "area") == ["area/Sub.md:1  [ ] six"]


def test_a_named_vault_holds_the_notes_of_the_vaults_inside_it(shell: Shell, tmp_path: Path) -> None:
    assert shell.lines("--vault", tmp_path, "tasks", "area") == ["vault/area/Sub.md:1  [ ] six"]
    assert shell.lines("--vault", tmp_path, "tasks", "area/Sub.md") == ["vault/area/Sub.md:1  [ ] six"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_that_is_called_like_a_note_is_none(shell: Shell) -> None:
    os.mkfifo(shell.root / "pipe.md")
    assert "“pipe.md” is neither a folder nor a note" in shell.refused("tasks", "pipe.md", status=2)


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        (("opne",), None),
        (("plans",), "Plan"),
        (("tasks", "area/Sbu"), "area/Sub.md"),
        (("tasks", "zzzz"), None),
        (("tasks", "nowhere/Sub"), None),
        (("tasks", "obsidian"), None),
    ],
)
def test_what_is_suggested_is_there_to_be_named(
    shell: Shell, typed: tuple[str, ...], suggested: str | None
) -> None:
    said = shell.refused(*typed, status=2)
    if suggested is None:
        assert "Did you mean" not in said
    else:
        assert f"Did you mean “{suggested}" in said


def test_help_names_an_option_once_however_often_it_is_asked(shell: Shell) -> None:
    for _ in range(2):
        assert "\n".join(shell.lines("tasks", "--help")).count("--vault") == 1
        assert "\n".join(shell.lines("history", "status", "--help")).count("--vault") == 1


def test_help_lists_the_commands_in_order_and_without_open(shell: Shell) -> None:
    lines = shell.lines("--help")
    names = [line.split()[0] for line in lines[lines.index("Commands:") + 1 :] if line.startswith("  ")]
    listed = [name for name in names if name.isalpha() and name.islower()]
    assert [name for name in listed if name in {"add", "demo", "doctor", "export", "history", "next"}] == [
        *("add", "demo", "doctor", "export", "history", "next")
    ]
    assert "open" not in names


# A note that Obsidian excludes, and one in no vault


def test_an_excluded_note_can_be_changed_where_it_is_named(shell: Shell) -> None:
    shell.write(".obsidian/app.json", '{"userIgnoreFilters": ["area/"]}')
    assert shell.lines("task", "area/Sub.md:1", "--done") == ["area/Sub.md:1  [x] six"]
    assert "area/Sub.md" in shell.refused("task", "Plan.md:2", "--wait-for", "area/Sub.md:1")
    assert (shell.root / "Plan.md").read_text() == PLAN


def test_a_note_in_no_vault_knows_of_none_beside_it(shell: Shell, tmp_path: Path) -> None:
    one, other = tmp_path / "one.md", tmp_path / "other.md"
    one.write_text("- [ ] one\n- [ ] two\n")
    other.write_text("- [ ] three\n")
    assert shell.refused("task", f"{one}:1", "--move-to", other)
    assert shell.refused("task", f"{one}:1", "--wait-for", f"{other}:1")
    assert (one.read_text(), other.read_text()) == ("- [ ] one\n- [ ] two\n", "- [ ] three\n")
    shell.lines("task", f"{one}:1", "--wait-for", f"{one}:2")
    assert "⛔" in one.read_text()


@pytest.mark.parametrize("command", ["export", "doctor"])
def test_a_note_in_no_vault_is_looked_at_without_those_beside_it(
    shell: Shell, tmp_path: Path, command: str
) -> None:
    (tmp_path / "one.md").write_text("[[other]]\n")
    (tmp_path / "other.md").write_text("[[gone]]\n")
    out = shell.run(
        command,
        tmp_path / "one.md",
        "--format" if command == "export" else "--json",
        *(("json",) if command == "export" else ()),
    ).stdout
    assert "gone" not in out


def test_an_export_of_a_note_that_cannot_be_read_is_no_success(shell: Shell) -> None:
    config = shell.write("config.toml", "max_note_bytes = 10")
    done = CliRunner().invoke(main, ["--config", str(config), "export", "Plan.md"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["notes"] == []
    assert "left out" in done.stderr


def test_a_new_note_is_made_where_its_path_says_and_not_taken_for_another(shell: Shell) -> None:
    assert shell.lines("add", "new", "--note", "Sub.md") == ["Sub.md:1  [ ] new"]
    assert (shell.root / "area" / "Sub.md").read_text() == "- [ ] six\n"
    assert shell.lines("add", "new", "--note", "area/Other") == ["area/Other.md:1  [ ] new"]


def test_a_note_goes_into_the_inbox_of_the_config(shell: Shell) -> None:
    config = shell.write("config.toml", 'inbox = "area/In.md"')
    done = CliRunner().invoke(main, ["--config", str(config), "add", "new", "--section", "Later"])
    assert done.exit_code == 0
    assert (shell.root / "area" / "In.md").read_text().endswith("Later\n- [ ] new\n")


def test_an_edit_that_an_earlier_run_left_is_settled_and_told_by_the_next_command(shell: Shell) -> None:
    base, new = b"- [ ] one\n", b"- [x] one and more\n"
    note = shell.write("Left.md", new)
    beside = shell.write("~syncthing~.~roadtui-0123456789abcdef.tmp", base + b"- [ ] late\n")
    WriteAheadLog(shell.state / "roadtui").record(WalRecord(note, base, new, beside.name)).leave()
    done = shell.run("task", "Plan.md:2", "--done")
    assert done.exit_code == 0
    assert done.stderr.splitlines() == [
        "roadtui: The last edit of Left.md was saved.",
        "roadtui: Another program's late edit of Left.md was put into the note.",
    ]
    assert note.read_bytes() == new + b"- [ ] late\n"
    assert not beside.exists()


def test_a_demo_whose_folder_is_gone_already_ends_well(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    places: list[VaultTarget] = []

    def run(place: VaultTarget, *_others: object, **_named: object) -> int:
        assert (place.root / (place.note or "")).is_file()
        places.append(place)
        shutil.rmtree(place.root.parent)
        return 0

    monkeypatch.setattr("roadtui.cli.open.need_terminal", lambda *_: None)
    monkeypatch.setattr("roadtui.cli.open.run_app", run)
    done = shell.run("demo")
    assert (done.exit_code, done.stderr) == (0, "")
    assert [place.root.exists() for place in places] == [False]


@pytest.mark.parametrize(
    ("ended", "chosen", "expected"),
    [
        (0, None, "ended 0"),
        (143, None, "ended 143"),
        (143, VaultChoice(Path("/vaults/Plan")), "ended 143"),
        (0, VaultChoice(Path("/vaults/Plan")), "opened /vaults/Plan"),
        (0, VaultChoice(Path(), is_demo=True), "opened the demo"),
    ],
)
def test_what_is_picked_where_no_vault_is_known(
    shell: Shell,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ended: int,
    chosen: VaultChoice | None,
    expected: str,
) -> None:
    opened: list[str] = []

    def note_down(words: str) -> int:
        opened.append(f"opened {words}")
        return 0

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("roadtui.cli.open.need_terminal", lambda *_: None)
    monkeypatch.setattr("roadtui.cli.open.run_app", lambda place, *_: note_down(place.root.as_posix()))
    monkeypatch.setattr("roadtui.cli.open.run_demo", lambda *_: note_down("the demo"))
    monkeypatch.setattr(VaultPickerScreen, "run_until_ended", lambda *_: ended)
    monkeypatch.setattr(VaultPickerScreen, "return_value", property(lambda _: chosen))
    done = shell.run()
    assert (opened or [f"ended {done.exit_code}"]) == [expected]
    assert done.stderr == ""
