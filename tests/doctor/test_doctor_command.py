"""`roadtui doctor` as it is called: what it prints, what it changes, and its exit status."""

from __future__ import annotations

import gc
import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from roadtui.cli.main import main
from roadtui.resources import folder

gc.enable()  # The program stops the collector for its start.

BOOKS = "\uf8ffüìö"
TEXT = f"---\ntitle: %s\n---\n# %s a  \r\n- [ ] b \udcff\n```\n{BOOKS}\n```\n%s"
DAMAGED = (TEXT % (BOOKS, BOOKS, BOOKS)).encode("utf-8", "surrogateescape")
MENDED = (TEXT % ("📚", "📚", "📚")).encode("utf-8", "surrogateescape")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / ".obsidian").mkdir(parents=True)
    (root / "Plan.md").write_bytes(DAMAGED)
    return root


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    state = tmp_path / "state"
    for module in ("cli.doctor", "cli.vault_argument"):
        monkeypatch.setattr(f"roadtui.{module}.state_folder", lambda: state)
    return state


@pytest.fixture(autouse=True)
def _no_state_of_the_user(state: Path) -> None:
    """Every test keeps its own state."""


def doctor(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["--config", "/nonexistent/config.toml", "doctor", *map(str, arguments)])


def test_looking_lists_places_first_and_changes_nothing(vault: Path, state: Path) -> None:
    result = doctor(vault)
    assert result.exit_code == 1
    assert [line.split("  ")[0] for line in result.stdout.splitlines()[:3]] == [
        "Plan.md:2",
        "Plan.md:4",
        "Plan.md:9",
    ]
    assert re.search("^Notes are written (in place|by [a-z])", result.stdout, re.M)
    assert "by in place" not in result.stdout
    assert result.stdout.endswith("3 findings; --fix repairs 3.\n")
    assert (vault / "Plan.md").read_bytes() == DAMAGED
    assert sorted(os.listdir(vault)) == [".obsidian", "Plan.md"]
    assert not (state / "mended").exists()


def test_fix_mends_and_undo_gives_every_byte_back(vault: Path) -> None:
    fixed = doctor(vault, "--fix")
    assert (fixed.exit_code, (vault / "Plan.md").read_bytes()) == (0, MENDED)
    assert fixed.stdout.startswith("Plan.md  changed lines 2, 4 and 9\n")
    assert fixed.stdout.endswith("Nothing is wrong.\n")
    assert doctor(vault, "--fix").exit_code == 0
    undone = doctor(vault, "--undo")
    assert (undone.exit_code, (vault / "Plan.md").read_bytes()) == (0, DAMAGED)
    again = doctor(vault, "--undo")
    assert again.exit_code == 1
    assert again.stderr == "roadtui: There is no repair of this vault to undo.\n"


def test_undo_refuses_lines_that_were_changed_since_and_remembers_them(vault: Path) -> None:
    other = vault / "Other.md"
    other.write_bytes(DAMAGED)
    doctor(vault, "--fix")
    changed = MENDED.replace(b" a  \r\n", b" edited\r\n")
    (vault / "Plan.md").write_bytes(changed)
    result = doctor(vault, "--undo")
    assert result.exit_code == 1
    assert "Plan.md  Not changed: line 4 of this note has been changed since." in result.stdout
    assert ((vault / "Plan.md").read_bytes(), other.read_bytes()) == (changed, DAMAGED)
    (vault / "Plan.md").write_bytes(MENDED)
    assert doctor(vault, "--undo").exit_code == 0
    assert (vault / "Plan.md").read_bytes() == DAMAGED


def test_fix_mends_what_is_named_and_leaves_other_faults(vault: Path) -> None:
    (vault / "Other.md").write_bytes(DAMAGED + b"\n[[gone]]")
    assert doctor(vault / "Other.md", "--fix").exit_code == 1
    assert (vault / "Plan.md").read_bytes() == DAMAGED
    assert (vault / "Other.md").read_bytes() == MENDED + b"\n[[gone]]"


def test_nothing_is_changed_where_undo_cannot_be_kept(vault: Path, state: Path) -> None:
    state.mkdir()
    (state / "mended").write_text("in the way")
    result = doctor(vault, "--fix")
    assert result.exit_code == 1
    assert result.stderr.startswith("roadtui: Nothing changed: the undo of the repair cannot be saved in ")
    assert (vault / "Plan.md").read_bytes() == DAMAGED


def test_an_unreadable_record_takes_nothing_back(vault: Path, state: Path) -> None:
    doctor(vault, "--fix")
    (record,) = (state / "mended").iterdir()
    record.write_text('{"notes": {"Plan.md": [[1]]}}')
    result = doctor(vault, "--undo")
    assert (result.exit_code, (vault / "Plan.md").read_bytes()) == (1, MENDED)
    assert "so nothing was undone" in result.stderr


def test_a_lone_note_is_examined_alone(tmp_path: Path) -> None:
    (tmp_path / "Seed.md").write_text("[[VANITY]]\n- [ ] a\n[[#gone]]")
    (tmp_path / "Other.md").write_text("[[nowhere]]")
    result = doctor(tmp_path / "Seed.md")
    assert result.exit_code == 1
    assert result.stdout.startswith("Seed.md:3  The link leads to Seed, which has no heading “gone”.\n")
    assert result.stdout.endswith("\n1 finding.\n")


def test_json_says_the_same(vault: Path) -> None:
    result = doctor(vault, "--json")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert [(each["path"], each["line"], each["kind"]) for each in document["findings"]] == [
        ("Plan.md", line, "garbled") for line in (2, 4, 9)
    ]
    assert document["writing"][0]["folder"] == str(vault)
    assert json.loads(doctor(vault, "--fix", "--json").stdout)["mended"] == [
        {"path": "Plan.md", "lines": [2, 4, 9], "refusal": None}
    ]


def test_json_says_what_was_refused(vault: Path) -> None:
    doctor(vault, "--fix")
    (vault / "Plan.md").write_bytes(MENDED.replace(b" a  \r\n", b" edited\r\n"))
    undone = doctor(vault, "--undo", "--json")
    assert undone.exit_code == 1
    assert json.loads(undone.stdout)["mended"] == [
        {
            "path": "Plan.md",
            "lines": [],
            "refusal": "Not changed: line 4 of this note has been changed since.",
        }
    ]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_what_takes_a_fix_back_is_the_users_own_business(vault: Path, state: Path) -> None:
    """It holds lines of notes."""
    doctor(vault, "--fix")
    assert (state / "mended").stat().st_mode & 0o777 == 0o700


def test_how_notes_are_written_is_said_of_an_empty_vault_too(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    assert json.loads(doctor(tmp_path, "--json").stdout)["writing"][0]["folder"] == str(tmp_path)


def test_what_notes_hold_does_not_act_on_the_terminal(vault: Path) -> None:
    (vault / "Plan.md").write_text(f"# {BOOKS} \x1b]52;c;eA==\x07\u202e\n[[\x9b2J]]\n---\n")
    for arguments in ([], ["--json"], ["--fix"]):
        written = doctor(vault, *arguments)
        assert not set(written.stdout + written.stderr) & set("\x1b\x07\x9b\u202e")


def test_the_sample_vault_is_well_but_for_the_note_that_is_damaged_on_purpose() -> None:
    result = doctor(folder("sample_vault"))
    assert result.exit_code == 1
    assert result.stdout.count("archive/ML Roadmap (as found).md:") == 5
    assert result.stdout.endswith("\n5 findings; --fix repairs 5.\n")


def test_an_empty_vault_is_well(tmp_path: Path) -> None:
    result = doctor(tmp_path)
    assert result.exit_code == 0
    assert result.stdout.endswith("Nothing is wrong.\n")
