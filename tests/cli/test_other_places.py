"""Commands keep to the vault and the folder that they are about, whatever stands beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PLAN, Shell


@pytest.fixture
def other_vault(shell: Shell) -> Path:
    """A vault beside the one around the shell, with a note of the same name."""
    root = shell.root.with_name("other")
    (root / ".obsidian").mkdir(parents=True)
    (root / "Plan.md").write_bytes(PLAN.encode())
    return root


def everything(*roots: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for root in roots for file in root.rglob("*") if file.is_file()}


@pytest.mark.parametrize("verb", ["--wait-for", "--move-to"])
@pytest.mark.parametrize("is_relative", [True, False])
def test_no_task_is_tied_to_or_taken_into_another_vault(
    shell: Shell, other_vault: Path, verb: str, is_relative: bool
) -> None:
    """A note of the same name is in this vault, too: nothing may be written into that one in its stead."""
    before = everything(shell.root, other_vault)
    there = "../other/Plan.md" if is_relative else str(other_vault / "Plan.md")
    sentence = shell.refused("task", "area/Sub.md:1", verb, f"{there}:2" if verb == "--wait-for" else there)
    assert "is in another vault" in sentence
    assert everything(shell.root, other_vault) == before
    assert "Nothing to undo" in shell.refused("undo")


@pytest.mark.parametrize("verb", ["--wait-for", "--move-to"])
def test_a_note_in_no_vault_is_not_taken_for_one_of_this(shell: Shell, verb: str) -> None:
    lone = shell.root.with_name("Plan.md")
    lone.write_text(PLAN)
    before = everything(shell.root)
    assert shell.refused(
        "task", "area/Sub.md:1", verb, "../Plan.md:2" if verb == "--wait-for" else "../Plan.md"
    )
    assert everything(shell.root) == before
    assert lone.read_text() == PLAN


def test_undo_is_of_the_vault_that_is_meant(shell: Shell, other_vault: Path) -> None:
    shell.lines("task", "Plan.md:2", "--done")
    shell.lines("task", "../other/Plan.md:4", "--done")
    shell.lines("undo", shell.root)
    assert (shell.root / "Plan.md").read_text() == PLAN
    assert "[x] three" in (other_vault / "Plan.md").read_text()
    assert "Nothing to undo" in shell.refused("undo", shell.root)
    shell.lines("undo", other_vault)
    assert (other_vault / "Plan.md").read_text() == PLAN


def test_after_a_new_change_nothing_that_was_undone_can_be_made_again(shell: Shell) -> None:
    shell.lines("task", "Plan.md:2", "--done")
    shell.lines("undo")
    shell.lines("task", "area/Sub.md:1", "--done")
    assert "Nothing to redo" in shell.refused("redo")
    assert (shell.root / "Plan.md").read_text() == PLAN
    shell.lines("undo")
    assert "Nothing to undo" in shell.refused("undo")
    shell.lines("redo")
    assert (shell.root / "area" / "Sub.md").read_text() == "- [x] six\n"


def test_a_change_that_changes_nothing_can_not_be_undone(shell: Shell) -> None:
    shell.lines("task", "Plan.md:2", "--done")
    shell.lines("task", "Plan.md:2", "--done")
    shell.lines("undo")
    assert (shell.root / "Plan.md").read_text() == PLAN


def test_where_there_is_no_vault_nothing_is_added(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    monkeypatch.chdir(nowhere)
    for command in (["add", "x"], ["undo"], ["redo"]):
        assert "No vault found here" in shell.refused(*command, status=2)
    assert list(nowhere.iterdir()) == []


def test_the_history_of_a_note_in_no_vault_is_its_own(shell: Shell, tmp_path: Path) -> None:
    """Two lone notes in one folder have nothing to do with each other."""
    one, other = tmp_path / "one.md", tmp_path / "other.md"
    for note in (one, other):
        note.write_text(f"- [ ] {note.stem}\n")
        shell.lines("history", "status", note)
    one.write_text("- [x] one\n")
    other.write_text("- [x] other\n")
    for note in (one, other):
        assert [json.loads(line)["words"] for line in shell.lines("history", "export", note)] == [note.stem]


class TestFolderBesideOthers:
    """`A` is neither `AB` nor `A.md`, though all begin alike."""

    @pytest.fixture(autouse=True)
    def notes(self, shell: Shell) -> None:
        for name in ("A/in.md", "A/deep/er.md", "AB/beside.md", "A.md", "B/A/not.md"):
            shell.write(name, "- [ ] task\n[[nowhere]]\n")

    INSIDE = ("A/deep/er.md", "A/in.md")

    def test_doctor(self, shell: Shell) -> None:
        found = json.loads(shell.run("doctor", "--json", "A").stdout)["findings"]
        assert [(one["path"], one["line"]) for one in found] == [(path, 2) for path in self.INSIDE]
        assert [
            one["path"] for one in json.loads(shell.run("doctor", "--json", "A.md").stdout)["findings"]
        ] == ["A.md"]

    def test_doctor_finds_no_fault_of_a_neighbour(self, shell: Shell) -> None:
        for folder in ("A", "AB"):
            shell.write(f"{folder}/bad.md", b"- [ ] 1 \xf0\x9f\x86\x94 k \xe2\x9b\x94 gone\n")
            shell.write(f"{folder}/copy (conflict abcdef).md", "- [ ] 1\n")
            shell.write(f"{folder}/yaml.md", "---\na: [\n---\n")
            (shell.root / folder / "link.md").symlink_to("missing")
        found = json.loads(shell.run("doctor", "--json", "A").stdout)["findings"]
        assert {one["path"].partition("/")[0] for one in found} == {"A"}
        assert {one["path"] for one in found} >= {
            "A/bad.md",
            "A/copy (conflict abcdef).md",
            "A/link.md",
            "A/yaml.md",
        }

    def test_doctor_mends_no_neighbour(self, shell: Shell) -> None:
        garbled = "- [ ] \uf8ffüìö\n".encode()
        inside, beside = (shell.write(f"{folder}/garbled.md", garbled) for folder in ("A", "AB"))
        shell.run("doctor", "--fix", "A")
        assert (inside.read_text(), beside.read_bytes()) == ("- [ ] 📚\n", garbled)

    @pytest.mark.parametrize("below", ["A", "A/"])
    def test_tasks(self, shell: Shell, below: str) -> None:
        assert [line.split(":")[0] for line in shell.lines("tasks", below)] == list(self.INSIDE)

    def test_export(self, shell: Shell) -> None:
        found = json.loads(shell.run("export", "A").stdout)["notes"]
        assert [note["path"] for note in found] == list(self.INSIDE)
