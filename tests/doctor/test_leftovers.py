"""What a run that was cut short left is listed, until the next start has settled it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from roadtui.doctor.finding import Finding, FindingKind
from roadtui.doctor.leftovers import leftovers
from roadtui.vault.file_system import REAL_FILE_SYSTEM
from roadtui.vault.writing import recover
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog

BASE, NEW = b"- [ ] one\n", b"- [x] one \xe2\x9c\x85 2026-01-01\n"
OLD_NAME = ".~roadtui-0123456789abcdef"
NAME = "~syncthing~.~roadtui-0123456789abcdef.tmp"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault that is looked at long after what was left in it was written."""
    (tmp_path / "vault" / "Work").mkdir(parents=True)
    (tmp_path / "vault" / "Work" / "Plan.md").write_bytes(NEW)
    monkeypatch.setattr(type(REAL_FILE_SYSTEM), "wall_clock", lambda self: 4e9)
    return tmp_path / "vault"


def found(vault: Path) -> list[Finding]:
    return list(leftovers(vault, vault.parent / "state", is_lone=False))


@pytest.mark.parametrize("name", [NAME, OLD_NAME])
def test_a_file_beside_a_note_is_listed_and_settled(vault: Path, name: str) -> None:
    beside = vault / "Work" / name
    beside.write_bytes(BASE + b"- [ ] late\n")
    record = WalRecord(vault / "Work" / "Plan.md", BASE, NEW, name)
    WriteAheadLog(vault.parent / "state").record(record).leave()
    listed = found(vault)
    assert [(each.path, each.kind) for each in listed] == [
        ("Work/Plan.md", FindingKind.LEFTOVER),
        (f"Work/{name}", FindingKind.LEFTOVER),
    ]
    assert all("completes or reports it at its next start" in each.sentence for each in listed)
    assert recover(vault.parent / "state")
    assert (vault / "Work" / "Plan.md").read_bytes() == NEW + b"- [ ] late\n"
    assert found(vault) == []


@pytest.mark.parametrize("name", [NAME, OLD_NAME, f"{OLD_NAME}~"])
def test_a_file_that_no_journal_tells_of_is_listed(vault: Path, name: str) -> None:
    (vault / name).write_bytes(BASE)
    (listed,) = found(vault)
    assert listed.path == name
    assert "delete it" in listed.sentence


def test_an_edit_that_was_cut_short_in_place_is_listed(vault: Path) -> None:
    WriteAheadLog(vault.parent / "state").record(WalRecord(vault / "Work" / "Plan.md", BASE, NEW)).leave()
    assert [each.path for each in found(vault)] == ["Work/Plan.md"]
    assert os.listdir(vault.parent / "state" / "journal")


def test_what_a_living_run_needs_is_not_listed(vault: Path) -> None:
    entry = WriteAheadLog(vault.parent / "state").record(WalRecord(vault / "Work" / "Plan.md", BASE, NEW))
    assert found(vault) == []
    entry.leave()


def test_files_of_other_programs_are_not_listed(vault: Path) -> None:
    for name in (".~lock.Plan.md#", "~syncthing~Plan.md.tmp", "roadtui.tmp", ".Plan.md.swp"):
        (vault / name).write_bytes(b"")
    assert found(vault) == []
