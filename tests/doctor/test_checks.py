"""What an examination finds, and what it leaves alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.ignore_rules import IgnoreRules
from roadtui.doctor.checks import run_checks
from roadtui.doctor.finding import Finding, FindingKind
from roadtui.doctor.repair import find_damage
from roadtui.vault.scan import linkable_files
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter

Notes = dict[str, str]


def examined(root: Path, notes: Notes, below: str = "") -> list[Finding]:
    vault_root = root / "vault"
    for path, text in notes.items():
        (vault_root / path).parent.mkdir(parents=True, exist_ok=True)
        (vault_root / path).write_bytes(text.encode("utf-8", "surrogateescape"))
    vault = Vault(vault_root, Config(), lambda: NoteWriter(root / "state"))
    snapshot = vault.refresh()
    damage = find_damage(vault_root, snapshot.below(below), 1_000_000)
    files = linkable_files(vault_root)
    return list(run_checks(snapshot, vault.rules, below, files, damage, NoteWriter(root / "state")).findings)


def places(findings: list[Finding]) -> list[tuple[str, FindingKind]]:
    return [(finding.location, finding.kind) for finding in findings]


DEAD, AMBIGUOUS, COPY = FindingKind.DEAD_LINK, FindingKind.AMBIGUOUS_LINK, FindingKind.CONFLICT_COPY

FAULTS: dict[str, tuple[Notes, list[tuple[str, FindingKind]]]] = {
    "garbled": ({"A.md": "# \uf8ffüìö a\n\n`\uf8ffüìö`\n"}, [("A.md:1", FindingKind.GARBLED)]),
    "a garbled heading that is linked to": (
        {"A.md": "[[B#📚 One]]", "B.md": "# \uf8ffüìö One"},
        [("B.md:1", FindingKind.GARBLED)],
    ),
    "a dead link": ({"A.md": "a\n[[B]] [b](c.md) [[B]]"}, [("A.md:2", DEAD), ("A.md:2", DEAD)]),
    "a dead heading": (
        {"A.md": "# One\n[[#two]] [[B#three]] [[B#Four#five]]", "B.md": "# four\n## five"},
        [("A.md:2", DEAD), ("A.md:2", DEAD)],
    ),
    "an ambiguous link": ({"A.md": "[[B]]", "x/B.md": "", "y/B.md": ""}, [("A.md:1", AMBIGUOUS)]),
    "an invalid date": (
        {"A.md": "- [ ] a 📅 2026-02-30\n- [ ] b [due:: 2026-13-01]"},
        [("A.md:1", FindingKind.INVALID_DATE), ("A.md:2", FindingKind.INVALID_DATE)],
    ),
    "an id twice": (
        {"A.md": "- [ ] a 🆔 i", "B.md": "\n- [ ] b 🆔 i"},
        [("A.md:1", FindingKind.DUPLICATE_ID), ("B.md:2", FindingKind.DUPLICATE_ID)],
    ),
    "an unknown id": (
        {"A.md": "- [ ] a ⛔ i, j\n- [ ] b 🆔 i"},
        [("A.md:1", FindingKind.UNKNOWN_DEPENDENCY)],
    ),
    "a cycle": (
        {"A.md": "- [ ] a 🆔 a ⛔ b\n- [ ] b 🆔 b ⛔ c", "B.md": "- [ ] c 🆔 c ⛔ a"},
        [("A.md:1", FindingKind.DEPENDENCY_CYCLE)],
    ),
    "a task that waits for itself": (
        {"A.md": "- [ ] a 🆔 a ⛔ a"},
        [("A.md:1", FindingKind.DEPENDENCY_CYCLE)],
    ),
    "frontmatter": ({"A.md": "---\na: b: c\n---\n"}, [("A.md:1", FindingKind.FRONTMATTER)]),
    "a merge conflict": (
        {"A.md": "# A\n<<<<<<< HEAD\n- [ ] a\n=======\n- [x] a\n>>>>>>> other\n"},
        [("A.md:2", FindingKind.MERGE_CONFLICT)],
    ),
    "UTF-16": ({"A.md": "\udcff\udcfea\0"}, [("A.md", FindingKind.UNREADABLE)]),
    "settings": ({".obsidian/app.json": "{"}, [(".obsidian", FindingKind.SETTINGS)]),
    "an excluded file": (
        {".obsidian/app.json": '{"userIgnoreFilters": ["/(/"]}'},
        [(".obsidian/app.json", FindingKind.SETTINGS)],
    ),
    "OneDrive": ({"P.md": "", "P-DESKTOP-AB12CD3.md": ""}, [("P-DESKTOP-AB12CD3.md", COPY)]),
    "Google Drive": ({"P.md": "- [ ] a\n", "P (1).md": "- [x] a\n"}, [("P (1).md", COPY)]),
    "iCloud": ({"P.md": "- [ ] a\n- [ ] b", "P 2.md": "- [x] a\n- [ ] c"}, [("P 2.md", COPY)]),
}


@pytest.mark.parametrize(
    "name",
    [
        "P.sync-conflict-20260131-120000-ABCDEF7",  # Syncthing
        "P (Ann's conflicted copy 2026-01-31)",  # Dropbox
        "P (conflicted copy 2026-01-31 120000)",  # Nextcloud
        "P (Conflicted copy phone 202601311200)",  # Obsidian Sync
        "P_conflict-20260131-120000",  # ownCloud
        "P (conflict 0a1b2c)",  # roadtui
    ],
)
def test_names_that_only_a_conflict_copy_has(tmp_path: Path, name: str) -> None:
    notes = {"a/P.md": "- [ ] a", f"a/{name}.md": "- [ ] b"}
    (finding,) = examined(tmp_path, notes)
    assert (finding.path, finding.kind) == (f"a/{name}.md", FindingKind.CONFLICT_COPY)
    assert " made of a/P.md. " in finding.sentence


@pytest.mark.parametrize(("notes", "found"), FAULTS.values(), ids=FAULTS.keys())
def test_faults(tmp_path: Path, notes: Notes, found: list[tuple[str, FindingKind]]) -> None:
    (tmp_path / "vault").mkdir()
    assert places(examined(tmp_path, notes)) == found


HONEST: dict[str, Notes] = {
    "links": {
        "A.md": "[[b]] [[B#one *more*]] [[B#^block]] [[#^own]] [[pic.PNG]] ![[x/pic.png|100]] [w](https://a.b)",
        "B.md": "# One **more**!",
        "x/pic.png": "",
    },
    "a link to the note beside it": {"x/A.md": "[[B]]", "x/B.md": "", "y/B.md": ""},
    "a link by path": {"A.md": "[[x/B]]", "x/B.md": "", "y/B.md": ""},
    "a link into an excluded folder": {
        ".obsidian/app.json": '{"userIgnoreFilters": ["x/"]}',
        "A.md": "[[B]]",
        "x/B.md": "[[gone]]",
    },
    "a garbled name": {"A.md": "[[\uf8ffüìö B]] [b](\uf8ffüìö%20B.md)", "\uf8ffüìö B.md": ""},
    "numbered names": {"P.md": "- [ ] a", "P 2.md": "- [ ] b", "Q 2.md": "", "Chapter-WINTER.md": ""},
    "named like a copy of nothing": {"P-DESKTOP-AB12CD3.md": "", "On conflicted copies.md": ""},
    "tasks": {"A.md": "- [ ] a 🆔 i 📅 2026-02-28\n- [x] b ⛔ i\n- [ ] c 🆔 k ⛔ i"},
    "code": {"A.md": "```\n[[B]] \uf8ffüìö\n- [ ] 📅 2026-02-30\n```"},
    "paths of different length": {"A.md": "[[B]]", "x/B.md": "", "yy/B.md": ""},
    "a link with a bracket": {"A.md": "[[Sq]uare]] [[Sq]uare|the note]]", "Sq]uare.md": ""},
    "a template": {"A.md": "---\ndate: {{date}}\ndeadline: {{date:YYYY-MM-DD}}\nstatus: open\n---\n"},
    "what only begins as an id": {"A.md": "- [ ] a 🆔 abc.1\n- [ ] b 🆔 abc.2\n- [ ] c `⛔ gone`"},
    "nothing": {},
}


@pytest.mark.parametrize("notes", HONEST.values(), ids=HONEST.keys())
def test_honest_notes_are_left_alone(tmp_path: Path, notes: Notes) -> None:
    (tmp_path / "vault").mkdir()
    assert examined(tmp_path, notes) == []


@pytest.mark.parametrize(
    ("notes", "sentence"),
    [
        (
            {"A.md": "[[ml]]", "ML Roadmap.md": "---\naliases: ML\n---\n"},
            "The link to “ml” leads nowhere: this is an alias of ML Roadmap. Write [[ML Roadmap|ml]].",
        ),
        (
            {"A.md": "[[B]]", "x/B.md": "", "y/B.md": ""},
            "The link to “B” opens x/B.md, but could also mean y/B.md. Write the whole path.",
        ),
        (
            {"A.md": "- [ ] a 🆔 a ⛔ b\n- [ ] b 🆔 b ⛔ a"},
            "These tasks wait for each other: a → b → a.",
        ),
        (
            {"P.sync-conflict-20260131-120000-ABCDEF7.md": ""},
            "This is a conflict copy that Syncthing made of P.md, which is gone. "
            "Merge what differs, then delete it.",
        ),
        (
            {
                ".obsidian/community-plugins.json": '["obsidian-tasks-plugin"]',
                "A.md": "- [ ] a 🆔 i and words\n- [ ] b ⛔ i",
            },
            "It waits for the task “i”, but the Tasks plugin does not read the id at A.md:1: "
            "only fields and tags may follow it.",
        ),
        (
            {"A.md": "---\nsources: [a]\nsources:\n  - b\n---\n"},
            "The frontmatter is not valid YAML in line 3 of the note: "
            "the key “sources” is there twice, so Obsidian reads no property.",
        ),
        (
            {"A.md": "[[Note]]", "b/c/Note.md": "", "bcd/Note.md": ""},
            "The link to “Note” opens b/c/Note.md, but could also mean bcd/Note.md. Write the whole path.",
        ),
        (
            {"A.md": "%%\n[[gone]]\n%%"},
            "The link to “gone” leads nowhere: there is no such file in the vault.",
        ),
        ({"A.md": "# \uf8ffüìö a"}, "Garbled: “# \uf8ffüìö a” would be “# 📚 a”."),
    ],
)
def test_a_sentence_says_what_to_do(tmp_path: Path, notes: Notes, sentence: str) -> None:
    assert [finding.sentence for finding in examined(tmp_path, notes)] == [sentence]


def test_an_id_that_stands_twice_is_told_with_where_the_other_is(tmp_path: Path) -> None:
    notes = {"A.md": "\n- [ ] a 🆔 i\n", "B.md": "# B\n\n- [ ] b 🆔 i\n- [ ] c 🆔 i\n"}
    assert [(finding.location, finding.sentence) for finding in examined(tmp_path, notes)] == [
        ("A.md:2", "The id “i” is also used at B.md:3, B.md:4. Give this task another one."),
        ("B.md:3", "The id “i” is also used at A.md:2, B.md:4. Give this task another one."),
        ("B.md:4", "The id “i” is also used at A.md:2, B.md:3. Give this task another one."),
    ]


def test_a_part_is_examined_with_the_whole_vault_in_mind(tmp_path: Path) -> None:
    notes = {
        "x/A.md": "- [ ] a ⛔ i\n[[B]] [[gone]]",
        "B.md": "- [ ] b 🆔 i\n[[gone]] 📅 2026-02-30",
    }
    assert places(examined(tmp_path, notes, below="x")) == [("x/A.md:2", DEAD)]
    assert places(examined(tmp_path, notes, below="B.md")) == [("B.md:2", DEAD)]


def test_many_tasks_that_wait_for_each_other_are_one_finding(tmp_path: Path) -> None:
    count = 3_000
    ring = "".join(f"- [ ] t 🆔 i{number} ⛔ i{(number + 1) % count}\n" for number in range(count))
    (finding,) = examined(tmp_path, {"A.md": ring})
    assert finding.sentence.startswith("These tasks wait for each other: i0 → i1 → ")
    assert len(finding.sentence) < 100


def test_every_separate_cycle_is_found(tmp_path: Path) -> None:
    lines = ["a b", "b a", "c d", "d c", "e a,c", "f f"]
    text = "".join(f"- [ ] t 🆔 {own} ⛔ {other}\n" for own, other in map(str.split, lines))
    assert [finding.line for finding in examined(tmp_path, {"A.md": text})] == [1, 3, 6]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_what_cannot_be_read_is_listed(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "A.md").symlink_to("nowhere.md")
    assert places(examined(tmp_path, {})) == [("A.md", FindingKind.UNREADABLE)]


def test_a_folder_that_no_way_of_writing_works_in_is_told(tmp_path: Path) -> None:
    (tmp_path / "A.md").write_text("- [ ] a")
    snapshot = Vault(tmp_path, Config(), lambda: NoteWriter(tmp_path)).refresh()
    found = run_checks(snapshot, IgnoreRules(), "", [], {}, NoteWriter(tmp_path, strategies=()))
    assert places(list(found.findings)) == [("(vault)", FindingKind.WRITING)]
