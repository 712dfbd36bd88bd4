"""Settings that change while a vault is open."""

from __future__ import annotations

from pathlib import Path

from roadtui.config import Config
from roadtui.core.stats.progress import CountMode
from roadtui.vault.vault import Vault
from roadtui.vault.writing import NoteWriter


def test_a_vault_is_counted_and_listed_by_the_settings_that_it_is_given(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    (root / "Old").mkdir(parents=True)
    (root / "Plan.md").write_text("- [ ] a\n  - [x] b\n")
    (root / "Old" / "Past.md").write_text("- [ ] c\n")
    vault = Vault(root, Config(), lambda: NoteWriter(tmp_path / "state"))
    before = vault.refresh()
    assert (before.progress.done, before.progress.total) == (1, 2)

    counted = vault.use_config(Config(count=CountMode.ALL))
    assert (counted.progress.done, counted.progress.total) == (1, 3)
    (root / "Plan.md").write_text("- [ ] a\n  - [x] b\n  - [x] d\n")
    assert vault.refresh().progress.total == 4, "what is read later is counted alike"

    hidden = vault.use_config(Config(count=CountMode.ALL, hidden=("Old/",)))
    assert [note.name for note in hidden.roadmaps] == ["Plan"]
    assert hidden.notes["Plan.md"] is vault.snapshot.notes["Plan.md"]
    assert [note.name for note in vault.use_config(Config()).roadmaps] == ["Plan", "Past"]
    assert vault.use_config(Config()) is vault.snapshot, "nothing differs"
