"""What an examination tells apart: faults by a hair, and what only looks like one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from roadtui.cli.doctor import doctor_lines, doctor_value
from roadtui.config import Config
from roadtui.core.ignore_rules import IgnoreRules
from roadtui.doctor.checks import DoctorReport, run_checks
from roadtui.doctor.finding import Finding, FindingKind
from roadtui.doctor.leftovers import leftovers
from roadtui.doctor.repair import RepairResult, find_damage
from roadtui.vault.file_system import REAL_FILE_SYSTEM
from roadtui.vault.vault import Vault
from roadtui.vault.writing import FolderReport, NoteWriter
from roadtui.vault.writing.write_ahead_log import WalRecord, WriteAheadLog
from tests.doctor.test_checks import Notes, examined, places
from tests.doctor.test_leftovers import BASE, NAME, NEW
from tests.doctor.test_leftovers import vault as vault

PLUGIN = {".obsidian/community-plugins.json": '["obsidian-tasks-plugin"]'}


def ids(text: str) -> str:
    """A task a line: `a b,c` is one of the id `a` that waits for `b` and `c`."""
    lines = (line.split(" ") for line in text.split("\n"))
    return "".join(f"- [ ] t 🆔 {own}{f' ⛔ {others[0]}' if others else ''}\n" for own, *others in lines)


@pytest.mark.parametrize(
    ("notes", "found"),
    [
        pytest.param(
            {"A.md": "- [ ] a 🆔 i and words\n- [ ] b ⛔ i"},
            [],
            id="an id that the plugin, which is off, skips",
        ),
        pytest.param(
            {**PLUGIN, "A.md": "- [ ] a 🆔 i and words\n- [ ] c 🆔 i\n- [ ] b ⛔ i"},
            [("A.md:1", FindingKind.DUPLICATE_ID), ("A.md:2", FindingKind.DUPLICATE_ID)],
            id="an id that the plugin reads in one of two places",
        ),
        pytest.param({**PLUGIN, "A.md": "- [ ] a 🆔 i\n- [ ] b ⛔ i"}, [], id="an id that the plugin reads"),
        pytest.param(
            {"A.md": "- [ ] b ⛔ i, i"},
            [("A.md:1", FindingKind.UNKNOWN_DEPENDENCY)],
            id="an unknown id named twice",
        ),
        pytest.param({"A.md": ids("a b,c\nb c\nc")}, [], id="two ways to one task"),
        pytest.param(
            {"A.md": ids("a b\nb c\nc b")},
            [("A.md:2", FindingKind.DEPENDENCY_CYCLE)],
            id="a way into a cycle",
        ),
        pytest.param(
            {"A.md": ids("a b,c\nb a\nc a")},
            [("A.md:1", FindingKind.DEPENDENCY_CYCLE)],
            id="two cycles of one task",
        ),
        pytest.param(
            {"A.md": "- [ ] [due:: 2026-02-30]"}, [("A.md:1", FindingKind.INVALID_DATE)], id="in brackets"
        ),
        pytest.param(
            {"P.md": "- [ ] a\n- [ ] b\n- [ ] c", "P 2.md": "- [ ] a\n- [ ] d\n- [ ] e"}, [], id="a third"
        ),
        pytest.param(
            {"P.md": "# a\n# b", "P 2.md": "# a\n# c"},
            [("P 2.md", FindingKind.CONFLICT_COPY)],
            id="half the headings",
        ),
        pytest.param(
            {"P.md": "- a\n- b\n", "P 2.md": "- a\n"},
            [("P 2.md", FindingKind.CONFLICT_COPY)],
            id="items without a box",
        ),
        pytest.param(
            {"P.md": "words", "P 2.md": "words"}, [("P 2.md", FindingKind.CONFLICT_COPY)], id="the same bytes"
        ),
        pytest.param({"P.md": "some words", "P 2.md": "other words"}, [], id="nothing to compare"),
        pytest.param(
            {"A.md": "[[B#anything]]", "B.md": "\udcff\udcfea\0"},
            [("B.md", FindingKind.UNREADABLE)],
            id="UTF-16",
        ),
        pytest.param(
            {"A.md": "[[B#One#^block]] [[B##One]]", "B.md": "# One"}, [], id="parts of a heading's link"
        ),
        pytest.param(
            {"A.md": "[[B#one#gone]]", "B.md": "# One"},
            [("A.md:1", FindingKind.DEAD_LINK)],
            id="its last part",
        ),
        pytest.param(
            {"A.md": "[[gone]] [[gone]] [[gone]]\n[[gone]]"},
            [("A.md:1", FindingKind.DEAD_LINK), ("A.md:2", FindingKind.DEAD_LINK)],
            id="a dead link twice on a line",
        ),
    ],
)
def test_what_is_told_apart(tmp_path: Path, notes: Notes, found: list[tuple[str, FindingKind]]) -> None:
    assert places(examined(tmp_path, notes)) == found


@pytest.mark.parametrize(
    ("count", "end"), [(8, "i6 → i7 → i0."), (9, "i6 → i7 → … → i0.")], ids=["eight", "nine"]
)
def test_of_a_long_cycle_eight_are_named(tmp_path: Path, count: int, end: str) -> None:
    ring = "\n".join(f"i{number} i{(number + 1) % count}" for number in range(count))
    (finding,) = examined(tmp_path, {"A.md": ids(ring)})
    assert finding.sentence.endswith(end)


def test_a_long_garbled_line_is_cut_in_the_report(tmp_path: Path) -> None:
    (finding,) = examined(tmp_path, {"A.md": f"#  \uf8ffüìö {'word ' * 30}\n"})
    seen, wanted = finding.sentence.split("“")[1:]
    assert len(seen.partition("”")[0]) == len(wanted.partition("”")[0]) == 60
    assert "…" in seen


def test_another_name_with_a_heading_is_still_that_note(tmp_path: Path) -> None:
    notes = {"A.md": "[[ ml #part]]", "ML Roadmap.md": "---\naliases: ML\n---\n"}
    (finding,) = examined(tmp_path, notes)
    assert "this is an alias of ML Roadmap." in finding.sentence


def test_how_notes_are_written_is_told_of_each_file_system_and_where_they_are_not(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "A.md").write_text("- [ ] a")
    snapshot = Vault(tmp_path, Config(), lambda: NoteWriter(tmp_path)).refresh()
    found = run_checks(snapshot, IgnoreRules(), "", [], {}, NoteWriter(tmp_path, strategies=()))
    assert places(list(found.findings)) == [("sub", FindingKind.WRITING)]
    assert [report.folder for report in found.writing] == [tmp_path / "sub"]


def test_notes_that_cannot_be_read_again_or_are_shown_only_are_not_garbled(tmp_path: Path) -> None:
    for name in ("A.md", "B.md"):
        (tmp_path / name).write_text("# \uf8ffüìö a\n")
    (tmp_path / "C.md").write_bytes("# a\n".encode("utf-16"))
    snapshot = Vault(tmp_path, Config(), lambda: NoteWriter(tmp_path)).refresh()
    (tmp_path / "A.md").unlink()
    assert list(find_damage(tmp_path, snapshot.notes.values(), 1000)) == ["B.md"]
    assert find_damage(tmp_path, snapshot.notes.values(), 5) == {}


# What is written of it


def report(tmp_path: Path, findings: list[Finding], mended: list[RepairResult]) -> list[str]:
    return list(doctor_lines(DoctorReport(tuple(findings), ()), mended))


def finding(kind: FindingKind = FindingKind.DEAD_LINK, path: str = "A.md", line: int | None = 3) -> Finding:
    return Finding(path, line, kind, "It is so.")


@pytest.mark.parametrize(
    ("findings", "last"),
    [
        ([], "Nothing is wrong."),
        ([finding()], "1 finding."),
        ([finding(), finding(line=4)], "2 findings."),
        ([finding(FindingKind.GARBLED), finding()], "2 findings; --fix repairs 1."),
        ([finding(FindingKind.GARBLED)], "1 finding; --fix repairs 1."),
    ],
)
def test_the_last_line_counts(tmp_path: Path, findings: list[Finding], last: str) -> None:
    assert report(tmp_path, findings, [])[-1] == last


def test_each_finding_says_where_it_is(tmp_path: Path) -> None:
    findings = [finding(), finding(line=None), finding(path="", line=None)]
    mended = [
        RepairResult("A.md", (7,)),
        RepairResult("B.md", (1, 2, 3)),
        RepairResult("C.md", (), "Refused."),
    ]
    assert report(tmp_path, findings, mended) == [
        "A.md  changed line 7",
        "B.md  changed lines 1, 2 and 3",
        "C.md  Refused.",
        "A.md:3  It is so.",
        "A.md  It is so.",
        "(vault)  It is so.",
        "3 findings.",
    ]


def test_how_notes_are_written_is_said_with_what_is_not_possible_there(tmp_path: Path) -> None:
    writer = NoteWriter(tmp_path)
    described = writer.describe(tmp_path)
    assert described.promise is not None
    possible = FolderReport(
        tmp_path, "exchange", described.promise, (("in place under a lease", "no leases"),)
    )
    impossible = FolderReport(tmp_path, None, None, (("exchange", "not here"),))
    found = DoctorReport((), (possible, impossible))
    promise = described.promise.value
    assert list(doctor_lines(found, [])) == [
        f"Notes are written by exchange. {promise[0].upper()}{promise[1:]}.",
        "  not in place under a lease: no leases",
        "Nothing is wrong.",
    ]
    written = json.loads(json.dumps(doctor_value(found, [])))
    assert [(each["strategy"], each["promise"], each["declined"]) for each in written["writing"]] == [
        ("exchange", promise, {"in place under a lease": "no leases"}),
        (None, None, {"exchange": "not here"}),
    ]


# What an earlier run left


def left(vault: Path, *, is_lone: bool = False) -> list[str]:
    return [each.path for each in leftovers(vault, vault.parent / "state", is_lone=is_lone)]


def test_an_edit_of_another_vault_is_not_listed(vault: Path, tmp_path: Path) -> None:
    other = tmp_path / "vault 2" / "Plan.md"
    other.parent.mkdir()
    other.write_bytes(NEW)
    WriteAheadLog(tmp_path / "state").record(WalRecord(other, BASE, NEW)).leave()
    assert left(vault) == []
    assert left(other.parent) == ["Plan.md"]


def test_folders_around_a_note_in_no_vault_are_not_looked_into(vault: Path) -> None:
    for folder in (vault, vault / "Work"):
        (folder / NAME).write_bytes(BASE)
    assert left(vault, is_lone=True) == [NAME]
    assert left(vault) == [NAME, f"Work/{NAME}"]


def test_a_file_that_a_living_run_may_need_is_not_listed(
    vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (vault / NAME).write_bytes(BASE)
    made = os.stat(vault / NAME).st_ctime
    for age, listed in ((9.9, []), (10.1, [NAME])):
        monkeypatch.setattr(type(REAL_FILE_SYSTEM), "wall_clock", lambda self, age=age: made + age)
        assert left(vault) == listed


@pytest.mark.parametrize(
    ("beside", "is_listed"), [(BASE, False), (BASE + b"- [ ] late\n", True), (None, False)]
)
def test_a_saved_edit_is_only_listed_where_its_old_file_was_written_since(
    vault: Path, beside: bytes | None, is_listed: bool
) -> None:
    if beside is not None:
        (vault / "Work" / NAME).write_bytes(beside)
    record = WalRecord(vault / "Work" / "Plan.md", BASE, NEW, NAME)
    entry = WriteAheadLog(vault.parent / "state").record(record)
    entry.mark_reported()
    entry.leave()
    assert ("Work/Plan.md" in left(vault)) is is_listed


def test_a_damaged_entry_of_the_journal_is_of_no_note(vault: Path) -> None:
    (vault.parent / "state" / "journal").mkdir(parents=True)
    (vault.parent / "state" / "journal" / "0123.journal").write_bytes(b"nonsense")
    assert left(vault) == []
