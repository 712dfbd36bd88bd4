"""A vault at one moment: its roadmaps, its hubs, and where a note went."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.single_edits import status_edit

TASKS = "- [x] done\n- [ ] open\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    root.mkdir()
    return root


def write(root: Path, path: str, text: str) -> None:
    note = root / path
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(text, encoding="utf-8")


def opened(root: Path) -> Vault:
    return Vault(root, Config(), lambda: NoteWriter(root.parent / "state"))


def snapshot_of(root: Path, notes: dict[str, str]) -> Snapshot:
    for path, text in notes.items():
        write(root, path, text)
    return opened(root).refresh()


def test_roadmaps_are_the_notes_with_tasks_by_folder_and_name(root: Path) -> None:
    notes = ["zebra.md", "Ärger.md", "apple.md", "Banana.MD", "b/a.md", "A/z.md", "A/b/c.md", "a/X.md"]
    snapshot = snapshot_of(
        root, {**dict.fromkeys(notes, TASKS), "prose.md": "no task\n", "code.md": "    - [ ] x"}
    )
    found = [(note.folder, note.name) for note in snapshot.roadmaps]
    assert found == [
        ("", "apple"),
        ("", "Banana"),
        ("", "zebra"),
        ("", "Ärger"),
        ("a", "X"),
        ("A", "z"),
        ("A/b", "c"),
        ("b", "a"),
    ]
    assert (snapshot.progress.done, snapshot.progress.total) == (8, 16)


ROADMAPS = dict.fromkeys(["One.md", "Two.md", "area/Three.md", "other/Three.md"], TASKS)


@pytest.mark.parametrize(
    ("notes", "hubs"),
    [
        pytest.param({"H.md": "[[One]] [[Two]]"}, {"H.md": ["One", "Two"]}, id="two links"),
        pytest.param({"H.md": "[[One]]"}, {}, id="one link"),
        pytest.param({"H.md": "[[One]] [[one|again]] [[One#Part]]"}, {}, id="one note thrice"),
        pytest.param({"H.md": "[[One]] [[Nowhere]] [[#Here]]"}, {}, id="links to nothing and to itself"),
        pytest.param({"H.md": "- [ ] task\n[[One]] [[Two]]"}, {}, id="has tasks of its own"),
        pytest.param(
            {"H.md": "[[ONE|first]], [Two](two.md#x), ![[area/three#^b]]"},
            {"H.md": ["One", "Two", "area/Three"]},
            id="any case, alias, heading, block, embed, markdown link",
        ),
        pytest.param(
            {"area/H.md": "[[Three]] [[One]]"}, {"area/H.md": ["One", "area/Three"]}, id="the note beside it"
        ),
        pytest.param(
            {"H.md": "```\n[[One]] [[Two]]\n```\n<!-- [[One]] [[Two]] -->"}, {}, id="in code and HTML"
        ),
        pytest.param(
            {"H.md": "%% [[One]] %%\n\n%%\n[[Two]]\n%%"},
            {},
            id="in comments of Obsidian",
        ),
        pytest.param({"H.md": "[[One]] [[P]]", "P.md": "prose"}, {}, id="prose is no roadmap"),
        pytest.param(
            {"H.md": "[[One]] [[P]]", "P.md": "[[Two]] [[Q]]", "Q.md": "[[P]]"},
            {},
            id="a note that mentions one",
        ),
        pytest.param(
            {"H.md": "[[K]] [[One]]", "K.md": "[[Two]] [[area/Three]]"},
            {"H.md": ["One", "Two", "area/Three"], "K.md": ["Two", "area/Three"]},
            id="a hub of a hub",
        ),
        pytest.param(
            {"H.md": "[[K]] [[One]]", "K.md": "[[Two]] [[One]] [[H]]"},
            {"H.md": ["One", "Two"], "K.md": ["One", "Two"]},
            id="hubs in a cycle, each roadmap once",
        ),
        pytest.param({"H.md": "[[K]] [[One]]", "K.md": "[[H]] [[K]]"}, {}, id="a cycle that leads to one"),
    ],
)
def test_hubs(root: Path, notes: dict[str, str], hubs: dict[str, list[str]]) -> None:
    found = snapshot_of(root, {**ROADMAPS, **notes}).hubs()
    assert {hub: [note.path.removesuffix(".md") for note in below] for hub, below in found.items()} == hubs


def test_a_large_web_of_prose_that_mentions_one_roadmap_is_no_hub(root: Path) -> None:
    prose = {f"p{n}.md": f"[[p{(n + 1) % 3000}]] [[p{(n * 7) % 3000}]] [[One]]" for n in range(3000)}
    assert snapshot_of(root, {**ROADMAPS, **prose}).hubs() == {}


def successor(vault: Vault, path: str) -> str | None:
    """Where the note at `path` is after what has happened in the folder."""
    before = vault.snapshot
    found = vault.refresh().successor(before.notes[path], before)
    return None if found is None else found.path


class TestSuccessor:
    """Where a note went that is no longer at its path."""

    @pytest.fixture
    def vault(self, root: Path) -> Vault:
        write(root, "plans/ML.md", "# ML\n- [ ] vectors\n- [ ] graphs\n")
        write(root, "plans/Other.md", TASKS)
        vault = opened(root)
        vault.refresh()
        return vault

    def test_renamed(self, root: Path, vault: Vault) -> None:
        (root / "plans" / "ML.md").rename(root / "Machine Learning.md")
        assert successor(vault, "plans/ML.md") == "Machine Learning.md"

    def test_renamed_and_edited(self, root: Path, vault: Vault) -> None:
        (root / "plans" / "ML.md").rename(root / "ML 2.md")
        write(root, "ML 2.md", "# ML 2\n- [ ] vectors\n- [ ] more\n")
        assert successor(vault, "plans/ML.md") == "ML 2.md"

    def test_another_case(self, root: Path, vault: Vault) -> None:
        (root / "plans" / "ML.md").rename(root / "plans" / "ml.md")
        assert successor(vault, "plans/ML.md") == "plans/ml.md"

    def test_its_new_name_is_seen_before_the_old_one_is_missed(self, root: Path, vault: Vault) -> None:
        os.link(root / "plans" / "ML.md", root / "ML 2.md")
        before = vault.refresh(["ML 2.md"])
        (root / "plans" / "ML.md").unlink()
        found = vault.refresh(["plans/ML.md"]).successor(before.notes["plans/ML.md"], before)
        assert found is not None
        assert found.path == "ML 2.md"

    def test_with_its_folder(self, root: Path, vault: Vault) -> None:
        before = vault.snapshot
        (root / "plans").rename(root / "archive")
        after = vault.refresh()
        for name in ("ML.md", "Other.md"):
            moved = after.successor(before.notes[f"plans/{name}"], before)
            assert moved is not None
            assert moved.path == f"archive/{name}"

    def test_copied_and_deleted_as_sync_clients_move(self, root: Path, vault: Vault) -> None:
        write(root, "ML.md", (root / "plans" / "ML.md").read_text())
        (root / "plans" / "ML.md").unlink()
        assert successor(vault, "plans/ML.md") == "ML.md"

    def test_two_copies_are_not_guessed_between(self, root: Path, vault: Vault) -> None:
        text = (root / "plans" / "ML.md").read_text()
        write(root, "one.md", text)
        write(root, "two.md", text)  # Both before it is deleted: neither can get its number.
        (root / "plans" / "ML.md").unlink()
        assert successor(vault, "plans/ML.md") is None

    def test_a_new_note_with_the_number_of_the_deleted_one_is_not_it(self, root: Path, vault: Vault) -> None:
        before = vault.snapshot
        gone = before.notes["plans/ML.md"]
        (root / gone.path).unlink()
        write(root, "new.md", "# Shopping\n- [ ] milk\n")
        after = vault.refresh()
        new = replace(after.notes["new.md"], stamp=gone.stamp)
        assert replace(after, notes={**after.notes, "new.md": new}).successor(gone, before) is None

    def test_deleted(self, root: Path, vault: Vault) -> None:
        (root / "plans" / "ML.md").unlink()
        assert successor(vault, "plans/ML.md") is None

    def test_an_undo_follows_the_note(self, root: Path, vault: Vault) -> None:
        snapshot = vault.snapshot
        note = snapshot.notes["plans/ML.md"]
        task = next(note.note.tasks)
        edit = status_edit(snapshot, note, task, "x", date(2026, 3, 14), dates=None)
        done = vault.commit(edit)
        (root / "plans" / "ML.md").rename(root / "renamed.md")
        vault.refresh()
        (root / "renamed.md").rename(root / "again.md")
        vault.refresh()
        assert done.inverse is not None
        undone = vault.commit(done.inverse)
        assert undone.path == "again.md"
        assert (root / "again.md").read_text() == "# ML\n- [ ] vectors\n- [ ] graphs\n"
