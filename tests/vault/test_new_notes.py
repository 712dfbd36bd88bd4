"""A note that is made for a task is there with the task in it, or not at all."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from roadtui.config import Config
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.session.action_builders.text import add_to_note
from roadtui.session.actions import TaskActions
from roadtui.vault.commit import commit
from roadtui.vault.errors import WriteFailedError
from roadtui.vault.file_system import FileSystem
from roadtui.vault.new_note import check_path, note_for_writing, path_of_new_note
from roadtui.vault.obsidian import NewNoteLocation, VaultSettings
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.test_writing_faults import FaultySystem

TODAY = date(2026, 3, 14)
PATH = "area/deep/New.md"
REFUSED = RefusedError("no")


def fail_after(
    root: Path, act: Callable[[Path], object], path: str = PATH, how: BaseException = REFUSED
) -> None:
    """Make a note, `act` on its file, and then fail to write it."""
    with note_for_writing(root, path) as made:
        act(root / made.path)
        raise how


def nothing(_note: Path) -> None:
    """Do nothing."""


def names(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "Plan.md").write_text("- [ ] a\n")
    return root


@pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("path", [PATH, "New.md"])
def test_a_failure_at_any_call_leaves_nothing_behind(tmp_path: Path, path: str, number: int) -> None:
    at = 0
    while True:
        root = tmp_path / f"vault{at}"
        root.mkdir()
        system = FaultySystem(at, number)
        writer = NoteWriter(tmp_path / f"state{at}", system=system)
        vault = Vault(root, Config(), iter([writer]).__next__)
        try:
            commit(vault, add_to_note(TaskActions.of(vault, TODAY).context, path, None, ["a"]))
        except RoadtuiError:
            assert names(root) == [], (at, system.calls[at])
        else:
            assert (root / path).read_text() == "- [ ] a\n"
            if at >= len(system.calls):
                assert at > 10, "every call had its turn"
                return
        at += 1


def test_the_name_of_a_note_that_was_made_is_on_the_disk_with_those_of_its_folders(root: Path) -> None:
    synced: set[Path] = set()

    class Disk(FileSystem):
        def sync_folder(self, folder: Path) -> None:
            super().sync_folder(folder)
            synced.add(folder)

    with note_for_writing(root, PATH, Disk()):
        pass
    assert synced == {root, root / "area", root / "area/deep"}


def test_folders_that_were_there_stay(root: Path) -> None:
    (root / "area").mkdir()
    with pytest.raises(RefusedError):
        fail_after(root, nothing)
    assert names(root) == ["Plan.md", "area"]


@pytest.mark.parametrize("error", [RefusedError("no"), OSError(errno.EIO, "no"), KeyboardInterrupt()])
def test_whatever_ends_the_writing_takes_the_note_away(root: Path, error: BaseException) -> None:
    found: list[bytes] = []
    with pytest.raises(type(error)):
        fail_after(root, lambda note: found.append(note.read_bytes()), how=error)
    assert found == [b""]
    assert names(root) == ["Plan.md"]


def test_what_another_program_wrote_meanwhile_stays(root: Path) -> None:
    with pytest.raises(RefusedError):
        fail_after(root, lambda note: note.write_text("from my phone\n"))
    assert (root / PATH).read_text() == "from my phone\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the ways of Linux")
def test_what_another_program_is_about_to_write_stays(root: Path) -> None:
    opened: list[int] = []
    with pytest.raises(RefusedError):
        fail_after(root, lambda note: opened.append(os.open(note, os.O_WRONLY)))
    os.write(opened[0], b"from my phone\n")
    os.close(opened[0])
    assert (root / PATH).read_text() == "from my phone\n"


def test_a_file_put_into_a_new_folder_keeps_it(root: Path) -> None:
    with pytest.raises(RefusedError):
        fail_after(root, lambda _note: (root / "area" / "Other.md").write_text("theirs"))
    assert names(root) == ["Plan.md", "area", "area/Other.md"]


@pytest.mark.parametrize("path", ["Empty.md", "empty.md", "Plan.md"])
def test_a_note_that_was_there_stays(root: Path, path: str) -> None:
    (root / "Empty.md").touch()
    with pytest.raises(RefusedError):
        fail_after(root, nothing, path)
    assert names(root) == ["Empty.md", "Plan.md"]
    assert (root / "Plan.md").read_text() == "- [ ] a\n"


def test_a_file_where_a_folder_should_be_is_told(root: Path) -> None:
    (root / "area").write_text("a file")
    with pytest.raises(WriteFailedError), note_for_writing(root, PATH):
        pass
    assert names(root) == ["Plan.md", "area"]


def test_a_folder_that_leads_out_of_the_vault_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (root / "area").symlink_to(tmp_path / "outside")
    with pytest.raises(RefusedError, match="is outside the vault"), note_for_writing(root, PATH):
        pass
    assert names(tmp_path / "outside") == []


@pytest.mark.parametrize(
    ("name", "settings", "path"),
    [
        ("New", {}, "New.md"),
        ("New.md", {}, "New.md"),
        ("v1.2 of é 📚", {}, "v1.2 of é 📚.md"),
        ("New", {"new_note_location": NewNoteLocation.SAME_FOLDER}, "work/deep/New.md"),
        (
            "New",
            {"new_note_location": NewNoteLocation.FOLDER, "new_note_folder": "in/box"},
            "in/box/New.md",
        ),
        ("New", {"new_note_location": NewNoteLocation.FOLDER}, "New.md"),
        ("sub/New", {"new_note_location": NewNoteLocation.FOLDER, "new_note_folder": "in"}, "sub/New.md"),
        ("./New", {}, "work/deep/New.md"),
        ("x&append=y $(id) `id`", {}, "x&append=y $(id) `id`.md"),
        ("-rf", {}, "-rf.md"),
    ],
)
def test_a_linked_note_is_made_where_obsidian_makes_it(
    name: str, settings: dict[str, Any], path: str
) -> None:
    assert path_of_new_note(name, "work/deep/Plan.md", VaultSettings(**settings)) == path


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../New", "out of the vault"),
        ("a/../../New", "out of the vault"),
        ("./../New", "out of the vault"),
        ("/etc/passwd", "path in the vault"),
        ("C:/New", "cannot contain :"),
        ("a\\b", "cannot contain \\"),
        ("a|b", "cannot contain |"),
        ("a#b", "cannot contain #"),
        ("a^b", "cannot contain ^"),
        ("what?", "cannot contain ?"),
        ("a\nb", "not the path of a note"),
        ("a\0b", "not the path of a note"),
        ("a\u202eb", "not the path of a note"),
        ("a\udc80", "not the path of a note"),
        (".hidden", "not the path of a note"),
        ("a/.obsidian/b", "not the path of a note"),
        ("", "not the path of a note"),
        ("a//b", "not the path of a note"),
        ("a /b", "blank or a dot"),
        ("a./b", "blank or a dot"),
        ("x" * 253, "too long"),
        ("é" * 127, "too long"),
        ("private/New", "excludes"),
    ],
)
def test_a_name_that_no_note_can_have_is_refused(name: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=re.escape(reason)) as refusal:
        path_of_new_note(name, "Plan.md", VaultSettings(ignore_filters=("private/",)))
    assert str(refusal.value).isprintable()


def test_a_folder_of_the_settings_that_is_hidden_is_refused() -> None:
    settings = VaultSettings(new_note_location=NewNoteLocation.FOLDER, new_note_folder=".trash")
    with pytest.raises(RefusedError):
        path_of_new_note("New", "Plan.md", settings)


@pytest.mark.parametrize(
    "path",
    [
        *("", "Note", "Note.txt", "/Note.md", "a//Note.md", "./Note.md", "../Note.md", "a/../Note.md"),
        *(".hidden/Note.md", ".Note.md", "a/.b/Note.md", "No\nte.md", "No\u202ete.md", "Note.md/"),
    ],
)
def test_what_is_no_path_of_a_note_is_refused(root: Path, path: str) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(RefusedError, match="is not the path of a note"), note_for_writing(root, path):
        pass
    with pytest.raises(RefusedError):
        check_path(path)
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize("path", ["N.md", "a/b/N.md", "a.b/c d.md", "é ü.md"])
def test_what_is_a_path_of_a_note_is_taken(path: str) -> None:
    check_path(path)
