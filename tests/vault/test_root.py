"""An empty folder in the place of a vault is a missing vault: nothing is written, nothing forgotten."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.errors import RefusedError
from roadtui.session.action_builders.text import add_to_note
from roadtui.session.actions import TaskActions
from roadtui.vault.commit import commit
from roadtui.vault.errors import VaultMissingError
from roadtui.vault.history.history import History
from roadtui.vault.root import VaultRoot
from roadtui.vault.undo_log import UndoLog
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from roadtui.vault.writing.past_runs import had_notes
from tests.vault.conftest import Files, put, texts

REFUSED = r"^Not changed: the vault folder"
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
TODAY = date(2026, 3, 14)


def away(root: Path) -> Path:
    return root.with_name("away")


def moved_away(root: Path) -> None:
    root.rename(away(root))


def replaced_by_an_empty_folder(root: Path) -> None:
    root.rename(away(root))
    root.mkdir()


def replaced_by_a_folder_with_hidden_files_alone(root: Path) -> None:
    root.rename(away(root))
    (root / ".obsidian").mkdir(parents=True)
    (root / ".DS_Store").touch()


def replaced_by_the_place_of_a_disk(root: Path) -> None:
    root.rename(away(root))
    (root / "lost+found").mkdir(parents=True)
    (root / "DISK IS NOT MOUNTED.txt").touch()


def replaced_by_a_file(root: Path) -> None:
    root.rename(away(root))
    root.touch()


GOES = [
    moved_away,
    replaced_by_an_empty_folder,
    replaced_by_a_folder_with_hidden_files_alone,
    replaced_by_the_place_of_a_disk,
    replaced_by_a_file,
]


def came_back(root: Path) -> None:
    if root.is_dir():
        shutil.rmtree(root)
    elif root.exists():
        root.unlink()
    away(root).rename(root)


@pytest.mark.parametrize("goes", GOES)
def test_while_it_is_missing_nothing_is_written_and_nothing_forgotten(
    files: Files, goes: Callable[[Path], None]
) -> None:
    vault = files.loaded()
    before, known = vault.snapshot, texts(vault)
    goes(files.root)
    left = sorted(files.root.rglob("*")) if files.root.is_dir() else []
    with pytest.raises(VaultMissingError):
        vault.refresh()
    with pytest.raises(VaultMissingError):
        vault.refresh(["A.md", "sub/B.md"])
    with pytest.raises(VaultMissingError):
        vault.reload_settings()
    with pytest.raises(VaultMissingError):
        list(vault.load())
    for step in (
        TaskActions.of(vault, TODAY).build("capture", None, [], ["new"]),
        add_to_note(TaskActions.of(vault, TODAY).context, "x/y/New.md", "Later", ["new"]),
    ):
        with pytest.raises(VaultMissingError, match=REFUSED):
            commit(vault, step)
    with pytest.raises(VaultMissingError, match=REFUSED):
        put(vault, "A.md", "x")
    with pytest.raises(RefusedError, match="vault folder"):
        vault.lines(before.notes["A.md"])
    with pytest.raises(VaultMissingError):
        vault.writer.recover(files.state)
    assert vault.writer.settle() == []
    assert (sorted(files.root.rglob("*")) if files.root.is_dir() else []) == left
    assert vault.snapshot is before
    came_back(files.root)
    vault.refresh()
    assert texts(vault) == known
    put(vault, "A.md", "x")
    assert (files.root / "A.md").read_text().startswith("- [x] a")


def test_the_history_takes_no_note_for_gone(files: Files) -> None:
    vault = files.loaded()
    history = History(files.state, files.root, UTC)
    history.record_snapshot(lambda: vault.snapshot, NOW)
    replaced_by_an_empty_folder(files.root)
    with pytest.raises(VaultMissingError):
        vault.refresh()
    assert history.record_snapshot(lambda: vault.snapshot, NOW) == 0
    history.close(NOW)
    assert had_notes(files.state, files.root)


def test_another_folder_that_holds_notes_is_the_vault(files: Files) -> None:
    vault = files.loaded()
    replaced_by_an_empty_folder(files.root)
    with pytest.raises(VaultMissingError):
        vault.refresh()
    files.write("C.md", "- [ ] new\n")
    vault.refresh()
    assert texts(vault) == {"C.md": [" new"]}


def test_a_vault_whose_notes_are_deleted_one_by_one_is_an_empty_vault(files: Files) -> None:
    vault = files.loaded()
    (files.root / "A.md").unlink()
    shutil.rmtree(files.root / "sub")
    vault.refresh()
    assert texts(vault) == {}
    commit(vault, TaskActions.of(vault, TODAY).build("capture", None, [], ["new"]))
    assert (files.root / "Inbox.md").read_text() == "- [ ] new\n"


def test_what_cannot_be_looked_into_is_not_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = VaultRoot(tmp_path, had_notes=lambda: True)

    def denied(path: Path) -> object:
        raise PermissionError(path)

    monkeypatch.setattr(os, "scandir", denied)
    assert not root.is_missing(), "a scan says what is wrong"


def test_an_empty_folder_is_a_new_vault_unless_it_had_notes(tmp_path: Path) -> None:
    assert not VaultRoot(tmp_path).is_missing()
    known = VaultRoot(tmp_path, had_notes=lambda: True)
    with pytest.raises(VaultMissingError, match="put a new note into it"):
        known.find()
    (tmp_path / ".obsidian").mkdir()
    assert known.is_missing()
    (tmp_path / "New.md").touch()
    assert not known.is_missing()


def test_a_later_run_does_not_take_the_empty_folder_for_the_vault(files: Files) -> None:
    vault = files.loaded()
    history = History(files.state, files.root, UTC)
    history.record_snapshot(lambda: vault.snapshot, NOW)
    history.close(NOW)
    replaced_by_an_empty_folder(files.root)
    later = Vault(
        files.root,
        Config(),
        lambda: NoteWriter(files.state),
        had_notes=lambda: had_notes(files.state, files.root),
    )
    for act in (
        later.refresh,
        lambda: list(later.load()),
        lambda: commit(later, TaskActions.of(later, TODAY).build("capture", None, [], ["x"])),
    ):
        with pytest.raises(VaultMissingError):
            act()
    assert os.listdir(files.root) == []
    came_back(files.root)
    later.refresh()
    assert sorted(texts(later)) == ["A.md", "sub/B.md"]
    assert later.snapshot.is_complete, "the history may look at it"


def test_what_tells_that_a_vault_had_notes(files: Files) -> None:
    def tells() -> bool:
        return had_notes(files.state, files.root)

    assert not tells()
    assert not files.state.exists(), "asking makes nothing"
    vault = files.loaded()
    done = commit(vault, TaskActions.of(vault, TODAY).build("capture", None, [], ["new"]))
    log = UndoLog(files.state, files.root)
    log.record("add", done.inverses)
    log.close()
    assert tells(), "a step that can be undone"
    assert not had_notes(files.state, files.root.with_name("other"))
    history = History(files.state, files.root, UTC)
    history.record_snapshot(lambda: vault.snapshot, NOW)
    assert tells()
    for note in vault.snapshot.notes:
        (files.root / note).unlink()
    vault.refresh()
    history.record_snapshot(lambda: vault.snapshot, NOW)
    history.close(NOW)
    assert not tells(), "the history saw them go, and goes before the undo list"
    [file] = files.state.glob("history/*/*.sqlite")
    file.write_bytes(b"damaged" * 500)
    assert tells(), "the undo list is asked where the history can't be read"
