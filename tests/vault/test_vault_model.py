"""The live model of a vault: what is on disk is in it, what is written through it is on disk."""

import os
from datetime import date
from pathlib import Path

import pytest

from roadtui.config import Config
from roadtui.core.errors import RefusedError, RoadtuiError
from roadtui.core.note import Task
from roadtui.session.action_builders.status import next_symbol
from roadtui.vault.snapshot import Snapshot
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter
from tests.vault.single_edits import status_edit

TODAY = date(2026, 11, 22)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "folder").mkdir(parents=True)
    (root / "One.md").write_text("# One\n- [ ] a\n- [x] b\n")
    (root / "folder" / "Two.md").write_text("- [ ] c\n")
    (root / "Prose.md").write_text("No task, but a link to [[One]].\n")
    return root


@pytest.fixture
def vault(root: Path, tmp_path: Path) -> Vault:
    return Vault(root, Config(), lambda: NoteWriter(tmp_path / "state"))


def loaded(vault: Vault) -> Snapshot:
    *_, last = vault.load()
    return last


def tick(vault: Vault, path: str, text: str) -> None:
    note = vault.snapshot.notes[path]
    task = next(task for task in note.note.tasks if task.text == text)
    symbol = next_symbol(vault.snapshot, task, task.status_symbol)
    vault.commit(status_edit(vault.snapshot, note, task, symbol, TODAY, dates=vault.dates))


def texts(snapshot: Snapshot, path: str) -> list[tuple[str, str]]:
    return [
        (task.status_symbol, task.text) for task in snapshot.notes[path].note.tasks if isinstance(task, Task)
    ]


def test_every_note_is_loaded(vault: Vault) -> None:
    snapshot = loaded(vault)
    assert set(snapshot.notes) == {"One.md", "folder/Two.md", "Prose.md"}
    assert snapshot.is_complete
    assert (snapshot.progress.done, snapshot.progress.total) == (1, 3)
    assert [note.path for note in snapshot.roadmaps] == ["One.md", "folder/Two.md"]


def test_the_first_note_comes_first(vault: Vault) -> None:
    first = next(vault.load("folder/Two.md"))
    assert set(first.notes) == {"folder/Two.md"}
    assert not first.is_complete


def test_an_edit_during_the_load_is_not_lost(vault: Vault, root: Path) -> None:
    loading = vault.load("One.md")
    next(loading)
    tick(vault, "One.md", "a")
    *_, last = loading
    assert texts(last, "One.md") == [("x", "a"), ("x", "b")]
    assert (root / "One.md").read_text() == "# One\n- [x] a\n- [x] b\n"


def test_a_tick_is_on_disk_and_in_the_model(vault: Vault, root: Path) -> None:
    loaded(vault)
    tick(vault, "One.md", "a")
    assert (root / "One.md").read_text() == "# One\n- [x] a\n- [x] b\n"
    assert vault.snapshot.notes["One.md"].progress.done == 2
    same = vault.snapshot
    assert vault.refresh() is same, "our own write is no news"


def test_what_others_write_is_read_and_the_rest_is_shared(vault: Vault, root: Path) -> None:
    before = loaded(vault)
    (root / "folder" / "Two.md").write_text("- [x] c\n- [ ] d\n")
    (root / "New.md").write_text("- [ ] new\n")
    (root / "Prose.md").unlink()
    after = vault.refresh()
    assert set(after.notes) == {"One.md", "folder/Two.md", "New.md"}
    assert texts(after, "folder/Two.md") == [("x", "c"), (" ", "d")]
    assert after.notes["One.md"].note is before.notes["One.md"].note
    assert set(before.notes) == {"One.md", "folder/Two.md", "Prose.md"}, "a snapshot never changes"


def test_a_moved_note_and_folder_have_successors(vault: Vault, root: Path) -> None:
    before = loaded(vault)
    (root / "folder").rename(root / "elsewhere")
    (root / "One.md").rename(root / "Uno.md")
    after = vault.refresh()
    moved = [after.successor(before.notes[path], before) for path in ("folder/Two.md", "One.md")]
    assert [note and note.path for note in moved] == ["elsewhere/Two.md", "Uno.md"]


def test_a_refused_edit_leaves_the_note(vault: Vault, root: Path) -> None:
    loaded(vault)
    (root / "One.md").write_text("# One\n- [-] a\n- [x] b\n")
    with pytest.raises(RefusedError):
        tick(vault, "One.md", "a")
    assert (root / "One.md").read_text() == "# One\n- [-] a\n- [x] b\n"


def test_nothing_is_written_while_the_vault_is_away(vault: Vault, root: Path) -> None:
    loaded(vault)
    root.rename(root.with_name("away"))
    with pytest.raises(RoadtuiError, match="not there"):
        tick(vault, "One.md", "a")
    assert not root.exists()
    with pytest.raises(RoadtuiError, match="not there"):
        vault.refresh()
    assert "One.md" in vault.snapshot.notes, "what is known stays on the screen"


def test_utf16_is_shown_and_never_written(vault: Vault, root: Path) -> None:
    data = "- [ ] wide\n".encode("utf-16")
    (root / "Wide.md").write_bytes(data)
    assert loaded(vault).notes["Wide.md"].label == "UTF-16"


def test_what_cannot_be_read_is_listed_and_the_rest_goes_on(root: Path, tmp_path: Path) -> None:
    os.mkfifo(root / "Pipe.md")
    (root / "Large.md").write_text("- [ ] x\n" * 100)
    vault = Vault(root, Config(max_note_bytes=200), lambda: NoteWriter(tmp_path / "state"))
    snapshot = loaded(vault)
    assert {problem.path for problem in snapshot.problems} == {"Pipe.md", "Large.md"}
    assert "One.md" in snapshot.notes


def test_what_the_config_hides_stays_out_of_the_roadmaps(root: Path, tmp_path: Path) -> None:
    vault = Vault(root, Config(hidden=("folder/",)), lambda: NoteWriter(tmp_path / "state"))
    assert [note.path for note in loaded(vault).roadmaps] == ["One.md"]


def test_settings_are_read_again(vault: Vault, root: Path) -> None:
    loaded(vault)
    (root / ".obsidian").mkdir()
    (root / ".obsidian" / "app.json").write_text('{"userIgnoreFilters": ["folder/"]}')
    assert set(vault.reload_settings().notes) == {"One.md", "Prose.md"}


def test_done_dates_follow_the_tasks_plugin(vault: Vault, root: Path) -> None:
    plugin = root / ".obsidian" / "plugins" / "obsidian-tasks-plugin"
    plugin.mkdir(parents=True)
    (root / ".obsidian" / "community-plugins.json").write_text('["obsidian-tasks-plugin"]')
    (plugin / "data.json").write_text("{}")
    vault.reload_settings()
    tick(vault, "One.md", "a")
    assert (root / "One.md").read_text() == "# One\n- [x] a ✅ 2026-11-22\n- [x] b\n"


def test_a_lone_note_has_no_neighbours(root: Path, tmp_path: Path) -> None:
    vault = Vault(root, Config(), lambda: NoteWriter(tmp_path / "state"), only="One.md")
    assert set(loaded(vault).notes) == {"One.md"}
    assert set(vault.refresh(["Prose.md", "One.md"]).notes) == {"One.md"}


def test_hubs_add_up_what_they_lead_to(vault: Vault, root: Path) -> None:
    (root / "Hub.md").write_text("[[one]] and [[folder/Two|two]], again [[One#One]] and [[Hub]]\n")
    (root / "Hubs.md").write_text("[[Hub]] and [[Prose]] and [[Two]], [[nowhere]]\n")
    hubs = loaded(vault).hubs()
    assert {path: [note.path for note in notes] for path, notes in hubs.items()} == {
        "Hub.md": ["One.md", "folder/Two.md"],
        "Hubs.md": ["One.md", "folder/Two.md"],
    }
